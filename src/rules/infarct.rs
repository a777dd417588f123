//! Q and T of ischaemia: pathological Q by wall, signs of an old posterior infarct, T inversion.
//!
//! Limits: UDMI4 2018; Q that are not pathological: UDMI3 2012. The age of a Q cannot be known from one record.

use super::case::Case;
use super::check::{Check, MV, PART_MS, RATIO, SIGNED_MV, Verdict};
use super::found::{Found, certainty, contiguous, evidence, leads_of};
use super::judge::limbs::Exchange;
use super::leads::{dominant_r, names, walls};
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

const MI: &[Condition] = &[Condition::Infarction];
const UDMI_Q: &str =
    "Fourth Universal Definition of MI 2018: Q ≥ 20 ms or QS in V2–V3; ≥ 30 ms and ≥ 0.1 mV or QS elsewhere";
const UDMI_T: &str = "Fourth Universal Definition of MI 2018: T inversion ≥ 0.1 mV, two contiguous leads, R/S > 1";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("ischaemia.q", UDMI_Q, MI, pathological_q),
    Rule::new(
        "ischaemia.prior_posterior",
        "Fourth Universal Definition of MI 2018: R ≥ 40 ms in V1–V2, R/S ≥ 1, upright T, no conduction defect",
        MI,
        prior_posterior,
    ),
    Rule::new("ischaemia.t_inversion", UDMI_T, &[Condition::Infarction, Condition::Other], t_inversion),
    // how deep the T must be is not agreed (unverified); the pattern counts only after pain, which no record tells
    Rule::new(
        "ischaemia.wellens",
        "de Zwaan 1982: deep T inversion in V2–V4 after pain, ST ≤ 0.1 mV, R kept (no agreed depth)",
        MI,
        wellens,
    ),
];

/// One of the leads of a wall.
type Wall = (&'static str, &'static [Lead]);
const WALLS: [Wall; 3] = [
    ("inferior", &[Lead::II, Lead::III, Lead::AvF]),
    ("lateral", &[Lead::I, Lead::AvL]),
    ("anterior", &[Lead::V2, Lead::V3, Lead::V4, Lead::V5, Lead::V6]),
];

/// Does the conduction, or a heart on the right, make Q by itself?
fn unreadable(case: &Case) -> bool {
    case.secondary().is_some() || matches!(case.exchange, Some((Exchange::Dextrocardia, _)))
}

fn q_of<'a>(case: &Case<'a>, lead: &'a LeadMeasures) -> Option<Found<'a>> {
    let name = &lead.lead;
    // the heart's position turns Q of aVL up (UDMI3)
    if *name == Lead::AvL && case.leads.axis_deg().is_some_and(|axis| (60.0..=90.0).contains(&axis)) {
        return None;
    }
    if lead.qs {
        return Some(Found { lead, check: Check::plain(true, format!("QS {name}")) });
    }
    let q = lead.q?;
    let front = matches!(name, Lead::V2 | Lead::V3);
    let wide = Check::at_least(format!("Q {name}"), q.duration_ms, if front { 20.0 } else { 30.0 }, PART_MS);
    if front {
        return wide.held().map(|check| Found { lead, check });
    }
    let deep = Check::at_least("depth", -q.peak_mv, 0.1, MV);
    let verdict = Verdict::all([wide, deep])?;
    let check = Check { met: true, near: verdict.sure == Certainty::Borderline, words: verdict.words };
    Some(Found { lead, check })
}

fn pathological_q(rule: &Rule, case: &Case) -> Vec<Finding> {
    if unreadable(case) {
        return Vec::new();
    }
    WALLS
        .iter()
        .filter_map(|(wall, of)| {
            // III counts beside another lead; by itself it never decides
            let found = contiguous(of.iter().filter_map(|lead| q_of(case, case.leads.get(lead)?)).collect());
            if found.is_empty() {
                return None;
            }
            let (sure, leads, mut words) = (certainty(&found), leads_of(&found), evidence(&found));
            let lvh = !case.lvh.is_empty() && *wall == "anterior";
            if lvh {
                words.push_str("; voltage criteria for LVH: QS in V1–V3 may be due to it");
            }
            let statement = format!("Pathological Q in {}, {wall} (age unknown)", names(&leads));
            let sure = if lvh { Certainty::Review } else { sure };
            Some(rule.finding(statement, words).on(leads).level(RiskLevel::Moderate).sure(sure))
        })
        .collect()
}

