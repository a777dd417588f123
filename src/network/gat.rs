//! Graph attention over the twelve leads (GAT, Velickovic et al. 2018; named by the paper). The graph is complete with
//! self-loops; a learned bias starts at 0.5 between leads that look at neighbouring walls of the heart.

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;

use super::config::{Config, LEADS};
use super::layers::{Linear, Norm};
use super::ops::{add, elu, graph_attention, graph_probabilities};
use super::weights::{Start, Weights};

/// Leads that look at neighbouring walls, by their place in the input.
const NEIGHBOURS: [(usize, usize); 12] = [
    (0, 4),   // I - aVL
    (1, 2),   // II - III
    (1, 5),   // II - aVF
    (2, 5),   // III - aVF
    (6, 7),   // V1 - V2
    (7, 8),   // V2 - V3
    (8, 9),   // V3 - V4
    (9, 10),  // V4 - V5
    (10, 11), // V5 - V6
    (0, 11),  // I - V6
    (4, 10),  // aVL - V5
    (3, 6),   // aVR - V1
];

/// One layer of attention between the leads of one patch.
pub(super) struct GraphLayer {
    norm: Norm,
    /// Values, and the two halves of the attention's score, in one product.
    packed: Linear,
    bias: Tensor,
    out: Linear,
}

impl GraphLayer {
    pub fn new(weights: &mut Weights, name: &str, config: &Config) -> Result<Self> {
        let (width, heads) = (config.channels, config.graph_heads);
        let mut prior = vec![0.0; LEADS * LEADS];
        for (a, b) in NEIGHBOURS {
            prior[a * LEADS + b] = 0.5;
            prior[b * LEADS + a] = 0.5;
        }
        let prior = prior.repeat(heads);
        Ok(Self {
            norm: Norm::new(weights, &format!("{name}.norm"), width)?,
            packed: Linear::new(weights, &format!("{name}.packed"), width, width + 2 * heads)?,
            bias: weights.take(&format!("{name}.bias"), &[heads, LEADS, LEADS], Start::Values(&prior))?,
            out: Linear::new(weights, &format!("{name}.out"), width, width)?,
        })
    }

    /// `x[patches, leads, channels]`, same shape out; with `kept`, the probabilities `[patches, heads, leads, leads]` go there.
    pub fn forward(&self, x: &Tensor, kept: Option<&mut Vec<Vec<f32>>>) -> Candle<Tensor> {
        // [patches, 12, 64] -> [patches, 12, 64 + 4 + 4]
        let packed = self.packed.forward(&self.norm.layer(x)?)?;
        if let Some(kept) = kept {
            kept.push(graph_probabilities(&packed, &self.bias)?);
        }
        // -> [patches, 12, 64]
        add(x, &self.out.forward(&elu(&graph_attention(&packed, &self.bias)?)?)?)
    }
}
