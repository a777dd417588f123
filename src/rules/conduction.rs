//! The conduction family: bundle branches, fascicles, R progression, after AHA III 2009 (Surawicz). Shapes are judged in `judge/bundle.rs`.
//!
//! Bifascicular and trifascicular block are words that AHA III drops: each part is named by itself. Delta waves: `av.rs`.

use super::case::Case;
use super::check::{Check, DEGREES, MS, MV, PART_MS, Verdict};
use super::judge::limbs::Exchange;
use super::leads::names;
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

const CONDUCTION: &[Condition] = &[Condition::Conduction];
const AHA: &str = "AHA/ACCF/HRS III 2009 (Surawicz): intraventricular conduction";
const LBBB: &str = "AHA III 2009 (Surawicz); ESC 2013 on pacing (Brignole); Strauss 2011";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("conduction.rbbb", AHA, CONDUCTION, complete_right),
    Rule::new("conduction.rbbb_incomplete", AHA, CONDUCTION, incomplete_right),
    Rule::new("conduction.lbbb", LBBB, CONDUCTION, left),
    Rule::new("conduction.lbbb_incomplete", AHA, CONDUCTION, incomplete_left),
    Rule::new("conduction.lafb", AHA, CONDUCTION, |rule, case| {
        fascicle(rule, case, anterior(case), "anterior", RiskLevel::Low)
    }),
    Rule::new("conduction.lpfb", AHA, CONDUCTION, |rule, case| {
        fascicle(rule, case, posterior(case), "posterior", RiskLevel::Moderate)
    }),
    Rule::new("conduction.ivcd", AHA, CONDUCTION, unspecific),
    Rule::new(
        "conduction.poor_r",
        "R in V3 at most 0.3 mV and R in V2 at most R in V3 (Zema 1980; limits vary)",
        &[Condition::Infarction],
        poor_r,
    ),
];

fn chest(leads: &[Lead]) -> Vec<Lead> {
    leads.to_vec()
}

fn complete_right(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(verdict) = case.complete_right().filter(|_| !case.paced) else { return Vec::new() };
    let told = case.qrs_ms().map_or(String::new(), |qrs_ms| format!(", QRS {qrs_ms:.0} ms"));
    let finding =
        rule.finding(format!("Right bundle branch block{told}"), format!("{}; ≥ 120 ms complete", verdict.words));
    vec![finding.on(chest(&[Lead::V1, Lead::V2, Lead::I, Lead::V6])).level(RiskLevel::Moderate).sure(verdict.sure)]
}

fn incomplete_right(rule: &Rule, case: &Case) -> Vec<Finding> {
    let verdict = case.bundle.right.as_ref().filter(|_| case.complete_right().is_none() && !case.paced);
    verdict.map_or(Vec::new(), |verdict| {
        let evidence = format!("{}; < 120 ms incomplete", verdict.words);
        let finding = rule.finding("Incomplete right bundle branch block", evidence);
        vec![finding.on(chest(&[Lead::V1, Lead::V2, Lead::I, Lead::V6])).sure(verdict.sure)]
    })
}

fn left(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(left) = case.bundle.left.as_ref().filter(|_| !case.paced) else { return Vec::new() };
    let told = case.qrs_ms().map_or(String::new(), |qrs_ms| format!(", QRS {qrs_ms:.0} ms"));
    let statement = format!("Left bundle branch block by {}{told}", left.by.join(" and "));
    let finding = rule.finding(statement, left.verdict.words.clone());
    let leads = [Lead::I, Lead::AvL, Lead::V1, Lead::V2, Lead::V5, Lead::V6];
    vec![finding.on(chest(&leads)).level(RiskLevel::Moderate).sure(left.verdict.sure)]
}

fn no_q(case: &Case, leads: [Lead; 3]) -> bool {
    case.leads.every(leads).is_some_and(|leads| leads.iter().all(|lead| lead.q.is_none() && !lead.qs))
}

/// AHA III: QRS 110 to 119 ms, pattern of LVH, R peak over 60 ms in V4, V5, V6, no q in I, V5, V6.
fn incomplete_left(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Some(qrs_ms), Some(leads)) = (case.qrs_ms(), case.leads.every([Lead::V4, Lead::V5, Lead::V6])) else {
        return Vec::new();
    };
    if case.paced || case.bundle.left.is_some() || case.lvh.is_empty() || !no_q(case, [Lead::I, Lead::V5, Lead::V6]) {
        return Vec::new();
    }
    let peaks = leads.iter().map(|lead| match lead.r_peak_ms {
        Some(peak_ms) => Check::above(format!("R peak {}", lead.lead), peak_ms, 60.0, PART_MS),
        None => Check::plain(false, ""),
    });
    let width = [Check::at_least("QRS", qrs_ms, 110.0, MS), Check::below("QRS", qrs_ms, 120.0, MS)];
    let rest = [Check::plain(true, "LVH voltage; no q in I, V5, V6")];
    Verdict::all(width.into_iter().chain(peaks).chain(rest)).map_or(Vec::new(), |verdict| {
        let finding = rule.finding("Incomplete left bundle branch block", verdict.words);
        vec![finding.on(chest(&[Lead::I, Lead::V4, Lead::V5, Lead::V6])).sure(verdict.sure)]
    })
}

/// A small q, then an R that leads.
fn q_r(lead: &LeadMeasures) -> bool {
    lead.q.is_some() && !lead.qs && matches!((lead.r, lead.q), (Some(r), Some(q)) if r.peak_mv > -q.peak_mv)
}

