//! Sheets and report pages as lists of marks: what stands where, that nothing overlaps and nothing is cut.

use std::sync::Arc;

use einthoven::analysis::{Head, Prediction, RiskLevel};
use einthoven::ecg::{Lead, Note, Patient, Span};
use einthoven::page::{Id, Mark, Page, Point, Rect, Text, font, listing};
use einthoven::report::{HeatLayer, Layout, PaperOptions, PaperSize, Sheet, Signals, arrange, lanes, pages};
use einthoven::review::Study;

use crate::study;

pub(crate) fn walk<'a>(marks: &'a [Mark], visit: &mut dyn FnMut(&'a Mark)) {
    for mark in marks {
        visit(mark);
        if let Mark::Group { marks, .. } = mark {
            walk(marks, visit);
        }
    }
}

fn texts(page: &Page) -> Vec<&Text> {
    let mut found = Vec::new();
    walk(&page.marks, &mut |mark| {
        if let Mark::Text(text) = mark {
            found.push(text);
        }
    });
    found
}

pub(crate) fn words(pages: &[Page]) -> String {
    let lines = pages.iter().flat_map(texts).map(|text| text.words.to_string());
    lines.collect::<Vec<_>>().join("\n")
}

fn has_heat(page: &Page) -> bool {
    let mut heat = false;
    walk(&page.marks, &mut |mark| heat |= matches!(mark, Mark::Heat(_)));
    heat
}

/// Texts that leave the page, and texts that share room.
pub(crate) fn faults(page: &Page, name: &str) -> Vec<String> {
    let boxes: Vec<(Rect, &str)> = texts(page).into_iter().map(|text| (font::bounds(text), &*text.words)).collect();
    let mut found = Vec::new();
    for (number, (rect, words)) in boxes.iter().enumerate() {
        let inside = rect.x_mm >= 4.0
            && rect.y_mm >= 4.0
            && rect.right_mm() <= page.width_mm - 4.0
            && rect.bottom_mm() <= page.height_mm - 4.0;
        if !inside {
            found.push(format!("{name}: {words:?} leaves the page: {rect:?}"));
        }
        for (other, other_words) in &boxes[number + 1..] {
            if let Some(shared) = rect.intersection(other)
                && shared.width_mm > 0.05
                && shared.height_mm > 0.05
            {
                found.push(format!("{name}: {words:?} and {other_words:?} share {shared:?}"));
            }
        }
    }
    found
}

/// Studies of every shape that a report must hold.
fn studies() -> Vec<(&'static str, Study)> {
    let changed = |change: &dyn Fn(&mut Study)| {
        let mut study = study::reviewed();
        change(&mut study);
        study
    };
    let long_words = changed(&|study| {
        let recording = Arc::make_mut(&mut study.recording);
        recording.patient.name =
            Some("Maximiliana Theodora von Hohenstaufen-Habsburg de la Fuente y Santa Cruz".to_owned());
        recording.patient.id = Some("0123456789".repeat(8));
        recording.filters = Some("high pass 0.05 Hz, low pass 150 Hz, notch 50 Hz, ".repeat(5));
        recording.notes.push(Note::new("a doubt ".repeat(40)));
        study.file = "folder/".repeat(30);
    });
    let unknown = changed(&|study| {
        let recording = Arc::make_mut(&mut study.recording);
        (recording.patient, recording.started_at) = (Patient::default(), None);
        (recording.device, recording.filters) = (None, None);
        study.analysis = None;
    });
    let many = study::with(study::full(), |analysis| {
        let (segment, finding) = (analysis.segments[0].clone(), analysis.findings[0].clone());
        analysis.findings = vec![finding; 60];
        analysis.segments = (0..75)
            .map(|number| {
                let mut segment = segment.clone();
                segment.key = format!("attention:{number}");
                segment.span = Span::new(f64::from(number) * 0.1, f64::from(number) * 0.1 + 0.8);
                segment.reason =
                    "attention gathers here and the words go on for a while ".repeat(number as usize % 5 + 1);
                segment
            })
            .collect();
        analysis.risk.level = RiskLevel::Indeterminate;
        analysis.risk.at_least = Some(RiskLevel::Critical);
        analysis.risk.reasons = vec!["a reason that needs more than one line of the page ".repeat(4); 9];
    });
    let one_lead = study::study_of(study::recording(&[Lead::Other("MLII".into())], 2.0));
    let withheld = study::with(one_lead, |analysis| {
        analysis.prediction = Prediction::withheld(None, "2 s are too short and 11 of 12 leads are missing");
        analysis.attention.clear();
    });
    let unflagged = study::with(study::full(), |analysis| analysis.segments.clear());
    let foreign = changed(&|study| Arc::make_mut(&mut study.recording).patient.name = Some("王小明".to_owned()));
    let not_denoised = study::with(study::full(), |analysis| analysis.denoised.method.clear());
    let empty = study::study_of(study::recording(&[], 0.0));
    let long = study::study_of(study::recording(&Lead::STANDARD, 30.0));
    vec![
        ("full", study::full()),
        ("reviewed", study::reviewed()),
        ("long words", long_words),
        ("unknown", unknown),
        ("many", many),
        ("withheld", withheld),
        ("unflagged", unflagged),
        ("foreign", foreign),
        ("not denoised", not_denoised),
        ("empty", empty),
        ("long", long),
    ]
}

