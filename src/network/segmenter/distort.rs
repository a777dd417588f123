//! Distorted copies of an example: another stretch of it, other leads, faster or slower, upside down, noisier. What a copy changes in the
//! signal it changes in the labels.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::network::weights::normal;

use super::examples::{Example, UNKNOWN};
use super::input::{GRAIN, RATE_HZ, interleaved, nearness};

/// Shortest and longest stretch of a copy, s.
const LENGTH_S: (f32, f32) = (6.0, 10.0);
/// Largest change of speed, as a share.
const WARP: f32 = 0.25;
/// Largest shift of a beat from its place, s.
const BEAT_SHIFT_S: f64 = 0.025;

/// A beat that is none lies farther than this from any beat, s.
const NO_BEAT_S: f64 = 0.16;

/// A copy as the network reads it.
pub(super) struct Copy {
    /// `[leads, samples, 2]`.
    pub values: Vec<f32>,
    /// `[leads, samples]`.
    pub labels: Vec<u8>,
    pub leads: usize,
    pub samples: usize,
}

/// Draws a copy; `with` = 0 leaves everything but the stretch as it is.
pub(super) fn copy(example: &Example, rng: &mut ChaCha8Rng) -> Copy {
    let speed = if chance(rng, 0.6) { 1.0 + WARP * (2.0 * rng.random::<f32>() - 1.0) } else { 1.0 };
    let wanted = (LENGTH_S.0 + (LENGTH_S.1 - LENGTH_S.0) * rng.random::<f32>()) * RATE_HZ as f32;
    let (samples, first) = stretch(example, speed, wanted as usize, rng);
    let place = |index: usize| first as f32 + index as f32 * speed;
    let beats_s: Vec<f64> = told(example, (first, samples, speed), rng)
        .into_iter()
        .map(|beat_s| {
            let shift_s = BEAT_SHIFT_S * f64::from(2.0 * rng.random::<f32>() - 1.0);
            ((beat_s + shift_s) * RATE_HZ - first as f64) / f64::from(speed) / RATE_HZ
        })
        .collect();
    let kept = kept_leads(example.leads(), rng);
    let loud = if chance(rng, 0.7) { 0.20 * rng.random::<f32>().powi(2) } else { 0.0 };
    let mut rows = Vec::with_capacity(kept.len());
    let mut labels = Vec::with_capacity(kept.len() * samples);
    for lead in kept {
        let (signal, marks) = (&example.signals[lead], &example.labels[lead]);
        let sign = if chance(rng, 0.25) { -1.0 } else { 1.0 };
        let gain = sign * (0.2 * normal(rng)).exp();
        let mut row: Vec<f32> = (0..samples)
            .map(|index| {
                let (low, part) = (place(index) as usize, place(index).fract());
                let next = signal[(low + 1).min(signal.len() - 1)];
                gain * (signal[low] + part * (next - signal[low]))
            })
            .collect();
        noise(&mut row, loud, rng);
        labels.extend((0..samples).map(|index| marks[(place(index).round() as usize).min(marks.len() - 1)]));
        rows.push(row);
    }
    let near = nearness(&beats_s, samples);
    let slices: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let (values, length) = interleaved(&slices, &near);
    debug_assert_eq!(length, samples);
    Copy { values, labels, leads: rows.len(), samples }
}

/// The beats that the network is told of: now and then one is kept from it, or one is told that is none, so that it looks for itself.
fn told(example: &Example, (first, samples, speed): (usize, usize, f32), rng: &mut ChaCha8Rng) -> Vec<f64> {
    let missing = chance(rng, 0.2);
    let mut beats: Vec<f64> = Vec::with_capacity(example.beats_s.len() + 3);
    for beat_s in &example.beats_s {
        if !(missing && chance(rng, 0.15)) {
            beats.push(*beat_s);
        }
    }
    if chance(rng, 0.5) {
        for _ in 0..rng.random_range(1..=4) {
            let place = first as f32 + rng.random::<f32>() * samples as f32 * speed;
            let false_s = f64::from(place) / RATE_HZ;
            if example.beats_s.iter().all(|beat_s| (beat_s - false_s).abs() > NO_BEAT_S) {
                beats.push(false_s);
            }
        }
    }
    beats
}

/// The whole example as it is.
pub(super) fn plain(example: &Example) -> Copy {
    let near = nearness(&example.beats_s, example.samples());
    let slices: Vec<&[f32]> = example.signals.iter().map(Vec::as_slice).collect();
    let (values, samples) = interleaved(&slices, &near);
    let labels = example.labels.iter().flat_map(|row| {
        let filled = std::iter::repeat_n(UNKNOWN, samples - row.len());
        row.iter().copied().chain(filled)
    });
    Copy { values, labels: labels.collect(), leads: slices.len(), samples }
}

