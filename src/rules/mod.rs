//! Statements from measurements: one file a family, one list, each with its source. Rules see measurements, never samples or a network.
//!
//! A new rule is one entry in its family; a new family is one file and one entry in [`RULES`].

mod age;
mod electrodes;
mod finding;
mod rate;
mod rule;

pub use finding::{Certainty, Finding, RiskLevel};
pub use rule::{Facts, Rule, SignalFacts, apply};

/// Every family, in the order in which statements are listed: electrodes first.
pub static RULES: &[&[Rule]] = &[age::RULES, electrodes::RULES, rate::RULES];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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
}
