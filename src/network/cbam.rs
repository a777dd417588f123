//! Convolutional block attention (CBAM, Woo et al. 2018; named by the paper): first which channels, then which frames.
//! Both gates are doubled, so that an undecided gate of one half leaves the signal as it is.

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;

use super::config::Config;
use super::layers::{Conv, Linear};
use super::ops::{Conv1d, gate_channels, gate_frames, mean_max_over_channels, mean_max_over_frames};
use super::weights::Weights;

/// Gates of channels and of frames, per lead.
pub(super) struct Cbam {
    narrow: Linear,
    widen: Linear,
    frames: Conv,
}

impl Cbam {
    pub fn new(weights: &mut Weights, config: &Config) -> Result<Self> {
        Ok(Self {
            narrow: Linear::new(weights, "cbam.narrow", config.channels, config.gate_width)?,
            widen: Linear::new(weights, "cbam.widen", config.gate_width, config.channels)?,
            frames: Conv::new(weights, "cbam.frames", (2, 1), Conv1d::centred(7, 1, 1))?,
        })
    }

    /// `x[leads, frames, channels]` gated, and the gate of frames, 0 to 1: `[leads, frames, 1]`.
    pub fn forward(&self, x: &Tensor) -> Candle<(Tensor, Tensor)> {
        // [leads, 125, 64] -> [leads, 2, 64] -> [leads, 2, 8] -> [leads, 2, 64]
        let seen = self.widen.forward(&self.narrow.forward(&mean_max_over_frames(x)?)?.relu()?)?;
        // -> [leads, 1, 64]: what the mean and the maximum say, added
        let channels = candle_nn::ops::sigmoid(&seen.sum_keepdim(1)?)?;
        let x = gate_channels(x, &channels.affine(2.0, 0.0)?)?;
        // [leads, 125, 64] -> [leads, 125, 2] -> [leads, 125, 1]
        let frames = candle_nn::ops::sigmoid(&self.frames.forward(&mean_max_over_channels(&x)?)?)?;
        Ok((gate_frames(&x, &frames.affine(2.0, 0.0)?)?, frames))
    }
}
