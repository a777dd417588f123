//! Convolution, layer norm, GELU and what is added, frame by frame in one pass, for networks of few channels: nothing is written between
//! the steps. For reading only; where a gradient is asked for, the same steps run one by one.

use candle_core::{Device, Result, Tensor, bail};
use pulp::{Simd, WithSimd};

use super::conv1d::{Conv1d, conv1d};
use super::layer_norm::{EPSILON, layer_norm};
use super::operation::with_values;
use super::simd::{add_into, in_vectors, vectorised};
use super::{add, gelu};

/// Values of the widest vector.
const LANES: usize = 16;
/// Frames convolved together, so that their sums stay in registers: eight of one or more of the widest vectors (AVX-512 has 32 registers), six of
/// two narrower ones (AVX2 has 16).
const WIDE: usize = 8;
const NARROW: usize = 6;
/// Frames between convolution and norm, whole tiles of either kind: they stay in the nearest cache.
const CACHED: usize = 2 * WIDE * NARROW;
/// More features go step by step.
const MOST_FEATURES: usize = 3 * LANES;

/// Weight `[features, taps x channels]` and bias of a convolution.
pub type Kernel<'a> = (&'a Tensor, &'a Tensor, Conv1d);
/// Scale and shift of a layer norm.
pub type Scales<'a> = (&'a Tensor, &'a Tensor);

/// `[added +] GELU(norm(conv(x)))`, or `GELU(conv(x))` without a norm.
pub fn conv_norm_gelu(
    x: &Tensor,
    conv: Kernel<'_>,
    norm: Option<Scales<'_>>,
    added: Option<&Tensor>,
) -> Result<Tensor> {
    let (weight, bias, sizes) = conv;
    if weight.track_op() || x.track_op() || bias.elem_count() > MOST_FEATURES {
        let mut y = conv1d(x, weight, bias, sizes)?;
        if let Some((scale, shift)) = norm {
            y = layer_norm(&y, scale, shift)?;
        }
        y = gelu(&y)?;
        return added.map_or(Ok(y.clone()), |added| add(added, &y));
    }
    let (count, frames, channels) = x.dims3()?;
    let features = bias.elem_count();
    let Some(outputs) = sizes.outputs(frames).filter(|_| weight.dims() == [features, sizes.taps * channels]) else {
        bail!("{:?} does not fit a kernel of {:?}", x.shape(), weight.shape())
    };
    let shape = (count, outputs, features);
    if added.is_some_and(|added| added.dims() != [count, outputs, features]) {
        bail!("what is added does not have the shape {shape:?}")
    }
    let packed = Packed::new(weight, bias, norm, sizes)?;
    let run = |added: &[f32]| -> Result<Tensor> {
        let mut y = Vec::with_capacity(count * outputs * features);
        with_values(x, |x| packed.all(x, (frames, outputs), added, &mut y))?;
        Tensor::from_vec(y, shape, &Device::Cpu)
    };
    match added {
        Some(added) => with_values(added, run)?,
        None => run(&[]),
    }
}

/// The parameters, feature by feature in whole vectors; what lies past the last feature is 0.
struct Packed {
    /// `[taps x channels, width]`.
    kernel: Vec<f32>,
    bias: Vec<f32>,
    norm: Option<(Vec<f32>, Vec<f32>)>,
    features: usize,
    /// Features in whole vectors.
    width: usize,
    channels: usize,
    sizes: Conv1d,
}

impl Packed {
    fn new(weight: &Tensor, bias: &Tensor, norm: Option<Scales<'_>>, sizes: Conv1d) -> Result<Self> {
        let features = bias.elem_count();
        let width = features.next_multiple_of(LANES);
        // a norm takes the mean off every frame; taken off the kernel and the bias, it is 0 already
        let centred = |values: &mut [f32]| {
            if norm.is_some() {
                let mean = values[..features].iter().sum::<f32>() / features as f32;
                values[..features].iter_mut().for_each(|value| *value -= mean);
            }
        };
        let padded = |values: &[f32]| values.iter().copied().chain(std::iter::repeat(0.0)).take(width).collect();
        let row = |tensor: &Tensor| -> Result<Vec<f32>> { with_values(tensor, padded) };
        let kernel = with_values(weight, |weight| {
            let taps = weight.len() / features;
            let mut kernel = vec![0.0; taps * width];
            for (feature, weight) in weight.chunks_exact(taps).enumerate() {
                for (row, value) in kernel.chunks_exact_mut(width).zip(weight) {
                    row[feature] = *value;
                }
            }
            kernel.chunks_exact_mut(width).for_each(centred);
            kernel
        })?;
        let mut bias = row(bias)?;
        centred(&mut bias);
        Ok(Self {
            kernel,
            bias,
            norm: norm.map(|(scale, shift)| Ok::<_, candle_core::Error>((row(scale)?, row(shift)?))).transpose()?,
            features,
            width,
            channels: weight.elem_count() / features / sizes.taps,
            sizes,
        })
    }

