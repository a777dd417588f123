//! What a file holds.

use std::sync::Arc;

use jiff::civil::DateTime;
use serde::Serialize;

use super::{Annotation, Channel, Lead, Patient, Span, Trace};

/// A doubt about the data that did not stop it from being shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Note {
    /// What, in words, with the place.
    pub text: String,
}

impl Note {
    /// A note.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// One recording, as its file has it. Never changed once made; shared as `Arc`.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Name of the format, as in the list of formats.
    pub format: &'static str,
    /// SHA-256 over the bytes read, in hexadecimal: names the recording in the store of reviews.
    pub fingerprint: Arc<str>,
    /// ECG leads in mV.
    pub traces: Vec<Trace>,
    /// Signals that are not ECG in volts.
    pub channels: Vec<Channel>,
    /// Start as stored, local time without zone.
    pub started_at: Option<DateTime>,
    /// Patient, as far as the file says.
    pub patient: Patient,
    /// Device, as far as the file says.
    pub device: Option<String>,
    /// Filters applied before storage, in the file's words; `None` = the file does not say.
    pub filters: Option<String>,
    /// Marks that came with the file, by time.
    pub annotations: Vec<Annotation>,
    /// Doubts found while reading.
    pub notes: Vec<Note>,
}

impl Recording {
    /// A recording of these traces, all else unknown.
    pub fn new(format: &'static str, traces: Vec<Trace>) -> Self {
        Self {
            format,
            fingerprint: Arc::from(""),
            traces,
            channels: Vec::new(),
            started_at: None,
            patient: Patient::default(),
            device: None,
            filters: None,
            annotations: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The trace of a lead: the first with that name.
    pub fn trace(&self, lead: &Lead) -> Option<&Trace> {
        self.traces.iter().find(|trace| trace.lead == *lead)
    }

    /// The twelve standard leads in order, where present.
    pub fn standard(&self) -> [Option<&Trace>; 12] {
        std::array::from_fn(|index| self.trace(&Lead::STANDARD[index]))
    }

    /// From the start of the recording to the end of its longest trace.
    pub fn span(&self) -> Span {
        let traces = self.traces.iter().map(|trace| trace.span().end_s);
        let channels = self
            .channels
            .iter()
            .filter(|channel| channel.rate_hz > 0.0)
            .map(|channel| channel.start_s + channel.samples.len() as f64 / channel.rate_hz);
        Span { start_s: 0.0, end_s: traces.chain(channels).fold(0.0, f64::max) }
    }

    /// Length in seconds.
    pub fn duration_s(&self) -> f64 {
        self.span().duration_s()
    }

    /// Samples per second of the ECG, when all traces have the same.
    pub fn common_rate_hz(&self) -> Option<f64> {
        let first = self.traces.first()?.rate_hz;
        self.traces.iter().all(|trace| trace.rate_hz == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_found_in_standard_order() {
        let recording = Recording::new(
            "test",
            vec![Trace::new(Lead::V1, 500.0, vec![0.0; 10]), Trace::new(Lead::II, 250.0, vec![0.0; 10])],
        );
        let standard = recording.standard();
        assert!(standard[0].is_none() && standard[1].is_some() && standard[6].is_some());
        assert_eq!(recording.common_rate_hz(), None);
        assert_eq!(recording.duration_s(), 0.04);
    }
}
