//! GELU (Hendrycks and Gimpel 2016) in its exact form x Phi(x), not the tanh approximation; the error function is
//! Abramowitz and Stegun 7.1.26 (absolute error 1.5e-7), which shares its exponential with the slope.

use candle_core::{Result, Tensor};

use super::operation::{Operation, View, apply1};
use super::simd::{exp, vectorised};

struct Gelu;

/// Normal distribution function and density at `x`.
#[inline(always)]
fn normal(x: f32) -> (f32, f32) {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / 0.327_591_1_f32.mul_add(z, 1.0);
    let e = exp(-z * z);
    let polynomial = 1.061_405_4_f32
        .mul_add(t, -1.453_152)
        .mul_add(t, 1.421_413_7)
        .mul_add(t, -0.284_496_74)
        .mul_add(t, 0.254_829_6);
    let tail = 0.5 * polynomial * t * e;
    (if x >= 0.0 { 1.0 - tail } else { tail }, e * 0.398_942_3)
}

impl Operation<1> for Gelu {
    const NAME: &'static str = "gelu";

    fn forward(&self, [x]: [View<'_>; 1]) -> Result<(Vec<f32>, Vec<usize>)> {
        let mut y = x.values.to_vec();
        vectorised(
            #[inline(always)]
            || {
                for y in &mut y {
                    *y *= normal(*y).0;
                }
            },
        );
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, [x]: [View<'_>; 1], _: View<'_>, grad: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        let mut dx = grad.to_vec();
        vectorised(
            #[inline(always)]
            || {
                for (dx, &x) in dx.iter_mut().zip(x.values) {
                    let (below, density) = normal(x);
                    *dx *= below + x * density;
                }
            },
        );
        [dx]
    }
}

/// GELU of every value.
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    apply1(x, Gelu)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        let wide = |x: &Tensor| x.affine(4.0, 0.0);
        check::agree(&[&[4, 33]], |x| gelu(&wide(&x[0])?), |x| wide(&x[0])?.gelu_erf());
        check::finite_differences(&[&[4, 9]], |x| gelu(&wide(&x[0])?));
    }

    #[test]
    fn far_out_it_is_zero_or_the_value() {
        for (x, y) in [(-40.0, 0.0), (0.0, 0.0), (40.0, 40.0)] {
            assert!((x * normal(x).0 - y as f32).abs() < 1e-30);
        }
    }
}
