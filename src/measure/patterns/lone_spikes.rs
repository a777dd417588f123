//! Pacing spikes that stand before no QRS: of a pacemaker that does not capture, does not sense, or paces the atria.

use super::super::spikes::{
    LEAST_MV, LEAST_RATE_HZ, STANDS_OUT, enough, first_stroke, out_of_the_flat, sharpest, step,
};
use super::super::{Beat, Waves};
use crate::ecg::{Span, Trace};

/// A spike so long before an R point is that beat's, s.
const OF_A_BEAT_S: f64 = 0.25;
/// Within a QRS and so close to it, s, no spike can be told.
const BESIDE_QRS_S: f64 = 0.02;
/// Half of a QRS that was not bounded, s.
const HALF_QRS_S: f64 = 0.08;
/// The signal is searched in such pieces, s, each against the strokes so far to both sides of it, s.
const PIECE_S: f64 = 0.02;
const SURROUNDINGS_S: f64 = 0.2;
/// Strokes of several leads nearer than this are one spike, s.
const TOGETHER_S: f64 = 0.006;
/// A spike longer than this is drawn as a step, s.
const STROKE_S: f64 = 0.008;

/// A spike that stands before no QRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoneSpike {
    /// When, s.
    pub at_s: f64,
    /// From the onset of the QRS before it, s; `None` = none before.
    pub after_qrs_s: Option<f64>,
    /// To the onset of the next QRS, s; `None` = none after.
    pub before_qrs_s: Option<f64>,
    /// Does a P follow at once, so that the atria were paced?
    pub paces_atria: bool,
}

/// A P that starts so long after a spike is its own, s.
const ATRIAL_S: f64 = 0.08;

/// The spikes, by time.
pub(super) fn lone_spikes(traces: &[&Trace], beats: &[Beat], waves: &Waves) -> Vec<LoneSpike> {
    let qrs: Vec<Span> = (0..beats.len())
        .map(|beat| match waves.beats.get(beat).and_then(|waves| waves.qrs) {
            Some(qrs) => Span::new(qrs.onset_s, qrs.offset_s),
            None => Span::new(beats[beat].r_s - HALF_QRS_S, beats[beat].r_s + HALF_QRS_S),
        })
        .collect();
    let free = |at_s: f64| {
        let next = beats.partition_point(|beat| beat.r_s < at_s);
        let before = beats.get(next).is_some_and(|beat| beat.r_s - at_s < OF_A_BEAT_S);
        let inside = |beat: usize| {
            qrs.get(beat).is_some_and(|qrs| at_s > qrs.start_s - BESIDE_QRS_S && at_s < qrs.end_s + BESIDE_QRS_S)
        };
        !before && !inside(next) && !next.checked_sub(1).is_some_and(inside)
    };
    // between a QRS and the stretch that belongs to the next beat
    let starts = std::iter::once(f64::NEG_INFINITY).chain(qrs.iter().map(|qrs| qrs.end_s + BESIDE_QRS_S));
    let ends = beats.iter().map(|beat| beat.r_s - OF_A_BEAT_S).chain([f64::INFINITY]);
    let between: Vec<Span> =
        starts.zip(ends).filter(|(start_s, end_s)| end_s > start_s).map(|(a, b)| Span::new(a, b)).collect();
    let steps = waves.spikes.iter().flatten().any(|spike| spike.duration_s() > STROKE_S);
    let mut seen: Vec<(f64, usize)> = Vec::new();
    for (lead, trace) in traces.iter().enumerate().filter(|(_, trace)| trace.rate_hz >= LEAST_RATE_HZ) {
        seen.extend(strokes(trace, &between, &free).into_iter().map(|at_s| (at_s, lead)));
        if steps {
            seen.extend(steps_of(trace, &qrs, &free).into_iter().map(|at_s| (at_s, lead)));
        }
    }
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let together = seen.chunk_by(|a, b| b.0 - a.0 <= TOGETHER_S);
    let of_leads = |group: &&[(f64, usize)]| {
        let mut leads: Vec<usize> = group.iter().map(|(_, lead)| *lead).collect();
        leads.sort_unstable();
        leads.dedup();
        leads.len() >= enough(traces.len())
    };
    together
        .filter(of_leads)
        .map(|group| {
            let at_s = group[group.len() / 2].0;
            let next = qrs.partition_point(|qrs| qrs.start_s < at_s);
            let p_s = waves.lone_p.iter().map(|wave| wave.onset_s);
            LoneSpike {
                at_s,
                after_qrs_s: next.checked_sub(1).map(|last| at_s - qrs[last].start_s),
                before_qrs_s: qrs.get(next).map(|qrs| qrs.start_s - at_s),
                paces_atria: p_s.into_iter().any(|p_s| (-0.02..ATRIAL_S).contains(&(p_s - at_s))),
            }
        })
        .collect()
}

