//! Sizes of the network, as `config.json` in a model's folder holds them. The paper gives none: all are our choice.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::Head;

/// Leads of the input, in the order of the paper sheet: I, II, III, aVR, aVL, aVF, V1 to V6.
pub const LEADS: usize = 12;

/// Outputs of the network.
pub const HEADS: usize = Head::ALL.len();

/// Sizes of the blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the model: that of its folder.
    pub id: String,
    /// Samples a second of the input.
    pub rate_hz: usize,
    /// Samples of the input, per lead.
    pub samples: usize,
    /// Channels after the stem.
    pub stem_channels: usize,
    /// Channels after the first halving.
    pub down_channels: usize,
    /// Channels of the trunk and of a node of the graph.
    pub channels: usize,
    /// Groups of the group norms.
    pub norm_groups: usize,
    /// Width inside CBAM's channel gate.
    pub gate_width: usize,
    /// Frames of one patch.
    pub patch_frames: usize,
    /// Layers of the graph attention.
    pub graph_layers: usize,
    /// Its heads.
    pub graph_heads: usize,
    /// Width of a token.
    pub token_width: usize,
    /// Layers of the transformer.
    pub transformer_layers: usize,
    /// Its heads.
    pub transformer_heads: usize,
    /// Width of its feed-forward part.
    pub feed_forward_width: usize,
    /// Keys of the outputs, in their order.
    pub outputs: Vec<String>,
}

impl Config {
    /// The sizes of `foundational-ecgnet-v1`: 585,038 parameters.
    pub fn v1() -> Self {
        Self {
            id: "foundational-ecgnet-v1".into(),
            rate_hz: 100,
            samples: 1000,
            stem_channels: 24,
            down_channels: 32,
            channels: 64,
            norm_groups: 8,
            gate_width: 8,
            patch_frames: 5,
            graph_layers: 2,
            graph_heads: 4,
            token_width: 128,
            transformer_layers: 3,
            transformer_heads: 4,
            feed_forward_width: 256,
            outputs: Head::ALL.map(|head| head.key().to_owned()).to_vec(),
        }
    }

    /// Frames that the trunk makes of one lead: an eighth of the samples.
    pub fn frames(&self) -> usize {
        self.samples.div_ceil(2).div_ceil(2).div_ceil(2)
    }

    /// Patches of one lead.
    pub fn patches(&self) -> usize {
        self.frames() / self.patch_frames
    }

    /// Reads and checks `config.json`.
    ///
    /// # Errors
    /// Not JSON, unknown or missing fields, sizes that do not fit each other, other outputs than this program's.
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self =
            serde_json::from_str(text).map_err(|e| Error::model("the sizes of the model cannot be read").because(e))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        let sizes = [
            self.rate_hz,
            self.samples,
            self.stem_channels,
            self.down_channels,
            self.channels,
            self.norm_groups,
            self.gate_width,
            self.patch_frames,
            self.graph_heads,
            self.token_width,
            self.transformer_heads,
            self.feed_forward_width,
        ];
        let within = sizes.iter().all(|size| (1..=100_000).contains(size))
            && self.graph_layers <= 64
            && self.transformer_layers <= 64;
        let fits = within
            && self.frames().is_multiple_of(self.patch_frames)
            && self.channels.is_multiple_of(self.norm_groups)
            && self.down_channels.is_multiple_of(self.norm_groups)
            && self.channels.is_multiple_of(self.graph_heads)
            && self.token_width.is_multiple_of(self.transformer_heads);
        if !fits {
            return Err(Error::model("the sizes of the model do not fit each other").cure("take another model folder"));
        }
        if self.outputs != Head::ALL.map(Head::key) {
            return Err(Error::model(format!("the model's outputs are {:?}", self.outputs))
                .cure("this program reads models with its own seven outputs"));
        }
        Ok(())
    }

    /// The text of `config.json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// A network small enough for tests: 200 samples, one layer of each kind.
    #[cfg(test)]
    pub fn tiny() -> Self {
        Self {
            id: "tiny".into(),
            samples: 200,
            stem_channels: 4,
            down_channels: 8,
            channels: 8,
            norm_groups: 4,
            gate_width: 4,
            graph_layers: 1,
            graph_heads: 2,
            token_width: 16,
            transformer_layers: 1,
            transformer_heads: 2,
            feed_forward_width: 16,
            ..Self::v1()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_its_file() {
        assert_eq!(Config::parse(&Config::v1().to_json()).unwrap(), Config::v1());
        assert_eq!((Config::v1().frames(), Config::v1().patches()), (125, 25));
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        for broken in [
            Config { token_width: 126, ..Config::v1() },
            Config { patch_frames: 7, ..Config::v1() },
            Config { norm_groups: 0, ..Config::v1() },
            Config { outputs: vec!["abnormal".into()], ..Config::v1() },
        ] {
            assert!(Config::parse(&broken.to_json()).is_err(), "{broken:?}");
        }
        assert!(Config::parse("{}").is_err());
    }
}
