//! Each rule at its line: just met, just missed, borderline; sex and age unknown; a child; a lead that is missing. One file a family.

mod av;
mod conduction;
mod ectopy;
mod hypertrophy;
mod infarct;
mod input;
mod other;
mod patterns;
mod property;
mod qt;
mod reversal;
mod rhythm;
mod st;

use std::collections::BTreeSet;

use super::made::Made;
use super::{Certainty, RULES, RiskLevel};

const MET: Certainty = Certainty::Met;
const NEAR: Certainty = Certainty::Borderline;
const REVIEW: Certainty = Certainty::Review;
const LOW: RiskLevel = RiskLevel::Low;
const MODERATE: RiskLevel = RiskLevel::Moderate;
const HIGH: RiskLevel = RiskLevel::High;
const CRITICAL: RiskLevel = RiskLevel::Critical;

/// A record by name, and what the rule must say of it.
type Line<'a> = (&'a str, Made, Option<(Certainty, RiskLevel)>);

/// What a rule must say of each record: nothing, or how sure and at which level.
fn table(code: &str, cases: Vec<Line>) {
    for (name, made, expected) in cases {
        let found = made.said(code);
        let said = found.as_ref().map(|finding| (finding.certainty, finding.level));
        assert_eq!(said, expected, "{code}, {name}: {:?}\n{:#?}", found, made.codes());
    }
}

/// The words of a statement's evidence.
fn evidence(made: &Made, code: &str) -> String {
    made.said(code).unwrap_or_else(|| panic!("{code} is silent: {:?}", made.codes())).evidence
}

#[test]
fn a_healthy_adult_gets_sinus_rhythm_and_nothing_else() {
    assert_eq!(Made::healthy().codes(), ["rhythm.sinus"]);
    assert_eq!(Made::healthy().who(None, None).codes(), ["rhythm.sinus"]);
}

#[test]
fn a_child_gets_no_adult_statement_and_electrodes_still_speak() {
    let sick = Made::healthy().qrs(150.0).rate(160.0).st(&[crate::ecg::Lead::V3, crate::ecg::Lead::V4], 0.5);
    assert!(sick.codes().len() > 2);
    assert_eq!(sick.clone().who(Some(17), None).codes(), ["age.child"]);
    let mut off = sick.who(Some(3), None);
    off.signal.off = vec![(crate::ecg::Lead::V3, 1.0)];
    assert_eq!(off.codes(), ["age.child", "electrode.chest_off"]);
}

#[test]
fn every_rule_has_a_source_and_a_code_of_its_own() {
    let mut codes = BTreeSet::new();
    for rule in RULES.iter().flat_map(|family| family.iter()) {
        assert!(rule.source.len() > 10, "{}: name the source", rule.code);
        let (family, name) = rule.code.split_once('.').expect("family.name");
        assert!(!family.is_empty() && !name.is_empty(), "{}", rule.code);
        assert!(codes.insert(rule.code), "{} stands twice", rule.code);
    }
}
