//! The one dialog in front of the window, and the help and palette that walk the table of commands.

use egui::{Color32, Id, Key, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::part::{heading, weak};
use crate::app::commands::{self, COMMANDS, Entry, Menu};
use crate::app::state::{Command, Dialog, State};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::page::Ink;
use crate::report::DISCLAIMER;

/// Shows the open dialog, if one is.
pub fn show(ctx: &egui::Context, state: &State, out: &mut Vec<Command>) {
    let Some(dialog) = &state.dialog else { return };
    let modal = Modal::new(Id::unique("dialog")).backdrop_color(Color32::from_black_alpha(90));
    let shown = modal.show(ctx, |ui| {
        ui.set_width(520.0_f32.min(ui.ctx().content_rect().width() - 60.0));
        match dialog {
            Dialog::Path { typed } => path(ui, "Open a recording", "Path", typed, "Open", out),
            Dialog::SavePath { kind, typed } => {
                path(ui, &format!("Write the {}", kind.words()), "Path", typed, "Write", out);
            }
            Dialog::Facts { path, why, rate, unit } => {
                heading(ui, "The file does not say everything");
                ui.add(egui::Label::new(path.display().to_string()).wrap());
                weak(ui, why);
                field(ui, "Samples per second", rate, "e.g. 500", true, Command::Draft, out);
                field(
                    ui,
                    "Millivolts for each stored unit",
                    unit,
                    "1 = mV, 0.001 = µV",
                    false,
                    Command::DraftSecond,
                    out,
                );
                weak(ui, "Nothing is guessed: leave empty what the file says itself.");
                buttons(ui, "Open", true, out);
            }
            Dialog::Time { typed } => {
                heading(ui, "Go to a time");
                field(ui, "Time", typed, "seconds, m:ss or h:mm:ss", true, Command::Draft, out);
                buttons(ui, "Go", !typed.trim().is_empty(), out);
            }
            Dialog::Reviewer { name, asked } => reviewer(ui, name, *asked, out),
            Dialog::Calibration { points_per_mm } => calibration(ui, state, *points_per_mm, out),
            Dialog::Help => help(ui, state, out),
            Dialog::Palette { typed } => palette(ui, state, typed, out),
            Dialog::About => about(ui, out),
        }
    });
    if shown.should_close() {
        out.push(Command::Dismiss);
    }
}

/// A named text field; Enter confirms.
fn field(
    ui: &mut Ui,
    label: &str,
    typed: &str,
    hint: &str,
    first: bool,
    command: fn(String) -> Command,
    out: &mut Vec<Command>,
) -> egui::Response {
    let label = ui.label(RichText::new(label).size(SMALL));
    let mut words = typed.to_owned();
    let field = TextEdit::singleline(&mut words).hint_text(hint).desired_width(f32::INFINITY);
    let field = ui.add(field).labelled_by(label.id);
    if first && ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
    if field.changed() {
        out.push(command(words));
    }
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        out.push(Command::Confirm);
    }
    field
}

fn buttons(ui: &mut Ui, main: &str, ready: bool, out: &mut Vec<Command>) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        if ui.add_enabled(ready, egui::Button::new(main)).clicked() {
            out.push(Command::Confirm);
        }
        if ui.button("Cancel").clicked() {
            out.push(Command::Dismiss);
        }
    });
}

fn path(ui: &mut Ui, title: &str, label: &str, typed: &str, main: &str, out: &mut Vec<Command>) {
    heading(ui, title);
    field(ui, label, typed, "/folder/file", true, Command::Draft, out);
    buttons(ui, main, !typed.trim().is_empty(), out);
}

fn reviewer(ui: &mut Ui, name: &str, asked: bool, out: &mut Vec<Command>) {
    heading(ui, "Confirm the reading");
    field(ui, "Reviewer", name, "Name as it stands on the report", true, Command::Draft, out);
    if asked {
        ui.add(egui::Label::new(format!("The report will say: confirmed by {}.", name.trim())).wrap());
        buttons(ui, "Confirm with this name", true, out);
    } else {
        weak(ui, "A second step follows; nothing is confirmed by a single key.");
        buttons(ui, "Continue", !name.trim().is_empty(), out);
    }
}

/// Width of a bank card (ISO/IEC 7810 ID-1), mm.
const CARD_MM: f32 = 85.60;

