//! The atria family: left and right atrial abnormality, long P. The notch of P is not measured, so LA abnormality rests on PTF-V1 alone.

use super::case::Case;
use super::check::{Check, MM_S, MS, MV, Verdict};
use super::leads::names;
use super::rule::Rule;
use super::{Condition, Finding};
use crate::ecg::Lead;

const HYPERTROPHY: &[Condition] = &[Condition::Hypertrophy];

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("atria.left", "Morris 1964; AHA V 2009: PTF-V1 ≥ 0.04 mm·s", HYPERTROPHY, left),
    Rule::new(
        "atria.long_p",
        "Bayés de Luna 2012: P ≥ 120 ms; advanced with biphasic P in II, III, aVF",
        &[Condition::Conduction, Condition::Hypertrophy],
        long_p,
    ),
    Rule::new(
        "atria.right",
        "AHA V 2009 (Hancock): P > 0.25 mV in II or > 0.15 mV at the start in V1",
        HYPERTROPHY,
        right,
    ),
];

/// P speaks only where it leads the QRS.
fn silent(case: &Case) -> bool {
    case.atria_without_p() || case.paced
}

fn left(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(force) = case.facts.measurements.ptf_v1_mms.value().filter(|_| !silent(case)) else { return Vec::new() };
    Verdict::all([Check::at_least("PTF-V1", force.abs(), 0.04, MM_S)]).map_or(Vec::new(), |verdict| {
        let finding = rule.finding("Meets a criterion for left atrial abnormality", verdict.words);
        vec![finding.on(vec![Lead::V1]).sure(verdict.sure)]
    })
}

fn long_p(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(p_ms) = case.facts.measurements.p_ms.value().filter(|_| !silent(case)) else { return Vec::new() };
    let inferior = [Lead::II, Lead::III, Lead::AvF];
    // each part at least as high as a wave must be
    let two_parts = |lead: &Lead| {
        let range = case.leads.get(lead).and_then(|measures| measures.p_range_mv);
        range.is_some_and(|(low, high)| low <= -0.03 && high >= 0.03)
    };
    let advanced = inferior.iter().all(two_parts);
    Verdict::all([Check::at_least("P", p_ms, 120.0, MS)]).map_or(Vec::new(), |verdict| {
        let (sure, mut words) = (verdict.sure, verdict.words);
        let statement = if advanced {
            words = format!("{words}; P of two parts in {}", names(&inferior));
            format!("Long P {p_ms:.0} ms of two parts in inferior leads: consider advanced interatrial block")
        } else {
            format!("Long P {p_ms:.0} ms: consider interatrial block or left atrial abnormality")
        };
        vec![rule.finding(statement, words).sure(sure)]
    })
}

fn right(rule: &Rule, case: &Case) -> Vec<Finding> {
    if silent(case) {
        return Vec::new();
    }
    let two = case.leads.get(&Lead::II).and_then(|lead| lead.p_mv).map(|p_mv| Check::above("P II", p_mv, 0.25, MV));
    let v1 = case.leads.get(&Lead::V1).and_then(|lead| lead.p_range_mv);
    let v1 = v1.map(|(_, high)| Check::above("positive P V1", high, 0.15, MV));
    Verdict::all([two, v1].into_iter().flatten().filter_map(Check::held)).map_or(Vec::new(), |verdict| {
        let finding = rule.finding("Meets a criterion for right atrial abnormality", verdict.words);
        vec![finding.on(vec![Lead::II, Lead::V1]).sure(verdict.sure)]
    })
}
