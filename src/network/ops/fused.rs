//! Convolution (or affine map), layer norm, GELU and what is added, frame by frame in one pass, for networks of few channels: nothing is
//! written between the steps. For reading only; where a gradient is asked for, the same steps run one by one.

use std::sync::OnceLock;

use candle_core::{Device, Result, Tensor, bail};
use pulp::{Simd, WithSimd};

use super::add;
use super::conv1d::{Conv1d, conv1d};
use super::gelu::{gelu, gelu_of};
use super::layer_norm::{EPSILON, layer_norm};
use super::linear::linear;
use super::operation::with_values;
use super::simd::{add_into, in_vectors, vectorised};
use super::winograd::{Grid, POINTS, grid, turn_input, turn_output, turned_kernel};

/// Values of the widest vector.
const LANES: usize = 16;
/// Frames convolved together, so that their sums stay in registers: eight of one or more of the widest vectors (AVX-512 has 32 registers), six of
/// two narrower ones (AVX2 has 16).
const WIDE: usize = 8;
const NARROW: usize = 6;
/// Frames between convolution and norm, whole tiles of either kind: they stay in the nearest cache.
const CACHED: usize = 2 * WIDE * NARROW;
/// More features go step by step.
const MOST_FEATURES: usize = 4 * LANES;

/// Weight `[features, taps x channels]` and bias of a convolution.
pub type Kernel<'a> = (&'a Tensor, &'a Tensor, Conv1d);
/// Scale and shift of a layer norm.
pub type Scales<'a> = (&'a Tensor, &'a Tensor);

/// What one convolution with its norm is laid out as at its first reading. Its parameters must stay what they were then.
#[derive(Default)]
pub struct LaidOut(OnceLock<Packed>);

impl LaidOut {
    fn get(&self, kernel: Kernel<'_>, norm: Option<Scales<'_>>, gelu: bool) -> Result<&Packed> {
        match self.0.get() {
            Some(packed) => Ok(packed),
            None => {
                let packed = Packed::new(kernel, norm, gelu)?;
                Ok(self.0.get_or_init(|| packed))
            }
        }
    }
}

/// `[added +] GELU(norm(conv(x)))`, or `GELU(conv(x))` without a norm.
pub fn conv_norm_gelu(
    x: &Tensor,
    conv: Kernel<'_>,
    norm: Option<Scales<'_>>,
    added: Option<&Tensor>,
    laid_out: &LaidOut,
) -> Result<Tensor> {
    let (weight, bias, sizes) = conv;
    if step_by_step(x, weight, bias) {
        let mut y = conv1d(x, weight, bias, sizes)?;
        if let Some((scale, shift)) = norm {
            y = layer_norm(&y, scale, shift)?;
        }
        y = gelu(&y)?;
        return added.map_or(Ok(y.clone()), |added| add(added, &y));
    }
    in_one_pass(x, laid_out.get(conv, norm, true)?, added)
}

/// `weight x + bias [+ added]` on the last of three dimensions; the answer has the shape of what is added.
pub fn linear_add(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    added: Option<&Tensor>,
    laid_out: &LaidOut,
) -> Result<Tensor> {
    if step_by_step(x, weight, bias) {
        let y = linear(x, weight, bias)?;
        return added.map_or(Ok(y.clone()), |added| add(&y.reshape(added.shape())?, added));
    }
    let y = in_one_pass(x, laid_out.get((weight, bias, Conv1d::centred(1, 1, 1)), None, false)?, added)?;
    added.map_or(Ok(y.clone()), |added| y.reshape(added.shape()))
}

/// Whether a gradient is asked for, or the features are too many for one pass.
fn step_by_step(x: &Tensor, weight: &Tensor, bias: &Tensor) -> bool {
    weight.track_op() || x.track_op() || bias.elem_count() > MOST_FEATURES
}

