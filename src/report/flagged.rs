//! The table of segments with the reader's decisions, and a strip of each segment's first lead at true scale.

use super::arrange::{Block, Lane};
use super::centre::centre_mv;
use super::lanes::block_of;
use super::layout::{Layout, Signals};
use super::paper::{Flow, MARGIN_MM};
use super::write::{Style, line, text};
use crate::analysis::Segment;
use crate::ecg::{Lead, Span, Trace};
use crate::page::{Ink, Rect, Weight, font};
use crate::review::Study;

/// The table names this many, the rest is counted.
const MOST_ROWS: usize = 60;
/// This many get a strip.
const MOST_STRIPS: usize = 12;
/// Height of a strip, mm: so much at least, more for tall waves, and no more than this.
const STRIP_MM: (f32, f32) = (30.0, 60.0);
/// Type of the table, mm.
const SIZE_MM: f32 = 2.7;
const STEP_MM: f32 = 3.9;
/// Columns: heading and width, mm; the last takes the rest.
const COLUMNS: [(&str, f32); 6] = [
    ("", 7.0),
    ("From – to", 25.0),
    ("Leads", 23.0),
    ("Source, score", 25.0),
    ("Why", 68.0),
    ("Decision and note", 0.0),
];

pub(super) fn write(flow: &mut Flow, study: &Study) {
    let segments = study.analysis.as_ref().map_or(&[][..], |analysis| &analysis.segments);
    flow.heading("Segments worth a look");
    head(flow);
    for (number, segment) in segments.iter().take(MOST_ROWS).enumerate() {
        row(flow, study, number, segment);
    }
    if segments.len() > MOST_ROWS {
        let words = format!("{} more are not printed; the viewer and the JSON have all.", segments.len() - MOST_ROWS);
        flow.space(1.5);
        flow.paragraph(0.0, &words, Style::weak(SIZE_MM));
    }
    flow.heading("Each segment in the lead most concerned, raw, 25 mm/s, 10 mm/mV");
    for (number, segment) in segments.iter().take(MOST_STRIPS).enumerate() {
        strip(flow, study, number, segment);
    }
    if segments.len() > MOST_STRIPS {
        flow.paragraph(0.0, &format!("Strips of the first {MOST_STRIPS} segments."), Style::weak(SIZE_MM));
    }
}

/// Left edges and widths of the columns.
fn columns(flow: &Flow) -> [(f32, f32); 6] {
    let fixed: f32 = COLUMNS.iter().map(|(_, width_mm)| width_mm).sum();
    let mut x_mm = MARGIN_MM;
    COLUMNS.map(|(_, width_mm)| {
        let width_mm = if width_mm > 0.0 { width_mm } else { flow.width_mm() - fixed };
        let place = (x_mm, width_mm);
        x_mm += width_mm;
        place
    })
}

fn head(flow: &mut Flow) {
    for ((name, _), (x_mm, _)) in COLUMNS.iter().zip(columns(flow)) {
        text(&mut flow.page, x_mm, flow.y_mm + SIZE_MM, name, Style::weak(SIZE_MM));
    }
    flow.space(STEP_MM + 0.6);
}

fn row(flow: &mut Flow, study: &Study, number: usize, segment: &Segment) {
    let leads: Vec<&str> = segment.leads.iter().map(Lead::name).collect();
    let leads = if leads.is_empty() { "all".to_owned() } else { leads.join(", ") };
    let decision = study.review.decision(&segment.key);
    let verdict = decision.and_then(|decision| decision.verdict).map_or("not decided", |verdict| verdict.name());
    let note = decision.map(|decision| decision.note.as_str()).filter(|note| !note.is_empty());
    let cells = [
        (number + 1).to_string(),
        times(segment),
        leads,
        format!("{}, {:.2}", segment.source.name(), segment.score),
        segment.reason.clone(),
        note.map_or(verdict.to_owned(), |note| format!("{verdict}: {note}")),
    ];
    let places = columns(flow);
    let wrapped: Vec<Vec<String>> = cells
        .iter()
        .zip(places)
        .map(|(words, (_, width_mm))| font::lines(words, SIZE_MM, Weight::Regular, width_mm - 2.5))
        .collect();
    let lines = wrapped.iter().map(Vec::len).max().unwrap_or(1);
    if flow.need(lines as f32 * STEP_MM + 1.6) {
        head(flow);
    }
    let (left, right) = (flow.left_mm(), flow.right_mm());
    line(&mut flow.page, (left, flow.y_mm), (right, flow.y_mm), Ink::Rule, 0.12);
    flow.space(0.9);
    for (lines, (x_mm, _)) in wrapped.iter().zip(places) {
        for (row, words) in lines.iter().enumerate() {
            let y_mm = flow.y_mm + SIZE_MM + row as f32 * STEP_MM;
            text(&mut flow.page, x_mm, y_mm, words, Style::text(SIZE_MM));
        }
    }
    flow.space(lines as f32 * STEP_MM + 0.7);
}

