//! Stage 0: the baseline. The beat is taken out first, then what is left is smoothed: so ST, which is part of the beat, is not bent.
//!
//! Template subtraction before smoothing after Meyer & Keiser 1977 and its followers (the idea); Whittaker's smoother at 0.8 Hz with Huber weights;
//! six rounds or more, because each better baseline gives a better template. Zero phase throughout. With fewer than three beats the smoother alone runs,
//! and bends ST by what it takes for wander: the orchestration says so in a note.

use super::beats::Tile;
use super::template::{Template, groups};
use crate::dsp::{Whittaker, median};

/// Half amplitude of the smoother, Hz.
pub(super) const HALF_HZ: f64 = 0.8;
/// The smoother's own rate, Hz.
const RATE_HZ: f64 = 25.0;
const ROUNDS: usize = 6;
/// With beats of several shapes the level of each settles more slowly.
const ROUNDS_OF_MANY_SHAPES: usize = 12;
/// Wander of less than this (rms) cannot be told from the method's own error and stays; of twice this it goes in full, mV.
const LEAVE_MV: f64 = 0.012;
/// Weight of beats whose shape was seen once.
const LONE_WEIGHT: f32 = 0.02;
/// Weight of the samples before the first beat and after the last one: a beat cut by the end of the recording may stand there, not found.
const ENDS_WEIGHT: f32 = 0.1;

/// The baseline of each lead, and how the beats fell into groups.
pub(super) struct Baseline {
    pub leads: Vec<Vec<f32>>,
    /// Share of the beats in the largest group; `None` where no templates were made.
    pub largest_group: Option<f64>,
}

/// The baseline of leads of one length and rate; `tiles` of fewer than three beats: the smoother alone.
pub(super) fn baseline(leads: &[Vec<f32>], tiles: &[Tile], rate_hz: f64) -> Baseline {
    let count = leads.first().map_or(0, Vec::len);
    let levels: Vec<f32> = leads.iter().map(|lead| median(&mut lead.clone()).unwrap_or(0.0)).collect();
    let mut smoother = Smoother::new(count, rate_hz);
    let even = vec![1.0f32; count];
    if tiles.len() < 3 {
        return Baseline { leads: smoother.curves(leads, None, &levels, &even), largest_group: None };
    }

    let mut weights = vec![1.0f32; count];
    for tile in tiles {
        let half = (0.09 * rate_hz) as usize;
        weights[tile.r.saturating_sub(half).min(count)..(tile.r + half + 1).min(count)].fill(0.05);
    }
    let mut curves = smoother.curves(leads, None, &levels, &weights);
    let mut flat: Vec<Vec<f32>> = leads.to_vec();
    let subtract = |flat: &mut [Vec<f32>], curves: &[Vec<f32>]| {
        for ((flat, lead), curve) in flat.iter_mut().zip(leads).zip(curves) {
            flat.iter_mut().zip(lead.iter().zip(curve)).for_each(|(flat, (value, curve))| *flat = value - curve);
        }
    };
    subtract(&mut flat, &curves);
    let group = groups(&flat, tiles, rate_hz);
    let weights = lone_weights(tiles, &group, count, rate_hz);
    let mut fit: Vec<Vec<f32>> = vec![vec![0.0; count]; leads.len()];
    let rounds = if group.iter().all(|group| *group == Some(0)) { ROUNDS } else { ROUNDS_OF_MANY_SHAPES };
    for round in 0..rounds {
        if round > 0 {
            subtract(&mut flat, &curves);
        }
        for number in 0..=group.iter().flatten().copied().max().unwrap_or(0) {
            let members: Vec<Tile> =
                tiles.iter().zip(&group).filter(|(_, group)| **group == Some(number)).map(|(tile, _)| *tile).collect();
            let template = Template::new(&flat, &members, rate_hz);
            for tile in &members {
                let end = tile.end.min(tile.r + template.leads.first().map_or(0, Vec::len) - template.before);
                let first = tile.first.max(tile.r.saturating_sub(template.before));
                for (fit, row) in fit.iter_mut().zip(&template.leads) {
                    if first < end {
                        let at = first + template.before - tile.r;
                        fit[first..end].copy_from_slice(&row[at..at + end - first]);
                    }
                }
            }
        }
        curves = smoother.curves(leads, Some(&fit), &levels, &weights);
    }
    curves.iter_mut().for_each(|curve| leave_what_is_too_small(curve));
    let largest = group.iter().filter(|group| **group == Some(0)).count();
    Baseline { leads: curves, largest_group: Some(largest as f64 / tiles.len() as f64) }
}

