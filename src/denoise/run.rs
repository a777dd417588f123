//! The stages in their order, over traces of any rate, length and number.
//!
//! Traces that share rate, start and length are denoised together. Long ones run in windows of 60 s that fade into each other, so time and memory
//! stay linear. Gaps are bridged by straight lines for the work and are gaps again in the answer.

use super::baseline::{HALF_HZ, baseline};
use super::beats::{align, tiles};
use super::daubechies::Daubechies;
use super::limb::{Tie, tie};
use super::morlet::Morlet;
use super::{Denoised, Options};
use crate::ecg::Trace;

/// Rates below this are left alone, Hz.
const LOWEST_RATE_HZ: f64 = 100.0;
/// A recording of up to this length is one window, s.
const ONE_WINDOW_S: f64 = 75.0;
/// Length of a window and how much of it the next one shares, s.
const WINDOW_S: f64 = 60.0;
const SHARED_S: f64 = 10.0;
/// The fade leaves this much of the shared stretch at both ends to one window alone, s.
const EDGE_S: f64 = 2.0;
/// Below this share of beats in the largest group the level of single shapes is open.
const MANY_SHAPES: f64 = 0.6;

/// Denoises traces in mV with beats at `r_s` (s from the start of the recording, found above).
///
/// Works from 100 Hz on, with one lead or many, flat leads and gaps (NaN) included. Every stage estimates noise and subtracts it. With fewer than
/// three beats in a window the baseline is the smoother alone; the notes say so. Order, rate, length and gaps of the traces stay.
pub fn denoise(traces: &[Trace], r_s: &[f64], options: &Options) -> Denoised {
    let mut outcome = Outcome::default();
    let mut out: Vec<Trace> = traces.to_vec();
    let mut done = vec![false; traces.len()];
    for at in 0..traces.len() {
        if done[at] {
            continue;
        }
        let alike = |other: &Trace| {
            let trace = &traces[at];
            (other.rate_hz, other.start_s, other.samples_mv.len())
                == (trace.rate_hz, trace.start_s, trace.samples_mv.len())
        };
        let among: Vec<usize> = (at..traces.len()).filter(|other| *other == at || alike(&traces[*other])).collect();
        among.iter().for_each(|other| done[*other] = true);
        let rate_hz = traces[at].rate_hz;
        if !(rate_hz >= LOWEST_RATE_HZ && rate_hz.is_finite()) {
            outcome.note(format!(
                "{rate_hz:.0} Hz is too low a rate for denoising: {} left as stored",
                names(traces, &among)
            ));
            continue;
        }
        together(traces, &among, r_s, options, &mut out, &mut outcome);
    }
    Denoised { traces: out, method: outcome.method.join(" \u{b7} "), notes: outcome.notes }
}

/// What ran and what is to be said about it, each once.
#[derive(Default)]
struct Outcome {
    method: Vec<String>,
    notes: Vec<String>,
}

impl Outcome {
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn ran(&mut self, stage: String) {
        if !self.method.contains(&stage) {
            self.method.push(stage);
        }
    }
}

fn names(traces: &[Trace], among: &[usize]) -> String {
    among.iter().map(|at| traces[*at].lead.name()).collect::<Vec<_>>().join(", ")
}

/// Traces that share rate, start and length.
fn together(
    traces: &[Trace],
    among: &[usize],
    r_s: &[f64],
    options: &Options,
    out: &mut [Trace],
    outcome: &mut Outcome,
) {
    let (rate_hz, start_s) = (traces[among[0]].rate_hz, traces[among[0]].start_s);
    let count = traces[among[0]].samples_mv.len();
    let tie = tie(traces, among);
    let follows = |at: usize| tie.as_ref().is_some_and(|tie| tie.follows.iter().any(|follows| follows.at == at));
    let worked: Vec<usize> = among.iter().copied().filter(|at| !follows(*at) && traces[*at].present() > 0).collect();
    if worked.is_empty() || count < 4 {
        return;
    }
    let mut results: Vec<Vec<f32>> = vec![vec![0.0; count]; worked.len()];
    let windows = windows(count, rate_hz);
    let mut few_beats = 0;
    let mut many_shapes = false;
    for (number, &(first, end)) in windows.iter().enumerate() {
        let mut leads: Vec<Vec<f32>> = worked.iter().map(|at| bridged(&traces[*at].samples_mv, first, end)).collect();
        let r: Vec<usize> = r_s
            .iter()
            .map(|r_s| ((r_s - start_s) * rate_hz).round())
            .filter(|r| *r >= first as f64 && *r < end as f64)
            .map(|r| r as usize - first)
            .collect();
        let seen = stages(&mut leads, &r, rate_hz, options, outcome);
        few_beats += usize::from(options.baseline && r.len() < 3);
        many_shapes |= seen.is_some_and(|share| share < MANY_SHAPES);
        let shared_end = if number > 0 { windows[number - 1].1 } else { first };
        for (result, lead) in results.iter_mut().zip(&leads) {
            for (index, value) in lead.iter().enumerate() {
                let at = first + index;
                let weight = fade(at, first, shared_end, rate_hz);
                result[at] += weight * (value - result[at]);
            }
        }
    }
    if few_beats > 0 {
        let place =
            if windows.len() > 1 { format!(" in {few_beats} of {} windows", windows.len()) } else { String::new() };
        outcome.note(format!("fewer than three beats{place}: baseline by the smoother alone, which bends ST"));
    }
    if many_shapes {
        outcome.note(
            "fewer than 60 % of the beats share one shape: the ST level of single shapes is less sure".to_owned(),
        );
    }
    if let Some(tie) = &tie {
        derive(traces, tie, &worked, &results, out);
    }
    for (at, mut result) in worked.into_iter().zip(results) {
        keep_gaps(&traces[at].samples_mv, &mut result);
        out[at].samples_mv = result.into();
    }
}

