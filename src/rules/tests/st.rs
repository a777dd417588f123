//! ST at its lines: by lead, sex and age; with what makes it secondary.

use super::super::made::{Made, wave};
use super::*;
use crate::ecg::{Lead, Sex};
use crate::measure::{BeatClass, LeadMeasures};

const RULE: &str = "ischaemia.st_elevation";
const HE: Option<Sex> = Some(Sex::Male);
const SHE: Option<Sex> = Some(Sex::Female);

fn st(leads: &[Lead], st_mv: f64) -> Made {
    Made::healthy().st(leads, st_mv)
}

#[test]
fn two_contiguous_leads_over_the_limit() {
    let low = [Lead::II, Lead::AvF];
    table(
        RULE,
        vec![
            ("just met", st(&low, 0.1), Some((NEAR, CRITICAL))),
            ("clear", st(&low, 0.14), Some((MET, CRITICAL))),
            ("missed", st(&low, 0.099), None),
            ("one lead", st(&[Lead::II], 0.3), None),
            ("not neighbours", st(&[Lead::II, Lead::V4], 0.3), None),
            ("one clear, one near", st(&low, 0.14).st(&[Lead::AvF], 0.11), Some((NEAR, CRITICAL))),
            ("one missing", st(&low, 0.2).withheld(&[Lead::AvF]), None),
            ("aVR does not count", st(&[Lead::AvR, Lead::V1], 0.3), None),
            ("child", st(&low, 0.3).who(Some(16), HE), None),
        ],
    );
    let found = st(&low, 0.24).said(RULE).expect("met");
    assert_eq!(found.leads, low);
    assert_eq!(found.evidence, "ST II +0.24 mV ≥ 0.10; ST aVF +0.24 mV ≥ 0.10");
    assert_eq!(found.statement, "ST elevation up to 0.24 mV in II, aVF, inferior (STEMI range, UDMI4, age unknown)");
}

#[test]
fn v2_and_v3_by_sex_and_age() {
    let front = |st_mv, age, sex| st(&[Lead::V2, Lead::V3], st_mv).who(age, sex);
    for (age, sex, limit_mv) in [
        (Some(40), HE, 0.20),
        (Some(39), HE, 0.25),
        (Some(39), SHE, 0.15),
        (None, SHE, 0.15),
        (None, HE, 0.25),
        (Some(50), None, 0.20),
        (Some(30), None, 0.25),
        (None, None, 0.25),
    ] {
        assert!(front(limit_mv, age, sex).says(RULE), "{age:?} {sex:?}");
        assert!(!front(limit_mv - 0.001, age, sex).says(RULE), "{age:?} {sex:?}");
    }
    assert!(evidence(&front(0.3, Some(50), None), RULE).contains("sex unknown"));
    assert!(evidence(&front(0.3, None, HE), RULE).contains("age unknown"));
}

#[test]
fn further_leads_have_limits_of_their_own() {
    let back = |st_mv, age| {
        let mut made = Made::healthy().who(age, HE);
        for name in ["V7", "V8"] {
            let mut lead = made.measured.leads[11].clone();
            (lead.lead, lead.st_j_mv) = (Lead::Other(name.into()), Some(st_mv));
            made.measured.leads.push(lead);
        }
        made
    };
    assert!(back(0.05, Some(60)).says(RULE) && !back(0.05, Some(30)).says(RULE) && !back(0.05, None).says(RULE));
}

#[test]
fn unknown_filters_are_said_and_make_it_a_review() {
    let mut made = st(&[Lead::II, Lead::III], 0.3);
    made.signal.st_doubt = Some("the file does not say how it was filtered".to_owned());
    let found = made.said(RULE).expect("said all the same");
    assert_eq!((found.certainty, found.level), (REVIEW, CRITICAL));
    assert!(found.evidence.ends_with("the file does not say how it was filtered"));
}

#[test]
fn lvh_and_conduction_take_the_limits_away() {
    let tall = |lead: &mut LeadMeasures| (lead.r, lead.qrs_span_mv) = (wave(3.2, 40.0), Some(3.3));
    let lvh = |made: Made| made.leads(&[Lead::V5], tall);
    let deep = |lead: &mut LeadMeasures| lead.qrs_span_mv = Some(2.4);
    let front = st(&[Lead::V2, Lead::V3], 0.3).leads(&[Lead::V2, Lead::V3], deep);
    table(
        RULE,
        vec![
            ("front, LVH, as expected of it", lvh(front.clone()), Some((REVIEW, MODERATE))),
            ("inferior, LVH", lvh(st(&[Lead::II, Lead::AvF], 0.3)), Some((REVIEW, HIGH))),
            ("front, LVH, more than a quarter of the QRS", lvh(st(&[Lead::V2, Lead::V3], 0.5)), Some((REVIEW, HIGH))),
            ("LBBB", Made::healthy().lbbb().st(&[Lead::V2, Lead::V3], 0.2), None),
            ("RBBB", Made::healthy().rbbb(140.0).st(&[Lead::II, Lead::AvF], 0.2), Some((MET, CRITICAL))),
        ],
    );
}

