//! Stage 1: a bank of Morlet wavelets from 12 to 100 Hz, four to the octave. Noise in a band is estimated and subtracted.
//!
//! Morlet's wavelet with ω₀ = 6 (Grossmann & Morlet 1984; Torrence & Compo 1998), made in the frequency domain so that the bank's sum is flat: what
//! is taken out of no band stays as it was. The paper behind the network names a Morlet stage; bands, levels and strengths are our choice.
//! Each band runs at its own low rate (four times its centre), which its width allows. Below 12 Hz nothing is touched: P and T live there.

use std::sync::Arc;

use realfft::{ComplexToReal, RealToComplex};
use rustfft::Fft;
use rustfft::num_complex::Complex32;

use super::level::{COMPANY, Windows};
use crate::dsp::{complex_plans, fast_length, moving_mean, real_plans, reflect_odd, vectorised};

const LOW_HZ: f64 = 12.0;
const HIGH_HZ: f64 = 100.0;
const VOICES: f64 = 4.0;
const OMEGA: f64 = 6.0;
const LAMBDA: f64 = 1.75;
/// Below this frequency the strength falls off, to a half at 12 Hz.
const GENTLE_BELOW_HZ: f64 = 20.0;
/// Bands below this one are bounded by its noise, Hz.
const WITNESS_HZ: f64 = 33.0;
/// Ends are extended by this, s.
const PAD_S: f64 = 0.6;

/// One band: its plans, its response on the spectrum's bins and where to look for its noise.
struct Band {
    centre_hz: f64,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    /// First bin of the response.
    first: usize,
    response: Vec<f32>,
    /// Mean over half a cycle, samples of the band.
    half_cycle: usize,
    lambda: f32,
    /// First sample of the signal (after the pad), samples of the band.
    start: usize,
    count: usize,
    windows: Windows,
}

/// The stage for leads of one length and rate with beats at the same places.
pub(super) struct Morlet {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    bands: Vec<Band>,
    count: usize,
    pad: usize,
    highest_hz: f64,
}

impl Morlet {
    /// `None` where no band lies below half the rate, or there is nothing to look at.
    pub(super) fn new(count: usize, rate_hz: f64, r_s: &[f64]) -> Option<Self> {
        let pad = (PAD_S * rate_hz) as usize;
        let length = fast_length(count + 2 * pad).next_multiple_of(2);
        let length = if length == fast_length(length) { length } else { fast_length(length / 2) * 2 };
        let gauss = |ratio: f64| (-0.5 * (OMEGA * (ratio - 1.0)).powi(2)).exp();
        // The bank's sum inside its band, from a bank without ends.
        let flat: f64 = (-40..=40).map(|voice| gauss((f64::from(voice) / VOICES).exp2())).sum();
        let mut highest_hz = 0.0;
        let mut bands = Vec::new();
        let voices = ((HIGH_HZ / LOW_HZ).log2() * VOICES) as i32;
        for centre_hz in (0..=voices).map(|voice| LOW_HZ * (f64::from(voice) / VOICES).exp2()) {
            if centre_hz * (1.0 + 1.5 / OMEGA) > 0.5 * rate_hz || count < 4 {
                break;
            }
            highest_hz = centre_hz;
            let size = fast_length((length as f64 * 4.0 * centre_hz / rate_hz).ceil() as usize).min(length);
            let bin_hz = rate_hz / length as f64;
            let reach_hz = 3.5 * centre_hz / OMEGA;
            let first = (((centre_hz - reach_hz) / bin_hz).max(1.0)) as usize;
            let last = (((centre_hz + reach_hz) / bin_hz) as usize).min(length / 2 - 1).min(size - 1);
            // Twice the positive half: the real part of the band is then the band. 1 / length belongs to the inverse transform.
            let response = (first..=last)
                .map(|bin| (gauss(bin as f64 * bin_hz / centre_hz) * 2.0 / flat / length as f64) as f32)
                .collect();
            let band_rate_hz = rate_hz * size as f64 / length as f64;
            let start = (pad as f64 * size as f64 / length as f64).floor() as usize;
            let samples = ((count as f64 / rate_hz * band_rate_hz).ceil() as usize + 1).min(size - start);
            let taper = ((centre_hz - LOW_HZ) / (GENTLE_BELOW_HZ - LOW_HZ)).clamp(0.5, 1.0);
            let (forward, inverse) = complex_plans(size);
            bands.push(Band {
                centre_hz,
                forward,
                inverse,
                first,
                response,
                half_cycle: ((0.5 * band_rate_hz / centre_hz).round() as usize).max(1),
                lambda: (LAMBDA * taper) as f32,
                start,
                count: samples,
                windows: Windows::new(samples, band_rate_hz, r_s, 4),
            });
        }
        let (forward, inverse) = real_plans(length);
        (!bands.is_empty()).then_some(Self { forward, inverse, bands, count, pad, highest_hz })
    }

