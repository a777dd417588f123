//! Usual limits of adults for what is measured over the record, each with its source, and where a value lies against them.
//!
//! One table for screen and paper. Sex unknown: the wider limits. Under 18 years: none, as limits of children differ by age. A value outside is
//! outside a range, no more: the rules say what it may mean.

use crate::ecg::{Patient, Sex};

/// From this age on limits of adults hold, years.
const ADULT_YEARS: u16 = 18;

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The value, in the unit of the measurement.
    pub value: f64,
    /// Does the value itself still lie inside?
    pub included: bool,
}

/// A range; an end that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Lower end.
    pub low: Option<Edge>,
    /// Upper end.
    pub high: Option<Edge>,
    /// Guideline or study.
    pub source: &'static str,
    /// It is the wider of two, as the sex is not known.
    pub widened: bool,
}

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Under the lower end.
    Below,
    /// Inside.
    Inside,
    /// Over the upper end.
    Above,
}

impl Place {
    /// A sign and a word, so that colour alone tells nothing.
    pub fn words(self) -> &'static str {
        match self {
            Place::Below => "▼ below",
            Place::Inside => "inside",
            Place::Above => "▲ above",
        }
    }
}

impl Limit {
    /// Where a value lies.
    pub fn place(&self, value: f64) -> Place {
        let under = |edge: Edge| value < edge.value || (value == edge.value && !edge.included);
        let over = |edge: Edge| value > edge.value || (value == edge.value && !edge.included);
        match (self.low, self.high) {
            (Some(low), _) if under(low) => Place::Below,
            (_, Some(high)) if over(high) => Place::Above,
            _ => Place::Inside,
        }
    }

    /// `120–200`, `≤ 110`, `< 120`.
    pub fn words(&self, digits: usize) -> String {
        let number = |value: f64| format!("{value:.digits$}").replace('-', "−");
        match (self.low, self.high) {
            (Some(low), Some(high)) if low.value < 0.0 => format!("{} to {}", number(low.value), number(high.value)),
            (Some(low), Some(high)) => format!("{}–{}", number(low.value), number(high.value)),
            (None, Some(high)) => format!("{} {}", if high.included { "≤" } else { "<" }, number(high.value)),
            (Some(low), None) => format!("{} {}", if low.included { "≥" } else { ">" }, number(low.value)),
            (None, None) => String::new(),
        }
    }
}

const fn to(value: f64) -> Option<Edge> {
    Some(Edge { value, included: true })
}

const fn before(value: f64) -> Option<Edge> {
    Some(Edge { value, included: false })
}

/// Limits by the key of the measurement: lower end, upper end of men, of women, source.
type Row = (&'static str, Option<Edge>, Option<Edge>, Option<Edge>, &'static str);

const RATE: &str = "ACC/AHA/HRS 2018: slow below 50/min; fast above 100/min";
const P: &str = "Bayés de Luna 2012: long from 120 ms";
const PR: &str = "PR 120–200 ms (ELSA-Brasil 2017, WHI: medians 158 to 164 ms)";
const QRS: &str = "AHA/ACCF/HRS III 2009 (Surawicz): QRS up to 110 ms";
const QTC: &str = "AHA/ACCF/HRS IV 2009: long ≥ 450 m, ≥ 460 f; short ≤ 390";
const AXIS_P: &str = "Chou's Electrocardiography: sinus P axis 0 to +75°";
const AXIS_QRS: &str = "AHA/ACCF/HRS III 2009: QRS axis −30 to +90°";
const ANGLE: &str = "frontal angle over 90°: common limit, no single source";
const PTF: &str = "Morris 1964: 0.04 mm·s";