/// Samples of a copy (whole grains) and where it starts: a stretch in which something is marked.
fn stretch(example: &Example, speed: f32, wanted: usize, rng: &mut ChaCha8Rng) -> (usize, usize) {
    let whole = example.samples();
    let most = ((whole.saturating_sub(2)) as f32 / speed) as usize;
    let samples = (wanted.min(most) / GRAIN).max(1) * GRAIN;
    let covered = (samples as f32 * speed).ceil() as usize + 1;
    let room = whole.saturating_sub(covered);
    let known = |first: usize| {
        let part = first..(first + covered).min(whole);
        example.labels.iter().any(|row| row[part.clone()].iter().filter(|label| **label != UNKNOWN).count() > 250)
    };
    let mut first = 0;
    for _ in 0..20 {
        first = if room == 0 { 0 } else { rng.random_range(0..=room) };
        if known(first) {
            break;
        }
    }
    (samples, first)
}

/// All leads, or some of them.
fn kept_leads(count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let all: Vec<usize> = (0..count).collect();
    if count < 2 || chance(rng, 0.5) {
        return all;
    }
    let share = rng.random::<f32>();
    let mut kept: Vec<usize> = all.into_iter().filter(|_| rng.random::<f32>() < share).collect();
    if kept.is_empty() {
        kept.push(rng.random_range(0..count));
    }
    kept
}

/// White noise or noise held over some samples, mains, and wander.
fn noise(row: &mut [f32], loud: f32, rng: &mut ChaCha8Rng) {
    if loud > 0.0 {
        let hold = rng.random_range(1..4);
        let mut held = 0.0;
        for (index, value) in row.iter_mut().enumerate() {
            if index % hold == 0 {
                held = loud * normal(rng);
            }
            *value += held;
        }
    }
    for (share, frequency_hz, most) in [
        (0.2, if chance(rng, 0.5) { 50.0 } else { 60.0 }, 0.10),
        (0.4, 0.15 + 0.5 * rng.random::<f32>(), 0.35),
        (0.15, 3.0 + 5.0 * rng.random::<f32>(), 0.06),
    ] {
        if chance(rng, share) {
            let (size, phase) = (most * rng.random::<f32>(), std::f32::consts::TAU * rng.random::<f32>());
            let step = std::f32::consts::TAU * frequency_hz / RATE_HZ as f32;
            row.iter_mut().enumerate().for_each(|(index, value)| *value += size * (phase + step * index as f32).sin());
        }
    }
}

fn chance(rng: &mut ChaCha8Rng, share: f64) -> bool {
    rng.random::<f64>() < share
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::super::examples::Class;
    use super::*;

    #[test]
    fn a_copy_keeps_marks_over_their_signal() {
        // each beat is a block of height 1 that is marked as QRS
        let rate_hz = 250.0;
        let beats: Vec<f64> = (0..12).map(|beat| 0.5 + 0.8 * f64::from(beat)).collect();
        let samples: Vec<f32> = (0..2500)
            .map(|index| f32::from(u8::from(beats.iter().any(|b| (index as f64 / rate_hz - b).abs() < 0.05))))
            .collect();
        let marks: Vec<_> = beats.iter().map(|b| (Some(Class::Qrs), b - 0.05, b + 0.05)).collect();
        let mut example = Example::new(beats, 1);
        for _ in 0..3 {
            assert!(example.push(&samples, rate_hz, &[(0.0, 10.0)], &marks));
        }
        for seed in 0..40 {
            let copy = copy(&example, &mut ChaCha8Rng::seed_from_u64(seed));
            assert_eq!((copy.samples % GRAIN, copy.values.len()), (0, copy.leads * copy.samples * 2));
            for lead in 0..copy.leads {
                let row = &copy.values[lead * copy.samples * 2..(lead + 1) * copy.samples * 2];
                let marks = &copy.labels[lead * copy.samples..(lead + 1) * copy.samples];
                let mean = |class: Class| {
                    let values: Vec<f32> =
                        row.chunks_exact(2).zip(marks).filter(|(_, l)| **l == class as u8).map(|(v, _)| v[0]).collect();
                    values.iter().sum::<f32>() / values.len() as f32
                };
                assert!((mean(Class::Qrs) - mean(Class::None)).abs() > 0.8, "seed {seed}");
            }
        }
    }
}
