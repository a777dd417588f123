//! Measuring one lead on its median beat: the parts of the QRS, ST, P and T.
//!
//! Levels: QRS, ST and T against the level of the QRS onset, P against the level before P (UDMI4; IEC 60601-2-25). Smallest wave: 30 µV for 6 ms, seen
//! for 12 ms (IEC 60601-2-51 annex GG). One negative deflection alone is a QS: it counts as Q and as S.

use super::edges::{delta_wave, j_wave};
use super::{Deflection, LeadMeasures, MedianLead, MedianMarks};

/// Smallest wave, mV.
const LEAST_MV: f32 = 0.030;
/// … and s.
const LEAST_S: f64 = 0.012;
/// The last wave of a QRS has come back to so much of its height at J.
const RETURNED: f32 = 0.6;
/// A notch is so deep, as a share of the deflection it stands in, and at least so many mV.
const NOTCH: (f32, f32) = (0.04, 0.03);

/// Measures a lead.
pub(super) fn measure_lead(median: &MedianLead, marks: &MedianMarks, rate_hz: f64) -> LeadMeasures {
    let samples = &median.samples_mv;
    let none = |why: &str| LeadMeasures::none(median.lead.clone(), why);
    let (onset, offset) = marks.qrs;
    let (from, to) = (onset.round().max(0.0) as usize, offset.round().max(0.0) as usize);
    if to <= from + 2 || to >= samples.len() {
        return none("the QRS could not be bounded");
    }
    if samples[from..=to].iter().any(|value| !value.is_finite()) {
        return none("no samples in the QRS");
    }
    let at = |place: f64| -> Option<f64> {
        let (low, part) = (place.floor(), place.fract() as f32);
        if low < 0.0 {
            return None;
        }
        let (a, b) = (*samples.get(low as usize)?, *samples.get(low as usize + 1)?);
        let value = a + part * (b - a);
        value.is_finite().then_some(f64::from(value))
    };
    // the mean of 8 ms: one sample is noise
    let mean_at = |place: f64| -> Option<f64> {
        let half = 0.004 * rate_hz;
        let values: Option<Vec<f64>> = [-1.0, -0.5, 0.0, 0.5, 1.0].iter().map(|part| at(place + part * half)).collect();
        values.map(|values| values.iter().sum::<f64>() / values.len() as f64)
    };
    let after = |ms: f64| mean_at(offset + 1e-3 * ms * rate_hz);
    let qrs = &samples[from..=to];
    let parts = parts(qrs, rate_hz);
    let ms = |count: f64| 1000.0 * count / rate_hz;
    let deflection = |part: &Part| Deflection {
        peak_mv: f64::from(part.peak_mv),
        duration_ms: ms(seen(&qrs[part.first..part.end], part.peak_mv) as f64),
        peak_ms: ms(part.peak as f64 + from as f64 - onset),
    };
    let positive: Vec<&Part> = parts.iter().filter(|part| part.peak_mv > 0.0).collect();
    let first_r = positive.first().map(|part| part.first);
    let negative_before = parts.iter().find(|part| part.peak_mv < 0.0 && first_r.is_none_or(|r| part.first < r));
    let after_r: Vec<&Part> =
        parts.iter().filter(|part| part.peak_mv < 0.0 && first_r.is_some_and(|r| part.first > r)).collect();
    let qs = positive.is_empty() && negative_before.is_some();
    let largest = parts.iter().max_by(|a, b| a.area.total_cmp(&b.area));
    let last_r = positive.last().map(|part| last_top(&qrs[part.first..part.end]) + part.first);
    let (low, high) = range(qrs);
    let area: f32 = qrs.iter().sum();
    let t = marks.t.and_then(|(on, off)| wave_range(samples, on.max(offset + 0.06 * rate_hz), off, 0.0));
    let p = marks.p.and_then(|(on, off)| {
        let base = mean_at(on - 0.006 * rate_hz).or_else(|| mean_at(on))?;
        wave_range(samples, on, off.min(onset), base as f32)
    });
    // before J lies the last slope of the QRS
    let (st_j_mv, st_80_mv) = (after(4.0), after(80.0));
    LeadMeasures {
        lead: median.lead.clone(),
        withheld: None,
        p_mv: p.map(larger),
        p_range_mv: p,
        p_terminal_mvs: marks.p.map(|(on, off)| terminal(samples, on, off.min(onset), rate_hz)),
        q: negative_before.map(deflection),
        r: positive.first().map(|part| deflection(part)),
        s: after_r.first().map(|part| deflection(part)).or_else(|| negative_before.filter(|_| qs).map(deflection)),
        r2: positive.get(1).map(|part| deflection(part)),
        s2: after_r.get(1).map(|part| deflection(part)),
        qs,
        notched: largest.is_some_and(|part| notched(&qrs[part.first..part.end], part.peak_mv)),
        r_peak_ms: last_r.map(|peak| ms(peak as f64 + from as f64 - onset)),
        qrs_span_mv: Some(f64::from(high - low)),
        qrs_area_mvs: Some(f64::from(area) / rate_hz),
        t_mv: t.map(larger),
        t_range_mv: t,
        st_j_mv,
        st_40_mv: after(40.0),
        st_60_mv: after(60.0),
        st_80_mv,
        st_slope_mv_per_s: st_j_mv.zip(st_80_mv).map(|(j, later)| (later - j) / 0.080),
        delta: delta_wave(qrs, rate_hz),
        j_wave: j_wave(samples, (from, to), rate_hz),
    }
}

