//! Changing the sampling rate by a ratio of whole numbers: one windowed-sinc filter, evaluated only where an output sample stands.
//!
//! Crochiere & Rabiner, Multirate Digital Signal Processing, 1983; Kaiser window with beta 5 and twenty zero crossings.
//! Numbers agree with scipy's `resample_poly` and its defaults (outside the slice there are zeros: remove a large offset first).

use super::vectors::vectorised;

/// `samples` at `from_hz`, taken to `to_hz`; the first sample keeps its time. Length: ceil(length × to / from). Samples must be finite.
pub fn resample(samples: &[f32], from_hz: f64, to_hz: f64) -> Vec<f32> {
    match ratio(to_hz / from_hz) {
        Some((up, down)) => resample_poly(samples, up, down),
        None => Vec::new(),
    }
}

/// The nearest ratio of whole numbers (both up to 2,000) to a positive number, by its continued fraction.
pub fn ratio(value: f64) -> Option<(usize, usize)> {
    if !(value.is_finite() && value > 0.0) {
        return None;
    }
    let (mut before, mut best) = ((0_f64, 1_f64), (1_f64, 0_f64));
    let mut rest = value;
    for _ in 0..24 {
        let whole = rest.floor();
        let next = (whole * best.0 + before.0, whole * best.1 + before.1);
        if next.0 > 2000.0 || next.1 > 2000.0 {
            break;
        }
        (before, best) = (best, next);
        if (best.0 / best.1 / value - 1.0).abs() < 1e-9 || rest == whole {
            break;
        }
        rest = 1.0 / (rest - whole);
    }
    (best.0 >= 1.0 && best.1 >= 1.0).then_some((best.0 as usize, best.1 as usize))
}

/// `up` samples for each `down` samples of the input.
pub fn resample_poly(samples: &[f32], up: usize, down: usize) -> Vec<f32> {
    if up == 0 || down == 0 {
        return Vec::new();
    }
    let common = greatest_common_divisor(up, down);
    let (up, down) = (up / common, down / common);
    if up == 1 && down == 1 {
        return samples.to_vec();
    }
    let half = 10 * up.max(down);
    let taps = low_pass(half, 1.0 / up.max(down) as f64, up as f64);
    // The taps that meet input samples, for each place of an output sample between two of them; last one first, as the samples come.
    let phases: Vec<Vec<f64>> =
        (0..up).map(|phase| taps.iter().skip(phase).step_by(up).rev().copied().collect()).collect();
    let count = (samples.len() * up).div_ceil(down);
    let mut out = vec![0.0; count];
    vectorised(
        #[inline(always)]
        || {
            for (output, out) in out.iter_mut().enumerate() {
                // Output sample k stands at k · down on the grid that is `up` times finer than the input's.
                let centre = output * down;
                let first = (centre.saturating_sub(half)).div_ceil(up);
                let last = ((centre + half) / up).min(samples.len() - 1);
                let phase = &phases[(centre + half) % up];
                let from = phase.len() - 1 - (centre + half - first * up) / up;
                *out = dot(&samples[first..=last], &phase[from..]) as f32;
            }
        },
    );
    out
}

/// Sum of products in eight lanes, in a fixed order.
#[inline(always)]
fn dot(samples: &[f32], taps: &[f64]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let (samples, rest) = samples.as_chunks::<8>();
    let (taps, rest_taps) = taps.split_at(8 * samples.len());
    for (samples, taps) in samples.iter().zip(taps.as_chunks::<8>().0) {
        for lane in 0..8 {
            lanes[lane] += f64::from(samples[lane]) * taps[lane];
        }
    }
    for ((lane, sample), tap) in lanes.iter_mut().zip(rest).zip(rest_taps) {
        *lane += f64::from(*sample) * tap;
    }
    lanes.iter().sum()
}

/// Sinc of this cutoff (in half the rate) under a Kaiser window, 2·half + 1 taps, with the given sum.
fn low_pass(half: usize, cutoff: f64, sum: f64) -> Vec<f64> {
    let beta = 5.0;
    let mut taps: Vec<f64> = (0..=2 * half)
        .map(|index| {
            let away = index as f64 - half as f64;
            let angle = std::f64::consts::PI * cutoff * away;
            let sinc = if away == 0.0 { 1.0 } else { angle.sin() / angle };
            let place = away / half as f64;
            sinc * bessel_i0(beta * (1.0 - place * place).max(0.0).sqrt())
        })
        .collect();
    let scale = sum / taps.iter().sum::<f64>();
    taps.iter_mut().for_each(|tap| *tap *= scale);
    taps
}

/// Modified Bessel function of the first kind, order 0, by its power series (exact to rounding for the arguments here).
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..60 {
        term *= (0.5 * x / k as f64).powi(2);
        sum += term;
    }
    sum
}

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
#[allow(clippy::excessive_precision)] // golden numbers as they were printed
mod tests {
    use super::*;

    fn input() -> Vec<f32> {
        (0..60)
            .map(|i| ((0.3 * i as f64).sin() + 0.01 * i as f64 + if i % 17 == 0 { 0.5 } else { 0.0 }) as f32)
            .collect()
    }

    #[test]
    fn agrees_with_scipy() {
        // scipy: resample_poly(x, 1, 5), whole
        let golden = [
            0.26046185,
            1.03220644,
            0.23358476,
            -0.76258923,
            -0.01876011,
            1.15629592,
            0.75147731,
            -0.45061743,
            -0.13603393,
            1.23909398,
            1.24866355,
            -0.14367532,
        ];
        let got = resample(&input(), 500.0, 100.0);
        assert_eq!(got.len(), golden.len());
        assert!(got.iter().zip(golden).all(|(got, golden)| (got - golden).abs() < 2e-7), "{got:?}");
        // resample_poly(x, 25, 18) at 0, 1, 20, 50, 83
        let got = resample(&input(), 360.0, 500.0);
        assert_eq!(got.len(), 84);
        for (index, golden) in
            [(0, 0.50033708), (1, 0.37237838), (20, -0.73161443), (50, -0.62135484), (83, -0.06038117)]
        {
            assert!((got[index] - golden).abs() < 2e-7, "{index}");
        }
        // resample_poly(x, 2, 5) at 0, 1, 10, 20, 23
        let got = resample(&input(), 250.0, 100.0);
        for (index, golden) in [(0, 0.2712972), (1, 0.6937962), (10, 1.16682552), (20, 1.30714566), (23, -0.41228743)] {
            assert!((got[index] - golden).abs() < 2e-7, "{index}");
        }
    }

    #[test]
    fn ratios_are_found() {
        assert_eq!(ratio(100.0 / 500.0), Some((1, 5)));
        assert_eq!(ratio(500.0 / 360.0), Some((25, 18)));
        assert_eq!(ratio(500.0 / 257.0), Some((500, 257)));
        assert_eq!(ratio(1.0), Some((1, 1)));
        assert_eq!(ratio(f64::NAN), None);
        let (up, down) = ratio(500.0 / 128.123456).unwrap();
        assert!((up as f64 / down as f64 * 128.123456 / 500.0 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn the_same_rate_is_the_same_signal_and_nothing_stays_nothing() {
        assert_eq!(resample(&input(), 250.0, 250.0), input());
        assert!(resample(&[], 250.0, 100.0).is_empty());
        assert!(resample(&input(), 0.0, 100.0).is_empty());
    }
}
