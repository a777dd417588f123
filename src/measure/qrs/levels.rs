//! Local levels: what is usual here, over some seconds to both sides. One artefact moves them little, one lead's noise only that lead's.

use crate::dsp;

/// Levels are taken in blocks of this length …
const BLOCK_S: f64 = 1.5;
/// … over so many blocks to each side.
const BLOCKS_ASIDE: usize = 4;
/// A QRS stands at least so far above what lies between.
const OVER_BETWEEN: f32 = 2.4;
/// No lead counts for more than this ratio of QRS to noise energy.
const STANDS_OUT_MOST: f32 = 300.0;
/// Energy of a slope of 0.5 mV/s (20 µV in 40 ms): less is no QRS in any lead.
const LEAST_ENERGY: f32 = 0.25;

/// Adds a lead's energy in units of its own local QRS level, weighted by how far that stands out of its noise.
pub(super) fn add_weighted(joint: &mut [f32], energy: &[f32], grid_hz: f64) {
    let block = ((BLOCK_S * grid_hz) as usize).max(1);
    let tops: Vec<f32> = energy.chunks(block).map(top).collect();
    let floors: Vec<f32> = energy.chunks(block).map(|part| quantile(part, 0.4)).collect();
    let level = around(&tops, median);
    let noise = around(&floors, median);
    for (index, chunk) in energy.chunks(block).enumerate() {
        let (level, noise) = (level[index], noise[index]);
        if level <= LEAST_ENERGY {
            continue;
        }
        let stands_out = (level / (noise + 1e-3 * level)).min(STANDS_OUT_MOST);
        let weight = stands_out / level;
        let cap = 6.0 * level; // an artefact has one vote, not a hundred
        for (sum, value) in joint[index * block..].iter_mut().zip(chunk) {
            *sum += weight * value.min(cap);
        }
    }
}

/// Local level of the QRS and of what lies between them.
pub(super) struct Levels {
    block: f64,
    qrs: Vec<f32>,
    between: Vec<f32>,
}

impl Levels {
    /// Levels of a joint height.
    pub(super) fn of(height: &[f32], grid_hz: f64) -> Self {
        let block = ((BLOCK_S * grid_hz) as usize).max(1);
        let tops: Vec<f32> = height.chunks(block).map(top).collect();
        let floors: Vec<f32> = height.chunks(block).map(|part| quantile(part, 0.4)).collect();
        Self { block: block as f64, qrs: around(&tops, median), between: around(&floors, median) }
    }

    fn read(&self, values: &[f32], at: usize) -> f32 {
        let place = (at as f64 / self.block - 0.5).clamp(0.0, (values.len() - 1) as f64);
        let (low, part) = (place as usize, place.fract() as f32);
        values[low] * (1.0 - part) + values[(low + 1).min(values.len() - 1)] * part
    }

    /// Usual height of a QRS here.
    pub(super) fn qrs(&self, at: usize) -> f32 {
        self.read(&self.qrs, at)
    }

    /// What nothing below is taken for a QRS: so far above what lies between them.
    pub(super) fn floor(&self, at: usize) -> f32 {
        (OVER_BETWEEN * self.read(&self.between, at)).max(f32::MIN_POSITIVE)
    }
}

/// The highest value, 0 of none.
pub(super) fn top(values: &[f32]) -> f32 {
    values.iter().copied().fold(0.0, f32::max)
}

/// A quantile; 0 of none.
pub(super) fn quantile(values: &[f32], share: f64) -> f32 {
    dsp::quantile(&mut values.to_vec(), share).unwrap_or(0.0)
}

/// The median.
pub(super) fn median(values: &[f32]) -> f32 {
    quantile(values, 0.5)
}

/// A statistic over each value and its neighbours to both sides; zeros (gaps) do not count.
pub(super) fn around(values: &[f32], statistic: impl Fn(&[f32]) -> f32) -> Vec<f32> {
    let mut near = Vec::new();
    (0..values.len())
        .map(|index| {
            let (from, to) = (index.saturating_sub(BLOCKS_ASIDE), (index + BLOCKS_ASIDE + 1).min(values.len()));
            near.clear();
            near.extend(values[from..to].iter().copied().filter(|value| *value > 0.0));
            statistic(&near)
        })
        .collect()
}
