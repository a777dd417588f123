//! ELU (Clevert et al. 2015) with alpha 1: x above zero, e^x - 1 below.

use candle_core::{Result, Tensor};

use super::operation::{Operation, View, apply1};
use super::simd::{exp, vectorised};

struct Elu;

impl Operation<1> for Elu {
    const NAME: &'static str = "elu";

    fn forward(&self, [x]: [View<'_>; 1]) -> Result<(Vec<f32>, Vec<usize>)> {
        let y = vectorised(|| x.values.iter().map(|&v| if v > 0.0 { v } else { exp(v) - 1.0 }).collect());
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, _: [View<'_>; 1], y: View<'_>, grad: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        // below zero the slope is e^x = y + 1
        let slope = |y: f32| if y > 0.0 { 1.0 } else { y + 1.0 };
        [vectorised(|| y.values.iter().zip(grad).map(|(&y, g)| g * slope(y)).collect())]
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