/// Weights of the samples once templates are made: little where a beat stands alone in its shape, and at the ends.
fn lone_weights(tiles: &[Tile], group: &[Option<usize>], count: usize, rate_hz: f64) -> Vec<f32> {
    let mut weights = vec![1.0f32; count];
    if let (Some(first), Some(last)) = (tiles.first(), tiles.last()) {
        // Only where the stretch is shorter than a beat's distance: a long one is a pause, and a line.
        let distance = (last.r - first.r) / (tiles.len() - 1).max(1);
        if first.first < distance {
            weights[..first.first].fill(ENDS_WEIGHT);
        }
        if count - last.end.min(count) < distance {
            weights[last.end.min(count)..].fill(ENDS_WEIGHT);
        }
    }
    for (tile, _) in tiles.iter().zip(group).filter(|(_, group)| group.is_none()) {
        let first = tile.first.max(tile.r.saturating_sub((0.12 * rate_hz) as usize));
        let end = tile.end.min(tile.r + (0.45 * rate_hz) as usize);
        if first < end {
            weights[first..end].fill(LONE_WEIGHT);
        }
    }
    weights
}

/// Keeps the mean of the curve, and of its movement what is large enough to be wander.
fn leave_what_is_too_small(curve: &mut [f32]) {
    let count = curve.len().max(1) as f64;
    let mean = curve.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    let variance = curve.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count;
    let part = ((variance.sqrt() - LEAVE_MV) / LEAVE_MV).clamp(0.0, 1.0) as f32;
    let mean = mean as f32;
    curve.iter_mut().for_each(|value| *value = mean + (*value - mean) * part);
}

/// Leads that are smoothed together.
const TOGETHER: usize = 4;

/// Block means at 25 Hz, the smoother with two Huber passes, and straight lines back.
struct Smoother {
    block: usize,
    whittaker: Whittaker,
    means: Vec<[f64; TOGETHER]>,
    weights: Vec<[f64; TOGETHER]>,
}

impl Smoother {
    fn new(count: usize, rate_hz: f64) -> Self {
        let block = ((rate_hz / RATE_HZ).round() as usize).max(1);
        let blocks = count.div_ceil(block);
        Self {
            block,
            whittaker: Whittaker::new(blocks, rate_hz / block as f64, HALF_HZ),
            means: vec![[0.0; TOGETHER]; blocks],
            weights: vec![[0.0; TOGETHER]; blocks],
        }
    }

    /// The smooth curve under each `lead − fit` (no `fit` = zeros), around its level; `weights` of the samples are those of all leads.
    fn curves(
        &mut self,
        leads: &[Vec<f32>],
        fit: Option<&[Vec<f32>]>,
        levels: &[f32],
        weights: &[f32],
    ) -> Vec<Vec<f32>> {
        let totals: Vec<f32> = weights.chunks(self.block).map(|weights| weights.iter().sum()).collect();
        for (sum, total) in self.weights.iter_mut().zip(&totals) {
            *sum = [f64::from(*total) / self.block as f64; TOGETHER];
        }
        let mut curves = Vec::with_capacity(leads.len());
        for first in (0..leads.len()).step_by(TOGETHER) {
            let group = first..(first + TOGETHER).min(leads.len());
            for (lane, lead) in group.clone().enumerate() {
                let fit = fit.map(|fit| fit[lead].as_slice());
                block_means(&leads[lead], fit, levels[lead], weights, self.block, |block, sum| {
                    self.means[block][lane] = f64::from(sum) / f64::from(totals[block]).max(1e-9);
                });
            }
            let smooth = self.smooth();
            let lines = group.enumerate().map(|(lane, lead)| self.back(&smooth, lane, leads[lead].len(), levels[lead]));
            curves.extend(lines);
        }
        curves
    }