#[test]
fn sgarbossa_stands_in_lbbb_and_paced_beats_only() {
    let lbbb = |leads: &[Lead], st_mv| Made::healthy().lbbb().st(leads, st_mv);
    let all: Vec<usize> = (0..13).collect();
    let code = "ischaemia.sgarbossa";
    table(
        code,
        vec![
            ("concordant elevation", lbbb(&[Lead::V5], 0.15), Some((MET, CRITICAL))),
            ("just", lbbb(&[Lead::V5], 0.1), Some((NEAR, CRITICAL))),
            ("missed", lbbb(&[Lead::V5], 0.09), None),
            ("concordant depression V2", lbbb(&[Lead::V2], -0.15), Some((MET, CRITICAL))),
            ("depression V6 is discordant", lbbb(&[Lead::V6], -0.15), None),
            ("discordant, 1.2 mV of S, 25 %", lbbb(&[Lead::V1], 0.35), Some((MET, CRITICAL))),
            ("discordant, under 25 %", lbbb(&[Lead::V1], 0.29), None),
            ("paced", lbbb(&[Lead::V5], 0.2).class(BeatClass::Paced, &all), Some((MET, CRITICAL))),
            ("narrow", st(&[Lead::V5], 0.2), None),
        ],
    );
}

#[test]
fn depression_is_horizontal_or_falling() {
    let side = [Lead::V5, Lead::V6];
    let rising = |made: Made| {
        made.leads(&side, |lead| {
            (lead.st_80_mv, lead.st_60_mv, lead.st_slope_mv_per_s) = (Some(0.05), Some(0.02), Some(2.0))
        })
    };
    table(
        "ischaemia.st_depression",
        vec![
            ("just met", st(&side, -0.05), Some((NEAR, MODERATE))),
            ("clear", st(&side, -0.08), Some((MET, MODERATE))),
            ("deep", st(&side, -0.12), Some((MET, HIGH))),
            ("missed", st(&side, -0.049), None),
            ("rising", rising(st(&side, -0.12)), None),
            ("one lead", st(&[Lead::V5], -0.2), None),
            ("LBBB", Made::healthy().lbbb().st(&side, -0.2), None),
            ("RBBB, V1 to V3", Made::healthy().rbbb(140.0).st(&[Lead::V1, Lead::V2, Lead::V3], -0.2), None),
        ],
    );
}

#[test]
fn posterior_pattern_asks_for_v7_to_v9() {
    let front = |st_mv| st(&[Lead::V2, Lead::V3], st_mv);
    table(
        "ischaemia.posterior",
        vec![
            ("deep", front(-0.15), Some((MET, CRITICAL))),
            ("shallow", front(-0.08), Some((MET, HIGH))),
            ("missed", front(-0.04), None),
            ("T negative", front(-0.15).leads(&[Lead::V2, Lead::V3], |lead| lead.t_mv = Some(-0.2)), None),
        ],
    );
    assert!(!front(-0.15).says("ischaemia.st_depression"), "told once");
    assert!(front(-0.15).said("ischaemia.posterior").is_some_and(|finding| finding.statement.contains("V7 to V9")));
}

#[test]
fn avr_needs_six_leads() {
    let six = [Lead::I, Lead::II, Lead::AvF, Lead::V4, Lead::V5, Lead::V6];
    let wide = |count: usize, avr_mv| st(&six[..count], -0.12).st(&[Lead::AvR], avr_mv);
    table(
        "ischaemia.avr",
        vec![
            ("six", wide(6, 0.15), Some((MET, HIGH))),
            ("five", wide(5, 0.15), None),
            ("low", wide(6, 0.09), None),
            ("V1 higher", wide(6, 0.15).st(&[Lead::V1], 0.2), None),
        ],
    );
}

#[test]
fn de_winter_is_rising_into_tall_t() {
    let front = [Lead::V2, Lead::V3, Lead::V4];
    let made = |t_mv| {
        st(&[Lead::AvR], 0.08).leads(&front, move |lead| {
            (lead.st_j_mv, lead.st_80_mv, lead.st_slope_mv_per_s, lead.t_mv) =
                (Some(-0.15), Some(0.05), Some(2.5), Some(t_mv));
        })
    };
    table("ischaemia.de_winter", vec![("tall T", made(0.9), Some((REVIEW, CRITICAL))), ("usual T", made(0.3), None)]);
}
