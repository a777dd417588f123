//! The lead readout: the twelve leads of a patch side by side through one map, so that every lead keeps its own weights.
//! A softmax over leads in its place sees little but their mean and cost 0.03 of the score.

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;

use super::config::{Config, LEADS};
use super::layers::Linear;
use super::ops::with_values;
use super::weights::Weights;

/// All leads of a patch to one token.
pub(super) struct Readout {
    map: Linear,
    channels: usize,
}

impl Readout {
    pub fn new(weights: &mut Weights, config: &Config) -> Result<Self> {
        let channels = config.channels;
        Ok(Self { map: Linear::new(weights, "readout", LEADS * channels, config.token_width)?, channels })
    }

    /// `x[patches, leads, channels]` to `[patches, width]`.
    pub fn forward(&self, x: &Tensor) -> Candle<Tensor> {
        // [patches, 12, 64] -> [patches, 768] -> [patches, 128]
        self.map.forward(&x.flatten_from(1)?)
    }

    /// How much of each token each lead wrote: norms of its part, summing to 1 over leads. `[patches, leads]`, row by row.
    pub fn shares(&self, x: &Tensor) -> Candle<Vec<f32>> {
        let (patches, width) = (x.dim(0)?, self.map.weight().dim(0)?);
        let mut norms = vec![0.0; patches * LEADS];
        let zero = Tensor::zeros(width, candle_core::DType::F32, x.device())?;
        for lead in 0..LEADS {
            // [patches, 64] x [64, 128] -> [patches, 128]
            let slice = self.map.weight().narrow(1, lead * self.channels, self.channels)?.contiguous()?;
            let part = super::ops::linear(&x.narrow(1, lead, 1)?.squeeze(1)?, &slice, &zero)?;
            with_values(&part, |part| {
                for (patch, part) in part.chunks_exact(width).enumerate() {
                    norms[patch * LEADS + lead] = part.iter().map(|v| v * v).sum::<f32>().sqrt();
                }
            })?;
        }
        for row in norms.chunks_exact_mut(LEADS) {
            let sum = row.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|norm| *norm /= sum);
        }
        Ok(norms)
    }
}
