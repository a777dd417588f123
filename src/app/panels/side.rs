//! The side panel: the risk level pinned on top, four tabs below it, and the sections of the tab shown, which scroll by themselves.

use egui::{Frame, Margin, ScrollArea, Ui, style::ScrollStyle};

use super::part::{Panel, Place, button, set_fold};
use super::{PANELS, part};
use crate::app::state::{Command, State, Tab};

/// Width of the side panel, points.
pub const WIDTH: f32 = 356.0;
/// Room for the scroll bar, whether it is there or not: what stands beside it does not move.
const BAR: f32 = 10.0;

/// Shows the side panel.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let frame =
        Frame::new().inner_margin(Margin { left: 10, right: 6, top: 8, bottom: 0 }).fill(ui.visuals().panel_fill);
    let at = |place: Place| PANELS.iter().filter(move |panel| panel.place == place && (panel.shown)(state));
    egui::Panel::right("side").resizable(false).exact_size(WIDTH).frame(frame).show(ui, |ui| {
        for panel in at(Place::Pinned) {
            ui.set_max_width(WIDTH - 20.0);
            ui.push_id(panel.name, |ui| (panel.show)(ui, state, out));
        }
        ui.add_space(4.0);
        tabs(ui, state, out);
        ui.add_space(2.0);
        let sections: Vec<&Panel> = at(Place::Tab(state.tab)).collect();
        let height = ui.available_height();
        ui.spacing_mut().scroll = ScrollStyle::thin();
        ScrollArea::vertical().id_salt(state.tab).auto_shrink([false, false]).show(ui, |ui| {
            set_fold(ui, ui.cursor().top() + height);
            ui.set_width(WIDTH - 16.0 - BAR);
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
        });
    });
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