/// Samples of a part that stand out: its foot lies along the level and nobody counts it in.
fn seen(part: &[f32], peak_mv: f32) -> usize {
    let least = (0.06 * peak_mv.abs()).max(0.012);
    let stands_out = |value: &f32| value.abs() >= least;
    let first = part.iter().position(stands_out).unwrap_or(0);
    let end = part.iter().rposition(stands_out).map_or(part.len(), |last| last + 1);
    end.saturating_sub(first)
}

/// A run of one sign.
struct Part {
    first: usize,
    end: usize,
    peak: usize,
    peak_mv: f32,
    area: f32,
}

/// Runs of one sign that are waves.
fn parts(qrs: &[f32], rate_hz: f64) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut first = 0;
    while first < qrs.len() {
        let sign = qrs[first] >= 0.0;
        let end = (first..qrs.len()).find(|index| (qrs[*index] >= 0.0) != sign).unwrap_or(qrs.len());
        let part = &qrs[first..end];
        let top = (0..part.len()).max_by(|a, b| part[*a].abs().total_cmp(&part[*b].abs())).unwrap_or(0);
        let area = part.iter().map(|value| value.abs()).sum();
        all.push(Part { first, end, peak: first + top, peak_mv: part[top], area });
        first = end;
    }
    let long = |part: &Part| (part.end - part.first) as f64 >= (LEAST_S * rate_hz).max(1.0);
    // what rises at the end and stays there is the ST level, no wave of the QRS
    let returns = |part: &Part| part.end < qrs.len() || qrs[qrs.len() - 1].abs() <= RETURNED * part.peak_mv.abs();
    all.retain(|part| part.peak_mv.abs() >= LEAST_MV && long(part) && returns(part));
    // what lay between two waves of one sign was none
    let mut joined: Vec<Part> = Vec::new();
    for part in all {
        match joined.last_mut() {
            Some(last) if (last.peak_mv > 0.0) == (part.peak_mv > 0.0) => {
                last.end = part.end;
                last.area += part.area;
                if part.peak_mv.abs() > last.peak_mv.abs() {
                    (last.peak, last.peak_mv) = (part.peak, part.peak_mv);
                }
            }
            _ => joined.push(part),
        }
    }
    joined
}

/// The last maximum of a positive part that is a peak of its own: R′ of a notched R.
fn last_top(part: &[f32]) -> usize {
    let (top, height) =
        part.iter().enumerate().fold((0, 0.0_f32), |best, (at, v)| if *v > best.1 { (at, *v) } else { best });
    let deep = (NOTCH.0 * height).max(NOTCH.1);
    let mut last = top;
    let mut lowest = height;
    for at in top..part.len() {
        lowest = lowest.min(part[at]);
        let peak = part[at] > lowest + deep && part.get(at + 1).is_none_or(|next| *next <= part[at]);
        if peak && part[at] > 0.3 * height {
            (last, lowest) = (at, part[at]);
        }
    }
    last
}

