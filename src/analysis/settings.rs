//! What a caller chooses, and how it watches the work.

use std::path::PathBuf;

use super::DenoiseOptions;

/// Which network reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ModelChoice {
    /// The one built into the program.
    #[default]
    Embedded,
    /// A folder with `config.json` and `weights.safetensors`.
    Folder(PathBuf),
    /// None: rules alone.
    Off,
}

impl ModelChoice {
    /// Name in the provenance.
    pub fn name(&self) -> &'static str {
        match self {
            ModelChoice::Embedded => "embedded",
            ModelChoice::Folder(_) => "folder",
            ModelChoice::Off => "off",
        }
    }
}

/// Choices for one analysis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Stages of the denoiser.
    pub denoise: DenoiseOptions,
    /// The network.
    pub model: ModelChoice,
    /// The wave segmenter; off = waves from slopes alone.
    pub segmenter: ModelChoice,
}

/// Progress and cancel, seen from the work. Called from worker threads.
pub trait Watch: Sync {
    /// So much is done (0 to 1), and this is being done now.
    fn progress(&self, share: f32, step: &str);

    /// Should the work stop? It then ends with [`crate::error::Error::cancelled`].
    fn cancelled(&self) -> bool;
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _share: f32, _step: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}
