//! Statements from measurements: one file a family, one list, each with its source. Rules see measurements, never samples or a network.
//!
//! A new rule is one entry in its family; a new family is one file and one entry in [`RULES`]. What several families need to know first is judged
//! once (`judge/`, gathered in `case.rs`); a comparison with its tolerance and its words is a `Check`.

mod age;
mod atria;
mod av;
mod axis;
mod case;
mod check;
mod conduction;
mod ectopy;
mod electrodes;
mod facts;
mod finding;
mod hypertrophy;
mod infarct;
mod input;
mod judge;
mod leads;
#[cfg(test)]
mod made;
mod other;
mod qt;
mod rate;
mod reversal;
mod rhythm;
mod rule;
mod st;

pub use facts::{Facts, SignalFacts};
pub use finding::{Certainty, Condition, Finding, RiskLevel};
pub use rule::{Rule, apply};

/// Every family, in the order in which statements are listed: electrodes first.
pub static RULES: &[&[Rule]] = &[
    age::RULES,
    electrodes::RULES,
    reversal::RULES,
    rate::RULES,
    rhythm::RULES,
    ectopy::RULES,
    av::RULES,
    conduction::RULES,
    axis::RULES,
    st::RULES,
    infarct::RULES,
    qt::RULES,
    hypertrophy::RULES,
    atria::RULES,
    other::RULES,
    input::RULES,
];

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
