//! The side panel: the risk level pinned on top, four tabs below it, and the sections of the tab shown, which scroll by themselves.

use egui::{Frame, Margin, ScrollArea, Ui, style::ScrollStyle};

use super::part::{Panel, Place, button, set_fold};
use super::{PANELS, part};
use crate::app::state::{Command, State, Tab};

/// Width of the side panel, points.
pub const WIDTH: f32 = 356.0;
/// Width of what stands in it, points: room for the scroll bar is left, whether it is there or not, so that nothing moves.
const CONTENT: f32 = WIDTH - 26.0;
/// With less height than this for the tabs, points, the pinned part scrolls with them.
const LOW: f32 = 240.0;

/// Shows the side panel.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let frame =
        Frame::new().inner_margin(Margin { left: 10, right: 6, top: 8, bottom: 0 }).fill(ui.visuals().panel_fill);
    egui::Panel::right("side").resizable(false).exact_size(WIDTH).frame(frame).show(ui, |ui| {
        ui.spacing_mut().scroll = ScrollStyle::thin();
        let scroll = |salt: &'static str| ScrollArea::vertical().id_salt((salt, state.tab)).auto_shrink([false, false]);
        // What the pinned part takes is known only when it is laid; as a rule it is this much.
        if ui.available_height() < LOW + 210.0 {
            scroll("all").show(ui, |ui| {
                pinned(ui, state, out);
                sections(ui, f32::INFINITY, state, out);
            });
        } else {
            pinned(ui, state, out);
            let height = ui.available_height();
            scroll("tab").show(ui, |ui| sections(ui, height, state, out));
        }
    });
}

fn at(place: Place, state: &State) -> impl Iterator<Item = &'static Panel> {
    PANELS.iter().filter(move |panel| panel.place == place && (panel.shown)(state))
}

fn pinned(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.vertical(|ui| {
        ui.set_width(CONTENT);
        for panel in at(Place::Pinned, state) {
            ui.push_id(panel.name, |ui| (panel.show)(ui, state, out));
        }
    });
    ui.add_space(4.0);
    tabs(ui, state, out);
    ui.add_space(4.0);
}

/// The sections of the tab shown; `height` is what is seen of them without scrolling.
fn sections(ui: &mut Ui, height: f32, state: &State, out: &mut Vec<Command>) {
    set_fold(ui, ui.cursor().top() + height);
    ui.set_width(CONTENT);
    let sections: Vec<&Panel> = at(Place::Tab(state.tab), state).collect();
    for (number, panel) in sections.iter().enumerate() {
        if number > 0 {
            ui.add_space(3.0);
            ui.separator();
        }
        ui.push_id(panel.name, |ui| (panel.show)(ui, state, out));
    }
    if sections.is_empty() {
        part::weak(ui, "Nothing to show before the recording has been read");
    }
    ui.add_space(8.0);
}

/// The row of tabs, each a command of the table.
fn tabs(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0;
        ui.spacing_mut().button_padding.x = 6.0;
        for (tab, id) in Tab::ALL {
            button(ui, state, id, tab.words(), out);
        }
    });
}
