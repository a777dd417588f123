//! Beats grouped by shape, and what a group's beat looks like: the median beat, with its isoelectric level at zero.

use std::ops::Range;

use super::beats::{AFTER_S, BEFORE_S, Tile};
use crate::dsp::{Row, column_medians, median};

/// Correlation over all leads, ±100 ms around R, above which two beats have the same shape.
const SAME_SHAPE: f32 = 0.85;
/// Groups at most; beats left over stand alone.
const GROUPS: usize = 4;

/// Group of each beat: 0 is the largest; `None` = alone in its shape.
pub(super) fn groups(leads: &[Vec<f32>], tiles: &[Tile], rate_hz: f64) -> Vec<Option<usize>> {
    let half = (0.10 * rate_hz) as usize;
    let shapes: Vec<Vec<f32>> = tiles.iter().map(|tile| shape(leads, tile, half)).collect();
    let beats = tiles.len();
    let mut like = vec![false; beats * beats];
    for first in 0..beats {
        for second in first..beats {
            let product: f32 = shapes[first].iter().zip(&shapes[second]).map(|(a, b)| a * b).sum();
            let same = product > SAME_SHAPE;
            (like[first * beats + second], like[second * beats + first]) = (same, same);
        }
    }
    let mut group = vec![None; beats];
    for number in 0..GROUPS {
        let members =
            |seed: usize| (0..beats).filter(|beat| group[*beat].is_none() && like[seed * beats + beat]).count();
        let mut best = (0, 0);
        for seed in (0..beats).filter(|seed| group[*seed].is_none()) {
            let count = members(seed);
            if count > best.1 {
                best = (seed, count);
            }
        }
        if best.1 < 2 {
            break;
        }
        for beat in 0..beats {
            if group[beat].is_none() && like[best.0 * beats + beat] {
                group[beat] = Some(number);
            }
        }
    }
    group
}

/// A beat's QRS in all leads, without level and of unit length; zeros where the tile does not reach.
fn shape(leads: &[Vec<f32>], tile: &Tile, half: usize) -> Vec<f32> {
    let mut shape = vec![0.0; 2 * half * leads.len()];
    let first = tile.first.max(tile.r.saturating_sub(half));
    let end = tile.end.min(tile.r + half);
    for (lead, place) in leads.iter().zip(shape.chunks_mut(2 * half.max(1))) {
        let at = first + half - tile.r.min(first + half);
        if first < end && at + end - first <= place.len() {
            place[at..at + end - first].copy_from_slice(&lead[first..end]);
        }
    }
    let mean = shape.iter().sum::<f32>() / shape.len().max(1) as f32;
    let length = shape.iter().map(|value| (value - mean).powi(2)).sum::<f32>().sqrt().max(1e-6);
    shape.iter_mut().for_each(|value| *value = (*value - mean) / length);
    shape
}

/// The median beat of a group, one row a lead, R at [`Template::before`].
pub(super) struct Template {
    pub before: usize,
    pub leads: Vec<Vec<f32>>,
}

impl Template {
    /// Median over the beats of a group, sample by sample, 0 where none reaches; its level is zero at its flattest 24 ms before the QRS.
    pub(super) fn new(leads: &[Vec<f32>], tiles: &[Tile], rate_hz: f64) -> Self {
        let (before, after) = ((BEFORE_S * rate_hz) as usize, (AFTER_S * rate_hz) as usize);
        let covers: Vec<Range<usize>> = tiles.iter().map(|tile| places(tile, before, before + after + 1)).collect();
        let reach: Vec<usize> = (0..=before + after)
            .map(|place| covers.iter().filter(|covered| covered.contains(&place)).count())
            .collect();
        let mut rows: Vec<Vec<f32>> = leads
            .iter()
            .map(|lead| {
                let row = |(tile, covered): (&Tile, &Range<usize>)| {
                    let at = tile.r + covered.start - before;
                    (covered.start, &lead[at..at + covered.len()])
                };
                let beside: Vec<Row<'_>> = tiles.iter().zip(&covers).map(row).collect();
                let mut medians = column_medians(&beside, before + after + 1);
                for value in medians.iter_mut().filter(|value| value.is_nan()) {
                    *value = 0.0;
                }
                medians
            })
            .collect();
        // The level may only be looked for where at least half of the beats reach.
        let reached: Vec<bool> = reach.iter().map(|beats| 2 * beats >= tiles.len().max(1)).collect();
        level(&mut rows, &reached, before, rate_hz);
        Self { before, leads: rows }
    }
}

/// Places of the template, of `count`, at which the tile has a sample.
fn places(tile: &Tile, before: usize, count: usize) -> Range<usize> {
    let end = (tile.end + before).saturating_sub(tile.r).min(count);
    (tile.first + before).saturating_sub(tile.r).min(end)..end
}

/// Takes each row to zero at the end of PQ: the flattest 24 ms (over all leads) that end 45 to 150 ms before R, the latest one that is flat enough
/// among those that most beats reach (a place that no beat reaches is flat, and means nothing).
fn level(rows: &mut [Vec<f32>], reached: &[bool], before: usize, rate_hz: f64) {
    let samples = |seconds: f64| ((seconds * rate_hz) as usize).max(1);
    let width = samples(0.024);
    let ends: Vec<usize> = (samples(0.045)..samples(0.15))
        .step_by(samples(0.004))
        .filter(|end| {
            before >= end + width && reached[before - end - width..before - end].iter().all(|reached| *reached)
        })
        .collect();
    let ranges: Vec<f32> = ends
        .iter()
        .map(|end| {
            rows.iter()
                .map(|row| {
                    let window = &row[before - end - width..before - end];
                    let (low, high) = window
                        .iter()
                        .fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
                    high - low
                })
                .sum::<f32>()
                / rows.len().max(1) as f32
        })
        .collect();
    let flattest = ranges.iter().copied().fold(f32::MAX, f32::min);
    let Some(end) = ends.iter().zip(&ranges).find(|(_, range)| **range < 1.5 * flattest + 0.004).map(|(end, _)| *end)
    else {
        return;
    };
    for row in rows {
        let zero = median(&mut row[before - end - width..before - end].to_vec()).unwrap_or(0.0);
        row.iter_mut().for_each(|value| *value -= zero);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_other_shape_makes_another_group_and_a_single_one_none() {
        let mut lead = vec![0.0f32; 4000];
        let tiles: Vec<Tile> =
            (0..7).map(|beat| Tile { r: 300 + 500 * beat, first: 120 + 500 * beat, end: 620 + 500 * beat }).collect();
        for (beat, tile) in tiles.iter().enumerate() {
            for offset in 0..40 {
                let at = tile.r + offset - 20;
                lead[at] = match beat {
                    0 | 2 | 4 | 5 => 1.0 - (offset as f32 - 20.0).abs() / 20.0,
                    1 | 3 => -(offset as f32) / 40.0,
                    _ => (offset as f32 * 0.8).sin(),
                };
            }
        }
        let group = groups(&[lead], &tiles, 500.0);
        assert_eq!(group, [Some(0), Some(1), Some(0), Some(1), Some(0), Some(0), None]);
    }
}