const ROWS: &[Row] = &[
    ("heart_rate_bpm", to(50.0), to(100.0), to(100.0), RATE),
    ("p_ms", None, before(120.0), before(120.0), P),
    ("pr_ms", to(120.0), to(200.0), to(200.0), PR),
    ("qrs_ms", None, to(110.0), to(110.0), QRS),
    ("qtc_bazett_ms", before(390.0), before(450.0), before(460.0), QTC),
    ("qtc_fridericia_ms", before(390.0), before(450.0), before(460.0), QTC),
    ("qtc_framingham_ms", before(390.0), before(450.0), before(460.0), QTC),
    ("qtc_hodges_ms", before(390.0), before(450.0), before(460.0), QTC),
    ("axis_p_deg", to(0.0), to(75.0), to(75.0), AXIS_P),
    ("axis_qrs_deg", to(-30.0), to(90.0), to(90.0), AXIS_QRS),
    ("qrs_t_angle_deg", None, to(90.0), to(90.0), ANGLE),
    ("ptf_v1_mms", None, before(0.04), before(0.04), PTF),
];

/// The limits of a measurement for a patient; `None` where none is held or the patient is a child.
pub fn limit(key: &str, patient: &Patient) -> Option<Limit> {
    if patient.age_years.is_some_and(|age| age < ADULT_YEARS) {
        return None;
    }
    let &(_, low, men, women, source) = ROWS.iter().find(|(name, ..)| *name == key)?;
    let (high, widened) = match patient.sex {
        Some(Sex::Male) => (men, false),
        Some(Sex::Female) => (women, false),
        None if men == women => (men, false),
        None => (if men.map(|edge| edge.value) > women.map(|edge| edge.value) { men } else { women }, true),
    };
    Some(Limit { low, high, source, widened })
}

/// What must be said beside limits for this patient.
pub fn note(patient: &Patient) -> Option<&'static str> {
    match (patient.age_years, patient.sex) {
        (Some(age), _) if age < ADULT_YEARS => Some("Under 18 years: limits for children are not held"),
        (None, None) => Some("Limits of adults; age and sex unknown, so the wider ones"),
        (None, Some(_)) => Some("Limits of adults; age unknown"),
        (Some(_), None) => Some("Sex unknown: the wider limits"),
        (Some(_), Some(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Measurements;

    fn patient(age_years: Option<u16>, sex: Option<Sex>) -> Patient {
        Patient { age_years, sex, ..Patient::default() }
    }

    #[test]
    fn every_row_names_a_measurement_and_its_source() {
        let measurements = Measurements::none("test");
        let keys: Vec<&str> = measurements.named().iter().map(|named| named.key).collect();
        for (key, low, men, women, source) in ROWS {
            assert!(keys.contains(key), "{key}");
            assert!(
                !source.is_empty() && (low.is_some() || men.is_some()) && men.is_some() == women.is_some(),
                "{key}"
            );
        }
    }

    #[test]
    fn limits_follow_sex_and_age() {
        let of = |age, sex| limit("qtc_fridericia_ms", &patient(age, sex)).map(|limit| (limit.words(0), limit.widened));
        assert_eq!(of(Some(50), Some(Sex::Male)), Some(("390–450".to_owned(), false)));
        assert_eq!(of(Some(50), Some(Sex::Female)), Some(("390–460".to_owned(), false)));
        assert_eq!(of(None, None), Some(("390–460".to_owned(), true)));
        assert_eq!(of(Some(17), Some(Sex::Male)), None);
        assert!(note(&patient(Some(12), None)).is_some_and(|note| note.contains("Under 18")));
        assert_eq!(note(&patient(Some(60), Some(Sex::Male))), None);
        assert_eq!(limit("qt_ms", &patient(None, None)), None, "QT depends on the rate");
    }

    #[test]
    fn an_end_lies_where_its_source_puts_it() {
        let adult = patient(Some(50), Some(Sex::Male));
        let place = |key, value| limit(key, &adult).map(|limit| limit.place(value));
        assert_eq!(place("pr_ms", 200.0), Some(Place::Inside));
        assert_eq!(place("pr_ms", 201.0), Some(Place::Above));
        assert_eq!(place("p_ms", 120.0), Some(Place::Above));
        assert_eq!(place("qtc_bazett_ms", 390.0), Some(Place::Below));
        assert_eq!(place("axis_qrs_deg", -31.0), Some(Place::Below));
        assert_eq!(limit("axis_qrs_deg", &adult).map(|limit| limit.words(0)), Some("−30 to 90".to_owned()));
    }
}
