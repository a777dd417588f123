//! The ST family: elevation, depression, their patterns, and Sgarbossa's criteria where the conduction changes ST by itself.
//!
//! Limits: Fourth Universal Definition of MI 2018 (UDMI4). "New" cannot be known from one record; the statement says "age unknown". Every statement
//! carries what must be said of the filters. Hyperacute T, pericarditis and early repolarisation are not stated: no agreed number, or not measured.

use super::case::{Case, Secondary};
use super::check::{Check, MV, RATIO, SIGNED_MV, Verdict};
use super::found::{Found, certainty, contiguous, evidence, leads_of};
use super::leads::{names, walls, with_neighbour};
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::{Lead, Sex};
use crate::measure::LeadMeasures;

const MI: &[Condition] = &[Condition::Infarction];
const UDMI: &str = "Fourth Universal Definition of MI 2018 (Thygesen): ST at J, two contiguous leads";
const AVR: &str =
    "ESC 2020 on NSTE-ACS: ST depression ≥ 0.1 mV in 6 leads with ST elevation in aVR (AHA VI, ESC 2017: 8)";
const SGARBOSSA: &str = "modified Sgarbossa criteria: Smith 2012, Meyers 2015 (not validated in paced beats)";
// the heights of T and of aVR are not agreed (unverified)
const DE_WINTER: &str = "de Winter 2008: up-sloping ST depression into tall T in V1 to V6 (no agreed height of T)";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("ischaemia.st_elevation", UDMI, MI, elevation),
    Rule::new("ischaemia.sgarbossa", SGARBOSSA, MI, sgarbossa),
    Rule::new("ischaemia.posterior", UDMI, MI, posterior),
    Rule::new("ischaemia.avr", AVR, MI, avr),
    Rule::new("ischaemia.de_winter", DE_WINTER, MI, de_winter),
    Rule::new("ischaemia.st_depression", UDMI, MI, depression),
];

/// UDMI4's limit for a lead, mV, and what is not known of the patient. Sex or age unknown: the higher limit must be passed.
fn limit_mv(lead: &Lead, age: Option<u16>, sex: Option<Sex>) -> Option<(f64, &'static str)> {
    let young = |years: u16| age.is_none_or(|age| age < years);
    let unknown = match (sex, age) {
        (None, _) => "sex unknown: limit of men",
        (Some(Sex::Male), None) => "age unknown: limit of young men",
        _ => "",
    };
    match lead {
        Lead::AvR => None,
        Lead::V2 | Lead::V3 if sex == Some(Sex::Female) => Some((0.15, "")),
        Lead::V2 | Lead::V3 => Some((if young(40) { 0.25 } else { 0.20 }, unknown)),
        Lead::Other(name) => {
            let years = match &**name {
                "V3R" | "V4R" => 30,
                "V7" | "V8" | "V9" => 40,
                _ => return None,
            };
            let raised = sex != Some(Sex::Female) && young(years);
            Some((if raised { 0.10 } else { 0.05 }, unknown))
        }
        _ => Some((0.10, "")),
    }
}

/// Leads over their limit that have a contiguous one.
fn elevated<'a>(case: &Case<'a>) -> (Vec<Found<'a>>, &'static str) {
    let (age, sex) = (case.facts.age_years, case.facts.sex);
    let mut note = "";
    let found: Vec<Found> = case
        .leads
        .all()
        .filter_map(|lead| {
            let (limit, unknown) = limit_mv(&lead.lead, age, sex)?;
            let check = Check::at_least(format!("ST {}", lead.lead), lead.st_j_mv?, limit, SIGNED_MV).held()?;
            if !unknown.is_empty() {
                note = unknown;
            }
            Some(Found { lead, check })
        })
        .collect();
    (contiguous(found), note)
}

fn largest(found: &[Found]) -> f64 {
    found.iter().filter_map(|found| found.lead.st_j_mv).map(f64::abs).fold(0.0, f64::max)
}

fn elevation(rule: &Rule, case: &Case) -> Vec<Finding> {
    // in left bundle branch block and in paced beats Sgarbossa's criteria stand for these limits
    if matches!(case.secondary(), Some(Secondary::Paced | Secondary::Left)) {
        return Vec::new();
    }
    let (found, note) = elevated(case);
    if found.is_empty() {
        return Vec::new();
    }
    let leads = leads_of(&found);
    let mut words = evidence(&found);
    if !note.is_empty() {
        words = format!("{words}; {note}");
    }
    let mut level = RiskLevel::Critical;
    let mut sure = certainty(&found);
    let mut name = "STEMI range, UDMI4, age unknown".to_owned();
    let excluded =
        case.secondary().map(Secondary::words).or((!case.lvh.is_empty()).then_some("voltage criteria for LVH"));
    if let Some(excluded) = excluded {
        // secondary ST elevation of LVH stands in V1 to V3 and is under a quarter of the QRS, peak to nadir (Armstrong 2012)
        let expected = |found: &Found| {
            let share = found.lead.st_j_mv.zip(found.lead.qrs_span_mv).is_some_and(|(st, span)| st < 0.25 * span);
            share && matches!(found.lead.lead, Lead::V1 | Lead::V2 | Lead::V3)
        };
        level = if found.iter().all(expected) { RiskLevel::Moderate } else { RiskLevel::High };
        sure = Certainty::Review;
        name = "may be secondary".to_owned();
        words = format!("{words}; {excluded}: UDMI4's limits do not hold, compare with an earlier ECG");
    }
    let (sure, words) = case.st(sure, words);
    let told = format!("{:.2} mV in {}", largest(&found), names(&leads));
    let statement = format!("ST elevation up to {told}, {} ({name})", walls(leads.iter()));
    vec![rule.finding(statement, words).on(leads).level(level).sure(sure)]
}

