//! The sheet of lanes: grid paper at true scale, traces, heat map, segments, calibration, footer made from what ran.
//!
//! Every lane is drawn around the median of its own trace, so that an offset of the amplifier does not push it off the paper;
//! nothing else is done to a trace. What runs out of its lane is drawn on, as on paper.

use std::ops::Range;
use std::sync::Arc;

use super::arrange::{Arrangement, Block, Lane, NAME_MM, TITLE_MM, arrange_in};
use super::centre::centre_mv;
use super::layout::{Layout, Signals};
use super::write::{Style, fill, line, text};
use super::{focus, footer, wave_marks};
use crate::analysis::Analysis;
use crate::ecg::{Span, Trace};
use crate::page::{Anchor, Heat, Id, Ink, Mark, Page, Point, Rect, TraceMark, Weight, font};
use crate::review::Study;

/// Width of a trace, mm.
const TRACE_MM: f32 = 0.28;

/// The sheet that a layout asks for: what the window shows.
pub fn lanes(study: &Study, layout: &Layout) -> Page {
    let mut page = Page::new(layout.width_mm, layout.height_mm);
    let area = page.rect();
    fill(&mut page, area, Ink::Paper);
    draw(&mut page, study, layout, area);
    page
}

/// Draws the lanes into an area of a page.
pub(super) fn draw(page: &mut Page, study: &Study, layout: &Layout, area: Rect) {
    let arrangement = arrange_in(&study.recording, layout, area);
    if arrangement.lanes().next().is_none() {
        let words = "No ECG lead in this recording";
        let style = Style::weak(4.0).anchor(Anchor::Centre);
        text(page, area.x_mm + area.width_mm / 2.0, area.y_mm + area.height_mm / 2.0, words, style);
        return;
    }
    for block in &arrangement.blocks {
        title(page, study.analysis.as_deref(), block);
        block_of(page, study, layout, block);
    }
    let shifted = arrangement.lanes().any(|lane| is_shifted(study, lane));
    footer::draw(page, study, layout, &arrangement, shifted);
    cursor(page, layout, &arrangement);
}

pub(super) fn block_of(page: &mut Page, study: &Study, layout: &Layout, block: &Block) {
    let analysis = study.analysis.as_deref();
    for lane in &block.lanes {
        let id = Id::Lead { lead: lane.name.clone(), denoised: lane.denoised };
        page.group(id, Some(lane.cell), |page| behind(page, analysis, layout, lane));
    }
    page.push(Mark::Grid { rect: block.paper });
    let mut pulse_above_mm = f32::MIN;
    for lane in &block.lanes {
        let (_, gain) = layout.scale();
        if lane.first_in_row && lane.zero_y_mm - gain > pulse_above_mm {
            calibration(page, layout, lane);
            pulse_above_mm = lane.zero_y_mm;
        }
        if !lane.first_in_row {
            let (x_mm, y_mm) = (lane.cell.x_mm, lane.zero_y_mm);
            line(page, (x_mm, y_mm - 3.0), (x_mm, y_mm + 3.0), Ink::Calibration, 0.18);
        }
        // A tall wave of the first row runs on into the title's room.
        let (top_mm, height_mm) = (block.paper.y_mm - TITLE_MM, block.paper.height_mm + TITLE_MM);
        let view = Rect::new(lane.cell.x_mm, top_mm, lane.cell.width_mm, height_mm);
        name(page, study, layout, block, lane);
        page.group(Id::None, Some(view), |page| traces(page, study, layout, lane));
    }
    if let Some(analysis) = analysis.filter(|_| layout.waves) {
        wave_marks::draw(page, analysis, block);
    }
    focus::over(page, study, layout, block);
}

fn title(page: &mut Page, analysis: Option<&Analysis>, block: &Block) {
    let mut words = block.signals.title().to_owned();
    if block.signals != Signals::Raw {
        words.push_str(match analysis {
            None => ": not computed yet",
            Some(analysis) if analysis.denoised.method.is_empty() => ": nothing ran, as raw",
            Some(_) => "",
        });
    }
    text(page, block.paper.x_mm + 1.5, block.paper.y_mm - 1.6, &words, Style::bold(3.2));
}

