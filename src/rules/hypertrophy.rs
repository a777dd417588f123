//! The hypertrophy family: voltage criteria of the left ventricle, strain, Romhilt-Estes, right ventricle. Numbers: `judge/voltage.rs`.
//!
//! AHA V 2009 (Hancock): say which criterion and its value, not "LVH"; not with left bundle branch block, pacing, pre-excitation; adults only. Voltage
//! alone is weak under 40 years. How good they are, pooled (PMC7846009): Peguero 0.52 / 0.85, Cornell 0.29 / 0.92, Sokolow 0.24 / 0.94 (Se / Sp).

use super::case::Case;
use super::check::{COUNT, Check, DEGREES, MS, MV, PART_MS, RATIO, Verdict};
use super::judge::voltage::Criterion;
use super::leads::names;
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

const HYPERTROPHY: &[Condition] = &[Condition::Hypertrophy];

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new(
        "hypertrophy.sokolow_lyon",
        "Sokolow & Lyon 1949: S V1 + R V5/V6 ≥ 3.5 mV, R aVL ≥ 1.1 mV",
        HYPERTROPHY,
        |rule, case| voltage(rule, case, Criterion::SokolowLyon, "Sokolow-Lyon"),
    ),
    Rule::new(
        "hypertrophy.cornell",
        "Casale 1985: R aVL + S V3 > 2.8 mV men, > 2.0 mV women",
        HYPERTROPHY,
        |rule, case| voltage(rule, case, Criterion::Cornell, "Cornell"),
    ),
    Rule::new(
        "hypertrophy.cornell_product",
        "Molloy 1992: Cornell voltage × QRS ≥ 244 mV·ms (+0.8 mV in women)",
        HYPERTROPHY,
        |rule, case| voltage(rule, case, Criterion::CornellProduct, "Cornell product"),
    ),
    Rule::new(
        "hypertrophy.peguero",
        "Peguero 2017: deepest S + S V4 ≥ 2.8 mV men, ≥ 2.3 mV women",
        HYPERTROPHY,
        |rule, case| voltage(rule, case, Criterion::Peguero, "Peguero-Lo Presti"),
    ),
    Rule::new(
        "hypertrophy.romhilt_estes",
        "Romhilt & Estes 1968: point score, 4 probable, 5 definite",
        HYPERTROPHY,
        romhilt,
    ),
    Rule::new(
        "hypertrophy.strain",
        "AHA V 2009: ST depression and T inversion in lateral leads with LVH voltage",
        HYPERTROPHY,
        strained,
    ),
    Rule::new(
        "hypertrophy.right",
        "AHA V 2009 (Hancock), after Sokolow & Lyon 1949 and Myers 1948: axis with R or S criteria",
        HYPERTROPHY,
        right_ventricle,
    ),
];

/// Voltage says nothing where the ventricles are not activated as usual.
fn silent(case: &Case) -> bool {
    case.secondary().is_some()
}

fn voltage(rule: &Rule, case: &Case, which: Criterion, name: &str) -> Vec<Finding> {
    let found = case.lvh.iter().find(|(criterion, _)| *criterion == which).filter(|_| !silent(case));
    let Some((_, verdict)) = found else { return Vec::new() };
    let young = case.facts.age_years.is_some_and(|age| age < 40);
    let note = if young { "; voltage alone is weak under 40 years" } else { "" };
    let finding = rule.finding(format!("Meets voltage criteria for LVH ({name})"), format!("{}{note}", verdict.words));
    vec![finding.sure(verdict.sure)]
}

/// ST and T opposite to the QRS in lateral leads.
fn strain(case: &Case) -> Vec<Lead> {
    let opposite = |lead: &&LeadMeasures| {
        lead.st_j_mv.is_some_and(|st_mv| st_mv <= -0.05)
            && lead.t_mv.is_some_and(|t_mv| t_mv < 0.0)
            && super::leads::dominant_r(lead)
    };
    let lateral = [Lead::I, Lead::AvL, Lead::V5, Lead::V6];
    lateral.iter().filter_map(|lead| case.leads.get(lead)).filter(opposite).map(|lead| lead.lead.clone()).collect()
}

fn strained(rule: &Rule, case: &Case) -> Vec<Finding> {
    let leads = strain(case);
    if silent(case) || case.lvh.is_empty() || leads.is_empty() {
        return Vec::new();
    }
    let borderline = case.lvh.iter().all(|(_, verdict)| verdict.sure == Certainty::Borderline);
    let words: Vec<String> = leads
        .iter()
        .filter_map(|lead| {
            let lead = case.leads.get(lead)?;
            Some(format!("ST {} {:.2} mV, T {:.2} mV", lead.lead, lead.st_j_mv?, lead.t_mv?).replace('-', "−"))
        })
        .collect();
    let sure = if borderline { Certainty::Borderline } else { Certainty::Met };
    let (sure, words) = case.st(sure, words.join("; "));
    let statement = format!("ST-T opposite to QRS in {} with LVH voltage (strain pattern, secondary)", names(&leads));
    vec![rule.finding(statement, words).on(leads).level(RiskLevel::Moderate).sure(sure)]
}

