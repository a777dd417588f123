//! From samples to slope energy, one lead at a time, on a grid that all leads share.

use super::{Grid, Signal};
use crate::dsp::{median, moving_mean, vectorised};

/// No heart gives more: such a sample is a disconnected electrode, and no sample to us.
const BEYOND_MV: f32 = 20.0;
/// Two boxcars of this length take out muscle and mains (first zero at 50 Hz).
const SMOOTH_S: f64 = 0.020;
/// The slope is taken over twice this time.
const SLOPE_S: f64 = 0.008;
/// Moving window over the energy: about the length of a QRS.
pub(super) const WINDOW_S: f64 = 0.080;
/// Squared slope of the smoothed lead, averaged over [`WINDOW_S`], on the common grid; 0 in gaps.
pub(super) fn slope_energy(signal: &Signal, grid: Grid) -> Vec<f32> {
    let rate = signal.rate_hz;
    let mut filled = Vec::with_capacity(signal.samples_mv.len());
    let mut gaps = Vec::new();
    fill_gaps(signal.samples_mv, &mut filled, &mut gaps);
    let width = odd(SMOOTH_S * rate);
    let mut smooth = Vec::with_capacity(filled.len());
    moving_mean(&filled, width, &mut smooth);
    moving_mean(&smooth, width, &mut filled);
    drop(smooth);
    let aside = ((SLOPE_S * rate).round() as usize).max(1);
    let per_second = (0.5 * rate / aside as f64) as f32;
    let mut slopes = vec![0.0_f32; filled.len().saturating_sub(2 * aside)];
    vectorised(
        #[inline(always)]
        || {
            for ((slope, before), after) in slopes.iter_mut().zip(&filled).zip(&filled[filled.len().min(2 * aside)..]) {
                let change = (after - before) * per_second;
                *slope = change * change;
            }
        },
    );
    // places on the grid; the little more keeps a sample that stands on the edge of two from falling to either side by rounding
    let (first, step) = ((signal.start_s - grid.start_s) * grid.rate_hz + 1e-7, grid.rate_hz / rate);
    let mut energy = vec![0.0_f32; grid.length];
    let mut from = 0;
    for (place, energy) in energy.iter_mut().enumerate() {
        let end = ((place as f64 + 1.0 - first) / step).ceil() - aside as f64;
        let to = (end.max(0.0) as usize).clamp(from, slopes.len());
        *energy = slopes[from..to].iter().sum::<f32>() / (to - from).max(1) as f32;
        from = to;
    }
    // a step at the edge of a gap is no QRS
    let margin_s = 2.0 * SMOOTH_S + SLOPE_S;
    for (from, to) in gaps {
        let place = |index: usize, shift_s: f64| {
            let time_s = signal.start_s + index as f64 / rate + shift_s - grid.start_s;
            ((time_s * grid.rate_hz).max(0.0) as usize).min(grid.length)
        };
        energy[place(from, -margin_s)..place(to, margin_s)].fill(0.0);
    }
    let mut mean = Vec::with_capacity(energy.len());
    moving_mean(&energy, odd(WINDOW_S * grid.rate_hz), &mut mean);
    mean
}

/// Gaps bridged by straight lines; returns where they are.
fn fill_gaps(samples: &[f32], filled: &mut Vec<f32>, gaps: &mut Vec<(usize, usize)>) {
    // an electrode may add hundreds of millivolts: the lead's own middle (of some thousand samples) is its zero
    let some = samples.iter().step_by((samples.len() / 1000).max(1)).copied().filter(|value| value.is_finite());
    let zero_mv = median(&mut some.collect::<Vec<f32>>())
        .or_else(|| samples.iter().copied().find(|value| value.is_finite()))
        .unwrap_or(0.0);
    let good = |value: f32| (value - zero_mv).abs() <= BEYOND_MV;
    if samples.iter().fold(true, |all, value| all & good(*value)) {
        filled.extend(samples.iter().map(|value| value - zero_mv));
        return;
    }
    let mut last: Option<f32> = None;
    let mut index = 0;
    while index < samples.len() {
        if good(samples[index]) {
            filled.push(samples[index] - zero_mv);
            last = Some(samples[index] - zero_mv);
            index += 1;
            continue;
        }
        let end = index + samples[index..].iter().take_while(|value| !good(**value)).count();
        let next = samples.get(end).map(|value| value - zero_mv);
        let from = last.or(next).unwrap_or(0.0);
        let to = next.or(last).unwrap_or(0.0);
        let steps = (end - index + 1) as f32;
        filled.extend((1..=end - index).map(|step| from + (to - from) * step as f32 / steps));
        gaps.push((index, end));
        index = end;
    }
}

/// The nearest odd number of samples.
fn odd(samples: f64) -> usize {
    2 * ((samples - 1.0) / 2.0).round().max(0.0) as usize + 1
}
