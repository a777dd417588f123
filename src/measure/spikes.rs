//! Pacing spikes: strokes of a few milliseconds just before the QRS, far steeper than anything the heart makes.

use crate::ecg::Trace;

/// A spike stands so long before the R point at most, s.
const BEFORE_S: f64 = 0.24;
/// It is so much higher than its own surroundings 4 ms aside, mV.
const LEAST_MV: f32 = 0.12;
/// The same, as a multiple of the sharpest stroke that is usual in the lead.
const STANDS_OUT: f32 = 4.0;
/// Below this rate a spike cannot be told, Hz.
const LEAST_RATE_HZ: f64 = 250.0;

/// Before which beats a spike stands, in at least three leads (two or one where there are few).
pub(super) fn spikes(traces: &[&Trace], beats_s: &[f64]) -> Vec<bool> {
    let mut votes = vec![0_usize; beats_s.len()];
    for trace in traces.iter().filter(|trace| trace.rate_hz >= LEAST_RATE_HZ) {
        let aside = ((0.004 * trace.rate_hz).round() as usize).max(1);
        let samples = &trace.samples_mv;
        // the sharpest stroke there and back of a stretch: both sides lie on the same side of it
        let sharpest = |from: usize, to: usize| -> f32 {
            let (from, to) = (from.max(aside), to.min(samples.len().saturating_sub(aside)));
            if from >= to {
                return 0.0;
            }
            let (left, right) = (&samples[from - aside..to - aside], &samples[from + aside..to + aside]);
            let mut top = 0.0;
            for ((left, here), right) in left.iter().zip(&samples[from..to]).zip(right) {
                let (a, b) = (here - left, here - right);
                let stroke = if a * b > 0.0 { a.abs().min(b.abs()) } else { 0.0 };
                top = if stroke > top { stroke } else { top };
            }
            top
        };
        let index = |time_s: f64| (((time_s - trace.start_s) * trace.rate_hz).max(0.0) as usize).min(samples.len());
        // the sharpest stroke around each R point is what the QRS itself does
        let own: Vec<f64> =
            beats_s.iter().map(|r_s| f64::from(sharpest(index(r_s - 0.03), index(r_s + 0.05)))).collect();
        let usual = super::classes::median(own).unwrap_or(0.0) as f32;
        for (beat, r_s) in beats_s.iter().enumerate() {
            let highest = sharpest(index(r_s - BEFORE_S), index(r_s - 0.015));
            let quiet = sharpest(index(r_s - BEFORE_S - 0.3), index(r_s - BEFORE_S));
            if highest >= LEAST_MV && highest > STANDS_OUT * quiet.max(0.01) && highest > usual.min(0.5) {
                votes[beat] += 1;
            }
        }
    }
    let enough = match traces.len() {
        0 | 1 => 1,
        2..=5 => 2,
        _ => 3,
    };
    let paced: Vec<bool> = votes.iter().map(|votes| *votes >= enough).collect();
    // a lone spike in a hundred beats is an artefact
    let count = paced.iter().filter(|paced| **paced).count();
    if count * 5 < beats_s.len() { vec![false; beats_s.len()] } else { paced }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Kind, generate};

    #[test]
    fn paced_beats_have_spikes_and_others_none() {
        for kind in Kind::ALL {
            let made = generate(&kind.spec(5));
            let traces: Vec<&Trace> = made.recording.traces.iter().collect();
            let found = spikes(&traces, &made.truth.r_s());
            let count = found.iter().filter(|paced| **paced).count();
            if kind == Kind::Paced {
                assert!(count + 1 >= found.len(), "{count} of {}", found.len());
            } else {
                assert_eq!(count, 0, "{}", kind.name());
            }
        }
    }
}
