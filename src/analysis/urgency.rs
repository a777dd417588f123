//! The risk level: rules first; the network may raise it, never lower it, never to Critical; what cannot be judged is Indeterminate, never Low.
//!
//! The classes follow critical-value lists; no validated single scale for the urgency of a 12-lead ECG exists.

use super::prediction::{SWITCHED_OFF, in_a_sentence};
use super::{HeadResult, Prediction, Risk};
use crate::network::Head;
use crate::quality::{Quality, Usable};
use crate::rules::{Certainty, Condition, Finding, RiskLevel};

/// Level and reasons, the deciding one first.
pub(super) fn risk(quality: &Quality, findings: &[Finding], prediction: &Prediction) -> Risk {
    let mut raised: Vec<(RiskLevel, bool, String)> = Vec::new();
    let mut doubts: Vec<String> = Vec::new();
    for finding in findings {
        let words = format!("{}: {} ({})", finding.statement, finding.evidence, finding.source);
        let sure = finding.certainty != Certainty::Review;
        match finding.level {
            RiskLevel::Indeterminate => doubts.push(words),
            level => raised.push((level, sure, with_certainty(words, finding.certainty))),
        }
    }
    if quality.usable == Usable::Unusable {
        doubts.insert(0, format!("signal unusable: {}", quality.reasons.join("; ")));
    }
    let network = prediction.heads.iter().filter_map(|result| from_network(result, prediction, findings));
    raised.extend(network.map(|(level, words)| (level, true, words)));
    raised.sort_by_key(|(level, sure, _)| std::cmp::Reverse((*level, *sure)));
    let (reached, sure) = raised.first().map_or((RiskLevel::Low, true), |(level, sure, _)| (*level, *sure));
    // what raises nothing is no reason where something does: it stands among the findings
    let counts = |level: RiskLevel| reached == RiskLevel::Low || level > RiskLevel::Low;
    let mut reasons: Vec<String> =
        raised.into_iter().filter(|(level, ..)| counts(*level)).map(|(.., words)| words).collect();
    // a network that is switched off was not asked; one that could not answer leaves a doubt, but for a level that it could not have raised
    if let Some(reason) = prediction.withheld.as_ref().filter(|reason| *reason != SWITCHED_OFF) {
        let told = if reached >= RiskLevel::High && sure { &mut reasons } else { &mut doubts };
        told.push(format!("no reading by the network: {reason}"));
    }
    if reached == RiskLevel::Low && doubts.is_empty() {
        reasons.insert(0, "no finding reaches Moderate; not every disease shows in an ECG".into());
    }
    let at_least = (reached > RiskLevel::Low).then_some(reached);
    // a level that rests on unreliable input alone is reached at least, not reached
    if doubts.is_empty() && (sure || at_least.is_none()) {
        return Risk { level: reached, at_least: None, reasons };
    }
    doubts.extend(reasons);
    Risk { level: RiskLevel::Indeterminate, at_least, reasons: doubts }
}

fn with_certainty(words: String, certainty: Certainty) -> String {
    match certainty {
        Certainty::Met => words,
        Certainty::Borderline => format!("{words}, borderline"),
        Certainty::Review => format!("{words}, to be reviewed"),
    }
}

/// The condition of a head, as rules name it; `None` = any.
fn condition(head: Head) -> Option<Condition> {
    Some(match head {
        Head::Abnormal => return None,
        Head::Arrhythmia => Condition::Arrhythmia,
        Head::Conduction => Condition::Conduction,
        Head::Infarction => Condition::Infarction,
        Head::Qt => Condition::Qt,
        Head::Hypertrophy => Condition::Hypertrophy,
        Head::Other => Condition::Other,
    })
}

/// Does a rule, whose criteria are met, say the same as this head? For "abnormal": of every condition that the network states, and of any at all.
fn supported(head: Head, prediction: &Prediction, findings: &[Finding]) -> bool {
    let told = |condition: &Condition| {
        findings.iter().any(|finding| finding.certainty == Certainty::Met && finding.supports.contains(condition))
    };
    match condition(head) {
        Some(condition) => told(&condition),
        None => {
            let any =
                findings.iter().any(|finding| finding.certainty == Certainty::Met && !finding.supports.is_empty());
            any && prediction
                .predicted
                .iter()
                .filter(|head| **head != Head::Qt)
                .filter_map(|head| condition(*head))
                .all(|condition| told(&condition))
        }
    }
}

