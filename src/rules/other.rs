//! The other family: low voltage, early repolarisation, the coved ST of V1 and V2, and the combination that asks for potassium.

use super::case::Case;
use super::check::{Check, MS, MV, PER_MIN, SIGNED_MV, Verdict};
use super::found::{Found, certainty, contiguous, evidence, leads_of};
use super::judge::rhythm::Rhythm;
use super::leads::{names, walls};
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

const OTHER: &[Condition] = &[Condition::Other];

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new(
        "voltage.low_limb",
        "QRS peak to peak < 0.5 mV in all limb leads (AHA II 2007 term; common limit)",
        OTHER,
        |rule, case| low(rule, case, &Lead::STANDARD[..6], 0.5, "limb"),
    ),
    Rule::new(
        "voltage.low_chest",
        "QRS peak to peak < 1.0 mV in all chest leads (AHA II 2007 term; common limit)",
        OTHER,
        |rule, case| low(rule, case, &Lead::STANDARD[6..], 1.0, "chest"),
    ),
    Rule::new(
        "other.coved_st",
        "Wilde 2002, Bayés de Luna 2012: coved ST ≥ 0.2 mV with negative T in V1 or V2 (type 1)",
        &[Condition::Other, Condition::Arrhythmia],
        coved,
    ),
    // of 1,294 records of PTB-XL that people call normal 12 % have it, 8 % beyond the measurement's own tolerance
    Rule::new(
        "other.early_repolarisation",
        "Macfarlane 2015: J wave (notch or slur) ≥ 0.1 mV in two contiguous leads other than V1 to V3, QRS < 120 ms",
        OTHER,
        early_repolarisation,
    ),
    // the height of a peaked T is not agreed (unverified): 1.0 mV in chest leads, 0.5 mV in limb leads
    Rule::new(
        "other.hyperkalaemia",
        "Durfey 2017: HR < 50, junctional, QRS > 110 ms carry the risk; three signs are asked for (our choice)",
        &[Condition::Other, Condition::Arrhythmia],
        hyperkalaemia,
    ),
];

fn low(rule: &Rule, case: &Case, of: &[Lead], limit: f64, which: &str) -> Vec<Finding> {
    let spans: Vec<f64> = of.iter().filter_map(|lead| case.leads.get(lead)?.qrs_span_mv).collect();
    if spans.len() < of.len() || case.paced {
        return Vec::new();
    }
    let largest = spans.into_iter().fold(0.0, f64::max);
    Verdict::all([Check::below(format!("largest QRS of the {which} leads"), largest, limit, MV)]).map_or(
        Vec::new(),
        |verdict| {
            let finding = rule.finding(format!("Low QRS voltage in all {which} leads"), verdict.words);
            vec![finding.on(of.to_vec()).sure(verdict.sure)]
        },
    )
}

fn j_wave(lead: &LeadMeasures) -> Option<Found<'_>> {
    let wave = lead.j_wave?;
    let kind = if wave.notch { "notch" } else { "slur" };
    let check = Check::at_least(format!("{kind} {}", lead.lead), wave.height_mv, 0.1, MV).held()?;
    Some(Found { lead, check })
}

/// A J wave in two contiguous leads; ST elevation is not asked for, and not where conduction shapes the end of the QRS.
fn early_repolarisation(rule: &Rule, case: &Case) -> Vec<Finding> {
    let narrow = case.qrs_ms().and_then(|qrs_ms| Check::below("QRS", qrs_ms, 120.0, MS).held());
    let Some(narrow) = narrow.filter(|_| case.secondary().is_none()) else { return Vec::new() };
    let at =
        |lead: &Lead| lead.standard_index().is_some() && !matches!(lead, Lead::AvR | Lead::V1 | Lead::V2 | Lead::V3);
    let found = contiguous(case.leads.all().filter(|lead| at(&lead.lead)).filter_map(j_wave).collect());
    if found.is_empty() {
        return Vec::new();
    }
    let leads = leads_of(&found);
    let words = format!("{}; {}", evidence(&found), narrow.words);
    let statement = format!("J wave in {}, {}: early repolarisation pattern", names(&leads), walls(leads.iter()));
    vec![rule.finding(statement, words).sure(certainty(&found)).on(leads)]
}

