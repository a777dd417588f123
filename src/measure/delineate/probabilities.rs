//! From a segmenter's probabilities to waves of one lead: each beat has a QRS around its R point, at most one T after it, at most one P of its
//! own before it; P waves that stand alone are kept as such.

use super::runs::{Run, runs};
use super::{Wave, WaveKind};
use crate::ecg::Trace;

/// A wave may be where its class has so much probability …
const POSSIBLE: f32 = 0.15;
/// … and is there where it reaches so much: P, QRS, T.
const LIKELY: [f32; 3] = [0.35, 0.5, 0.4];
/// Its ends (onset, offset) lie where the probability has fallen to this share of its highest: whether there is a wave and where it ends are
/// two doubts. P, QRS, T; chosen on LUDB's folds 0 and 1 so that no end is early or late by much.
const AT_ENDS: [(f32, f32); 3] = [(0.64, 0.56), (0.62, 0.5), (0.60, 0.5)];
/// The QRS of a beat lies so near its R point, s.
const QRS_REACH_S: f64 = 0.12;
/// Holes in a wave that are bridged, s.
const HOLE_S: f64 = 0.028;
/// Shorter runs are no wave, s: P, QRS, T.
const SHORTEST_S: [f64; 3] = [0.030, 0.020, 0.040];
/// A P that ends longer before its QRS than this belongs to none, s.
const LONGEST_PQ_S: f64 = 0.32;
/// A P without a QRS is told only where it is as sure as this.
const LONE_P: f64 = 0.75;

/// Waves by time; `row` holds `[P, QRS, T]` a sample at `rate_hz` from `start_s` on.
pub(super) fn waves(trace: &Trace, row: &[[f32; 3]], rate_hz: f64, start_s: f64, beats_s: &[f64]) -> Vec<Wave> {
    let place = |time_s: f64| (((time_s - start_s) * rate_hz).round().max(0.0) as usize).min(row.len());
    let hole = (HOLE_S * rate_hz) as usize;
    let find = |class: usize, from: usize, to: usize| -> Vec<Run> {
        let value = |index: usize| row[index][class];
        let possible = runs(value, (from, to.max(from)), POSSIBLE, hole);
        let bounded = possible.iter().filter_map(|run| {
            let inside = (run.from.ceil() as usize, (run.to.floor() as usize + 1).min(to));
            let highest = (inside.0..inside.1).map(value).fold(0.0, f32::max);
            let around = (inside.0.saturating_sub(1).max(from), (inside.1 + 1).min(to));
            let at = |share: f32| {
                let parts = runs(value, around, share * highest, hole);
                parts.into_iter().max_by(|a, b| a.area.total_cmp(&b.area)).filter(|_| highest >= LIKELY[class])
            };
            let (onset, offset) = AT_ENDS[class];
            Some(Run { from: at(onset)?.from, ..at(offset)? })
        });
        bounded.filter(|run| run.length() >= SHORTEST_S[class] * rate_hz).collect()
    };
    let wave = |kind: WaveKind, run: &Run, beat: Option<usize>| {
        let (onset_s, offset_s) = (start_s + run.from / rate_hz, start_s + run.to / rate_hz);
        let peak_s = peak(trace, kind, onset_s, offset_s);
        Wave { kind, onset_s, peak_s, offset_s, confidence: run.mean().clamp(0.0, 1.0) as f32, beat }
    };
    let qrs: Vec<Option<Run>> = beats_s
        .iter()
        .enumerate()
        .map(|(beat, r_s)| {
            let before = beat.checked_sub(1).map_or(f64::MIN, |last| 0.5 * (beats_s[last] + r_s));
            let after = beats_s.get(beat + 1).map_or(f64::MAX, |next| 0.5 * (next + r_s));
            let (from, to) = (place((r_s - QRS_REACH_S).max(before)), place((r_s + QRS_REACH_S).min(after)));
            let (wide_from, wide_to) = (place((r_s - 0.25).max(before)), place((r_s + 0.25).min(after)));
            let touches = |run: &Run| run.to >= from as f64 && run.from <= to as f64;
            let all = find(1, wide_from, wide_to);
            all.into_iter().filter(touches).max_by(|a, b| a.area.total_cmp(&b.area))
        })
        .collect();
    let mut found = Vec::new();
    let mut free = 0; // everything before it is spoken for
    for (beat, r_s) in beats_s.iter().enumerate() {
        let onset = qrs[beat].map_or_else(|| place(r_s - 0.04), |run| run.from as usize);
        let before = find(0, free.min(onset), onset);
        let own = before.last().filter(|run| onset as f64 - run.to <= LONGEST_PQ_S * rate_hz).copied();
        for run in &before {
            if own == Some(*run) {
                found.push(wave(WaveKind::P, run, Some(beat)));
            } else if run.mean() >= LONE_P {
                found.push(wave(WaveKind::P, run, None));
            }
        }
        if let Some(run) = &qrs[beat] {
            found.push(wave(WaveKind::Qrs, run, Some(beat)));
        }
        let from = qrs[beat].map_or_else(|| place(r_s + 0.06), |run| run.to as usize + 1);
        let to = match beats_s.get(beat + 1) {
            Some(next_s) => qrs[beat + 1].map_or_else(|| place(next_s - 0.04), |run| run.from as usize),
            None => row.len(),
        };
        let t = find(2, from.min(to), to).into_iter().max_by(|a, b| a.area.total_cmp(&b.area));
        free = t.map_or(from, |run| run.to as usize + 1);
        if let Some(run) = t {
            found.push(wave(WaveKind::T, &run, Some(beat)));
        }
    }
    // after the last beat
    found.extend(
        find(0, free.min(row.len()), row.len())
            .iter()
            .filter(|run| run.mean() >= LONE_P)
            .map(|run| wave(WaveKind::P, run, None)),
    );
    found
}

