//! Median beats: one aligned beat a lead, the median over the beats of the dominant shape.

use std::sync::Arc;

use crate::ecg::Lead;

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
    /// T peak and end by tangent, where there is a T.
    pub t: Option<(f64, f64)>,
    /// T end where the signal comes back to the baseline.
    pub t_end_threshold: Option<f64>,
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
}

impl MedianBeats {
    /// The median beat of a lead.
    pub fn lead(&self, lead: &Lead) -> Option<&MedianLead> {
        self.leads.iter().find(|median| median.lead == *lead)
    }
}
