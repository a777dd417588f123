//! Q, old posterior infarct, T inversion.

use super::super::made::{Made, wave};
use super::*;
use crate::ecg::Lead;

fn q(leads: &[Lead], peak_mv: f64, ms: f64) -> Made {
    Made::healthy().leads(leads, move |lead| lead.q = wave(peak_mv, ms))
}

#[test]
fn q_is_judged_by_wall() {
    let low = [Lead::II, Lead::AvF];
    let front = [Lead::V2, Lead::V3];
    let qs = |leads: &[Lead]| {
        Made::healthy()
            .leads(leads, |lead| (lead.q, lead.r, lead.s, lead.qs) = (wave(-0.8, 60.0), None, wave(-0.8, 60.0), true))
    };
    table(
        "ischaemia.q",
        vec![
            ("clear", q(&low, -0.2, 40.0), Some((MET, MODERATE))),
            ("just met", q(&low, -0.1, 30.0), Some((NEAR, MODERATE))),
            ("narrow", q(&low, -0.2, 29.0), None),
            ("shallow", q(&low, -0.09, 40.0), None),
            ("one lead", q(&[Lead::II], -0.2, 40.0), None),
            ("front at 20 ms", q(&front, -0.05, 20.0), Some((NEAR, MODERATE))),
            ("front under", q(&front, -0.05, 19.0), None),
            ("QS in front", qs(&front), Some((MET, MODERATE))),
            ("QS in V1 is usual", qs(&[Lead::V1]), None),
            ("lead missing", q(&low, -0.2, 40.0).withheld(&[Lead::II]), None),
            ("RBBB does not matter", q(&low, -0.2, 40.0).rbbb(140.0), Some((MET, MODERATE))),
            ("child", q(&low, -0.2, 40.0).who(Some(5), None), None),
        ],
    );
    let vertical = q(&[Lead::I, Lead::AvL], -0.2, 40.0).set(|m| &mut m.axis_qrs_deg, 70.0);
    assert!(!vertical.says("ischaemia.q"), "Q of aVL in a vertical heart");
    assert!(
        q(&low, -0.2, 40.0).said("ischaemia.q").is_some_and(|finding| finding.statement.contains("II, aVF, inferior"))
    );
}

#[test]
fn tall_r_of_v1_and_v2_may_be_an_old_posterior_infarct() {
    let made = |ms: f64| {
        Made::healthy().leads(&[Lead::V1, Lead::V2], move |lead| {
            (lead.r, lead.s, lead.t_mv) = (wave(0.6, ms), wave(-0.4, 30.0), Some(0.3));
        })
    };
    table(
        "ischaemia.prior_posterior",
        vec![
            ("broad", made(50.0), Some((MET, MODERATE))),
            ("near", made(41.0), Some((NEAR, MODERATE))),
            ("narrow", made(39.0), None),
            ("T negative", made(50.0).leads(&[Lead::V2], |lead| lead.t_mv = Some(-0.1)), None),
            ("V2 missing", made(50.0).withheld(&[Lead::V2]), None),
        ],
    );
}

#[test]
fn t_inversion_needs_a_leading_r() {
    let t = |leads: &[Lead], t_mv: f64| Made::healthy().leads(leads, move |lead| lead.t_mv = Some(t_mv));
    let side = [Lead::V5, Lead::V6];
    table(
        "ischaemia.t_inversion",
        vec![
            ("clear", t(&side, -0.2), Some((MET, MODERATE))),
            ("just met", t(&side, -0.1), Some((NEAR, MODERATE))),
            ("missed", t(&side, -0.09), None),
            ("one lead", t(&[Lead::V5], -0.3), None),
            ("S leads", t(&[Lead::V1, Lead::V2], -0.3), None),
            ("wide QRS", t(&side, -0.3).qrs(125.0), None),
            ("lead missing", t(&side, -0.3).withheld(&[Lead::V6]), None),
        ],
    );
    table(
        "ischaemia.wellens",
        vec![
            ("deep", t(&[Lead::V2, Lead::V3], -0.4), Some((REVIEW, HIGH))),
            ("not deep", t(&[Lead::V2, Lead::V3], -0.2), None),
            ("ST raised", t(&[Lead::V2, Lead::V3], -0.4).st(&[Lead::V2], 0.15), None),
        ],
    );
}
