//! Whom the rules are for: every limit of this version is an adult's.

use super::case::Case;
use super::rule::Rule;
use super::{Certainty, Finding, RiskLevel};

/// The family.
pub(super) static RULES: &[Rule] = &[Rule::new(
    "age.child",
    "Rijnbeek 2001, Davignon: limits in children differ by age; none are held here",
    &[],
    child,
)
.any_age()];

fn child(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(age) = case.facts.age_years.filter(|_| !case.facts.adult()) else { return Vec::new() };
    let statement = format!("No result by rule: age {age}, and limits for children are not held");
    let finding = rule.finding(statement, format!("age {age} years < 18 years"));
    vec![finding.sure(Certainty::Review).level(RiskLevel::Indeterminate)]
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, SignalFacts};
    use super::*;
    use crate::measure::{Measurements, Patterns, Waves};

    #[test]
    fn a_child_gets_no_result_and_an_unknown_age_an_adults_limits() {
        let (measurements, signal) = (Measurements::none("test"), SignalFacts::default());
        let said = |age_years| {
            let facts = Facts {
                beats: &[],
                waves: &Waves::default(),
                measurements: &measurements,
                patterns: &Patterns::default(),
                signal: &signal,
                age_years,
                sex: None,
            };
            super::super::apply(&[RULES], &facts)
        };
        assert_eq!(said(Some(12)).first().map(|finding| finding.level), Some(RiskLevel::Indeterminate));
        assert!(said(Some(18)).is_empty() && said(None).is_empty());
    }
}
