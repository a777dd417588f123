//! A stretch of time.

use serde::{Deserialize, Serialize};

/// A stretch of time in seconds from the start of the recording, start included, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Span {
    /// First moment, s.
    pub start_s: f64,
    /// First moment after it, s.
    pub end_s: f64,
}

impl Span {
    /// A span; the ends are put in order.
    pub fn new(start_s: f64, end_s: f64) -> Self {
        Self { start_s: start_s.min(end_s), end_s: start_s.max(end_s) }
    }

    /// Length in seconds.
    pub fn duration_s(&self) -> f64 {
        self.end_s - self.start_s
    }

    /// Middle in seconds.
    pub fn centre_s(&self) -> f64 {
        0.5 * (self.start_s + self.end_s)
    }

    /// Is the moment inside?
    pub fn contains(&self, time_s: f64) -> bool {
        self.start_s <= time_s && time_s < self.end_s
    }

    /// Do the two share time?
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start_s < other.end_s && other.start_s < self.end_s
    }

    /// What the two share.
    pub fn intersection(&self, other: &Span) -> Option<Span> {
        self.overlaps(other).then(|| Span::new(self.start_s.max(other.start_s), self.end_s.min(other.end_s)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_spans_do_not_overlap() {
        let (a, b) = (Span::new(0.0, 1.0), Span::new(1.0, 2.0));
        assert!(!a.overlaps(&b) && a.intersection(&b).is_none());
        assert_eq!(Span::new(0.5, 1.5).intersection(&a), Some(Span::new(0.5, 1.0)));
    }
}
