//! The reversal family: electrodes that may be exchanged. It comes before the rest: limb leads that may be exchanged are not read any further.
//!
//! Specificity before sensitivity: about 2 in 100 records are affected (Ohlsson 1999). LA/LL has no sign of its own that is specific; it is said only
//! as "compare with an earlier ECG".

use super::case::Case;
use super::check::{Check, MV, Verdict};
use super::judge::limbs::Exchange;
use super::rule::Rule;
use super::{Certainty, Finding, RiskLevel};
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

const ALGEBRA: &str = "Einthoven and Goldberger: which lead becomes which; Batchvarov 2007 (Europace 9:1081)";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("reversal.ra_la", ALGEBRA, &[], |rule, case| limbs(rule, case, Exchange::RaLa)).any_age(),
    Rule::new("reversal.ra_ll", ALGEBRA, &[], |rule, case| limbs(rule, case, Exchange::RaLl)).any_age(),
    Rule::new("reversal.ra_rl", ALGEBRA, &[], |rule, case| limbs(rule, case, Exchange::RaRl)).any_age(),
    Rule::new("reversal.la_rl", ALGEBRA, &[], |rule, case| limbs(rule, case, Exchange::LaRl)).any_age(),
    Rule::new("reversal.dextrocardia", "limb leads as RA/LA and R falling to V6: AccessEM", &[], |rule, case| {
        limbs(rule, case, Exchange::Dextrocardia)
    })
    .any_age(),
    Rule::new("reversal.la_ll", "Abdollah 1997: P in I taller than in II, terminal P in III upright", &[], la_ll),
    Rule::new(
        "reversal.chest",
        "inter-lead order of R and T; limits are ours, after Ohlsson 1999 (specificity first)",
        &[],
        chest,
    ),
];

fn limbs(rule: &Rule, case: &Case, which: Exchange) -> Vec<Finding> {
    let Some((_, verdict)) = case.exchange.as_ref().filter(|(found, _)| *found == which) else { return Vec::new() };
    let (words, leads): (&str, &[Lead]) = match which {
        Exchange::RaLa => ("electrodes RA and LA may be exchanged", &Lead::STANDARD[..6]),
        Exchange::RaLl => ("electrodes RA and LL may be exchanged", &Lead::STANDARD[..6]),
        Exchange::RaRl => ("electrodes RA and RL may be exchanged", &Lead::STANDARD[..6]),
        Exchange::LaRl => ("electrodes LA and RL may be exchanged", &Lead::STANDARD[..6]),
        Exchange::Dextrocardia => ("consider dextrocardia, or arm and chest electrodes exchanged", &Lead::STANDARD),
    };
    let statement = format!("{}: limb leads are not read further", capital(words));
    let finding = rule.finding(statement, verdict.words.clone()).on(leads.to_vec());
    vec![finding.sure(Certainty::Review).level(RiskLevel::Indeterminate)]
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn la_ll(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some([one, two, three]) = case.leads.every([Lead::I, Lead::II, Lead::III]) else { return Vec::new() };
    let (Some(p_one), Some(p_two), Some((low, high))) = (one.p_mv, two.p_mv, three.p_range_mv) else {
        return Vec::new();
    };
    // by Einthoven P in II is the larger one unless III ends against it; the sign of the end of P is not measured, only that it has two parts
    let verdict = Verdict::all([
        Check::above("P in I − P in II", p_one - p_two, 0.025, MV),
        Check::above("P in II", p_two, 0.0, MV),
        Check::at_least("positive part of P in III", high, 0.03, MV),
        Check::at_most("negative part of P in III", low, -0.03, MV),
    ]);
    verdict.map_or(Vec::new(), |verdict| {
        let statement = "Consider electrodes LA and LL exchanged: compare with an earlier ECG";
        vec![rule.finding(statement, verdict.words).on(Lead::STANDARD[..6].to_vec()).sure(Certainty::Review)]
    })
}

/// The places of V1 to V6 by R/(R + S) and by T; a swap of neighbours that smooths the one much and the other not less, or
/// both clearly, is suspicious.
fn chest(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(leads) = case.leads.every([Lead::V1, Lead::V2, Lead::V3, Lead::V4, Lead::V5, Lead::V6]) else {
        return Vec::new();
    };
    if case.secondary().is_some() || matches!(case.exchange, Some((Exchange::Dextrocardia, _))) {
        return Vec::new();
    }
    let share = |lead: &&LeadMeasures| {
        let (r, s) = (lead.r_mv()?, lead.s_mv()?);
        (r + s >= 0.3).then(|| r / (r + s))
    };
    let (Some(rs), Some(t)) = (
        leads.iter().map(share).collect::<Option<Vec<f64>>>(),
        leads.iter().map(|lead| lead.t_mv).collect::<Option<Vec<f64>>>(),
    ) else {
        return Vec::new();
    };
    let steps = |values: &[f64]| values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>();
    let (rs_now, t_now) = (steps(&rs), steps(&t));
    let best = (0..5)
        .map(|first| {
            let swapped = |values: &[f64]| {
                let mut values = values.to_vec();
                values.swap(first, first + 1);
                steps(&values)
            };
            (first, rs_now - swapped(&rs), t_now - swapped(&t))
        })
        .filter(|(_, rs_gain, t_gain)| {
            let t_too = *t_gain >= 0.3 * t_now && *t_gain >= 0.2;
            *t_gain >= -1e-9 && (*rs_gain >= 0.8 || (*rs_gain >= 0.4 && t_too))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or(Vec::new(), |(first, rs_gain, t_gain)| {
        let pair = [leads[first].lead.clone(), leads[first + 1].lead.clone()];
        let statement = format!("Electrodes of {} and {} may be exchanged", pair[0], pair[1]);
        let evidence = format!(
            "exchanged, the steps of R/(R + S) from V1 to V6 sum to {:.2} instead of {rs_now:.2}, those of T to {:.2} instead of {t_now:.2} mV",
            rs_now - rs_gain,
            t_now - t_gain
        );
        vec![rule.finding(statement, evidence).on(pair.to_vec()).sure(Certainty::Review)]
    })
}
