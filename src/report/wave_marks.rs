//! Onsets and offsets of P, QRS and T on the lanes, and the lines that show how a finding was measured.
//!
//! A mark is a bracket under the wave, from onset to offset; its name stands at the top of the first lane of each column and of a rhythm strip.

use super::arrange::{Block, Lane, NAME_MM};
use super::centre::{centre_mv, marked_trace};
use super::layout::Layout;
use super::write::{Style, line, text};
use crate::analysis::{Analysis, BeatWaves, Finding, Wave};
use crate::ecg::{Span, Trace};
use crate::page::{Anchor, Ink, Page, Weight, font};
use crate::review::Study;

/// On slower paper waves lie too close to be marked, mm/s.
const SLOWEST_MM_S: f32 = 12.0;
/// Size of a wave's name, mm.
const LABEL_MM: f32 = 2.3;

/// Draws the marks of a block.
pub(super) fn draw(page: &mut Page, analysis: &Analysis, block: &Block) {
    for lane in block.lanes.iter().filter(|lane| lane.mm_per_s >= SLOWEST_MM_S && lane.trace.is_some()) {
        let Some(waves) = analysis.waves.leads.iter().find(|waves| waves.lead.name() == &*lane.name) else { continue };
        let (view, named) = (lane.span(), named(block, lane));
        let (name_mm, mut free_mm) = name_room_mm(block, lane);
        for wave in waves.waves.iter().filter(|wave| Span::new(wave.onset_s, wave.offset_s).overlaps(&view)) {
            bracket(page, lane, wave);
            let width_mm = font::width_mm(wave.kind.name(), LABEL_MM, Weight::Regular);
            let x_mm = lane.x_mm(0.5 * (wave.onset_s + wave.offset_s));
            if named && x_mm - width_mm / 2.0 >= free_mm && x_mm + width_mm / 2.0 <= lane.cell.right_mm() {
                let style = Style { ink: Ink::Wave, ..Style::text(LABEL_MM) }.anchor(Anchor::Centre);
                text(page, x_mm, name_mm, wave.kind.name(), style);
                free_mm = x_mm + width_mm / 2.0 + 0.4;
            }
        }
    }
}

/// Is it the first lane of its column, or a strip over the whole width?
fn named(block: &Block, lane: &Lane) -> bool {
    let columns = block.lanes.iter().filter(|other| other.first_in_row && other.cell.y_mm == lane.cell.y_mm);
    let top = block.lanes.iter().map(|other| other.cell.y_mm).fold(f32::INFINITY, f32::min);
    let several = block.lanes.iter().any(|other| !other.first_in_row);
    let alone =
        columns.count() == 1 && block.lanes.iter().filter(|other| other.cell.y_mm == lane.cell.y_mm).count() == 1;
    lane.cell.y_mm == top || (several && alone)
}

/// Baseline of the names, mm from the top, and from where on there is room for them: the title of the block stands beside those of its first
/// row, the name of the lead beside those of a strip.
fn name_room_mm(block: &Block, lane: &Lane) -> (f32, f32) {
    let top = block.lanes.iter().map(|other| other.cell.y_mm).fold(f32::INFINITY, f32::min);
    if lane.cell.y_mm == top {
        let title_mm = font::width_mm(block.signals.title(), 3.2, Weight::SemiBold);
        return (block.paper.y_mm - 0.8, lane.cell.x_mm.max(block.paper.x_mm + title_mm + 3.0));
    }
    let lead_mm = font::width_mm(&lane.name, NAME_MM, Weight::SemiBold);
    (lane.cell.y_mm + font::ASCENT_EM * LABEL_MM + 0.2, lane.cell.x_mm + lead_mm + 3.0)
}