fn times(segment: &Segment) -> String {
    format!("{:.2} – {:.2} s", segment.span.start_s, segment.span.end_s)
}

fn strip(flow: &mut Flow, study: &Study, number: usize, segment: &Segment) {
    let recording = &study.recording;
    let concerned = segment.leads.first().cloned().unwrap_or(Lead::II);
    let found = recording.traces.iter().position(|trace| trace.lead == concerned);
    let Some(trace) = found.or((!recording.traces.is_empty()).then_some(0)) else { return };
    let lead = recording.traces[trace].lead.name();
    let gutter_mm = 15.0;
    let width_mm = flow.width_mm().floor();
    let start_s = start_s(study, segment, width_mm - gutter_mm);
    let layout = Layout { start_s, selected: Some(number), ..Layout::new(0.0, 0.0) };
    let (zero_mm, height_mm) = place_mm(&recording.traces[trace], start_s, &layout, width_mm - gutter_mm);
    flow.need(height_mm + 9.0);
    let caption = format!("{}   {}   lead {lead}", number + 1, times(segment));
    let caption = font::elide(&caption, SIZE_MM, Weight::Regular, flow.width_mm());
    text(&mut flow.page, MARGIN_MM, flow.y_mm + SIZE_MM, &caption, Style::text(SIZE_MM));
    flow.space(4.2);
    let paper = Rect::new(MARGIN_MM, flow.y_mm, width_mm, height_mm);
    let lane = Lane {
        trace: Some(trace),
        name: lead.into(),
        signals: Signals::Raw,
        denoised: false,
        cell: Rect::new(paper.x_mm + gutter_mm, paper.y_mm, paper.width_mm - gutter_mm, height_mm),
        zero_y_mm: paper.y_mm + zero_mm,
        start_s: layout.start_s,
        mm_per_s: layout.speed_mm_per_s,
        first_in_row: true,
    };
    let block = Block { signals: Signals::Raw, paper, gutter_mm, names_in_gutter: true, lanes: vec![lane] };
    block_of(&mut flow.page, study, &layout, &block);
    flow.space(height_mm + 3.0);
}

/// Where the zero of a strip stands below its top, and the strip's height, mm, so that its highest and lowest waves stay on it.
fn place_mm(trace: &Trace, start_s: f64, layout: &Layout, width_mm: f32) -> (f32, f32) {
    let span = Span::new(start_s, start_s + f64::from(width_mm / layout.speed_mm_per_s));
    let centre_mv = centre_mv(&trace.samples_mv);
    let seen = trace.slice(span).iter().filter(|value| value.is_finite());
    let (low, high) =
        seen.fold((0.0_f32, 0.0_f32), |(low, high), mv| (low.min(mv - centre_mv), high.max(mv - centre_mv)));
    let (up_mm, down_mm) = (high * layout.gain_mm_per_mv + 1.5, 1.5 - low * layout.gain_mm_per_mv);
    // whole boxes, so that the grid ends with the paper
    let height_mm = (5.0 * ((up_mm + down_mm) / 5.0).ceil()).clamp(STRIP_MM.0, STRIP_MM.1);
    let free_mm = (height_mm - up_mm - down_mm).max(0.0);
    ((up_mm + 0.6 * free_mm).clamp(13.0, height_mm - 4.0).round(), height_mm)
}

/// The segment in the middle, the strip inside the recording; a segment longer than the strip shows its start.
fn start_s(study: &Study, segment: &Segment, width_mm: f32) -> f64 {
    let shown_s = f64::from(width_mm) / 25.0;
    let last_s = (study.recording.duration_s() - shown_s).max(0.0);
    let centred_s = segment.span.centre_s() - shown_s / 2.0;
    let start_s = if segment.span.duration_s() > shown_s { segment.span.start_s } else { centred_s };
    start_s.clamp(0.0, last_s)
}
