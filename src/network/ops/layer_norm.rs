//! Layer normalisation (Ba et al. 2016) of the last dimension. candle's module has no gradient (0.11.1).

use candle_core::{Result, Tensor, bail};

use super::operation::{Operation, View, apply3};
use super::simd::{dot, sum, vectorised};

/// Added to the variance, as in PyTorch.
pub(super) const EPSILON: f32 = 1e-5;

struct LayerNorm;

/// Mean and one over the standard deviation; two passes, so a large mean costs no digits.
#[inline(always)]
fn statistics(row: &[f32]) -> (f32, f32) {
    let mean = sum(row) / row.len() as f32;
    let mut lanes = [0.0_f32; 16];
    for chunk in row.chunks(16) {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += (value - mean) * (value - mean);
        }
    }
    (mean, 1.0 / (sum(&lanes) / row.len() as f32 + EPSILON).sqrt())
}

impl Operation<3> for LayerNorm {
    const NAME: &'static str = "layer norm";

    fn forward(&self, [x, scale, shift]: [View<'_>; 3]) -> Result<(Vec<f32>, Vec<usize>)> {
        let width = scale.values.len();
        if x.shape.last() != Some(&width) || shift.values.len() != width {
            bail!("{:?} does not fit a norm of {width}", x.shape)
        }
        let mut y = vec![0.0; x.values.len()];
        vectorised(
            #[inline(always)]
            || {
                for (x, y) in x.values.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
                    let (mean, rate) = statistics(x);
                    for (((y, x), scale), shift) in y.iter_mut().zip(x).zip(scale.values).zip(shift.values) {
                        *y = (x - mean) * rate * scale + shift;
                    }
                }
            },
        );
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, [x, scale, _]: [View<'_>; 3], _: View<'_>, grad: &[f32], _: [bool; 3]) -> [Vec<f32>; 3] {
        let width = scale.values.len();
        let (mut dx, mut dscale, mut dshift) = (vec![0.0; grad.len()], vec![0.0; width], vec![0.0; width]);
        vectorised(
            #[inline(always)]
            || {
                let mut unit = vec![0.0; width];
                let rows = x.values.chunks_exact(width).zip(grad.chunks_exact(width));
                for ((x, grad), dx) in rows.zip(dx.chunks_exact_mut(width)) {
                    let (mean, rate) = statistics(x);
                    for i in 0..width {
                        unit[i] = (x[i] - mean) * rate;
                        dscale[i] += grad[i] * unit[i];
                        dshift[i] += grad[i];
                        dx[i] = grad[i] * scale.values[i];
                    }
                    let level = sum(dx) / width as f32;
                    let slope = dot(dx, &unit) / width as f32;
                    for (dx, unit) in dx.iter_mut().zip(&unit) {
                        *dx = rate * (*dx - level - unit * slope);
                    }
                }
            },
        );
        [dx, dscale, dshift]
    }
}

/// `x[.., width]` normalised over the last dimension, times `scale[width]`, plus `shift[width]`.
pub fn layer_norm(x: &Tensor, scale: &Tensor, shift: &Tensor) -> Result<Tensor> {
    apply3(x, scale, shift, LayerNorm)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        let shapes: [&[usize]; 3] = [&[2, 3, 20], &[20], &[20]];
        let composed = |x: &[Tensor]| candle_nn::ops::layer_norm_slow(&x[0], &x[1], &x[2], EPSILON);
        check::agree(&shapes, |x| layer_norm(&x[0], &x[1], &x[2]), composed);
        check::finite_differences(&shapes, |x| layer_norm(&x[0], &x[1], &x[2]));
    }
}