/// Has a deflection two tops, or a shoulder where it should be steep?
fn notched(part: &[f32], peak_mv: f32) -> bool {
    let sign = peak_mv.signum();
    let height = peak_mv.abs();
    let deep = (NOTCH.0 * height).max(NOTCH.1);
    let value = |at: usize| sign * part[at];
    // two tops with a dip between them
    let (mut best, mut low) = (f32::MIN, f32::MAX);
    for at in 0..part.len() {
        if value(at) > best {
            if best > 0.25 * height && low < best - deep {
                return true;
            }
            (best, low) = (value(at), value(at));
        } else {
            low = low.min(value(at));
            if value(at) > low + deep && best > 0.25 * height && value(at) > 0.25 * height {
                return true;
            }
        }
    }
    // a shoulder: between 40 and 90 % of the height the slope nearly stops while it was and is steep
    let slopes: Vec<f32> = part.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let steepest = slopes.iter().copied().fold(0.0, f32::max);
    let top = (0..part.len()).fold(0, |top, at| if value(at) > value(top) { at } else { top });
    let guard = (part.len() / 12).max(1);
    let shoulder = |range: std::ops::Range<usize>| {
        range.clone().any(|at| {
            let inside = value(at) > 0.4 * height && value(at) < 0.9 * height && at.abs_diff(top) > 2 * guard;
            let before = slopes[range.start..at].iter().copied().fold(0.0, f32::max);
            let after = slopes[at..range.end].iter().copied().fold(0.0, f32::max);
            inside && slopes[at] < 0.12 * steepest && before > 0.35 * steepest && after > 0.35 * steepest
        })
    };
    shoulder(0..top.min(slopes.len())) || shoulder(top.min(slopes.len())..slopes.len())
}

