//! The points of a wave that are scored: its start, its peak, its end.

use super::super::marks::Marked;
use crate::analysis::{Wave, WaveKind};

/// Which part of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Onset,
    Peak,
    Offset,
}

/// A point of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub kind: WaveKind,
    pub place: Place,
}

impl Point {
    /// A point.
    pub const fn new(kind: WaveKind, place: Place) -> Self {
        Self { kind, place }
    }

    /// Where it is marked, s.
    pub fn of_marked(self, wave: &Marked) -> Option<f64> {
        match self.place {
            Place::Onset => wave.onset_s,
            Place::Peak => Some(wave.peak_s),
            Place::Offset => wave.offset_s,
        }
    }

    /// Where it was found, s.
    pub fn of_wave(self, wave: &Wave) -> f64 {
        match self.place {
            Place::Onset => wave.onset_s,
            Place::Peak => wave.peak_s,
            Place::Offset => wave.offset_s,
        }
    }

    /// Name in tables.
    pub fn name(self) -> String {
        let place = match self.place {
            Place::Onset => "onset",
            Place::Peak => "peak",
            Place::Offset => "end",
        };
        format!("{} {place}", self.kind.name())
    }

    /// Key in the JSON.
    pub fn key(self) -> String {
        self.name().to_lowercase().replace(' ', "_")
    }
}