/// Tall broad R in V1 and V2 with upright T.
fn prior_posterior(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(leads) = case.leads.every([Lead::V1, Lead::V2]) else { return Vec::new() };
    let defect = case.bundle.right.is_some() || unreadable(case);
    if defect || case.qrs_ms().is_some_and(|qrs_ms| qrs_ms >= 120.0) || super::hypertrophy::right(case).is_some() {
        return Vec::new();
    }
    let of = |lead: &LeadMeasures| {
        let (r, s, t_mv) = (lead.r?, lead.s_mv()?, lead.t_mv?);
        let ratio =
            if s > 0.0 { Check::at_least("R/S", r.peak_mv / s, 1.0, RATIO) } else { Check::plain(true, "no S") };
        Some([
            Check::at_least(format!("R {}", lead.lead), r.duration_ms, 40.0, PART_MS),
            ratio,
            Check::plain(t_mv > 0.0, format!("T {}", SIGNED_MV.words(t_mv))),
        ])
    };
    let (Some(one), Some(two)) = (of(leads[0]), of(leads[1])) else { return Vec::new() };
    Verdict::all(one.into_iter().chain(two)).map_or(Vec::new(), |verdict| {
        let statement = "Tall broad R with upright T in V1, V2: consider an old posterior MI";
        let finding = rule.finding(statement, verdict.words).on(vec![Lead::V1, Lead::V2]);
        vec![finding.level(RiskLevel::Moderate).sure(verdict.sure)]
    })
}

/// Leads in which an inverted T is not secondary: QRS < 120 ms; in LVH the lateral leads are.
fn inverted<'a>(case: &Case<'a>) -> Vec<Found<'a>> {
    if unreadable(case) || case.qrs_ms().is_some_and(|qrs_ms| qrs_ms >= 120.0) {
        return Vec::new();
    }
    let strain =
        |lead: &Lead| !case.lvh.is_empty() && matches!(lead, Lead::I | Lead::AvL | Lead::V4 | Lead::V5 | Lead::V6);
    case.leads
        .all()
        .filter(|lead| lead.lead != Lead::AvR && lead.lead.standard_index().is_some() && !strain(&lead.lead))
        .filter(|lead| dominant_r(lead))
        .filter_map(|lead| {
            let check = Check::at_most(format!("T {}", lead.lead), lead.t_mv?, -0.1, SIGNED_MV).held()?;
            Some(Found { lead, check })
        })
        .collect()
}

fn t_inversion(rule: &Rule, case: &Case) -> Vec<Finding> {
    let found = contiguous(inverted(case));
    if found.is_empty() {
        return Vec::new();
    }
    let (sure, leads, words) = (certainty(&found), leads_of(&found), evidence(&found));
    let statement = format!("T inversion in {}, {}", names(&leads), walls(leads.iter()));
    vec![rule.finding(statement, format!("{words}; R > S there")).on(leads).level(RiskLevel::Moderate).sure(sure)]
}

/// Deeper than this, mV (unverified).
const DEEP_MV: f64 = -0.3;

fn wellens(rule: &Rule, case: &Case) -> Vec<Finding> {
    if unreadable(case) || case.qrs_ms().is_some_and(|qrs_ms| qrs_ms >= 120.0) || !case.lvh.is_empty() {
        return Vec::new();
    }
    let Some(leads) = case.leads.every([Lead::V2, Lead::V3]) else { return Vec::new() };
    let of = |lead: &LeadMeasures| {
        let (t_mv, st_mv) = (lead.t_mv?, lead.st_j_mv?);
        Some([
            Check::at_most(format!("T {}", lead.lead), t_mv, DEEP_MV, SIGNED_MV),
            Check::plain(st_mv.abs() <= 0.1, format!("ST {}", SIGNED_MV.words(st_mv))),
            Check::plain(lead.q.is_none() && !lead.qs && lead.r.is_some(), "no Q, R kept"),
        ])
    };
    let (Some(one), Some(two)) = (of(leads[0]), of(leads[1])) else { return Vec::new() };
    Verdict::all(one.into_iter().chain(two)).map_or(Vec::new(), |verdict| {
        let statement = "Deep T inversion in V2, V3: consider the Wellens pattern if chest pain went before";
        let finding = rule.finding(statement, verdict.words).on(vec![Lead::V2, Lead::V3]);
        vec![finding.level(RiskLevel::High).sure(Certainty::Review)]
    })
}
