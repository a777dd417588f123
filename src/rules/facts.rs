//! What rules see: measurements and plain facts, never samples, never a network.

use crate::ecg::{Lead, Sex, Span};
use crate::measure::{Beat, Measurements, Patterns, Waves};

/// What the quality check found, as far as rules need it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignalFacts {
    /// Leads that are flat, saturated or without samples for more than [`SignalFacts::OFF_S`], with the share of their time, 0 to 1.
    pub off: Vec<(Lead, f32)>,
    /// Every ECG lead of the recording.
    pub leads: Vec<Lead>,
    /// Sums of leads that should be zero and are not, in words.
    pub disagreements: Vec<String>,
    /// Stretches in which no lead is good: nothing can be said there. By time, not overlapping.
    pub blind: Vec<Span>,
    /// Stretches in which every lead is a flat line, short enough to be a pause of the heart.
    pub silent: Vec<Span>,
    /// Why ST cannot be relied on, or what must be said beside it ("filter unknown"); `None` = nothing.
    pub st_doubt: Option<String>,
}

impl SignalFacts {
    /// Off for longer than this is told as an electrode fault, s.
    pub const OFF_S: f64 = 1.0;
}

/// All that rules see.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Beats by time.
    pub beats: &'a [Beat],
    /// Waves, lead by lead and beat by beat.
    pub waves: &'a Waves,
    /// Measurements over the record.
    pub measurements: &'a Measurements,
    /// Patterns across beats.
    pub patterns: &'a Patterns,
    /// The signal.
    pub signal: &'a SignalFacts,
    /// Age in years where known.
    pub age_years: Option<u16>,
    /// Sex where known.
    pub sex: Option<Sex>,
}

impl Facts<'_> {
    /// Is the record of twelve leads? Two limb leads tell the other four.
    pub(super) fn twelve_leads(&self) -> bool {
        let has = |lead: &&Lead| self.signal.leads.contains(*lead);
        let chest = Lead::STANDARD[6..].iter().filter(has).count();
        chest == 6 && Lead::STANDARD[..6].iter().filter(has).count() >= 2
    }

    /// Limits for adults hold from 18 years on; unknown age is taken for an adult's, as the patient's chart is with the reader.
    pub fn adult(&self) -> bool {
        self.age_years.is_none_or(|age| age >= 18)
    }
}