/// What lies behind the traces of a lane: heat and segments.
fn behind(page: &mut Page, analysis: Option<&Analysis>, layout: &Layout, lane: &Lane) {
    let Some(analysis) = analysis else { return };
    let map = layout.heat.and_then(|heat| analysis.map(heat.head).map(|map| (map, heat.opacity)));
    if let Some((map, opacity)) = map
        && let Some((_, values)) = map.lanes.iter().find(|(lead, _)| lead.name() == &*lane.name)
        && map.span.overlaps(&lane.span())
    {
        let (left, right) = (lane.x_mm(map.span.start_s), lane.x_mm(map.span.end_s));
        let rect = Rect::new(left, lane.cell.y_mm, right - left, lane.cell.height_mm);
        page.push(Mark::Heat(Heat { rect, values: values.clone(), opacity }));
    }
    let concerned =
        analysis.segments.iter().enumerate().filter(|(_, segment)| {
            segment.leads.is_empty() || segment.leads.iter().any(|lead| lead.name() == &*lane.name)
        });
    let shown: Vec<(usize, Span)> =
        concerned.filter_map(|(number, segment)| Some((number, segment.span.intersection(&lane.span())?))).collect();
    let place = |span: Span| {
        let (left, right) = (lane.x_mm(span.start_s), lane.x_mm(span.end_s));
        Rect::new(left, lane.cell.y_mm, right - left, lane.cell.height_mm)
    };
    for span in united(shown.iter().map(|(_, span)| *span).collect()) {
        fill(page, place(span), Ink::Segment);
    }
    focus::behind(page, analysis, layout, lane);
    for (number, span) in shown {
        page.group(Id::Segment(number), Some(place(span)), |_| {});
    }
}

/// The spans without their overlaps, so that what several segments share is tinted once.
fn united(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let mut united: Vec<Span> = Vec::new();
    for span in spans {
        match united.last_mut() {
            Some(last) if span.start_s <= last.end_s => last.end_s = last.end_s.max(span.end_s),
            _ => united.push(span),
        }
    }
    united
}

/// 1 mV for 200 ms, in the gutter of a row.
fn calibration(page: &mut Page, layout: &Layout, lane: &Lane) {
    let (speed, gain) = layout.scale();
    let (right, low) = (lane.cell.x_mm - 0.6, lane.zero_y_mm);
    let (foot, pulse, high) = (0.9, 0.2 * speed, low - gain);
    let corners = [
        (right - pulse - 2.0 * foot, low),
        (right - pulse - foot, low),
        (right - pulse - foot, high),
        (right - foot, high),
        (right - foot, low),
        (right, low),
    ];
    page.group(Id::Part("calibration"), None, |page| {
        for pair in corners.windows(2) {
            line(page, pair[0], pair[1], Ink::Calibration, 0.25);
        }
    });
}

fn name(page: &mut Page, study: &Study, layout: &Layout, block: &Block, lane: &Lane) {
    let style = Style::bold(NAME_MM);
    let paper_behind = |page: &mut Page, x_mm: f32, y_mm: f32, words: &str, style: Style| {
        let width_mm = font::width_mm(words, style.size_mm, style.weight);
        let (up, height_mm) = (font::ASCENT_EM * style.size_mm + 0.3, style.size_mm + 0.4);
        fill(page, Rect::new(x_mm - 0.4, y_mm - up, width_mm + 0.8, height_mm), Ink::Paper);
        text(page, x_mm, y_mm, words, style);
    };
    let absent = match lane.trace {
        None => Some(format!("{} not recorded", lane.name)),
        Some(index) => nothing_here(study, index, lane).map(str::to_owned),
    };
    if block.names_in_gutter {
        let (speed, _) = layout.scale();
        let room_mm = (block.gutter_mm - 0.2 * speed - 2.5).max(4.0);
        let words = font::elide(&lane.name, NAME_MM, Weight::SemiBold, room_mm);
        paper_behind(page, block.paper.x_mm + 0.8, lane.zero_y_mm + 1.1, &words, style);
    } else if lane.trace.is_some() {
        let y_mm = name_baseline_mm(study, layout, lane);
        paper_behind(page, lane.cell.x_mm + 1.0, y_mm, &lane.name, style);
    }
    if let Some(words) = absent {
        let x_mm = lane.cell.x_mm + if lane.trace.is_some() && !block.names_in_gutter { 10.0 } else { 1.6 };
        let words = font::elide(&words, 2.8, Weight::Regular, (lane.cell.right_mm() - x_mm - 1.0).max(0.0));
        paper_behind(page, x_mm, lane.zero_y_mm + 1.0, &words, Style::weak(2.8));
    }
}

/// Why a recorded lane is empty although the recording runs here.
fn nothing_here(study: &Study, index: usize, lane: &Lane) -> Option<&'static str> {
    let trace = &study.recording.traces[index];
    let slice = trace.slice(lane.span());
    (!slice.is_empty() && slice.iter().all(|value| !value.is_finite())).then_some("no samples here")
}

