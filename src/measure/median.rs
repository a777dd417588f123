//! Median beats: one aligned beat a lead, the median over the beats of the dominant shape.

use std::sync::Arc;

use super::classes::median;
use super::shapes::Shapes;
use super::{Beat, BeatClass, BeatWaves, Measured, Waves, alternans};
use crate::dsp::{Row, column_medians};
use crate::ecg::{Lead, Trace};

/// Longest stretch of a median beat before and after R, s.
const BEFORE_S: f64 = 0.42;
const AFTER_S: f64 = 0.78;
/// Fewer beats give no median.
const LEAST: usize = 2;
/// More beats are not needed: those of best likeness are taken evenly over the recording.
const MOST: usize = 240;

/// The median beat of one lead.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianLead {
    /// The lead.
    pub lead: Lead,
    /// Samples in mV, 0 at the level of the QRS onset; all leads have the same length and R.
    pub samples_mv: Arc<[f32]>,
}

/// Places in a median beat over all leads, samples from its start (fractions allowed).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedianMarks {
    /// P onset and offset, where there is a P.
    pub p: Option<(f64, f64)>,
    /// QRS onset and offset (the J point).
    pub qrs: (f64, f64),
    /// T onset and end, where there is a T.
    pub t: Option<(f64, f64)>,
}

/// The median beats of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianBeats {
    /// Samples per second.
    pub rate_hz: f64,
    /// Sample of the R point.
    pub r: usize,
    /// Lead by lead.
    pub leads: Vec<MedianLead>,
    /// Numbers of the beats that it is the median of.
    pub members: Vec<usize>,
    /// Global marks; `None` = no QRS boundaries could be told.
    pub marks: Option<MedianMarks>,
    /// What the T waves of every other beat differ by, the largest over the leads, mV.
    pub t_alternans_mv: Measured,
}

impl MedianBeats {
    /// The median beat of a lead.
    pub fn lead(&self, lead: &Lead) -> Option<&MedianLead> {
        self.leads.iter().find(|median| median.lead == *lead)
    }
}

/// Median beats of the dominant shape over the traces that are used; `None` = too few beats of one shape.
///
/// Each beat is levelled by straight lines between the levels just before the QRS onsets of neighbouring beats, put in step by its shape,
/// and joined by the median, sample by sample.
pub(super) fn medians(traces: &[&Trace], beats: &[Beat], waves: &Waves, shapes: &Shapes) -> Option<MedianBeats> {
    let rate_hz = traces.iter().map(|trace| trace.rate_hz).fold(0.0, f64::max);
    let dominant = shapes.dominant?;
    let usual = |beat: &usize| {
        !matches!(beats[*beat].class, BeatClass::SupraventricularEctopic | BeatClass::VentricularEctopic)
    };
    let mut members: Vec<usize> = shapes.members(dominant).into_iter().filter(usual).collect();
    if members.len() < LEAST {
        members = shapes.members(dominant);
    }
    if members.len() < LEAST || !(50.0..=100_000.0).contains(&rate_hz) {
        return None;
    }
    let step = members.len().div_ceil(MOST);
    let members: Vec<usize> = members.into_iter().step_by(step).collect();
    let rr_s = median(beats.windows(2).map(|pair| pair[1].r_s - pair[0].r_s).collect()).unwrap_or(1.0);
    let before = (BEFORE_S.min(0.55 * rr_s) * rate_hz) as usize;
    let after = (AFTER_S.min(0.92 * rr_s) * rate_hz) as usize;
    let onset_s = |beat: usize| match waves.beats.get(beat).and_then(|waves| waves.qrs) {
        Some(qrs) => qrs.onset_s,
        None => beats[beat].r_s - 0.05,
    };
    let aligned_s = |beat: usize| beats[beat].r_s + shapes.shift_s[beat];
    let marks = marks(&members, &waves.beats, aligned_s, before as f64, rate_hz);
    let in_a_row = alternans::in_a_row(beats, &members);
    let t_wave = marks.as_ref().and_then(|marks| Some(alternans::stretch(marks.qrs.1, marks.t?.1, rate_hz)));
    let mut apart = Vec::with_capacity(traces.len());
    let leads = traces
        .iter()
        .map(|trace| {
            let levels: Vec<(f64, f32)> =
                members.iter().filter_map(|beat| Some((onset_s(*beat), level(trace, onset_s(*beat))?))).collect();
            let rows: Vec<Vec<f32>> =
                members.iter().map(|beat| row(trace, aligned_s(*beat), &levels, (before, after), rate_hz)).collect();
            let in_a_row = in_a_row.as_ref().ok().and_then(|beats| rows.get(beats.clone()));
            apart.push(
                in_a_row.zip(t_wave.clone()).and_then(|(rows, t_wave)| alternans::of_lead(rows, t_wave, rate_hz)),
            );
            let beside: Vec<Row<'_>> = rows.iter().map(|row| (0, row.as_slice())).collect();
            MedianLead { lead: trace.lead.clone(), samples_mv: column_medians(&beside, before + after + 1).into() }
        })
        .collect();
    let t_alternans_mv = match in_a_row {
        Ok(beats) => alternans::over_leads(apart.into_iter(), beats.len()),
        Err(reason) => Measured::none(reason),
    };
    Some(MedianBeats { rate_hz, r: before, leads, members, marks, t_alternans_mv })
}

