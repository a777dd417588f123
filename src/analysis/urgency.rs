//! The risk level: rules first; the network may raise it, never lower it, never to Critical; what cannot be judged is Indeterminate, never Low.
//!
//! The classes follow critical-value lists; no validated single scale for the urgency of a 12-lead ECG exists.

use super::prediction::in_a_sentence;
use super::{HeadResult, Prediction, Risk};
use crate::network::Head;
use crate::quality::{Quality, Usable};
use crate::rules::{Certainty, Finding, RiskLevel};

/// Level and reasons, the deciding one first.
pub(super) fn risk(quality: &Quality, findings: &[Finding], prediction: &Prediction) -> Risk {
    let mut raised: Vec<(RiskLevel, String)> = Vec::new();
    let mut doubts: Vec<String> = Vec::new();
    for finding in findings {
        let words = format!("{}: {} ({})", finding.statement, finding.evidence, finding.source);
        match finding.level {
            RiskLevel::Indeterminate => doubts.push(words),
            level => raised.push((level, with_certainty(words, finding.certainty))),
        }
    }
    if quality.usable == Usable::Unusable {
        doubts.insert(0, format!("signal unusable: {}", quality.reasons.join("; ")));
    }
    if let Some(reason) = &prediction.withheld {
        doubts.push(format!("no reading by the network: {reason}"));
    }
    raised.extend(prediction.heads.iter().filter_map(|result| from_network(result, prediction)));
    raised.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let reached = raised.first().map_or(RiskLevel::Low, |(level, _)| *level);
    let mut reasons: Vec<String> = raised.into_iter().map(|(_, words)| words).collect();
    if doubts.is_empty() {
        if reasons.is_empty() {
            reasons.push("no finding above threshold in a readable record; not every disease shows in an ECG".into());
        }
        return Risk { level: reached, at_least: None, reasons };
    }
    doubts.extend(reasons);
    let at_least = (reached > RiskLevel::Low).then_some(reached);
    Risk { level: RiskLevel::Indeterminate, at_least, reasons: doubts }
}

fn with_certainty(words: String, certainty: Certainty) -> String {
    match certainty {
        Certainty::Met => words,
        Certainty::Borderline => format!("{words}, borderline"),
        Certainty::Review => format!("{words}, to be reviewed"),
    }
}

/// What one head adds. Conditions count only when the record is abnormal by the network's first step, or when they are stated.
fn from_network(result: &HeadResult, prediction: &Prediction) -> Option<(RiskLevel, String)> {
    if !result.positive() {
        return None;
    }
    let certain = result.high_certainty_point.filter(|point| result.probability >= *point);
    let urgent = matches!(result.head, Head::Infarction | Head::Arrhythmia);
    let stated = prediction.predicted.contains(&result.head);
    let level = match result.head {
        Head::Abnormal => RiskLevel::Moderate,
        _ if !stated => return None,
        _ if urgent && certain.is_some() => RiskLevel::High,
        _ => RiskLevel::Moderate,
    };
    let point = match certain.filter(|_| urgent) {
        Some(high) => format!("operating point {:.2}, high certainty from {high:.2}", result.operating_point),
        None => format!("operating point {:.2}", result.operating_point),
    };
    let what = in_a_sentence(result.head);
    Some((level, format!("network suggests {what}: probability {:.2} ({point})", result.probability)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(usable: Usable) -> Quality {
        Quality { usable, reasons: vec!["all leads flat".into()], leads: vec![], defects: vec![] }
    }

    fn finding(level: RiskLevel) -> Finding {
        Finding {
            code: "test.x",
            statement: "Pause of 3.2 s".into(),
            leads: vec![],
            span: None,
            evidence: "RR 3.2 s ≥ 3.0 s".into(),
            source: "a list",
            certainty: Certainty::Met,
            level,
            supports: &[],
        }
    }

    fn prediction(heads: &[(Head, f32, Option<f32>)]) -> Prediction {
        let heads: Vec<HeadResult> = heads
            .iter()
            .map(|(head, probability, high)| HeadResult {
                head: *head,
                probability: *probability,
                operating_point: 0.5,
                high_certainty_point: *high,
            })
            .collect();
        let predicted = heads.iter().filter(|r| r.positive() && r.head != Head::Abnormal).map(|r| r.head).collect();
        Prediction { model: None, heads, predicted, withheld: None, notes: vec![] }
    }

    #[test]
    fn the_network_raises_and_never_lowers() {
        let good = quality(Usable::Good);
        let quiet = prediction(&[(Head::Abnormal, 0.1, None)]);
        assert_eq!(risk(&good, &[], &quiet).level, RiskLevel::Low);
        assert_eq!(risk(&good, &[finding(RiskLevel::Critical)], &quiet).level, RiskLevel::Critical);
        let some = prediction(&[(Head::Abnormal, 0.9, None), (Head::Conduction, 0.81, Some(0.6))]);
        let moderate = risk(&good, &[], &some);
        assert_eq!(moderate.level, RiskLevel::Moderate);
        let words = "network suggests conduction disorder: probability 0.81 (operating point 0.50)";
        assert!(moderate.reasons.iter().any(|reason| reason == words), "{:?}", moderate.reasons);
        let sure = prediction(&[(Head::Abnormal, 0.9, None), (Head::Infarction, 0.95, Some(0.9))]);
        assert_eq!(risk(&good, &[], &sure).level, RiskLevel::High);
        assert_eq!(risk(&good, &[finding(RiskLevel::Critical)], &sure).level, RiskLevel::Critical);
    }

    #[test]
    fn what_cannot_be_judged_is_never_low() {
        let withheld = Prediction::withheld(None, "fewer leads than needed");
        let plain = risk(&quality(Usable::Good), &[], &withheld);
        assert_eq!((plain.level, plain.at_least), (RiskLevel::Indeterminate, None));
        let pause = risk(&quality(Usable::Unusable), &[finding(RiskLevel::Critical)], &withheld);
        assert_eq!((pause.level, pause.at_least), (RiskLevel::Indeterminate, Some(RiskLevel::Critical)));
        assert!(pause.reasons[0].starts_with("signal unusable"));
        let quiet = prediction(&[(Head::Abnormal, 0.1, None)]);
        let off = risk(&quality(Usable::Limited), &[finding(RiskLevel::Indeterminate)], &quiet);
        assert_eq!(off.level, RiskLevel::Indeterminate);
    }
}
