//! The electrode family: what is off, what cannot be. It comes first: a fault here stops what rests on it.
//!
//! By the algebra of the leads: RA, LA and LL each spoil their two bipolar leads and, through Goldberger's and Wilson's terminals, every augmented and
//! chest lead; a chest electrode spoils its own lead alone.

use super::case::Case;
use super::facts::SignalFacts;
use super::rule::Rule;
use super::{Certainty, Finding, RiskLevel};
use crate::ecg::Lead;

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("electrode.limb_off", "Einthoven, Goldberger, Wilson: which leads share an electrode", &[], limb_off)
        .any_age(),
    Rule::new("electrode.chest_off", "Wilson: a chest electrode feeds its own lead alone", &[], chest_off).any_age(),
    Rule::new("electrode.disagree", "Einthoven: I + III = II; Goldberger: aVR + aVL + aVF = 0", &[], disagree)
        .any_age(),
];

/// Two bipolar leads off share one electrode.
const LIMB: [(&str, Lead, Lead); 3] = [
    ("RA (right arm)", Lead::I, Lead::II),
    ("LA (left arm)", Lead::I, Lead::III),
    ("LL (left leg)", Lead::II, Lead::III),
];

fn off<'a>(signal: &'a SignalFacts, lead: &Lead) -> Option<&'a (Lead, f32)> {
    signal.off.iter().find(|(name, _)| name == lead)
}

fn limb_off(rule: &Rule, case: &Case) -> Vec<Finding> {
    let signal = case.facts.signal;
    let lost: Vec<&(Lead, f32)> = signal.off.iter().filter(|(lead, _)| lead.is_limb()).collect();
    let Some(longest) = lost.iter().map(|(_, share)| *share).reduce(f32::max) else { return Vec::new() };
    let pairs: Vec<&str> = LIMB
        .iter()
        .filter(|(_, one, other)| off(signal, one).is_some() && off(signal, other).is_some())
        .map(|(name, ..)| *name)
        .collect();
    let all = [Lead::I, Lead::II, Lead::III].iter().all(|lead| off(signal, lead).is_some());
    let statement = match pairs[..] {
        [one] if !all => format!(
            "Electrode {one} may be off: limb leads and, through Wilson's terminal, chest leads are not reliable"
        ),
        [] => "A limb lead is off: an electrode or the file".to_owned(),
        _ => "Limb electrodes may be off: limb leads and, through Wilson's terminal, chest leads are not reliable"
            .to_owned(),
    };
    let leads: Vec<Lead> = lost.iter().map(|(lead, _)| lead.clone()).collect();
    vec![finding(rule, statement, leads, longest, RiskLevel::Indeterminate)]
}

fn chest_off(rule: &Rule, case: &Case) -> Vec<Finding> {
    let lost: Vec<&(Lead, f32)> = case.facts.signal.off.iter().filter(|(lead, _)| !lead.is_limb()).collect();
    let Some(longest) = lost.iter().map(|(_, share)| *share).reduce(f32::max) else { return Vec::new() };
    let leads: Vec<Lead> = lost.iter().map(|(lead, _)| lead.clone()).collect();
    let names = leads.iter().map(Lead::name).collect::<Vec<_>>().join(", ");
    // with most of the chest gone nothing can be said of the front wall; one of six is named and the rest still reads
    let level = if 2 * leads.len() > case.facts.signal.leads.iter().filter(|lead| !lead.is_limb()).count() {
        RiskLevel::Indeterminate
    } else {
        RiskLevel::Low
    };
    let many = if leads.len() == 1 { "Electrode of" } else { "Electrodes of" };
    vec![finding(rule, format!("{many} {names} may be off"), leads, longest, level)]
}

fn finding(rule: &Rule, statement: String, leads: Vec<Lead>, share: f32, level: RiskLevel) -> Finding {
    let names = leads.iter().map(Lead::name).collect::<Vec<_>>().join(", ");
    let evidence = format!("{names}: no signal in up to {:.0} % of the time", 100.0 * share);
    rule.finding(statement, evidence).on(leads).sure(Certainty::Review).level(level)
}

fn disagree(rule: &Rule, case: &Case) -> Vec<Finding> {
    case.facts
        .signal
        .disagreements
        .iter()
        .map(|words| {
            let augmented = words.contains("aVR");
            let leads = if augmented { [Lead::AvR, Lead::AvL, Lead::AvF] } else { [Lead::I, Lead::II, Lead::III] };
            let statement =
                "Leads disagree: gains or labels of the file may be wrong, amplitudes and axis are not reliable";
            let finding = rule.finding(statement, words.clone()).on(leads.to_vec());
            finding.sure(Certainty::Review).level(RiskLevel::Indeterminate)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::*;
    use crate::measure::{Measurements, Patterns, Waves};

    fn said(off: &[Lead]) -> Vec<Finding> {
        let signal = SignalFacts {
            off: off.iter().map(|lead| (lead.clone(), 1.0)).collect(),
            leads: Lead::STANDARD.to_vec(),
            ..Default::default()
        };
        let measurements = Measurements::none("not measured");
        super::super::apply(
            &[RULES],
            &Facts {
                beats: &[],
                waves: &Waves::default(),
                measurements: &measurements,
                patterns: &Patterns::default(),
                signal: &signal,
                age_years: None,
                sex: None,
            },
        )
    }

    #[test]
    fn two_bipolar_leads_name_their_electrode() {
        for (name, one, other) in LIMB {
            let findings = said(&[one, other]);
            assert!(findings[0].statement.contains(name), "{}", findings[0].statement);
            assert_eq!(findings[0].level, RiskLevel::Indeterminate);
        }
    }

    #[test]
    fn one_chest_electrode_is_named_and_the_rest_still_reads() {
        let findings = said(&[Lead::V3]);
        assert_eq!((findings[0].code, findings[0].level), ("electrode.chest_off", RiskLevel::Low));
        let most = said(&[Lead::V1, Lead::V2, Lead::V3, Lead::V4]);
        assert_eq!(most[0].level, RiskLevel::Indeterminate);
        assert!(said(&[]).is_empty());
    }
}
