//! Ectopic beats: singles, pairs, runs, patterns.

use super::super::made::Made;
use super::*;
use crate::measure::BeatClass;

fn with(beats: &[usize]) -> Made {
    Made::healthy().class(BeatClass::VentricularEctopic, beats)
}

#[test]
fn singles_pairs_and_runs_are_told_apart() {
    table("ectopy.pvc", vec![("one", with(&[4]), Some((MET, LOW))), ("none", with(&[]), None)]);
    table("ectopy.couplet", vec![("two", with(&[4, 5]), Some((MET, MODERATE))), ("apart", with(&[4, 6]), None)]);
    let fast = |beats: &[usize], rr_s: f64| {
        let mut at_s = vec![0.5];
        (1..13).for_each(|beat| at_s.push(at_s[beat - 1] + if beats.contains(&beat) { rr_s } else { 0.8 }));
        Made::healthy().at(&at_s).class(BeatClass::VentricularEctopic, beats)
    };
    table(
        "ectopy.ventricular_run",
        vec![
            ("three, fast", fast(&[4, 5, 6], 0.4), Some((MET, HIGH))),
            ("three, 75/min", fast(&[4, 5, 6], 0.8), Some((MET, MODERATE))),
            ("three, 101/min", fast(&[4, 5, 6], 0.594), Some((NEAR, HIGH))),
            ("two", fast(&[4, 5], 0.4), None),
        ],
    );
    let span = with(&[4, 5, 6]).said("ectopy.ventricular_run").and_then(|finding| finding.span).expect("a place");
    assert!((span.start_s - 3.66).abs() < 0.01 && (span.end_s - 5.35).abs() < 0.01, "{span:?}");
}

#[test]
fn a_sustained_run_is_critical_from_150() {
    let long = |rr_s: f64| {
        let at_s: Vec<f64> = (0..100).map(|beat| 0.5 + rr_s * f64::from(beat)).collect();
        let all: Vec<usize> = (2..100).collect();
        Made::healthy().at(&at_s).no_p().class(BeatClass::VentricularEctopic, &all)
    };
    table(
        "ectopy.ventricular_run",
        vec![("170/min", long(0.353), Some((MET, CRITICAL))), ("120/min", long(0.5), Some((MET, HIGH)))],
    );
}

#[test]
fn a_run_from_the_first_to_the_last_beat_is_not_called_short() {
    let all: Vec<usize> = (0..13).collect();
    let made = Made::healthy().rate(170.0).no_p().class(BeatClass::VentricularEctopic, &all);
    let found = made.said("ectopy.ventricular_run").expect("throughout");
    assert_eq!(found.level, CRITICAL);
    assert!(found.statement.starts_with("Ventricular beats throughout"), "{}", found.statement);
}

#[test]
fn patterns_need_three_cycles() {
    table(
        "ectopy.pattern",
        vec![
            ("bigeminy", with(&[3, 5, 7]), Some((MET, MODERATE))),
            ("two cycles", with(&[3, 5]), None),
            ("trigeminy", with(&[2, 5, 8]), Some((MET, MODERATE))),
            ("quadrigeminy", with(&[3, 7, 11]), Some((MET, LOW))),
        ],
    );
    assert!(with(&[3, 5, 7]).said("ectopy.pattern").is_some_and(|finding| finding.statement.contains("bigeminy")));
}

#[test]
fn burden_needs_a_minute() {
    let many = |every: usize, count: u32| {
        let at_s: Vec<f64> = (0..count).map(|beat| 0.5 + 0.8 * f64::from(beat)).collect();
        let beats: Vec<usize> = (0..count as usize).filter(|beat| beat % every == every - 1).collect();
        Made::healthy().at(&at_s).class(BeatClass::VentricularEctopic, &beats)
    };
    table(
        "ectopy.burden",
        vec![
            ("one in nine", many(9, 100), Some((MET, MODERATE))),
            ("one in ten", many(10, 100), None),
            ("too short", many(9, 30), None),
        ],
    );
}

#[test]
fn r_on_t_is_critical_with_a_very_long_qt() {
    // the T of beat 3 ends 0.35 s after its R; the next QRS begins 0.04 s before its own R
    let early = |rr_s: f64| {
        let at_s = [0.5, 1.3, 2.1, 2.9, 2.9 + rr_s, 4.5, 5.3, 6.1, 6.9, 7.7];
        Made::healthy().at(&at_s).class(BeatClass::VentricularEctopic, &[4])
    };
    table(
        "ectopy.r_on_t",
        vec![
            ("on T", early(0.37), Some((MET, MODERATE))),
            ("after T", early(0.41), None),
            ("on T, QTc 510", early(0.37).set(|m| &mut m.qtc_fridericia_ms, 510.0), Some((MET, CRITICAL))),
        ],
    );
}

#[test]
fn early_atrial_beats_are_low() {
    let early = Made::healthy().class(BeatClass::SupraventricularEctopic, &[5]);
    table("ectopy.pac", vec![("one", early, Some((MET, LOW))), ("none", Made::healthy(), None)]);
    // usual P at 0.3 s after 0.5 + 0.8 k; an early one 0.35 s after the T
    let blocked = Made::healthy().lone(&[3.6]);
    table("ectopy.pac_blocked", vec![("early P", blocked, Some((REVIEW, LOW)))]);
}
