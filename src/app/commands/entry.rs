//! What one command is to menu, key, palette and help.

use crate::app::state::{Command, State};

/// Why a command cannot be used now: shown beside its greyed words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason(pub &'static str);

/// The menu a command stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the variants are the words
pub enum Menu {
    File,
    Edit,
    View,
    Time,
    Segments,
    Reading,
    Help,
}

impl Menu {
    /// In the order of the bar.
    pub const ALL: [Menu; 7] =
        [Menu::File, Menu::Edit, Menu::View, Menu::Time, Menu::Segments, Menu::Reading, Menu::Help];

    /// The word on the bar.
    pub fn words(self) -> &'static str {
        match self {
            Menu::File => "File",
            Menu::Edit => "Edit",
            Menu::View => "View",
            Menu::Time => "Time",
            Menu::Segments => "Segments",
            Menu::Reading => "Reading",
            Menu::Help => "Help",
        }
    }
}

/// One command.
pub struct Entry {
    /// Its name in scripts.
    pub id: &'static str,
    /// Its words in menu, palette and help; `…` exactly where a dialog follows.
    pub words: &'static str,
    /// What it does, in a clause.
    pub help: &'static str,
    /// Its menu.
    pub menu: Menu,
    /// Entries of one menu with unlike groups are set apart by a line.
    pub group: u8,
    /// Its keys.
    pub keys: &'static [&'static str],
    /// Can it be used now?
    pub needs: fn(&State) -> Result<(), Reason>,
    /// Is it a switch that is on?
    pub on: Option<fn(&State) -> bool>,
    /// What it asks for now.
    pub command: fn(&State) -> Option<Command>,
}
