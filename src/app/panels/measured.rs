//! What is measured over the record.

use egui::{RichText, Ui};

use super::part::{heading, weak};
use super::prediction::analysis;
use crate::analysis::Measured;
use crate::app::state::{Command, State};
use crate::app::theme::SMALL;

/// Shows the measurements.
pub fn show(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    heading(ui, "Measured so far");
    let values = &analysis.measurements;
    egui::Grid::new("measured").num_columns(2).spacing([16.0, 3.0]).show(ui, |ui| {
        for (name, measured, unit) in [
            ("Heart rate", &values.heart_rate_bpm, "/min"),
            ("RR mean", &values.rr_ms, "ms"),
            ("RR shortest", &values.rr_min_ms, "ms"),
            ("RR longest", &values.rr_max_ms, "ms"),
            ("RR deviation", &values.rr_sd_ms, "ms"),
        ] {
            ui.label(RichText::new(name).size(SMALL));
            value(ui, measured, unit);
            ui.end_row();
        }
    });
}

fn value(ui: &mut Ui, measured: &Measured, unit: &str) {
    match measured {
        Measured::Value { value, beats } => {
            ui.label(format!("{value:.0} {unit}")).on_hover_text(format!("from {beats} beats or intervals"));
        }
        Measured::NoResult { reason } => drop(weak(ui, format!("no result: {reason}"))),
    }
}
