//! The status line: what is open, where the pointer is, how far the reading is.

use egui::{Align, Label, Layout, ProgressBar, RichText, Ui};

use super::part::button;
use crate::app::state::{Command, Document, Picking, Reading, State};
use crate::app::theme::{SMALL, ink};
use crate::page::Ink;

/// Shows the line.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let Some(document) = state.document() else {
            small(ui, "No recording is open");
            waiting(ui, state, out);
            return;
        };
        small(ui, &facts(document));
        if let Some(words) = cursor(state, document) {
            ui.separator();
            small(ui, &words);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            match &document.reading {
                Reading::Running { share, step } => {
                    button(ui, state, "cancel", "Stop", out);
                    let bar = ui.add(ProgressBar::new(*share).desired_width(120.0).desired_height(10.0));
                    bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Reading"));
                    small(ui, &format!("Reading: {step}"));
                }
                Reading::Cancelled => drop(small(ui, "Reading stopped; F5 reads again")),
                Reading::Failed(_) => drop(small(ui, "Reading failed; see the message")),
                Reading::Idle | Reading::Done => drop(small(ui, &reviewed(document))),
            }
            waiting(ui, state, out);
            uncalibrated(ui, state);
        });
    });
}

fn uncalibrated(ui: &mut Ui, state: &State) {
    if !state.calibrated() {
        ui.separator();
        small(ui, "screen not calibrated").on_hover_text(
            "A millimetre on this screen may not be a millimetre: calibrate it with a bank card (View menu). The paper's squares stay true.",
        );
    }
}

fn small(ui: &mut Ui, words: &str) -> egui::Response {
    let colour = ink(ui, Ink::TextWeak);
    ui.add(Label::new(RichText::new(words).size(SMALL).color(colour)).truncate())
}

/// The system's dialog may hang where its portal is broken: it can be forgotten.
fn waiting(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some((_, picking)) = &state.picking else { return };
    if ui.small_button("Stop waiting").clicked() {
        out.push(Command::ForgetPicking);
    }
    small(
        ui,
        match picking {
            Picking::Open => "Waiting for the system's file dialog",
            Picking::Save { .. } => "Waiting for the system's save dialog",
        },
    );
}

fn facts(document: &Document) -> String {
    let name = document.name();
    let Some(recording) = document.recording() else { return format!("Opening {name}") };
    let leads = match recording.traces.len() {
        1 => "1 lead".to_owned(),
        leads => format!("{leads} leads"),
    };
    let rate = recording.common_rate_hz().map_or_else(|| "several rates".to_owned(), |rate| format!("{rate} Hz"));
    let rate = if recording.traces.is_empty() { "no ECG".to_owned() } else { rate };
    format!("{name} · {} · {leads} · {rate} · {}", recording.format, length(recording.duration_s()))
}

/// `10.0 s`, `30 min 6 s`, `24 h 0 min`.
pub fn length(duration_s: f64) -> String {
    let whole = duration_s.round() as u64;
    match whole {
        0..120 => format!("{duration_s:.1} s"),
        120..7200 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole / 60 % 60),
    }
}

fn cursor(state: &State, document: &Document) -> Option<String> {
    let cursor = state.cursor?;
    let study = document.study.as_ref()?;
    let mut words = format!("{:.3} s", cursor.time_s);
    let value = |value: Option<f32>| value.map_or_else(|| "no sample".to_owned(), |mv| format!("{mv:+.3} mV"));
    if let Some(index) = cursor.trace
        && let Some(raw) = study.recording.traces.get(index)
    {
        words += &format!("  {}  raw {}", raw.lead, value(raw.value_at_mv(cursor.time_s)));
        let denoised = study.analysis.as_ref().and_then(|analysis| analysis.denoised.traces.get(index));
        if let Some(denoised) = denoised {
            words += &format!("  denoised {}", value(denoised.value_at_mv(cursor.time_s)));
        }
    }
    Some(words)
}

fn reviewed(document: &Document) -> String {
    let review = document.study.as_ref().map(|study| &study.review);
    match review.and_then(|review| review.reviewer()) {
        Some(name) => format!("Confirmed by {name}"),
        None => "Unconfirmed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_at_a_glance() {
        assert_eq!(length(10.0), "10.0 s");
        assert_eq!(length(1806.0), "30 min 6 s");
        assert_eq!(length(86_400.0), "24 h 0 min");
    }
}