fn in_one_pass(x: &Tensor, packed: &Packed, added: Option<&Tensor>) -> Result<Tensor> {
    let (count, frames, channels) = x.dims3()?;
    let features = packed.features;
    let Some(outputs) = packed.sizes.outputs(frames).filter(|_| packed.channels == channels) else {
        bail!("{:?} does not fit a kernel of {} channels", x.shape(), packed.channels)
    };
    let shape = (count, outputs, features);
    if added.is_some_and(|added| added.elem_count() != count * outputs * features) {
        bail!("what is added does not have the shape {shape:?}")
    }
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
    /// Slabs of `[taps x channels, part]`, one for each `part` features; where tiles are turned, those of `[channels, part]` point by point.
    kernel: Vec<f32>,
    /// How tiles are turned; `None` = frames are convolved as they are.
    turned: Option<Grid>,
    part: usize,
    bias: Vec<f32>,
    norm: Option<(Vec<f32>, Vec<f32>)>,
    gelu: bool,
    features: usize,
    /// Features in whole vectors.
    width: usize,
    channels: usize,
    sizes: Conv1d,
}

impl Packed {
    fn new((weight, bias, sizes): Kernel<'_>, norm: Option<Scales<'_>>, gelu: bool) -> Result<Self> {
        let features = bias.elem_count();
        if features == 0 || !weight.elem_count().is_multiple_of(features * sizes.taps) {
            bail!("a kernel of {:?} does not fit {features} features", weight.shape())
        }
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
        let part = in_vectors(Part(width));
        let channels = kernel.len() / width / sizes.taps;
        let turned = grid(sizes, channels, LANES, CACHED);
        let slabs = |rows: &[f32]| -> Vec<f32> {
            let slab = |column: usize| rows.chunks_exact(width).flat_map(move |row| &row[column..column + part]);
            (0..width).step_by(part).flat_map(slab).copied().collect()
        };
        let kernel = match turned {
            Some(_) => turned_kernel(&kernel).chunks_exact(channels * width).flat_map(slabs).collect(),
            None => slabs(&kernel),
        };
        let mut bias = row(bias)?;
        centred(&mut bias);
        Ok(Self {
            kernel,
            turned,
            part,
            bias,
            norm: norm.map(|(scale, shift)| Ok::<_, candle_core::Error>((row(scale)?, row(shift)?))).transpose()?,
            gelu,
            features,
            width,
            channels,
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
        let stored = self.turned.map_or(0, |grid| POINTS * grid.tiles(CACHED));
        let (mut turned, mut products) = (vec![0.0; stored * self.channels], vec![0.0; stored * self.width]);
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
                let work = (&mut turned[..], &mut products[..]);
                in_vectors(Tiles { packed: self, x, work, rows: &mut rows, count });
                let begin = y.len();
                let added = added.get(begin..begin + count * self.features).unwrap_or_default();
                match (self.width == self.features, added.is_empty()) {
                    (true, true) => y.extend_from_slice(&rows[..count * self.features]),
                    (true, false) => y.extend(rows.iter().zip(added).map(|(row, added)| row + added)),
                    (false, _) => {
                        let rows = rows.chunks_exact(self.width).take(count);
                        rows.for_each(|row| y.extend_from_slice(&row[..self.features]));
                        vectorised(
                            #[inline(always)]
                            || add_into(&mut y[begin..], added),
                        );
                    }
                }
            }
        }
    }
}

/// How many features of this many are convolved at a time.
struct Part(usize);

impl WithSimd for Part {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        match (S::F32_LANES, self.0 / LANES) {
            // with the widest vectors a whole row stays in registers
            (LANES, 2 | 3) => self.0,
            (LANES, _) => LANES,
            (lanes, _) => 2 * lanes,
        }
    }
}

/// `count` frames through convolution, norm and GELU into `rows`, in the processor's own vectors.
struct Tiles<'a> {
    packed: &'a Packed,
    x: &'a [f32],
    /// Room for turned input and for its products, where tiles are turned.
    work: (&'a mut [f32], &'a mut [f32]),
    rows: &'a mut [f32],
    count: usize,
}

