//! What the file says of itself, and every doubt about it.

use egui::{RichText, Ui};

use super::part::heading;
use super::status::length;
use crate::app::state::{Command, State};
use crate::app::theme::SMALL;
use crate::ecg::{Recording, Sex};

/// Shows the section.
pub fn show(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    let Some(recording) = state.document().and_then(|document| document.recording()) else { return };
    heading(ui, "Recording");
    egui::Grid::new("recording").num_columns(2).spacing([16.0, 3.0]).show(ui, |ui| {
        for (name, value) in facts(recording) {
            ui.label(RichText::new(name).size(SMALL));
            ui.add(egui::Label::new(value).wrap());
            ui.end_row();
        }
    });
    if !recording.notes.is_empty() {
        heading(ui, "Doubts about the file");
        for note in &recording.notes {
            ui.horizontal_top(|ui| {
                ui.label("•");
                ui.add(egui::Label::new(RichText::new(&note.text).size(SMALL)).wrap());
            });
        }
    }
}

/// What the file says; what it does not say is called unknown.
fn facts(recording: &Recording) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let patient = &recording.patient;
    let sex = patient.sex.map_or_else(unknown, |sex| match sex {
        Sex::Female => "female".into(),
        Sex::Male => "male".into(),
    });
    let age = patient.age_years.map_or_else(unknown, |age| format!("{age} years"));
    let mut facts = vec![
        ("Patient", patient.name.clone().or_else(|| patient.id.clone()).unwrap_or_else(unknown)),
        ("Age, sex", format!("{age}, {sex}")),
        ("Recorded", recording.started_at.map_or_else(unknown, |at| at.to_string().replace('T', " "))),
        ("Length", length(recording.duration_s())),
        ("Filters", recording.filters.clone().unwrap_or_else(unknown)),
    ];
    facts.extend(recording.device.clone().map(|device| ("Device", device)));
    if !recording.channels.is_empty() {
        let names: Vec<&str> = recording.channels.iter().map(|channel| &*channel.label).collect();
        facts.push(("Not ECG", names.join(", ")));
    }
    if !recording.annotations.is_empty() {
        facts.push(("Marks in file", recording.annotations.len().to_string()));
    }
    facts
}
