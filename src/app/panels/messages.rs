//! The list of messages: it takes its own rows, so it never covers a trace.

use egui::{RichText, Ui};

use crate::app::state::{Command, Level, State};
use crate::app::theme::{ink, semi_bold};
use crate::page::Ink;

/// Shows the newest messages; older ones scroll.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    egui::ScrollArea::vertical().id_salt("messages").max_height(84.0).auto_shrink([false, true]).show(ui, |ui| {
        for message in state.messages.iter().rev() {
            ui.horizontal_wrapped(|ui| {
                let colour = match message.level {
                    Level::Error => ink(ui, Ink::RiskCritical),
                    Level::Warning => ink(ui, Ink::RiskModerate),
                    Level::Done => ink(ui, Ink::TextWeak),
                };
                let dismiss = ui.small_button("×").on_hover_text("Dismiss this message");
                dismiss.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Dismiss this message"));
                if dismiss.clicked() {
                    out.push(Command::DismissMessage(message.id));
                }
                ui.label(RichText::new(message.level.word()).family(semi_bold()).color(colour));
                ui.label(&message.words);
            });
        }
    });
    if state.messages.len() > 2 && ui.small_button("Dismiss all").clicked() {
        out.push(Command::DismissMessages);
    }
}
