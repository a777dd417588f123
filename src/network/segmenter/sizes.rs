//! Sizes of the segmenter, as `config.json` in its folder holds them.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Sizes of the blocks, from the finest scale (125 frames a second) to the coarsest (an eighth of it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Name of the model: that of its folder.
    pub id: String,
    /// Channels of the four scales.
    pub channels: [usize; 4],
    /// Taps of the residual convolutions of the four scales.
    pub taps: [usize; 4],
}

impl Sizes {
    /// The sizes of `wave-segmenter-v1`.
    pub fn v1() -> Self {
        Self { id: "wave-segmenter-v1".into(), channels: [16, 16, 32, 48], taps: [7, 5, 5, 5] }
    }

    /// The text of `config.json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads `config.json`.
    ///
    /// # Errors
    /// No JSON, unknown or missing fields, sizes that cannot be built.
    pub fn parse(text: &str) -> Result<Self> {
        let sizes: Self =
            serde_json::from_str(text).map_err(|e| Error::model("the segmenter's sizes cannot be read").because(e))?;
        let sound = sizes.channels.iter().all(|count| (1..=1024).contains(count))
            && sizes.taps.iter().all(|taps| taps % 2 == 1 && *taps <= 63);
        if sound { Ok(sizes) } else { Err(Error::model("the segmenter's sizes cannot be built")) }
    }
}
