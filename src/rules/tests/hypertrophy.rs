//! Voltage, strain, points, right ventricle, atria.

use super::super::made::{Made, wave};
use super::*;
use crate::ecg::{Lead, Sex};

const HE: Option<Sex> = Some(Sex::Male);
const SHE: Option<Sex> = Some(Sex::Female);

/// R of a lead, mV, nothing else of it changed.
fn r(made: Made, lead: Lead, mv: f64) -> Made {
    made.leads(&[lead], move |lead| lead.r = wave(mv, 40.0))
}

fn s(made: Made, lead: Lead, mv: f64) -> Made {
    made.leads(&[lead], move |lead| lead.s = wave(-mv, 40.0))
}

#[test]
fn sokolow_lyon() {
    let sum = |mv: f64| r(Made::healthy(), Lead::V5, mv - 0.8);
    table(
        "hypertrophy.sokolow_lyon",
        vec![
            ("at", sum(3.5), Some((NEAR, LOW))),
            ("clear", sum(3.8), Some((MET, LOW))),
            ("under", sum(3.49), None),
            ("aVL", r(Made::healthy(), Lead::AvL, 1.3), Some((MET, LOW))),
            ("V1 missing", sum(3.8).withheld(&[Lead::V1]), None),
            ("child", sum(3.8).who(Some(15), HE), None),
            ("short PR, wide", sum(3.8).qrs(130.0).set(|m| &mut m.pr_ms, 100.0), None),
        ],
    );
    assert!(evidence(&sum(3.8).who(Some(30), HE), "hypertrophy.sokolow_lyon").contains("weak under 40"));
    assert_eq!(evidence(&sum(3.8), "hypertrophy.sokolow_lyon"), "S V1 + R V5/V6 3.80 mV ≥ 3.50");
}

#[test]
fn cornell_by_sex_and_the_higher_line_where_unknown() {
    // R aVL 0.3 mV
    let sum = |mv: f64, sex| s(Made::healthy().who(Some(60), sex), Lead::V3, mv - 0.3);
    table(
        "hypertrophy.cornell",
        vec![
            ("man at", sum(2.8, HE), None),
            ("man over", sum(2.85, HE), Some((NEAR, LOW))),
            ("man clear", sum(3.1, HE), Some((MET, LOW))),
            ("woman", sum(2.2, SHE), Some((MET, LOW))),
            ("woman at", sum(2.0, SHE), None),
            ("unknown as woman", sum(2.2, None), None),
            ("unknown as man", sum(3.1, None), Some((MET, LOW))),
        ],
    );
    assert!(evidence(&sum(3.1, None), "hypertrophy.cornell").contains("sex unknown"));
    // QRS 92 ms: 244 mV·ms are 2.652 mV
    table(
        "hypertrophy.cornell_product",
        vec![
            ("man over", sum(2.66, HE), Some((NEAR, LOW))),
            ("man under", sum(2.64, HE), None),
            ("woman with her 0.8", sum(1.86, SHE), Some((NEAR, LOW))),
            ("unknown without it", sum(1.9, None), None),
            ("no QRS", sum(3.5, HE).none(|m| &mut m.qrs_ms), None),
        ],
    );
}

#[test]
fn peguero_takes_the_deepest_s() {
    // S V4 0.6 mV
    let sum = |mv: f64, sex| s(Made::healthy().who(Some(60), sex), Lead::V2, mv - 0.6);
    table(
        "hypertrophy.peguero",
        vec![
            ("man", sum(2.81, HE), Some((NEAR, LOW))),
            ("man under", sum(2.79, HE), None),
            ("woman", sum(2.45, SHE), Some((MET, LOW))),
            ("unknown", sum(2.45, None), None),
            ("V4 missing", sum(3.5, HE).withheld(&[Lead::V4]), None),
        ],
    );
    assert!(evidence(&sum(3.0, HE), "hypertrophy.peguero").starts_with("deepest S (V2) + S V4"));
}

#[test]
fn strain_is_moderate_and_secondary() {
    let lvh = r(Made::healthy(), Lead::V5, 3.2);
    let strain =
        |made: Made| made.st(&[Lead::V5, Lead::V6], -0.1).leads(&[Lead::V5, Lead::V6], |lead| lead.t_mv = Some(-0.3));
    table(
        "hypertrophy.strain",
        vec![
            ("with voltage", strain(lvh.clone()), Some((MET, MODERATE))),
            ("without", strain(Made::healthy()), None),
            ("voltage alone", lvh.clone(), None),
        ],
    );
    let codes = strain(lvh).codes();
    assert!(!codes.contains(&"ischaemia.st_depression") && !codes.contains(&"ischaemia.t_inversion"), "{codes:?}");
}

#[test]
fn romhilt_estes_adds_points() {
    // R V5 3.2: voltage 3; QRS 92: 1
    let four = || r(Made::healthy(), Lead::V5, 3.2);
    table(
        "hypertrophy.romhilt_estes",
        vec![
            ("four", four(), Some((NEAR, LOW))),
            ("three", four().qrs(88.0), None),
            ("seven", four().set(|m| &mut m.ptf_v1_mms, 0.05), Some((MET, LOW))),
        ],
    );
    assert!(evidence(&four(), "hypertrophy.romhilt_estes").contains("voltage 3, QRS ≥ 90 ms 1"));
}

#[test]
fn right_ventricle_needs_its_axis() {
    let made = |axis| {
        r(Made::healthy().set(|m| &mut m.axis_qrs_deg, axis), Lead::V1, 0.9)
            .leads(&[Lead::V1], |lead| lead.s = wave(-0.2, 20.0))
    };
    table(
        "hypertrophy.right",
        vec![
            ("clear", made(115.0), Some((MET, MODERATE))),
            ("at the line", made(90.0), Some((NEAR, MODERATE))),
            ("usual axis", made(60.0), None),
            ("axis alone", Made::healthy().set(|m| &mut m.axis_qrs_deg, 115.0), None),
            (
                "one criterion",
                s(Made::healthy().set(|m| &mut m.axis_qrs_deg, 100.0), Lead::V6, 0.8),
                Some((NEAR, MODERATE)),
            ),
            ("V1 missing", made(115.0).withheld(&[Lead::V1]), None),
            ("wide", made(115.0).qrs(130.0), None),
        ],
    );
}

#[test]
fn atria_by_their_force_width_and_height() {
    let force = |value| Made::healthy().set(|m| &mut m.ptf_v1_mms, value);
    table(
        "atria.left",
        vec![
            ("at", force(0.04), Some((NEAR, LOW))),
            ("clear", force(0.06), Some((MET, LOW))),
            ("under", force(0.039), None),
        ],
    );
    let p = |ms| Made::healthy().set(|m| &mut m.p_ms, ms);
    table(
        "atria.long_p",
        vec![("under", p(119.0), None), ("near", p(121.0), Some((NEAR, LOW))), ("clear", p(140.0), Some((MET, LOW)))],
    );
    let two_parts = p(140.0).leads(&[Lead::II, Lead::III, Lead::AvF], |lead| lead.p_range_mv = Some((-0.05, 0.08)));
    assert!(two_parts.said("atria.long_p").is_some_and(|finding| finding.statement.contains("advanced")));
    let height = |mv| Made::healthy().leads(&[Lead::II], move |lead| lead.p_mv = Some(mv));
    table(
        "atria.right",
        vec![
            ("at", height(0.25), None),
            ("near", height(0.26), Some((NEAR, LOW))),
            ("clear", height(0.3), Some((MET, LOW))),
        ],
    );
}
