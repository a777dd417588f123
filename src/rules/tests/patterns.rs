//! Rhythms that patterns tell, and spikes without their beat.

use super::super::made::Made;
use super::*;
use crate::ecg::{Lead, Span};
use crate::measure::{BeatClass, Changing, FlutterWaves, LoneSpike, NoQrs, PShapes, WaveKind};

/// Irregular without a pattern, about 80/min.
fn chaos() -> Vec<f64> {
    let rr = [0.62, 0.91, 0.48, 0.77, 1.02, 0.55, 0.83, 0.68, 0.97, 0.51, 0.72, 0.88, 0.79];
    let mut at_s = vec![0.4];
    rr.iter().for_each(|rr| at_s.push(at_s[at_s.len() - 1] + rr));
    at_s
}

#[test]
fn waves_without_qrs_are_critical_at_any_age_and_are_reviewed_in_one_lead() {
    let without = |of_leads| {
        let mut made = Made::healthy().none(|m| &mut m.heart_rate_bpm);
        let span = Span::new(2.0, 8.0);
        made.patterns.no_qrs = vec![NoQrs { span, per_min: 264.0, leads: of_leads, of_leads }];
        made
    };
    table(
        "rhythm.ventricular_fibrillation",
        vec![
            ("twelve leads", without(12), Some((MET, CRITICAL))),
            ("a child", without(12).who(Some(3), None), Some((MET, CRITICAL))),
            ("one lead", without(1), Some((REVIEW, CRITICAL))),
            ("none", Made::healthy(), None),
        ],
    );
    assert!(!without(12).says("rhythm.unnamed"), "{:?}", without(12).codes());
    let said = without(12).said("rhythm.ventricular_fibrillation").expect("said");
    assert_eq!(said.span, Some(Span::new(2.0, 8.0)));
    assert!(said.evidence.contains("264 waves/min for 6 s in 12 of 12 leads"), "{}", said.evidence);
}

/// Fast beats 3 to 9 of changing shape and this width, ms.
fn changing(qrs_ms: f64, qtc_ms: Option<f64>) -> Made {
    let mut at_s = vec![0.5, 1.3, 2.1];
    (0..7).for_each(|beat| at_s.push(2.5 + 0.28 * f64::from(beat)));
    at_s.extend([5.0, 5.8, 6.6]);
    let mut made = Made::healthy().at(&at_s);
    made = match qtc_ms {
        Some(qtc_ms) => made.set(|m| &mut m.qtc_fridericia_ms, qtc_ms),
        None => made.none(|m| &mut m.qtc_fridericia_ms),
    };
    for waves in &mut made.waves.beats[3..=9] {
        waves.p = None;
        if let Some(qrs) = &mut waves.qrs {
            assert_eq!(qrs.kind, WaveKind::Qrs);
            qrs.offset_s = qrs.onset_s + qrs_ms / 1000.0;
        }
    }
    made.patterns.changing = vec![Changing { first: 3, last: 9, shapes: 5 }];
    made
}

#[test]
fn a_flutter_of_the_ventricles_is_no_pause() {
    let mut made = Made::healthy().at(&[0.5, 1.3, 2.1, 6.0, 6.8, 7.6, 8.4, 9.2]);
    assert!(made.says("rate.pause"));
    made.patterns.no_qrs = vec![NoQrs { span: Span::new(2.4, 5.8), per_min: 240.0, leads: 12, of_leads: 12 }];
    assert!(!made.says("rate.pause") && made.says("rhythm.ventricular_fibrillation"), "{:?}", made.codes());
    let mut long = Made::healthy().at(&[0.5, 1.3, 2.1, 22.0, 22.8, 23.6, 24.4, 25.2]);
    long.patterns.no_qrs = vec![NoQrs { span: Span::new(2.4, 18.0), per_min: 240.0, leads: 12, of_leads: 12 }];
    assert!(!long.says("rate.pause"), "most of the time is told already");
}

#[test]
fn fast_wide_beats_that_change_are_polymorphic_and_with_a_long_qt_torsades() {
    let mut hidden = changing(150.0, Some(420.0));
    hidden.signal.blind = vec![Span::new(3.0, 3.4)];
    let mut told = changing(150.0, Some(420.0));
    told.patterns.no_qrs = vec![NoQrs { span: Span::new(2.0, 6.0), per_min: 250.0, leads: 12, of_leads: 12 }];
    table(
        "rhythm.polymorphic_tachycardia",
        vec![
            ("wide", changing(150.0, Some(420.0)), Some((MET, CRITICAL))),
            ("narrow", changing(90.0, Some(420.0)), None),
            ("no QT", changing(150.0, None), Some((MET, CRITICAL))),
            ("where no lead is good", hidden, None),
            ("told as waves without QRS", told, None),
        ],
    );
    let words = |qtc_ms| changing(150.0, qtc_ms).said("rhythm.polymorphic_tachycardia").expect("said");
    assert!(words(Some(510.0)).statement.contains("torsades"), "{}", words(Some(510.0)).statement);
    assert!(words(Some(430.0)).statement.contains("polymorphic"), "{}", words(Some(430.0)).statement);
    assert!(words(None).evidence.contains("QT of other beats not measured"), "{}", words(None).evidence);
}

