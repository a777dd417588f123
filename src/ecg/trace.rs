//! One lead's samples, and channels that are not ECG.

use std::sync::Arc;

use super::{Lead, Span};

/// One lead: millivolts at a fixed rate. Shared, never changed once made.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The lead.
    pub lead: Lead,
    /// The label as the file has it.
    pub label: Arc<str>,
    /// Samples per second.
    pub rate_hz: f64,
    /// Time of the first sample, s from the start of the recording.
    pub start_s: f64,
    /// Samples in mV; NaN = no sample.
    pub samples_mv: Arc<[f32]>,
    /// Computed from other leads instead of stored (III, aVR, aVL, aVF from I and II).
    pub derived: bool,
}

impl Trace {
    /// A stored trace that starts with the recording.
    pub fn new(lead: Lead, rate_hz: f64, samples_mv: impl Into<Arc<[f32]>>) -> Self {
        let label = Arc::from(lead.name());
        Self { lead, label, rate_hz, start_s: 0.0, samples_mv: samples_mv.into(), derived: false }
    }

    /// The time that the samples cover.
    pub fn span(&self) -> Span {
        Span { start_s: self.start_s, end_s: self.start_s + self.samples_mv.len() as f64 / self.rate_hz }
    }

    /// Time of a sample, s.
    pub fn time_s(&self, index: usize) -> f64 {
        self.start_s + index as f64 / self.rate_hz
    }

    /// The sample nearest to a time, or `None` outside the trace.
    pub fn index_at(&self, time_s: f64) -> Option<usize> {
        let index = ((time_s - self.start_s) * self.rate_hz).round();
        (index >= 0.0 && (index as usize) < self.samples_mv.len()).then_some(index as usize)
    }

    /// Value at a time; `None` outside the trace and where no sample is.
    pub fn value_at_mv(&self, time_s: f64) -> Option<f32> {
        self.index_at(time_s).map(|index| self.samples_mv[index]).filter(|value| value.is_finite())
    }

    /// The samples inside a span (clipped to the trace).
    pub fn slice(&self, span: Span) -> &[f32] {
        let clip = |time_s: f64| {
            (((time_s - self.start_s) * self.rate_hz).round().max(0.0) as usize).min(self.samples_mv.len())
        };
        let (start, end) = (clip(span.start_s), clip(span.end_s));
        &self.samples_mv[start..end.max(start)]
    }

    /// How many samples are present (not NaN).
    pub fn present(&self) -> usize {
        self.samples_mv.iter().filter(|value| value.is_finite()).count()
    }
}

/// A signal that is not in volts (pressure, respiration, raw counts): shown with its own unit, never measured as ECG.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// The label as the file has it.
    pub label: Arc<str>,
    /// Unit as stored; `None` = the file does not say (raw counts).
    pub unit: Option<Arc<str>>,
    /// Samples per second.
    pub rate_hz: f64,
    /// Time of the first sample, s.
    pub start_s: f64,
    /// Samples in `unit`; NaN = no sample.
    pub samples: Arc<[f32]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_samples_meet() {
        let mut trace = Trace::new(Lead::II, 250.0, vec![0.0, 1.0, f32::NAN, 3.0]);
        trace.start_s = 2.0;
        assert_eq!(trace.index_at(2.004), Some(1));
        assert_eq!(trace.value_at_mv(2.008), None);
        assert_eq!(trace.value_at_mv(1.99), None);
        assert_eq!(trace.slice(Span::new(2.004, 99.0)).len(), 3);
        assert_eq!(trace.slice(Span::new(0.0, 1.0)).len(), 0);
        assert_eq!(trace.present(), 3);
    }
}
