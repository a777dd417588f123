//! Low voltage, coved ST, potassium.

use super::super::made::Made;
use super::*;
use crate::ecg::Lead;
use crate::measure::JWave;

#[test]
fn low_voltage_means_every_lead() {
    let limb = |mv: f64| Made::healthy().leads(&Lead::STANDARD[..6], move |lead| lead.qrs_span_mv = Some(mv));
    let chest = |mv: f64| Made::healthy().leads(&Lead::STANDARD[6..], move |lead| lead.qrs_span_mv = Some(mv));
    table(
        "voltage.low_limb",
        vec![
            ("at", limb(0.5), None),
            ("near", limb(0.49), Some((NEAR, LOW))),
            ("clear", limb(0.4), Some((MET, LOW))),
            ("one higher", limb(0.4).leads(&[Lead::II], |lead| lead.qrs_span_mv = Some(0.6)), None),
            ("one missing", limb(0.4).withheld(&[Lead::II]), None),
        ],
    );
    table("voltage.low_chest", vec![("at", chest(1.0), None), ("clear", chest(0.8), Some((MET, LOW)))]);
}

#[test]
fn a_j_wave_stands_in_two_contiguous_leads_that_are_not_v1_to_v3() {
    let made = |leads: &[Lead], height_mv: f64| {
        Made::healthy().leads(leads, move |lead| lead.j_wave = Some(JWave { height_mv, notch: true }))
    };
    let inferior = [Lead::II, Lead::AvF];
    table(
        "other.early_repolarisation",
        vec![
            ("clear", made(&inferior, 0.2), Some((MET, LOW))),
            ("near", made(&inferior, 0.11), Some((NEAR, LOW))),
            ("missed", made(&inferior, 0.09), None),
            ("lateral", made(&[Lead::V4, Lead::V5], 0.2), Some((MET, LOW))),
            ("V2 and V3", made(&[Lead::V2, Lead::V3], 0.3), None),
            ("apart", made(&[Lead::II, Lead::V5], 0.3), None),
            ("wide", made(&inferior, 0.3).qrs(120.0), None),
            ("one missing", made(&inferior, 0.3).withheld(&[Lead::II]), None),
        ],
    );
    let said = made(&inferior, 0.2).said("other.early_repolarisation").expect("said");
    assert_eq!(said.statement, "J wave in II, aVF, inferior: early repolarisation pattern");
}

#[test]
fn coved_st_falls_into_a_negative_t() {
    let made = |j_mv: f64, t_mv: f64| {
        Made::healthy().leads(&[Lead::V1], move |lead| {
            (lead.st_j_mv, lead.st_40_mv, lead.st_80_mv, lead.t_mv) =
                (Some(j_mv), Some(j_mv - 0.05), Some(j_mv - 0.1), Some(t_mv));
        })
    };
    table(
        "other.coved_st",
        vec![
            ("clear", made(0.3, -0.2), Some((MET, HIGH))),
            ("at", made(0.2, -0.2), Some((NEAR, HIGH))),
            ("under", made(0.19, -0.2), None),
            ("T upright", made(0.3, 0.2), None),
            ("rising", made(0.3, -0.2).leads(&[Lead::V1], |lead| lead.st_80_mv = Some(0.4)), None),
            ("missing", made(0.3, -0.2).withheld(&[Lead::V1]), None),
        ],
    );
}

#[test]
fn potassium_is_asked_for_by_three_signs() {
    let tall = Made::healthy().leads(&[Lead::V2, Lead::V3, Lead::V4], |lead| lead.t_mv = Some(1.3));
    table(
        "other.hyperkalaemia",
        vec![
            ("tall T alone", tall.clone(), None),
            ("tall, wide", tall.clone().qrs(125.0), None),
            ("tall, wide, long PR", tall.clone().qrs(125.0).set(|m| &mut m.pr_ms, 230.0), Some((REVIEW, HIGH))),
            ("tall, wide, slow", tall.clone().qrs(130.0).rate(42.0), Some((REVIEW, CRITICAL))),
            ("LBBB", Made::healthy().lbbb().rate(42.0).set(|m| &mut m.pr_ms, 230.0), None),
        ],
    );
}
