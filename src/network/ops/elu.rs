//! ELU (Clevert et al. 2015) with alpha 1: x above zero, e^x - 1 below.

use candle_core::{Result, Tensor};

use super::operation::{Operation, View, apply1};
use super::simd::{exp, vectorised};

struct Elu;

impl Operation<1> for Elu {
    const NAME: &'static str = "elu";

    fn forward(&self, [x]: [View<'_>; 1]) -> Result<(Vec<f32>, Vec<usize>)> {
        let mut y = x.values.to_vec();
        vectorised(
            #[inline(always)]
            || {
                for y in &mut y {
                    *y = if *y > 0.0 { *y } else { exp(*y) - 1.0 };
                }
            },
        );
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, _: [View<'_>; 1], y: View<'_>, grad: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        // below zero the slope is e^x = y + 1
        let mut dx = grad.to_vec();
        vectorised(
            #[inline(always)]
            || {
                for (dx, &y) in dx.iter_mut().zip(y.values) {
                    *dx *= if y > 0.0 { 1.0 } else { y + 1.0 };
                }
            },
        );
        [dx]
    }
}

/// ELU of every value.
pub fn elu(x: &Tensor) -> Result<Tensor> {
    apply1(x, Elu)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        check::agree(&[&[4, 9]], |x| elu(&x[0]), |x| x[0].elu(1.0));
        check::finite_differences(&[&[4, 9]], |x| elu(&x[0]));
    }
}
