//! QRS detection over all leads at once: where the slopes of many leads are steep together, there is a QRS.
//!
//! Joint slope energy with local thresholds and search-back, after Pan & Tompkins (IEEE Trans Biomed Eng 1985;32:230-236: band, slope, square,
//! moving window, T-wave test at 360 ms, search-back at 1.66 RR) and the length transform over several leads of Zong, Moody & Jiang (Comput
//! Cardiol 2003;30:737-740). Two departures: everything is zero-phase and looks to both sides (a file is read, not a stream), and each lead
//! weighs by how far its QRS stand out of its own noise, so that a noisy lead loses its vote where it is noisy.
//!
//! Slices in, times out; linear in the length; knows no lead names and classifies nothing.

mod choose;
mod energy;
mod levels;

use choose::{choose, peaks, threshold};
use energy::{WINDOW_S, slope_energy};
use levels::{Levels, add_weighted};

/// One lead's samples for the detector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signal<'a> {
    /// Samples per second.
    pub rate_hz: f64,
    /// Time of the first sample, s.
    pub start_s: f64,
    /// Samples in mV; what is not finite is a gap.
    pub samples_mv: &'a [f32],
}

/// A QRS and how far it stands out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Complex {
    /// Energy centre, s.
    pub time_s: f64,
    /// Height over the local threshold; 1 = just over.
    pub height: f32,
}

/// The time that all leads share: evenly spaced, from the first sample of any lead to the last of any.
#[derive(Debug, Clone, Copy)]
struct Grid {
    start_s: f64,
    rate_hz: f64,
    length: usize,
}

impl Grid {
    /// Longer than this (two weeks) is not searched.
    const MOST: f64 = 250e6;

    fn of(signals: &[&Signal]) -> Option<Self> {
        let start_s = signals.iter().map(|signal| signal.start_s).reduce(f64::min)?;
        let end_s = signals.iter().map(|signal| signal.start_s + signal.samples_mv.len() as f64 / signal.rate_hz);
        let end_s = end_s.fold(start_s, f64::max);
        let lowest_hz = signals.iter().map(|signal| signal.rate_hz).fold(f64::INFINITY, f64::min);
        let rate_hz = if lowest_hz >= 200.0 { 200.0 } else { lowest_hz.min(100.0) };
        let length = ((end_s - start_s) * rate_hz).ceil();
        (length <= Self::MOST).then_some(Self { start_s, rate_hz, length: length as usize })
    }
}

/// All QRS of a recording, by time.
pub(super) fn detect(signals: &[Signal]) -> Vec<Complex> {
    let sound = |signal: &&Signal| {
        (50.0..=100_000.0).contains(&signal.rate_hz) && signal.start_s.is_finite() && signal.samples_mv.len() > 8
    };
    let signals: Vec<&Signal> = signals.iter().filter(sound).collect();
    let Some(grid) = Grid::of(&signals) else { return Vec::new() };
    let mut joint = vec![0.0_f32; grid.length];
    for signal in signals {
        add_weighted(&mut joint, &slope_energy(signal, grid), grid.rate_hz);
    }
    let height: Vec<f32> = joint.iter().map(|energy| energy.sqrt()).collect();
    let levels = Levels::of(&height, grid.rate_hz);
    let peaks = peaks(&height, grid.rate_hz);
    choose(&peaks, &levels, grid.rate_hz)
        .into_iter()
        .map(|peak| Complex {
            time_s: grid.start_s + centre(&joint, peak.at, grid.rate_hz) / grid.rate_hz,
            height: peak.height / threshold(&levels, peak.at),
        })
        .collect()
}

/// Energy centre around a peak, in grid samples: the R point of a simple QRS, the middle of a notched one.
fn centre(joint: &[f32], at: usize, grid_hz: f64) -> f64 {
    let half = (0.5 * WINDOW_S * grid_hz).round() as usize;
    let (from, to) = (at.saturating_sub(half), (at + half + 1).min(joint.len()));
    let base = joint[from].min(joint[to - 1]);
    let (mut weight, mut moment) = (0.0_f64, 0.0_f64);
    for (index, energy) in joint[from..to].iter().enumerate() {
        let energy = f64::from(energy - base).max(0.0);
        weight += energy;
        moment += energy * (from + index) as f64;
    }
    0.5 + if weight > 0.0 { moment / weight } else { at as f64 }
}
