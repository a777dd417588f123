//! FoundationalECGNet (arXiv 2509.08961), top to bottom as the paper names its parts: trunk, CBAM, graph attention over
//! leads, transformer over time. One definition for training and use. Sizes are ours (see `config.rs`).

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;

use super::cbam::Cbam;
use super::config::{Config, HEADS, LEADS};
use super::dropout::Dropout;
use super::gat::GraphLayer;
use super::layers::Linear;
use super::ops::with_values;
use super::readout::Readout;
use super::stem::Stem;
use super::transformer::Transformer;
use super::weights::{Parameter, Start, Weights};

/// The network, without weights' origin, calibration or file.
pub(super) struct Net {
    stem: Stem,
    cbam: Cbam,
    patch: Linear,
    lead: Tensor,
    graph: Vec<GraphLayer>,
    readout: Readout,
    transformer: Transformer,
    head: Tensor,
    head_bias: Tensor,
    patches: usize,
}

/// What a forward pass of one record leaves for the map of attention.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// CBAM's gate of frames, 0 to 1: `[leads, frames]`.
    pub gate: Vec<f32>,
    /// Per graph layer: `[patches, heads, leads, leads]`.
    pub graph: Vec<Vec<f32>>,
    /// How much of each patch's token each lead wrote: `[patches, leads]`.
    pub shares: Vec<f32>,
    /// Per transformer layer: `[heads, tokens, tokens]`.
    pub transformer: Vec<Vec<f32>>,
}

impl Net {
    /// Takes every parameter, in a fixed order.
    pub fn new(mut weights: Weights, config: &Config) -> Result<(Self, Vec<Parameter>)> {
        let weights_ref = &mut weights;
        let (channels, width) = (config.channels, config.token_width);
        let net = Self {
            stem: Stem::new(weights_ref, config)?,
            cbam: Cbam::new(weights_ref, config)?,
            patch: Linear::new(weights_ref, "patch", config.patch_frames * channels, channels)?,
            lead: weights_ref.take("lead", &[LEADS, channels], Start::Normal(0.02))?,
            graph: (1..=config.graph_layers)
                .map(|number| GraphLayer::new(weights_ref, &format!("graph{number}"), config))
                .collect::<Result<_>>()?,
            readout: Readout::new(weights_ref, config)?,
            transformer: Transformer::new(weights_ref, config)?,
            head: weights_ref.take("head.weight", &[HEADS, width], Start::Normal(0.02))?,
            head_bias: weights_ref.take("head.bias", &[HEADS], Start::Constant(0.0))?,
            patches: config.patches(),
        };
        Ok((net, weights.finish()?))
    }

    /// `x[n, leads, samples]` in units of 0.5 mV to logits `[n, heads]`. With `trace` (one record only), the attention
    /// of every block is kept from this very pass.
    pub fn forward(&self, x: &Tensor, dropout: &mut Dropout, mut trace: Option<&mut Trace>) -> Candle<Tensor> {
        let (count, leads, samples) = x.dims3()?;
        // [n, 12, 1000] -> [n x 12, 1000, 1] -> [n x 12, 125, 64]
        let frames = self.stem.forward(&x.reshape((count * leads, samples, 1))?)?;
        let (frames, gate) = self.cbam.forward(&frames)?;
        if let Some(trace) = trace.as_deref_mut() {
            trace.gate = with_values(&gate, <[f32]>::to_vec)?;
        }
        // [n x 12, 125, 64] -> [n, 12, 25, 5 x 64] -> [n, 12, 25, 64]
        let (_, all, channels) = frames.dims3()?;
        let patches = frames.reshape((count, leads, self.patches, all / self.patches * channels))?;
        let patches = self.patch.forward(&patches)?;
        // -> [n, 25, 12, 64], plus the lead's own vector [12, 64]
        let nodes = patches.transpose(1, 2)?.contiguous()?.broadcast_add(&self.lead)?;
        // -> [n x 25, 12, 64]
        let mut nodes = nodes.reshape((count * self.patches, leads, channels))?;
        for layer in &self.graph {
            nodes = layer.forward(&nodes, trace.as_deref_mut().map(|trace| &mut trace.graph))?;
        }
        if let Some(trace) = trace.as_deref_mut() {
            trace.shares = self.readout.shares(&nodes)?;
        }
        // [n x 25, 12, 64] -> [n x 25, 128] -> [n, 25, 128]
        let tokens = self.readout.forward(&nodes)?.reshape((count, self.patches, ()))?;
        // -> class tokens [n, 7, 128]
        let classes = self.transformer.forward(&tokens, dropout, trace.map(|trace| &mut trace.transformer))?;
        // -> [n, 7]
        dropout.head(classes)?.broadcast_mul(&self.head)?.sum(2)?.broadcast_add(&self.head_bias)
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    fn input(count: usize, samples: usize) -> Tensor {
        let values: Vec<f32> =
            (0..count * LEADS * samples).map(|i| ((i * 37 % 101) as f32 / 50.0 - 1.0).sin()).collect();
        Tensor::from_vec(values, (count, LEADS, samples), &Device::Cpu).unwrap()
    }

    #[test]
    fn has_the_parameters_of_the_specification() {
        let (_, parameters) = Net::new(Weights::drawn(1), &Config::v1()).unwrap();
        assert_eq!(parameters.iter().map(|p| p.var.elem_count()).sum::<usize>(), 585_038);
    }

    #[test]
    fn every_parameter_has_a_gradient() {
        let (net, parameters) = Net::new(Weights::drawn(1), &Config::tiny()).unwrap();
        let logits = net.forward(&input(2, 200), &mut Dropout::Off, None).unwrap();
        let grads = logits.sqr().unwrap().sum_all().unwrap().backward().unwrap();
        for Parameter { name, var } in &parameters {
            let grad = grads.get(var).unwrap_or_else(|| panic!("{name} has no gradient"));
            let size = grad.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(size > 0.0, "{name} has a gradient of zero");
        }
    }

    #[test]
    fn a_record_reads_the_same_alone_and_in_company() {
        let (net, _) = Net::new(Weights::drawn(1), &Config::tiny()).unwrap();
        let both = net.forward(&input(2, 200), &mut Dropout::Off, None).unwrap().to_vec2::<f32>().unwrap();
        for (record, both) in both.iter().enumerate() {
            let alone = input(2, 200).narrow(0, record, 1).unwrap();
            let alone = net.forward(&alone, &mut Dropout::Off, None).unwrap().to_vec2::<f32>().unwrap();
            assert!(both.iter().zip(&alone[0]).all(|(a, b)| (a - b).abs() < 1e-5));
        }
    }

    #[test]
    fn the_trace_has_the_shapes_it_states_and_changes_nothing() {
        let config = Config::tiny();
        let (net, _) = Net::new(Weights::drawn(1), &config).unwrap();
        let mut trace = Trace::default();
        let traced = net.forward(&input(1, 200), &mut Dropout::Off, Some(&mut trace)).unwrap();
        let plain = net.forward(&input(1, 200), &mut Dropout::Off, None).unwrap();
        assert_eq!(traced.to_vec2::<f32>().unwrap(), plain.to_vec2::<f32>().unwrap());
        assert_eq!(trace.gate.len(), LEADS * config.frames());
        assert_eq!(trace.graph[0].len(), config.patches() * config.graph_heads * LEADS * LEADS);
        assert_eq!(trace.shares.len(), config.patches() * LEADS);
        let tokens = HEADS + config.patches();
        assert_eq!(trace.transformer[0].len(), config.transformer_heads * tokens * tokens);
    }
}
