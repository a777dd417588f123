//! The time-series transformer (named by the paper): one class token a head before the patches, learned positions,
//! pre-norm layers. A class token of its own makes the attention of each head specific to its condition.

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;

use super::config::{Config, HEADS};
use super::dropout::Dropout;
use super::layers::{Linear, Norm};
use super::ops::{add, attention, attention_probabilities, gelu};
use super::weights::{Start, Weights};

/// Class tokens, positions, layers.
pub(super) struct Transformer {
    tokens: Tensor,
    positions: Tensor,
    layers: Vec<Layer>,
    norm: Norm,
}

struct Layer {
    attention_norm: Norm,
    packed: Linear,
    out: Linear,
    forward_norm: Norm,
    widen: Linear,
    narrow: Linear,
    heads: usize,
}

impl Layer {
    fn new(weights: &mut Weights, name: &str, config: &Config) -> Result<Self> {
        let (width, wide) = (config.token_width, config.feed_forward_width);
        Ok(Self {
            attention_norm: Norm::new(weights, &format!("{name}.attention_norm"), width)?,
            packed: Linear::new(weights, &format!("{name}.packed"), width, 3 * width)?,
            out: Linear::new(weights, &format!("{name}.out"), width, width)?,
            forward_norm: Norm::new(weights, &format!("{name}.forward_norm"), width)?,
            widen: Linear::new(weights, &format!("{name}.widen"), width, wide)?,
            narrow: Linear::new(weights, &format!("{name}.narrow"), wide, width)?,
            heads: config.transformer_heads,
        })
    }

    fn forward(&self, x: &Tensor, dropout: &mut Dropout, kept: Option<&mut Vec<Vec<f32>>>) -> Candle<Tensor> {
        // [n, 32, 128] -> queries, keys, values [n, 32, 384]
        let packed = self.packed.forward(&self.attention_norm.layer(x)?)?;
        if let Some(kept) = kept {
            kept.push(attention_probabilities(&packed, self.heads)?);
        }
        // -> [n, 32, 128]
        let seen = self.out.forward(&attention(&packed, self.heads)?)?;
        let x = add(x, &dropout.branch(seen)?)?;
        // [n, 32, 128] -> [n, 32, 256] -> [n, 32, 128]
        let wide = dropout.layer(gelu(&self.widen.forward(&self.forward_norm.layer(&x)?)?)?)?;
        add(&x, &dropout.branch(self.narrow.forward(&wide)?)?)
    }
}

impl Transformer {
    pub fn new(weights: &mut Weights, config: &Config) -> Result<Self> {
        let width = config.token_width;
        let tokens = HEADS + config.patches();
        Ok(Self {
            tokens: weights.take("tokens", &[HEADS, width], Start::Normal(0.02))?,
            positions: weights.take("positions", &[tokens, width], Start::Normal(0.02))?,
            layers: (1..=config.transformer_layers)
                .map(|number| Layer::new(weights, &format!("transformer{number}"), config))
                .collect::<Result<_>>()?,
            norm: Norm::new(weights, "transformer.norm", width)?,
        })
    }

    /// `patches[n, patches, width]` to the class tokens `[n, heads, width]`; with `kept`, each layer's probabilities
    /// `[n, attention heads, tokens, tokens]` go there.
    pub fn forward(
        &self,
        patches: &Tensor,
        dropout: &mut Dropout,
        mut kept: Option<&mut Vec<Vec<f32>>>,
    ) -> Candle<Tensor> {
        let (count, _, width) = patches.dims3()?;
        // [7, 128] and [n, 25, 128] -> [n, 32, 128]
        let tokens = self.tokens.broadcast_as((count, HEADS, width))?.contiguous()?;
        let mut z = Tensor::cat(&[&tokens, patches], 1)?.broadcast_add(&self.positions)?;
        for layer in &self.layers {
            z = layer.forward(&z, dropout, kept.as_deref_mut())?;
        }
        // [n, 32, 128] -> [n, 7, 128]
        self.norm.layer(&z.narrow(1, 0, HEADS)?)
    }
}
