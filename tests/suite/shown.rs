//! What is measured, on the sheets and in the report: values with limits, wave marks, the lines that show how a finding was measured.

use std::sync::Arc;

use einthoven::analysis::{BeatWaves, LeadMeasures, LeadWaves, Measured, Wave, WaveKind, Waves};
use einthoven::ecg::{Lead, Sex};
use einthoven::page::{Ink, Mark, Page};
use einthoven::report::{Layout, PaperOptions, PaperSize, Sheet, lanes, pages};
use einthoven::review::Study;

use crate::report::{faults, walk, words};
use crate::study;

/// Waves where the beats of the study are: P, QRS and T in every lead and over all.
fn waves() -> Waves {
    let wave = |kind, beat: usize, (onset, peak, offset): (f64, f64, f64)| {
        let start_s = 0.857 * beat as f64;
        let [onset_s, peak_s, offset_s] = [onset, peak, offset].map(|time_s| start_s + time_s);
        Wave { kind, onset_s, peak_s, offset_s, confidence: 0.9, beat: Some(beat) }
    };
    let beat = |beat| BeatWaves {
        p: Some(wave(WaveKind::P, beat, (0.14, 0.2, 0.26))),
        qrs: Some(wave(WaveKind::Qrs, beat, (0.32, 0.36, 0.41))),
        t: Some(wave(WaveKind::T, beat, (0.48, 0.6, 0.72))),
    };
    let beats: Vec<BeatWaves> = (0..11).map(beat).collect();
    let every: Vec<Wave> = beats.iter().flat_map(|beat| [beat.p, beat.qrs, beat.t]).flatten().collect();
    let leads = Lead::STANDARD.iter().map(|lead| LeadWaves { lead: lead.clone(), waves: every.clone() }).collect();
    Waves { leads, beats, ..Waves::default() }
}

/// A study in which everything was measured, V2 excepted.
fn measured() -> Study {
    study::with(study::full(), |analysis| {
        analysis.waves = waves();
        let values = &mut analysis.measurements;
        values.pr_ms = Measured::new(180.0, 11);
        values.qrs_ms = Measured::new(124.0, 11);
        values.qtc_fridericia_ms = Measured::new(455.0, 11);
        values.axis_qrs_deg = Measured::new(-41.0, 11);
        values.leads = Lead::STANDARD
            .iter()
            .map(|lead| {
                let mut measures = LeadMeasures::none(lead.clone(), "lead off");
                if *lead != Lead::V2 {
                    measures.withheld = None;
                    (measures.p_mv, measures.st_j_mv) = (Some(0.12), Some(-0.151));
                }
                measures
            })
            .collect();
    })
}

fn count(page: &Page, fits: impl Fn(&Mark) -> bool) -> usize {
    let mut count = 0;
    walk(&page.marks, &mut |mark| count += usize::from(fits(mark)));
    count
}

#[test]
fn the_first_page_sets_values_against_limits() {
    let first = |study: &Study| words(&pages(study, &PaperOptions::default())[..1]);
    let woman = first(&measured());
    for wanted in ["PR", "180 ms", "120–200", "124 ms", "≤ 110  ▲ above", "455 ms", "390–460", "−41°", "▼ below"]
    {
        assert!(woman.contains(wanted), "{wanted}");
    }
    assert!(woman.contains("QT, QTc, Bazett, Axis of P, Axis of T: no result: not measured"));
    let mut man = measured();
    Arc::make_mut(&mut man.recording).patient.sex = Some(Sex::Male);
    assert!(first(&man).contains("390–450  ▲ above"));
    Arc::make_mut(&mut man.recording).patient.sex = None;
    assert!(first(&man).contains("390–460") && first(&man).contains("Sex unknown: the wider limits"));
    Arc::make_mut(&mut man.recording).patient.age_years = Some(9);
    assert!(first(&man).contains("Under 18 years") && !first(&man).contains("120–200"));
}

#[test]
fn a_page_holds_every_value_and_the_leads() {
    for size in [PaperSize::A4, PaperSize::Letter] {
        let study = measured();
        let report = pages(&study, &PaperOptions { size });
        let page = report.iter().find(|page| words(std::slice::from_ref(page)).contains("Median beat of each lead"));
        let page = page.expect("a page of measurements");
        let all = words(std::slice::from_ref(page));
        assert!(all.contains("no result: lead off") && all.contains("−0.15") && all.contains("AHA/ACCF/HRS III 2009"));
        assert_eq!(faults(page, "measurements"), Vec::<String>::new());
    }
}

#[test]
fn waves_are_marked_where_it_is_asked_for() {
    let study = measured();
    let marks = |sheet, waves, speed_mm_per_s| {
        let page = lanes(&study, &Layout { sheet, waves, speed_mm_per_s, ..Layout::new(300.0, 190.0) });
        let lines = count(&page, |mark| matches!(mark, Mark::Line { ink: Ink::Wave, .. }));
        (lines, count(&page, |mark| matches!(mark, Mark::Text(text) if text.ink == Ink::Wave)))
    };
    assert_eq!(marks(Sheet::TwelveByOne, false, 25.0), (0, 0));
    assert_eq!(marks(Sheet::TwelveByOne, true, 5.0), (0, 0), "too slow to tell them apart");
    let (lines, names) = marks(Sheet::TwelveByOne, true, 25.0);
    assert!(lines > 12 * 3 * 3 * 9, "a bracket of three lines a wave: {lines}");
    assert!((20..=33).contains(&names), "names over the first lane only: {names}");
    let (_, names) = marks(Sheet::ThreeByFourRhythm, true, 25.0);
    assert!(names > 40, "over each column and the rhythm strip: {names}");
}

#[test]
fn a_finding_shows_how_it_was_measured() {
    let lines = |code: &'static str, leads: &[Lead]| {
        let study = study::with(measured(), |analysis| {
            analysis.findings[0].code = code;
            analysis.findings[0].leads = leads.to_vec();
            analysis.findings[0].span = None;
        });
        let layout = Layout { sheet: Sheet::TwelveByOne, finding: Some(0), ..Layout::new(300.0, 190.0) };
        let page = lanes(&study, &layout);
        let lines = count(&page, |mark| matches!(mark, Mark::Line { ink: Ink::Accent, .. }));
        (lines, words(std::slice::from_ref(&page)).contains("QT 400 ms"))
    };
    assert_eq!(lines("rate.fast", &[Lead::V3]), (0, false));
    let (st, _) = lines("ischaemia.st_depression", &[Lead::V3, Lead::V4]);
    assert!(st >= 2 * 2 * 10, "two levels a beat and lead: {st}");
    let (qt, said) = lines("qt.long", &[]);
    assert!(said && qt >= 3 * 10, "a bracket of three lines a beat over the first lane: {qt}");
}
