//! Pacing spikes: strokes of a few milliseconds just before the QRS, far steeper than anything the heart makes. Some recorders draw them as a
//! flat step of some 25 ms, so that they are seen on paper.

use super::classes::median;
use crate::dsp::vectorised;
use crate::ecg::{Span, Trace};

/// A spike stands so long before the R point at most, s.
const BEFORE_S: f64 = 0.24;
/// It is so much higher than its own surroundings 4 ms aside, mV.
pub(super) const LEAST_MV: f32 = 0.12;
/// The same, as a multiple of the sharpest stroke that is usual in the lead.
pub(super) const STANDS_OUT: f32 = 4.0;
/// Just before it the signal has moved by less than this share of its height.
const RISING: f32 = 0.3;
/// Below this rate a spike cannot be told, Hz.
pub(super) const LEAST_RATE_HZ: f64 = 250.0;
/// A spike drawn as a step jumps to a level, stays there and jumps back after so long, s …
const STEP_S: (f64, f64) = (0.010, 0.036);
/// … with both jumps within this, s, …
const JUMP_S: f64 = 0.004;
/// … the signal before and between them being flat for so long, s, …
const FLAT_S: f64 = 0.010;
/// … where nothing moves by more than this share of the jump.
const FLAT_SHARE: f32 = 0.2;

/// The spike before each beat, where at least three leads show it (two or one where there are few).
pub(super) fn spikes(traces: &[&Trace], beats_s: &[f64]) -> Vec<Option<Span>> {
    let mut seen: Vec<Vec<Span>> = vec![Vec::new(); beats_s.len()];
    for trace in traces.iter().filter(|trace| trace.rate_hz >= LEAST_RATE_HZ) {
        let index =
            |time_s: f64| (((time_s - trace.start_s) * trace.rate_hz).max(0.0) as usize).min(trace.samples_mv.len());
        // the sharpest stroke around each R point is what the QRS itself does
        let own = beats_s.iter().map(|r_s| f64::from(sharpest(trace, index(r_s - 0.03), index(r_s + 0.05)))).collect();
        let usual = median(own).unwrap_or(0.0) as f32;
        for (seen, r_s) in seen.iter_mut().zip(beats_s) {
            let (from, to) = (index(r_s - BEFORE_S), index(r_s - 0.015));
            let highest = sharpest(trace, from, to);
            let stands_out = highest >= LEAST_MV && highest > usual.min(0.5) && {
                let quiet = sharpest(trace, index(r_s - BEFORE_S - 0.3), from);
                highest > STANDS_OUT * quiet.max(0.01)
            };
            let place = stands_out.then(|| first_stroke(trace, from, to, highest)).flatten();
            if let Some(at) = place.filter(|at| out_of_the_flat(trace, *at)) {
                seen.push(Span::new(trace.time_s(at) - 0.002, trace.time_s(at) + 0.002));
            } else {
                seen.extend(step(trace, index(r_s - BEFORE_S), index(r_s - 0.005)));
            }
        }
    }
    let middle = |seen: &[Span], end: fn(&Span) -> f64| median(seen.iter().map(end).collect());
    let found: Vec<Option<Span>> = seen
        .iter()
        .map(|seen| {
            let span = Span::new(middle(seen, |span| span.start_s)?, middle(seen, |span| span.end_s)?);
            (seen.len() >= enough(traces.len())).then_some(span)
        })
        .collect();
    // a lone spike in a hundred beats is an artefact
    let count = found.iter().flatten().count();
    if count * 5 < beats_s.len() { vec![None; beats_s.len()] } else { found }
}

/// So many leads of so many must show a spike.
pub(super) fn enough(leads: usize) -> usize {
    match leads {
        0 | 1 => 1,
        2..=5 => 2,
        _ => 3,
    }
}

/// Strokes there and back are taken with both sides 4 ms away.
const ASIDE_S: f64 = 0.004;
/// Strokes that are looked at side by side.
const LANES: usize = 16;

/// The sides and the middle of every sample of a stretch, and its first sample: samples that have both sides.
fn sides(trace: &Trace, from: usize, to: usize) -> (usize, [&[f32]; 3]) {
    let samples = &trace.samples_mv;
    let aside = ((ASIDE_S * trace.rate_hz).round() as usize).max(1);
    let from = from.max(aside);
    let to = to.min(samples.len().saturating_sub(aside)).max(from);
    let part = |shift: usize| samples.get(from + shift - aside..to + shift - aside).unwrap_or_default();
    (from, [part(0), part(aside), part(2 * aside)])
}

