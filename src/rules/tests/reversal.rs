//! Exchanged electrodes: the algebra is done on the healthy record, so that each test is a true exchange.

use super::super::made::{Made, wave};
use super::*;
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

/// The lead upside down.
fn turned(lead: &LeadMeasures) -> LeadMeasures {
    let flip = |range: Option<(f64, f64)>| range.map(|(low, high)| (-high, -low));
    let over = |found: Option<crate::measure::Deflection>| {
        found.map(|found| crate::measure::Deflection { peak_mv: -found.peak_mv, ..found })
    };
    LeadMeasures {
        p_mv: lead.p_mv.map(|mv| -mv),
        p_range_mv: flip(lead.p_range_mv),
        q: None,
        r: over(lead.s),
        s: over(lead.r),
        qs: lead.s.is_none(),
        qrs_area_mvs: lead.qrs_area_mvs.map(|area| -area),
        t_mv: lead.t_mv.map(|mv| -mv),
        t_range_mv: flip(lead.t_range_mv),
        ..lead.clone()
    }
}

/// Limb leads as other limb leads, `true` = upside down.
fn exchanged(plan: &[(Lead, Lead, bool)]) -> Made {
    let healthy = Made::healthy();
    let mut made = healthy.clone();
    for (to, from, over) in plan {
        let from = healthy.measured.lead(from).expect("measured").clone();
        let from = if *over { turned(&from) } else { from };
        let place = made.measured.leads.iter_mut().find(|lead| lead.lead == *to).expect("measured");
        *place = LeadMeasures { lead: to.clone(), ..from };
    }
    made
}

fn ra_la() -> Made {
    exchanged(&[
        (Lead::I, Lead::I, true),
        (Lead::II, Lead::III, false),
        (Lead::III, Lead::II, false),
        (Lead::AvR, Lead::AvL, false),
        (Lead::AvL, Lead::AvR, false),
    ])
}

fn reversals(made: &Made) -> Vec<&'static str> {
    made.codes().into_iter().filter(|code| code.starts_with("reversal.")).collect()
}

#[test]
fn arms_turn_lead_one_over_and_stop_limb_statements() {
    let made = ra_la().set(|m| &mut m.axis_qrs_deg, 140.0).set(|m| &mut m.axis_p_deg, 120.0);
    assert_eq!(reversals(&made), ["reversal.ra_la"]);
    let found = made.said("reversal.ra_la").expect("told");
    assert_eq!((found.certainty, found.level), (REVIEW, RiskLevel::Indeterminate));
    let codes = made.codes();
    assert!(!codes.iter().any(|code| code.starts_with("axis.") || *code == "rhythm.ectopic_atrial"), "{codes:?}");
    assert!(ra_la().who(Some(9), None).says("reversal.ra_la"), "electrodes speak at every age");
    let kept = ra_la().leads(&[Lead::I], |lead| lead.p_mv = Some(0.05));
    assert_eq!(reversals(&kept), [""; 0], "P upright: specificity first");
    assert_eq!(reversals(&ra_la().withheld(&[Lead::I])), [""; 0]);
}

#[test]
fn a_heart_on_the_right_has_r_falling_to_v6() {
    let made = ra_la()
        .leads(&[Lead::V1], |lead| lead.r = wave(0.8, 40.0))
        .leads(&[Lead::V4, Lead::V5, Lead::V6], |lead| (lead.r, lead.s) = (wave(0.1, 20.0), wave(-0.5, 40.0)));
    assert_eq!(reversals(&made), ["reversal.dextrocardia"]);
    assert!(!made.says("conduction.poor_r"));
}

#[test]
fn arm_and_leg() {
    let made = exchanged(&[
        (Lead::I, Lead::III, true),
        (Lead::II, Lead::II, true),
        (Lead::III, Lead::I, true),
        (Lead::AvR, Lead::AvF, false),
        (Lead::AvF, Lead::AvR, false),
    ]);
    assert_eq!(reversals(&made), ["reversal.ra_ll"]);
}

#[test]
fn the_right_leg_makes_one_lead_flat() {
    let flat = |lead: Lead| {
        Made::healthy().leads(&[lead], |lead| {
            (lead.qrs_span_mv, lead.p_mv, lead.t_mv) = (Some(0.06), Some(0.01), Some(0.01));
        })
    };
    assert_eq!(reversals(&flat(Lead::II)), ["reversal.ra_rl"]);
    assert_eq!(reversals(&flat(Lead::III)), ["reversal.la_rl"]);
    let with_t = flat(Lead::III).leads(&[Lead::III], |lead| lead.t_mv = Some(0.1));
    assert_eq!(reversals(&with_t), [""; 0], "a small QRS with a T is a lead that lives");
    let near = flat(Lead::II).leads(&[Lead::II], |lead| lead.qrs_span_mv = Some(0.1));
    assert_eq!(reversals(&near), [""; 0]);
}

#[test]
fn left_arm_and_leg_are_only_a_word_of_caution() {
    let made = Made::healthy()
        .leads(&[Lead::I], |lead| lead.p_mv = Some(0.16))
        .leads(&[Lead::III], |lead| lead.p_range_mv = Some((-0.06, 0.05)));
    table("reversal.la_ll", vec![("suspicious", made, Some((REVIEW, LOW))), ("usual", Made::healthy(), None)]);
}

#[test]
fn chest_leads_that_step_back_and_forth() {
    let swap = |one: usize, other: usize| {
        let mut made = Made::healthy();
        let (a, b) = (made.measured.leads[one].clone(), made.measured.leads[other].clone());
        made.measured.leads[one] = LeadMeasures { lead: a.lead.clone(), ..b.clone() };
        made.measured.leads[other] = LeadMeasures { lead: b.lead.clone(), ..a };
        made
    };
    let steep = |made: Made| {
        made.leads(&[Lead::V2], |lead| lead.t_mv = Some(0.6)).leads(&[Lead::V1], |lead| lead.t_mv = Some(0.0))
    };
    let found = steep(swap(7, 10)).said("reversal.chest");
    assert_eq!(found, None, "not neighbours: no single exchange smooths them");
    let swapped = swap(8, 9)
        .leads(&[Lead::V3], |lead| (lead.r, lead.s, lead.t_mv) = (wave(1.5, 40.0), wave(-0.1, 20.0), Some(0.5)));
    let swapped = swapped
        .leads(&[Lead::V4], |lead| (lead.r, lead.s, lead.t_mv) = (wave(0.2, 20.0), wave(-1.4, 40.0), Some(0.45)));
    let found = swapped.said("reversal.chest").expect("V3 and V4");
    assert_eq!((found.leads.as_slice(), found.certainty), (&[Lead::V3, Lead::V4][..], REVIEW));
    assert!(!Made::healthy().says("reversal.chest"));
}
