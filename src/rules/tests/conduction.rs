//! Bundle branches, fascicles, axis, R progression.

use super::super::made::{Made, wave};
use super::*;
use crate::ecg::{Lead, Sex};

#[test]
fn right_bundle_branch_block_by_width_and_shape() {
    let rbbb = |qrs_ms| Made::healthy().rbbb(qrs_ms);
    table(
        "conduction.rbbb",
        vec![
            ("clear", rbbb(135.0), Some((MET, MODERATE))),
            ("at the line", rbbb(120.0), Some((NEAR, MODERATE))),
            ("incomplete", rbbb(119.0), None),
            ("no late S", rbbb(135.0).leads(&[Lead::V6], |lead| lead.s = wave(-0.1, 20.0)), None),
            ("V6 missing", rbbb(135.0).withheld(&[Lead::V6]), None),
            ("V1 missing, V2 as usual", rbbb(135.0).withheld(&[Lead::V1]), None),
            ("child", rbbb(135.0).who(Some(9), None), None),
        ],
    );
    let pure = |peak_ms| {
        rbbb(135.0).leads(&[Lead::V1], move |lead| {
            (lead.r, lead.s, lead.r2, lead.r_peak_ms) = (wave(0.9, 90.0), None, None, Some(peak_ms));
        })
    };
    table(
        "conduction.rbbb",
        vec![("pure R, late", pure(70.0), Some((MET, MODERATE))), ("pure R, early", pure(45.0), None)],
    );
    table(
        "conduction.rbbb_incomplete",
        vec![("at 114", rbbb(114.0), Some((NEAR, LOW))), ("under", rbbb(109.0), None), ("complete", rbbb(120.0), None)],
    );
    let untold = rbbb(135.0).withheld(&[Lead::V6]).said("conduction.ivcd").expect("wide");
    assert_eq!((untold.certainty, untold.level), (REVIEW, MODERATE));
    assert!(untold.evidence.contains("V6 not measured"));
}

#[test]
fn left_bundle_branch_block_names_who_says_so() {
    let lbbb = Made::healthy().lbbb();
    let found = lbbb.said("conduction.lbbb").expect("by all");
    assert_eq!((found.certainty, found.level), (MET, MODERATE));
    assert!(found.statement.starts_with("Left bundle branch block by AHA and ESC and Strauss"), "{}", found.statement);
    let by = |made: &Made| made.said("conduction.lbbb").map(|finding| finding.statement).unwrap_or_default();
    let smooth = lbbb.clone().leads(&Lead::STANDARD, |lead| lead.notched = false);
    assert!(by(&smooth).starts_with("Left bundle branch block by ESC, QRS"), "{}", by(&smooth));
    assert!(evidence(&smooth, "conduction.lbbb").contains("AHA not met: fails broad notched R"));
    assert!(evidence(&smooth, "conduction.lbbb").contains("Strauss not met"));
    let width = |qrs_ms, sex| Made::healthy().lbbb().qrs(qrs_ms).who(Some(60), sex);
    assert!(by(&width(132.0, Some(Sex::Female))).contains("Strauss"));
    assert!(!by(&width(132.0, Some(Sex::Male))).contains("Strauss"));
    assert!(!by(&width(132.0, None)).contains("Strauss"));
    assert!(evidence(&width(132.0, None), "conduction.lbbb").contains("sex unknown: limit of men"));
    assert_eq!(by(&width(119.0, Some(Sex::Male))), "", "narrow");
    let q = lbbb.leads(&[Lead::V6], |lead| lead.q = wave(-0.1, 20.0));
    assert!(!by(&q).contains("AHA") && !by(&q).contains("ESC"), "{}", by(&q));
    for silent in
        ["hypertrophy.cornell", "conduction.ivcd", "ischaemia.t_inversion", "ischaemia.q", "conduction.poor_r"]
    {
        assert!(!Made::healthy().lbbb().says(silent), "{silent}");
    }
}

#[test]
fn incomplete_left_needs_lvh_and_late_peaks() {
    let made = |qrs_ms: f64| {
        Made::healthy().qrs(qrs_ms).leads(&[Lead::V4, Lead::V5, Lead::V6], |lead| {
            (lead.r, lead.s, lead.r_peak_ms) = (wave(3.0, 70.0), None, Some(68.0));
        })
    };
    table(
        "conduction.lbbb_incomplete",
        vec![("at 115", made(115.0), Some((NEAR, LOW))), ("narrow", made(108.0), None), ("wide", made(121.0), None)],
    );
    assert!(!made(115.0).says("conduction.ivcd"));
    let early = made(115.0).leads(&[Lead::V5], |lead| lead.r_peak_ms = Some(50.0));
    assert!(!early.says("conduction.lbbb_incomplete") && early.says("conduction.ivcd"));
}