/// What one head adds. Conditions count only when the record is abnormal by the network's first step, or when they are stated. What a rule says
/// already has the rule's level; what no rule says is Moderate at least; what is certain of infarction or arrhythmia is High.
fn from_network(result: &HeadResult, prediction: &Prediction, findings: &[Finding]) -> Option<(RiskLevel, String)> {
    // QT is measured: its rule has spoken
    if !result.positive() || result.head == Head::Qt {
        return None;
    }
    let certain = result.high_certainty_point.filter(|point| result.probability >= *point);
    let urgent = matches!(result.head, Head::Infarction | Head::Arrhythmia);
    let stated = prediction.predicted.contains(&result.head);
    if result.head != Head::Abnormal && !stated {
        return None;
    }
    let supported = supported(result.head, prediction, findings);
    let level = match (urgent && certain.is_some(), supported) {
        (true, _) => RiskLevel::High,
        (false, true) => RiskLevel::Low,
        (false, false) => RiskLevel::Moderate,
    };
    let point = match certain.filter(|_| urgent) {
        Some(high) => format!("operating point {:.2}, high certainty from {high:.2}", result.operating_point),
        None => format!("operating point {:.2}", result.operating_point),
    };
    let what = in_a_sentence(result.head);
    let beside = if supported { "a rule says so too" } else { "no rule supports it" };
    Some((level, format!("network suggests {what}: probability {:.2} ({point}), {beside}", result.probability)))
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
        Prediction { model: None, heads, qt: None, predicted, withheld: None, notes: vec![] }
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
        let words =
            "network suggests conduction disorder: probability 0.81 (operating point 0.50), no rule supports it";
        assert!(moderate.reasons.iter().any(|reason| reason == words), "{:?}", moderate.reasons);
        let sure = prediction(&[(Head::Abnormal, 0.9, None), (Head::Infarction, 0.95, Some(0.9))]);
        assert_eq!(risk(&good, &[], &sure).level, RiskLevel::High);
        assert_eq!(risk(&good, &[finding(RiskLevel::Critical)], &sure).level, RiskLevel::Critical);
    }

    #[test]
    fn what_cannot_be_judged_is_never_low() {
        let withheld = Prediction::withheld(None, "fewer leads than needed");
        let off = Prediction::withheld(None, SWITCHED_OFF);
        assert_eq!(risk(&quality(Usable::Good), &[], &off).level, RiskLevel::Low, "rules alone decide");
        let plain = risk(&quality(Usable::Good), &[], &withheld);
        assert_eq!((plain.level, plain.at_least), (RiskLevel::Indeterminate, None));
        let pause = risk(&quality(Usable::Unusable), &[finding(RiskLevel::Critical)], &withheld);
        assert_eq!((pause.level, pause.at_least), (RiskLevel::Indeterminate, Some(RiskLevel::Critical)));
        assert!(pause.reasons[0].starts_with("signal unusable"));
        let sure = risk(&quality(Usable::Good), &[finding(RiskLevel::High)], &withheld);
        assert_eq!((sure.level, sure.at_least), (RiskLevel::High, None), "the network would not have raised it");
        assert!(sure.reasons[1].starts_with("no reading by the network"), "{:?}", sure.reasons);
        let lower = risk(&quality(Usable::Good), &[finding(RiskLevel::Moderate)], &withheld);
        assert_eq!((lower.level, lower.at_least), (RiskLevel::Indeterminate, Some(RiskLevel::Moderate)));
        let quiet = prediction(&[(Head::Abnormal, 0.1, None)]);
        let off = risk(&quality(Usable::Limited), &[finding(RiskLevel::Indeterminate)], &quiet);
        assert_eq!(off.level, RiskLevel::Indeterminate);
    }

    #[test]
    fn what_a_rule_says_already_keeps_the_rules_level() {
        let good = quality(Usable::Good);
        let some = prediction(&[(Head::Abnormal, 0.9, None), (Head::Conduction, 0.81, Some(0.6))]);
        let told = Finding { supports: &[Condition::Conduction], ..finding(RiskLevel::Low) };
        let low = risk(&good, std::slice::from_ref(&told), &some);
        assert_eq!(low.level, RiskLevel::Low);
        assert!(low.reasons.iter().any(|reason| reason.ends_with("a rule says so too")), "{:?}", low.reasons);
        let other = Finding { supports: &[Condition::Qt], ..told.clone() };
        assert_eq!(risk(&good, &[other], &some).level, RiskLevel::Moderate, "of something else");
        let doubtful = Finding { certainty: Certainty::Borderline, ..told.clone() };
        assert_eq!(risk(&good, &[doubtful], &some).level, RiskLevel::Moderate);
        let two =
            prediction(&[(Head::Abnormal, 0.9, None), (Head::Conduction, 0.8, None), (Head::Hypertrophy, 0.8, None)]);
        let both = risk(&good, std::slice::from_ref(&told), &two);
        assert_eq!(both.level, RiskLevel::Moderate, "one of two");
        assert!(both.reasons.iter().all(|reason| reason.ends_with("no rule supports it")), "{:?}", both.reasons);
        let sure = prediction(&[(Head::Abnormal, 0.9, None), (Head::Arrhythmia, 0.95, Some(0.9))]);
        let told = Finding { supports: &[Condition::Arrhythmia], ..told };
        assert_eq!(risk(&good, &[told], &sure).level, RiskLevel::High);
    }

    #[test]
    fn a_level_that_rests_on_unreliable_input_is_reached_at_least() {
        let good = quality(Usable::Good);
        let quiet = prediction(&[(Head::Abnormal, 0.1, None)]);
        let review = |level| Finding { certainty: Certainty::Review, ..finding(level) };
        let alone = risk(&good, &[review(RiskLevel::Critical), finding(RiskLevel::Moderate)], &quiet);
        assert_eq!((alone.level, alone.at_least), (RiskLevel::Indeterminate, Some(RiskLevel::Critical)));
        assert!(alone.reasons[0].ends_with("to be reviewed"), "{:?}", alone.reasons);
        let beside = risk(&good, &[review(RiskLevel::High), finding(RiskLevel::High)], &quiet);
        assert_eq!((beside.level, beside.at_least), (RiskLevel::High, None));
        assert!(!beside.reasons[0].ends_with("to be reviewed"));
        let low = risk(&good, &[review(RiskLevel::Low)], &quiet);
        assert_eq!(low.level, RiskLevel::Low);
        assert!(
            low.reasons[0].starts_with("no finding reaches Moderate") && low.reasons.len() == 2,
            "{:?}",
            low.reasons
        );
    }
}