/// Leads that follow from I and II get what the laws give; they keep their own gaps.
fn derive(traces: &[Trace], tie: &Tie, worked: &[usize], results: &[Vec<f32>], out: &mut [Trace]) {
    let row = |lead: usize| worked.iter().position(|at| *at == lead).map(|place| &results[place]);
    let (Some(i), Some(ii)) = (row(tie.lead_i), row(tie.lead_ii)) else { return };
    for follows in &tie.follows {
        let mut values: Vec<f32> = i.iter().zip(ii).map(|(i, ii)| follows.value(*i, *ii)).collect();
        keep_gaps(&traces[follows.at].samples_mv, &mut values);
        out[follows.at].samples_mv = values.into();
    }
}

/// The three stages on one window, in place. Returns the share of beats in the largest shape, where templates were made.
fn stages(leads: &mut [Vec<f32>], r: &[usize], rate_hz: f64, options: &Options, outcome: &mut Outcome) -> Option<f64> {
    let count = leads.first().map_or(0, Vec::len);
    let mut r = r.to_vec();
    r.sort_unstable();
    r.dedup();
    if r.len() >= 3 && (options.baseline || options.morlet || options.daubechies) {
        r = align(leads, rate_hz, &r);
    }
    let mut share = None;
    if options.baseline {
        let found = baseline(leads, &tiles(&r, count, rate_hz), rate_hz);
        let part = 1.0 - options.gain.unwrap_or(0.0);
        for (lead, curve) in leads.iter_mut().zip(&found.leads) {
            lead.iter_mut().zip(curve).for_each(|(value, curve)| *value -= part * curve);
        }
        share = found.largest_group;
        outcome.ran(format!("baseline {HALF_HZ} Hz"));
    }
    let beats_s: Vec<f64> = r.iter().map(|r| *r as f64 / rate_hz).collect();
    if options.morlet {
        match Morlet::new(count, rate_hz, &beats_s) {
            Some(stage) => {
                leads.iter_mut().for_each(|lead| stage.apply(lead, options.gain));
                outcome.ran(stage.name());
            }
            None => outcome.note(format!("Morlet stage left out: nothing of its band at {rate_hz:.0} Hz")),
        }
    }
    if options.daubechies {
        match Daubechies::new(count, rate_hz, &beats_s) {
            Some(stage) => {
                leads.iter_mut().for_each(|lead| stage.apply(lead, options.gain));
                outcome.ran(stage.name());
            }
            None => outcome.note(format!("Daubechies stage left out: nothing of its band at {rate_hz:.0} Hz")),
        }
    }
    share
}

/// First sample and end of each window; the last one takes what is left.
fn windows(count: usize, rate_hz: f64) -> Vec<(usize, usize)> {
    let samples = |seconds: f64| (seconds * rate_hz) as usize;
    if count <= samples(ONE_WINDOW_S) {
        return vec![(0, count)];
    }
    let mut windows = Vec::new();
    let mut first = 0;
    loop {
        let end = first + samples(WINDOW_S);
        if end + samples(ONE_WINDOW_S - WINDOW_S) >= count {
            windows.push((first, count));
            return windows;
        }
        windows.push((first, end));
        first = end - samples(SHARED_S);
    }
}

/// Weight of the new window at a sample: 0 where the one before still stands alone, 1 where the new one does.
fn fade(at: usize, first: usize, shared_end: usize, rate_hz: f64) -> f32 {
    let edge = EDGE_S * rate_hz;
    let (from, to) = (first as f64 + edge, shared_end as f64 - edge);
    if to <= from || at >= shared_end { 1.0 } else { ((at as f64 - from) / (to - from)).clamp(0.0, 1.0) as f32 }
}

/// A stretch of samples with its gaps bridged by straight lines (beyond the first and last sample: its value; of nothing: zeros).
fn bridged(samples: &[f32], first: usize, end: usize) -> Vec<f32> {
    let mut values = samples[first..end].to_vec();
    let mut last: Option<usize> = None;
    for index in 0..values.len() {
        if !values[index].is_finite() {
            continue;
        }
        let gap = last.map_or(0, |last| last + 1)..index;
        let (from, span) = (last.map_or(values[index], |last| values[last]), (gap.len() + 1) as f32);
        for (step, at) in gap.enumerate() {
            values[at] = from + (values[index] - from) * (step + 1) as f32 / span;
        }
        last = Some(index);
    }
    let (rest, value) = last.map_or((0, 0.0), |last| (last + 1, values[last]));
    values[rest..].fill(value);
    values
}

fn keep_gaps(samples: &[f32], result: &mut [f32]) {
    for (value, sample) in result.iter_mut().zip(samples) {
        if !sample.is_finite() {
            *value = f32::NAN;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_all_and_share_their_ends() {
        for seconds in [1, 75, 76, 130, 3600] {
            let windows = windows(seconds * 500, 500.0);
            assert_eq!((windows[0].0, windows[windows.len() - 1].1), (0, seconds * 500));
            for pair in windows.windows(2) {
                assert_eq!(pair[0].1 - pair[1].0, 5000);
                assert_eq!(fade(pair[1].0, pair[1].0, pair[0].1, 500.0), 0.0);
                assert_eq!(fade(pair[0].1, pair[1].0, pair[0].1, 500.0), 1.0);
            }
        }
    }

    #[test]
    fn gaps_are_bridged_by_lines() {
        let nan = f32::NAN;
        assert_eq!(bridged(&[nan, 1.0, nan, nan, 4.0, nan], 0, 6), [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
        assert_eq!(bridged(&[nan, nan], 0, 2), [0.0, 0.0]);
    }
}
