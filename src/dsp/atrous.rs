//! The undecimated wavelet transform (à trous) with Daubechies' filter of six vanishing moments.
//!
//! Daubechies 1988 (db6, 12 taps); Holschneider et al. 1989 for the algorithm with holes. Taps are divided by √2, so that analysis followed by
//! its transpose is the identity. Circular: extend the ends before. The low-pass stands 8.5 samples late,
//! the high-pass 2.5 (centres of their energy): coefficients of level j (from 0) lag by 11 · 2^j − 8.5 samples.

use super::vectors::vectorised;

/// Low-pass analysis taps of db6 (decomposition order).
pub const DB6: [f64; 12] = [
    -0.001_077_301_085_308_479_6,
    0.004_777_257_510_945_511,
    0.000_553_842_201_161_496_1,
    -0.031_582_039_317_486_03,
    0.027_522_865_530_305_727,
    0.097_501_605_587_323_04,
    -0.129_766_867_567_261_94,
    -0.226_264_693_965_439_83,
    0.315_250_351_709_197_63,
    0.751_133_908_021_095_4,
    0.494_623_890_398_453_06,
    0.111_540_743_350_109_47,
];

/// The two filters, ready for one step.
#[derive(Debug, Clone)]
pub struct Atrous {
    low: [f32; 12],
    high: [f32; 12],
}

impl Atrous {
    /// Daubechies' six.
    pub fn db6() -> Self {
        let scale = std::f64::consts::FRAC_1_SQRT_2;
        let low = DB6.map(|tap| (tap * scale) as f32);
        // Quadrature mirror: the low-pass reversed, with alternating signs.
        let high = std::array::from_fn(|k| if k % 2 == 0 { -low[11 - k] } else { low[11 - k] });
        Self { low, high }
    }

    /// Samples by which the coefficients of a level lag behind the signal.
    pub fn lag(level: usize) -> usize {
        (11 << level) - 8
    }

    /// One step down: `approximation` is replaced by the next coarser one; `detail` gets what was taken out. Both have the same length.
    pub fn split(&self, level: usize, approximation: &mut [f32], detail: &mut Vec<f32>, work: &mut Vec<f32>) {
        let (count, reach) = (approximation.len(), 11 << level);
        if count == 0 {
            detail.clear();
            return;
        }
        // `work` is the signal with its last `reach` samples put in front: then tap k reads at distance k · 2^level back.
        work.clear();
        work.extend((0..reach).map(|index| approximation[(index + count * 16 * (reach / count + 1) - reach) % count]));
        work.extend_from_slice(approximation);
        detail.clear();
        detail.resize(count, 0.0);
        let tap = |k: usize| &work[reach - (k << level)..][..count];
        let windows: [&[f32]; 12] = std::array::from_fn(tap);
        convolve(&windows, [&self.low, &self.high], [approximation, detail]);
    }

    /// One step up, the transpose of [`Self::split`]: `approximation` and `detail` of a level give the next finer approximation.
    pub fn join(&self, level: usize, approximation: &mut [f32], detail: &[f32], work: &mut Vec<f32>) {
        let (count, reach) = (approximation.len(), 11 << level);
        if count == 0 || detail.len() != count {
            return;
        }
        work.clear();
        for part in [&approximation[..], detail] {
            work.extend_from_slice(part);
            work.extend((0..reach).map(|index| part[index % count]));
        }
        let (first, second) = work.split_at(count + reach);
        let low: [&[f32]; 12] = std::array::from_fn(|k| &first[k << level..][..count]);
        let high: [&[f32]; 12] = std::array::from_fn(|k| &second[k << level..][..count]);
        vectorised(
            #[inline(always)]
            || {
                let mut at = 0;
                while at < count {
                    let mut sums = [0.0; BLOCK];
                    for k in 0..12 {
                        let (low, high) = (block(low[k], at), block(high[k], at));
                        for lane in 0..BLOCK {
                            sums[lane] += self.low[k] * low[lane] + self.high[k] * high[lane];
                        }
                    }
                    put(&sums, approximation, at);
                    at += BLOCK;
                }
            },
        );
    }
}

/// Samples that go through the filters together.
const BLOCK: usize = 16;

