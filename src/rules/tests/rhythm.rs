//! Rhythm at its lines.

use super::super::made::Made;
use super::*;
use crate::ecg::{Lead, Span};
use crate::measure::BeatClass;

/// Irregular without a pattern; `scale` 1 gives about 80/min.
fn chaos(scale: f64) -> Vec<f64> {
    let rr = [0.62, 0.91, 0.48, 0.77, 1.02, 0.55, 0.83, 0.68, 0.97, 0.51, 0.72, 0.88, 0.79];
    let mut at_s = vec![0.4];
    rr.iter().for_each(|rr| at_s.push(at_s[at_s.len() - 1] + scale * rr));
    at_s
}

#[test]
fn one_statement_tells_rhythm_and_rate() {
    for (rate, code, level) in [
        (30.0, "rhythm.sinus_bradycardia", CRITICAL),
        (37.0, "rhythm.sinus_bradycardia", HIGH),
        (48.0, "rhythm.sinus_bradycardia", LOW),
        (57.0, "rhythm.sinus_bradycardia", LOW),
        (61.0, "rhythm.sinus", LOW),
        (99.0, "rhythm.sinus", LOW),
        (120.0, "rhythm.sinus_tachycardia", MODERATE),
        (155.0, "rhythm.sinus_tachycardia", HIGH),
        (185.0, "rhythm.sinus_tachycardia", CRITICAL),
    ] {
        let said = Made::healthy().rate(rate).say();
        let told: Vec<_> = said.iter().filter(|f| f.code.starts_with("rhythm") || f.code.starts_with("rate")).collect();
        assert_eq!(told.len(), 1, "{rate}/min: {told:?}");
        assert_eq!((told[0].code, told[0].level), (code, level), "{rate}/min");
    }
    assert_eq!(Made::healthy().rate(101.0).said("rhythm.sinus_tachycardia").map(|f| f.certainty), Some(NEAR));
}

/// 37/min is 37/min, whatever leads the heart: a P wave to be confirmed leaves the level standing.
#[test]
fn a_doubtful_sinus_rhythm_does_not_put_the_rate_in_doubt() {
    let slow = Made::healthy().rate(37.0).none(|m| &mut m.axis_p_deg);
    let told = slow.said("rate.slow").expect("the rate speaks");
    assert_eq!((told.certainty, told.level), (MET, HIGH));
    assert!(told.evidence.contains("perhaps sinus rhythm"), "{}", told.evidence);
    assert!(!slow.say().iter().any(|finding| finding.code.starts_with("rhythm.")));
}

#[test]
fn sinus_needs_its_axis_and_a_constant_pr() {
    let axis = |degrees| Made::healthy().set(|m| &mut m.axis_p_deg, degrees);
    table(
        "rhythm.sinus",
        vec![
            ("at the line", axis(75.0), Some((MET, LOW))),
            ("near the line", axis(82.0), Some((NEAR, LOW))),
            ("beyond", axis(100.0), None),
            ("no axis", Made::healthy().none(|m| &mut m.axis_p_deg), Some((REVIEW, LOW))),
            ("P before 9 of 13", Made::healthy().pr(|beat| (beat % 3 != 2).then_some(160.0)), Some((REVIEW, LOW))),
            ("PR scattered", Made::healthy().pr(|beat| Some(120.0 + 45.0 * (beat % 3) as f64)), None),
        ],
    );
    table("rhythm.ectopic_atrial", vec![("low atrial", axis(-80.0), Some((MET, LOW))), ("near", axis(85.0), None)]);
}

#[test]
fn a_rhythm_that_fits_nothing_is_named_unnamed_and_never_low() {
    let blind = Made::healthy().none(|m| &mut m.heart_rate_bpm);
    let unknown = {
        let mut made = Made::healthy().none(|m| &mut m.p_share_percent);
        made.waves.beats.clear();
        made
    };
    let odd = Made::healthy().pr(|beat| (beat % 2 == 0).then_some(160.0));
    for made in [blind, unknown, odd] {
        let said = made.said("rhythm.unnamed").expect("unnamed");
        assert_eq!((said.certainty, said.level), (REVIEW, RiskLevel::Indeterminate), "{said:?}");
        assert!(!said.evidence.is_empty());
    }
}

#[test]
fn fibrillation_is_irregular_without_p() {
    let af = |scale| Made::healthy().at(&chaos(scale)).no_p();
    let short = |made: Made| {
        let mut made = made;
        made.signal.leads = vec![Lead::II];
        made
    };
    table(
        "rhythm.atrial_fibrillation",
        vec![
            ("controlled", af(1.0), Some((MET, MODERATE))),
            ("rapid", af(0.7), Some((MET, HIGH))),
            ("very rapid", af(0.42), Some((MET, CRITICAL))),
            ("P before each", Made::healthy().at(&chaos(1.0)), None),
            ("regular", Made::healthy().no_p(), None),
            ("ten seconds of one lead", short(af(1.0)), Some((REVIEW, MODERATE))),
        ],
    );
    assert_eq!(af(1.0).codes(), ["rhythm.atrial_fibrillation"], "no PR, no sinus, no rate beside it");
    let bigeminy: Vec<f64> =
        (0..14).map(|beat| 0.5 + 0.8 * f64::from(beat) + if beat % 2 == 1 { 0.3 } else { 0.0 }).collect();
    assert!(!Made::healthy().at(&bigeminy).no_p().says("rhythm.atrial_fibrillation"), "a pattern");
    let wide = af(0.45).qrs(140.0).said("rhythm.atrial_fibrillation").expect("irregular and wide");
    assert!(wide.statement.contains("pre-excitation") && wide.evidence.contains("shortest RR 216 ms"), "{wide:?}");
    assert_eq!(wide.level, CRITICAL);
}