/// Strokes of one lead that stand out of their surroundings and rise out of a quiet signal, s.
fn strokes(trace: &Trace, between: &[Span], free: &impl Fn(f64) -> bool) -> Vec<f64> {
    let count = |time_s: f64| ((time_s * trace.rate_hz).round() as usize).max(1);
    let (piece, aside) = (count(PIECE_S), count(SURROUNDINGS_S));
    let mut out: Vec<f64> = Vec::new();
    let index =
        |time_s: f64| (((time_s - trace.start_s) * trace.rate_hz).max(0.0) as usize).min(trace.samples_mv.len());
    // most stretches have no stroke at all
    let ranges = between.iter().map(|span| (index(span.start_s), index(span.end_s)));
    let sharp = ranges.filter(|(from, to)| sharpest(trace, *from, *to) >= LEAST_MV);
    for from in sharp.flat_map(|(from, to)| (from..to).step_by(piece)) {
        let height = sharpest(trace, from, from + piece);
        if height < LEAST_MV {
            continue;
        }
        let Some(at) = first_stroke(trace, from, from + piece, height) else { continue };
        let at_s = trace.time_s(at);
        if !free(at_s) || !out_of_the_flat(trace, at) {
            continue;
        }
        // 8 ms to both sides is the spike itself; a QRS beside it does not count
        let own = count(0.008);
        let quiet = |range: std::ops::Range<usize>| {
            range.step_by(piece).filter(|from| free(trace.time_s(*from)) && free(trace.time_s(from + piece))).all(
                |from| {
                    let sharp = sharpest(trace, from, (from + piece).min(trace.samples_mv.len()));
                    height > STANDS_OUT * sharp.max(0.01)
                },
            )
        };
        if quiet(at.saturating_sub(aside)..at.saturating_sub(own + piece)) && quiet(at + own..at + aside) {
            out.push(at_s);
        }
    }
    out
}

/// Spikes of one lead that are drawn as steps, s.
fn steps_of(trace: &Trace, qrs: &[Span], free: &impl Fn(f64) -> bool) -> Vec<f64> {
    let index = |time_s: f64| ((time_s - trace.start_s) * trace.rate_hz).max(0.0) as usize;
    let gaps = qrs.windows(2).map(|pair| (index(pair[0].end_s + BESIDE_QRS_S), index(pair[1].start_s - OF_A_BEAT_S)));
    gaps.filter(|(from, to)| to > from)
        .filter_map(|(from, to)| step(trace, from, to))
        .map(|span| span.start_s)
        .filter(|at_s| free(*at_s))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{BeatClass, delineate};
    use crate::synth::{Kind, Noise, NoiseKind, Rhythm, Spec, generate};

    fn found(spec: &Spec) -> (Vec<LoneSpike>, Vec<f64>) {
        let made = generate(spec);
        let traces: Vec<&Trace> = made.recording.traces.iter().collect();
        let r_s = made.truth.r_s();
        let beats: Vec<Beat> =
            r_s.iter().map(|r_s| Beat { r_s: *r_s, class: BeatClass::Paced, confidence: 1.0 }).collect();
        let waves = delineate(&made.recording.traces, &[], &r_s, None);
        (lone_spikes(&traces, &beats, &waves), made.truth.lone_spikes_s)
    }

    #[test]
    fn spikes_without_a_beat_are_found_where_they_are() {
        for (every, seed) in [(3, 1), (4, 2), (2, 3)] {
            let rhythm = Rhythm::LostCapture { every };
            let (found, truth) = found(&Spec { rhythm, seed, ..Kind::Paced.spec(seed) });
            assert!(truth.len() >= 2 && found.len() == truth.len(), "{truth:?} {found:?}");
            for (spike, at_s) in found.iter().zip(&truth) {
                assert!((spike.at_s - at_s).abs() < 0.006 && !spike.paces_atria, "{at_s}: {spike:?}");
                assert!(spike.before_qrs_s.is_none_or(|s| s > 0.5) && spike.after_qrs_s.is_none_or(|s| s > 0.5));
            }
        }
    }

    #[test]
    fn no_other_rhythm_has_one_nor_has_noise() {
        for kind in Kind::ALL {
            for kind_of_noise in [NoiseKind::Muscle, NoiseKind::White] {
                let spec = Spec { noise: vec![Noise::snr_db(kind_of_noise, 12.0)], ..kind.spec(4) };
                assert_eq!(found(&spec).0, [], "{}", kind.name());
            }
        }
    }
}
