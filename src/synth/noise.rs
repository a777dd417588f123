//! Noise with a known band and strength, and the one source of chance.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::dsp::{Pass, Sos, filtfilt};

/// What kind of noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoiseKind {
    /// Gaussian, all frequencies.
    White,
    /// Muscle-like: 20–150 Hz, swelling and fading.
    Muscle,
    /// Muscle-like: 8–150 Hz, swelling and fading.
    MuscleBroad,
    /// Baseline wander: 0.05–0.5 Hz.
    Wander,
    /// Mains hum with its third harmonic.
    Mains {
        /// 50 or 60.
        hz: f64,
    },
}

/// How strong, in each lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// Power of the lead's clean signal (variance) over power of the noise, dB.
    SnrDb(f64),
    /// Root mean square, mV.
    RmsMv(f64),
}

/// Noise to be added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    /// Kind.
    pub kind: NoiseKind,
    /// Strength in each of I, II, V1 … V6; the other limb leads follow from I and II.
    pub level: Level,
}

impl Noise {
    /// This kind at a signal-to-noise ratio in each lead.
    pub fn snr_db(kind: NoiseKind, snr_db: f64) -> Self {
        Self { kind, level: Level::SnrDb(snr_db) }
    }
}

/// Random numbers from a seed and a purpose: another purpose is another stream.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose);
        Self(rng)
    }

    /// Uniform in [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Standard normal (Box and Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// One lead's noise, before scaling.
fn shape(kind: NoiseKind, count: usize, rate_hz: f64, chance: &mut Chance) -> Vec<f64> {
    let tau = std::f64::consts::TAU;
    match kind {
        NoiseKind::White => (0..count).map(|_| chance.normal()).collect(),
        NoiseKind::Muscle | NoiseKind::MuscleBroad => {
            let low_hz: f64 = if kind == NoiseKind::Muscle { 20.0 } else { 8.0 };
            let white: Vec<f64> = (0..count).map(|_| chance.normal()).collect();
            let pass = Pass::Band(low_hz.min(0.3 * rate_hz), 150f64.min(0.45 * rate_hz));
            let mut band = match Sos::butterworth(4, pass, rate_hz) {
                Some(sos) => filtfilt(&sos, &white, rate_hz as usize),
                None => white,
            };
            let swell: [(f64, f64); 3] =
                std::array::from_fn(|_| (0.08 + 0.25 * chance.uniform(), tau * chance.uniform()));
            for (index, value) in band.iter_mut().enumerate() {
                let time_s = index as f64 / rate_hz;
                let level: f64 = swell.iter().map(|(hz, phase)| (tau * hz * time_s + phase).sin()).sum();
                *value *= (0.25 * level).exp(); // up to twice as strong, down to half
            }
            band
        }
        NoiseKind::Wander => {
            let tones: Vec<(f64, f64, f64)> = (0..10)
                .map(|tone| {
                    let hz = 0.05 + 0.45 * (tone as f64 + chance.uniform()) / 10.0;
                    (hz, tau * chance.uniform(), chance.normal() / hz.sqrt())
                })
                .collect();
            (0..count)
                .map(|index| {
                    let time_s = index as f64 / rate_hz;
                    tones.iter().map(|(hz, phase, size)| size * (tau * hz * time_s + phase).sin()).sum()
                })
                .collect()
        }
        NoiseKind::Mains { hz } => {
            let phase = tau * chance.uniform();
            (0..count)
                .map(|index| {
                    let angle = tau * hz * index as f64 / rate_hz + phase;
                    angle.sin() + 0.2 * (3.0 * angle).sin()
                })
                .collect()
        }
    }
}

impl Noise {
    /// The noise of one lead in mV, scaled against its clean signal.
    pub(super) fn make(&self, clean_mv: &[f64], rate_hz: f64, chance: &mut Chance) -> Vec<f64> {
        let mut noise = shape(self.kind, clean_mv.len(), rate_hz, chance);
        let count = clean_mv.len().max(1) as f64;
        let mean = clean_mv.iter().sum::<f64>() / count;
        let wanted = match self.level {
            Level::RmsMv(rms_mv) => rms_mv * rms_mv,
            Level::SnrDb(snr_db) => {
                clean_mv.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count / 10f64.powf(snr_db / 10.0)
            }
        };
        let power = noise.iter().map(|value| value * value).sum::<f64>() / count;
        if power > 0.0 {
            let scale = (wanted / power).sqrt();
            noise.iter_mut().for_each(|value| *value *= scale);
        }
        noise
    }
}
