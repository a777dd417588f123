//! What one lead looks like second by second: noise, hum, wander, swing. Only measures; the limits stand in `limits.rs`.

use crate::dsp::{self, moving_mean};

/// Measures of one second of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Second {
    /// Share of samples present.
    pub present: f32,
    /// Robust standard deviation of what is faster than about 25 Hz, mV; QRS hardly count.
    pub noise_mv: f32,
    /// Amplitude of the hum at 50 or 60 Hz, whichever is stronger, mV.
    pub mains_mv: f32,
    /// Range of the baseline (moving mean of 0.6 s) in this second and its neighbours, mV.
    pub wander_mv: f32,
    /// Range of the lead without its baseline, mV.
    pub swing_mv: f32,
    /// Highest slope energy over the 60 % quantile of the same: how far QRS stand out.
    pub contrast: f32,
}

/// The lead in pieces of one second (the last may be longer, up to 1.5 s; a trace under half a second gives one piece).
pub(super) fn seconds(samples_mv: &[f32], rate_hz: f64) -> Vec<Second> {
    let filled = filled(samples_mv);
    let (mut baseline, mut smooth) = (Vec::with_capacity(filled.len()), Vec::with_capacity(filled.len()));
    let width = odd(0.020 * rate_hz).max(3);
    moving_mean(&filled, width, &mut baseline);
    moving_mean(&baseline, width, &mut smooth);
    moving_mean(&filled, odd(0.6 * rate_hz), &mut baseline);
    let energy = slope_energy(&smooth, rate_hz);
    let pieces = pieces(samples_mv.len(), rate_hz);
    let mut scratch = Vec::new();
    let mut out: Vec<Second> = pieces
        .iter()
        .map(|&(from, to)| {
            let present = samples_mv[from..to].iter().filter(|value| value.is_finite()).count();
            scratch.clear();
            scratch.extend(filled[from..to].iter().zip(&smooth[from..to]).map(|(raw, smooth)| raw - smooth));
            let mains_mv = hum(&scratch, rate_hz);
            scratch.iter_mut().for_each(|value| *value = value.abs());
            // 0.8416: the 60 % quantile of |standard normal|
            let noise_mv = quantile(&mut scratch, 0.6) / 0.8416;
            let swing_mv = range(filled[from..to].iter().zip(&baseline[from..to]).map(|(raw, low)| raw - low));
            let top = energy[from..to].iter().copied().fold(0.0, f32::max);
            scratch.clear();
            scratch.extend_from_slice(&energy[from..to]);
            let usual = quantile(&mut scratch, 0.6);
            Second {
                present: present as f32 / (to - from) as f32,
                noise_mv,
                mains_mv,
                wander_mv: 0.0,
                swing_mv,
                contrast: if usual > 0.0 { top / usual } else { 0.0 },
            }
        })
        .collect();
    for (index, second) in out.iter_mut().enumerate() {
        let (from, to) = (pieces[index.saturating_sub(1)].0, pieces[(index + 1).min(pieces.len() - 1)].1);
        second.wander_mv = range(baseline[from..to].iter().copied());
    }
    out
}

/// First and one-past-last sample of each piece.
pub(super) fn pieces(length: usize, rate_hz: f64) -> Vec<(usize, usize)> {
    if length == 0 {
        return Vec::new();
    }
    let count = ((length as f64 / rate_hz).floor() as usize).max(1);
    let edge =
        |piece: usize| if piece == count { length } else { ((piece as f64 * rate_hz).round() as usize).min(length) };
    (0..count).map(|piece| (edge(piece), edge(piece + 1))).filter(|(from, to)| from < to).collect()
}

/// Gaps bridged with the last value, so that filters run through.
fn filled(samples: &[f32]) -> Vec<f32> {
    let mut last = samples.iter().copied().find(|value| value.is_finite()).unwrap_or(0.0);
    samples
        .iter()
        .map(|value| {
            if value.is_finite() {
                last = value.clamp(-1e6, 1e6);
            }
            last
        })
        .collect()
}

/// Squared slope over 80 ms, on every sample.
fn slope_energy(smooth: &[f32], rate_hz: f64) -> Vec<f32> {
    let aside = ((0.008 * rate_hz).round() as usize).max(1);
    let mut energy = vec![0.0; smooth.len()];
    for index in aside..smooth.len().saturating_sub(aside) {
        energy[index] = (smooth[index + aside] - smooth[index - aside]).powi(2);
    }
    let mut mean = Vec::with_capacity(energy.len());
    moving_mean(&energy, odd(0.08 * rate_hz), &mut mean);
    mean
}

/// Amplitude of the hum at 50 or 60 Hz, whichever is stronger: of the sine (Goertzel), with the mean of what is 4 Hz to both sides taken off.
fn hum(samples: &[f32], rate_hz: f64) -> f32 {
    const MAINS_HZ: [f64; 2] = [50.0, 60.0];
    // all at once: each recurrence waits for its own last value
    let frequencies_hz = MAINS_HZ.map(|hz| [hz - 4.0, hz, hz + 4.0]);
    let turns = frequencies_hz.as_flattened().iter().map(|hz| 2.0 * (std::f64::consts::TAU * hz / rate_hz).cos());
    let mut turn = [0.0_f64; 6];
    turn.iter_mut().zip(turns).for_each(|(into, turn)| *into = turn);
    let (mut last, mut before) = ([0.0_f64; 6], [0.0_f64; 6]);
    for value in samples {
        for at in 0..6 {
            (last[at], before[at]) = (f64::from(*value) + turn[at] * last[at] - before[at], last[at]);
        }
    }
    let scale = 2.0 / samples.len().max(1) as f64;
    let amplitude = |at: usize| {
        scale * (last[at] * last[at] + before[at] * before[at] - turn[at] * last[at] * before[at]).max(0.0).sqrt()
    };
    let hums = MAINS_HZ.iter().enumerate().filter(|(_, hz)| rate_hz >= 2.2 * **hz).map(|(index, _)| {
        let at = 3 * index;
        amplitude(at + 1) - 0.5 * (amplitude(at) + amplitude(at + 2))
    });
    hums.fold(0.0, f64::max) as f32
}

pub(super) fn range(values: impl Iterator<Item = f32>) -> f32 {
    let (low, high) =
        values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low <= high { high - low } else { 0.0 }
}

/// A quantile; reorders the values; 0 of none.
pub(super) fn quantile(values: &mut [f32], share: f64) -> f32 {
    dsp::quantile(values, share).unwrap_or(0.0)
}

/// The nearest odd number of samples.
fn odd(samples: f64) -> usize {
    2 * ((samples - 1.0) / 2.0).round().max(0.0) as usize + 1
}
