//! How strong the noise is at each moment, and what to take out of a coefficient for it. Both wavelet stages stand on this.
//!
//! The level is a low quantile of the coefficients' energy outside the QRS in sliding windows of 2 s: P, T and what is left of QRS stand above it.
//! Quantiles of unit noise: Rayleigh for complex coefficients, half-normal for real ones. The shrinkage is the garrote (Breiman 1995; for blocks
//! Cai 1999) with a strength that falls to nothing where there is no noise, so that a clean signal is left as it is.

use crate::dsp::{quantile, vectorised};

/// Window and step of the level, s.
const WINDOW_S: f64 = 2.0;
const STEP_S: f64 = 0.5;
/// Quantile taken.
const SHARE: f64 = 0.35;
/// Square of that quantile of |x| for real standard normal noise.
const REAL_UNIT: f32 = 0.4538 * 0.4538;
/// Noise below this is left alone, mV …
const LEAVE_MV: f32 = 0.0015;
/// … and from here on taken at full strength, mV.
const FULL_MV: f32 = 0.0045;
/// Share of a coefficient that always stays.
const FLOOR: f32 = 0.02;
/// Half width of what counts as QRS, s.
const QRS_S: f64 = 0.09;

/// Which moments count for the level, on a grid of `rate_hz`; made once for all leads.
pub(super) struct Windows {
    /// Positions to look at in each window.
    windows: Vec<Vec<u32>>,
    step: f32,
}

impl Windows {
    /// For `count` samples at `rate_hz` with beats at `r_s` (s from the first sample); looks at each `stride`-th sample.
    pub(super) fn new(count: usize, rate_hz: f64, r_s: &[f64], stride: usize) -> Self {
        let mut beat = vec![false; count];
        for r_s in r_s {
            let first = ((r_s - QRS_S) * rate_hz).max(0.0) as usize;
            let last = (((r_s + QRS_S) * rate_hz).max(0.0) as usize + 1).min(count);
            if first < last {
                beat[first..last].fill(true);
            }
        }
        let step = (STEP_S * rate_hz).max(1.0);
        let width = ((WINDOW_S * rate_hz) as usize).clamp(1, count.max(1));
        let windows = (0..(count as f64 / step).ceil() as usize + 1)
            .map(|window| {
                let centre = (window as f64 * step) as usize;
                let first = centre.saturating_sub(width / 2).min(count - width.min(count));
                let all = || (first..(first + width).min(count)).step_by(stride.max(1));
                let quiet: Vec<u32> = all().filter(|index| !beat[*index]).map(|index| index as u32).collect();
                if quiet.len() * 10 > all().len() { quiet } else { all().map(|index| index as u32).collect() }
            })
            .collect();
        Self { windows, step: step as f32 }
    }

    /// Noise variance (mV²) in each window from the energies |W|² of one lead.
    fn variances(&self, energy: &[f32], complex: bool, work: &mut Vec<f32>) -> Vec<f32> {
        let unit = if complex { -(1.0 - SHARE as f32).ln() } else { REAL_UNIT };
        self.windows
            .iter()
            .map(|window| {
                work.clear();
                work.extend(window.iter().map(|index| energy[*index as usize]));
                quantile(work, SHARE).unwrap_or(0.0) / unit
            })
            .collect()
    }

