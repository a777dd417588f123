//! QT at its lines.

use super::super::made::Made;
use super::*;
use crate::ecg::Sex;

fn qtc(sex: Option<Sex>, ms: f64) -> Made {
    Made::healthy().who(Some(50), sex).set(|m| &mut m.qtc_fridericia_ms, ms)
}

const HE: Option<Sex> = Some(Sex::Male);
const SHE: Option<Sex> = Some(Sex::Female);

#[test]
fn the_line_is_that_of_the_sex_and_the_higher_one_where_unknown() {
    table(
        "qt.long",
        vec![
            ("man under", qtc(HE, 449.0), None),
            ("man at", qtc(HE, 450.0), Some((NEAR, MODERATE))),
            ("man clear", qtc(HE, 465.0), Some((MET, MODERATE))),
            ("woman under", qtc(SHE, 459.0), None),
            ("woman clear", qtc(SHE, 471.0), Some((MET, MODERATE))),
            ("unknown under", qtc(None, 459.0), None),
            ("unknown at", qtc(None, 460.0), Some((NEAR, MODERATE))),
            ("very long", qtc(HE, 500.0), None),
            ("child", qtc(HE, 480.0).who(Some(12), HE), None),
        ],
    );
    assert!(evidence(&qtc(None, 475.0), "qt.long").contains("sex unknown"));
    table(
        "qt.very_long",
        vec![
            ("under", qtc(HE, 499.0), None),
            ("at", qtc(HE, 500.0), Some((MET, HIGH))),
            ("unknown", qtc(None, 520.0), Some((MET, HIGH))),
        ],
    );
    table(
        "qt.borderline",
        vec![
            ("man", qtc(HE, 445.0), Some((NEAR, LOW))),
            ("far", qtc(HE, 439.0), None),
            ("woman", qtc(SHE, 445.0), None),
            ("long", qtc(HE, 450.0), None),
        ],
    );
}

#[test]
fn a_wide_qrs_is_judged_by_jt() {
    let wide = |ms| qtc(HE, ms).rbbb(130.0);
    table(
        "qt.jt_long",
        vec![
            ("under", wide(479.0), None),
            ("over", wide(495.0), Some((REVIEW, MODERATE))),
            ("far over", wide(535.0), Some((REVIEW, HIGH))),
            ("narrow", qtc(HE, 495.0), None),
        ],
    );
    assert!(!wide(495.0).says("qt.long") && !wide(535.0).says("qt.very_long"));
}

#[test]
fn short_has_two_lines() {
    table(
        "qt.short",
        vec![
            ("usual", qtc(HE, 371.0), None),
            ("at the line", qtc(HE, 358.0), Some((NEAR, MODERATE))),
            ("shorter", qtc(HE, 340.0), Some((MET, MODERATE))),
            ("shortest", qtc(HE, 300.0), Some((MET, MODERATE))),
        ],
    );
    assert!(evidence(&qtc(HE, 300.0), "qt.short").starts_with("QTcF 300 ms ≤ 320"));
}

#[test]
fn no_result_has_its_reason() {
    let irregular = Made::healthy().at(&[0.5, 1.3, 2.1, 3.2, 4.0, 4.8]).set(|m| &mut m.qtc_fridericia_ms, 480.0);
    table(
        "qt.no_result",
        vec![
            ("RR differ", irregular.clone(), Some((REVIEW, LOW))),
            ("T end", Made::healthy().none(|m| &mut m.qt_ms), Some((REVIEW, LOW))),
            ("measured", Made::healthy(), None),
        ],
    );
    assert!(!irregular.says("qt.long"));
    assert_eq!(evidence(&Made::healthy().none(|m| &mut m.qt_ms), "qt.no_result"), "too noisy");
}

#[test]
fn alternans_is_to_be_reviewed() {
    let t = |mv| Made::healthy().set(|m| &mut m.t_alternans_mv, mv);
    let long = |mv| t(mv).set(|m| &mut m.qtc_fridericia_ms, 490.0);
    table(
        "qt.t_alternans",
        vec![
            ("at", t(0.05), None),
            ("over", t(0.06), Some((REVIEW, LOW))),
            ("with a long QT", long(0.06), Some((REVIEW, MODERATE))),
        ],
    );
}