fn positive(lead: &LeadMeasures) -> Option<bool> {
    let net = lead.qrs_area_mvs.or_else(|| Some(lead.r_mv()? - lead.s_mv()?))?;
    Some(net > 0.0)
}

fn sgarbossa(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(cause) = case.secondary().filter(|cause| *cause != Secondary::Preexcited) else { return Vec::new() };
    let mut found: Vec<Found> = Vec::new();
    for lead in case.leads.all().filter(|lead| lead.lead.standard_index().is_some() && lead.lead != Lead::AvR) {
        let (Some(st_mv), Some(positive)) = (lead.st_j_mv, positive(lead)) else { continue };
        let chest = matches!(lead.lead, Lead::V1 | Lead::V2 | Lead::V3);
        let up = Check::at_least(format!("ST {}", lead.lead), st_mv, 0.1, SIGNED_MV);
        let down = Check::at_most(format!("ST {}", lead.lead), st_mv, -0.1, SIGNED_MV);
        let s_mv = lead.s_mv().unwrap_or(0.0);
        let check = if positive && up.met {
            Some(Check { words: format!("{} with positive QRS", up.words), ..up })
        } else if chest && !positive && down.met {
            Some(Check { words: format!("{} with negative QRS", down.words), ..down })
        } else if !positive && up.met && s_mv > 0.0 {
            let share = Check::at_most(format!("ST/S {}", lead.lead), -st_mv / s_mv, -0.25, RATIO);
            share.held().map(|share| Check {
                met: true,
                near: share.near || up.near,
                words: format!("{}, {}", share.words, up.words),
            })
        } else {
            None
        };
        found.extend(check.map(|check| Found { lead, check }));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let sure = if found.iter().all(|found| found.check.near) { Certainty::Borderline } else { Certainty::Met };
    let (sure, words) = case.st(sure, evidence(&found));
    let leads = leads_of(&found);
    let statement = format!("Modified Sgarbossa criteria met in {} ({})", names(&leads), cause.words());
    vec![rule.finding(statement, words).on(leads).level(RiskLevel::Critical).sure(sure)]
}

/// Horizontal or down-sloping depression at J, and still there 80 ms on.
fn depressed(lead: &LeadMeasures) -> Option<Check> {
    let st_j = lead.st_j_mv?;
    let later = lead.st_80_mv.or(lead.st_60_mv)?;
    // 0.02 mV over 80 ms is still horizontal (our choice)
    let flat = later <= st_j + 0.02;
    let check = Check::at_most(format!("ST {}", lead.lead), st_j, -0.05, SIGNED_MV).held()?;
    flat.then_some(check)
}

/// Leads in which ST, for all that is known, is not secondary: in RBBB V1 to V3, in LVH the lateral leads are.
fn primary(case: &Case, lead: &Lead) -> bool {
    let right = case.complete_right().is_some() && matches!(lead, Lead::V1 | Lead::V2 | Lead::V3);
    let strain = !case.lvh.is_empty() && matches!(lead, Lead::I | Lead::AvL | Lead::V4 | Lead::V5 | Lead::V6);
    *lead != Lead::AvR && lead.standard_index().is_some() && !right && !strain
}

fn contiguous_depression<'a>(case: &Case<'a>, may: impl Fn(&LeadMeasures) -> bool) -> Vec<Found<'a>> {
    if case.secondary().is_some() {
        return Vec::new();
    }
    let all = case.leads.all().filter(|lead| primary(case, &lead.lead) && may(lead));
    contiguous(all.filter_map(|lead| depressed(lead).map(|check| Found { lead, check })).collect())
}

/// ST depression of V1 to V4 with an upright T.
fn posterior_leads<'a>(case: &Case<'a>) -> Vec<Found<'a>> {
    contiguous_depression(case, |lead| {
        matches!(lead.lead, Lead::V1 | Lead::V2 | Lead::V3 | Lead::V4) && lead.t_mv.is_some_and(|t_mv| t_mv > 0.0)
    })
}

