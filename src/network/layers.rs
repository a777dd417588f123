//! The two smallest parts that every block is made of: an affine map and a norm, with their parameters.

use candle_core::Tensor;

use crate::error::Result;

use super::ops;
use super::weights::{Start, Weights};

/// `weight x + bias` on the last dimension.
pub(super) struct Linear {
    weight: Tensor,
    bias: Tensor,
    laid_out: ops::LaidOut,
    turned: ops::Turned,
}

impl Linear {
    pub fn new(weights: &mut Weights, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        Ok(Self {
            weight: weights.take(&format!("{name}.weight"), &[outputs, inputs], Start::Inputs(inputs))?,
            bias: weights.take(&format!("{name}.bias"), &[outputs], Start::Inputs(inputs))?,
            laid_out: ops::LaidOut::default(),
            turned: ops::Turned::default(),
        })
    }

    pub fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        ops::linear_turned(x, &self.weight, &self.bias, &self.turned)
    }

    /// [`Self::forward`] of few features, in one pass with what is added; the answer has its shape.
    pub fn add(&self, x: &Tensor, added: Option<&Tensor>) -> candle_core::Result<Tensor> {
        ops::linear_add(x, &self.weight, &self.bias, added, &self.laid_out)
    }

    /// The weight, `[outputs, inputs]`.
    pub fn weight(&self) -> &Tensor {
        &self.weight
    }
}

/// A convolution over frames.
pub(super) struct Conv {
    weight: Tensor,
    bias: Tensor,
    sizes: ops::Conv1d,
    laid_out: ops::LaidOut,
    turned: ops::Turned,
}

impl Conv {
    pub fn new(
        weights: &mut Weights,
        name: &str,
        (channels, features): (usize, usize),
        sizes: ops::Conv1d,
    ) -> Result<Self> {
        let inputs = channels * sizes.taps;
        Ok(Self {
            weight: weights.take(&format!("{name}.weight"), &[features, inputs], Start::Inputs(inputs))?,
            bias: weights.take(&format!("{name}.bias"), &[features], Start::Inputs(inputs))?,
            sizes,
            laid_out: ops::LaidOut::default(),
            turned: ops::Turned::default(),
        })
    }

    pub fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        ops::conv1d_turned(x, &self.weight, &self.bias, self.sizes, &self.turned)
    }

    /// `[added +] GELU([norm](conv(x)))`; always with the same norm.
    pub fn norm_gelu(&self, x: &Tensor, norm: Option<&Norm>, added: Option<&Tensor>) -> candle_core::Result<Tensor> {
        let norm = norm.map(|norm| (&norm.scale, &norm.shift));
        ops::conv_norm_gelu(x, (&self.weight, &self.bias, self.sizes), norm, added, &self.laid_out)
    }
}

/// Scale and shift of a norm.
pub(super) struct Norm {
    scale: Tensor,
    shift: Tensor,
}

impl Norm {
    pub fn new(weights: &mut Weights, name: &str, width: usize) -> Result<Self> {
        Ok(Self {
            scale: weights.take(&format!("{name}.scale"), &[width], Start::Constant(1.0))?,
            shift: weights.take(&format!("{name}.shift"), &[width], Start::Constant(0.0))?,
        })
    }

    /// Over the last dimension.
    pub fn layer(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        ops::layer_norm(x, &self.scale, &self.shift)
    }

    /// Over all frames of groups of channels.
    pub fn group(&self, x: &Tensor, groups: usize) -> candle_core::Result<Tensor> {
        ops::group_norm(x, &self.scale, &self.shift, groups)
    }
}
