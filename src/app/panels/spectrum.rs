//! The power spectrum of the seconds in view: raw and denoised of the lead under the pointer, else of the selected segment or finding, else lead II.
//!
//! It is computed when lead, seconds or reading change and is else the same. Method and source: `analysis::spectrum`.

use std::sync::Arc;

use egui::{Id, RichText, Ui};
use egui_plot::{Line, Plot, PlotPoints};

use super::part::{heading, weak};
use super::prediction::analysis;
use crate::analysis::spectrum;
use crate::app::state::{Command, Document, DocumentId, State};
use crate::app::theme::{SMALL, ink};
use crate::ecg::{Lead, Span};
use crate::page::Ink;

/// Highest frequency drawn, Hz: the upper edge of a diagnostic recording.
const HIGHEST_HZ: f64 = 150.0;
/// What is drawn below the highest value, dB.
const DEPTH_DB: f64 = 80.0;

/// All that the curves depend on.
#[derive(Clone, PartialEq)]
struct Key {
    document: DocumentId,
    changes: u64,
    trace: usize,
    span: Span,
}

/// The curves as drawn now: frequency in Hz against dB of 1 mV²/Hz.
struct Curves {
    key: Key,
    raw: Vec<[f64; 2]>,
    denoised: Vec<[f64; 2]>,
    top_db: f64,
}

/// Shows the section.
pub fn show(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    heading(ui, "Spectrum");
    let Some((document, trace)) = state.document().and_then(|document| Some((document, lead(state, document)?))) else {
        weak(ui, "No result: no ECG lead");
        return;
    };
    let Some(curves) = curves(ui, state, document, trace) else { return };
    let name = document.recording().and_then(|recording| recording.traces.get(trace)).map(|trace| trace.lead.name());
    let (name, span) = (name.unwrap_or_default().to_owned(), curves.key.span);
    if curves.raw.is_empty() {
        weak(ui, format!("No result: lead {name} holds no two seconds without a gap here"));
        return;
    }
    plot(ui, &curves, &name);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Raw").size(SMALL).color(ink(ui, Ink::Trace)));
        if !curves.denoised.is_empty() {
            ui.label(RichText::new("Denoised").size(SMALL).color(ink(ui, Ink::TraceDenoised)));
        }
        weak(ui, format!("lead {name}, {:.1}–{:.1} s; 0 dB = 1 mV²/Hz", span.start_s, span.end_s));
    });
}

/// Number of the trace to show.
fn lead(state: &State, document: &Document) -> Option<usize> {
    let traces = &document.recording()?.traces;
    let number = |lead: &Lead| traces.iter().position(|trace| trace.lead == *lead);
    let under = state.cursor.and_then(|cursor| cursor.trace).filter(|trace| *trace < traces.len());
    let selected = || document.selected().and_then(|segment| segment.leads.iter().find_map(number));
    let found = || document.findings().get(document.view.finding?)?.leads.iter().find_map(number);
    under.or_else(selected).or_else(found).or_else(|| number(&Lead::II)).or((!traces.is_empty()).then_some(0))
}

/// The curves, from before where nothing changed.
fn curves(ui: &Ui, state: &State, document: &Document, trace: usize) -> Option<Arc<Curves>> {
    let start_s = document.view.start_s;
    let end_s = (start_s + document.view.visible_s).min(document.duration_s());
    let key = Key { document: document.id, changes: document.changes, trace, span: Span::new(start_s, end_s) };
    let id = Id::unique("the spectrum shown");
    if let Some(curves) = ui.data(|data| data.get_temp::<Arc<Curves>>(id)).filter(|curves| curves.key == key) {
        return Some(curves);
    }
    let raw = spectrum(document.recording()?.traces.get(trace)?, key.span);
    let denoised = analysis(state).and_then(|analysis| analysis.denoised.traces.get(trace));
    let denoised = denoised.map(|trace| spectrum(trace, key.span)).unwrap_or_default();
    let highest = raw.iter().chain(&denoised).filter(|(hz, _)| f64::from(*hz) <= HIGHEST_HZ);
    let top_db = 10.0 * (decibel(highest.map(|(_, power)| *power).fold(0.0, f32::max)) / 10.0).ceil();
    let drawn = |pairs: &[(f32, f32)]| -> Vec<[f64; 2]> {
        let inside = pairs.iter().filter(|(hz, _)| f64::from(*hz) <= HIGHEST_HZ);
        inside.map(|(hz, power)| [f64::from(*hz), decibel(*power).max(top_db - DEPTH_DB)]).collect()
    };
    let curves = Arc::new(Curves { raw: drawn(&raw), denoised: drawn(&denoised), top_db, key });
    ui.data_mut(|data| data.insert_temp(id, Arc::clone(&curves)));
    Some(curves)
}

/// Power in dB of 1 mV²/Hz; a flat line is put at the floor of what 32 bits resolve.
fn decibel(power: f32) -> f64 {
    10.0 * f64::from(power).max(1e-20).log10()
}

fn plot(ui: &mut Ui, curves: &Curves, name: &str) {
    let (raw, denoised) = (ink(ui, Ink::Trace), ink(ui, Ink::TraceDenoised));
    let top_db = curves.top_db;
    let plot = Plot::new("spectrum")
        .height(120.0)
        .show_background(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::vec2(0.02, 0.04))
        .include_x(0.0)
        .include_x(HIGHEST_HZ * 1.08) // room for the last label
        .include_y(curves.top_db)
        .include_y(curves.top_db - DEPTH_DB)
        .y_axis_min_width(56.0)
        .x_grid_spacer(|_| {
            let step = |number| egui_plot::GridMark { value: f64::from(number) * 50.0, step_size: 50.0 };
            (0..=3).map(step).collect()
        })
        .y_grid_spacer(move |_| {
            let mark = |number| egui_plot::GridMark { value: top_db - 20.0 * f64::from(number), step_size: 20.0 };
            (0..=4).map(mark).collect()
        })
        .y_axis_formatter(|mark, _| format!("{:.0} dB", mark.value))
        .x_axis_formatter(|mark, _| format!("{} Hz", mark.value))
        .label_formatter(|_| None);
    let response = plot.show(ui, |plot| {
        for (words, points, colour) in [("Raw", &curves.raw, raw), ("Denoised", &curves.denoised, denoised)] {
            let points = PlotPoints::from(points.clone());
            plot.line(Line::new(words, points).color(colour).width(1.2).allow_hover(false));
        }
    });
    let spoken = format!("Spectrum of lead {name}, raw and denoised, 0 to 150 Hz");
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &spoken));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::{Cursor, sample_state};

    #[test]
    fn the_lead_under_the_pointer_goes_before_the_selected_one() {
        let mut state = sample_state();
        let of = |state: &State| state.document().and_then(|document| lead(state, document));
        assert_eq!(of(&state), Some(1), "the selected segment stands in II and V5");
        state.apply(Command::SelectSegment(2));
        assert_eq!(of(&state), Some(6), "the selected segment stands in V1");
        state.apply(Command::Cursor(Some(Cursor { time_s: 1.0, trace: Some(4) })));
        assert_eq!(of(&state), Some(4));
        assert_eq!(decibel(0.01).round(), -20.0);
        assert!(decibel(0.0).is_finite());
    }
}
