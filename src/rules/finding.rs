//! A rule's statement with its evidence, and the urgency it gives.

use crate::ecg::{Lead, Span};

/// Urgency classes of notes on critical-value lists: a triage order by rule, not a probability. No validated scale exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskLevel {
    /// No finding above threshold in a readable record.
    Low,
    /// At the next visit.
    Moderate,
    /// Same day.
    High,
    /// Look now.
    Critical,
    /// A result could not be given.
    Indeterminate,
}

impl RiskLevel {
    /// Every level.
    pub const ALL: [RiskLevel; 5] =
        [RiskLevel::Low, RiskLevel::Moderate, RiskLevel::High, RiskLevel::Critical, RiskLevel::Indeterminate];

    /// The word on the badge and in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            RiskLevel::Low => "Low",
            RiskLevel::Moderate => "Moderate",
            RiskLevel::High => "High",
            RiskLevel::Critical => "Critical",
            RiskLevel::Indeterminate => "Indeterminate",
        }
    }

    /// What it asks of the reader.
    pub fn meaning(self) -> &'static str {
        match self {
            RiskLevel::Low => "no finding above threshold, readable record",
            RiskLevel::Moderate => "at the next visit",
            RiskLevel::High => "same day",
            RiskLevel::Critical => "look now",
            RiskLevel::Indeterminate => "a result could not be given",
        }
    }
}

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Criteria met.
    Met,
    /// Inside the measurement's own tolerance.
    Borderline,
    /// The input is unreliable: the reader must look.
    Review,
}

impl Certainty {
    /// Name in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Met => "met",
            Certainty::Borderline => "borderline",
            Certainty::Review => "review",
        }
    }
}

/// What a finding speaks for: the six words of the network, so that the two readings can be laid side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Arrhythmia.
    Arrhythmia,
    /// Conduction disorder.
    Conduction,
    /// Myocardial infarction and ischaemia.
    Infarction,
    /// QT abnormality.
    Qt,
    /// Hypertrophy.
    Hypertrophy,
    /// Any other.
    Other,
}

impl Condition {
    /// Key in the JSON, the same as the network's.
    pub fn key(self) -> &'static str {
        match self {
            Condition::Arrhythmia => "arrhythmia",
            Condition::Conduction => "conduction",
            Condition::Infarction => "mi",
            Condition::Qt => "qt",
            Condition::Hypertrophy => "hypertrophy",
            Condition::Other => "other",
        }
    }
}

/// A rule's statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable code, e.g. `rate.pause`.
    pub code: &'static str,
    /// In plain words.
    pub statement: String,
    /// Leads it rests on; empty = all.
    pub leads: Vec<Lead>,
    /// Where.
    pub span: Option<Span>,
    /// Measured against threshold, e.g. `RR 3.2 s ≥ 3.0 s`.
    pub evidence: String,
    /// Guideline or paper.
    pub source: &'static str,
    /// How sure.
    pub certainty: Certainty,
    /// The level it gives.
    pub level: RiskLevel,
    /// What it speaks for; empty = nothing (a usual rhythm, an electrode).
    pub supports: &'static [Condition],
}

impl Finding {
    /// The same at this level.
    pub(super) fn level(self, level: RiskLevel) -> Self {
        Self { level, ..self }
    }

    /// The same, as sure as this.
    pub(super) fn sure(self, certainty: Certainty) -> Self {
        Self { certainty, ..self }
    }

    /// The same, resting on these leads.
    pub(super) fn on(self, leads: Vec<Lead>) -> Self {
        Self { leads, ..self }
    }

    /// The same, at this place.
    pub(super) fn at(self, span: Option<Span>) -> Self {
        Self { span, ..self }
    }
}
