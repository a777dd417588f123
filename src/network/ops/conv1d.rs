//! Convolution over frames, channels last, with stride and dilation. The rows that a product needs lie in the padded
//! input already (row step = stride x channels), so nothing is unfolded. candle's own has a wrong gradient (0.11.1).

use candle_core::{Result, Tensor, bail};

use super::matrix::{Strided, multiply};
use super::operation::{Operation, View, apply3};
use super::simd::{add_into, add_rows, vectorised};

/// Sizes that the weights do not tell.
#[derive(Debug, Clone, Copy)]
pub struct Conv1d {
    /// Taps of the kernel.
    pub taps: usize,
    /// Frames from one output to the next.
    pub stride: usize,
    /// Frames from one tap to the next.
    pub dilation: usize,
    /// Zeros before the first and after the last frame.
    pub padding: usize,
}

impl Conv1d {
    /// An odd kernel that keeps the middle over its frame.
    pub fn centred(taps: usize, stride: usize, dilation: usize) -> Self {
        Self { taps, stride, dilation, padding: dilation * (taps / 2) }
    }

    pub(super) fn outputs(&self, frames: usize) -> Option<usize> {
        let span = self.dilation * (self.taps - 1) + 1;
        (frames + 2 * self.padding).checked_sub(span).map(|free| free / self.stride + 1)
    }

    /// Parts of the kernel that lie in one piece: (offset in the input, offset in a row of the weight, width).
    fn pieces(&self, channels: usize) -> Vec<(usize, usize, usize)> {
        if self.dilation == 1 {
            return vec![(0, 0, self.taps * channels)];
        }
        (0..self.taps).map(|tap| (tap * self.dilation * channels, tap * channels, channels)).collect()
    }

    fn padded(&self, frames: usize, channels: usize) -> Vec<f32> {
        vec![0.0; (frames + 2 * self.padding) * channels]
    }
}

/// The convolution of `x [n, frames, channels]`; `kernel` is asked for the rows `[.., features]` from a place among `taps x channels` on.
pub(super) fn convolve<'a>(
    sizes: Conv1d,
    x: &[f32],
    (frames, channels, outputs): (usize, usize, usize),
    kernel: impl Fn(usize) -> Strided<'a>,
    bias: &[f32],
) -> Vec<f32> {
    let features = bias.len();
    let mut padded = sizes.padded(frames, channels);
    let mut y = bias.repeat(x.len() / (frames * channels).max(1) * outputs);
    for (x, y) in x.chunks_exact(frames * channels).zip(y.chunks_exact_mut(outputs * features)) {
        padded[sizes.padding * channels..][..x.len()].copy_from_slice(x);
        for (at, place, width) in sizes.pieces(channels) {
            let rows = Strided(&padded[at..], sizes.stride * channels, 1);
            multiply((outputs, features, width), y, features, true, rows, kernel(place));
        }
    }
    y
}

impl Operation<3> for Conv1d {
    const NAME: &'static str = "conv1d";