impl WithSimd for Tiles<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { packed, x, work: (turned, products), rows, count } = self;
        let (width, channels) = (packed.width, packed.channels);
        match packed.turned {
            None => {
                let kernel = Slabs { kernel: &packed.kernel, bias: Some(&packed.bias), sizes: packed.sizes, channels };
                convolve(simd, kernel, (width, packed.part), x, rows, count);
            }
            Some(grid) => {
                let tiles = grid.tiles(count);
                turn_input(simd, x, channels, grid, tiles, turned);
                let points =
                    turned.chunks_exact(turned.len() / POINTS).zip(products.chunks_exact_mut(products.len() / POINTS));
                for ((x, rows), kernel) in points.zip(packed.kernel.chunks_exact(channels * width)) {
                    let kernel = Slabs { kernel, bias: None, sizes: Conv1d::centred(1, 1, 1), channels };
                    convolve(simd, kernel, (width, packed.part), x, rows, tiles);
                }
                turn_output(simd, products, &packed.bias, grid, tiles, rows);
            }
        }
        let rows = &mut rows[..count * width];
        if let Some(scales) = &packed.norm {
            norm(simd, rows, packed, scales);
        }
        if packed.gelu {
            gelu_of(simd, rows);
        }
    }
}

/// Layer norm of rows whose means are 0, [`CACHED`] of them at most.
#[inline(always)]
fn norm<S: Simd>(simd: S, rows: &mut [f32], packed: &Packed, (scale, shift): &(Vec<f32>, Vec<f32>)) {
    let mut rates = [0.0; CACHED];
    for (rate, row) in rates.iter_mut().zip(rows.chunks_exact(packed.width)) {
        let mut squares = simd.splat_f32s(0.0);
        for value in S::as_simd_f32s(row).0 {
            squares = simd.mul_add_e_f32s(*value, *value, squares);
        }
        *rate = simd.reduce_sum_f32s(squares);
    }
    // the roots and quotients of all rows at once: one by one each would be waited for
    let (one, share) = (simd.splat_f32s(1.0), simd.splat_f32s(1.0 / packed.features as f32));
    for rate in S::as_mut_simd_f32s(&mut rates).0 {
        *rate = simd.div_f32s(one, simd.sqrt_f32s(simd.mul_add_e_f32s(*rate, share, simd.splat_f32s(EPSILON))));
    }
    for (rate, row) in rates.iter().zip(rows.chunks_exact_mut(packed.width)) {
        let rate = simd.splat_f32s(*rate);
        let scales = S::as_simd_f32s(scale).0.iter().zip(S::as_simd_f32s(shift).0);
        for (value, (scale, shift)) in S::as_mut_simd_f32s(row).0.iter_mut().zip(scales) {
            *value = simd.mul_add_e_f32s(simd.mul_f32s(*value, rate), *scale, *shift);
        }
    }
}

/// A kernel in slabs of `[taps x channels, part]`, and its bias where it has one.
#[derive(Clone, Copy)]
struct Slabs<'a> {
    kernel: &'a [f32],
    bias: Option<&'a [f32]>,
    sizes: Conv1d,
    channels: usize,
}

/// [`tiles`] of the size that fits the vectors.
#[inline(always)]
fn convolve<S: Simd>(simd: S, slabs: Slabs, widths: (usize, usize), x: &[f32], rows: &mut [f32], count: usize) {
    match (S::F32_LANES, widths.0 / LANES) {
        (LANES, 2) => tiles::<S, WIDE, 2>(simd, slabs, widths, x, rows, count),
        (LANES, 3) => tiles::<S, WIDE, 3>(simd, slabs, widths, x, rows, count),
        (LANES, _) => tiles::<S, WIDE, 1>(simd, slabs, widths, x, rows, count),
        _ => tiles::<S, NARROW, 2>(simd, slabs, widths, x, rows, count),
    }
}

