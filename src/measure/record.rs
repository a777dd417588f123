//! Measuring a recording: shapes and classes of its beats, median beats, and every value over the record. The one road of this folder.

use super::classes::classify;
use super::correct::{bazett, framingham, fridericia, hodges};
use super::deflections::measure_lead;
use super::median::medians;
use super::patterns::{Patterns, patterns};
use super::rate::{mean_and_sd, rates, usual_rr_s};
use super::shapes::shapes;
use super::t_end;
use super::{Beat, BeatClass, LeadMeasures, Measured, Measurements, MedianBeats, MedianMarks, Waves};
use crate::ecg::{Lead, Span, Trace};

/// Spread of RR (as a share of its mean) from which on fewer than [`BEATS_IF_IRREGULAR`] beats give no corrected QT.
const IRREGULAR: f64 = 0.20;
const BEATS_IF_IRREGULAR: usize = 10;
/// T lower than this in every lead gives no QT, mV.
const FLAT_T_MV: f64 = 0.05;
/// Areas of both leads below this give no axis, mV·s.
const NO_AXIS_MVS: f64 = 0.0004;

/// What measuring gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Measuring {
    /// The beats with their classes.
    pub beats: Vec<Beat>,
    /// Median beats; `None` = too few beats of one shape.
    pub medians: Option<MedianBeats>,
    /// Values over the record.
    pub measurements: Measurements,
    /// What a rhythm is told by beside these.
    pub patterns: Patterns,
}

/// Measures a recording from its traces, the beats found in it and their waves. `usable` in the order of `traces` (shorter = the rest may);
/// `gaps` are stretches where no lead can be read, by time.
pub fn measure(traces: &[Trace], usable: &[bool], beats: &[Beat], waves: &Waves, gaps: &[Span]) -> Measuring {
    let may = |index: usize| usable.get(index).copied().unwrap_or(true);
    let used: Vec<&Trace> = traces
        .iter()
        .enumerate()
        .filter(|(index, trace)| may(*index) && trace.rate_hz > 0.0)
        .map(|(_, trace)| trace)
        .collect();
    let mut beats = beats.to_vec();
    let mut measurements = rates(&beats, gaps);
    let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
    let shapes = shapes(&used, &r_s);
    let paced: Vec<bool> = waves.spikes.iter().map(Option::is_some).collect();
    classify(&mut beats, &waves.beats, &shapes, &paced);
    let patterns = patterns(&used, &beats, waves, &shapes);
    if let Some(reason) = measurements.rr_ms.reason() {
        // no rhythm, no intervals: what looks like waves then is noise
        measurements = Measurements::none(reason);
        return Measuring { beats, medians: None, measurements, patterns };
    }
    if let Some(reason) = unmeasurable(&patterns, &used, beats.len()) {
        // what seem to be beats of one shape are none: the rate alone is told, and that only where there are beats
        let without = patterns.no_qrs.is_empty();
        let none = Measurements::none(reason);
        let measurements = if without { with_rates(none, measurements) } else { none };
        return Measuring { beats, medians: None, measurements, patterns };
    }
    let medians = medians(&used, &beats, waves, &shapes);
    match medians.as_ref().and_then(|medians| Some((medians, medians.marks?))) {
        Some((medians, marks)) => {
            let rr_s = usual_rr_s(&beats, gaps);
            over_the_record(&mut measurements, (&beats, &rr_s), waves, medians, &marks);
        }
        None => {
            let reason = if medians.is_some() { "the QRS could not be bounded" } else { "too few beats of one shape" };
            measurements = Measurements { leads: Vec::new(), ..with_rates(Measurements::none(reason), measurements) };
        }
    }
    Measuring { beats, medians, measurements, patterns }
}

/// Why no beat stands for the rest: over most of the recording there is no QRS, or none like another.
fn unmeasurable(patterns: &Patterns, traces: &[&Trace], beats: usize) -> Option<&'static str> {
    let whole_s = traces.iter().map(|trace| trace.span().duration_s()).fold(0.0, f64::max);
    let without_s: f64 = patterns.no_qrs.iter().map(|stretch| stretch.span.duration_s()).sum();
    let changing: usize = patterns.changing.iter().map(|run| run.last + 1 - run.first).sum();
    if 2.0 * without_s > whole_s {
        Some("waves without QRS over most of the recording")
    } else if 2 * changing > beats {
        Some("fast beats that change their shape from beat to beat")
    } else {
        None
    }
}