fn posterior(rule: &Rule, case: &Case) -> Vec<Finding> {
    let found = posterior_leads(case);
    if found.is_empty() {
        return Vec::new();
    }
    let (leads, deepest) = (leads_of(&found), largest(&found));
    let level = if deepest >= 0.1 { RiskLevel::Critical } else { RiskLevel::High };
    let words = format!("{}; T upright there", evidence(&found));
    let (sure, words) = case.st(certainty(&found), words);
    let statement = format!(
        "ST depression {deepest:.2} mV with upright T in {}: consider posterior MI, record V7 to V9",
        names(&leads)
    );
    vec![rule.finding(statement, words).on(leads).level(level).sure(sure)]
}

fn avr(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(avr_mv) = case.leads.get(&Lead::AvR).and_then(|lead| lead.st_j_mv) else { return Vec::new() };
    if case.secondary().is_some() {
        return Vec::new();
    }
    let v1_mv = case.leads.get(&Lead::V1).and_then(|lead| lead.st_j_mv);
    let deep = |lead: &&LeadMeasures| lead.st_j_mv.is_some_and(|st_mv| st_mv <= -0.1);
    let leads: Vec<Lead> = case
        .leads
        .all()
        .filter(|lead| lead.lead.standard_index().is_some())
        .filter(deep)
        .map(|lead| lead.lead.clone())
        .collect();
    let verdict = Verdict::all([
        Check::at_least("ST aVR", avr_mv, 0.1, SIGNED_MV),
        Check::plain(v1_mv.is_none_or(|v1_mv| avr_mv >= v1_mv), "ST of aVR at least that of V1"),
        Check::plain(
            leads.len() >= 6,
            format!("ST depression ≥ 0.10 mV in {} leads ≥ 6 ({})", leads.len(), names(&leads)),
        ),
    ]);
    verdict.map_or(Vec::new(), |verdict| {
        let statement = format!(
            "ST elevation {avr_mv:.2} mV in aVR with ST depression in {} leads: consider diffuse ischaemia",
            leads.len()
        );
        let lvh = if case.lvh.is_empty() { "" } else { "; voltage criteria for LVH: may be secondary" };
        let (sure, words) = case.st(verdict.sure, format!("{}{lvh}", verdict.words));
        let all = std::iter::once(Lead::AvR).chain(leads).collect();
        vec![rule.finding(statement, words).on(all).level(RiskLevel::High).sure(sure)]
    })
}

/// T of this height is tall here, mV (unverified: there is no agreed number).
const TALL_MV: f64 = 0.5;

fn de_winter(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.secondary().is_some() || !case.lvh.is_empty() {
        return Vec::new();
    }
    let found: Vec<Found> = case
        .leads
        .all()
        .filter(|lead| lead.lead.standard_index().is_some_and(|index| index >= 6))
        .filter(|lead| lead.t_mv.is_some_and(|t_mv| t_mv >= TALL_MV))
        .filter(|lead| lead.st_slope_mv_per_s.is_some_and(|slope| slope > 0.5))
        .filter_map(|lead| {
            let check = Check::at_most(format!("ST {}", lead.lead), lead.st_j_mv?, -0.1, SIGNED_MV).held()?;
            let words = format!("{}, rising, T {}", check.words, MV.words(lead.t_mv?));
            Some(Found { lead, check: Check { words, ..check } })
        })
        .collect();
    let raised = case.leads.get(&Lead::AvR).and_then(|lead| lead.st_j_mv).filter(|st_mv| *st_mv >= 0.05);
    let (Some(avr_mv), true) = (raised, with_neighbour(&found, |found| &found.lead.lead).len() >= 3) else {
        return Vec::new();
    };
    let leads = leads_of(&found);
    let (_, words) = case.st(Certainty::Review, format!("{}; ST aVR {}", evidence(&found), SIGNED_MV.words(avr_mv)));
    let statement =
        format!("Up-sloping ST depression into tall T in {}: consider the de Winter pattern", names(&leads));
    vec![rule.finding(statement, words).on(leads).level(RiskLevel::Critical).sure(Certainty::Review)]
}

fn depression(rule: &Rule, case: &Case) -> Vec<Finding> {
    let told = leads_of(&posterior_leads(case));
    let found = contiguous_depression(case, |lead| !told.contains(&lead.lead));
    if found.is_empty() {
        return Vec::new();
    }
    let (leads, deepest) = (leads_of(&found), largest(&found));
    let level = if deepest >= 0.1 { RiskLevel::High } else { RiskLevel::Moderate };
    let (sure, words) = case.st(certainty(&found), format!("{}; horizontal or down-sloping", evidence(&found)));
    let statement = format!("ST depression {deepest:.2} mV in {}, {}", names(&leads), walls(leads.iter()));
    vec![rule.finding(statement, words).on(leads).level(level).sure(sure)]
}