/// A stroke there and back, mV: what the middle stands out by over the nearer of its sides, 0 where they lie on two sides of it.
#[inline(always)]
fn stroke(left: f32, here: f32, right: f32) -> f32 {
    let (a, b) = (here - left, here - right);
    let (up, down) = (if a < b { a } else { b }, if a > b { -a } else { -b });
    let most = if up > down { up } else { down };
    if most > 0.0 { most } else { 0.0 }
}

/// The sharpest stroke of a stretch, mV; a sample that is missing makes none.
pub(super) fn sharpest(trace: &Trace, from: usize, to: usize) -> f32 {
    let (_, [left, here, right]) = sides(trace, from, to);
    let count = left.len().min(here.len()).min(right.len());
    let (left, here, right) = (&left[..count], &here[..count], &right[..count]);
    let tops = vectorised(|| {
        let mut tops = [0.0_f32; LANES];
        let mut at = 0;
        while at + LANES <= count {
            for (lane, top) in tops.iter_mut().enumerate() {
                let found = stroke(left[at + lane], here[at + lane], right[at + lane]);
                *top = if found > *top { found } else { *top };
            }
            at += LANES;
        }
        for index in at..count {
            let found = stroke(left[index], here[index], right[index]);
            tops[0] = if found > tops[0] { found } else { tops[0] };
        }
        tops
    });
    tops.into_iter().fold(0.0, |top, found| if found > top { found } else { top })
}

/// Where a stretch has a stroke of this height.
pub(super) fn first_stroke(trace: &Trace, from: usize, to: usize, height_mv: f32) -> Option<usize> {
    let (from, [left, here, right]) = sides(trace, from, to);
    let mut strokes = left.iter().zip(here).zip(right).map(|((left, here), right)| stroke(*left, *here, *right));
    strokes.position(|stroke| stroke >= height_mv).map(|at| from + at)
}

/// Does a stroke rise out of a quiet signal all at once? The peak of a narrow R does not.
pub(super) fn out_of_the_flat(trace: &Trace, at: usize) -> bool {
    let count = |time_s: f64| ((time_s * trace.rate_hz).round() as usize).max(1);
    let stretch = at.checked_sub(count(0.020)).and_then(|from| trace.samples_mv.get(from..at - count(0.008)));
    let Some(before) = stretch.filter(|before| !before.is_empty()) else { return false };
    let (low, high) = before.iter().fold((f32::MAX, f32::MIN), |(low, high), mv| (low.min(*mv), high.max(*mv)));
    let level = 0.5 * (low + high);
    let (height, aside) = (trace.samples_mv[at] - level, trace.samples_mv[at - count(0.004)] - level);
    high - low <= RISING * height.abs() && aside * height.signum() <= RISING * height.abs()
}

/// A spike that is drawn as a flat step.
pub(super) fn step(trace: &Trace, from: usize, to: usize) -> Option<Span> {
    let samples = &trace.samples_mv;
    let count = |time_s: f64| ((time_s * trace.rate_hz).round() as usize).max(1);
    let (jump, flat) = (count(JUMP_S), count(FLAT_S));
    let range = |from: usize, to: usize| {
        let part = samples.get(from..to)?;
        let (low, high) = part.iter().fold((f32::MAX, f32::MIN), |(low, high), mv| (low.min(*mv), high.max(*mv)));
        Some(high - low)
    };
    (from.max(flat + jump)..to).find_map(|at| {
        // the jump lies just before `at`
        let up = samples[at] - samples[at - jump];
        let still = FLAT_SHARE * up.abs();
        let tall = up.abs() >= LEAST_MV;
        if !tall || range(at - jump - flat, at - jump + 1)? > still || range(at, at + flat)? > still {
            return None;
        }
        let back = |end: usize| {
            let down = samples.get(end + jump)? - samples[end];
            (down * up < 0.0 && down.abs() >= 0.5 * up.abs() && range(at, end + 1)? <= 2.0 * still)
                .then_some(end + jump)
        };
        let end = (at + count(STEP_S.0)..=at + count(STEP_S.1)).find_map(back)?;
        Some(Span::new(trace.time_s(at - jump), trace.time_s(end)))
    })
}

/// Around a beat that is a spike alone, from so long before it to so long after it, s …
const ALONE_S: (f64, f64) = (0.10, 0.15);
/// … nothing but the spike moves by more than this share of it.
const BESIDE: f32 = 0.4;