/// A block of a window; beyond its end: zeros.
#[inline(always)]
fn block(window: &[f32], at: usize) -> [f32; BLOCK] {
    let mut block = [0.0; BLOCK];
    match window.get(at..at + BLOCK) {
        Some(whole) => block.copy_from_slice(whole),
        None => block[..window.len() - at].copy_from_slice(&window[at..]),
    }
    block
}

/// Writes a block; what lies beyond the end is left out.
#[inline(always)]
fn put(block: &[f32; BLOCK], into: &mut [f32], at: usize) {
    match into.get_mut(at..at + BLOCK) {
        Some(whole) => whole.copy_from_slice(block),
        None => {
            let rest = &mut into[at..];
            rest.copy_from_slice(&block[..rest.len()]);
        }
    }
}

/// Two sums of twelve weighted windows at once: each window is read once.
fn convolve(windows: &[&[f32]; 12], taps: [&[f32; 12]; 2], [first, second]: [&mut [f32]; 2]) {
    let count = first.len();
    vectorised(
        #[inline(always)]
        || {
            let mut at = 0;
            while at < count {
                let (mut a, mut b) = ([0.0; BLOCK], [0.0; BLOCK]);
                for k in 0..12 {
                    let values = block(windows[k], at);
                    for lane in 0..BLOCK {
                        a[lane] += taps[0][k] * values[lane];
                    }
                    for lane in 0..BLOCK {
                        b[lane] += taps[1][k] * values[lane];
                    }
                }
                put(&a, first, at);
                put(&b, second, at);
                at += BLOCK;
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(count: usize) -> Vec<f32> {
        (0..count)
            .map(|i| ((0.3 * i as f64).sin() + 0.01 * i as f64 + if i % 17 == 0 { 0.5 } else { 0.0 }) as f32)
            .collect()
    }

    #[test]
    fn details_agree_with_pywavelets_taps() {
        // numpy: sum over k of dec_hi[k] / √2 · roll(x, k), x of 48 samples; then the same with holes on the low-passed signal
        let (filters, mut work, mut detail) = (Atrous::db6(), Vec::new(), Vec::new());
        let mut approximation = input(48);
        filters.split(0, &mut approximation, &mut detail, &mut work);
        for (index, golden) in [(0, 0.074_702_3), (1, -0.249_320_65), (20, 0.111_229_74), (47, 0.000_054_05)] {
            assert!((detail[index] - golden).abs() < 3e-7, "{index}: {}", detail[index]);
        }
        filters.split(1, &mut approximation, &mut detail, &mut work);
        for (index, golden) in [(0, -0.07125962), (1, 0.02523693), (20, -0.07537221), (47, -0.13106633)] {
            assert!((detail[index] - golden).abs() < 3e-7, "{index}");
        }
    }

    #[test]
    fn down_and_up_is_the_identity() {
        let (filters, mut work) = (Atrous::db6(), Vec::new());
        for count in [7, 48, 1000] {
            let mut signal = input(count);
            let mut details = vec![Vec::new(); 4];
            for (level, detail) in details.iter_mut().enumerate() {
                filters.split(level, &mut signal, detail, &mut work);
            }
            for level in (0..4).rev() {
                filters.join(level, &mut signal, &details[level], &mut work);
            }
            let worst = signal.iter().zip(input(count)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-5 * (1.0 + 0.01 * count as f32), "{count}: {worst}");
        }
    }

    #[test]
    fn a_pulse_is_seen_where_it_stands_once_the_lag_is_taken_off() {
        let (filters, mut work, mut detail) = (Atrous::db6(), Vec::new(), Vec::new());
        let mut signal = vec![0.0; 1024];
        signal[500] = 1.0;
        for level in 0..4 {
            filters.split(level, &mut signal, &mut detail, &mut work);
            let energy: f32 = detail.iter().map(|v| v * v).sum();
            let centre: f32 = detail.iter().enumerate().map(|(i, v)| i as f32 * v * v).sum::<f32>() / energy;
            let away = centre - Atrous::lag(level) as f32 - 500.0;
            assert!(away.abs() <= 2.5 * (1 << level) as f32, "level {level}: {away}");
        }
    }
}
