//! The report for paper: first page, raw and denoised ECG at true scale, where the network looked, all measurements, segments with decisions.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::layout::{HeatLayer, Layout, Sheet, Signals};
use super::paper::{ECG_MARGIN_MM, FOOT_MM, Flow, PaperSize, furnish};
use super::write::{Style, text};
use super::{first, flagged, lanes, measured, words};
use crate::analysis::{Head, SegmentSource};
use crate::error::Result;
use crate::page::{About, Page, Rect, Weight, font, pdf};
use crate::review::Study;

/// What an ECG page holds, s.
const SHOWN_S: f64 = 10.0;
/// A recording this much longer is still shown as one whole.
const SLACK_S: f64 = 0.05;

/// How the report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PaperOptions {
    /// Size of the paper.
    pub size: PaperSize,
}

/// The report's pages, ready for any sink.
pub fn pages(study: &Study, options: &PaperOptions) -> Vec<Page> {
    let mut front = Flow::new(options.size);
    first::write(&mut front, study);
    let mut pages = front.finish();
    let start_s = start_s(study);
    let sheet = Sheet::ThreeByFourRhythm;
    let about = window_sentence(study, start_s);
    let view = Layout { sheet, start_s, ..Layout::new(0.0, 0.0) };
    pages.push(ecg_page(study, options.size, &view, &format!("ECG, raw{about}")));
    // Without a stage that ran, the page would be the raw one again under another name; the first page says so.
    if study.analysis.as_ref().is_some_and(|analysis| !analysis.denoised.method.is_empty()) {
        let view = Layout { show: Signals::Denoised, ..view };
        pages.push(ecg_page(study, options.size, &view, &format!("ECG, denoised{about}")));
    }
    if let Some((head, start_s)) = attended(study) {
        let heat = Some(HeatLayer { head, opacity: 0.75 });
        let view = Layout { sheet: Sheet::TwelveByOne, start_s, heat, ..Layout::new(0.0, 0.0) };
        let words = format!("Where the network looked for: {} (attention, not cause)", head.words().to_lowercase());
        pages.push(ecg_page(study, options.size, &view, &words));
    }
    if let Some(analysis) = study.analysis.as_deref().filter(|analysis| measured::worth_a_page(analysis)) {
        let mut flow = Flow::new(options.size);
        flow.space(4.0);
        measured::page(&mut flow, study, analysis);
        pages.extend(flow.finish());
    }
    if study.analysis.as_ref().is_some_and(|analysis| !analysis.segments.is_empty()) {
        let mut flow = Flow::new(options.size);
        flow.space(4.0);
        flagged::write(&mut flow, study);
        pages.extend(flow.finish());
    }
    furnish(&mut pages, &patient_line(study), &words::signing(&study.review));
    pages
}

fn patient_line(study: &Study) -> String {
    let patient = &study.recording.patient;
    // In full on the first page.
    let short = |words: &str, room_mm| font::elide(words, 2.8, Weight::Regular, room_mm);
    [
        match words::name(patient) {
            words::UNKNOWN => "patient unknown".to_owned(),
            name => short(name, 60.0),
        },
        format!("id {}", short(words::id(patient), 30.0)),
        format!("born {}", words::born(patient)),
        format!("recorded {}", words::recorded(&study.recording)),
    ]
    .join("   ")
}

fn ecg_page(study: &Study, size: PaperSize, view: &Layout, title: &str) -> Page {
    let mut page = size.lying();
    let width_mm = page.width_mm - 2.0 * ECG_MARGIN_MM;
    let title = font::elide(title, 2.8, Weight::SemiBold, width_mm);
    text(&mut page, ECG_MARGIN_MM, ECG_MARGIN_MM + 7.2, &title, Style::bold(2.8));
    let top_mm = ECG_MARGIN_MM + 9.5;
    let area = Rect::new(ECG_MARGIN_MM, top_mm, width_mm, page.height_mm - FOOT_MM + 2.0 - top_mm);
    let view = Layout { width_mm: area.width_mm, height_mm: area.height_mm, ..view.clone() };
    lanes::draw(&mut page, study, &view, area);
    page
}

/// The start of the recording, or in a long one a second before the first segment that something else than noise has flagged.
fn start_s(study: &Study) -> f64 {
    let duration_s = study.recording.duration_s();
    if duration_s <= SHOWN_S + SLACK_S {
        return 0.0;
    }
    let segments = study.analysis.as_ref().map_or(&[][..], |analysis| &analysis.segments);
    let flagged = segments.iter().find(|segment| segment.source != SegmentSource::Quality).or(segments.first());
    let start_s = flagged.map_or(0.0, |segment| (segment.span.start_s - 1.0).floor());
    start_s.clamp(0.0, duration_s - SHOWN_S)
}

fn window_sentence(study: &Study, start_s: f64) -> String {
    let duration_s = study.recording.duration_s();
    if duration_s <= SHOWN_S + SLACK_S {
        return String::new();
    }
    let where_from = if start_s > 0.0 { "around the first flagged segment" } else { "from the start" };
    let end_s = start_s + SHOWN_S;
    format!(": {start_s:.1} to {end_s:.1} s of {}, {where_from}; the rest is not printed", words::length(duration_s))
}

/// Whose map is shown and from when: the condition stated, else abnormal.
fn attended(study: &Study) -> Option<(Head, f64)> {
    let analysis = study.analysis.as_ref()?;
    if analysis.prediction.withheld.is_some() {
        return None;
    }
    let head = analysis.prediction.leading();
    analysis.map(head).map(|map| (head, map.span.start_s))
}

/// The report as a PDF/A-2b file. `made_at` is printed in its properties; the same study and moment give the same bytes.
pub fn report_pdf(study: &Study, options: &PaperOptions, made_at: Timestamp) -> Result<Vec<u8>> {
    let program = concat!("einthoven ", env!("CARGO_PKG_VERSION")).to_owned();
    let patient = words::name(&study.recording.patient);
    let about = About {
        title: format!("ECG report, patient {patient}, recorded {}", words::recorded(&study.recording)),
        identity: format!("{program} {} {made_at}", study.recording.fingerprint),
        program,
        made_at: TimeZone::UTC.to_datetime(made_at),
    };
    pdf(&pages(study, options), &about)
}
