//! The rate family: mean rate and pauses, from RR alone. Adults only.
//!
//! Limits are those of provincial critical-value lists (Zhejiang, Shanxi), whose classes the risk level follows; the label lines 50 and 100/min are
//! ACC/AHA/HRS 2018 and common use. Which level 101–149/min and 40–49/min give is our choice: the lists do not name them. Where the rhythm family
//! names a rhythm it tells the rate too, at the level of [`level`], and the rate rules are silent: one fact, one statement. A rhythm that the reader
//! must confirm does not put the rate in doubt: then the rate rules speak.

use super::case::Case;
use super::check::{Check, PER_MIN};
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Span;

const LISTS: &str = "critical-value lists of Zhejiang and Shanxi (mean rate, RR)";
const GUIDELINE: &str = "2018 ACC/AHA/HRS guideline on bradycardia (below 50/min)";
const CUSTOM: &str = "common limit of 100/min; level is our choice";
const ARRHYTHMIA: &[Condition] = &[Condition::Arrhythmia];

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("rate.very_slow", LISTS, ARRHYTHMIA, |rule, case| band(rule, case, "Very slow ventricular rate")),
    Rule::new("rate.slow", LISTS, ARRHYTHMIA, |rule, case| band(rule, case, "Slow ventricular rate")),
    Rule::new("rate.bradycardia", GUIDELINE, ARRHYTHMIA, |rule, case| band(rule, case, "Bradycardia")),
    Rule::new("rate.tachycardia", CUSTOM, ARRHYTHMIA, |rule, case| band(rule, case, "Tachycardia")),
    Rule::new("rate.fast", LISTS, ARRHYTHMIA, |rule, case| band(rule, case, "Fast ventricular rate")),
    Rule::new("rate.very_fast", LISTS, ARRHYTHMIA, |rule, case| band(rule, case, "Very fast ventricular rate")),
    Rule::new("rate.pause", LISTS, &[Condition::Arrhythmia, Condition::Conduction], pauses),
];

/// The level that a mean rate gives by itself, the code of its rule, and the limit that it passes.
pub(super) fn level(rate: f64) -> Option<(RiskLevel, &'static str, Check)> {
    let (level, code, check) = match rate {
        r if r < 35.0 => (RiskLevel::Critical, "rate.very_slow", Check::below("mean rate", r, 35.0, PER_MIN)),
        r if r < 40.0 => (RiskLevel::High, "rate.slow", Check::below("mean rate", r, 40.0, PER_MIN)),
        r if r < 50.0 => (RiskLevel::Low, "rate.bradycardia", Check::below("mean rate", r, 50.0, PER_MIN)),
        r if r <= 100.0 => return None, // 100/min itself is still a usual rate
        r if r < 150.0 => (RiskLevel::Moderate, "rate.tachycardia", Check::above("mean rate", r, 100.0, PER_MIN)),
        r if r < 180.0 => (RiskLevel::High, "rate.fast", Check::at_least("mean rate", r, 150.0, PER_MIN)),
        r => (RiskLevel::Critical, "rate.very_fast", Check::at_least("mean rate", r, 180.0, PER_MIN)),
    };
    check.met.then_some((level, code, check))
}

/// The level of the rate, at least `least`; the limit that decides goes into the evidence.
pub(super) fn leveled(finding: Finding, rate: f64, least: RiskLevel) -> Finding {
    match level(rate) {
        Some((level, _, check)) if level >= RiskLevel::Moderate => {
            let evidence = format!("{}; {}", check.words, finding.evidence);
            Finding { evidence, ..finding }.level(level.max(least))
        }
        _ => finding.level(least),
    }
}

/// A rate inside the band of this rule; within 2 % of a limit it is borderline, but the level stays.
fn band(rule: &Rule, case: &Case, words: &str) -> Vec<Finding> {
    let Some(rate) = case.facts.measurements.heart_rate_bpm.value() else { return Vec::new() };
    let found = level(rate).filter(|(_, code, _)| *code == rule.code && !case.rhythm.tells_rate());
    let Some((level, _, check)) = found else { return Vec::new() };
    let sure = if check.near { Certainty::Borderline } else { Certainty::Met };
    let rhythm = case.rhythm.doubtful_sinus().map(|verdict| format!("; perhaps sinus rhythm: {}", verdict.words));
    let evidence = check.words + &rhythm.unwrap_or_default();
    vec![rule.finding(format!("{words}, {rate:.0}/min"), evidence).level(level).sure(sure)]
}

/// A pause from this RR on, s.
const PAUSE_S: f64 = 3.0;
/// More pauses than this are told by the longest ones.
const TOLD: usize = 50;

