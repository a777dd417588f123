//! Stage 2: Daubechies' wavelet of six vanishing moments, undecimated, details down to 16 Hz, shrunk by blocks.
//!
//! Noise in a detail is estimated and the noise part alone is brought back and subtracted: with gain 1 that part is zero and the signal stays.
//! A block is 30 ms and takes the largest energy of its neighbourhood, so that both edges of a QRS stay whole.
//! Daubechies 1988; translation-invariant shrinkage after Coifman & Donoho 1995. The paper names the stage; levels and strengths are our choice.

use super::level::{COMPANY, Windows};
use crate::dsp::{Atrous, moving_max, moving_mean, reflect_odd};

const BLOCK_S: f64 = 0.030;
const PAD_S: f64 = 0.6;
/// Details whose lower edge is below this are bounded by the noise of the next finer one, Hz.
const WITNESS_HZ: f64 = 30.0;
/// No detail reaches below this, Hz (with some room for rates such as 100 and 360 Hz).
const LOWEST_HZ: f64 = 12.0;

/// Strength for a detail whose lower edge is here.
fn lambda(lower_edge_hz: f64) -> f32 {
    match lower_edge_hz {
        edge if edge > 100.0 => 2.3, // an ECG has next to nothing here
        edge if edge > 50.0 => 2.1,
        edge if edge > 25.0 => 1.9,
        _ => 1.35,
    }
}

/// One detail: strength, block width and where to look for its noise.
struct Detail {
    edge_hz: f64,
    lambda: f32,
    block: usize,
    windows: Windows,
}

/// The stage for leads of one length and rate with beats at the same places.
pub(super) struct Daubechies {
    filters: Atrous,
    details: Vec<Detail>,
    count: usize,
    pad: usize,
}

impl Daubechies {
    /// `None` where the rate leaves no detail above 12 Hz, or there is nothing to look at.
    pub(super) fn new(count: usize, rate_hz: f64, r_s: &[f64]) -> Option<Self> {
        let details: Vec<Detail> = (0..12)
            .map(|level| (level, 0.5 * rate_hz / f64::from(1 << (level + 1))))
            .take_while(|(_, edge_hz)| *edge_hz >= LOWEST_HZ && count >= 4)
            .map(|(level, edge_hz)| Detail {
                edge_hz,
                lambda: lambda(edge_hz),
                block: ((BLOCK_S * rate_hz) as usize).max(3).max(2 << level) | 1,
                windows: Windows::new(count, rate_hz, r_s, 4.max(1 << level)),
            })
            .collect();
        let pad = (PAD_S * rate_hz) as usize;
        (!details.is_empty()).then(|| Self { filters: Atrous::db6(), details, count, pad })
    }

    /// Name for the footer.
    pub(super) fn name(&self) -> String {
        format!("db6, {} levels", self.details.len())
    }

    /// Subtracts the noise of one lead in place. `gain` forces the gain of all coefficients: 1 leaves the signal, 0 takes all details.
    pub(super) fn apply(&self, samples: &mut [f32], gain: Option<f32>) {
        if samples.len() != self.count {
            return;
        }
        let (mut low, mut work) = (Vec::new(), Vec::new());
        reflect_odd(samples, self.pad, self.count + 2 * self.pad, &mut low);
        let mut details = vec![Vec::new(); self.details.len()];
        for (level, detail) in details.iter_mut().enumerate() {
            self.filters.split(level, &mut low, detail, &mut work);
        }
        let mut noise = vec![0.0; low.len()];
        let mut witness: Vec<f32> = Vec::new();
        let mut some_of = vec![false; details.len()];
        let (mut energy, mut mean, mut block, mut take, mut select) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // From the finest on: the coarse ones ask what was found over them.
        for (level, (shrink, detail)) in self.details.iter().zip(&mut details).enumerate() {
            // The coefficients that stand over the signal itself.
            let start = self.pad + Atrous::lag(level);
            let inside = start.min(detail.len())..(start + self.count).min(detail.len());
            let some = match gain {
                Some(gain) => {
                    detail.iter_mut().for_each(|value| *value *= 1.0 - gain);
                    gain != 1.0
                }
                None => {
                    energy.clear();
                    energy.resize(self.count, 0.0);
                    for (energy, value) in energy.iter_mut().zip(&detail[inside.clone()]) {
                        *energy = value * value;
                    }
                    moving_mean(&energy, shrink.block, &mut mean);
                    moving_max(&mean, shrink.block, &mut block);
                    // Half the bandwidth holds half the power.
                    let bounded = shrink.edge_hz < WITNESS_HZ;
                    let ceiling: Vec<f32> = match bounded {
                        true => witness.iter().map(|level| COMPANY * std::f32::consts::FRAC_1_SQRT_2 * level).collect(),
                        false => Vec::new(),
                    };
                    let taken =
                        shrink.windows.take(&energy, &block, shrink.lambda, false, &ceiling, &mut take, &mut select);
                    witness = taken.levels_mv;
                    if taken.any {
                        let (before, after) = (take[0], take[take.len() - 1]);
                        detail[..inside.start].iter_mut().for_each(|value| *value *= before);
                        detail[inside.end..].iter_mut().for_each(|value| *value *= after);
                        detail[inside].iter_mut().zip(&take).for_each(|(value, take)| *value *= *take);
                    }
                    taken.any
                }
            };
            if !some {
                detail.fill(0.0);
            }
            some_of[level] = some;
        }
        let Some(coarsest) = some_of.iter().rposition(|some| *some) else { return };
        for level in (0..=coarsest).rev() {
            self.filters.join(level, &mut noise, &details[level], &mut work);
        }
        samples.iter_mut().zip(&noise[self.pad..]).for_each(|(sample, noise)| *sample -= noise);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64) -> Vec<f32> {
        (0..4000).map(|i| (std::f64::consts::TAU * hz * i as f64 / 500.0).sin() as f32).collect()
    }

    #[test]
    fn gain_one_leaves_the_signal_and_gain_zero_takes_what_is_high() {
        let stage = Daubechies::new(4000, 500.0, &[]).unwrap();
        for (hz, left) in [(3.0, 1.0), (60.0, 0.0), (120.0, 0.0), (200.0, 0.0)] {
            let mut kept = sine(hz);
            stage.apply(&mut kept, Some(1.0));
            assert_eq!(kept, sine(hz));
            stage.apply(&mut kept, Some(0.0));
            let worst = kept[1000..3000].iter().fold(0.0f32, |worst, value| worst.max(value.abs()));
            assert!((worst - left).abs() < 0.01, "{hz} Hz: {worst}");
        }
    }

    #[test]
    fn levels_follow_the_rate() {
        for (rate_hz, levels) in [(100.0, 2), (250.0, 3), (360.0, 3), (500.0, 4), (1000.0, 5)] {
            assert_eq!(Daubechies::new(500, rate_hz, &[]).unwrap().details.len(), levels, "{rate_hz}");
        }
        assert!(Daubechies::new(500, 30.0, &[]).is_none());
    }
}
