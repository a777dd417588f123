//! Measured values that may be absent, with the reason.

use std::sync::Arc;

use super::LeadMeasures;
use crate::ecg::Lead;

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

/// One measurement over the record, as lists show it.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Key in the JSON; it ends in the unit.
    pub key: &'static str,
    /// Name in tables.
    pub name: &'static str,
    /// Unit in tables.
    pub unit: &'static str,
    /// The value or why there is none.
    pub value: &'a Measured,
}

/// Declares [`Measurements`]: each field once, with its documentation, its name and its unit.
macro_rules! measurements {
    ($($(#[$doc:meta])* $key:ident: $name:literal, $unit:literal;)*) => {
        /// What is measured over the record. Rates and RR rest on the beats, the rest on the median beats of the dominant shape.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Measurements {
            $($(#[$doc])* pub $key: Measured,)*
            /// Lead by lead, in the order of the traces.
            pub leads: Vec<LeadMeasures>,
        }

        impl Measurements {
            /// Nothing measured, everywhere for the same reason.
            pub fn none(reason: impl Into<Arc<str>>) -> Self {
                let none = Measured::none(reason);
                Self { $($key: none.clone(),)* leads: Vec::new() }
            }

            /// Every value over the record, in the order of tables.
            pub fn named(&self) -> Vec<Named<'_>> {
                vec![$(Named { key: stringify!($key), name: $name, unit: $unit, value: &self.$key }),*]
            }
        }
    };
}

measurements! {
    /// 60 / mean RR, /min.
    heart_rate_bpm: "Rate", "/min";
    /// Mean RR, ms.
    rr_ms: "RR", "ms";
    /// Shortest RR, ms.
    rr_min_ms: "RR, shortest", "ms";
    /// Longest RR, ms.
    rr_max_ms: "RR, longest", "ms";
    /// Standard deviation of RR, ms.
    rr_sd_ms: "RR, standard deviation", "ms";
    /// Duration of P over all leads, ms.
    p_ms: "P", "ms";
    /// P onset to QRS onset over all leads, ms.
    pr_ms: "PR", "ms";
    /// Duration of QRS over all leads, ms.
    qrs_ms: "QRS", "ms";
    /// QRS onset to T end over all leads, ms.
    qt_ms: "QT", "ms";
    /// The same with the T end by tangent, ms.
    qt_tangent_ms: "QT, tangent", "ms";
    /// The same with the T end where T has fallen to a tenth of its height, ms.
    qt_threshold_ms: "QT, threshold", "ms";
    /// J to T end, ms; given where QRS is 120 ms or more.
    jt_ms: "JT", "ms";
    /// QT corrected by Bazett 1920: QT / √RR, ms.
    qtc_bazett_ms: "QTc, Bazett", "ms";
    /// QT corrected by Fridericia 1920: QT / ∛RR, ms.
    qtc_fridericia_ms: "QTc, Fridericia", "ms";
    /// QT corrected by Sagie 1992 (Framingham): QT + 154 (1 − RR), ms.
    qtc_framingham_ms: "QTc, Framingham", "ms";
    /// QT corrected by Hodges 1983: QT + 1.75 (rate − 60), ms.
    qtc_hodges_ms: "QTc, Hodges", "ms";
    /// Frontal axis of P by area, degrees, −180 to 180.
    axis_p_deg: "Axis of P", "°";
    /// Frontal axis of QRS by area, degrees.
    axis_qrs_deg: "Axis of QRS", "°";
    /// Frontal axis of T by area, degrees.
    axis_t_deg: "Axis of T", "°";
    /// Smallest difference of the frontal axes of QRS and T, degrees.
    qrs_t_angle_deg: "QRS-T angle, frontal", "°";
    /// Depth × duration of the terminal negative part of P in V1 (Morris 1964), mm·s with 1 mm = 0.1 mV.
    ptf_v1_mms: "PTF-V1", "mm·s";
    /// Share of the beats before which a P was found, %.
    p_share_percent: "Beats with P", "%";
    /// Standard deviation of PR over the beats with a P, ms.
    pr_sd_ms: "PR, standard deviation", "ms";
    /// What T differs by between even and odd beats in at least three leads, mV (suspicion of alternans).
    t_alternans_mv: "T alternans", "mV";
}

impl Measurements {
    /// Measurements of a lead; `None` where the recording has no such lead or nothing was measured.
    pub fn lead(&self, lead: &Lead) -> Option<&LeadMeasures> {
        self.leads.iter().find(|measures| measures.lead == *lead)
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