/// `⎣⎦` under the baseline from onset to offset, as far as the lane shows it.
fn bracket(page: &mut Page, lane: &Lane, wave: &Wave) {
    let (view, y_mm) = (lane.span(), lane.zero_y_mm + 3.4);
    let (from, to) = (lane.x_mm(wave.onset_s.max(view.start_s)), lane.x_mm(wave.offset_s.min(view.end_s)));
    line(page, (from, y_mm), (to, y_mm), Ink::Wave, 0.2);
    for edge_s in [wave.onset_s, wave.offset_s].into_iter().filter(|edge_s| view.contains(*edge_s)) {
        let x_mm = lane.x_mm(edge_s);
        line(page, (x_mm, y_mm - 1.8), (x_mm, y_mm), Ink::Wave, 0.2);
    }
}

/// How a finding was measured, in each beat in view: for ST the level of the QRS onset and that at J, for QT from QRS onset to T end.
pub(super) fn evidence(page: &mut Page, study: &Study, layout: &Layout, block: &Block, lane: &Lane, finding: &Finding) {
    let Some(analysis) = study.analysis.as_deref() else { return };
    let view = finding.span.map_or(Some(lane.span()), |span| span.intersection(&lane.span()));
    let Some(view) = view.filter(|_| lane.mm_per_s >= SLOWEST_MM_S) else { return };
    let beats = analysis.waves.beats.iter().filter(|beat| beat.qrs.is_some_and(|qrs| view.contains(qrs.peak_s)));
    if finding.code.starts_with("qt.") {
        if !finding.leads.is_empty() || named(block, lane) {
            beats.for_each(|beat| qt(page, lane, beat));
        }
    } else if ST.iter().any(|code| finding.code.starts_with(code))
        && let Some(trace) = marked_trace(study, lane)
    {
        beats.for_each(|beat| st(page, trace, layout, lane, beat));
    }
}

/// Findings that rest on ST.
const ST: [&str; 5] =
    ["ischaemia.st_", "ischaemia.sgarbossa", "ischaemia.posterior", "ischaemia.avr", "ischaemia.de_winter"];

fn qt(page: &mut Page, lane: &Lane, beat: &BeatWaves) {
    let (Some(qrs), Some(t), Some(qt_ms)) = (beat.qrs, beat.t, beat.qt_ms()) else { return };
    if !(lane.span().contains(qrs.onset_s) && lane.span().contains(t.offset_s)) {
        return;
    }
    let (from, to, y_mm) = (lane.x_mm(qrs.onset_s), lane.x_mm(t.offset_s), lane.zero_y_mm + 4.6);
    line(page, (from, y_mm), (to, y_mm), Ink::Accent, 0.25);
    for x_mm in [from, to] {
        line(page, (x_mm, y_mm - 4.6), (x_mm, y_mm + 0.8), Ink::Accent, 0.25);
    }
    let style = Style { ink: Ink::Accent, ..Style::text(LABEL_MM) }.anchor(Anchor::Centre);
    text(page, 0.5 * (from + to), y_mm + 2.7, &format!("QT {qt_ms:.0} ms"), style);
}

/// The level just before the QRS onset drawn on to the ST segment, and the level at J.
fn st(page: &mut Page, trace: &Trace, layout: &Layout, lane: &Lane, beat: &BeatWaves) {
    let Some(qrs) = beat.qrs else { return };
    let before = trace.slice(Span::new(qrs.onset_s - 0.016, qrs.onset_s - 0.004));
    let present: Vec<f32> = before.iter().copied().filter(|value| value.is_finite()).collect();
    let Some(at_j_mv) = trace.value_at_mv(qrs.offset_s).filter(|_| !present.is_empty()) else { return };
    let base_mv = present.iter().sum::<f32>() / present.len() as f32;
    let (_, gain) = layout.scale();
    let centre_mv = centre_mv(&trace.samples_mv);
    let view = lane.span();
    for (level_mv, from_s, to_s) in
        [(base_mv, qrs.onset_s - 0.04, qrs.offset_s + 0.12), (at_j_mv, qrs.offset_s, qrs.offset_s + 0.08)]
    {
        let y_mm = lane.zero_y_mm + (centre_mv - level_mv) * gain;
        if let Some(shown) = Span::new(from_s, to_s).intersection(&view) {
            line(page, (lane.x_mm(shown.start_s), y_mm), (lane.x_mm(shown.end_s), y_mm), Ink::Accent, 0.3);
        }
    }
}