/// Mean of the 12 ms that end 4 ms before a moment.
fn level(trace: &Trace, moment_s: f64) -> Option<f32> {
    let part = trace.slice(crate::ecg::Span::new(moment_s - 0.016, moment_s - 0.004));
    let present: Vec<f32> = part.iter().copied().filter(|value| value.is_finite()).collect();
    (!present.is_empty()).then(|| present.iter().sum::<f32>() / present.len() as f32)
}

/// One beat at the common rate, levelled; NaN where the trace has no sample.
fn row(trace: &Trace, r_s: f64, levels: &[(f64, f32)], (before, after): (usize, usize), rate_hz: f64) -> Vec<f32> {
    let first_s = r_s - before as f64 / rate_hz;
    let step = trace.rate_hz / rate_hz;
    let first = (first_s - trace.start_s) * trace.rate_hz;
    let mut row = Vec::with_capacity(before + after + 1);
    fill(&mut row, &trace.samples_mv, (first, step), before + after + 1);
    let index = |time_s: f64| ((time_s - first_s) * rate_hz).ceil().clamp(0.0, (before + after + 1) as f64) as usize;
    let mut from = 0;
    for next in 0..=levels.len() {
        let to = levels.get(next).map_or(row.len(), |(until_s, _)| index(*until_s)).max(from);
        let last = next.checked_sub(1).and_then(|last| levels.get(last));
        take_off(&mut row[from..to], (first_s + from as f64 / rate_hz, 1.0 / rate_hz), last, levels.get(next));
        from = to;
    }
    row
}

/// `count` values at `first`, `first + step` …, straight lines between samples; NaN where there is none.
fn fill(row: &mut Vec<f32>, samples: &[f32], (first, step): (f64, f64), count: usize) {
    let part = (first - first.floor()) as f32;
    let inside = (step == 1.0 && first >= 0.0).then(|| samples.get(first as usize..)?.get(..count + 1)).flatten();
    match inside {
        // the same rate: the place between two samples is the same all along
        Some(samples) if part < 1e-3 => row.extend_from_slice(&samples[..count]),
        Some(samples) => row.extend(samples.windows(2).map(|pair| pair[0] + part * (pair[1] - pair[0]))),
        None => row.extend((0..count).map(|index| {
            let place = first + index as f64 * step;
            if place < 0.0 {
                return f32::NAN;
            }
            let low = place as usize;
            let part = (place - low as f64) as f32;
            let Some(value) = samples.get(low) else { return f32::NAN };
            let next = samples.get(low + 1).copied().unwrap_or(*value);
            if part < 1e-3 { *value } else { value + part * (next - value) }
        })),
    }
}

/// Takes off the level between two known ones: a straight line, or the nearest where the two are far apart or one is missing.
fn take_off(part: &mut [f32], (first_s, step_s): (f64, f64), last: Option<&(f64, f32)>, next: Option<&(f64, f32)>) {
    let slope = match (last, next) {
        (Some((from_s, from)), Some((to_s, to))) if to_s - from_s < 2.5 => f64::from(to - from) / (to_s - from_s),
        (Some((from_s, _)), Some((to_s, _))) => {
            let middle = ((0.5 * (from_s + to_s) - first_s) / step_s).ceil().clamp(0.0, part.len() as f64) as usize;
            let (left, right) = part.split_at_mut(middle);
            take_off(left, (first_s, step_s), last, None);
            take_off(right, (first_s, step_s), None, next);
            return;
        }
        _ => 0.0,
    };
    let Some((known_s, known)) = last.or(next) else { return };
    let (level, slope) = ((f64::from(*known) + slope * (first_s - known_s)) as f32, (slope * step_s) as f32);
    for (index, value) in part.iter_mut().enumerate() {
        *value -= level + slope * index as f32;
    }
}

