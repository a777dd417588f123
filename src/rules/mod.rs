//! Statements from measurements: one file a family, one list, each with its source. Rules see measurements, never samples or a network.

mod finding;

pub use finding::{Certainty, Finding, RiskLevel};