    /// What is to be taken out of each coefficient (0 to 1 − floor): `energy` is for the level, `smoothed` for the decision.
    /// No level is higher than `ceiling` (mV, one a window; shorter = open): see [`Taken`]. `take` is filled only where something is to be taken.
    #[allow(clippy::too_many_arguments)] // three of them are buffers
    pub(super) fn take(
        &self,
        energy: &[f32],
        smoothed: &[f32],
        lambda: f32,
        complex: bool,
        ceiling: &[f32],
        take: &mut Vec<f32>,
        work: &mut Vec<f32>,
    ) -> Taken {
        let open = std::iter::repeat(f32::INFINITY);
        let ceiling = ceiling.iter().copied().chain(open);
        let variances = self.variances(energy, complex, work);
        let levels_mv: Vec<f32> =
            variances.iter().zip(ceiling).map(|(variance, ceiling)| variance.sqrt().min(ceiling)).collect();
        if levels_mv.iter().all(|level| *level <= LEAVE_MV) {
            return Taken { any: false, levels_mv };
        }
        take.clear();
        take.resize(energy.len(), 0.0);
        for (window, pair) in levels_mv.windows(2).enumerate() {
            let start = window as f32 * self.step;
            let first = start.ceil() as usize;
            let last = ((start + self.step).ceil() as usize).min(take.len());
            if first >= last {
                continue;
            }
            let slope = (pair[1] - pair[0]) / self.step;
            let begin = pair[0] + slope * (first as f32 - start);
            vectorised(
                #[inline(always)]
                || {
                    for (index, (take, energy)) in take[first..last].iter_mut().zip(&smoothed[first..last]).enumerate()
                    {
                        let level = begin + slope * index as i32 as f32;
                        let strength = ((level - LEAVE_MV) / (FULL_MV - LEAVE_MV)).clamp(0.0, 1.0);
                        let threshold = lambda * strength * level;
                        *take = (threshold * threshold / energy.max(1e-12)).min(1.0 - FLOOR);
                    }
                },
            );
        }
        Taken { any: true, levels_mv }
    }
}

/// What a band's noise came to.
///
/// Muscle and amplifier noise reach far above 30 Hz; P and T, which in fast rhythms fill the time between two QRS, do not. So the level that is believed
/// in the low bands is bounded by the level above 30 Hz ([`COMPANY`] times it, for the same bandwidth).
pub(super) struct Taken {
    /// Something is to be taken.
    pub any: bool,
    /// Noise level in each window, mV.
    pub levels_mv: Vec<f32>,
}

/// How much stronger than above 30 Hz noise may be below it.
pub(super) const COMPANY: f32 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Level, Noise, NoiseKind, Spec, generate};

    #[test]
    fn the_level_of_white_noise_is_found_beside_beats() {
        let noise = Noise { kind: NoiseKind::White, level: Level::RmsMv(0.02) };
        let made = generate(&Spec { noise: vec![noise], ..Spec::default() });
        let clean = &made.clean[1].samples_mv;
        // Only the noise, but with the QRS left in: what the windows must not look at.
        let qrs: Vec<f32> = made.recording.traces[1]
            .samples_mv
            .iter()
            .zip(clean.iter())
            .map(|(noisy, clean)| noisy - clean + if clean.abs() > 0.35 { *clean } else { 0.0 })
            .collect();
        let energy: Vec<f32> = qrs.iter().map(|value| value * value).collect();
        let windows = Windows::new(5000, 500.0, &made.truth.r_s(), 1);
        for variance in windows.variances(&energy, false, &mut Vec::new()) {
            assert!((variance.sqrt() - 0.02).abs() < 0.003, "{}", variance.sqrt());
        }
    }

    #[test]
    fn nothing_is_taken_where_there_is_no_noise_and_all_but_the_floor_where_there_is_only_noise() {
        let windows = Windows::new(2000, 500.0, &[], 1);
        let (mut take, mut work) = (Vec::new(), Vec::new());
        assert!(!windows.take(&vec![1e-7; 2000], &vec![1.0; 2000], 2.0, false, &[], &mut take, &mut work).any);
        assert!(windows.take(&vec![1e-4; 2000], &vec![1e-4; 2000], 2.0, false, &[], &mut take, &mut work).any);
        assert!(take.iter().all(|take| (*take - 0.98).abs() < 1e-6));
        assert!(windows.take(&vec![1e-4; 2000], &vec![10.0; 2000], 2.0, false, &[], &mut take, &mut work).any);
        assert!(take.iter().all(|take| *take < 1e-3 && *take > 0.0));
    }
}