fn calibration(ui: &mut Ui, state: &State, points_per_mm: f32, out: &mut Vec<Command>) {
    heading(ui, "Calibrate this screen");
    weak(ui, "Hold a bank card (85.6 mm wide) to the screen and make the bar exactly as long.");
    let scale = state.settings.text_scale;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), egui::Sense::hover());
    let bar = egui::Rect::from_min_size(rect.min, vec2(CARD_MM * points_per_mm / scale, 34.0));
    ui.painter().rect_filled(bar, 3, ink(ui, Ink::Accent));
    let mut value = points_per_mm;
    let slider = egui::Slider::new(&mut value, 2.0..=8.0).step_by(0.005).text("points to the mm").fixed_decimals(3);
    if ui.add(slider).changed() {
        out.push(Command::Draft(value.to_string()));
    }
    ui.horizontal(|ui| {
        if ui.button("Keep").clicked() {
            out.push(Command::Confirm);
        }
        if ui.add_enabled(state.calibrated(), egui::Button::new("Forget")).clicked() {
            out.extend([Command::Calibrate(None), Command::Dismiss]);
        }
        if ui.button("Cancel").clicked() {
            out.push(Command::Dismiss);
        }
    });
    weak(ui, "Kept for this monitor. The size of text does not change it.");
}

fn help(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    heading(ui, "Keys and commands");
    let height = ui.ctx().content_rect().height() - 200.0;
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for menu in Menu::ALL {
            ui.add_space(6.0);
            ui.label(RichText::new(menu.words()).family(semi_bold()));
            egui::Grid::new(menu.words()).num_columns(3).spacing([14.0, 3.0]).show(ui, |ui| {
                for entry in COMMANDS.iter().filter(|entry| entry.menu == menu) {
                    ui.label(RichText::new(entry.keys.join("  ")).size(SMALL).family(semi_bold()));
                    ui.label(RichText::new(entry.words).size(SMALL));
                    let reason = (entry.needs)(state).err().map(|reason| format!(" ({})", reason.0));
                    weak(ui, format!("{}{}", entry.help, reason.unwrap_or_default()));
                    ui.end_row();
                }
            });
        }
        ui.add_space(6.0);
        weak(ui, "Wheel: scroll time. Ctrl and wheel: paper speed. Drag: pan. Click on a flagged stretch: select it.");
    });
    if ui.button("Close").clicked() {
        out.push(Command::Dismiss);
    }
}

fn palette(ui: &mut Ui, state: &State, typed: &str, out: &mut Vec<Command>) {
    heading(ui, "Find a command");
    let found = commands::search(typed);
    let usable = |entry: &&&'static Entry| (entry.needs)(state).is_ok();
    let before = out.len();
    field(ui, "Command", typed, "a few letters", true, Command::Draft, out);
    if out[before..].contains(&Command::Confirm) {
        out.truncate(before);
        out.push(Command::Dismiss);
        out.extend(found.iter().find(usable).and_then(|entry| (entry.command)(state)));
        return;
    }
    ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
        for entry in &found {
            let needs = (entry.needs)(state);
            let words = match needs {
                Ok(()) => entry.words.to_owned(),
                Err(reason) => format!("{} ({})", entry.words, reason.0),
            };
            let keys = entry.keys.first().copied().unwrap_or_default();
            let button =
                egui::Button::new(words).shortcut_text(keys).min_size(vec2(ui.available_width(), 0.0)).frame(false);
            if ui.add_enabled(needs.is_ok(), button).clicked() {
                out.push(Command::Dismiss);
                out.extend((entry.command)(state));
            }
        }
        if found.is_empty() {
            weak(ui, "No command is called so");
        }
    });
}

fn about(ui: &mut Ui, out: &mut Vec<Command>) {
    heading(ui, &format!("Einthoven {}", env!("CARGO_PKG_VERSION")));
    ui.label("Reads electrocardiograms on this computer. Nothing leaves it.");
    ui.add(egui::Label::new(RichText::new(DISCLAIMER).family(semi_bold())).wrap());
    weak(ui, "MIT OR Apache-2.0. Data sets and fonts: see NOTICE. Type: Inter (SIL Open Font License).");
    if ui.button("Close").clicked() {
        out.push(Command::Dismiss);
    }
}
