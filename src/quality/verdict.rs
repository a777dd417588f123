//! The verdict on a recording's signals.

use std::fmt;

use crate::ecg::{Lead, Span};

/// What is wrong with a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefectKind {
    /// No samples.
    Missing,
    /// Flat: electrode off or not connected.
    Flat,
    /// At the limit of the amplifier, or beyond what a heart gives.
    Saturated,
    /// Strong broad-band noise.
    Noise,
    /// Strong baseline wander or steps.
    Wander,
    /// Mains hum.
    Mains,
}

impl DefectKind {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            DefectKind::Missing => "no samples",
            DefectKind::Flat => "flat line",
            DefectKind::Saturated => "saturated",
            DefectKind::Noise => "noise",
            DefectKind::Wander => "baseline wander",
            DefectKind::Mains => "mains hum",
        }
    }
}

/// A stretch of a lead that is not good.
#[derive(Debug, Clone, PartialEq)]
pub struct Defect {
    /// What.
    pub kind: DefectKind,
    /// Lead.
    pub lead: Lead,
    /// Where.
    pub span: Span,
    /// Measured against limit, in words.
    pub evidence: String,
}

/// May it be read?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usable {
    /// Yes.
    Good,
    /// With care: something is named.
    Limited,
    /// No.
    Unusable,
}

impl Usable {
    /// Name in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Usable::Good => "good",
            Usable::Limited => "limited",
            Usable::Unusable => "unusable",
        }
    }
}

impl fmt::Display for Usable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Verdict on one lead.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadQuality {
    /// Lead.
    pub lead: Lead,
    /// Verdict.
    pub usable: Usable,
    /// Signal to noise, dB, where it can be told.
    pub snr_db: Option<f32>,
    /// Share of its time without defect, 0 to 1.
    pub clean_share: f32,
}

/// Verdict on a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Verdict over all.
    pub usable: Usable,
    /// In words, why it is not good; empty when it is.
    pub reasons: Vec<String>,
    /// Lead by lead, in the recording's order.
    pub leads: Vec<LeadQuality>,
    /// Stretches that are not good, by time.
    pub defects: Vec<Defect>,
}

impl Quality {
    /// How reasons begin that say that leads contradict each other.
    pub const DISAGREE: &'static str = "leads disagree: ";

    /// The reasons that say that leads contradict each other.
    pub fn disagreements(&self) -> impl Iterator<Item = &str> {
        self.reasons.iter().map(String::as_str).filter(|reason| reason.starts_with(Self::DISAGREE))
    }

    /// Which leads may be used, in the recording's order.
    pub fn usable_leads(&self) -> Vec<bool> {
        self.leads.iter().map(|lead| lead.usable != Usable::Unusable).collect()
    }

    /// How bad the signal is, over all leads: 0 (all clean) to 1 (nothing clean). For ordering recordings, not for judging one.
    pub fn lost_share(&self) -> f32 {
        match self.leads.len() {
            0 => 1.0,
            count => self.leads.iter().map(|lead| 1.0 - lead.clean_share).sum::<f32>() / count as f32,
        }
    }
}