    /// All leads of `x` onto the end of `y`; `added` is empty or of as many values.
    fn all(&self, x: &[f32], (frames, outputs): (usize, usize), added: &[f32], y: &mut Vec<f32>) {
        let Conv1d { taps, stride, dilation, padding } = self.sizes;
        // frames that the frames between convolution and norm rest on
        let reach = (CACHED - 1) * stride + dilation * (taps - 1) + 1;
        let mut edge = vec![0.0; reach * self.channels];
        let mut rows = vec![0.0; CACHED * self.width];
        for x in x.chunks_exact(frames * self.channels) {
            for first in (0..outputs).step_by(CACHED) {
                let count = (outputs - first).min(CACHED);
                let from = first * stride;
                let x = match from.checked_sub(padding) {
                    Some(from) if from + reach <= frames => &x[from * self.channels..][..edge.len()],
                    // at both ends: with the zeros that stand beyond them
                    _ => {
                        let (before, from) = (padding.saturating_sub(from), from.saturating_sub(padding).min(frames));
                        let until = (from + reach - before).min(frames);
                        edge.fill(0.0);
                        edge[before * self.channels..][..(until - from) * self.channels]
                            .copy_from_slice(&x[from * self.channels..until * self.channels]);
                        &edge
                    }
                };
                in_vectors(Tiles { packed: self, x, rows: &mut rows, count });
                let begin = y.len();
                if self.width == self.features {
                    y.extend_from_slice(&rows[..count * self.features]);
                } else {
                    rows.chunks_exact(self.width)
                        .take(count)
                        .for_each(|row| y.extend_from_slice(&row[..self.features]));
                }
                let added = added.get(begin..y.len()).unwrap_or_default();
                vectorised(
                    #[inline(always)]
                    || add_into(&mut y[begin..], added),
                );
            }
        }
    }
}

/// `count` frames through convolution, norm and GELU into `rows`, in the processor's own vectors.
struct Tiles<'a> {
    packed: &'a Packed,
    x: &'a [f32],
    rows: &'a mut [f32],
    count: usize,
}

impl WithSimd for Tiles<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { packed, x, rows, count } = self;
        let width = packed.width;
        // with the widest vectors a whole row stays in registers
        match (S::F32_LANES, width / LANES) {
            (LANES, 2) => tiles::<S, WIDE, 2>(simd, packed, x, rows, count),
            (LANES, 3) => tiles::<S, WIDE, 3>(simd, packed, x, rows, count),
            (LANES, _) => tiles::<S, WIDE, 1>(simd, packed, x, rows, count),
            _ => tiles::<S, NARROW, 2>(simd, packed, x, rows, count),
        }
        let rows = &mut rows[..count * width];
        if let Some(scales) = &packed.norm {
            for row in rows.chunks_exact_mut(width) {
                norm(simd, S::as_mut_simd_f32s(row).0, packed, scales);
            }
        }
        // rows are whole vectors; two at a time share the polynomial's factors
        let (pairs, last) = S::as_mut_simd_f32s(rows).0.as_chunks_mut::<2>();
        for pair in pairs {
            *pair = gelu_of(simd, *pair);
        }
        for value in last {
            [*value] = gelu_of(simd, [*value]);
        }
    }
}

/// Layer norm of one row, whose mean is 0.
#[inline(always)]
fn norm<S: Simd>(simd: S, row: &mut [S::f32s], packed: &Packed, (scale, shift): &(Vec<f32>, Vec<f32>)) {
    let count = packed.features as f32;
    let mut squares = simd.splat_f32s(0.0);
    for value in row.iter() {
        squares = simd.mul_add_e_f32s(*value, *value, squares);
    }
    let rate = simd.splat_f32s(1.0 / (simd.reduce_sum_f32s(squares) / count + EPSILON).sqrt());
    for ((value, scale), shift) in row.iter_mut().zip(S::as_simd_f32s(scale).0).zip(S::as_simd_f32s(shift).0) {
        *value = simd.mul_add_e_f32s(simd.mul_f32s(*value, rate), *scale, *shift);
    }
}

/// GELU to 3e-6: no division, no exponential. The normal distribution function is 1/2 + x P(x²) up to |x| = 5, with P by least maximal
/// error of the GELU over x² mapped to -1 … 1, exact at the end.
#[inline(always)]
fn gelu_of<S: Simd, const N: usize>(simd: S, x: [S::f32s; N]) -> [S::f32s; N] {
    const END: f32 = 5.0;
    const P: [f32; 12] = [
        0.141_363_76,
        -0.070_298_44,
        0.051_524_615,
        -0.040_386_64,
        0.031_365_04,
        -0.023_661_88,
        0.016_880_29,
        -0.010_063_485,
        0.005_155_770_6,
        -0.004_007_940_5,
        0.003_173_745_4,
        -0.001_044_830_2,
    ];
    let (end, minus_end, half) = (simd.splat_f32s(END), simd.splat_f32s(-END), simd.splat_f32s(0.5));
    let (scale, shift) = (simd.splat_f32s(2.0 / (END * END)), simd.splat_f32s(-1.0));
    let cut = x.map(|x| simd.max_f32s(simd.min_f32s(x, end), minus_end));
    let place = cut.map(|cut| simd.mul_add_e_f32s(simd.mul_f32s(cut, cut), scale, shift));
    let mut p = [simd.splat_f32s(P[11]); N];
    for factor in P[..11].iter().rev() {
        let factor = simd.splat_f32s(*factor);
        for (p, place) in p.iter_mut().zip(&place) {
            *p = simd.mul_add_e_f32s(*p, *place, factor);
        }
    }
    let mut y = x;
    for ((y, cut), p) in y.iter_mut().zip(&cut).zip(&p) {
        *y = simd.mul_f32s(*y, simd.mul_add_e_f32s(*cut, *p, half));
    }
    y
}

