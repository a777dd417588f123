//! Helpers around the fast Fourier transform: lengths it likes, extended ends, and a band pass with zero phase and soft edges.
//! Plans are made once per length and thread, and kept.

use std::cell::RefCell;
use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner};

/// Lengths that a thread may ask for before it starts anew: a program that reads files of many lengths shall not gather all plans.
const ASKED_AT_MOST: usize = 4096;

#[derive(Default)]
struct Plans {
    asked: usize,
    complex: Option<FftPlanner<f32>>,
    real: Option<RealFftPlanner<f32>>,
}

impl Plans {
    /// Counts a length asked for; drops all where they may have become too many.
    fn count(&mut self) {
        self.asked += 1;
        if self.asked > ASKED_AT_MOST {
            *self = Plans::default();
        }
    }
}

thread_local! {
    static PLANS: RefCell<Plans> = RefCell::default();
}

/// Forward and inverse transform of a complex series of this length; no scaling in either.
pub fn complex_plans(length: usize) -> (Arc<dyn Fft<f32>>, Arc<dyn Fft<f32>>) {
    PLANS.with_borrow_mut(|plans| {
        plans.count();
        let planner = plans.complex.get_or_insert_with(FftPlanner::new);
        (planner.plan_fft_forward(length), planner.plan_fft_inverse(length))
    })
}

/// Forward and inverse transform of a real series of this length; no scaling in either.
pub fn real_plans(length: usize) -> (Arc<dyn RealToComplex<f32>>, Arc<dyn ComplexToReal<f32>>) {
    PLANS.with_borrow_mut(|plans| {
        plans.count();
        let planner = plans.real.get_or_insert_with(RealFftPlanner::new);
        (planner.plan_fft_forward(length), planner.plan_fft_inverse(length))
    })
}

/// The next length of at least `count` whose only prime factors are 2, 3, 5 and 7.
pub fn fast_length(count: usize) -> usize {
    let smooth = |mut length: usize| {
        for factor in [2, 3, 5, 7] {
            while length.is_multiple_of(factor) {
                length /= factor;
            }
        }
        length == 1
    };
    (count.max(1)..).find(|length| smooth(*length)).unwrap_or(count)
}

/// `samples` with `pad` more on both sides, mirrored in the end points (2·end − mirror), and zeros after that up to `length`.
/// Where the signal is shorter than `pad`, its far end value goes on.
pub fn reflect_odd(samples: &[f32], pad: usize, length: usize, extended: &mut Vec<f32>) {
    extended.clear();
    let (Some(&first), Some(&last)) = (samples.first(), samples.last()) else {
        extended.resize(length, 0.0);
        return;
    };
    let count = samples.len();
    extended.extend((1..=pad).rev().map(|back| 2.0 * first - samples[back.min(count - 1)]));
    extended.extend_from_slice(samples);
    extended.extend((1..=pad).map(|back| 2.0 * last - samples[count - 1 - back.min(count - 1)]));
    // The circle closes softly: from the last value to the first one.
    let open = length.saturating_sub(extended.len());
    let (from, to) = (extended[extended.len() - 1], extended[0]);
    extended.extend((1..=open).map(|step| from + (to - from) * step as f32 / (open + 1) as f32));
}

/// A zero-phase band pass with raised-cosine edges a third of the edge wide, for slices of one length.
pub struct BandPass {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    response: Vec<f32>,
    count: usize,
    pad: usize,
}

impl BandPass {
    /// For slices of `count` samples at `rate_hz`; ends are extended by one second.
    pub fn new(count: usize, rate_hz: f64, low_hz: f64, high_hz: f64) -> Self {
        let pad = rate_hz as usize;
        let length = fast_length(count + 2 * pad);
        let (forward, inverse) = real_plans(length);
        let ramp = |place: f64| 0.5 - 0.5 * (std::f64::consts::PI * place.clamp(0.0, 1.0)).cos();
        let response = (0..length / 2 + 1)
            .map(|bin| {
                let hz = bin as f64 * rate_hz / length as f64;
                let gain =
                    ramp((hz - 0.67 * low_hz) / (0.33 * low_hz)) * (1.0 - ramp((hz - high_hz) / (0.33 * high_hz)));
                (gain / length as f64) as f32
            })
            .collect();
        Self { forward, inverse, response, count, pad }
    }

    /// The filtered slice. Empty if its length is not the one given at the start.
    pub fn apply(&self, samples: &[f32]) -> Vec<f32> {
        let mut signal = Vec::new();
        if samples.len() != self.count {
            return signal;
        }
        reflect_odd(samples, self.pad, self.forward.len(), &mut signal);
        let mut spectrum = self.forward.make_output_vec();
        if self.forward.process(&mut signal, &mut spectrum).is_err() {
            return Vec::new();
        }
        for (value, gain) in spectrum.iter_mut().zip(&self.response) {
            *value *= *gain;
        }
        // The first and the last bin of a real signal have no imaginary part; rounding must not put one there.
        if let Some(value) = spectrum.first_mut() {
            value.im = 0.0;
        }
        if self.forward.len().is_multiple_of(2)
            && let Some(value) = spectrum.last_mut()
        {
            value.im = 0.0;
        }
        if self.inverse.process(&mut spectrum, &mut signal).is_err() {
            return Vec::new();
        }
        signal[self.pad..self.pad + self.count].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, count: usize) -> Vec<f32> {
        (0..count).map(|i| (std::f64::consts::TAU * hz * i as f64 / 500.0).sin() as f32).collect()
    }

    #[test]
    fn lengths_have_small_factors() {
        assert_eq!([fast_length(0), fast_length(11), fast_length(5600), fast_length(5601)], [1, 12, 5600, 5625]);
    }

    #[test]
    fn the_band_passes_and_the_rest_does_not() {
        let band = BandPass::new(2000, 500.0, 4.0, 20.0);
        let middle = |hz: f64| {
            let (from, to) = (sine(hz, 2000), band.apply(&sine(hz, 2000)));
            (800..1200)
                .map(|i| ((to[i] - from[i]).abs(), to[i].abs()))
                .fold((0f32, 0f32), |m, v| (m.0.max(v.0), m.1.max(v.1)))
        };
        assert!(middle(10.0).0 < 0.01, "10 Hz changes by {}", middle(10.0).0);
        assert!(middle(1.0).1 < 0.02 && middle(60.0).1 < 0.01);
        assert!(band.apply(&[0.0; 10]).is_empty());
    }

    #[test]
    fn ends_are_mirrored_in_their_points() {
        let mut extended = Vec::new();
        reflect_odd(&[1.0, 2.0, 4.0], 2, 8, &mut extended);
        assert_eq!(extended[..7], [-2.0, 0.0, 1.0, 2.0, 4.0, 6.0, 7.0]);
        reflect_odd(&[3.0], 2, 5, &mut extended);
        assert_eq!(extended, [3.0; 5]);
    }
}