/// A small R, then an S that leads.
fn r_s(lead: &LeadMeasures) -> bool {
    lead.q.is_none() && !lead.qs && matches!((lead.r, lead.s), (Some(r), Some(s)) if -s.peak_mv > r.peak_mv)
}

/// QRS below 120 ms; where the right bundle branch widens it, that is said and the fascicle is named by itself.
fn narrow(case: &Case) -> Option<Check> {
    let qrs_ms = case.qrs_ms()?;
    Some(match case.complete_right() {
        Some(_) => Check::plain(true, format!("QRS {qrs_ms:.0} ms with right bundle branch block")),
        None => Check::below("QRS", qrs_ms, 120.0, MS),
    })
}

/// LAFB: axis −45 to −90°, qR in aVL, R peak in aVL ≥ 45 ms, QRS < 120 ms.
fn anterior(case: &Case) -> Option<Verdict> {
    let (axis, avl) = (case.leads.axis_deg()?, case.leads.get(&Lead::AvL)?);
    Verdict::all([
        Check::at_most("axis", axis, -45.0, DEGREES),
        Check { near: false, ..Check::at_least("axis", axis, -90.0, DEGREES) },
        Check::plain(q_r(avl), "qR in aVL"),
        Check::at_least("R peak aVL", avl.r_peak_ms?, 45.0, PART_MS),
        narrow(case)?,
    ])
}

/// LPFB: axis +90 to +180°, rS in I and aVL, qR in III and aVF, QRS < 120 ms.
fn posterior(case: &Case) -> Option<Verdict> {
    let axis = case.leads.axis_deg()?;
    let [one, avl, three, avf] = case.leads.every([Lead::I, Lead::AvL, Lead::III, Lead::AvF])?;
    Verdict::all([
        Check::at_least("axis", axis, 90.0, DEGREES),
        Check::plain(r_s(one) && r_s(avl), "rS in I, aVL"),
        Check::plain(q_r(three) && q_r(avf), "qR in III, aVF"),
        narrow(case)?,
    ])
}

/// Is a fascicular block stated? The axis statement is then part of it.
pub(super) fn fascicular(case: &Case) -> bool {
    anterior(case).is_some() || posterior(case).is_some()
}

fn fascicle(rule: &Rule, case: &Case, verdict: Option<Verdict>, which: &str, level: RiskLevel) -> Vec<Finding> {
    let Some(verdict) = verdict.filter(|_| !case.paced && case.bundle.left.is_none()) else { return Vec::new() };
    let note = if which == "posterior" { "; where no other cause of a right axis is known" } else { "" };
    let statement = format!("Criteria met for left {which} fascicular block{note}");
    let leads = chest(&[Lead::I, Lead::AvL, Lead::III, Lead::AvF]);
    vec![rule.finding(statement, verdict.words).on(leads).level(level).sure(verdict.sure)]
}

/// QRS over 110 ms and no bundle branch shape. Where the leads for the shape are missing, the block is not typed.
fn unspecific(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(qrs_ms) = case.qrs_ms() else { return Vec::new() };
    let typed = case.bundle.right.is_some() || case.bundle.left.is_some() || case.bundle.preexcited.is_some();
    if typed || case.paced || !incomplete_left_silent(case) {
        return Vec::new();
    }
    let level = if qrs_ms >= 120.0 { RiskLevel::Moderate } else { RiskLevel::Low };
    let Some(verdict) = Verdict::all([Check::above("QRS", qrs_ms, 110.0, MS)]) else { return Vec::new() };
    if let Some(missing) = &case.bundle.untold {
        let evidence = format!("{}; the shape cannot be told: {missing}", verdict.words);
        let finding = rule.finding(format!("Wide QRS {qrs_ms:.0} ms, type not named"), evidence);
        return vec![finding.level(level).sure(Certainty::Review)];
    }
    let evidence = format!("{}; shape of neither bundle branch block", verdict.words);
    let finding = rule.finding(format!("Non-specific intraventricular conduction delay, QRS {qrs_ms:.0} ms"), evidence);
    vec![finding.level(level).sure(verdict.sure)]
}

fn incomplete_left_silent(case: &Case) -> bool {
    RULES
        .iter()
        .find(|rule| rule.code == "conduction.lbbb_incomplete")
        .is_none_or(|rule| incomplete_left(rule, case).is_empty())
}

/// Low specificity, and said so; not with what explains it.
fn poor_r(rule: &Rule, case: &Case) -> Vec<Finding> {
    let explained = case.secondary().is_some() || anterior(case).is_some();
    let turned = matches!(case.exchange, Some((Exchange::Dextrocardia, _)));
    let Some([v2, v3]) = case.leads.every([Lead::V2, Lead::V3]).filter(|_| !explained && !turned) else {
        return Vec::new();
    };
    let (Some(r2), Some(r3)) = (v2.r_mv(), v3.r_mv()) else { return Vec::new() };
    let order = Check { near: false, ..Check::at_most("R V2 − R V3", r2 - r3, 0.0, MV) };
    Verdict::all([Check::at_most("R V3", r3, 0.3, MV), order]).map_or(Vec::new(), |verdict| {
        let leads = [Lead::V2, Lead::V3];
        let statement =
            format!("Poor R progression in {} (low specificity: also from electrode height)", names(&leads));
        vec![rule.finding(statement, verdict.words).on(leads.to_vec()).sure(verdict.sure)]
    })
}
