//! Beats grouped by shape, and what a group's beat looks like: the median beat, with its isoelectric level at zero.

use std::ops::Range;

use super::beats::{AFTER_S, BEFORE_S, Tile};
use crate::dsp::{median, vectorised};

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
    /// Median over the beats of a group, sample by sample, of `signal(lead, index)`; its level is zero at its flattest 24 ms before the QRS.
    pub(super) fn new(leads: &[Vec<f32>], tiles: &[Tile], rate_hz: f64) -> Self {
        let (before, after) = ((BEFORE_S * rate_hz) as usize, (AFTER_S * rate_hz) as usize);
        let covers: Vec<Range<usize>> = tiles.iter().map(|tile| places(tile, before, before + after + 1)).collect();
        let reach: Vec<usize> = (0..=before + after)
            .map(|place| covers.iter().filter(|covered| covered.contains(&place)).count())
            .collect();
        let order = merge_exchange(tiles.len());
        let mut rows: Vec<Vec<f32>> =
            leads.iter().map(|lead| medians(lead, tiles, (before, &covers, &reach), &order)).collect();
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

/// Places of a template that are put in order together.
const TOGETHER: usize = 16;

/// Median over the tiles at each place of the template; 0 where none reaches. A column of values is put in order by a fixed
/// network of exchanges, so that sixteen columns go through it at once.
fn medians(
    lead: &[f32],
    tiles: &[Tile],
    (before, covers, reach): (usize, &[Range<usize>], &[usize]),
    order: &[(usize, usize)],
) -> Vec<f32> {
    let mut medians = vec![0.0; reach.len()];
    let mut columns = vec![[0.0f32; TOGETHER]; tiles.len()];
    vectorised(
        #[inline(always)]
        || {
            let mut first = 0;
            while first < reach.len() {
                let end = (first + TOGETHER).min(reach.len());
                for ((column, tile), covers) in columns.iter_mut().zip(tiles).zip(covers) {
                    // what is not there stands behind all that is
                    *column = [f32::INFINITY; TOGETHER];
                    let (from, to) = (covers.start.max(first), covers.end.min(end));
                    if from < to {
                        let at = tile.r + from - before;
                        column[from - first..to - first].copy_from_slice(&lead[at..at + to - from]);
                    }
                }
                for &(low, high) in order {
                    let (a, b) = (columns[low], columns[high]);
                    let (mut lower, mut upper) = (a, b);
                    for lane in 0..TOGETHER {
                        lower[lane] = if a[lane] < b[lane] { a[lane] } else { b[lane] };
                    }
                    for lane in 0..TOGETHER {
                        upper[lane] = if a[lane] > b[lane] { a[lane] } else { b[lane] };
                    }
                    (columns[low], columns[high]) = (lower, upper);
                }
                for place in first..end {
                    if let Some(last) = reach[place].checked_sub(1) {
                        let (lower, upper) =
                            (columns[last / 2][place - first], columns[last.div_ceil(2)][place - first]);
                        medians[place] = 0.5 * (lower + upper);
                    }
                }
                first = end;
            }
        },
    );
    medians
}

/// Pairs of places to be compared and exchanged, one after the other, to put `count` values in order (merge exchange: Batcher 1968;
/// Knuth, The Art of Computer Programming 3, algorithm 5.2.2M).
fn merge_exchange(count: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let longest = count.next_power_of_two() / 2;
    let mut part = longest;
    while part > 0 {
        let (mut step, mut rest, mut apart) = (longest, 0, part);
        loop {
            pairs.extend((0..count.saturating_sub(apart)).filter(|i| i & part == rest).map(|i| (i, i + apart)));
            if step == part {
                break;
            }
            (apart, step, rest) = (step - part, step / 2, part);
        }
        part /= 2;
    }
    pairs
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
    fn each_place_has_the_median_of_the_beats_that_reach_it() {
        for beats in [0, 1, 2, 3, 5, 12, 40] {
            let lead: Vec<f32> = (0..9000).map(|i| ((i * 37) % 1013) as f32).collect();
            let tile = |beat: usize| {
                let r = 200 + 210 * beat;
                Tile { r, first: r - 40 - 13 * (beat % 5), end: r + 30 + 50 * (beat % 3) }
            };
            let tiles: Vec<Tile> = (0..beats).map(tile).collect();
            let covers: Vec<Range<usize>> = tiles.iter().map(|tile| places(tile, 90, 190)).collect();
            let reach: Vec<usize> = (0..190).map(|at| covers.iter().filter(|c| c.contains(&at)).count()).collect();
            let found = medians(&lead, &tiles, (90, &covers, &reach), &merge_exchange(beats));
            for (place, found) in found.iter().enumerate() {
                let reaches = |tile: &&Tile| (tile.first..tile.end).contains(&(tile.r + place - 90));
                let mut values: Vec<f32> = tiles.iter().filter(reaches).map(|tile| lead[tile.r + place - 90]).collect();
                assert_eq!(*found, median(&mut values).unwrap_or(0.0), "{beats} beats, {place}");
            }
        }
    }

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