/// ST falls from J on without rising again, and T is negative.
fn coved(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.secondary().is_some() {
        return Vec::new();
    }
    let of = |lead: &Lead| {
        let lead = case.leads.get(lead)?;
        let (j, forty, eighty) = (lead.st_j_mv?, lead.st_40_mv?, lead.st_80_mv?);
        let t_mv = lead.t_mv?;
        let falls =
            Check::plain(j > forty && forty > eighty, format!("falling to {} at J + 80 ms", SIGNED_MV.words(eighty)));
        let t = Check::plain(t_mv < 0.0, format!("T {}", SIGNED_MV.words(t_mv)));
        let verdict = Verdict::all([Check::at_least(format!("ST {}", lead.lead), j, 0.2, SIGNED_MV), falls, t])?;
        Some((lead.lead.clone(), verdict))
    };
    let found: Vec<(Lead, Verdict)> = [Lead::V1, Lead::V2].iter().filter_map(of).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let near = found.iter().all(|(_, verdict)| verdict.sure == Certainty::Borderline);
    let words = found.iter().map(|(_, verdict)| verdict.words.clone()).collect::<Vec<_>>().join("; ");
    let leads: Vec<Lead> = found.into_iter().map(|(lead, _)| lead).collect();
    let (sure, words) = case.st(if near { Certainty::Borderline } else { Certainty::Met }, words);
    let statement = format!("Coved ST elevation in {} (type 1): refer, consider causes", names(&leads));
    vec![rule.finding(statement, words).on(leads).level(RiskLevel::High).sure(sure)]
}

/// T is tall for its lead.
fn tall_t(lead: &LeadMeasures) -> Option<Check> {
    let limit = if lead.lead.is_limb() { 0.5 } else { 1.0 };
    Check::at_least(format!("T {}", lead.lead), lead.t_mv?, limit, MV).held()
}

fn hyperkalaemia(rule: &Rule, case: &Case) -> Vec<Finding> {
    let measured = case.facts.measurements;
    let tall: Vec<Check> =
        case.leads.all().filter(|lead| lead.lead.standard_index().is_some()).filter_map(tall_t).collect();
    let peaked = (tall.len() >= 2).then(|| {
        let words: Vec<String> = tall.into_iter().map(|check| check.words).collect();
        Check::plain(true, words.join(", "))
    });
    let wide = case.qrs_ms().and_then(|qrs_ms| Check::above("QRS", qrs_ms, 110.0, MS).held());
    let slow = measured.heart_rate_bpm.value().and_then(|rate| Check::below("rate", rate, 50.0, PER_MIN).held());
    let no_p = matches!(case.rhythm, Rhythm::Junctional(_) | Rhythm::WideEscape(_));
    let p = if no_p {
        Some(Check::plain(true, "no P"))
    } else {
        measured.pr_ms.value().and_then(|pr_ms| Check::above("PR", pr_ms, 200.0, MS).held())
    };
    // wide QRS with tall T is common in bundle branch block and pacing; there the T is secondary
    if case.secondary().is_some() || case.complete_right().is_some() {
        return Vec::new();
    }
    let critical = peaked.is_some() && slow.is_some() && case.qrs_ms().is_some_and(|qrs_ms| qrs_ms >= 120.0);
    let signs: Vec<Check> = [peaked, wide, slow, p].into_iter().flatten().collect();
    if signs.len() < 3 {
        return Vec::new();
    }
    let Some(verdict) = Verdict::all(signs) else { return Vec::new() };
    let level = if critical { RiskLevel::Critical } else { RiskLevel::High };
    let finding = rule.finding("Combination of signs: consider hyperkalaemia, check potassium", verdict.words);
    vec![finding.level(level).sure(Certainty::Review)]
}
