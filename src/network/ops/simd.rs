//! Vector arithmetic in safe code: plain loops that pulp compiles for AVX-512, AVX2 and the baseline and chooses between
//! at run time. The exponential is a polynomial of degree five after Cody and Waite's reduction (about 1e-7 relative).

pub(super) use crate::dsp::{in_vectors, vectorised};

/// Sum of the lanes, by halves: one after the other would wait for each.
#[inline(always)]
fn total(lanes: &[f32; 16]) -> f32 {
    let mut half = [0.0_f32; 8];
    for i in 0..8 {
        half[i] = lanes[i] + lanes[i + 8];
    }
    ((half[0] + half[4]) + (half[2] + half[6])) + ((half[1] + half[5]) + (half[3] + half[7]))
}

/// e^x without branches; the exponent is built from the bits because a float-to-int cast would cost four times as much.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 x 2^23: adding it leaves the nearest integer in the low bits
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = n.mul_add(2.121_944_4e-4, n.mul_add(-0.693_359_4, x));
    let p = 1.987_569_2e-4_f32
        .mul_add(r, 1.398_2e-3)
        .mul_add(r, 8.333_452e-3)
        .mul_add(r, 4.166_579_6e-2)
        .mul_add(r, 1.666_666_5e-1)
        .mul_add(r, 0.5);
    (p * r).mul_add(r, r + 1.0) * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// Sum, in sixteen lanes.
#[inline(always)]
pub(super) fn sum(x: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let chunks = x.chunks_exact(16);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    total(&lanes) + rest
}

/// Sum of products, in sixteen lanes.
#[inline(always)]
pub(super) fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (a, b) = (x.chunks_exact(16), y.chunks_exact(16));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a.zip(b) {
        for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    total(&lanes) + rest
}

/// Largest value, in sixteen lanes.
#[inline(always)]
pub(super) fn max(x: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    for chunk in x.chunks(16) {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = if value > *lane { value } else { *lane };
        }
    }
    lanes.iter().fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a })
}

/// `into += from`.
#[inline(always)]
pub(super) fn add_into(into: &mut [f32], from: &[f32]) {
    for (a, b) in into.iter_mut().zip(from) {
        *a += b;
    }
}

/// Adds every row of `rows` into `into`.
#[inline(always)]
pub(super) fn add_rows(into: &mut [f32], rows: &[f32]) {
    for row in rows.chunks_exact(into.len()) {
        add_into(into, row);
    }
}

/// Softmax of `scale * row` in place.
#[inline(always)]
pub(super) fn softmax(row: &mut [f32], scale: f32) {
    let top = max(row);
    for value in row.iter_mut() {
        *value = exp((*value - top) * scale);
    }
    let share = 1.0 / sum(row);
    for value in row.iter_mut() {
        *value *= share;
    }
}

/// Turns the gradient of softmax's output into that of its input, in place.
#[inline(always)]
pub(super) fn softmax_backward(probabilities: &[f32], grad: &mut [f32], scale: f32) {
    let mean = dot(probabilities, grad);
    for (grad, p) in grad.iter_mut().zip(probabilities) {
        *grad = p * (*grad - mean) * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_the_library() {
        for i in -8000..8000 {
            let x = i as f32 / 100.0;
            let (ours, theirs) = (f64::from(vectorised(|| exp(x))), f64::from(x).exp());
            assert!((ours / theirs - 1.0).abs() < 3e-6, "exp({x}) = {ours}, not {theirs}");
        }
    }

    #[test]
    fn sums_agree_with_plain_ones() {
        let x: Vec<f32> = (0..53).map(|i| (i as f32 * 0.7).sin()).collect();
        let y: Vec<f32> = (0..53).map(|i| (i as f32 * 0.3).cos()).collect();
        assert!((sum(&x) - x.iter().sum::<f32>()).abs() < 1e-5);
        assert!((dot(&x, &y) - x.iter().zip(&y).map(|(a, b)| a * b).sum::<f32>()).abs() < 1e-5);
        assert_eq!(max(&x), x.iter().copied().fold(f32::MIN, f32::max));
    }
}
