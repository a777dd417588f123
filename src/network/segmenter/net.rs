//! The network: a stem to 125 frames a second, three halvings, and back with what each scale knew before. One forward pass is one recording.

use candle_core::{Result as Candle, Tensor};

use crate::error::Result;
use crate::network::layers::{Conv, Linear, Norm};
use crate::network::ops::{Conv1d, add, gelu};
use crate::network::weights::{Parameter, Weights};

use super::examples::CLASSES;
use super::input::VALUES;
use super::sizes::Sizes;

/// x + GELU(norm(conv(x))).
struct Block {
    conv: Conv,
    norm: Norm,
}

impl Block {
    fn new(weights: &mut Weights, name: &str, channels: usize, sizes: Conv1d) -> Result<Self> {
        Ok(Self {
            conv: Conv::new(weights, &format!("{name}.conv"), (channels, channels), sizes)?,
            norm: Norm::new(weights, &format!("{name}.norm"), channels)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Candle<Tensor> {
        self.conv.norm_gelu(x, Some(&self.norm), Some(x))
    }
}

/// To half the frames.
struct Down {
    conv: Conv,
    norm: Norm,
    block: Block,
}

/// To twice the frames: one affine map makes both halves of a frame.
struct Up {
    map: Linear,
    block: Block,
}

/// The segmenter.
pub(super) struct Net {
    stem: Conv,
    first: Block,
    down: Vec<Down>,
    wide: Block,
    context: Linear,
    up: Vec<Up>,
    head: Linear,
}

impl Net {
    /// Builds it from weights; returns the parameters in their order.
    pub fn new(mut weights: Weights, sizes: &Sizes) -> Result<(Self, Vec<Parameter>)> {
        let w = &mut weights;
        let (channels, taps) = (sizes.channels, sizes.taps);
        let stem = Conv::new(w, "stem", (VALUES, channels[0]), Conv1d::centred(9, 2, 1))?;
        let first = Block::new(w, "scale0", channels[0], Conv1d::centred(taps[0], 1, 1))?;
        let mut down = Vec::new();
        for scale in 1..channels.len() {
            let name = format!("scale{scale}");
            down.push(Down {
                conv: Conv::new(
                    w,
                    &format!("{name}.halve"),
                    (channels[scale - 1], channels[scale]),
                    Conv1d::centred(5, 2, 1),
                )?,
                norm: Norm::new(w, &format!("{name}.halve.norm"), channels[scale])?,
                block: Block::new(w, &name, channels[scale], Conv1d::centred(taps[scale], 1, 1))?,
            });
        }
        let coarse = channels.len() - 1;
        let wide = Block::new(w, "wide", channels[coarse], Conv1d::centred(taps[coarse], 1, 3))?;
        let context = Linear::new(w, "context", channels[coarse], channels[coarse])?;
        let mut up = Vec::new();
        for scale in (0..coarse).rev() {
            let name = format!("up{scale}");
            up.push(Up {
                map: Linear::new(w, &format!("{name}.map"), channels[scale + 1], 2 * channels[scale])?,
                block: Block::new(w, &name, channels[scale], Conv1d::centred(taps[scale], 1, 1))?,
            });
        }
        let head = Linear::new(w, "head", channels[0], 2 * CLASSES)?;
        let net = Self { stem, first, down, wide, context, up, head };
        Ok((net, weights.finish()?))
    }

    /// `[leads, samples, 2]` to logits `[leads, samples, classes]`; the leads are those of one recording, the samples whole grains.
    pub fn forward(&self, x: &Tensor) -> Candle<Tensor> {
        let coded = self.encode(x)?;
        let context = self.context(&coded.coarse.mean_keepdim(0)?)?;
        self.decode(coded, &context)
    }

    /// The way down, lead by lead.
    pub fn encode(&self, x: &Tensor) -> Candle<Coded> {
        let mut coarse = self.first.forward(&self.stem.norm_gelu(x, None, None)?)?;
        let mut seen = Vec::with_capacity(self.down.len());
        for Down { conv, norm, block } in &self.down {
            let halved = block.forward(&conv.norm_gelu(&coarse, Some(norm), None)?)?;
            seen.push(std::mem::replace(&mut coarse, halved));
        }
        Ok(Coded { coarse, seen })
    }

    /// What all leads know together, from the mean of their coarsest frames `[1, frames, channels]`.
    pub fn context(&self, mean: &Tensor) -> Candle<Tensor> {
        gelu(&self.context.forward(mean)?)
    }

    /// The way up, lead by lead: logits.
    pub fn decode(&self, coded: Coded, context: &Tensor) -> Candle<Tensor> {
        let Coded { coarse, seen } = coded;
        let mut h = self.wide.forward(&add(&coarse, &context.broadcast_as(coarse.shape())?.contiguous()?)?)?;
        for (Up { map, block }, before) in self.up.iter().zip(seen.iter().rev()) {
            h = block.forward(&map.add(&h, Some(before))?)?;
        }
        let (leads, frames, _) = h.dims3()?;
        self.head.add(&h, None)?.reshape((leads, 2 * frames, CLASSES))
    }
}

/// What the way down leaves for the way up.
pub(super) struct Coded {
    /// The coarsest frames, `[leads, frames, channels]`.
    pub coarse: Tensor,
    /// The frames of the finer scales, finest first.
    seen: Vec<Tensor>,
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn leads_may_be_coded_one_by_one() {
        let (net, _) = Net::new(Weights::drawn(2), &Sizes::v1()).unwrap();
        let x: Vec<f32> = (0..3 * 64 * 2).map(|i| (i as f32 * 0.61).sin()).collect();
        let x = Tensor::from_vec(x, (3, 64, 2), &Device::Cpu).unwrap();
        let whole = net.forward(&x).unwrap();
        let coded: Vec<Coded> = (0..3).map(|lead| net.encode(&x.narrow(0, lead, 1).unwrap()).unwrap()).collect();
        let coarse: Vec<&Tensor> = coded.iter().map(|coded| &coded.coarse).collect();
        let context = net.context(&Tensor::cat(&coarse, 0).unwrap().mean_keepdim(0).unwrap()).unwrap();
        for (lead, coded) in coded.into_iter().enumerate() {
            let apart = (net.decode(coded, &context).unwrap() - whole.narrow(0, lead, 1).unwrap()).unwrap();
            assert!(apart.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap() < 1e-5);
        }
    }

    #[test]
    fn one_answer_a_sample_and_every_parameter_is_learned() {
        let (net, parameters) = Net::new(Weights::drawn(1), &Sizes::v1()).unwrap();
        let x: Vec<f32> = (0..3 * 64 * 2).map(|i| (i as f32 * 0.37).sin()).collect();
        let x = Tensor::from_vec(x, (3, 64, 2), &Device::Cpu).unwrap();
        let y = net.forward(&x).unwrap();
        assert_eq!(y.dims(), [3, 64, CLASSES]);
        let grads = y.sqr().unwrap().sum_all().unwrap().backward().unwrap();
        for Parameter { name, var } in &parameters {
            let grad = grads.get(var).unwrap_or_else(|| panic!("{name} has no gradient"));
            let sum = grad.abs().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(sum > 0.0, "{name}");
        }
    }
}
