//! What a rule is, and how the list is applied.

use super::case::Case;
use super::facts::Facts;
use super::{Certainty, Condition, Finding, RiskLevel};

/// One rule: a code, where its criterion comes from, what it speaks for, and the statement it makes.
pub struct Rule {
    /// Stable code, `family.name`.
    pub code: &'static str,
    /// Guideline, paper or list.
    pub source: &'static str,
    /// What its findings speak for.
    pub supports: &'static [Condition],
    /// Does it hold for children too?
    pub any_age: bool,
    /// The statements; none where the criterion is not met or cannot be judged.
    pub(super) apply: fn(&Rule, &Case) -> Vec<Finding>,
}

impl Rule {
    /// A rule for adults: every limit of this version is an adult's.
    pub(super) const fn new(
        code: &'static str,
        source: &'static str,
        supports: &'static [Condition],
        apply: fn(&Rule, &Case) -> Vec<Finding>,
    ) -> Self {
        Self { code, source, supports, any_age: false, apply }
    }

    /// The same, for every age.
    pub(super) const fn any_age(self) -> Self {
        Self { any_age: true, ..self }
    }

    /// A finding of this rule: criteria met, no level above Low, no place.
    pub(super) fn finding(&self, statement: impl Into<String>, evidence: impl Into<String>) -> Finding {
        Finding {
            code: self.code,
            statement: statement.into(),
            leads: Vec::new(),
            span: None,
            evidence: evidence.into(),
            source: self.source,
            certainty: Certainty::Met,
            level: RiskLevel::Low,
            supports: self.supports,
        }
    }
}

/// Every statement of these facts, in the order of the list.
pub fn apply(rules: &[&[Rule]], facts: &Facts) -> Vec<Finding> {
    let case = Case::of(facts);
    let speaks = |rule: &&Rule| rule.any_age || facts.adult();
    rules.iter().flat_map(|family| family.iter()).filter(speaks).flat_map(|rule| (rule.apply)(rule, &case)).collect()
}
