//! Mean and maximum side by side, over frames or over channels, as CBAM's gates read them (Woo et al. 2018).
//! Where several values share the maximum, they share its gradient: a lead of zeros would otherwise count 125 times.

use candle_core::{Result, Tensor, bail};

use super::operation::{Operation, View, apply1};
use super::simd::{max, sum, vectorised};

struct OverFrames;
struct OverChannels;

fn sizes(x: View<'_>) -> Result<(usize, usize, usize)> {
    let &[count, frames, channels] = x.shape else { bail!("a pool reads [n, frames, channels]") };
    Ok((count, frames, channels))
}

impl Operation<1> for OverFrames {
    const NAME: &'static str = "mean and max over frames";

    fn forward(&self, [x]: [View<'_>; 1]) -> Result<(Vec<f32>, Vec<usize>)> {
        let (count, frames, channels) = sizes(x)?;
        let mut y = vec![0.0; count * 2 * channels];
        vectorised(
            #[inline(always)]
            || {
                for (x, y) in x.values.chunks_exact(frames * channels).zip(y.chunks_exact_mut(2 * channels)) {
                    let (mean, top) = y.split_at_mut(channels);
                    top.fill(f32::NEG_INFINITY);
                    for row in x.chunks_exact(channels) {
                        for ((mean, top), &x) in mean.iter_mut().zip(top.iter_mut()).zip(row) {
                            *mean += x;
                            *top = if x > *top { x } else { *top };
                        }
                    }
                    for mean in mean.iter_mut() {
                        *mean /= frames as f32;
                    }
                }
            },
        );
        Ok((y, vec![count, 2, channels]))
    }

    fn backward(&self, [x]: [View<'_>; 1], y: View<'_>, grad: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        let (frames, channels) = (x.shape[1], x.shape[2]);
        let mut dx = vec![0.0; x.values.len()];
        vectorised(
            #[inline(always)]
            || {
                let mut share = vec![0.0_f32; channels];
                let all = x.values.chunks_exact(frames * channels).zip(y.values.chunks_exact(2 * channels));
                for (((x, y), grad), dx) in
                    all.zip(grad.chunks_exact(2 * channels)).zip(dx.chunks_exact_mut(frames * channels))
                {
                    let top = &y[channels..];
                    share.fill(0.0);
                    for row in x.chunks_exact(channels) {
                        for ((share, x), top) in share.iter_mut().zip(row).zip(top) {
                            *share += if x == top { 1.0 } else { 0.0 };
                        }
                    }
                    for (share, grad) in share.iter_mut().zip(&grad[channels..]) {
                        *share = grad / *share;
                    }
                    for (x, dx) in x.chunks_exact(channels).zip(dx.chunks_exact_mut(channels)) {
                        for i in 0..channels {
                            dx[i] = grad[i] / frames as f32 + if x[i] == top[i] { share[i] } else { 0.0 };
                        }
                    }
                }
            },
        );
        [dx]
    }
}

impl Operation<1> for OverChannels {
    const NAME: &'static str = "mean and max over channels";

    fn forward(&self, [x]: [View<'_>; 1]) -> Result<(Vec<f32>, Vec<usize>)> {
        let (count, frames, channels) = sizes(x)?;
        let mut y = vec![0.0; count * frames * 2];
        vectorised(
            #[inline(always)]
            || {
                for (x, y) in x.values.chunks_exact(channels).zip(y.chunks_exact_mut(2)) {
                    y[0] = sum(x) / channels as f32;
                    y[1] = max(x);
                }
            },
        );
        Ok((y, vec![count, frames, 2]))
    }

    fn backward(&self, [x]: [View<'_>; 1], y: View<'_>, grad: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        let channels = x.shape[2];
        let mut dx = vec![0.0; x.values.len()];
        vectorised(
            #[inline(always)]
            || {
                let rows = x.values.chunks_exact(channels).zip(dx.chunks_exact_mut(channels));
                for (((x, dx), y), grad) in rows.zip(y.values.chunks_exact(2)).zip(grad.chunks_exact(2)) {
                    let top = y[1];
                    let ties: f32 = x.iter().map(|&x| if x == top { 1.0 } else { 0.0 }).sum();
                    let (mean, share) = (grad[0] / channels as f32, grad[1] / ties);
                    for (dx, &x) in dx.iter_mut().zip(x) {
                        *dx = mean + if x == top { share } else { 0.0 };
                    }
                }
            },
        );
        [dx]
    }
}

/// `x[n, frames, channels]` to `[n, 2, channels]`: row 0 the means over frames, row 1 the maxima.
pub fn mean_max_over_frames(x: &Tensor) -> Result<Tensor> {
    apply1(x, OverFrames)
}

/// `x[n, frames, channels]` to `[n, frames, 2]`: mean and maximum over channels.
pub fn mean_max_over_channels(x: &Tensor) -> Result<Tensor> {
    apply1(x, OverChannels)
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        let frames = |x: &[Tensor]| Tensor::cat(&[x[0].mean_keepdim(1)?, x[0].max_keepdim(1)?], 1);
        check::agree(&[&[3, 7, 20]], |x| mean_max_over_frames(&x[0]), frames);
        check::finite_differences(&[&[2, 3, 5]], |x| mean_max_over_frames(&x[0]));
        let channels = |x: &[Tensor]| Tensor::cat(&[x[0].mean_keepdim(2)?, x[0].max_keepdim(2)?], 2);
        check::agree(&[&[3, 7, 20]], |x| mean_max_over_channels(&x[0]), channels);
        check::finite_differences(&[&[2, 3, 5]], |x| mean_max_over_channels(&x[0]));
    }

    #[test]
    fn ties_share_the_gradient() {
        let x = Var::from_tensor(&Tensor::zeros((1, 4, 3), candle_core::DType::F32, &Device::Cpu).unwrap()).unwrap();
        for pool in [mean_max_over_frames, mean_max_over_channels] {
            let grads = pool(x.as_tensor()).unwrap().sum_all().unwrap().backward().unwrap();
            let total = grads.get(&x).unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
            let outputs = pool(x.as_tensor()).unwrap().elem_count() as f32;
            assert!((total - outputs).abs() < 1e-5, "{total} of {outputs}");
        }
    }
}
