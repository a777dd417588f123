//! The reader's own impression, in the reader's words. It is kept when the field is left or with Enter: one edit, not one a letter.

use egui::{Key, TextEdit, Ui};

use super::part::heading;
use crate::app::state::{Command, State};

/// Shows the field.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(document) = state.document() else { return };
    let Some(study) = document.study.as_ref() else { return };
    let label = heading(ui, "Impression of the reader");
    let mut words = document.view.impression.clone().unwrap_or_else(|| study.review.impression().to_owned());
    let field = ui.add(TextEdit::singleline(&mut words).hint_text("In your words").desired_width(f32::INFINITY));
    let field = field.labelled_by(label.id);
    let (typed, enter) = (field.changed(), field.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)));
    if typed {
        out.push(Command::DraftImpression(words));
    }
    if field.lost_focus() || enter {
        out.push(Command::KeepImpression);
    }
}
