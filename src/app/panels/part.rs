//! What a panel is, and the few pieces that panels share.

use egui::{Response, RichText, Ui};

use crate::app::commands::{self, Entry};
use crate::app::state::{Command, State};
use crate::app::theme::{ink, semi_bold};
use crate::page::Ink;

/// Where a panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A row above the lanes.
    Top,
    /// A row below the lanes.
    Bottom,
    /// A section of the side panel.
    Side,
    /// What is left.
    Centre,
}

/// One part of the window.
pub struct Panel {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Is there anything to show?
    pub shown: fn(&State) -> bool,
    /// Shows it and pushes what was asked.
    pub show: fn(&mut Ui, &State, &mut Vec<Command>),
}

/// A section's heading.
pub fn heading(ui: &mut Ui, words: &str) -> Response {
    ui.label(RichText::new(words).family(semi_bold()).size(15.0).color(ink(ui, Ink::Text)))
}

/// Secondary words.
pub fn weak(ui: &mut Ui, words: impl Into<String>) -> Response {
    let colour = ink(ui, Ink::TextWeak);
    ui.add(egui::Label::new(RichText::new(words).size(crate::app::theme::SMALL).color(colour)).wrap())
}

/// A button of a command: greyed with its reason, key in the hover.
pub fn button(ui: &mut Ui, state: &State, id: &'static str, words: &str, out: &mut Vec<Command>) -> Option<Response> {
    let entry = commands::entry(id)?;
    let needs = (entry.needs)(state);
    let on = entry.on.is_some_and(|on| on(state));
    let response = ui.add_enabled(needs.is_ok(), egui::Button::selectable(on, words).frame_when_inactive(true));
    let response = response.on_hover_text(hover(entry));
    let response = match needs {
        Err(reason) => response.on_disabled_hover_text(format!("{}: {}", entry.words, reason.0)),
        Ok(()) => response,
    };
    if response.clicked() {
        out.extend((entry.command)(state));
    }
    Some(response)
}

/// What a command does, with its keys.
pub fn hover(entry: &Entry) -> String {
    if entry.keys.is_empty() { entry.help.to_owned() } else { format!("{} ({})", entry.help, entry.keys.join(", ")) }
}

fn fold_id() -> egui::Id {
    egui::Id::unique("the fold of the side panel")
}

/// Says where the side panel would end if it were scrolled to its top.
pub fn set_fold(ui: &Ui, y: f32) {
    ui.data_mut(|data| data.insert_temp(fold_id(), y));
}

/// Where the side panel would end if it were scrolled to its top, so that a section may end whole there; `None` outside of it.
pub fn fold(ui: &Ui) -> Option<f32> {
    ui.data(|data| data.get_temp(fold_id()))
}
