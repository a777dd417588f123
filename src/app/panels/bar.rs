//! The toolbar: what a reader changes while reading.

use egui::{ComboBox, Ui};

use super::part::button;
use crate::app::state::{Command, GAINS_MM_MV, SIGNALS, SPEEDS_MM_S, State};
use crate::report::{Sheet, Signals};

/// Shows the toolbar.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        button(ui, state, "open", "Open…", out);
        ui.separator();
        for (id, words) in [
            ("layout-compare", "Raw | denoised"),
            ("layout-12x1", "12×1"),
            ("layout-3x4", "3×4+1R"),
            ("layout-6x2", "6×2"),
        ] {
            button(ui, state, id, words, out);
        }
        ui.separator();
        signals(ui, state, out);
        ladder(ui, "Speed", "mm/s", &SPEEDS_MM_S, state.settings.speed_mm_s, Command::Speed, out);
        ladder(ui, "Gain", "mm/mV", &GAINS_MM_MV, state.settings.gain_mm_mv, Command::Gain, out);
        ui.separator();
        button(ui, state, "heat", "Heat map", out);
    });
}

/// What the lanes show; in a comparison, what its right half shows.
fn signals(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let compare = state.settings.sheet == Sheet::Compare;
    let shown = match state.settings.signals {
        Signals::Raw if compare => Signals::Denoised,
        signals => signals,
    };
    let combo = ComboBox::from_id_salt("signals").width(136.0).selected_text(shown.title()).show_ui(ui, |ui| {
        for (_, signals) in SIGNALS.into_iter().filter(|(_, signals)| !compare || *signals != Signals::Raw) {
            if ui.selectable_label(signals == shown, signals.title()).clicked() {
                out.push(Command::Signals(signals));
            }
        }
    });
    name(&combo.response, "Signals");
}

/// A choice among named steps.
fn ladder(
    ui: &mut Ui,
    label: &'static str,
    unit: &str,
    steps: &[f32],
    value: f32,
    command: fn(f32) -> Command,
    out: &mut Vec<Command>,
) {
    let combo = ComboBox::from_id_salt(label).width(92.0).selected_text(format!("{value} {unit}")).show_ui(ui, |ui| {
        for step in steps {
            if ui.selectable_label(*step == value, format!("{step} {unit}")).clicked() {
                out.push(command(*step));
            }
        }
    });
    name(&combo.response, label);
}

/// Gives a choice its name for screen readers.
fn name(response: &egui::Response, words: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, words));
}
