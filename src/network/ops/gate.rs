//! Multiplication of every frame, or every channel, by a gate.

use candle_core::{Result, Tensor, bail};

use super::operation::{Operation, View, apply2};
use super::simd::{dot, vectorised};

struct Channels;
struct Frames;

fn sizes(x: View<'_>, gate: View<'_>, wanted: impl Fn(usize, usize, usize) -> [usize; 3]) -> Result<()> {
    let &[count, frames, channels] = x.shape else { bail!("a gate acts on [n, frames, channels]") };
    if gate.shape != wanted(count, frames, channels) {
        bail!("a gate of {:?} does not fit {:?}", gate.shape, x.shape)
    }
    Ok(())
}

impl Operation<2> for Channels {
    const NAME: &'static str = "gate of channels";

    fn forward(&self, [x, gate]: [View<'_>; 2]) -> Result<(Vec<f32>, Vec<usize>)> {
        sizes(x, gate, |count, _, channels| [count, 1, channels])?;
        let (frames, channels) = (x.shape[1], x.shape[2]);
        let mut y = x.values.to_vec();
        vectorised(
            #[inline(always)]
            || {
                for (y, gate) in y.chunks_exact_mut(frames * channels).zip(gate.values.chunks_exact(channels)) {
                    for y in y.chunks_exact_mut(channels) {
                        for (y, gate) in y.iter_mut().zip(gate) {
                            *y *= gate;
                        }
                    }
                }
            },
        );
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, [x, gate]: [View<'_>; 2], _: View<'_>, grad: &[f32], _: [bool; 2]) -> [Vec<f32>; 2] {
        let (frames, channels) = (x.shape[1], x.shape[2]);
        let (mut dx, mut dgate) = (grad.to_vec(), vec![0.0; gate.values.len()]);
        vectorised(
            #[inline(always)]
            || {
                for (i, x) in x.values.chunks_exact(frames * channels).enumerate() {
                    let here = i * channels..(i + 1) * channels;
                    let (gate, dgate) = (&gate.values[here.clone()], &mut dgate[here]);
                    let dx = &mut dx[i * frames * channels..(i + 1) * frames * channels];
                    for (x, dx) in x.chunks_exact(channels).zip(dx.chunks_exact_mut(channels)) {
                        for j in 0..channels {
                            dgate[j] += dx[j] * x[j];
                            dx[j] *= gate[j];
                        }
                    }
                }
            },
        );
        [dx, dgate]
    }
}

impl Operation<2> for Frames {
    const NAME: &'static str = "gate of frames";

    fn forward(&self, [x, gate]: [View<'_>; 2]) -> Result<(Vec<f32>, Vec<usize>)> {
        sizes(x, gate, |count, frames, _| [count, frames, 1])?;
        let mut y = x.values.to_vec();
        vectorised(
            #[inline(always)]
            || {
                for (y, gate) in y.chunks_exact_mut(x.shape[2]).zip(gate.values) {
                    for y in y.iter_mut() {
                        *y *= gate;
                    }
                }
            },
        );
        Ok((y, x.shape.to_vec()))
    }

    fn backward(&self, [x, gate]: [View<'_>; 2], _: View<'_>, grad: &[f32], _: [bool; 2]) -> [Vec<f32>; 2] {
        let channels = x.shape[2];
        let (mut dx, mut dgate) = (grad.to_vec(), vec![0.0; gate.values.len()]);
        vectorised(
            #[inline(always)]
            || {
                let rows = x.values.chunks_exact(channels).zip(dx.chunks_exact_mut(channels));
                for ((x, dx), (gate, dgate)) in rows.zip(gate.values.iter().zip(dgate.iter_mut())) {
                    *dgate = dot(dx, x);
                    for dx in dx.iter_mut() {
                        *dx *= gate;
                    }
                }
            },
        );
        [dx, dgate]
    }
}

/// `x[n, frames, channels]` times `gate[n, 1, channels]`.
pub fn gate_channels(x: &Tensor, gate: &Tensor) -> Result<Tensor> {
    apply2(x, gate, Channels)
}

/// `x[n, frames, channels]` times `gate[n, frames, 1]`.
pub fn gate_frames(x: &Tensor, gate: &Tensor) -> Result<Tensor> {
    apply2(x, gate, Frames)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn right() {
        let shapes: [&[usize]; 2] = [&[3, 7, 20], &[3, 1, 20]];
        check::agree(&shapes, |x| gate_channels(&x[0], &x[1]), |x| x[0].broadcast_mul(&x[1]));
        check::finite_differences(&shapes, |x| gate_channels(&x[0], &x[1]));
        let shapes: [&[usize]; 2] = [&[3, 7, 20], &[3, 7, 1]];
        check::agree(&shapes, |x| gate_frames(&x[0], &x[1]), |x| x[0].broadcast_mul(&x[1]));
        check::finite_differences(&shapes, |x| gate_frames(&x[0], &x[1]));
    }
}
