//! Affine map of the last dimension: one matrix product forward, two backward.

use candle_core::{Result, Tensor, bail};

use super::matrix::{Strided, multiply};
use super::operation::{Operation, View, apply3};
use super::simd::{add_rows, vectorised};

struct Linear;

/// Rows of `inputs` values times a kernel `[inputs, outputs]`, plus the bias.
pub(super) fn affine(x: &[f32], inputs: usize, kernel: Strided<'_>, bias: &[f32]) -> Vec<f32> {
    let rows = x.len() / inputs.max(1);
    let mut y = bias.repeat(rows);
    multiply((rows, bias.len(), inputs), &mut y, bias.len(), true, Strided(x, inputs, 1), kernel);
    y
}

impl Operation<3> for Linear {
    const NAME: &'static str = "linear";

    fn forward(&self, [x, weight, bias]: [View<'_>; 3]) -> Result<(Vec<f32>, Vec<usize>)> {
        let &[outputs, inputs] = weight.shape else { bail!("a weight has two dimensions, not {:?}", weight.shape) };
        if x.shape.last() != Some(&inputs) {
            bail!("{:?} does not fit a weight of {:?}", x.shape, weight.shape)
        }
        let y = affine(x.values, inputs, Strided(weight.values, 1, inputs), bias.values);
        let mut shape = x.shape.to_vec();
        shape[x.shape.len() - 1] = outputs;
        Ok((y, shape))
    }

    fn backward(
        &self,
        [x, weight, bias]: [View<'_>; 3],
        _: View<'_>,
        grad: &[f32],
        wanted: [bool; 3],
    ) -> [Vec<f32>; 3] {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        let rows = x.values.len() / inputs;
        let mut dx = vec![0.0; if wanted[0] { x.values.len() } else { 0 }];
        if wanted[0] {
            let (g, w) = (Strided(grad, outputs, 1), Strided(weight.values, inputs, 1));
            multiply((rows, inputs, outputs), &mut dx, inputs, false, g, w);
        }
        let mut dw = vec![0.0; weight.values.len()];
        let (g, x) = (Strided(grad, 1, outputs), Strided(x.values, inputs, 1));
        multiply((outputs, inputs, rows), &mut dw, inputs, false, g, x);
        let mut db = vec![0.0; bias.values.len()];
        vectorised(
            #[inline(always)]
            || add_rows(&mut db, grad),
        );
        [dx, dw, db]
    }
}

/// `x[.., inputs]`, `weight[outputs, inputs]`, `bias[outputs]` to `[.., outputs]`.
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    apply3(x, weight, bias, Linear)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        let shapes: [&[usize]; 3] = [&[2, 5, 7], &[4, 7], &[4]];
        let composed = |x: &[Tensor]| {
            let flat = x[0].reshape((10, 7))?;
            flat.matmul(&x[1].t()?.contiguous()?)?.broadcast_add(&x[2])?.reshape((2, 5, 4))
        };
        check::agree(&shapes, |x| linear(&x[0], &x[1], &x[2]), composed);
        check::finite_differences(&shapes, |x| linear(&x[0], &x[1], &x[2]));
    }

    #[test]
    fn a_transposed_view_is_read_as_it_looks() {
        let x = check::random(&[2, 7, 5], 1).transpose(1, 2).unwrap();
        let (w, b) = (check::random(&[4, 7], 2), check::random(&[4], 3));
        let copied = linear(&x.contiguous().unwrap(), &w, &b).unwrap();
        let viewed = linear(&x, &w, &b).unwrap();
        assert_eq!(copied.to_vec3::<f32>().unwrap(), viewed.to_vec3::<f32>().unwrap());
    }

    #[test]
    fn sizes_that_do_not_fit_are_an_error() {
        let (x, w, b) = (check::random(&[2, 6], 1), check::random(&[4, 7], 2), check::random(&[4], 3));
        assert!(linear(&x, &w, &b).is_err());
    }
}
