//! Waves: onset, peak and offset of P, QRS and T, lead by lead and over all leads. "Not found" is a normal answer.

use crate::ecg::{Lead, Span};

/// Which wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WaveKind {
    /// Atrial depolarisation.
    P,
    /// Ventricular depolarisation.
    Qrs,
    /// Ventricular repolarisation.
    T,
}

impl WaveKind {
    /// Every kind, in the order of a beat.
    pub const ALL: [WaveKind; 3] = [WaveKind::P, WaveKind::Qrs, WaveKind::T];

    /// Name in the JSON and on the page.
    pub fn name(self) -> &'static str {
        match self {
            WaveKind::P => "P",
            WaveKind::Qrs => "QRS",
            WaveKind::T => "T",
        }
    }
}

/// One wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wave {
    /// Which.
    pub kind: WaveKind,
    /// Start, s from the start of the recording.
    pub onset_s: f64,
    /// Largest deflection, s.
    pub peak_s: f64,
    /// End, s.
    pub offset_s: f64,
    /// 0 (doubtful) to 1 (sure).
    pub confidence: f32,
    /// Number of the beat it belongs to; `None` = a P wave that no QRS follows.
    pub beat: Option<usize>,
}

impl Wave {
    /// Offset − onset, ms.
    pub fn duration_ms(&self) -> f64 {
        1000.0 * (self.offset_s - self.onset_s)
    }
}

/// Waves of one lead, by time.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadWaves {
    /// The lead.
    pub lead: Lead,
    /// Its waves.
    pub waves: Vec<Wave>,
}

/// Waves of one beat over all leads: earliest onset, latest offset that the leads support.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BeatWaves {
    /// P, where there is one.
    pub p: Option<Wave>,
    /// QRS.
    pub qrs: Option<Wave>,
    /// T, where it can be told.
    pub t: Option<Wave>,
}

impl BeatWaves {
    /// P onset to QRS onset, ms.
    pub fn pr_ms(&self) -> Option<f64> {
        Some(1000.0 * (self.qrs?.onset_s - self.p?.onset_s))
    }

    /// QRS onset to T end, ms.
    pub fn qt_ms(&self) -> Option<f64> {
        Some(1000.0 * (self.t?.offset_s - self.qrs?.onset_s))
    }
}

/// All waves of a recording.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Waves {
    /// Lead by lead, in the order of the traces that were used.
    pub leads: Vec<LeadWaves>,
    /// One entry a beat, in the order of the beats.
    pub beats: Vec<BeatWaves>,
    /// P waves over all leads that no QRS follows, by time.
    pub lone_p: Vec<Wave>,
    /// The pacing spike before each beat, where there is one.
    pub spikes: Vec<Option<Span>>,
}

impl Waves {
    /// Waves of a lead.
    pub fn lead(&self, lead: &Lead) -> Option<&LeadWaves> {
        self.leads.iter().find(|waves| waves.lead == *lead)
    }
}