/// Is what was taken for a beat a pacing spike that the heart did not follow? Where most leads that show the stroke show nothing beside it.
pub(super) fn alone(traces: &[&Trace], r_s: f64) -> bool {
    let (mut shown, mut alone) = (0, 0);
    for trace in traces.iter().filter(|trace| trace.rate_hz >= LEAST_RATE_HZ) {
        let index =
            |time_s: f64| (((time_s - trace.start_s) * trace.rate_hz).max(0.0) as usize).min(trace.samples_mv.len());
        let (from, to) = (index(r_s - 0.06), index(r_s + 0.06));
        let height = sharpest(trace, from, to);
        if height < LEAST_MV {
            continue;
        }
        let Some(at) = first_stroke(trace, from, to, height).filter(|at| out_of_the_flat(trace, *at)) else { continue };
        shown += 1;
        let own = ((0.008 * trace.rate_hz).round() as usize).max(1);
        let sides = [index(r_s - ALONE_S.0)..at.saturating_sub(own), at + own..index(r_s + ALONE_S.1)];
        let (low, high) = sides
            .into_iter()
            .filter_map(|range| trace.samples_mv.get(range))
            .flatten()
            .fold((f32::MAX, f32::MIN), |(low, high), mv| (low.min(*mv), high.max(*mv)));
        alone += usize::from(high - low <= BESIDE * height);
    }
    alone >= enough(traces.len()) && 2 * alone > shown
}

/// A QRS starts after its spike, not with it.
pub(super) fn after_spike(onset_s: f64, spike: Option<Span>) -> f64 {
    /// An onset so long before the spike is of something else.
    const BEFORE_SPIKE_S: f64 = 0.05;
    match spike {
        Some(spike) if onset_s >= spike.start_s - BEFORE_SPIKE_S && onset_s < spike.end_s => spike.end_s,
        _ => onset_s,
    }
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
            let count = found.iter().flatten().count();
            if kind == Kind::Paced {
                assert!(count + 1 >= found.len(), "{count} of {}", found.len());
            } else {
                assert_eq!(count, 0, "{}", kind.name());
            }
        }
    }

    #[test]
    fn a_spike_drawn_as_a_step_is_one_and_the_qrs_starts_after_it() {
        let made = generate(&Kind::Normal.spec(6));
        let r_s = made.truth.r_s();
        let stepped = |trace: &Trace| {
            let mut samples: Vec<f32> = trace.samples_mv.to_vec();
            for r_s in &r_s {
                let from = ((r_s - 0.08) * trace.rate_hz) as usize;
                samples.iter_mut().skip(from).take(12).for_each(|mv| *mv -= 0.3);
            }
            Trace::new(trace.lead.clone(), trace.rate_hz, samples)
        };
        let traces: Vec<Trace> = made.recording.traces.iter().map(stepped).collect();
        let found = spikes(&traces.iter().collect::<Vec<_>>(), &r_s);
        assert!(found.iter().flatten().count() + 1 >= r_s.len(), "{found:?}");
        let (spike, r_s) = found.iter().zip(&r_s).find_map(|(spike, r_s)| Some((spike.as_ref()?, r_s))).expect("one");
        assert!(
            (spike.start_s - (r_s - 0.08)).abs() < 0.006 && (spike.duration_s() - 0.024).abs() < 0.009,
            "{spike:?}"
        );
        assert_eq!(after_spike(spike.start_s - 0.01, Some(*spike)), spike.end_s);
        assert_eq!(after_spike(spike.end_s + 0.01, Some(*spike)), spike.end_s + 0.01);
        assert_eq!(after_spike(1.0, None), 1.0);
    }

    #[test]
    fn the_peak_of_a_narrow_r_is_no_spike() {
        // 16 ms up, 16 ms down, then a deep S in which the R point lies
        let samples: Vec<f32> = (0..5000)
            .map(|index| match index % 400 {
                at @ 0..8 => 0.1 * at as f32,
                at @ 8..24 => 0.8 - 0.15 * (at - 8) as f32,
                at @ 24..36 => -1.6 + 0.1333 * (at - 24) as f32,
                _ => 0.0,
            })
            .collect();
        let traces: Vec<Trace> =
            crate::ecg::Lead::STANDARD.iter().map(|lead| Trace::new(lead.clone(), 500.0, samples.clone())).collect();
        let r_s: Vec<f64> = (1..12).map(|beat| 0.8 * f64::from(beat) + 0.048).collect();
        let found = spikes(&traces.iter().collect::<Vec<_>>(), &r_s);
        assert_eq!(found.iter().flatten().count(), 0, "{found:?}");
    }
}