/// Global marks: the median over the members of each global end, in step with the median beat.
fn marks(
    members: &[usize],
    waves: &[BeatWaves],
    aligned_s: impl Fn(usize) -> f64,
    before: f64,
    rate_hz: f64,
) -> Option<MedianMarks> {
    let place = |end_s: &dyn Fn(&BeatWaves) -> Option<f64>| {
        let ends = members.iter().filter_map(|beat| Some(end_s(waves.get(*beat)?)? - aligned_s(*beat))).collect();
        median(ends).map(|end_s| before + end_s * rate_hz)
    };
    let share = |found: &dyn Fn(&BeatWaves) -> bool| {
        let count = members.iter().filter(|beat| waves.get(**beat).is_some_and(found)).count();
        count as f64 / members.len().max(1) as f64
    };
    let both = |from: Option<f64>, to: Option<f64>| from.zip(to);
    let half = |there: bool, ends: Option<(f64, f64)>| ends.filter(|_| there);
    Some(MedianMarks {
        p: half(
            share(&|waves| waves.p.is_some()) >= 0.5,
            both(place(&|waves| Some(waves.p?.onset_s)), place(&|waves| Some(waves.p?.offset_s))),
        ),
        qrs: both(place(&|waves| Some(waves.qrs?.onset_s)), place(&|waves| Some(waves.qrs?.offset_s)))?,
        t: half(
            share(&|waves| waves.t.is_some()) >= 0.5,
            both(place(&|waves| Some(waves.t?.onset_s)), place(&|waves| Some(waves.t?.offset_s))),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::shapes::shapes;
    use crate::synth::{Kind, Noise, NoiseKind, Spec, generate};

    #[test]
    fn levels_are_straight_lines_between_near_beats_and_the_nearest_elsewhere() {
        let level = |time_s: f64| match time_s {
            time_s if time_s < 1.0 => 2.0,
            time_s if time_s < 2.0 => 2.0 + 3.0 * (time_s - 1.0) as f32,
            time_s if time_s < 4.0 => 5.0,
            _ => -1.0,
        };
        let samples_mv: Vec<f32> = (0..800).map(|index| level(f64::from(index) / 100.0)).collect();
        let trace = Trace::new(Lead::II, 100.0, samples_mv);
        let row = row(&trace, 4.0, &[(1.0, 2.0), (2.0, 5.0), (6.0, -1.0)], (500, 500), 100.0);
        assert!(row[..100].iter().chain(&row[900..]).all(|value| value.is_nan()));
        let off = row[100..900].iter().map(|value| value.abs()).fold(0.0, f32::max);
        assert!(off < 1e-4, "{off}");
    }

    #[test]
    fn the_median_of_noisy_beats_is_near_the_clean_beat() {
        let spec = Spec { breathing: false, ..Kind::Normal.spec(2) };
        let clean = generate(&spec);
        let noise = vec![Noise::snr_db(NoiseKind::White, 12.0), Noise::snr_db(NoiseKind::Wander, 3.0)];
        let noisy = generate(&Spec { noise, ..spec });
        let median_of = |made: &crate::synth::Synthetic| {
            let beats: Vec<Beat> = made
                .truth
                .r_s()
                .into_iter()
                .map(|r_s| Beat { r_s, class: BeatClass::Normal, confidence: 1.0 })
                .collect();
            let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
            let traces: Vec<&Trace> = made.recording.traces.iter().collect();
            let waves = crate::measure::delineate(&made.recording.traces, &[], &r_s, None);
            medians(&traces, &beats, &waves, &shapes(&traces, &r_s)).expect("enough beats")
        };
        let (a, b) = (median_of(&clean), median_of(&noisy));
        for (a, b) in a.leads.iter().zip(&b.leads) {
            // around the QRS: farther out the two may differ by what wander leaves
            for index in 150..300 {
                assert!((a.samples_mv[index] - b.samples_mv[index]).abs() < 0.12, "{} at {index}", a.lead);
            }
        }
    }
}
