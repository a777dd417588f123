//! Group normalisation (Wu and He 2018), channels last: each group of adjacent channels over all frames of one lead.

use candle_core::{Result, Tensor, bail};

use super::operation::{Operation, View, apply3};
use super::simd::{add_into, add_rows, vectorised};

/// Added to the variance, as in PyTorch.
const EPSILON: f32 = 1e-5;

struct GroupNorm {
    groups: usize,
}

/// Spreads the mean of each group of channels back to its channels, in place.
#[inline(always)]
fn average_groups(by_channel: &mut [f32], groups: usize, frames: usize) {
    let each = by_channel.len() / groups;
    for group in by_channel.chunks_exact_mut(each) {
        let mean = group.iter().sum::<f32>() / (each * frames) as f32;
        group.fill(mean);
    }
}

/// Mean and one over the standard deviation of each channel's group, into `mean` and `rate`.
#[inline(always)]
fn statistics(x: &[f32], groups: usize, mean: &mut [f32], rate: &mut [f32]) {
    let (channels, frames) = (mean.len(), x.len() / mean.len());
    mean.fill(0.0);
    add_rows(mean, x);
    average_groups(mean, groups, frames);
    rate.fill(0.0);
    for row in x.chunks_exact(channels) {
        for ((rate, x), mean) in rate.iter_mut().zip(row).zip(mean.iter()) {
            *rate += (x - mean) * (x - mean);
        }
    }
    average_groups(rate, groups, frames);
    for rate in rate.iter_mut() {
        *rate = 1.0 / (*rate + EPSILON).sqrt();
    }
}

impl Operation<3> for GroupNorm {
    const NAME: &'static str = "group norm";

    fn forward(&self, [x, scale, shift]: [View<'_>; 3]) -> Result<(Vec<f32>, Vec<usize>)> {
        let &[_, frames, channels] = x.shape else { bail!("a group norm reads [n, frames, channels]") };
        if scale.values.len() != channels || shift.values.len() != channels || channels % self.groups != 0 {
            bail!("{:?} does not fit a norm of {} in {} groups", x.shape, scale.values.len(), self.groups)
        }
        let mut y = vec![0.0; x.values.len()];
        vectorised(
            #[inline(always)]
            || {
                let (mut mean, mut rate) = (vec![0.0; channels], vec![0.0; channels]);
                let one = frames * channels;
                for (x, y) in x.values.chunks_exact(one).zip(y.chunks_exact_mut(one)) {
                    statistics(x, self.groups, &mut mean, &mut rate);
                    for i in 0..channels {
                        // (x - mean) rate scale + shift as one product and one sum
                        rate[i] *= scale.values[i];
                        mean[i] = shift.values[i] - mean[i] * rate[i];
                    }
                    for (x, y) in x.chunks_exact(channels).zip(y.chunks_exact_mut(channels)) {
                        for (((y, x), rate), mean) in y.iter_mut().zip(x).zip(&rate).zip(&mean) {
                            *y = x * rate + mean;
                        }
                    }
                }
            },
        );
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, [x, scale, _]: [View<'_>; 3], _: View<'_>, grad: &[f32], _: [bool; 3]) -> [Vec<f32>; 3] {
        let (frames, channels) = (x.shape[1], x.shape[2]);
        let (mut dx, mut dscale, mut dshift) = (vec![0.0; grad.len()], vec![0.0; channels], vec![0.0; channels]);
        vectorised(
            #[inline(always)]
            || {
                let mut four = [(); 4].map(|()| vec![0.0_f32; channels]);
                let [mean, rate, level, slope] = &mut four;
                let one = frames * channels;
                let all = x.values.chunks_exact(one).zip(grad.chunks_exact(one));
                for ((x, grad), dx) in all.zip(dx.chunks_exact_mut(one)) {
                    statistics(x, self.groups, mean, rate);
                    level.fill(0.0);
                    slope.fill(0.0);
                    for (x, grad) in x.chunks_exact(channels).zip(grad.chunks_exact(channels)) {
                        for i in 0..channels {
                            level[i] += grad[i];
                            slope[i] += grad[i] * (x[i] - mean[i]) * rate[i];
                        }
                    }
                    add_into(&mut dshift, level);
                    add_into(&mut dscale, slope);
                    for i in 0..channels {
                        level[i] *= scale.values[i];
                        slope[i] *= scale.values[i];
                    }
                    average_groups(level, self.groups, frames);
                    average_groups(slope, self.groups, frames);
                    let rows = x.chunks_exact(channels).zip(grad.chunks_exact(channels));
                    for ((x, grad), dx) in rows.zip(dx.chunks_exact_mut(channels)) {
                        for i in 0..channels {
                            let unit = (x[i] - mean[i]) * rate[i];
                            dx[i] = rate[i] * (grad[i] * scale.values[i] - level[i] - unit * slope[i]);
                        }
                    }
                }
            },
        );
        [dx, dscale, dshift]
    }
}

/// `x[n, frames, channels]` normalised per group of channels, times `scale[channels]`, plus `shift[channels]`.
pub fn group_norm(x: &Tensor, scale: &Tensor, shift: &Tensor, groups: usize) -> Result<Tensor> {
    apply3(x, scale, shift, GroupNorm { groups })
}

#[cfg(test)]
mod tests {
    use candle_core::Module;

    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        let shapes: [&[usize]; 3] = [&[3, 10, 8], &[8], &[8]];
        let composed = |x: &[Tensor]| {
            let norm = candle_nn::GroupNorm::new(x[1].clone(), x[2].clone(), 8, 4, f64::from(EPSILON))?;
            norm.forward(&x[0].transpose(1, 2)?.contiguous()?)?.transpose(1, 2)?.contiguous()
        };
        check::agree(&shapes, |x| group_norm(&x[0], &x[1], &x[2], 4), composed);
        check::finite_differences(&shapes, |x| group_norm(&x[0], &x[1], &x[2], 4));
    }

    #[test]
    fn a_flat_lead_stays_finite() {
        let flat = Tensor::full(3.0_f32, (1, 10, 8), &candle_core::Device::Cpu).unwrap();
        let (scale, shift) = (check::random(&[8], 1), check::random(&[8], 2));
        let y = group_norm(&flat, &scale, &shift, 4).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(y.iter().all(|v| v.is_finite()));
    }
}
