//! GELU (Hendrycks and Gimpel 2016) in its exact form x Phi(x), not the tanh approximation; the distribution function is
//! a polynomial in the forward pass, and Abramowitz and Stegun 7.1.26 (absolute error 1.5e-7), which shares its exponential with the slope,
//! in the backward one.

use candle_core::{Result, Tensor};
use pulp::{Simd, WithSimd};

use super::operation::{Operation, View, apply1};
use super::simd::{exp, in_vectors, vectorised};

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
        in_vectors(InPlace(&mut y));
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

struct InPlace<'a>(&'a mut [f32]);

impl WithSimd for InPlace<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        gelu_of(simd, self.0);
    }
}

/// GELU of every value, in place; for use inside a vectorised body.
#[inline(always)]
pub(super) fn gelu_of<S: Simd>(simd: S, values: &mut [f32]) {
    let (vectors, rest) = S::as_mut_simd_f32s(values);
    // some at a time share the polynomial's factors and do not wait for each other
    let (some, last) = vectors.as_chunks_mut::<4>();
    for some in some {
        *some = polynomial(simd, *some);
    }
    for value in last {
        [*value] = polynomial(simd, [*value]);
    }
    if !rest.is_empty() {
        let [y] = polynomial(simd, [simd.partial_load_f32s(rest)]);
        simd.partial_store_f32s(rest, y);
    }
}

/// GELU to 3e-6: no division, no exponential. The normal distribution function is 1/2 + x P(x²) up to |x| = 5, with P by least maximal
/// error of the GELU over x² mapped to -1 … 1, exact at the end.
#[inline(always)]
fn polynomial<S: Simd, const N: usize>(simd: S, x: [S::f32s; N]) -> [S::f32s; N] {
    const END: f32 = 5.0;
    const P: [f32; 12] = [
        0.141_363_76,
        -0.070_298_44,
        0.051_524_615,
        -0.040_386_64,
        0.031_365_04,
        -0.023_661_88,
        0.016_880_29,
        -0.010_063_485,
        0.005_155_770_6,
        -0.004_007_940_5,
        0.003_173_745_4,
        -0.001_044_830_2,
    ];
    let (end, minus_end, half) = (simd.splat_f32s(END), simd.splat_f32s(-END), simd.splat_f32s(0.5));
    let (scale, shift) = (simd.splat_f32s(2.0 / (END * END)), simd.splat_f32s(-1.0));
    // loops, not `map`, which is not compiled into the body
    let (mut y, mut cut, mut place) = (x, x, x);
    for ((y, cut), place) in y.iter_mut().zip(&mut cut).zip(&mut place) {
        // far below, the value times what rounding leaves of the distribution function would grow
        *y = simd.max_f32s(*y, minus_end);
        *cut = simd.min_f32s(*y, end);
        *place = simd.mul_add_e_f32s(simd.mul_f32s(*cut, *cut), scale, shift);
    }
    let mut p = [simd.splat_f32s(P[11]); N];
    for factor in P[..11].iter().rev() {
        let factor = simd.splat_f32s(*factor);
        for (p, place) in p.iter_mut().zip(&place) {
            *p = simd.mul_add_e_f32s(*p, *place, factor);
        }
    }
    for ((y, cut), p) in y.iter_mut().zip(&cut).zip(&p) {
        *y = simd.mul_f32s(*y, simd.mul_add_e_f32s(*cut, *p, half));
    }
    y
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
        for (x, y) in [(-1e6, 0.0), (-40.0, 0.0), (0.0, 0.0), (40.0, 40.0)] {
            assert!((x * normal(x).0 - y).abs() < 1e-30);
            let mut value = [x];
            in_vectors(InPlace(&mut value));
            assert!((value[0] - y).abs() < 3e-6, "{x}: {}", value[0]);
        }
    }
}