fn range(values: &[f32]) -> (f32, f32) {
    values.iter().fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// The most positive and the most negative value over a base, each 0 where the wave does not go there.
fn wave_range(samples: &[f32], from: f64, to: f64, base: f32) -> Option<(f64, f64)> {
    let (from, to) = (from.round().max(0.0) as usize, to.round().max(0.0) as usize);
    let part = samples.get(from..=to.min(samples.len().checked_sub(1)?))?;
    let present: Vec<f32> = part.iter().copied().filter(|value| value.is_finite()).collect();
    if present.len() < 3 {
        return None;
    }
    let (low, high) = range(&present);
    Some((f64::from((high - base).max(0.0)), f64::from((low - base).min(0.0))))
}

fn larger((high, low): (f64, f64)) -> f64 {
    if high >= -low { high } else { low }
}

/// Depth × duration of the negative end of a P under the line between its ends (PR stands lower than what is before P): 0 where it ends upward.
fn terminal(samples: &[f32], from: f64, to: f64, rate_hz: f64) -> f64 {
    let (from, to) = (from.round().max(0.0) as usize, (to.round().max(0.0) as usize).min(samples.len()));
    if to < from + 3 {
        return 0.0;
    }
    let (first_mv, last_mv) = (samples[from], samples[to.min(samples.len() - 1)]);
    let line = |at: usize| first_mv + (last_mv - first_mv) * (at - from) as f32 / (to - from) as f32;
    let under = |at: usize| samples[at] - line(at);
    let mut end = to;
    // the very end stands at the line: go back to where it is under it
    while end > from && under(end - 1) > -0.005 && to - end < (0.03 * rate_hz) as usize {
        end -= 1;
    }
    let mut first = end;
    while first > from && under(first - 1) < 0.0 {
        first -= 1;
    }
    let depth = (first..end).map(under).fold(0.0_f32, f32::min);
    f64::from(depth) * (end - first) as f64 / rate_hz
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    /// A median beat at 500 Hz from half sines (from ms, to ms, mV), R onset at 100 ms and offset at 200 ms.
    fn measured(waves: &[(f64, f64, f64)]) -> LeadMeasures {
        let value = |index: usize| {
            let ms = 2.0 * index as f64;
            let inside = |(from, to, mv): &(f64, f64, f64)| {
                let part = (ms - from) / (to - from);
                if (0.0..1.0).contains(&part) { mv * (std::f64::consts::PI * part).sin() } else { 0.0 }
            };
            waves.iter().map(inside).sum::<f64>() as f32
        };
        let lead = MedianLead { lead: Lead::V1, samples_mv: (0..400).map(value).collect() };
        let marks = MedianMarks { p: Some((10.0, 45.0)), qrs: (50.0, 100.0), t: Some((150.0, 250.0)) };
        measure_lead(&lead, &marks, 500.0)
    }

    #[test]
    fn q_r_s_are_told_apart() {
        let found = measured(&[(100.0, 120.0, -0.1), (120.0, 160.0, 1.2), (160.0, 200.0, -0.4), (300.0, 500.0, 0.3)]);
        let peak = |wave: Option<Deflection>| (100.0 * wave.expect("there").peak_mv).round() / 100.0;
        assert_eq!((peak(found.q), peak(found.r), peak(found.s)), (-0.1, 1.2, -0.4));
        assert!(found.r2.is_none() && !found.qs && !found.notched);
        assert!((found.r_peak_ms.expect("there") - 40.0).abs() < 2.5);
        assert!((found.t_mv.expect("there") - 0.3).abs() < 0.01);
        assert!(found.st_j_mv.expect("there").abs() < 0.02);
        assert!((found.q.expect("there").duration_ms - 20.0).abs() < 4.1);
    }

    #[test]
    fn a_single_negative_is_q_and_s() {
        let found = measured(&[(100.0, 200.0, -1.0)]);
        assert!(found.qs && found.q == found.s && found.r.is_none());
        assert_eq!(found.r_mv(), Some(0.0));
        assert!((found.s_mv().expect("there") - 1.0).abs() < 0.01);
    }

    #[test]
    fn right_block_has_a_second_r_and_a_late_peak() {
        let found = measured(&[(100.0, 125.0, 0.3), (125.0, 150.0, -0.4), (150.0, 200.0, 0.9)]);
        assert!((found.r2.expect("there").peak_mv - 0.9).abs() < 0.02);
        assert!(found.r_peak_ms.expect("there") > 65.0);
    }

    #[test]
    fn st_elevation_after_a_deep_s_is_no_r() {
        // the ST level stands 0.25 mV up from J on
        let found = measured(&[(100.0, 180.0, -1.8), (180.0, 400.0, 0.25)]);
        assert!(found.qs && found.r.is_none() && found.r2.is_none(), "{found:?}");
        assert!((found.s_mv().expect("there") - 1.8).abs() < 0.02);
    }

    #[test]
    fn notches_are_seen() {
        assert!(measured(&[(100.0, 160.0, 1.0), (140.0, 200.0, 1.0)]).notched);
        assert!(!measured(&[(100.0, 200.0, 1.0)]).notched);
    }

    #[test]
    fn the_negative_end_of_p_is_measured() {
        let found = measured(&[(20.0, 50.0, 0.1), (50.0, 90.0, -0.1), (100.0, 200.0, 1.0)]);
        let terminal = found.p_terminal_mvs.expect("there");
        assert!((terminal + 0.1 * 0.040).abs() < 0.0008, "{terminal}");
        let upright = measured(&[(20.0, 90.0, 0.1), (100.0, 200.0, 1.0)]);
        assert!(upright.p_terminal_mvs.expect("there").abs() < 0.0005);
    }

    #[test]
    fn nothing_is_withheld() {
        let lead = MedianLead { lead: Lead::V1, samples_mv: vec![f32::NAN; 400].into() };
        let marks = MedianMarks { p: None, qrs: (50.0, 100.0), t: None };
        assert!(measure_lead(&lead, &marks, 500.0).withheld.is_some());
        let beyond = MedianMarks { p: None, qrs: (50.0, 900.0), t: None };
        assert!(measure_lead(&lead, &beyond, 500.0).withheld.is_some());
    }
}
