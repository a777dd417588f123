//! The one table of commands: menu bar, toolbar, keys, palette, help and scripts all walk it. A new command is one entry here and its
//! arm in `state`. No egui type lives here.
//!
//! Keys after the habits of other ECG viewers; a letter acts only while no text field has the focus, and no key confirms a reading
//! without a second step.

mod chord;
mod entry;
mod table;

pub use chord::Chord;
pub use entry::{Entry, Menu};
pub use table::COMMANDS;

/// The entry with this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.id == id)
}

/// The entries whose words, help or keys hold every word typed; those whose words start with it first.
pub fn search(typed: &str) -> Vec<&'static Entry> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let fits = |entry: &&Entry| {
        let text = format!("{} {} {} {}", entry.words, entry.help, entry.id, entry.keys.join(" ")).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut found: Vec<&Entry> = COMMANDS.iter().filter(fits).collect();
    found.sort_by_key(|entry| !entry.words.to_lowercase().starts_with(typed.trim()));
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::app::state::{Dialog, Settings, State};

    #[test]
    fn ids_and_keys_stand_once() {
        let (mut ids, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for entry in COMMANDS {
            assert!(ids.insert(entry.id), "two commands are called {}", entry.id);
            assert!(entry.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", entry.id);
            for key in entry.keys {
                let chord = Chord::parse(key).unwrap_or_else(|| panic!("{}: {key} is no key", entry.id));
                assert!(egui::Key::from_name(&chord.key).is_some(), "{}: no key is called {}", entry.id, chord.key);
                assert!(keys.insert(chord), "{}: {key} is taken", entry.id);
            }
        }
    }

    #[test]
    fn words_are_whole_and_unpunctuated() {
        for entry in COMMANDS {
            for text in [entry.words, entry.help] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text:?}", entry.id);
                assert!(text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()), "{}: {text:?}", entry.id);
                assert!(!text.contains("..."), "{}: write … for ...", entry.id);
            }
        }
    }

    #[test]
    fn an_ellipsis_exactly_where_a_dialog_follows() {
        let state = || crate::app::state::sample_state();
        for entry in COMMANDS {
            let mut state = state();
            let Some(command) = (entry.command)(&state) else { continue };
            state.apply(command);
            let asks = match &state.dialog {
                // The palette, the help and the facts about the program show; they ask nothing.
                Some(Dialog::Help | Dialog::About | Dialog::Palette { .. }) | None => state.picking.is_some(),
                Some(_) => true,
            };
            assert_eq!(entry.words.ends_with('…'), asks, "{}: {}", entry.id, entry.words);
        }
    }

    #[test]
    fn what_needs_a_recording_says_so_in_an_empty_window() {
        let state = State::new(Settings::default());
        for id in ["export-pdf", "next-segment", "accept", "end", "undo", "close"] {
            let reason = (entry(id).expect(id).needs)(&state).expect_err(id);
            assert!(!reason.0.is_empty() && !reason.0.ends_with('.'), "{id}: {}", reason.0);
        }
        assert!((entry("open").expect("open").needs)(&state).is_ok());
    }

    #[test]
    fn the_palette_finds_by_words_and_keys() {
        assert_eq!(search("next seg").first().map(|entry| entry.id), Some("next-segment"));
        assert!(search("ctrl+k").iter().any(|entry| entry.id == "palette"));
        assert_eq!(search("").len(), COMMANDS.len());
        assert!(search("no such thing at all").is_empty());
    }
}
