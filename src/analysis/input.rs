//! What of a recording the network may read: which leads, which windows, and the reasons where it may not.
//!
//! The network was trained on ten seconds of twelve leads with single leads dropped; one chest lead less cost it little, all chest leads less much.
//! So it wants two limb leads (the third and the augmented ones follow from them) and five of V1–V6; less is withheld, with the reason.

use super::facts::{merged, names};
use crate::dsp::resample;
use crate::ecg::{Lead, Recording, Span, Trace};
use crate::quality::{DefectKind, Quality, Usable};

/// Length of a window, s.
pub(super) const WINDOW_S: f64 = 10.0;
/// From one window to the next, s.
pub(super) const STEP_S: f64 = 5.0;
/// A recording longer than a window by less than this is one window, s.
const SLACK_S: f64 = 0.5;
/// Shorter recordings are not read, s.
const SHORTEST_S: f64 = 2.0;
/// Slower sampling is not read, /s.
const SLOWEST_HZ: f64 = 100.0;

/// The part of a recording that the network may read.
pub(super) struct Readable<'a> {
    /// The twelve leads; what is missing or unusable throughout is `None`.
    pub leads: [Option<&'a Trace>; 12],
    /// Rate that all are brought to, /s.
    pub rate_hz: f64,
    /// The windows, by time.
    pub windows: Vec<Span>,
    /// End of the longest lead that is read, s.
    pub end_s: f64,
    /// What to know when reading the result.
    pub notes: Vec<String>,
}

/// What may be read, or the reason why nothing may.
pub(super) fn readable<'a>(recording: &'a Recording, quality: &Quality) -> Result<Readable<'a>, String> {
    if quality.usable == Usable::Unusable {
        return Err(format!("signal unusable: {}", quality.reasons.join("; ")));
    }
    let unusable = |lead: &Lead| quality.leads.iter().any(|own| own.lead == *lead && own.usable == Usable::Unusable);
    let leads = recording.standard().map(|trace| trace.filter(|trace| !unusable(&trace.lead)));
    enough(|index| leads[index].is_some())?;
    let used = || leads.iter().flatten();
    let slowest_hz = used().map(|trace| trace.rate_hz).fold(f64::INFINITY, f64::min);
    if slowest_hz < SLOWEST_HZ {
        return Err(format!("sampled at {slowest_hz:.0}/s: the network needs {SLOWEST_HZ:.0}/s or more"));
    }
    let end_s = used().map(|trace| trace.span().end_s).fold(0.0, f64::max);
    if end_s < SHORTEST_S {
        return Err(format!("only {end_s:.1} s long: the network needs {SHORTEST_S:.0} s or more"));
    }
    let mut notes = Vec::new();
    if end_s < WINDOW_S - 0.02 {
        notes.push(format!("only {end_s:.1} s long: the rest of the network's ten seconds is empty"));
    }
    let missing: Vec<Lead> =
        (0..12).filter(|index| leads[*index].is_none()).map(|index| Lead::STANDARD[index].clone()).collect();
    if !missing.is_empty() {
        notes.push(format!("read without {}", names(&missing)));
    }
    let rate_hz = used().map(|trace| trace.rate_hz).fold(0.0, f64::max);
    Ok(Readable { leads, rate_hz, windows: windows(end_s), end_s, notes })
}

/// Two limb leads and five chest leads, or the reason.
fn enough(present: impl Fn(usize) -> bool) -> Result<(), String> {
    let bipolar = (0..3).filter(|index| present(*index)).count();
    let chest = (6..12).filter(|index| present(*index)).count();
    if bipolar >= 2 && chest >= 5 {
        return Ok(());
    }
    let usable: Vec<Lead> =
        (0..12).filter(|index| present(*index)).map(|index| Lead::STANDARD[index].clone()).collect();
    let has = if usable.is_empty() { "none of the twelve".to_owned() } else { names(&usable) };
    Err(format!("fewer leads than needed: usable are {has}; the network needs two limb leads and five of V1–V6"))
}

/// One window for a recording of up to ten seconds; else one every five seconds, the last at the end.
fn windows(end_s: f64) -> Vec<Span> {
    if end_s <= WINDOW_S + SLACK_S {
        return vec![Span::new(0.0, WINDOW_S)];
    }
    let last_s = end_s - WINDOW_S;
    let count = (last_s / STEP_S).ceil() as usize;
    (0..=count).map(|step| (step as f64 * STEP_S).min(last_s)).map(|from| Span::new(from, from + WINDOW_S)).collect()
}

/// Samples of one window for each lead at the common rate, all equally long; leads that are bad for more than half of it are left out.
pub(super) type WindowLeads = [Option<Vec<f32>>; 12];

