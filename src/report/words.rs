//! Sentences of the report, so that screen, paper and tests say the same. What the file does not say is printed as "unknown".

use crate::analysis::{Finding, HeadResult};
use crate::ecg::{Lead, Patient, Recording, Sex};
use crate::review::{Edit, Review};

/// What this program is for; once on every surface.
pub const DISCLAIMER: &str = "For research and teaching. Not a medical device. Not for diagnosis or treatment.";

pub(super) const UNKNOWN: &str = "unknown";

pub(super) fn name(patient: &Patient) -> &str {
    patient.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(UNKNOWN)
}

pub(super) fn id(patient: &Patient) -> &str {
    patient.id.as_deref().filter(|id| !id.trim().is_empty()).unwrap_or(UNKNOWN)
}

/// `1957-11-02 (68 years)`, as much as the file says.
pub(super) fn born(patient: &Patient) -> String {
    match (patient.birth_date, patient.age_years) {
        (Some(date), Some(age)) => format!("{date} ({age} years)"),
        (Some(date), None) => date.to_string(),
        (None, Some(age)) => format!("{UNKNOWN} (age {age} years)"),
        (None, None) => UNKNOWN.to_owned(),
    }
}

pub(super) fn sex(patient: &Patient) -> &'static str {
    match patient.sex {
        Some(Sex::Female) => "female",
        Some(Sex::Male) => "male",
        None => UNKNOWN,
    }
}

pub(super) fn recorded(recording: &Recording) -> String {
    recording.started_at.map_or(UNKNOWN.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// `10 s`, `2.5 s`, `30 min`, `24 h 0 min`.
pub(super) fn length(duration_s: f64) -> String {
    let whole = duration_s.round() as u64;
    if duration_s < 120.0 {
        let rounded = (duration_s * 10.0).round() / 10.0;
        format!("{rounded} s")
    } else if whole < 7200 {
        format!("{} min {} s", whole / 60, whole % 60)
    } else {
        format!("{} h {} min", whole / 3600, whole / 60 % 60)
    }
}

/// `500 Hz`, or the rates of the leads where they differ.
pub(super) fn rate(recording: &Recording) -> String {
    match recording.common_rate_hz() {
        Some(rate_hz) => format!("{rate_hz} Hz"),
        None if recording.traces.is_empty() => UNKNOWN.to_owned(),
        None => {
            let rates = recording.traces.iter().map(|trace| trace.rate_hz);
            let (low, high) = rates.fold((f64::MAX, 0.0), |(low, high), rate| (rate.min(low), rate.max(high)));
            format!("{low}–{high} Hz")
        }
    }
}

/// Lead names, the first dozen.
pub(super) fn leads(recording: &Recording) -> String {
    let names: Vec<&str> = recording.traces.iter().take(12).map(|trace| trace.lead.name()).collect();
    let more = recording.traces.len().saturating_sub(12);
    match (names.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (_, 0) => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

/// `Unconfirmed`, or `Confirmed by NAME, time`.
pub fn signing(review: &Review) -> String {
    let Some(name) = review.reviewer() else { return "Unconfirmed".to_owned() };
    let named = review.log().iter().rev().find(|(_, edit)| matches!(edit, Edit::Reviewer(Some(_))));
    match named {
        Some((at, _)) => format!("Confirmed by {name}, {} UTC", at.strftime("%Y-%m-%d %H:%M")),
        None => format!("Confirmed by {name}"),
    }
}

/// A finding's statement with its leads, where the statement does not name them itself.
pub fn statement(finding: &Finding) -> String {
    let named: Vec<&str> = finding.statement.split(|letter: char| !letter.is_alphanumeric()).collect();
    let leads: Vec<&str> = finding.leads.iter().map(Lead::name).collect();
    if leads.iter().all(|lead| named.contains(lead)) {
        return finding.statement.clone();
    }
    format!("{} in {}", finding.statement, leads.join(", "))
}

/// `0.82  (operating point 0.50)`.
pub(super) fn against_point(result: &HeadResult) -> String {
    let side = if result.positive() { "at or over" } else { "under" };
    format!("{side} its operating point {:.2}", result.operating_point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_say_them() {
        let cases = [(10.0, "10 s"), (2.46, "2.5 s"), (1800.0, "30 min 0 s"), (86_400.0, "24 h 0 min")];
        for (duration_s, words) in cases {
            assert_eq!(length(duration_s), words);
        }
    }

    #[test]
    fn what_is_not_known_is_called_unknown() {
        let patient = Patient { name: Some("  ".to_owned()), ..Patient::default() };
        assert_eq!([name(&patient), id(&patient), sex(&patient), &born(&patient)], [UNKNOWN; 4]);
        assert_eq!(signing(&Review::default()), "Unconfirmed");
    }
}