    /// The curves through the means: blocks far from the curve count less, twice over.
    fn smooth(&self) -> Vec<[f64; TOGETHER]> {
        let mut curves = self.whittaker.smooth_together(&self.means, &self.weights);
        let mut huber = self.weights.clone();
        let mut away = Vec::with_capacity(curves.len());
        for _ in 0..2 {
            for lane in 0..TOGETHER {
                away.clear();
                away.extend(
                    self.means.iter().zip(&curves).map(|(mean, curve)| (mean[lane] - curve[lane]).abs() as f32),
                );
                let far: Vec<f64> = away.iter().map(|away| f64::from(*away)).collect();
                let spread = 1.4826 * f64::from(median(&mut away).unwrap_or(0.0)) + 0.01;
                for ((huber, weight), away) in huber.iter_mut().zip(&self.weights).zip(&far) {
                    huber[lane] = weight[lane] * (2.0 * spread / away.max(1e-9)).min(1.0);
                }
            }
            curves = self.whittaker.smooth_together(&self.means, &huber);
        }
        curves
    }

    /// Straight lines between the middles of the blocks; level beyond the first and the last.
    fn back(&self, curves: &[[f64; TOGETHER]], lane: usize, count: usize, level: f32) -> Vec<f32> {
        let (Some(first), Some(last)) = (curves.first(), curves.last()) else { return Vec::new() };
        let middle = (self.block - 1) as f32 / 2.0;
        let mut line = vec![level + last[lane] as f32; count];
        let begin = (middle.ceil() as usize).min(count);
        line[..begin].fill(level + first[lane] as f32);
        for (block, pair) in curves.windows(2).enumerate() {
            let start = (block * self.block) as f32 + middle;
            let from = (start.ceil() as usize).min(count);
            let to = ((start + self.block as f32).ceil() as usize).min(count);
            let slope = (pair[1][lane] - pair[0][lane]) as f32 / self.block as f32;
            let height = level + pair[0][lane] as f32;
            for (index, value) in line[from..to].iter_mut().enumerate() {
                *value = height + slope * ((from + index) as f32 - start);
            }
        }
        line
    }
}

/// Hands over the weighted sum of `lead − fit − level` of each block of samples.
fn block_means(
    lead: &[f32],
    fit: Option<&[f32]>,
    level: f32,
    weights: &[f32],
    block: usize,
    mut each: impl FnMut(usize, f32),
) {
    /// Sums side by side, which do not wait for each other.
    const LANES: usize = 4;
    for (number, lead) in lead.chunks(block).enumerate() {
        let first = number * block;
        let weights = &weights[first..first + lead.len()];
        let mut sums = [0.0f32; LANES];
        let part = |fit: f32, value: f32, weight: f32| weight * (value - fit - level);
        match fit {
            Some(fit) => {
                for (at, ((value, fit), weight)) in lead.iter().zip(&fit[first..]).zip(weights).enumerate() {
                    sums[at % LANES] += part(*fit, *value, *weight);
                }
            }
            None => {
                for (at, (value, weight)) in lead.iter().zip(weights).enumerate() {
                    sums[at % LANES] += part(0.0, *value, *weight);
                }
            }
        }
        each(number, sums.iter().sum());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::denoise::beats::tiles;
    use crate::synth::{Spec, generate};

    #[test]
    fn a_slow_wave_under_beats_is_found_and_st_is_not_taken_for_one() {
        let made = generate(&Spec { st_mv: 0.3, ..Spec::default() });
        let clean = &made.clean[1].samples_mv;
        let wander = |index: usize| 0.4 * (std::f32::consts::TAU * 0.2 * index as f32 / 500.0).sin();
        let lead: Vec<f32> = clean.iter().enumerate().map(|(index, value)| value + wander(index)).collect();
        let r: Vec<usize> = made.truth.r_s().iter().map(|r_s| (r_s * 500.0).round() as usize).collect();
        let found = baseline(&[lead], &tiles(&r, 5000, 500.0), 500.0);
        let worst = (500..4500).map(|index| (found.leads[0][index] - wander(index)).abs()).fold(0.0, f32::max);
        assert!(worst < 0.03, "{worst} mV off");
        assert_eq!(found.largest_group, Some(1.0));
    }

    #[test]
    fn a_level_is_found_without_beats() {
        let found = baseline(&[vec![1.5; 777]], &[], 250.0);
        assert!(found.leads[0].iter().all(|value| (value - 1.5).abs() < 1e-4));
    }
}
