//! What the one open dialog asks, with what has been typed so far.

use std::path::PathBuf;

use super::ExportKind;

/// The dialog in front of the window.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// A path to open.
    Path {
        /// As typed.
        typed: String,
    },
    /// A path to write to.
    SavePath {
        /// What is written.
        kind: ExportKind,
        /// As typed.
        typed: String,
    },
    /// Facts that the file lacks.
    Facts {
        /// The file.
        path: PathBuf,
        /// What the reader of the file said.
        why: String,
        /// Samples per second, as typed.
        rate: String,
        /// Millivolts that one stored unit stands for, as typed.
        unit: String,
    },
    /// A time to go to.
    Time {
        /// As typed, in seconds or m:ss.
        typed: String,
    },
    /// The reviewer's name, then the second step.
    Reviewer {
        /// As typed.
        name: String,
        /// The name stands and waits for the second step.
        asked: bool,
    },
    /// The calibrator.
    Calibration {
        /// Points per mm being tried.
        points_per_mm: f32,
    },
    /// Every command with its keys.
    Help,
    /// Search the commands.
    Palette {
        /// As typed.
        typed: String,
    },
    /// About the program.
    About,
}