/// The convolution of `count` frames (whole tiles of them), `FRAMES` frames by `VECTORS` vectors at a time.
#[inline(always)]
fn tiles<S: Simd, const FRAMES: usize, const VECTORS: usize>(
    simd: S,
    packed: &Packed,
    x: &[f32],
    rows: &mut [f32],
    count: usize,
) {
    let Conv1d { taps, stride, dilation, .. } = packed.sizes;
    let (channels, width) = (packed.channels, packed.width);
    let part = VECTORS * S::F32_LANES;
    for (tile, rows) in rows.chunks_exact_mut(FRAMES * width).take(count.div_ceil(FRAMES)).enumerate() {
        let x = &x[tile * FRAMES * stride * channels..];
        for column in (0..width).step_by(part) {
            let load = |values: &[f32]| -> [S::f32s; VECTORS] {
                let mut loaded = [simd.splat_f32s(0.0); VECTORS];
                loaded.copy_from_slice(S::as_simd_f32s(&values[column..column + part]).0);
                loaded
            };
            let mut sums = [load(&packed.bias); FRAMES];
            for tap in 0..taps {
                let from: [&[f32]; FRAMES] =
                    std::array::from_fn(|frame| &x[(frame * stride + tap * dilation) * channels..][..channels]);
                let kernel = &packed.kernel[tap * channels * width..][..channels * width];
                for (kernel, channel) in kernel.chunks_exact(width).zip(0..channels) {
                    let kernel = load(kernel);
                    for (sums, from) in sums.iter_mut().zip(&from) {
                        let value = simd.splat_f32s(from[channel]);
                        for (sum, weight) in sums.iter_mut().zip(&kernel) {
                            *sum = simd.mul_add_e_f32s(value, *weight, *sum);
                        }
                    }
                }
            }
            for (row, sums) in rows.chunks_exact_mut(width).zip(&sums) {
                let (into, _) = S::as_mut_simd_f32s(&mut row[column..column + part]);
                into.copy_from_slice(sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn agrees_with_the_steps_one_by_one() {
        for (channels, features, taps, stride, dilation) in [
            (2, 12, 9, 2, 1),
            (12, 12, 7, 1, 1),
            (12, 24, 5, 2, 1),
            (32, 48, 5, 2, 1),
            (7, 33, 5, 1, 3),
            (3, 50, 3, 1, 1),
        ] {
            let sizes = Conv1d::centred(taps, stride, dilation);
            for frames in [1, 7, 16, 30] {
                let x = check::random(&[3, frames, channels], 1);
                let weight = check::random(&[features, taps * channels], 2);
                let [bias, scale, shift] = [3, 4, 5].map(|seed| check::random(&[features], seed));
                let outputs = sizes.outputs(frames).unwrap();
                let added = check::random(&[3, outputs, features], 6);
                let plain = conv1d(&x, &weight, &bias, sizes).unwrap();
                let normed = layer_norm(&plain, &scale, &shift).unwrap();
                let kernel = (&weight, &bias, sizes);
                let same = |ours: Tensor, theirs: Tensor| {
                    let apart = (ours - theirs).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
                    assert!(apart < 1e-5, "{channels} {features} {frames}: {apart}");
                };
                same(conv_norm_gelu(&x, kernel, None, None).unwrap(), gelu(&plain).unwrap());
                let norm = Some((&scale, &shift));
                same(conv_norm_gelu(&x, kernel, norm, None).unwrap(), gelu(&normed).unwrap());
                let both = add(&added, &gelu(&normed).unwrap()).unwrap();
                same(conv_norm_gelu(&x, kernel, norm, Some(&added)).unwrap(), both);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (x, weight, bias) = (check::random(&[1, 9, 2], 1), check::random(&[3, 6], 2), check::random(&[3], 3));
        let kernel = (&weight, &bias, Conv1d::centred(3, 1, 1));
        assert!(conv_norm_gelu(&x, kernel, None, None).is_ok());
        assert!(conv_norm_gelu(&x, kernel, None, Some(&x)).is_err());
        assert!(conv_norm_gelu(&weight, kernel, None, None).is_err());
    }
}
