//! The power spectral density of a lead, for the eye: mains hum, muscle noise and what the denoiser took away show at their frequencies.
//!
//! Method: Welch, "The use of fast Fourier transform for the estimation of power spectra" (IEEE Trans. Audio Electroacoust. 15, 1967): Hann
//! windows of two seconds that overlap by half, each freed of its mean, their periodograms averaged. Nothing is decided from it.

use realfft::RealFftPlanner;

use crate::dsp::fast_length;
use crate::ecg::{Span, Trace};

/// Length of a window, s: half a hertz between two bins.
const WINDOW_S: f64 = 2.0;

/// One-sided density of a lead inside a span: pairs of frequency (Hz) and power (mV²/Hz), from 0 to half the sampling rate.
///
/// Windows that hold a missing sample are left out; empty where not one whole window is there.
pub fn spectrum(trace: &Trace, span: Span) -> Vec<(f32, f32)> {
    let (samples, rate_hz) = (trace.slice(span), trace.rate_hz);
    let wanted = WINDOW_S * rate_hz;
    if !(8.0..=samples.len() as f64).contains(&wanted) {
        return Vec::new();
    }
    let length = fast_length(wanted.round() as usize);
    let hann: Vec<f64> =
        (0..length).map(|i| 0.5 - 0.5 * (std::f64::consts::TAU * i as f64 / length as f64).cos()).collect();
    let forward = RealFftPlanner::<f64>::new().plan_fft_forward(length);
    let (mut windowed, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
    let (mut power, mut count) = (vec![0.0_f64; bins.len()], 0_usize);
    let present = samples.split(|value| !value.is_finite());
    for window in present.flat_map(|stretch| stretch.windows(length).step_by(length / 2)) {
        let mean = window.iter().map(|value| f64::from(*value)).sum::<f64>() / length as f64;
        for ((place, value), weight) in windowed.iter_mut().zip(window).zip(&hann) {
            *place = (f64::from(*value) - mean) * weight;
        }
        if forward.process(&mut windowed, &mut bins).is_err() {
            return Vec::new();
        }
        power.iter_mut().zip(&bins).for_each(|(sum, bin)| *sum += bin.norm_sqr());
        count += 1;
    }
    if count == 0 {
        return Vec::new();
    }
    let scale = 1.0 / (count as f64 * rate_hz * hann.iter().map(|weight| weight * weight).sum::<f64>());
    let both_sides = |bin: usize| if bin == 0 || 2 * bin == length { 1.0 } else { 2.0 };
    let pair = |(bin, sum): (usize, &f64)| {
        ((bin as f64 * rate_hz / length as f64) as f32, (sum * scale * both_sides(bin)) as f32)
    };
    power.iter().enumerate().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    fn sine(hz: f64, rate_hz: f64, seconds: f64) -> Vec<f32> {
        let count = (rate_hz * seconds) as usize;
        (0..count).map(|i| (std::f64::consts::TAU * hz * i as f64 / rate_hz).sin() as f32).collect()
    }

    fn peak_hz(spectrum: &[(f32, f32)]) -> f32 {
        spectrum.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(f32::NAN, |(hz, _)| *hz)
    }

    /// Area below the density.
    fn power(spectrum: &[(f32, f32)]) -> f32 {
        spectrum.iter().map(|(_, density)| density).sum::<f32>() * (spectrum[1].0 - spectrum[0].0)
    }

    #[test]
    fn a_sine_stands_at_its_frequency_with_its_power() {
        for rate_hz in [128.0, 250.0, 333.0, 500.0, 1000.0] {
            let trace = Trace::new(Lead::II, rate_hz, sine(10.0, rate_hz, 20.0));
            let found = spectrum(&trace, trace.span());
            assert!((peak_hz(&found) - 10.0).abs() <= 0.5, "{rate_hz}: {}", peak_hz(&found));
            assert!((power(&found) - 0.5).abs() < 0.015, "{rate_hz}: {}", power(&found));
            assert!(found.last().is_some_and(|(hz, _)| (f64::from(*hz) - 0.5 * rate_hz).abs() < 0.5));
        }
    }

    #[test]
    fn the_span_is_kept_and_gaps_are_skipped() {
        let mut samples = sine(10.0, 250.0, 10.0);
        samples.extend(sine(40.0, 250.0, 10.0));
        samples[1000..1100].fill(f32::NAN);
        let trace = Trace::new(Lead::V1, 250.0, samples);
        let (early, late) = (spectrum(&trace, Span::new(0.0, 10.0)), spectrum(&trace, Span::new(10.0, 20.0)));
        assert!((peak_hz(&early) - 10.0).abs() <= 0.5 && (peak_hz(&late) - 40.0).abs() <= 0.5);
        assert!(early.iter().all(|(_, density)| density.is_finite()));
        assert!((power(&early) - 0.5).abs() < 0.015, "{}", power(&early));
    }

    #[test]
    fn too_short_or_absent_gives_nothing() {
        let short = Trace::new(Lead::I, 500.0, sine(10.0, 500.0, 1.9));
        assert!(spectrum(&short, short.span()).is_empty());
        let absent = Trace::new(Lead::I, 500.0, vec![f32::NAN; 5000]);
        assert!(spectrum(&absent, absent.span()).is_empty());
        let odd = Trace::new(Lead::I, f64::NAN, vec![0.0; 5000]);
        assert!(spectrum(&odd, Span::new(0.0, 10.0)).is_empty());
    }
}
