//! Affine maps and convolutions for reading, with the weight turned once: a matrix product would turn it anew each time.
//! For parameters that do not change; where a gradient is asked for, the differentiable operations run instead.

use std::sync::OnceLock;

use candle_core::{Device, Result, Tensor, bail};

use super::conv1d::{Conv1d, conv1d, convolve};
use super::linear::{affine, linear};
use super::matrix::Strided;
use super::operation::with_values;

/// A weight `[features, inputs]` as `[inputs, features]`, from its first use on. It must stay what it was then.
#[derive(Default)]
pub struct Turned(OnceLock<Vec<f32>>);

impl Turned {
    fn of(&self, weight: &Tensor) -> Result<&[f32]> {
        if let Some(turned) = self.0.get() {
            return Ok(turned);
        }
        let turned = with_values(&weight.t()?, <[f32]>::to_vec)?;
        Ok(self.0.get_or_init(|| turned))
    }
}

/// [`linear`] for reading.
pub fn linear_turned(x: &Tensor, weight: &Tensor, bias: &Tensor, turned: &Turned) -> Result<Tensor> {
    if weight.track_op() || x.track_op() {
        return linear(x, weight, bias);
    }
    let (outputs, inputs) = weight.dims2()?;
    let mut shape = x.dims().to_vec();
    match shape.last_mut() {
        Some(last) if *last == inputs => *last = outputs,
        _ => bail!("{:?} does not fit a weight of {:?}", x.shape(), weight.shape()),
    }
    let kernel = Strided(turned.of(weight)?, outputs, 1);
    let y = with_values(x, |x| with_values(bias, |bias| affine(x, inputs, kernel, bias)))??;
    Tensor::from_vec(y, shape, &Device::Cpu)
}

/// [`conv1d`] for reading.
pub fn conv1d_turned(x: &Tensor, weight: &Tensor, bias: &Tensor, sizes: Conv1d, turned: &Turned) -> Result<Tensor> {
    if weight.track_op() || x.track_op() {
        return conv1d(x, weight, bias, sizes);
    }
    let (count, frames, channels) = x.dims3()?;
    let features = bias.elem_count();
    let Some(outputs) = sizes.outputs(frames).filter(|_| weight.dims() == [features, sizes.taps * channels]) else {
        bail!("{:?} does not fit a kernel of {:?}", x.shape(), weight.shape())
    };
    let kernel = turned.of(weight)?;
    let at = |place: usize| Strided(&kernel[place * features..], features, 1);
    let y = with_values(x, |x| with_values(bias, |bias| convolve(sizes, x, (frames, channels, outputs), at, bias)))??;
    Tensor::from_vec(y, (count, outputs, features), &Device::Cpu)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn same(ours: &Tensor, theirs: &Tensor) {
        let apart = (ours - theirs).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(apart < 1e-5, "{apart}");
    }

    #[test]
    fn agrees_with_the_differentiable_operations() {
        let (x, weight, bias) = (check::random(&[3, 7, 5], 1), check::random(&[9, 5], 2), check::random(&[9], 3));
        let turned = Turned::default();
        for _ in 0..2 {
            same(&linear_turned(&x, &weight, &bias, &turned).unwrap(), &linear(&x, &weight, &bias).unwrap());
        }
        for (taps, stride, dilation) in [(7, 2, 1), (3, 1, 2), (1, 2, 1)] {
            let (sizes, weight) = (Conv1d::centred(taps, stride, dilation), check::random(&[9, taps * 5], 4));
            let ours = conv1d_turned(&x, &weight, &bias, sizes, &Turned::default()).unwrap();
            same(&ours, &conv1d(&x, &weight, &bias, sizes).unwrap());
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (x, weight, bias) = (check::random(&[3, 7, 5], 1), check::random(&[9, 6], 2), check::random(&[9], 3));
        assert!(linear_turned(&x, &weight, &bias, &Turned::default()).is_err());
        assert!(conv1d_turned(&x, &weight, &bias, Conv1d::centred(3, 1, 1), &Turned::default()).is_err());
    }
}