impl Readable<'_> {
    /// More than one window?
    pub(super) fn long(&self) -> bool {
        self.windows.len() > 1
    }

    /// The samples of a window, or the reason why it cannot be read. `bad` are stretches that cannot be read, by standard lead.
    pub(super) fn window(&self, span: Span, bad: &[Vec<Span>; 12]) -> Result<WindowLeads, String> {
        let readable = |index: usize, trace: &Trace| {
            let seen = trace.span().intersection(&span)?;
            let next = bad[index].partition_point(|bad| bad.end_s <= span.start_s);
            let near = bad[index][next..].iter().take_while(|bad| bad.start_s < span.end_s);
            let lost_s: f64 = near.filter_map(|bad| bad.intersection(&seen)).map(|bad| bad.duration_s()).sum();
            (seen.duration_s() - lost_s >= 0.5 * span.duration_s().min(seen.duration_s().max(SHORTEST_S)))
                .then(|| self.samples(trace, span))
        };
        let leads: WindowLeads =
            std::array::from_fn(|index| self.leads[index].and_then(|trace| readable(index, trace)));
        enough(|index| leads[index].is_some())?;
        let longest = leads.iter().flatten().map(Vec::len).max().unwrap_or(0);
        Ok(leads.map(|lead| {
            lead.map(|mut samples| {
                samples.resize(longest, f32::NAN);
                samples
            })
        }))
    }

    /// A trace in a window at the common rate: from the window's start to its own end, NaN where it has none.
    fn samples(&self, trace: &Trace, span: Span) -> Vec<f32> {
        let late = ((trace.start_s - span.start_s).max(0.0) * trace.rate_hz).round() as usize;
        let mut samples = vec![f32::NAN; late];
        samples.extend_from_slice(trace.slice(span));
        if trace.rate_hz == self.rate_hz {
            return samples;
        }
        // a filter cannot run over gaps: they become the value before them
        let mut last = samples.iter().copied().find(|value| value.is_finite()).unwrap_or(0.0);
        for value in &mut samples {
            last = if value.is_finite() { *value } else { last };
            *value = last;
        }
        resample(&samples, trace.rate_hz, self.rate_hz)
    }
}

/// Stretches of each standard lead in which nothing can be read, by time.
pub(super) fn bad_stretches(quality: &Quality) -> [Vec<Span>; 12] {
    std::array::from_fn(|index| {
        let own = quality.defects.iter().filter(|defect| {
            defect.lead == Lead::STANDARD[index] && !matches!(defect.kind, DefectKind::Wander | DefectKind::Mains)
        });
        merged(own.map(|defect| defect.span).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(recording: &Recording) -> Quality {
        crate::quality::assess(recording)
    }

    fn beating(lead: Lead, rate_hz: f64, duration_s: f64) -> Trace {
        let samples: Vec<f32> = (0..(duration_s * rate_hz) as usize)
            .map(|i| {
                let phase = (i as f64 / rate_hz) % 0.8;
                (1.0 - (phase - 0.3).abs() / 0.04).max(0.0) as f32 + 0.02 * ((i * 7919) % 13) as f32 / 13.0
            })
            .collect();
        Trace::new(lead, rate_hz, samples)
    }

    fn of(leads: &[Lead], rate_hz: f64, duration_s: f64) -> Recording {
        Recording::new("test", leads.iter().map(|lead| beating(lead.clone(), rate_hz, duration_s)).collect())
    }

    fn reason(recording: &Recording) -> String {
        readable(recording, &quality(recording)).err().unwrap_or_default()
    }

    #[test]
    fn windows_cover_the_recording_to_its_end() {
        assert_eq!(windows(7.0), [Span::new(0.0, 10.0)]);
        assert_eq!(windows(10.3), [Span::new(0.0, 10.0)]);
        assert_eq!(windows(17.0), [Span::new(0.0, 10.0), Span::new(5.0, 15.0), Span::new(7.0, 17.0)]);
        assert_eq!(windows(20.0).last(), Some(&Span::new(10.0, 20.0)));
    }

    #[test]
    fn what_is_too_little_is_said() {
        let all = Lead::STANDARD;
        assert_eq!(reason(&of(&all, 500.0, 10.0)), "");
        assert!(reason(&of(&[Lead::II], 500.0, 10.0)).starts_with("fewer leads than needed: usable are II;"));
        assert!(reason(&of(&all[..6], 500.0, 10.0)).starts_with("fewer leads than needed"));
        assert!(reason(&of(&all, 90.0, 10.0)).contains("90/s"));
        assert!(reason(&of(&all, 500.0, 1.5)).contains("1.5 s"));
        assert!(reason(&Recording::new("test", vec![])).starts_with("signal unusable: there is no ECG lead"));
    }

    #[test]
    fn short_recordings_and_single_leads_missing_are_read_with_a_note() {
        let short = of(&Lead::STANDARD, 500.0, 6.0);
        let short_read = readable(&short, &quality(&short)).expect("readable");
        assert!(short_read.notes[0].contains("6.0 s"));
        let eleven: Vec<Lead> = Lead::STANDARD.into_iter().filter(|lead| *lead != Lead::V3).collect();
        let eleven = of(&eleven, 500.0, 10.0);
        assert_eq!(readable(&eleven, &quality(&eleven)).expect("readable").notes, ["read without V3"]);
    }

    #[test]
    fn a_window_leaves_out_what_is_bad_in_it() {
        let recording = of(&Lead::STANDARD, 250.0, 30.0);
        let readable = readable(&recording, &quality(&recording)).expect("readable");
        let mut bad: [Vec<Span>; 12] = Default::default();
        bad[7] = vec![Span::new(0.0, 8.0)];
        let leads = readable.window(Span::new(0.0, 10.0), &bad).expect("eleven leads");
        assert!(leads[7].is_none() && leads[6].as_ref().is_some_and(|samples| samples.len() == 2500));
        assert!(readable.window(Span::new(5.0, 15.0), &bad).expect("all")[7].is_some());
        bad[8] = vec![Span::new(0.0, 9.0)];
        assert!(readable.window(Span::new(0.0, 10.0), &bad).is_err());
    }

    #[test]
    fn leads_of_another_rate_are_brought_to_the_highest() {
        let mut recording = of(&Lead::STANDARD, 500.0, 10.0);
        recording.traces[11] = beating(Lead::V6, 250.0, 10.0);
        let readable = readable(&recording, &quality(&recording)).expect("readable");
        let leads = readable.window(readable.windows[0], &Default::default()).expect("all");
        assert_eq!(leads[11].as_ref().map(Vec::len), Some(5000));
    }
}
