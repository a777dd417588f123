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
mod found;
mod hypertrophy;
mod infarct;
mod input;
mod judge;
mod leads;
#[cfg(test)]
mod made;
mod other;
mod patterns;
mod qt;
mod rate;
mod reversal;
mod rhythm;
mod rule;
mod st;
#[cfg(test)]
mod tests;

pub use facts::{Facts, SignalFacts};
pub use finding::{Certainty, Condition, Finding, RiskLevel};
pub use qt::beyond as qt_beyond;
pub use rule::{Rule, apply};

/// Every family, in the order in which statements are listed: electrodes first.
pub static RULES: &[&[Rule]] = &[
    age::RULES,
    electrodes::RULES,
    reversal::RULES,
    rate::RULES,
    patterns::RULES,
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