    /// Name for the footer, with the band that ran.
    pub(super) fn name(&self) -> String {
        let edge_hz = if self.highest_hz > 90.0 { HIGH_HZ } else { self.highest_hz.round() };
        format!("Morlet {LOW_HZ:.0}\u{2013}{edge_hz:.0} Hz")
    }

    /// Subtracts the noise of one lead in place. `gain` forces the gain of all coefficients: 1 leaves the signal, 0 takes the whole band.
    pub(super) fn apply(&self, samples: &mut [f32], gain: Option<f32>) {
        if samples.len() != self.count || gain == Some(1.0) {
            return;
        }
        let mut extended = Vec::new();
        reflect_odd(samples, self.pad, self.forward.len(), &mut extended);
        let mut spectrum = self.forward.make_output_vec();
        if self.forward.process(&mut extended, &mut spectrum).is_err() {
            return; // the lengths are our own: cannot happen
        }
        let mut noise = vec![Complex32::default(); spectrum.len()];
        let (mut wave, mut scratch) = (Vec::new(), Vec::new());
        let (mut energy, mut smoothed, mut take, mut work) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut any = false;
        let mut witness: Option<(f64, Vec<f32>)> = None;
        // From above: the low bands ask what was found over them.
        for band in self.bands.iter().rev() {
            let size = band.inverse.len();
            wave.clear();
            wave.resize(size, Complex32::default());
            vectorised(
                #[inline(always)]
                || {
                    for ((wave, value), response) in
                        wave[band.first..].iter_mut().zip(&spectrum[band.first..]).zip(&band.response)
                    {
                        *wave = *value * *response;
                    }
                },
            );
            let need = band.inverse.get_inplace_scratch_len().max(band.forward.get_inplace_scratch_len());
            scratch.resize(need.max(scratch.len()), Complex32::default());
            band.inverse.process_with_scratch(&mut wave, &mut scratch);
            match gain {
                Some(gain) => wave.iter_mut().for_each(|value| *value *= 1.0 - gain),
                None => {
                    let inside = &mut wave[band.start..band.start + band.count];
                    energy.resize(inside.len(), 0.0);
                    vectorised(
                        #[inline(always)]
                        || {
                            for (energy, value) in energy.iter_mut().zip(&*inside) {
                                *energy = value.norm_sqr();
                            }
                        },
                    );
                    moving_mean(&energy, band.half_cycle, &mut smoothed);
                    vectorised(
                        #[inline(always)]
                        || {
                            for (mean, value) in smoothed.iter_mut().zip(&energy) {
                                *mean = if *value > *mean { *value } else { *mean };
                            }
                        },
                    );
                    let ceiling: Vec<f32> = match &witness {
                        Some((hz, levels)) if band.centre_hz < WITNESS_HZ => {
                            let width = (band.centre_hz / hz).sqrt() as f32;
                            levels.iter().map(|level| COMPANY * width * level).collect()
                        }
                        _ => Vec::new(),
                    };
                    let taken =
                        band.windows.take(&energy, &smoothed, band.lambda, true, &ceiling, &mut take, &mut work);
                    if band.centre_hz >= WITNESS_HZ {
                        witness = Some((band.centre_hz, taken.levels_mv));
                    }
                    if !taken.any {
                        continue;
                    }
                    vectorised(
                        #[inline(always)]
                        || {
                            for (value, take) in inside.iter_mut().zip(&take) {
                                *value *= *take;
                            }
                        },
                    );
                    // Outside the signal: what the end samples would have, so that no step is made.
                    let (before, after) = (take[0], take[take.len() - 1]);
                    wave[..band.start].iter_mut().for_each(|value| *value *= before);
                    wave[band.start + band.count..].iter_mut().for_each(|value| *value *= after);
                }
            }
            any = true;
            band.forward.process_with_scratch(&mut wave, &mut scratch);
            // Real part in time: mean of a bin and its mirrored conjugate. `length / size` brings the band back to the signal's rate.
            let scale = 0.5 * self.forward.len() as f32 / size as f32 / self.forward.len() as f32;
            let bins = (size / 2).min(noise.len() - 1);
            let mirrored = wave[size - bins + 1..].iter().rev();
            for ((noise, value), mirrored) in noise[1..bins].iter_mut().zip(&wave[1..bins]).zip(mirrored) {
                *noise += (*value + mirrored.conj()) * scale;
            }
        }
        if !any {
            return;
        }
        if self.inverse.process(&mut noise, &mut extended).is_ok() {
            samples.iter_mut().zip(&extended[self.pad..]).for_each(|(sample, noise)| *sample -= noise);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, count: usize, rate_hz: f64) -> Vec<f32> {
        (0..count).map(|i| (std::f64::consts::TAU * hz * i as f64 / rate_hz).sin() as f32).collect()
    }

    fn worst_inside(samples: &[f32]) -> f32 {
        samples[samples.len() / 4..samples.len() * 3 / 4].iter().fold(0.0, |worst, value| worst.max(value.abs()))
    }

    #[test]
    fn gain_one_leaves_the_signal_and_the_bank_is_flat() {
        for rate_hz in [250.0, 500.0, 1000.0] {
            let stage = Morlet::new(5000, rate_hz, &[]).unwrap();
            let original = sine(33.0, 5000, rate_hz);
            let mut kept = original.clone();
            stage.apply(&mut kept, Some(1.0));
            assert_eq!(kept, original);
            // Gain 0 takes the whole band: what is left of a sine in its middle says how flat the bank's sum is.
            for hz in [18.0, 24.0, 33.0, 42.0, 55.0] {
                let mut taken = sine(hz, 5000, rate_hz);
                stage.apply(&mut taken, Some(0.0));
                assert!(worst_inside(&taken) < 0.02, "{rate_hz} Hz: {hz} Hz leaves {}", worst_inside(&taken));
            }
            let mut below = sine(4.0, 5000, rate_hz);
            stage.apply(&mut below, Some(0.0));
            assert!((worst_inside(&below) - 1.0).abs() < 0.01, "4 Hz must stay");
        }
    }

    #[test]
    fn half_the_gain_takes_half() {
        let stage = Morlet::new(2500, 500.0, &[]).unwrap();
        let mut halved = sine(40.0, 2500, 500.0);
        stage.apply(&mut halved, Some(0.5));
        assert!((worst_inside(&halved) - 0.5).abs() < 0.02);
    }

    #[test]
    fn low_rates_run_what_they_can() {
        assert_eq!(Morlet::new(1000, 100.0, &[]).unwrap().name(), "Morlet 12\u{2013}34 Hz");
        assert!(Morlet::new(100, 20.0, &[]).is_none());
        assert!(Morlet::new(0, 500.0, &[]).is_none());
    }
}