    fn forward(&self, [x, weight, bias]: [View<'_>; 3]) -> Result<(Vec<f32>, Vec<usize>)> {
        let &[count, frames, channels] = x.shape else { bail!("a convolution reads [n, frames, channels]") };
        let (features, row) = (bias.values.len(), self.taps * channels);
        let Some(outputs) = self.outputs(frames).filter(|_| weight.shape == [features, row]) else {
            bail!("{:?} does not fit a kernel of {:?}", x.shape, weight.shape)
        };
        let kernel = |place: usize| Strided(&weight.values[place..], 1, row);
        let y = convolve(*self, x.values, (frames, channels, outputs), kernel, bias.values);
        Ok((y, vec![count, outputs, features]))
    }

    fn backward(
        &self,
        [x, weight, bias]: [View<'_>; 3],
        y: View<'_>,
        grad: &[f32],
        wanted: [bool; 3],
    ) -> [Vec<f32>; 3] {
        let (frames, channels, outputs) = (x.shape[1], x.shape[2], y.shape[1]);
        let (features, row) = (bias.values.len(), self.taps * channels);
        let (mut padded, mut into) = (self.padded(frames, channels), self.padded(frames, channels));
        let inside = self.padding * channels..(self.padding + frames) * channels;
        let mut dx = vec![0.0; if wanted[0] { x.values.len() } else { 0 }];
        let mut dw = vec![0.0; weight.values.len()];
        for (i, grad) in grad.chunks_exact(outputs * features).enumerate() {
            let here = i * frames * channels..(i + 1) * frames * channels;
            padded[inside.clone()].copy_from_slice(&x.values[here.clone()]);
            for (at, tap, width) in self.pieces(channels) {
                let rows = Strided(&padded[at..], self.stride * channels, 1);
                multiply((features, width, outputs), &mut dw[tap..], row, true, Strided(grad, 1, features), rows);
            }
            if wanted[0] {
                into.fill(0.0);
                for tap in 0..self.taps {
                    // rows of one tap are a stride apart and do not overlap, so each tap adds in place
                    let kernel = Strided(&weight.values[tap * channels..], row, 1);
                    let out = &mut into[tap * self.dilation * channels..];
                    let grad = Strided(grad, features, 1);
                    multiply((outputs, channels, features), out, self.stride * channels, true, grad, kernel);
                }
                vectorised(
                    #[inline(always)]
                    || add_into(&mut dx[here], &into[inside.clone()]),
                );
            }
        }
        let mut db = vec![0.0; features];
        vectorised(
            #[inline(always)]
            || add_rows(&mut db, grad),
        );
        [dx, dw, db]
    }
}

/// `x[n, frames, channels]`, `weight[features, taps x channels]`, `bias[features]` to `[n, outputs, features]`.
pub fn conv1d(x: &Tensor, weight: &Tensor, bias: &Tensor, sizes: Conv1d) -> Result<Tensor> {
    apply3(x, weight, bias, sizes)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::super::check;
    use super::*;

    /// Pad, gather, multiply: right by construction.
    fn composed(x: &[Tensor], sizes: Conv1d) -> Result<Tensor> {
        let (count, frames, channels) = x[0].dims3()?;
        let outputs = sizes.outputs(frames).unwrap();
        let padded = x[0].pad_with_zeros(1, sizes.padding, sizes.padding)?.contiguous()?;
        let taps = (0..outputs)
            .flat_map(|t| (0..sizes.taps).map(move |j| (t * sizes.stride + j * sizes.dilation) as u32))
            .collect::<Vec<_>>();
        let index = Tensor::from_vec(taps, outputs * sizes.taps, &Device::Cpu)?;
        let rows = padded.index_select(&index, 1)?.reshape((count * outputs, sizes.taps * channels))?;
        let flat = rows.matmul(&x[1].t()?.contiguous()?)?.broadcast_add(&x[2])?;
        flat.reshape((count, outputs, x[2].elem_count()))
    }

    #[test]
    fn right_for_strides_and_dilations() {
        for (channels, features, taps, stride, dilation) in
            [(1, 4, 7, 2, 1), (3, 5, 5, 2, 1), (3, 4, 3, 1, 1), (3, 4, 3, 1, 2), (4, 2, 1, 2, 1), (2, 1, 7, 1, 1)]
        {
            let sizes = Conv1d::centred(taps, stride, dilation);
            let shapes: [&[usize]; 3] = [&[3, 20, channels], &[features, taps * channels], &[features]];
            check::agree(&shapes, |x| conv1d(&x[0], &x[1], &x[2], sizes), |x| composed(x, sizes));
            check::finite_differences(&shapes, |x| conv1d(&x[0], &x[1], &x[2], sizes));
        }
    }

    #[test]
    fn a_kernel_longer_than_the_input_is_an_error() {
        let sizes = Conv1d { taps: 9, stride: 1, dilation: 1, padding: 0 };
        let (x, w, b) = (check::random(&[1, 4, 2], 1), check::random(&[3, 18], 2), check::random(&[3], 3));
        assert!(conv1d(&x, &w, &b, sizes).is_err());
    }
}
