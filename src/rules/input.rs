//! What was not judged: leads and measurements that are missing. Silence of the other families must not read as "no finding".

use super::case::Case;
use super::leads::names;
use super::rule::Rule;
use super::{Certainty, Finding, RiskLevel};
use crate::ecg::Lead;
use crate::measure::Measured;

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("input.leads", "own rule: a lead that was not measured is named with its reason", &[], leads),
    Rule::new(
        "input.qrs",
        "own rule: without QRS limits nothing is said of conduction, ST, Q, T and voltage",
        &[],
        qrs,
    ),
];

/// Leads of the recording that were withheld, but for those that the electrode family names.
fn leads(rule: &Rule, case: &Case) -> Vec<Finding> {
    let measured = &case.facts.measurements.leads;
    let told = |lead: &Lead| case.facts.signal.off.iter().any(|(off, _)| off == lead);
    let reason = |lead: &Lead| match measured.iter().find(|measures| measures.lead == *lead) {
        Some(measures) => measures.withheld.as_deref(),
        None => Some("not usable"),
    };
    // without any lead there is no QRS, which is said once
    let withheld: Vec<(&Lead, &str)> = Lead::STANDARD
        .iter()
        .filter(|lead| !measured.is_empty() && case.facts.signal.leads.contains(lead) && !told(lead))
        .filter_map(|lead| Some((lead, reason(lead)?)))
        .collect();
    let Some((_, first)) = withheld.first() else { return Vec::new() };
    let names = names(withheld.iter().map(|(lead, _)| *lead));
    let same = withheld.iter().all(|(_, reason)| reason == first);
    let evidence = if same {
        (*first).to_owned()
    } else {
        withheld.iter().map(|(lead, reason)| format!("{lead}: {reason}")).collect::<Vec<_>>().join("; ")
    };
    // with most of the chest or the limbs gone nothing can be said of a wall; one of six is named and the rest still reads
    let most = |limb: bool| {
        let of = |lead: &&Lead| lead.is_limb() == limb;
        let all = case.facts.signal.leads.iter().filter(|lead| lead.standard_index().is_some()).filter(of).count();
        all > 0 && 2 * withheld.iter().map(|(lead, _)| *lead).filter(of).count() > all
    };
    let level = if most(true) || most(false) { RiskLevel::Indeterminate } else { RiskLevel::Low };
    let on = withheld.iter().map(|(lead, _)| (*lead).clone()).collect();
    let finding = rule.finding(format!("No result by rule in {names}"), evidence);
    vec![finding.on(on).level(level).sure(Certainty::Review)]
}

fn qrs(rule: &Rule, case: &Case) -> Vec<Finding> {
    let measured = case.facts.measurements;
    // without a rate nothing was measured: the rhythm family says so
    let Measured::NoResult { reason } = &measured.qrs_ms else { return Vec::new() };
    if measured.heart_rate_bpm.value().is_none() {
        return Vec::new();
    }
    let finding = rule.finding("Conduction, ST, Q, T and voltage are not judged", format!("QRS: {reason}"));
    vec![finding.sure(Certainty::Review).level(RiskLevel::Indeterminate)]
}