fn axis(degrees: f64) -> Made {
    Made::healthy().set(|m| &mut m.axis_qrs_deg, degrees)
}

fn lafb(degrees: f64) -> Made {
    axis(degrees).leads(&[Lead::AvL], |lead| {
        (lead.q, lead.r, lead.r_peak_ms) = (wave(-0.1, 20.0), wave(0.8, 50.0), Some(54.0));
    })
}

#[test]
fn fascicles_are_named_by_axis_and_shape() {
    table(
        "conduction.lafb",
        vec![
            ("clear", lafb(-60.0), Some((MET, LOW))),
            ("at the line", lafb(-45.0), Some((NEAR, LOW))),
            ("missed", lafb(-44.0), None),
            ("no q", axis(-60.0), None),
            ("wide", lafb(-60.0).qrs(125.0), None),
            ("wide by RBBB", lafb(-60.0).rbbb(140.0), Some((MET, LOW))),
            ("aVL missing", lafb(-60.0).withheld(&[Lead::AvL]), None),
            ("no axis", lafb(-60.0).none(|m| &mut m.axis_qrs_deg), None),
        ],
    );
    let lpfb = |degrees| {
        axis(degrees)
            .leads(&[Lead::I, Lead::AvL], |lead| (lead.r, lead.s) = (wave(0.2, 20.0), wave(-0.8, 50.0)))
            .leads(&[Lead::III, Lead::AvF], |lead| (lead.q, lead.r) = (wave(-0.1, 20.0), wave(0.9, 50.0)))
    };
    table(
        "conduction.lpfb",
        vec![
            ("clear", lpfb(110.0), Some((MET, MODERATE))),
            ("near", lpfb(92.0), Some((NEAR, MODERATE))),
            ("missed", lpfb(89.0), None),
        ],
    );
    assert!(!lafb(-60.0).says("axis.left") && !lpfb(110.0).says("axis.right"), "the axis is told once");
}

#[test]
fn the_axis_has_three_sectors() {
    for (degrees, code, sure) in [
        (-31.0, Some("axis.left"), NEAR),
        (-60.0, Some("axis.left"), MET),
        (-90.0, Some("axis.left"), MET),
        (-91.0, Some("axis.extreme"), NEAR),
        (-150.0, Some("axis.extreme"), MET),
        (-30.0, None, MET),
        (90.0, None, MET),
        (93.0, Some("axis.right"), NEAR),
        (180.0, Some("axis.right"), MET),
    ] {
        let said = axis(degrees).say().into_iter().find(|finding| finding.code.starts_with("axis."));
        let told = said.as_ref().map(|finding| (finding.code, finding.certainty));
        assert_eq!(told, code.map(|code| (code, sure)), "{degrees}°: {:?}", axis(degrees).codes());
    }
}

#[test]
fn what_is_wide_without_a_shape_is_unspecific() {
    table(
        "conduction.ivcd",
        vec![
            ("at the line", Made::healthy().qrs(110.0), None),
            ("just over", Made::healthy().qrs(114.0), Some((NEAR, LOW))),
            ("wide", Made::healthy().qrs(128.0), Some((MET, MODERATE))),
            ("right", Made::healthy().rbbb(128.0), None),
        ],
    );
}

#[test]
fn poor_r_progression_is_low_and_says_why() {
    let r = |v2_mv, v3_mv| {
        Made::healthy()
            .leads(&[Lead::V2], move |lead| lead.r = wave(v2_mv, 30.0))
            .leads(&[Lead::V3], move |lead| lead.r = wave(v3_mv, 30.0))
    };
    table(
        "conduction.poor_r",
        vec![
            ("small", r(0.15, 0.2), Some((MET, LOW))),
            ("near", r(0.2, 0.29), Some((NEAR, LOW))),
            ("grown", r(0.2, 0.31), None),
            ("falls", r(0.25, 0.2), None),
            ("LAFB", lafb(-60.0).leads(&[Lead::V2, Lead::V3], |lead| lead.r = wave(0.1, 20.0)), None),
            ("V2 missing", r(0.15, 0.2).withheld(&[Lead::V2]), None),
        ],
    );
}
