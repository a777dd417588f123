//! What is measured over the record, against the usual limits of adults, and lead by lead.

use egui::{Align, Layout, Rect, RichText, Sense, Ui, pos2, vec2};

use super::part::{button, heading, weak};
use super::prediction::analysis;
use crate::analysis::Measurements;
use crate::app::state::{Command, State};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::page::Ink;
use crate::report::{LEAD_COLUMNS, Limit, Place, ValueRow, lead_row, limits_note, value_rows};

/// Width of the columns: name, value; the rest is the limits'.
const NAME: f32 = 146.0;
const VALUE: f32 = 72.0;
/// Size of the bar.
const BAR: egui::Vec2 = egui::Vec2::new(28.0, 8.0);

/// Shows the tables.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    let Some(recording) = state.document().and_then(|document| document.recording()) else { return };
    ui.horizontal(|ui| {
        heading(ui, "Over the record");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| button(ui, state, "wave-marks", "Wave marks", out));
    });
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.spacing_mut().interact_size.y = 20.0;
        let rows = value_rows(&analysis.measurements, &recording.patient);
        for (number, row) in rows.iter().enumerate() {
            let before = number.checked_sub(1).and_then(|before| rows[before].words.as_ref().err());
            value(ui, row, before);
        }
    });
    if let Some(note) = limits_note(&recording.patient) {
        weak(ui, note);
    }
    leads(ui, &analysis.measurements);
}

/// A row; a reason that stands in the row before is not said again in full.
fn value(ui: &mut Ui, row: &ValueRow, before: Option<&String>) {
    let show = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let outside = row.place().filter(|place| *place != Place::Inside);
        let weight = |words: &str| {
            let words = RichText::new(words).size(SMALL);
            if outside.is_some() { words.family(semi_bold()) } else { words }
        };
        cell(ui, NAME, Align::Min, weight(row.name));
        match &row.words {
            Err(reason) if before == Some(reason) => drop(weak(ui, "no result, as before").on_hover_text(reason)),
            Err(reason) => drop(weak(ui, format!("no result: {reason}"))),
            Ok(words) => {
                cell(ui, VALUE, Align::Max, weight(words))
                    .on_hover_text(format!("from {} beats or intervals", row.beats));
                if let (Some(limit), Some(value)) = (&row.limit, row.value) {
                    against(ui, row, limit, value);
                }
            }
        }
    };
    // A reason may need several lines beside its name.
    if row.words.is_ok() {
        ui.horizontal(show)
    } else {
        ui.horizontal_top(show)
    };
}

/// Words in a column of this width.
fn cell(ui: &mut Ui, width: f32, align: Align, words: RichText) -> egui::Response {
    let layout = Layout::left_to_right(Align::Center).with_main_align(align).with_main_justify(true);
    ui.allocate_ui_with_layout(vec2(width, 20.0), layout, |ui| {
        ui.set_width(width);
        ui.add(egui::Label::new(words).truncate())
    })
    .inner
}

/// The limits, a bar with the value's place, and the place in a word where it is outside.
fn against(ui: &mut Ui, row: &ValueRow, limit: &Limit, value: f64) {
    let place = limit.place(value);
    let widened = if limit.widened { "\nSex unknown: the wider limits" } else { "" };
    let hover = format!("{}: {} {}\n{}{widened}", row.name, limit.words(row.digits), place.words(), limit.source);
    let (rect, response) = ui.allocate_exact_size(vec2(BAR.x, 20.0), Sense::hover());
    bar(ui, Rect::from_center_size(rect.center(), BAR), limit, value);
    let spoken = format!(
        "{}: {}, usual {}",
        row.name,
        place.words().trim_start_matches(['▲', '▼', ' ']),
        limit.words(row.digits)
    );
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &spoken));
    response.on_hover_text(&hover);
    let words = match place {
        Place::Inside => limit.words(row.digits),
        outside => outside.words().to_owned(),
    };
    let colour = ink(ui, if place == Place::Inside { Ink::TextWeak } else { Ink::Text });
    let words = RichText::new(words).size(SMALL).color(colour);
    ui.add(egui::Label::new(words).truncate()).on_hover_text(hover);
}

/// The range shaded in the middle of the bar, the value as a line, held at the ends.
fn bar(ui: &Ui, rect: Rect, limit: &Limit, value: f64) {
    let (low, high) = match (limit.low.map(|edge| edge.value), limit.high.map(|edge| edge.value)) {
        (Some(low), Some(high)) => (low, high),
        (None, Some(high)) => (0.0, high),
        (Some(low), None) => (low, 2.0 * low),
        (None, None) => return,
    };
    let margin = 0.5 * (high - low);
    let share = |value: f64| (((value - low + margin) / (high - low + 2.0 * margin)) as f32).clamp(0.03, 0.97);
    let x = |value: f64| rect.left() + rect.width() * share(value);
    let painter = ui.painter();
    painter.rect_filled(rect, 2, ink(ui, Ink::Rule).gamma_multiply(0.45));
    painter.rect_filled(
        Rect::from_x_y_ranges(x(low)..=x(high), rect.y_range()),
        0,
        ink(ui, Ink::Accent).gamma_multiply(0.35),
    );
    let at = x(value);
    painter.line_segment(
        [pos2(at, rect.top() - 3.0), pos2(at, rect.bottom() + 3.0)],
        egui::Stroke::new(2.0, ink(ui, Ink::Text)),
    );
}

fn leads(ui: &mut Ui, measurements: &Measurements) {
    if measurements.leads.is_empty() {
        return;
    }
    ui.add_space(6.0);
    heading(ui, "Lead by lead, mV");
    let column = (ui.available_width() - 42.0) / 7.0;
    let line = |ui: &mut Ui, cells: &[String; 8], strong: bool| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (number, words) in cells.iter().enumerate() {
                let (width, align) = if number == 0 { (42.0, Align::Min) } else { (column, Align::Max) };
                let words = RichText::new(words).size(SMALL);
                let words = if strong || number == 0 { words.family(semi_bold()) } else { words };
                cell(ui, width, align, words);
            }
        });
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    line(ui, &LEAD_COLUMNS.map(str::to_owned), true);
    for lead in &measurements.leads {
        let (name, cells) = lead_row(lead);
        match cells {
            Ok(cells) => {
                let mut all: [String; 8] = Default::default();
                all[0] = name;
                all[1..].clone_from_slice(&cells);
                line(ui, &all, false);
            }
            Err(reason) => drop(weak(ui, format!("{name}: no result: {reason}"))),
        }
    }
    weak(ui, "Median beat, against the level of the QRS onset; – = no such wave");
}
