//! The trunk, shared by all leads: three strided convolutions to 80 ms frames, then two residual ones. The stem and the
//! last halving have no norm, so that voltage, the sign of hypertrophy, survives.

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;

use super::config::Config;
use super::layers::{Conv, Norm};
use super::ops::{Conv1d, add, gelu};
use super::weights::Weights;

/// Samples of one lead to frames of channels.
pub(super) struct Stem {
    stem: Conv,
    down1: Conv,
    down1_norm: Norm,
    down2: Conv,
    down2_skip: Conv,
    residual: [Residual; 2],
    groups: usize,
}

struct Residual {
    conv: Conv,
    norm: Norm,
}

impl Residual {
    fn new(weights: &mut Weights, name: &str, channels: usize, dilation: usize) -> Result<Self> {
        let sizes = Conv1d::centred(3, 1, dilation);
        Ok(Self {
            conv: Conv::new(weights, &format!("{name}.conv"), (channels, channels), sizes)?,
            norm: Norm::new(weights, &format!("{name}.norm"), channels)?,
        })
    }
}

impl Stem {
    pub fn new(weights: &mut Weights, config: &Config) -> Result<Self> {
        let (stem, down, channels) = (config.stem_channels, config.down_channels, config.channels);
        Ok(Self {
            stem: Conv::new(weights, "stem", (1, stem), Conv1d::centred(7, 2, 1))?,
            down1: Conv::new(weights, "down1", (stem, down), Conv1d::centred(5, 2, 1))?,
            down1_norm: Norm::new(weights, "down1.norm", down)?,
            down2: Conv::new(weights, "down2", (down, channels), Conv1d::centred(5, 2, 1))?,
            down2_skip: Conv::new(weights, "down2.skip", (down, channels), Conv1d::centred(1, 2, 1))?,
            residual: [
                Residual::new(weights, "residual1", channels, 1)?,
                Residual::new(weights, "residual2", channels, 2)?,
            ],
            groups: config.norm_groups,
        })
    }

    /// `[leads, samples, 1]` to `[leads, frames, channels]`; "leads" counts those of all records.
    pub fn forward(&self, x: &Tensor) -> Candle<Tensor> {
        // [leads, 1000, 1] -> [leads, 500, 24]
        let h = gelu(&self.stem.forward(x)?)?;
        // -> [leads, 250, 32]
        let h = gelu(&self.down1_norm.group(&self.down1.forward(&h)?, self.groups)?)?;
        // -> [leads, 125, 64]
        let mut h = gelu(&add(&self.down2.forward(&h)?, &self.down2_skip.forward(&h)?)?)?;
        for Residual { conv, norm } in &self.residual {
            h = add(&h, &gelu(&norm.group(&conv.forward(&h)?, self.groups)?)?)?;
        }
        Ok(h)
    }
}