/// Pauses: RR of 3.0 s or more, as far as the signal is good within and not full of waves without QRS.
fn pauses(rule: &Rule, case: &Case) -> Vec<Finding> {
    let facts = case.facts;
    let long = facts.beats.windows(2).map(|pair| Span::new(pair[0].r_s, pair[1].r_s));
    let long = long.filter(|span| span.duration_s() >= PAUSE_S);
    // where the ventricles flutter there are no beats, and no pause either
    let mut hidden = facts.signal.blind.clone();
    hidden.extend(facts.patterns.no_qrs.iter().map(|stretch| stretch.span));
    hidden.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let fluttering_s = |span: &Span| -> f64 {
        facts.patterns.no_qrs.iter().filter_map(|stretch| stretch.span.intersection(span)).map(|s| s.duration_s()).sum()
    };
    let beatless = |span: &Span| clear_s(*span, &hidden) >= PAUSE_S && 2.0 * fluttering_s(span) < span.duration_s();
    let mut seen: Vec<Span> = long.filter(beatless).collect();
    let count = seen.len();
    seen.sort_by(|a, b| b.duration_s().total_cmp(&a.duration_s()));
    seen.truncate(TOLD);
    seen.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let more = if count > TOLD { format!("; the longest {TOLD} of {count}") } else { String::new() };
    seen.into_iter()
        .map(|span| {
            let silent = facts.signal.silent.iter().any(|silent| silent.overlaps(&span));
            let rr_s = span.duration_s();
            let doubt = if silent { "; the line is flat within: check the electrodes" } else { "" };
            let statement = format!("Pause of {rr_s:.1} s at {:.1} s", span.start_s);
            let evidence = format!("RR {rr_s:.2} s ≥ {PAUSE_S:.1} s{doubt}{more}");
            let sure = if silent { Certainty::Review } else { Certainty::Met };
            rule.finding(statement, evidence).at(Some(span)).sure(sure).level(RiskLevel::Critical)
        })
        .collect()
}

/// The longest stretch of a span outside the blind ones, s.
fn clear_s(span: Span, blind: &[Span]) -> f64 {
    let mut from_s = span.start_s;
    let mut longest = 0.0_f64;
    for hidden in blind.iter().filter_map(|hidden| hidden.intersection(&span)) {
        longest = longest.max(hidden.start_s - from_s);
        from_s = from_s.max(hidden.end_s);
    }
    longest.max(span.end_s - from_s)
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, SignalFacts};
    use super::*;
    use crate::measure::{Beat, BeatClass, Patterns, Waves, rates};

    fn said(at_s: &[f64], signal: &SignalFacts, age_years: Option<u16>) -> Vec<Finding> {
        let beats: Vec<Beat> =
            at_s.iter().map(|r_s| Beat { r_s: *r_s, class: BeatClass::Unclassified, confidence: 1.0 }).collect();
        let measurements = rates(&beats, &[]);
        let facts = Facts {
            beats: &beats,
            waves: &Waves::default(),
            measurements: &measurements,
            patterns: &Patterns::default(),
            signal,
            age_years,
            sex: None,
        };
        super::super::apply(&[RULES], &facts)
    }

    fn steady(rate_bpm: f64) -> Vec<f64> {
        (0..12).map(|beat| f64::from(beat) * 60.0 / rate_bpm).collect()
    }

    #[test]
    fn each_rate_has_its_level() {
        let cases = [
            (30.0, Some(("rate.very_slow", RiskLevel::Critical))),
            (37.0, Some(("rate.slow", RiskLevel::High))),
            (45.0, Some(("rate.bradycardia", RiskLevel::Low))),
            (70.0, None),
            (100.0, None),
            (120.0, Some(("rate.tachycardia", RiskLevel::Moderate))),
            (165.0, Some(("rate.fast", RiskLevel::High))),
            (190.0, Some(("rate.very_fast", RiskLevel::Critical))),
        ];
        for (rate, expected) in cases {
            let findings = said(&steady(rate), &SignalFacts::default(), Some(60));
            assert_eq!(findings.first().map(|finding| (finding.code, finding.level)), expected, "{rate}/min");
            assert!(findings.len() <= 1);
        }
        assert!(said(&steady(190.0), &SignalFacts::default(), Some(1)).is_empty(), "adult limits on a child");
    }

    #[test]
    fn a_pause_counts_only_where_the_signal_is_seen() {
        let at_s = [0.0, 1.0, 2.0, 5.5, 6.5, 7.5];
        let pause = |signal: &SignalFacts| said(&at_s, signal, None).into_iter().find(|f| f.code == "rate.pause");
        let seen = pause(&SignalFacts::default()).expect("3.5 s");
        assert_eq!((seen.level, seen.certainty), (RiskLevel::Critical, Certainty::Met));
        assert_eq!(seen.span, Some(Span::new(2.0, 5.5)));
        let hidden = SignalFacts { blind: vec![Span::new(3.0, 4.0)], ..Default::default() };
        assert_eq!(pause(&hidden), None);
        let silent = SignalFacts { silent: vec![Span::new(3.0, 4.0)], ..Default::default() };
        assert_eq!(pause(&silent).map(|finding| finding.certainty), Some(Certainty::Review));
    }
}
