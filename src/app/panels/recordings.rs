//! The open recordings, and the button that shows or folds the side panel.

use egui::{Align, Layout, ScrollArea, Ui};

use super::part::button;
use crate::app::state::{Command, Reading, State};

/// Shows a tab for each open recording.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        button(ui, state, "side", "Side panel", out);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ScrollArea::horizontal().id_salt("recordings").show(ui, |ui| tabs(ui, state, out));
        });
    });
}

fn tabs(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        for document in &state.documents {
            let active = state.active == Some(document.id);
            let name = document.name();
            let words = match &document.reading {
                _ if document.study.is_none() => format!("{name} (opening)"),
                Reading::Running { share, .. } => format!("{name} ({:.0} %)", share * 100.0),
                _ => name.clone(),
            };
            let tab = ui.selectable_label(active, words);
            let tab = match &document.path {
                Some(path) => tab.on_hover_text(path.display().to_string()),
                None => tab,
            };
            if tab.clicked() && !active {
                out.push(Command::Activate(document.id));
            }
            let close = ui.small_button("×").on_hover_text(format!("Close {name}"));
            close.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Close {name}")));
            if close.clicked() {
                out.push(Command::Close(Some(document.id)));
            }
            ui.add_space(6.0);
        }
    });
}