/// The lead name stands at the top left of its cell, or beside the trace where that runs through it.
fn name_baseline_mm(study: &Study, layout: &Layout, lane: &Lane) -> f32 {
    let (up, down) = (font::ASCENT_EM * NAME_MM + 0.6, font::DESCENT_EM * NAME_MM + 0.6);
    let usual = lane.cell.y_mm + up + 0.6;
    let end_mm = lane.cell.x_mm + 2.0 + font::width_mm(&lane.name, NAME_MM, Weight::SemiBold);
    let mut reach: Option<(f32, f32)> = None;
    for mark in marks_of(study, layout, lane) {
        let last = mark.first + ((end_mm - mark.origin.x_mm) / mark.mm_per_sample).max(0.0) as usize;
        for value in mark.samples_mv[mark.first..mark.end.min(last)].iter().filter(|value| value.is_finite()) {
            let y_mm = mark.origin.y_mm - value * mark.mm_per_mv;
            let (top, bottom) = reach.unwrap_or((y_mm, y_mm));
            reach = Some((top.min(y_mm), bottom.max(y_mm)));
        }
    }
    let Some((top, bottom)) = reach else { return usual };
    if usual + down < top || usual - up > bottom {
        return usual;
    }
    let (above, below) = (top - down, bottom + up);
    if above - up >= lane.cell.y_mm - 2.0 {
        above
    } else if below + down <= lane.cell.bottom_mm() + 2.0 {
        below
    } else {
        usual
    }
}

fn traces(page: &mut Page, study: &Study, layout: &Layout, lane: &Lane) {
    for mark in marks_of(study, layout, lane) {
        page.push(Mark::Trace(mark));
    }
}

/// The traces of a lane, the lowest first.
fn marks_of(study: &Study, layout: &Layout, lane: &Lane) -> Vec<TraceMark> {
    let Some(index) = lane.trace else { return Vec::new() };
    let raw = &study.recording.traces[index];
    let denoised = study.analysis.as_ref().and_then(|analysis| analysis.denoised.traces.get(index));
    let mark = |trace: &Trace, ink, width_mm| {
        let range = visible(trace, lane);
        let centre_mv = centre_mv(&trace.samples_mv);
        mark_of(trace, trace.samples_mv.clone(), range, centre_mv, lane, layout, (ink, width_mm))
    };
    match (lane.signals, denoised) {
        (Signals::Raw, _) => vec![mark(raw, Ink::Trace, TRACE_MM)],
        (_, None) => Vec::new(),
        (Signals::Denoised, Some(denoised)) => vec![mark(denoised, Ink::TraceDenoised, TRACE_MM)],
        (Signals::Overlay, Some(denoised)) => {
            vec![mark(raw, Ink::TextWeak, 0.2), mark(denoised, Ink::TraceDenoised, TRACE_MM)]
        }
        (Signals::Difference, Some(denoised)) => {
            let Range { start, end } = visible(raw, lane);
            let pairs = raw.samples_mv[start..end].iter().zip(denoised.samples_mv.iter().skip(start));
            let samples: Arc<[f32]> = pairs.map(|(raw, denoised)| raw - denoised).collect();
            let centre_mv = centre_mv(&raw.samples_mv) - centre_mv(&denoised.samples_mv);
            let mut part = raw.clone();
            part.start_s = raw.time_s(start);
            let range = 0..samples.len();
            vec![mark_of(&part, samples, range, centre_mv, lane, layout, (Ink::TraceDifference, TRACE_MM))]
        }
    }
}

/// Samples of a trace inside a lane, one more at each side so that the line reaches the edge.
fn visible(trace: &Trace, lane: &Lane) -> Range<usize> {
    let span = lane.span();
    let place = |time_s: f64| (time_s - trace.start_s) * trace.rate_hz;
    let start = place(span.start_s).floor().max(0.0) as usize;
    let end = (place(span.end_s).ceil().max(-1.0) + 1.0) as usize;
    let end = end.min(trace.samples_mv.len());
    start.min(end)..end
}

fn mark_of(
    trace: &Trace,
    samples_mv: Arc<[f32]>,
    range: Range<usize>,
    centre_mv: f32,
    lane: &Lane,
    layout: &Layout,
    (ink, width_mm): (Ink, f32),
) -> TraceMark {
    let (_, gain) = layout.scale();
    TraceMark {
        samples_mv,
        first: range.start,
        end: range.end,
        origin: Point::new(lane.x_mm(trace.time_s(range.start)), lane.zero_y_mm + centre_mv * gain),
        mm_per_sample: (f64::from(lane.mm_per_s) / trace.rate_hz) as f32,
        mm_per_mv: gain,
        ink,
        width_mm,
    }
}

fn is_shifted(study: &Study, lane: &Lane) -> bool {
    let trace = lane.trace.map(|index| &study.recording.traces[index]);
    trace.is_some_and(|trace| centre_mv(&trace.samples_mv).abs() > 0.2)
}

fn cursor(page: &mut Page, layout: &Layout, arrangement: &Arrangement) {
    let Some(cursor_s) = layout.cursor_s else { return };
    for lane in arrangement.lanes().filter(|lane| lane.span().contains(cursor_s)) {
        let x_mm = lane.x_mm(cursor_s);
        line(page, (x_mm, lane.cell.y_mm), (x_mm, lane.cell.bottom_mm()), Ink::Accent, 0.2);
    }
}
