//! Measured values that may be absent, with the reason.

use std::sync::Arc;

/// A value, or the reason why there is none. NaN never leaves this type.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// Measured.
    Value {
        /// The value, in the unit of its field's name.
        value: f64,
        /// How many beats (or intervals) it rests on.
        beats: usize,
    },
    /// Not measured.
    NoResult {
        /// Why.
        reason: Arc<str>,
    },
}

impl Measured {
    /// A value; a value that is not finite becomes "not measurable".
    pub fn new(value: f64, beats: usize) -> Self {
        if value.is_finite() { Measured::Value { value, beats } } else { Measured::none("not measurable") }
    }

    /// No value, with the reason.
    pub fn none(reason: impl Into<Arc<str>>) -> Self {
        Measured::NoResult { reason: reason.into() }
    }

    /// The value, where there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Measured::Value { value, .. } => Some(*value),
            Measured::NoResult { .. } => None,
        }
    }

    /// The reason, where there is no value.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Measured::Value { .. } => None,
            Measured::NoResult { reason } => Some(reason),
        }
    }
}

/// What is measured over the record so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurements {
    /// 60 / mean RR, /min.
    pub heart_rate_bpm: Measured,
    /// Mean RR, ms.
    pub rr_ms: Measured,
    /// Shortest RR, ms.
    pub rr_min_ms: Measured,
    /// Longest RR, ms.
    pub rr_max_ms: Measured,
    /// Standard deviation of RR, ms.
    pub rr_sd_ms: Measured,
}

impl Measurements {
    /// Nothing measured, everywhere for the same reason.
    pub fn none(reason: impl Into<Arc<str>>) -> Self {
        let none = Measured::none(reason);
        Self {
            heart_rate_bpm: none.clone(),
            rr_ms: none.clone(),
            rr_min_ms: none.clone(),
            rr_max_ms: none.clone(),
            rr_sd_ms: none,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_not_finite_is_no_result() {
        assert_eq!(Measured::new(f64::NAN, 3).value(), None);
        assert_eq!(Measured::new(60.0, 3).value(), Some(60.0));
    }
}
