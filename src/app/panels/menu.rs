//! The menu bar, walked from the table of commands, and the sentence that stands on every window.

use egui::{Button, RichText, Ui};

use super::part::hover;
use crate::app::commands::{COMMANDS, Entry, Menu};
use crate::app::state::{Command, State};
use crate::app::theme::{SMALL, ink};
use crate::page::Ink;
use crate::report::DISCLAIMER;

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let narrow = ui.available_width() < 960.0;
    egui::MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.words(), |ui| {
                ui.set_min_width(270.0);
                entries(ui, state, menu, out);
                if menu == Menu::File {
                    recent(ui, state, out);
                }
            });
        }
        if !narrow {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.add_space(10.0);
                disclaimer(ui);
            });
        }
    });
    if narrow {
        disclaimer(ui);
    }
}

fn disclaimer(ui: &mut Ui) {
    let colour = ink(ui, Ink::TextWeak);
    ui.add(egui::Label::new(RichText::new(DISCLAIMER).size(SMALL).color(colour)));
}

fn entries(ui: &mut Ui, state: &State, menu: Menu, out: &mut Vec<Command>) {
    let mut group = None;
    for entry in COMMANDS.iter().filter(|entry| entry.menu == menu) {
        if group.is_some_and(|group| group != entry.group) {
            ui.separator();
        }
        group = Some(entry.group);
        if item(ui, state, entry) {
            out.extend((entry.command)(state));
            ui.close();
        }
    }
}

/// One entry of a menu; was it chosen?
fn item(ui: &mut Ui, state: &State, entry: &Entry) -> bool {
    let needs = (entry.needs)(state);
    let on = entry.on.is_some_and(|on| on(state));
    let keys = entry.keys.first().copied().unwrap_or_default();
    let button = Button::selectable(on, entry.words).shortcut_text(keys);
    let response = ui.add_enabled(needs.is_ok(), button);
    match needs {
        Ok(()) => response.on_hover_text(hover(entry)).clicked(),
        Err(reason) => {
            response.on_disabled_hover_text(reason.0);
            false
        }
    }
}

fn recent(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    if state.settings.recent.is_empty() {
        return;
    }
    ui.separator();
    ui.menu_button("Recent files", |ui| {
        for path in &state.settings.recent {
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
            if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                out.push(Command::Open(path.clone()));
                ui.close();
            }
        }
    });
}
