//! Measurements on paper: the ten that are asked for first on the first page, all of them and the leads on a page of their own.

use super::limits::{Place, note};
use super::paper::{BODY_MM, Flow, MARGIN_MM};
use super::values::{LEAD_COLUMNS, ValueRow, lead_row, value_rows};
use super::write::{Style, fill, line, text};
use crate::analysis::Analysis;
use crate::ecg::Patient;
use crate::page::{Anchor, Ink, Rect, Weight, font};
use crate::review::Study;

/// Height of a row, mm.
const ROW_MM: f32 = 4.8;
/// What the first page shows, in two columns read downwards.
const FIRST: [&str; 10] = [
    "heart_rate_bpm",
    "pr_ms",
    "qrs_ms",
    "qt_ms",
    "rr_ms",
    "qtc_fridericia_ms",
    "qtc_bazett_ms",
    "axis_p_deg",
    "axis_qrs_deg",
    "axis_t_deg",
];

pub(super) fn first(flow: &mut Flow, study: &Study, analysis: &Analysis) {
    let patient = &study.recording.patient;
    flow.heading("Measurements");
    let all = value_rows(&analysis.measurements, patient);
    let rows: Vec<&ValueRow> = FIRST.iter().filter_map(|key| all.iter().find(|row| row.key == *key)).collect();
    let (there, absent): (Vec<&ValueRow>, Vec<&ValueRow>) = rows.into_iter().partition(|row| row.words.is_ok());
    let half = there.len().div_ceil(2);
    let column_mm = flow.width_mm() / 2.0;
    for number in 0..half {
        flow.need(ROW_MM);
        for (column, row) in [there.get(number), there.get(half + number)].into_iter().enumerate() {
            if let Some(row) = row {
                value(flow, MARGIN_MM + column as f32 * column_mm, column_mm - 4.0, row);
            }
        }
        flow.space(ROW_MM);
    }
    reasons(flow, &absent);
    remark(flow, patient);
}

/// Name, value, limits and where the value lies, in a column.
fn value(flow: &mut Flow, x_mm: f32, width_mm: f32, row: &ValueRow) {
    let (y_mm, outside) = (flow.y_mm + 3.1, row.place().is_some_and(|place| place != Place::Inside));
    let style = if outside { Style::bold(BODY_MM) } else { Style::text(BODY_MM) };
    text(&mut flow.page, x_mm, y_mm, row.name, style);
    let words = row.words.as_deref().unwrap_or_default();
    text(&mut flow.page, x_mm + 48.0, y_mm, words, style.anchor(Anchor::Right));
    let Some(limit) = row.limit else { return };
    let mut words = limit.words(row.digits);
    if let Some(place) = row.place().filter(|place| *place != Place::Inside) {
        words = format!("{words}  {}", place.words());
    }
    let words = font::elide(&words, 2.6, Weight::Regular, width_mm - 50.5);
    text(&mut flow.page, x_mm + 50.5, y_mm, &words, Style::weak(2.6));
}

/// What was not measured, those with one reason together.
fn reasons(flow: &mut Flow, absent: &[&ValueRow]) {
    let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in absent {
        let Err(reason) = &row.words else { continue };
        match told.iter_mut().find(|(other, _)| other == reason) {
            Some((_, names)) => names.push(row.name),
            None => told.push((reason, vec![row.name])),
        }
    }
    for (reason, names) in told {
        flow.paragraph(0.0, &format!("{}: no result: {reason}", names.join(", ")), Style::weak(2.8));
    }
}

fn remark(flow: &mut Flow, patient: &Patient) {
    if let Some(note) = note(patient) {
        flow.paragraph(0.0, &format!("{note}."), Style::weak(2.6));
    }
}

/// Is there more than the first page shows?
pub(super) fn worth_a_page(analysis: &Analysis) -> bool {
    analysis.measurements.named().iter().any(|named| named.value.value().is_some())
}

/// Every value with its limits and their sources, and the table of leads.
pub(super) fn page(flow: &mut Flow, study: &Study, analysis: &Analysis) {
    flow.heading("Measurements over the record");
    let rows = value_rows(&analysis.measurements, &study.recording.patient);
    let (there, absent): (Vec<&ValueRow>, Vec<&ValueRow>) = rows.iter().partition(|row| row.words.is_ok());
    for row in there {
        flow.need(ROW_MM);
        value(flow, MARGIN_MM, 92.0, row);
        if let Some(limit) = row.limit {
            let x_mm = MARGIN_MM + 92.0;
            let words = font::elide(limit.source, 2.4, Weight::Regular, flow.right_mm() - x_mm);
            text(&mut flow.page, x_mm, flow.y_mm + 3.1, &words, Style::weak(2.4));
        }
        flow.space(ROW_MM);
    }
    reasons(flow, &absent);
    remark(flow, &study.recording.patient);
    leads(flow, analysis);
}

fn leads(flow: &mut Flow, analysis: &Analysis) {
    if analysis.measurements.leads.is_empty() {
        return;
    }
    flow.heading("Median beat of each lead, mV against the level of the QRS onset");
    let step_mm = (flow.width_mm() - 14.0) / 7.0;
    let right_mm = |column: usize| MARGIN_MM + 14.0 + column as f32 * step_mm - 4.0;
    let head = |flow: &mut Flow| {
        text(&mut flow.page, MARGIN_MM, flow.y_mm + 3.1, LEAD_COLUMNS[0], Style::weak(2.8));
        for (column, name) in LEAD_COLUMNS.iter().enumerate().skip(1) {
            text(&mut flow.page, right_mm(column), flow.y_mm + 3.1, name, Style::weak(2.8).anchor(Anchor::Right));
        }
        let (left, right, y_mm) = (flow.left_mm(), flow.right_mm(), flow.y_mm + 4.4);
        line(&mut flow.page, (left, y_mm), (right, y_mm), Ink::Rule, 0.12);
        flow.space(ROW_MM + 0.2);
    };
    head(flow);
    for (number, lead) in analysis.measurements.leads.iter().enumerate() {
        if flow.need(ROW_MM) {
            head(flow);
        }
        if number % 2 == 1 {
            let stripe = Rect::new(MARGIN_MM, flow.y_mm, flow.width_mm(), ROW_MM);
            fill(&mut flow.page, stripe, Ink::Panel);
        }
        let (name, cells) = lead_row(lead);
        let name = font::elide(&name, BODY_MM, Weight::SemiBold, 17.0);
        text(&mut flow.page, MARGIN_MM + 0.8, flow.y_mm + 3.5, &name, Style::bold(BODY_MM));
        match cells {
            Ok(cells) => {
                for (column, cell) in cells.iter().enumerate() {
                    let style = Style::text(BODY_MM).anchor(Anchor::Right);
                    text(&mut flow.page, right_mm(column + 1), flow.y_mm + 3.5, cell, style);
                }
            }
            Err(reason) => {
                let words = format!("no result: {reason}");
                let words = font::elide(&words, 2.8, Weight::Regular, flow.width_mm() - 22.0);
                text(&mut flow.page, MARGIN_MM + 20.0, flow.y_mm + 3.5, &words, Style::weak(2.8));
            }
        }
        flow.space(ROW_MM);
    }
}
