//! Convolution of five taps with fewer products, after Winograd (Lavin & Gray, CVPR 2016): eight frames of input give four frames of output by eight
//! products a pair of channels, where frame by frame it takes twenty. Input and output go through small fixed matrices (points 0, ±1, ±2, ±½, ∞); the
//! kernel is turned once. Sums agree with those of the plain convolution to about 1e-5 of their size.

use pulp::Simd;

use super::conv1d::Conv1d;

/// Frames of input of one tile, and products of each pair of channels.
pub(super) const POINTS: usize = 8;
/// Frames of output of one tile.
const OUTPUTS: usize = 4;
/// Taps of the kernel.
const TAPS: usize = POINTS + 1 - OUTPUTS;
/// The finite points, and what a kernel is scaled by at each (the reciprocal of the product of the distances to the others).
const AT: [(f64, f64); POINTS - 1] = [
    (0.0, 1.0),
    (1.0, -2.0 / 9.0),
    (-1.0, -2.0 / 9.0),
    (2.0, 1.0 / 90.0),
    (-2.0, 1.0 / 90.0),
    (0.5, 32.0 / 45.0),
    (-0.5, 32.0 / 45.0),
];

/// Where this way is taken for stretches of so many frames: one step a frame, five taps, whole tiles, and more channels than one vector of `lanes`
/// holds (with fewer the turning costs what it saves).
pub(super) fn grid(sizes: Conv1d, channels: usize, lanes: usize, frames: usize) -> Option<Grid> {
    let vectors = channels.is_multiple_of(lanes) && channels > lanes;
    let whole = frames.is_multiple_of(OUTPUTS * sizes.dilation);
    (sizes.stride == 1 && sizes.taps == TAPS && vectors && whole).then_some(Grid { dilation: sizes.dilation })
}

/// A kernel `[TAPS, channels x width]` at every point, `[POINTS, channels x width]`.
pub(super) fn turned_kernel(kernel: &[f32]) -> Vec<f32> {
    let size = kernel.len() / TAPS;
    let at = |(point, scale): (f64, f64)| {
        (0..size).map(move |index| {
            // Horner, the last tap first
            let value = |tap: usize| f64::from(kernel[tap * size + index]);
            (scale * (0..TAPS).rev().fold(0.0, |sum, tap| sum * point + value(tap))) as f32
        })
    };
    AT.into_iter().flat_map(at).chain(kernel[(TAPS - 1) * size..].iter().copied()).collect()
}

/// Where the tiles of one stretch of frames lie: each tile takes every `dilation`-th frame, so that `dilation` tiles lie within each other.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    dilation: usize,
}

impl Grid {
    /// Tiles that cover so many frames.
    pub fn tiles(self, frames: usize) -> usize {
        frames.div_ceil(OUTPUTS * self.dilation) * self.dilation
    }

    /// First frame of a tile.
    #[inline(always)]
    fn first(self, tile: usize) -> usize {
        tile / self.dilation * OUTPUTS * self.dilation + tile % self.dilation
    }
}

/// Input frames `[frames, channels]` to `[POINTS, stored tiles, channels]`.
#[inline(always)]
pub(super) fn turn_input<S: Simd>(simd: S, x: &[f32], channels: usize, grid: Grid, tiles: usize, into: &mut [f32]) {
    let (points, lanes) = (into.len() / POINTS, S::F32_LANES);
    let times = |a: f32, b: S::f32s, c: S::f32s| simd.mul_add_e_f32s(simd.splat_f32s(a), b, c);
    let scaled = |a: f32, b: S::f32s| simd.mul_f32s(simd.splat_f32s(a), b);
    let load = |from: usize| S::as_simd_f32s(&x[from..from + lanes]).0[0];
    for tile in 0..tiles {
        let first = grid.first(tile) * channels;
        let step = grid.dilation * channels;
        for channel in (0..channels).step_by(lanes) {
            // one by one: what goes through the closures of an array is called, not compiled in
            let at = first + channel;
            let (d0, d1, d2, d3) = (load(at), load(at + step), load(at + 2 * step), load(at + 3 * step));
            let (d4, d5) = (load(at + 4 * step), load(at + 5 * step));
            let (d6, d7) = (load(at + 6 * step), load(at + 7 * step));
            let even = (
                times(-4.25, d4, simd.add_f32s(d2, d6)),
                times(-1.25, d4, times(0.25, d2, d6)),
                times(-5.0, d4, times(4.0, d2, d6)),
            );
            let odd = (
                times(-4.25, d3, simd.add_f32s(d1, d5)),
                times(0.5, d1, times(-2.5, d3, scaled(2.0, d5))),
                times(2.0, d1, times(-2.5, d3, scaled(0.5, d5))),
            );
            let mut put = |point: usize, value: S::f32s| {
                let at = point * points + tile * channels + channel;
                S::as_mut_simd_f32s(&mut into[at..at + lanes]).0[0] = value;
            };
            put(0, times(5.25, simd.sub_f32s(d4, d2), simd.sub_f32s(d0, d6)));
            put(1, simd.add_f32s(even.0, odd.0));
            put(2, simd.sub_f32s(even.0, odd.0));
            put(3, simd.add_f32s(even.1, odd.1));
            put(4, simd.sub_f32s(even.1, odd.1));
            put(5, simd.add_f32s(even.2, odd.2));
            put(6, simd.sub_f32s(even.2, odd.2));
            put(7, times(5.25, simd.sub_f32s(d3, d5), simd.sub_f32s(d7, d1)));
        }
    }
}

/// Products `[POINTS, stored tiles, width]` to frames `[frames, width]`, the bias added; frames past the end are left out.
#[inline(always)]
pub(super) fn turn_output<S: Simd>(simd: S, m: &[f32], bias: &[f32], grid: Grid, tiles: usize, rows: &mut [f32]) {
    let (points, lanes, width) = (m.len() / POINTS, S::F32_LANES, bias.len());
    let times = |a: f32, b: S::f32s, c: S::f32s| simd.mul_add_e_f32s(simd.splat_f32s(a), b, c);
    for tile in 0..tiles {
        let first = grid.first(tile);
        for column in (0..width).step_by(lanes) {
            let load = |point: usize| S::as_simd_f32s(&m[point * points + tile * width + column..][..lanes]).0[0];
            let (m1, m2, m3, m4) = (load(1), load(2), load(3), load(4));
            let (m5, m6) = (load(5), load(6));
            let (s1, s2, s3) = (simd.add_f32s(m1, m2), simd.add_f32s(m3, m4), simd.add_f32s(m5, m6));
            let (d1, d2, d3) = (simd.sub_f32s(m1, m2), simd.sub_f32s(m3, m4), simd.sub_f32s(m5, m6));
            let bias = S::as_simd_f32s(&bias[column..column + lanes]).0[0];
            let mut put = |output: usize, value: S::f32s| {
                let at = (first + output * grid.dilation) * width + column;
                if let Some(row) = rows.get_mut(at..at + lanes) {
                    S::as_mut_simd_f32s(row).0[0] = value;
                }
            };
            put(0, simd.add_f32s(simd.add_f32s(bias, load(0)), simd.add_f32s(s1, simd.add_f32s(s2, s3))));
            put(1, times(2.0, d2, times(0.5, d3, simd.add_f32s(bias, d1))));
            put(2, times(4.0, s2, times(0.25, s3, simd.add_f32s(bias, s1))));
            put(3, times(8.0, d2, times(0.125, d3, simd.add_f32s(simd.add_f32s(bias, load(7)), d1))));
        }
    }
}
