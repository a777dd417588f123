//! What is selected, on the lanes: the edges of a segment, the leads, the place and the measuring lines of a finding.

use super::arrange::{Block, Lane};
use super::layout::Layout;
use super::wave_marks;
use super::write::{fill, line};
use crate::analysis::{Analysis, Finding};
use crate::ecg::Span;
use crate::page::{Ink, Page, Rect};
use crate::review::Study;

/// Width of the bar beside a lead that a finding rests on, mm.
const BAR_MM: f32 = 0.9;

/// What lies behind the trace of a lane: the place of the selected finding.
pub(super) fn behind(page: &mut Page, analysis: &Analysis, layout: &Layout, lane: &Lane) {
    let Some(finding) = finding(analysis, layout).filter(|finding| concerns(finding, lane)) else { return };
    if let Some(shown) = finding.span.and_then(|span| span.intersection(&lane.span())) {
        let (left, right) = (lane.x_mm(shown.start_s), lane.x_mm(shown.end_s));
        fill(page, Rect::new(left, lane.cell.y_mm, right - left, lane.cell.height_mm), Ink::Segment);
    }
}

/// What lies over the traces of a block.
pub(super) fn over(page: &mut Page, study: &Study, layout: &Layout, block: &Block) {
    let Some(analysis) = study.analysis.as_deref() else { return };
    if let Some(segment) = layout.selected.and_then(|number| analysis.segments.get(number)) {
        block.lanes.iter().for_each(|lane| edges(page, lane, segment.span));
    }
    let Some(finding) = finding(analysis, layout) else { return };
    for lane in block.lanes.iter().filter(|lane| concerns(finding, lane)) {
        if !finding.leads.is_empty() {
            fill(page, Rect { width_mm: BAR_MM, x_mm: lane.cell.x_mm - BAR_MM, ..lane.cell }, Ink::Accent);
        }
        if let Some(span) = finding.span {
            edges(page, lane, span);
        }
        wave_marks::evidence(page, study, layout, block, lane, finding);
    }
}

fn finding<'a>(analysis: &'a Analysis, layout: &Layout) -> Option<&'a Finding> {
    layout.finding.and_then(|number| analysis.findings.get(number))
}

/// Does the finding rest on the lead of this lane? Without leads it rests on all.
fn concerns(finding: &Finding, lane: &Lane) -> bool {
    finding.leads.is_empty() || finding.leads.iter().any(|lead| lead.name() == &*lane.name)
}

fn edges(page: &mut Page, lane: &Lane, span: Span) {
    let (top, bottom) = (lane.cell.y_mm, lane.cell.bottom_mm());
    for edge_s in [span.start_s, span.end_s].into_iter().filter(|edge_s| lane.span().contains(*edge_s)) {
        let x_mm = lane.x_mm(edge_s);
        line(page, (x_mm, top), (x_mm, bottom), Ink::Accent, 0.35);
    }
}