#[test]
fn beats_that_change_throughout_are_no_fibrillation_of_the_atria() {
    let mut made = Made::healthy().at(&chaos().iter().map(|at_s| 0.4 * at_s).collect::<Vec<_>>()).no_p().qrs(150.0);
    for qrs in made.waves.beats.iter_mut().filter_map(|waves| waves.qrs.as_mut()) {
        qrs.offset_s = qrs.onset_s + 0.15;
    }
    assert!(made.says("rhythm.atrial_fibrillation"));
    made.patterns.changing = vec![Changing { first: 0, last: 13, shapes: 7 }];
    assert!(!made.says("rhythm.atrial_fibrillation") && made.says("rhythm.polymorphic_tachycardia"));
    assert!(!made.says("rhythm.unnamed") && !made.says("rhythm.wide_tachycardia"), "{:?}", made.codes());
}

/// Irregular beats over flutter waves; `scale` 1 gives about 80/min.
fn flutter(scale: f64, leads: &[Lead]) -> Made {
    let at_s: Vec<f64> = chaos().iter().map(|at_s| scale * at_s).collect();
    let span = Span::new(at_s[0], at_s[at_s.len() - 1]);
    let mut made = Made::healthy().at(&at_s).no_p();
    let leads = leads.to_vec();
    made.patterns.flutter = vec![FlutterWaves { span, per_min: 300.0, height_mv: 0.2, share: 0.8, leads }];
    made
}

#[test]
fn regular_atrial_waves_are_flutter_and_no_fibrillation() {
    let three = [Lead::II, Lead::III, Lead::AvF];
    table(
        "rhythm.atrial_flutter",
        vec![
            ("controlled", flutter(1.0, &three), Some((MET, MODERATE))),
            ("rapid", flutter(0.65, &three), Some((MET, HIGH))),
            ("very rapid", flutter(0.4, &three), Some((MET, CRITICAL))),
            ("one lead", flutter(1.0, &[Lead::II]), Some((REVIEW, MODERATE))),
        ],
    );
    assert_eq!(flutter(1.0, &three).codes(), ["rhythm.atrial_flutter"], "the rate is told once, and no P is judged");
    let words = flutter(1.0, &three).said("rhythm.atrial_flutter").expect("said").evidence;
    assert!(words.contains("0.20 mV in II, III, aVF") && words.contains("waves a beat"), "{words}");
}

#[test]
fn p_of_three_shapes_with_varying_pr_are_multifocal() {
    let many = |shapes, scale: f64| {
        let at_s: Vec<f64> = chaos().iter().map(|at_s| scale * at_s).collect();
        let mut made = Made::healthy().at(&at_s).pr(|beat| Some(110.0 + 45.0 * (beat * beat % 4) as f64));
        made.patterns.p_shapes = Some(PShapes { shapes, beats: 14 });
        made
    };
    table(
        "rhythm.multifocal_atrial",
        vec![
            ("slow", many(3, 1.0), Some((MET, LOW))),
            ("fast", many(4, 0.6), Some((MET, MODERATE))),
            ("two shapes", many(2, 1.0), None),
            ("constant PR", many(3, 1.0).pr(|_| Some(160.0)), None),
        ],
    );
    assert!(!many(3, 1.0).says("rhythm.atrial_fibrillation") && !many(3, 1.0).says("rhythm.sinus"));
    let words = many(4, 0.6).said("rhythm.multifocal_atrial").expect("said").statement;
    assert!(words.contains("multifocal atrial tachycardia"), "{words}");
}

/// Steady paced beats and spikes alone, so long after the QRS before and before the next, s.
fn spikes(count: usize, after_s: f64, before_s: f64, paced: bool) -> Made {
    let mut made = Made::healthy().rate(60.0).no_p();
    if paced {
        made = made.class(BeatClass::Paced, &(0..13).collect::<Vec<_>>());
    }
    made.patterns.lone_spikes = (0..count)
        .map(|spike| LoneSpike {
            at_s: 0.46 + spike as f64 + after_s,
            after_qrs_s: Some(after_s),
            before_qrs_s: Some(before_s),
            paces_atria: false,
        })
        .collect();
    made
}

#[test]
fn spikes_that_nothing_answers_fail_to_capture() {
    let atrial = {
        let mut made = spikes(4, 0.5, 0.5, true);
        made.patterns.lone_spikes.iter_mut().for_each(|spike| spike.paces_atria = true);
        made
    };
    let hidden = {
        let mut made = spikes(2, 0.5, 0.5, true);
        made.signal.blind = vec![Span::new(1.5, 2.5)];
        made
    };
    table(
        "pacing.no_capture",
        vec![
            ("twice", spikes(2, 0.5, 0.5, true), Some((MET, CRITICAL))),
            ("once", spikes(1, 0.5, 0.5, true), None),
            ("a QRS follows", spikes(3, 0.5, 0.3, true), None),
            ("just after a QRS", spikes(3, 0.3, 0.7, true), None),
            ("no beat is paced", spikes(3, 0.5, 0.5, false), Some((REVIEW, CRITICAL))),
            ("nor were two spikes", spikes(2, 0.5, 0.5, false), None),
            ("a P follows each", atrial, None),
            ("one where no lead is good", hidden, None),
        ],
    );
    table(
        "pacing.no_sense",
        vec![
            ("in T", spikes(2, 0.25, 0.75, true), Some((REVIEW, MODERATE))),
            ("once", spikes(1, 0.25, 0.75, true), None),
            ("no beat is paced", spikes(2, 0.25, 0.75, false), None),
            ("after T", spikes(2, 0.5, 0.5, true), None),
        ],
    );
    let words = evidence(&spikes(2, 0.5, 0.5, true), "pacing.no_capture");
    assert!(words.starts_with("2 spikes at 1.0, 2.0 s"), "{words}");
}