#[test]
fn nothing_overlaps_and_nothing_is_cut() {
    let mut found = Vec::new();
    for (name, study) in studies() {
        for size in [PaperSize::A4, PaperSize::Letter] {
            for (number, page) in pages(&study, &PaperOptions { size }).iter().enumerate() {
                found.extend(faults(page, &format!("{name}, {size:?}, page {}", number + 1)));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_report_says_who_what_and_why() {
    for (name, study) in studies() {
        let pages = pages(&study, &PaperOptions::default());
        let all = words(&pages);
        assert_eq!(all.matches(einthoven::report::DISCLAIMER).count(), 1, "{name}");
        assert!(all.contains(&format!("page 1 of {}", pages.len())), "{name}");
        assert!(!has_heat(&pages[0]), "{name}: no heat map on the first page");
        assert!(!all.to_lowercase().contains("normal heart") && !all.contains("NaN"), "{name}");
    }
    let of = |wanted: &str| {
        let (_, study) = studies().into_iter().find(|(name, _)| *name == wanted).expect("it is in the list");
        words(&pages(&study, &PaperOptions::default()))
    };
    let full = of("full");
    for wanted in
        ["Ångström, Grüße", "Unconfirmed", "Risk level: Moderate", "The network suggests: abnormal (arrhythmia)"]
    {
        assert!(full.contains(wanted), "{wanted}");
    }
    assert!(full.contains("no result: fewer than 12 beats"));
    let reviewed = of("reviewed");
    assert!(reviewed.contains("Confirmed by Dr. M. Keller, 2026-03-15 10:00 UTC") && !reviewed.contains("Unconfirmed"));
    assert!(reviewed.contains("accepted: short run"));
    assert!(of("unknown").contains("this recording has not been analysed"));
    assert!(of("unknown").matches("unknown").count() >= 5);
    assert!(of("withheld").contains("No prediction: 2 s are too short and 11 of 12 leads are missing"));
    assert!(of("many").contains("Risk level: Indeterminate, at least Critical"));
    assert!(of("many").contains("15 more are not printed"));
    assert!(of("long").contains("1.0 to 11.0 s of 30 s, around the first flagged segment"));
    assert!(
        of("not denoised").contains("no stage of the denoiser ran") && !of("not denoised").contains("ECG, denoised")
    );
    assert!(full.contains("ECG, denoised"));
    assert!(of("foreign").contains("□: a character") && !full.contains('□'));
    assert!(of("empty").contains("No ECG lead in this recording"));
}

#[test]
fn where_nothing_is_flagged_the_first_page_says_so() {
    let count = |study: &Study| pages(study, &PaperOptions::default()).len();
    let unflagged = study::with(study::full(), |analysis| analysis.segments.clear());
    assert_eq!(count(&unflagged) + 1, count(&study::full()));
    assert!(words(&pages(&unflagged, &PaperOptions::default())[..1]).contains("None was flagged."));
}

#[test]
fn a_finding_marks_its_leads_and_its_place() {
    let study = study::with(study::full(), |analysis| {
        analysis.findings[0].leads = vec![Lead::V2];
        analysis.findings[0].span = Some(Span::new(1.0, 2.0));
    });
    let marks = |finding| {
        let page = lanes(&study, &Layout { finding, ..Layout::new(340.0, 200.0) });
        let mut bars = Vec::new();
        walk(&page.marks, &mut |mark| match mark {
            Mark::Fill { rect, ink: einthoven::page::Ink::Accent } => bars.push(*rect),
            Mark::Line { ink: einthoven::page::Ink::Accent, .. } => bars.push(Rect::default()),
            _ => {}
        });
        bars.len()
    };
    assert_eq!((marks(None), marks(Some(0)), marks(Some(99))), (0, 6, 0), "a bar and two edges, raw and denoised");
}

#[test]
fn a_calibration_pulse_is_10_mm_high_and_5_mm_wide() {
    for sheet in Sheet::ALL {
        let page = lanes(&study::full(), &Layout { sheet, ..Layout::new(300.0, 190.0) });
        let mut pulses = 0;
        walk(&page.marks, &mut |mark| {
            let Mark::Group { id: Id::Part("calibration"), marks, .. } = mark else { return };
            let ends: Vec<(Point, Point)> = marks
                .iter()
                .filter_map(|mark| if let Mark::Line { from, to, .. } = mark { Some((*from, *to)) } else { None })
                .collect();
            assert!((ends[1].0.y_mm - ends[1].1.y_mm - 10.0).abs() < 1e-3);
            assert!((ends[2].1.x_mm - ends[2].0.x_mm - 5.0).abs() < 1e-3);
            pulses += 1;
        });
        assert!(pulses >= 4, "{sheet:?}: {pulses}");
    }
}

#[test]
fn every_trace_of_a_sheet_has_one_speed_and_one_gain() {
    let layout = Layout { speed_mm_per_s: 50.0, gain_mm_per_mv: 5.0, ..Layout::new(200.0, 90.0) };
    let mut traces = 0;
    walk(&lanes(&study::full(), &layout).marks, &mut |mark| {
        if let Mark::Trace(trace) = mark {
            assert_eq!((trace.mm_per_mv, trace.mm_per_sample), (5.0, 0.1));
            traces += 1;
        }
    });
    assert_eq!(traces, 24);
}

#[test]
fn a_click_finds_the_lead_and_the_segment() {
    let study = study::full();
    let layout = Layout::new(340.0, 200.0);
    let page = lanes(&study, &layout);
    let arrangement = arrange(&study.recording, &layout);
    let lane = arrangement.lanes().find(|lane| lane.denoised && &*lane.name == "V1").expect("V1 is there");
    let at = |time_s: f64| Point::new(lane.x_mm(time_s), lane.zero_y_mm);
    assert_eq!(page.hit(at(1.0)), Some(&Id::Lead { lead: "V1".into(), denoised: true }));
    assert_eq!(page.hit(at(2.5)), Some(&Id::Segment(0)));
}

#[test]
fn overlapping_segments_tint_a_lane_once() {
    let study = study::with(study::full(), |analysis| {
        let segment = analysis.segments[0].clone();
        analysis.segments = vec![segment; 20];
    });
    let mut tints = 0;
    walk(&lanes(&study, &Layout::new(340.0, 200.0)).marks, &mut |mark| {
        if let Mark::Fill { ink: einthoven::page::Ink::Segment, .. } = mark {
            tints += 1;
        }
    });
    assert_eq!(tints, 4, "II and V1, raw and denoised");
}

#[test]
fn a_missing_lead_is_named_and_an_offset_is_said() {
    let mut study = study::full();
    let recording = Arc::make_mut(&mut study.recording);
    recording.traces.remove(9);
    let shifted: Vec<f32> = recording.traces[0].samples_mv.iter().map(|value| value + 5.0).collect();
    recording.traces[0].samples_mv = shifted.into();
    study.analysis = None;
    for sheet in Sheet::ALL {
        let page = lanes(&study, &Layout { sheet, ..Layout::new(300.0, 190.0) });
        let all = words(std::slice::from_ref(&page));
        assert!(all.contains("V4 not recorded"), "{sheet:?}");
        assert!(all.contains("each lead around its median"), "{sheet:?}");
    }
    let page = lanes(&study, &Layout::new(300.0, 190.0));
    assert!(words(&[page]).contains("Denoised: not computed yet"));
}

#[test]
fn odd_views_draw_something_or_nothing_but_never_fail() {
    let study = study::full();
    for sheet in Sheet::ALL {
        for show in [Signals::Raw, Signals::Denoised, Signals::Overlay, Signals::Difference] {
            for (size_mm, start_s, scale) in
                [(0.0, 0.0, 25.0), (40.0, -20.0, 0.0), (300.0, 9.99, f32::NAN), (900.0, 1e9, 2.5)]
            {
                let heat = Some(HeatLayer { head: Head::Qt, opacity: 2.0 });
                let layout = Layout {
                    sheet,
                    show,
                    start_s,
                    speed_mm_per_s: scale,
                    heat,
                    cursor_s: Some(1.0),
                    selected: Some(99),
                    ..Layout::new(size_mm, size_mm * 0.6)
                };
                let page = lanes(&study, &layout);
                assert_eq!(page.width_mm, size_mm);
            }
        }
    }
}

/// The sheets as text, kept under `tests/data/snapshots`. `UPDATE_SNAPSHOTS=1` writes them anew.
#[test]
fn the_sheets_are_as_they_were() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/snapshots");
    let heat = Some(HeatLayer { head: Head::Arrhythmia, opacity: 0.75 });
    let view = |sheet, width_mm, height_mm| Layout { sheet, ..Layout::new(width_mm, height_mm) };
    let study = study::reviewed();
    let report = pages(&study, &PaperOptions::default());
    let cases = [
        ("compare", lanes(&study, &Layout { heat, cursor_s: Some(1.2), ..view(Sheet::Compare, 340.0, 215.0) })),
        ("12x1", lanes(&study, &view(Sheet::TwelveByOne, 283.0, 170.0))),
        ("3x4+1r", lanes(&study, &view(Sheet::ThreeByFourRhythm, 283.0, 170.0))),
        ("6x2", lanes(&study, &Layout { show: Signals::Overlay, ..view(Sheet::SixByTwo, 283.0, 170.0) })),
        ("report-1", report[0].clone()),
        ("report-segments", report[report.len() - 1].clone()),
    ];
    for (name, page) in cases {
        let file = folder.join(format!("{name}.txt"));
        let now = listing(&page);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&file, &now).expect("written");
        }
        let was = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let differ = was.lines().zip(now.lines()).find(|(was, now)| was != now);
        assert!(was == now, "{name} has changed; first: {differ:?}. UPDATE_SNAPSHOTS=1 accepts it");
    }
}