#[test]
fn a_stretch_of_fibrillation_in_a_long_record_has_its_place() {
    let mut at_s: Vec<f64> = (0..100).map(|beat| 0.5 + 0.8 * f64::from(beat)).collect();
    let rr = [0.62, 0.91, 0.48, 0.77, 1.02, 0.55, 0.83, 0.68, 0.97, 0.51, 0.72, 0.88, 0.79];
    (0..100).for_each(|beat| at_s.push(at_s[at_s.len() - 1] + rr[(beat * beat + beat / 3) % 13]));
    let mut made = Made::healthy().at(&at_s).pr(|beat| (beat < 100).then_some(160.0));
    made.signal.leads = vec![Lead::II];
    let found = made.said("rhythm.atrial_fibrillation").expect("a stretch");
    let span = found.span.expect("a place");
    assert!(span.start_s > 60.0 && span.duration_s() > 29.0, "{span:?}");
    assert_eq!(found.certainty, MET);
}

#[test]
fn tachycardia_without_sinus_p_is_named_by_its_width() {
    let fast = |rate, qrs| Made::healthy().rate(rate).no_p().qrs(qrs);
    table(
        "rhythm.narrow_tachycardia",
        vec![
            ("fast", fast(165.0, 90.0), Some((MET, HIGH))),
            ("very fast", fast(190.0, 90.0), Some((MET, CRITICAL))),
            ("moderate", fast(120.0, 90.0), Some((MET, MODERATE))),
            ("nearly wide", fast(165.0, 118.0), Some((NEAR, HIGH))),
            ("wide", fast(165.0, 120.0), None),
            ("sinus", Made::healthy().rate(165.0), None),
            ("slow", fast(95.0, 90.0), None),
        ],
    );
    table(
        "rhythm.wide_tachycardia",
        vec![
            ("fast", fast(165.0, 150.0), Some((MET, CRITICAL))),
            ("not so fast", fast(130.0, 150.0), Some((MET, HIGH))),
            ("at the line", fast(130.0, 120.0), Some((NEAR, HIGH))),
            ("narrow", fast(130.0, 119.0), None),
            ("sinus", Made::healthy().rate(130.0).qrs(150.0), None),
        ],
    );
    let flutter = fast(150.0, 90.0).said("rhythm.narrow_tachycardia").expect("150/min");
    assert!(flutter.statement.contains("flutter"), "{}", flutter.statement);
    let width = fast(160.0, 90.0).none(|m| &mut m.qrs_ms);
    assert!(width.says("rhythm.unnamed") && width.says("rate.fast"), "{:?}", width.codes());
}

#[test]
fn escapes_are_named_by_width_and_rate() {
    let slow = |rate, qrs| Made::healthy().rate(rate).no_p().qrs(qrs);
    table(
        "rhythm.junctional",
        vec![
            ("escape", slow(45.0, 90.0), Some((MET, MODERATE))),
            ("slow", slow(38.0, 90.0), Some((MET, HIGH))),
            ("accelerated", slow(80.0, 90.0), Some((MET, MODERATE))),
            ("wide", slow(45.0, 140.0), None),
            ("with P", Made::healthy().rate(45.0), None),
        ],
    );
    table(
        "rhythm.wide_escape",
        vec![
            ("escape", slow(30.0, 160.0), Some((MET, CRITICAL))),
            ("accelerated", slow(80.0, 160.0), Some((MET, MODERATE))),
            ("narrow", slow(80.0, 100.0), None),
        ],
    );
    assert!(!slow(30.0, 160.0).codes().iter().any(|code| code.starts_with("rate.very")), "the rate is told once");
}

#[test]
fn sinus_arrhythmia_is_a_difference_of_rr() {
    let swing = |swing_s: f64| {
        let at_s: Vec<f64> =
            (0..13).map(|beat| 0.5 + 0.8 * f64::from(beat) + swing_s * (0.8 * f64::from(beat)).sin()).collect();
        Made::healthy().at(&at_s)
    };
    table(
        "rhythm.sinus_arrhythmia",
        vec![
            ("clear", swing(0.14), Some((MET, LOW))),
            ("of every fourth healthy person", swing(0.09), None),
            ("steady", swing(0.02), None),
            ("early beats", swing(0.14).class(BeatClass::SupraventricularEctopic, &[4]), None),
        ],
    );
}

#[test]
fn paced_beats_silence_what_rests_on_conduction() {
    let all: Vec<usize> = (0..13).collect();
    let paced = Made::healthy().lbbb().class(BeatClass::Paced, &all).set(|m| &mut m.axis_qrs_deg, -80.0);
    assert_eq!(paced.codes(), ["rhythm.paced"]);
    assert!(Made::healthy().class(BeatClass::Paced, &[3]).says("rhythm.sinus"), "one paced beat does not lead");
}

#[test]
fn a_blind_stretch_makes_no_irregularity() {
    let mut made = Made::healthy().at(&[0.5, 1.3, 2.1, 2.9, 4.9, 5.7, 6.5, 7.3, 8.1]).no_p();
    made.signal.blind = vec![Span::new(3.2, 4.6)];
    assert!(!made.says("rhythm.atrial_fibrillation") && made.says("rhythm.junctional"), "{:?}", made.codes());
}