/// The largest deflection: of P and T from the line between the ends, of a QRS from the level of its onset.
pub(super) fn peak(trace: &Trace, kind: WaveKind, onset_s: f64, offset_s: f64) -> f64 {
    let middle_s = 0.5 * (onset_s + offset_s);
    let index = |time_s: f64| ((time_s - trace.start_s) * trace.rate_hz).round().max(0.0) as usize;
    let (from, to) = (index(onset_s), (index(offset_s) + 1).min(trace.samples_mv.len()));
    let Some(part) = trace.samples_mv.get(from..to).filter(|part| part.len() > 2) else { return middle_s };
    let (first, last) = (part[0], part[part.len() - 1]);
    let steps = (part.len() - 1) as f32;
    let base = |at: usize| match kind {
        WaveKind::Qrs => first,
        _ => first + (last - first) * at as f32 / steps,
    };
    let mut best = (0.0_f32, None);
    for (at, value) in part.iter().enumerate() {
        let height = (value - base(at)).abs();
        if height > best.0 {
            best = (height, Some(at));
        }
    }
    best.1.map_or(middle_s, |at| trace.time_s(from + at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    /// Probabilities of 1 over these stretches (class, from, to in s) at 250 Hz, 5 s.
    fn row(stretches: &[(usize, f64, f64)]) -> Vec<[f32; 3]> {
        (0..1250)
            .map(|index| {
                let time_s = index as f64 / 250.0;
                std::array::from_fn(|class| {
                    let inside = stretches.iter().any(|(c, from, to)| *c == class && time_s >= *from && time_s <= *to);
                    f32::from(u8::from(inside))
                })
            })
            .collect()
    }

    fn found(stretches: &[(usize, f64, f64)], beats_s: &[f64]) -> Vec<(WaveKind, Option<usize>, f64)> {
        let trace = Trace::new(Lead::II, 500.0, vec![0.0; 2500]);
        let waves = waves(&trace, &row(stretches), 250.0, 0.0, beats_s);
        waves.iter().map(|wave| (wave.kind, wave.beat, (100.0 * wave.onset_s).round() / 100.0)).collect()
    }

    #[test]
    fn a_beat_has_its_p_qrs_and_t() {
        let beat = [(0, 0.80, 0.90), (1, 0.96, 1.05), (2, 1.2, 1.4)];
        assert_eq!(
            found(&beat, &[1.0]),
            [(WaveKind::P, Some(0), 0.8), (WaveKind::Qrs, Some(0), 0.96), (WaveKind::T, Some(0), 1.2)]
        );
    }

    #[test]
    fn a_p_far_from_any_qrs_stands_alone_and_blips_are_nothing() {
        let stretches = [(1, 0.96, 1.05), (0, 2.0, 2.1), (0, 2.6, 2.62), (1, 2.96, 3.05), (2, 3.2, 3.22)];
        assert_eq!(
            found(&stretches, &[1.0, 3.0]),
            [(WaveKind::Qrs, Some(0), 0.96), (WaveKind::P, None, 2.0), (WaveKind::Qrs, Some(1), 2.96)]
        );
    }

    #[test]
    fn a_beat_that_the_lead_does_not_show_has_no_qrs() {
        assert_eq!(found(&[(2, 1.2, 1.4)], &[1.0]), [(WaveKind::T, Some(0), 1.2)]);
        assert!(found(&[], &[1.0, 2.0]).is_empty());
    }

    #[test]
    fn peaks_are_the_largest_deflection() {
        let mut samples = vec![0.1_f32; 500];
        samples[200] = -0.9;
        samples[230] = 0.6;
        let trace = Trace::new(Lead::V1, 500.0, samples);
        assert_eq!(peak(&trace, WaveKind::Qrs, 0.36, 0.50), 0.4);
        assert_eq!(peak(&trace, WaveKind::T, 0.42, 0.50), 0.46);
        assert_eq!(peak(&trace, WaveKind::T, 9.0, 9.2), 9.1);
    }
}
