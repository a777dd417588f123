//! From pressed keys to commands, through the table. A letter acts only while no text field has the focus.

use egui::{Context, Event};

use super::commands::{COMMANDS, Chord};
use super::state::{Command, Dialog, State};

/// The commands of the keys pressed in this frame.
pub fn pressed(ctx: &Context, state: &State) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let chords: Vec<Chord> = ctx.input(|input| {
        let chord = |event: &Event| match event {
            Event::Key { key, pressed: true, modifiers, .. } => {
                Some(Chord::pressed(modifiers.command || modifiers.ctrl, modifiers.shift, modifiers.alt, key.name()))
            }
            _ => None,
        };
        input.events.iter().filter_map(chord).collect()
    });
    // Behind a dialog nothing acts; the help and the facts about the program close by the key that opened them.
    match state.dialog {
        None => {
            chords.iter().filter(|chord| !(typing && chord.types())).filter_map(|chord| meant(state, chord)).collect()
        }
        Some(Dialog::Help) if chords.contains(&Chord::pressed(false, false, false, "F1")) => vec![Command::Dismiss],
        Some(_) => Vec::new(),
    }
}

/// What a chord asks for now.
fn meant(state: &State, chord: &Chord) -> Option<Command> {
    let entry = COMMANDS.iter().find(|entry| entry.keys.iter().any(|key| Chord::parse(key).as_ref() == Some(chord)))?;
    (entry.needs)(state).ok()?;
    (entry.command)(state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::{Settings, sample_state};

    fn commands(state: &State, key: egui::Key, modifiers: egui::Modifiers) -> Vec<Command> {
        let ctx = Context::default();
        let event = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
        let mut found = Vec::new();
        let input = egui::RawInput { events: vec![event], ..Default::default() };
        let mut output = ctx.run_ui(input, |ui| found = pressed(ui.ctx(), state));
        output.textures_delta.clear();
        found
    }

    #[test]
    fn every_key_of_the_table_reaches_its_command() {
        let state = sample_state();
        for entry in COMMANDS.iter().filter(|entry| (entry.needs)(&state).is_ok()) {
            for key in entry.keys {
                let chord = Chord::parse(key).expect("a key");
                let modifiers = egui::Modifiers {
                    ctrl: chord.ctrl,
                    command: chord.ctrl,
                    shift: chord.shift,
                    alt: chord.alt,
                    mac_cmd: false,
                };
                let pressed = egui::Key::from_name(&chord.key).expect("a key of egui");
                let wanted: Vec<Command> = (entry.command)(&state).into_iter().collect();
                assert_eq!(commands(&state, pressed, modifiers), wanted, "{}: {key}", entry.id);
            }
        }
    }

    #[test]
    fn nothing_acts_behind_a_dialog_or_without_its_needs() {
        let mut state = sample_state();
        state.apply(Command::AskTime);
        assert!(commands(&state, egui::Key::N, egui::Modifiers::NONE).is_empty());
        let empty = State::new(Settings::default());
        assert!(commands(&empty, egui::Key::N, egui::Modifiers::NONE).is_empty());
    }
}