/// The convolution of `count` frames (whole tiles of them), `FRAMES` frames by `VECTORS` vectors at a time: one slab of the kernel after the
/// other, so that it stays in the nearest cache while all frames go by.
#[inline(always)]
fn tiles<S: Simd, const FRAMES: usize, const VECTORS: usize>(
    simd: S,
    slabs: Slabs,
    (width, part): (usize, usize),
    x: &[f32],
    rows: &mut [f32],
    count: usize,
) {
    let (Conv1d { taps, stride, dilation, .. }, channels) = (slabs.sizes, slabs.channels);
    // taps side by side read one piece of the input
    let (pieces, piece) = if dilation == 1 { (1, taps * channels) } else { (taps, channels) };
    debug_assert_eq!(part, VECTORS * S::F32_LANES);
    let load = |values: &[f32]| -> [S::f32s; VECTORS] {
        let mut loaded = [simd.splat_f32s(0.0); VECTORS];
        loaded.copy_from_slice(S::as_simd_f32s(values).0);
        loaded
    };
    for (slab, column) in slabs.kernel.chunks_exact(taps * channels * part).zip((0..width).step_by(part)) {
        let bias = slabs.bias.map_or([simd.splat_f32s(0.0); VECTORS], |bias| load(&bias[column..column + part]));
        for (tile, rows) in rows.chunks_exact_mut(FRAMES * width).take(count.div_ceil(FRAMES)).enumerate() {
            let x = &x[tile * FRAMES * stride * channels..];
            let mut sums = [bias; FRAMES];
            for (at, kernel) in (0..pieces).zip(slab.chunks_exact(piece * part)) {
                let mut from: [&[f32]; FRAMES] = [&[]; FRAMES];
                for (frame, from) in from.iter_mut().enumerate() {
                    *from = &x[(frame * stride + at * dilation) * channels..][..piece];
                }
                for (kernel, at) in kernel.chunks_exact(part).zip(0..piece) {
                    let kernel = load(kernel);
                    for (sums, from) in sums.iter_mut().zip(&from) {
                        let value = simd.splat_f32s(from[at]);
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
            (16, 16, 7, 1, 1),
            (32, 24, 5, 1, 1),
            (48, 48, 5, 1, 3),
            (32, 32, 5, 1, 5),
            (3, 70, 3, 1, 1),
        ] {
            let sizes = Conv1d::centred(taps, stride, dilation);
            for frames in [1, 7, 16, 30, 96, 205] {
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
                    // turned tiles round a little more
                    let within = if grid(sizes, channels, LANES, CACHED).is_some() { 4e-5 } else { 1e-5 };
                    assert!(apart < within, "{channels} {features} {frames}: {apart}");
                };
                same(conv_norm_gelu(&x, kernel, None, None, &LaidOut::default()).unwrap(), gelu(&plain).unwrap());
                let norm = Some((&scale, &shift));
                same(conv_norm_gelu(&x, kernel, norm, None, &LaidOut::default()).unwrap(), gelu(&normed).unwrap());
                let both = add(&added, &gelu(&normed).unwrap()).unwrap();
                same(conv_norm_gelu(&x, kernel, norm, Some(&added), &LaidOut::default()).unwrap(), both);
            }
        }
    }

    #[test]
    fn an_affine_map_and_what_is_added() {
        for (channels, features) in [(48, 64), (16, 8), (5, 90)] {
            let x = check::random(&[2, 103, channels], 1);
            let (weight, bias) = (check::random(&[features, channels], 2), check::random(&[features], 3));
            let added = check::random(&[2, 206, features / 2], 4);
            let plain = linear(&x, &weight, &bias).unwrap();
            let same = |ours: Tensor, theirs: Tensor| {
                let apart = (ours - theirs).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
                assert!(apart < 1e-5, "{channels} {features}: {apart}");
            };
            same(linear_add(&x, &weight, &bias, None, &LaidOut::default()).unwrap(), plain.clone());
            let both = (plain.reshape(added.shape()).unwrap() + &added).unwrap();
            same(linear_add(&x, &weight, &bias, Some(&added), &LaidOut::default()).unwrap(), both);
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (x, weight, bias) = (check::random(&[1, 9, 2], 1), check::random(&[3, 6], 2), check::random(&[3], 3));
        let kernel = (&weight, &bias, Conv1d::centred(3, 1, 1));
        assert!(conv_norm_gelu(&x, kernel, None, None, &LaidOut::default()).is_ok());
        assert!(conv_norm_gelu(&x, kernel, None, Some(&x), &LaidOut::default()).is_err());
        assert!(conv_norm_gelu(&weight, kernel, None, None, &LaidOut::default()).is_err());
    }
}
