//! What the window is, as plain data: open recordings, view, settings, messages, dialogs. No egui type lives here.
//!
//! [`State::apply`] and [`State::absorb`] are the only ways to change it; both answer with the jobs to start.
//! Source of the shape: the state machines of terminal user interfaces (one message type in, effects out).

mod absorb;
mod apply;
mod command;
mod dialog;
mod document;
mod job;
mod message;
mod model;
mod settings;
mod tab;

pub use command::Command;
pub use dialog::Dialog;
pub use document::{Document, DocumentId, Overview, Reading};
pub use job::{Done, ExportKind, Job, Picking};
pub use message::{Level, Message};
pub use model::{Cursor, State};
pub use settings::{GAINS_MM_MV, PaperSize, SHEETS, SIGNALS, SPEEDS_MM_S, Settings, Theme};
pub use tab::Tab;

/// A window with one analysed recording, for the tests of the rooms above.
#[cfg(test)]
pub use sample::sample_state;

#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests;