/// The rates of one, all else of the other.
fn with_rates(other: Measurements, rates: Measurements) -> Measurements {
    Measurements {
        heart_rate_bpm: rates.heart_rate_bpm,
        rr_ms: rates.rr_ms,
        rr_min_ms: rates.rr_min_ms,
        rr_max_ms: rates.rr_max_ms,
        rr_sd_ms: rates.rr_sd_ms,
        ..other
    }
}

fn over_the_record(
    into: &mut Measurements,
    (beats, usual_rr_s): (&[Beat], &[f64]),
    waves: &Waves,
    medians: &MedianBeats,
    marks: &MedianMarks,
) {
    let count = medians.members.len();
    let ms = |from: f64, to: f64| 1000.0 * (to - from) / medians.rate_hz;
    let leads: Vec<LeadMeasures> =
        medians.leads.iter().map(|lead| measure_lead(lead, marks, medians.rate_hz)).collect();
    let paced = medians.members.iter().filter(|beat| beats[**beat].class == BeatClass::Paced).count() * 2 > count;
    let p_reason = if paced { "paced" } else { "no P wave found in most beats" };
    into.p_ms = marks.p.map_or_else(|| Measured::none(p_reason), |(from, to)| Measured::new(ms(from, to), count));
    into.pr_ms =
        marks.p.map_or_else(|| Measured::none(p_reason), |(from, _)| Measured::new(ms(from, marks.qrs.0), count));
    into.qrs_ms = Measured::new(ms(marks.qrs.0, marks.qrs.1), count);
    let tallest_t = leads.iter().filter_map(|lead| lead.t_mv).map(f64::abs).fold(0.0, f64::max);
    let qt = match marks.t {
        None => Err("no T wave found in most beats"),
        Some(_) if tallest_t < FLAT_T_MV => Err("T is flat (below 0.05 mV) in every lead"),
        Some((_, end)) => Ok(ms(marks.qrs.0, end)),
    };
    let measured = |value: Result<f64, &str>| value.map_or_else(Measured::none, |value| Measured::new(value, count));
    into.qt_ms = measured(qt);
    let by_limb = |limb: t_end::Limb| {
        measured(qt.and_then(|_| {
            let end = t_end::over_leads(medians, marks, &leads, limb).ok_or("no lead has a falling T limb")?;
            Ok(ms(marks.qrs.0, end))
        }))
    };
    (into.qt_tangent_ms, into.qt_threshold_ms) = (by_limb(t_end::tangent), by_limb(t_end::threshold));
    let qrs_ms = ms(marks.qrs.0, marks.qrs.1);
    into.jt_ms =
        measured(qt.and_then(|qt| {
            if qrs_ms >= 120.0 { Ok(qt - qrs_ms) } else { Err("QRS is below 120 ms: QT tells as much") }
        }));
    corrected(into, qt, usual_rr_s, count);
    axes(into, medians, marks, &leads, count);
    into.ptf_v1_mms = match leads.iter().find(|lead| lead.lead == Lead::V1) {
        // 1 mm = 0.1 mV
        Some(lead) => measured(lead.p_terminal_mvs.map(|area| -10.0 * area).ok_or(p_reason)),
        None => Measured::none("V1 is not recorded or not usable"),
    };
    let with_p: Vec<f64> = waves.beats.iter().filter_map(|waves| waves.pr_ms()).collect();
    into.p_share_percent = match waves.beats.len() {
        0 => Measured::none("no beats"),
        all => Measured::new(100.0 * with_p.len() as f64 / all as f64, all),
    };
    into.pr_sd_ms = if with_p.len() < 3 {
        Measured::none("fewer than 3 beats with a P wave")
    } else {
        let mean = with_p.iter().sum::<f64>() / with_p.len() as f64;
        let variance = with_p.iter().map(|pr| (pr - mean).powi(2)).sum::<f64>() / (with_p.len() - 1) as f64;
        Measured::new(variance.sqrt(), with_p.len())
    };
    into.t_alternans_mv = medians.t_alternans_mv.clone();
    into.leads = leads;
}

