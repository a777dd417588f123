//! What a panel is, and the few pieces that panels share.

use egui::{Response, RichText, Ui};

use crate::app::commands::{self, Entry};
use crate::app::state::{Command, DocumentId, State, Tab};
use crate::app::theme::{ink, semi_bold};
use crate::page::Ink;

/// Where a panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A row above the lanes.
    Top,
    /// A row below the lanes.
    Bottom,
    /// On top of the side panel, whatever tab is shown.
    Pinned,
    /// A section of this tab of the side panel.
    Tab(Tab),
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

/// Scrolls to what was selected, once; a list that was scrolled away by hand stays there.
pub fn reveal(ui: &Ui, response: &Response, selected: (&'static str, DocumentId, usize)) {
    let id = egui::Id::unique("what was scrolled to");
    if ui.data(|data| data.get_temp(id)) != Some(selected) {
        response.scroll_to_me(None);
        ui.data_mut(|data| data.insert_temp(id, selected));
    }
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
