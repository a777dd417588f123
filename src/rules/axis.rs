//! The axis family: frontal axis of the QRS, limits of AHA III 2009 for adults.

use super::case::Case;
use super::check::{Check, DEGREES, Verdict};
use super::conduction::fascicular;
use super::rule::Rule;
use super::{Condition, Finding};
use crate::ecg::Lead;

const AHA: &str = "AHA/ACCF/HRS III 2009: axis −30 to +90°, left to −90, right to +180, extreme beyond";
const OTHER: &[Condition] = &[Condition::Other];

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("axis.left", AHA, OTHER, |rule, case| {
        deviation(rule, case, "Left axis deviation", |axis| {
            [Check::below("axis", axis, -30.0, DEGREES), exact(Check::at_least("axis", axis, -90.0, DEGREES))]
        })
    }),
    Rule::new("axis.right", AHA, OTHER, |rule, case| {
        deviation(rule, case, "Right axis deviation", |axis| {
            [Check::above("axis", axis, 90.0, DEGREES), exact(Check::at_most("axis", axis, 180.0, DEGREES))]
        })
    }),
    Rule::new("axis.extreme", AHA, OTHER, |rule, case| {
        deviation(rule, case, "Extreme axis deviation", |axis| {
            [Check::below("axis", axis, -90.0, DEGREES), exact(Check::at_least("axis", axis, -180.0, DEGREES))]
        })
    }),
];

/// The far end of a sector decides nothing about how sure the deviation is.
fn exact(check: Check) -> Check {
    Check { near: false, ..check }
}

fn deviation(rule: &Rule, case: &Case, words: &str, checks: impl Fn(f64) -> [Check; 2]) -> Vec<Finding> {
    let Some(axis) = case.leads.axis_deg().filter(|_| !case.paced && !fascicular(case)) else { return Vec::new() };
    Verdict::all(checks(axis)).map_or(Vec::new(), |verdict| {
        let statement = format!("{words}, {}", DEGREES.words(axis));
        vec![rule.finding(statement, verdict.words).on(vec![Lead::I, Lead::AvF]).sure(verdict.sure)]
    })
}