/// QTc four ways, on the mean RR of the beats that QT was measured on; an irregular rhythm wants many of them. Where ectopic beats leave fewer
/// than two such intervals: on the mean of all.
fn corrected(into: &mut Measurements, qt: Result<f64, &str>, usual_rr_s: &[f64], count: usize) {
    let all = || Some((into.rr_ms.value()? / 1000.0, into.rr_sd_ms.value()? / 1000.0));
    let (rr_s, sd_s) = mean_and_sd(usual_rr_s).or_else(all).unzip();
    let spread = sd_s.zip(rr_s).map_or(0.0, |(sd_s, rr_s)| sd_s / rr_s);
    let ready = match (qt, rr_s) {
        (Err(reason), _) => Err(reason),
        (_, None) => Err("no RR interval"),
        (Ok(_), _) if spread > IRREGULAR && count < BEATS_IF_IRREGULAR => {
            Err("RR spreads by more than 20 % over fewer than 10 beats")
        }
        (Ok(qt), Some(rr_s)) => Ok((qt, rr_s)),
    };
    let by = |formula: fn(f64, f64) -> f64| match ready {
        Ok((qt, rr_s)) => Measured::new(formula(qt, rr_s), count),
        Err(reason) => Measured::none(reason),
    };
    into.qtc_bazett_ms = by(bazett);
    into.qtc_fridericia_ms = by(fridericia);
    into.qtc_framingham_ms = by(framingham);
    into.qtc_hodges_ms = by(hodges);
}

/// Frontal axes by area: atan2(2 A(aVF) / √3, A(I)); aVF from I and II where it is not recorded.
fn axes(into: &mut Measurements, medians: &MedianBeats, marks: &MedianMarks, leads: &[LeadMeasures], count: usize) {
    let usable = |lead: &Lead| leads.iter().any(|measures| measures.lead == *lead && measures.measured());
    let area = |lead: &Lead, (from, to): (f64, f64), level: bool| -> Option<f64> {
        let samples = &medians.lead(lead).filter(|_| usable(lead))?.samples_mv;
        let part =
            samples.get(from.round().max(0.0) as usize..=(to.round().max(0.0) as usize).min(samples.len() - 1))?;
        if part.len() < 3 || part.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let (first, last) = if level { (part[0], part[part.len() - 1]) } else { (0.0, 0.0) };
        let steps = (part.len() - 1) as f32;
        let line = |at: usize| first + (last - first) * at as f32 / steps;
        let sum: f32 = part.iter().enumerate().map(|(at, value)| value - line(at)).sum();
        Some(f64::from(sum) / medians.rate_hz)
    };
    let axis = |ends: Option<(f64, f64)>, level: bool| -> Measured {
        let Some(ends) = ends else { return Measured::none("the wave was not found") };
        let (i, ii) = (area(&Lead::I, ends, level), area(&Lead::II, ends, level));
        let avf = area(&Lead::AvF, ends, level).or_else(|| Some(ii? - 0.5 * i?));
        match (i, avf) {
            (Some(i), Some(avf)) if i.abs().max(avf.abs()) >= NO_AXIS_MVS => {
                Measured::new((2.0 * avf / 3f64.sqrt()).atan2(i).to_degrees(), count)
            }
            (Some(_), Some(_)) => Measured::none("areas in I and aVF are near nothing"),
            _ => Measured::none("I and aVF (or II) are not both usable"),
        }
    };
    into.axis_p_deg = axis(marks.p, true);
    into.axis_qrs_deg = axis(Some(marks.qrs), false);
    into.axis_t_deg = axis(marks.t, true);
    into.qrs_t_angle_deg = match (into.axis_qrs_deg.value(), into.axis_t_deg.value()) {
        (Some(qrs), Some(t)) => {
            let apart = (qrs - t).abs() % 360.0;
            Measured::new(apart.min(360.0 - apart), count)
        }
        _ => Measured::none("the axes of QRS and T are not both known"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Changing, NoQrs};

    #[test]
    fn no_beat_stands_for_a_recording_without_qrs_or_of_beats_that_all_differ() {
        let trace = Trace::new(Lead::II, 100.0, vec![0.0; 1000]);
        let of = |without_s: f64, changing: usize| {
            let no_qrs = vec![NoQrs { span: Span::new(1.0, 1.0 + without_s), per_min: 250.0, leads: 1, of_leads: 1 }];
            let changing = vec![Changing { first: 0, last: changing - 1, shapes: 4 }];
            unmeasurable(&Patterns { no_qrs, changing, ..Default::default() }, &[&trace], 20)
        };
        assert_eq!(of(5.0, 10), None, "half of it");
        assert!(of(5.1, 4).is_some_and(|why| why.contains("without QRS")));
        assert!(of(4.0, 11).is_some_and(|why| why.contains("change their shape")));
        assert_eq!(unmeasurable(&Patterns::default(), &[], 0), None);
    }
}
