//! Voltage criteria for left ventricular hypertrophy, as numbers. When they may be said is the hypertrophy family's business; that ST and Q
//! statements must know of them is why they stand here.

use super::super::check::{Check, MV, MV_MS, Verdict};
use super::super::facts::Facts;
use super::super::leads::Leads;
use crate::ecg::{Lead, Sex};
use crate::measure::LeadMeasures;

/// Which criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Criterion {
    /// Sokolow & Lyon 1949.
    SokolowLyon,
    /// Casale 1985.
    Cornell,
    /// Molloy 1992: voltage × QRS.
    CornellProduct,
    /// Peguero 2017.
    Peguero,
}

/// Criteria that are met.
pub(in super::super) fn judge(facts: &Facts, leads: &Leads) -> Vec<(Criterion, Verdict)> {
    [
        (Criterion::SokolowLyon, sokolow(leads)),
        (Criterion::Cornell, cornell(leads, facts.sex)),
        (Criterion::CornellProduct, product(leads, facts)),
        (Criterion::Peguero, peguero(leads, facts.sex)),
    ]
    .into_iter()
    .filter_map(|(criterion, verdict)| Some((criterion, verdict?)))
    .collect()
}

fn r(leads: &Leads, lead: &Lead) -> Option<f64> {
    leads.get(lead).and_then(LeadMeasures::r_mv)
}

fn s(leads: &Leads, lead: &Lead) -> Option<f64> {
    leads.get(lead).and_then(LeadMeasures::s_mv)
}

/// S V1 + the taller R of V5, V6 ≥ 3.5 mV; or R aVL ≥ 1.1 mV.
fn sokolow(leads: &Leads) -> Option<Verdict> {
    let lateral = [Lead::V5, Lead::V6].iter().filter_map(|lead| r(leads, lead)).reduce(f64::max);
    let sum = s(leads, &Lead::V1).zip(lateral).map(|(s, r)| s + r);
    let checks = [
        sum.map(|sum| Check::at_least("S V1 + R V5/V6", sum, 3.5, MV)),
        r(leads, &Lead::AvL).map(|r| Check::at_least("R aVL", r, 1.1, MV)),
    ];
    Verdict::all(checks.into_iter().flatten().filter_map(Check::held))
}

/// The limit of men where the sex is unknown: the higher one must be passed.
fn by_sex(sex: Option<Sex>, men: f64, women: f64) -> (f64, &'static str) {
    match sex {
        Some(Sex::Female) => (women, ""),
        Some(Sex::Male) => (men, ""),
        None => (men, "sex unknown: limit of men"),
    }
}

fn cornell(leads: &Leads, sex: Option<Sex>) -> Option<Verdict> {
    let (limit, note) = by_sex(sex, 2.8, 2.0);
    let sum = r(leads, &Lead::AvL)? + s(leads, &Lead::V3)?;
    Verdict::all([Check::above("R aVL + S V3", sum, limit, MV)]).map(|verdict| verdict.and(note))
}

fn product(leads: &Leads, facts: &Facts) -> Option<Verdict> {
    let qrs_ms = facts.measurements.qrs_ms.value()?;
    let (add, words, note) = match facts.sex {
        Some(Sex::Female) => (0.8, "(R aVL + S V3 + 0.8) × QRS", ""),
        Some(Sex::Male) => (0.0, "(R aVL + S V3) × QRS", ""),
        None => (0.0, "(R aVL + S V3) × QRS", "sex unknown: without the 0.8 mV of women"),
    };
    let sum = r(leads, &Lead::AvL)? + s(leads, &Lead::V3)? + add;
    Verdict::all([Check::at_least(words, sum * qrs_ms, 244.0, MV_MS)]).map(|verdict| verdict.and(note))
}

/// The deepest S of any lead + S V4.
fn peguero(leads: &Leads, sex: Option<Sex>) -> Option<Verdict> {
    let (limit, note) = by_sex(sex, 2.8, 2.3);
    let v4 = s(leads, &Lead::V4)?;
    let all = leads.all().filter(|lead| lead.lead.standard_index().is_some());
    let (deepest, lead) = all.filter_map(|lead| Some((lead.s_mv()?, &lead.lead))).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Verdict::all([Check::at_least(format!("deepest S ({lead}) + S V4"), deepest + v4, limit, MV)])
        .map(|verdict| verdict.and(note))
}