/// Points; what is not measured gives none and is named. Whether digitalis is taken is not known: strain counts as with it.
fn romhilt(rule: &Rule, case: &Case) -> Vec<Finding> {
    if silent(case) {
        return Vec::new();
    }
    let (measured, leads) = (case.facts.measurements, &case.leads);
    let r = |lead: &Lead| leads.get(lead).and_then(LeadMeasures::r_mv);
    let s = |lead: &Lead| leads.get(lead).and_then(LeadMeasures::s_mv);
    let most = |of: &[Lead], height: &dyn Fn(&Lead) -> Option<f64>| of.iter().filter_map(height).reduce(f64::max);
    let over = |value: Option<f64>, limit: f64| value.is_some_and(|value| value >= limit);
    let limbs = &Lead::STANDARD[..6];
    let tall = over(most(limbs, &r), 2.0)
        || over(most(limbs, &s), 2.0)
        || over(most(&[Lead::V1, Lead::V2], &s), 3.0)
        || over(most(&[Lead::V5, Lead::V6], &r), 3.0);
    let late = [Lead::V5, Lead::V6].iter().filter_map(|lead| leads.get(lead)?.r_peak_ms).reduce(f64::max);
    let points = [
        (tall, 3, "voltage"),
        (!strain(case).is_empty(), 1, "strain (digitalis unknown: 1 instead of 3)"),
        (over(measured.ptf_v1_mms.value(), 0.04), 3, "PTF-V1"),
        (leads.axis_deg().is_some_and(|axis| (-180.0..=-30.0).contains(&axis)), 2, "axis ≤ −30°"),
        (over(case.qrs_ms(), 90.0), 1, "QRS ≥ 90 ms"),
        (over(late, 50.0), 1, "R peak V5/V6 ≥ 50 ms"),
    ];
    let score: i32 = points.iter().filter(|(met, ..)| *met).map(|(_, points, _)| points).sum();
    let words: Vec<String> =
        points.iter().filter(|(met, ..)| *met).map(|(_, points, what)| format!("{what} {points}")).collect();
    let Some(check) = Check::at_least("score", f64::from(score), 4.0, COUNT).held() else { return Vec::new() };
    let (statement, sure) = match score {
        4 => ("Romhilt-Estes score 4: criteria for probable LVH met".to_owned(), Certainty::Borderline),
        _ => (format!("Romhilt-Estes score {score}: criteria for LVH met"), Certainty::Met),
    };
    vec![rule.finding(statement, format!("{} (5 definite): {}", check.words, words.join(", "))).sure(sure)]
}

/// Right axis with any of the criteria; two of them are more specific. QRS < 120 ms.
pub(super) fn right(case: &Case) -> Option<Verdict> {
    let axis = case.leads.axis_deg()?;
    let v1 = case.leads.get(&Lead::V1)?;
    let lateral: Vec<&LeadMeasures> = [Lead::V5, Lead::V6].iter().filter_map(|lead| case.leads.get(lead)).collect();
    let (r1, s1) = (v1.r_mv()?, v1.s_mv()?);
    let deepest = lateral.iter().filter_map(|lead| lead.s_mv()).reduce(f64::max);
    let ratio = |lead: &&LeadMeasures| {
        let (r, s) = (lead.r_mv()?, lead.s_mv()?);
        (s > 0.0).then(|| Check::at_most(format!("R/S {}", lead.lead), r / s, 1.0, RATIO))
    };
    let dominant = Check { met: r1 > s1 && r1 > 0.5, near: false, words: "R > S and R > 0.50 mV in V1".to_owned() };
    let q_r = v1.q.is_some() && !v1.qs && v1.r.is_some() && v1.s.is_none();
    let criteria: Vec<Check> = [
        Some(Check::at_least("R V1", r1, 0.7, MV)),
        Some(dominant),
        deepest.map(|s| Check::above("R V1 + S V5/V6", r1 + s, 1.05, MV)),
        deepest.map(|s| Check::at_least("S V5/V6", s, 0.7, MV)),
        lateral.iter().find_map(|lead| ratio(lead)?.held()),
        Some(Check::plain(q_r, "qR V1")),
        v1.r_peak_ms.map(|peak_ms| Check::above("R peak V1", peak_ms, 35.0, PART_MS)),
    ]
    .into_iter()
    .flatten()
    .filter_map(Check::held)
    .collect();
    let (count, strong) = (criteria.len(), axis >= 110.0);
    let base = [
        Check::at_least("axis", axis, 90.0, DEGREES),
        Check { near: false, ..Check::below("QRS", case.qrs_ms()?, 120.0, MS) },
        Check::plain(count > 0, format!("{count} of 7 criteria (2 more specific)")),
    ];
    let verdict = Verdict::all(base.into_iter().chain(criteria))?;
    let weak = count < 2 && !strong;
    Some(Verdict { sure: if weak { Certainty::Borderline } else { verdict.sure }, ..verdict })
}

fn right_ventricle(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(verdict) = right(case).filter(|_| !silent(case)) else { return Vec::new() };
    let finding = rule.finding("Meets criteria for RVH", verdict.words).level(RiskLevel::Moderate);
    vec![finding.on(vec![Lead::I, Lead::AvF, Lead::V1, Lead::V5, Lead::V6]).sure(verdict.sure)]
}
