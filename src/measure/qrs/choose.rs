//! Which peaks of the joint height are QRS: threshold, T-wave test, weak peaks out, search-back.

use super::levels::{Levels, around, median, quantile};

/// Two complexes are at least this far apart (Pan & Tompkins).
const REFRACTORY_S: f64 = 0.200;
/// Up to here a weaker complex may be the T wave of the one before (Pan & Tompkins).
const T_WAVE_S: f64 = 0.360;
/// Threshold as a share of the local QRS level.
const THRESHOLD: f32 = 0.36;
/// A peak weaker than this share of both neighbours may be no beat.
const WEAK: f32 = 0.60;
/// The peak of a T wave comes within this of its QRS, s.
const LATEST_T_S: f64 = 0.45;
/// The peak of a P wave comes at most so long before its QRS, s.
const EARLIEST_P_S: f64 = 0.30;
/// Threshold where a beat seems to be missing.
const SEARCH_BACK: f32 = 0.20;

/// A local maximum of the joint height.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    /// Place on the grid.
    pub at: usize,
    /// Joint height.
    pub height: f32,
}

/// Maxima that no higher one lies within half the refractory time of.
pub(super) fn peaks(height: &[f32], grid_hz: f64) -> Vec<Peak> {
    let near = ((0.5 * REFRACTORY_S * grid_hz) as usize).max(1);
    let mut found: Vec<Peak> = Vec::new();
    for at in 1..height.len().saturating_sub(1) {
        let here = height[at];
        if here <= 0.0 || here < height[at - 1] || here <= height[at + 1] {
            continue;
        }
        match found.last_mut() {
            Some(last) if at - last.at < near => {
                if here > last.height {
                    *last = Peak { at, height: here };
                }
            }
            _ => found.push(Peak { at, height: here }),
        }
    }
    found
}

/// Height over which a peak is a QRS without further reason.
pub(super) fn threshold(levels: &Levels, at: usize) -> f32 {
    (THRESHOLD * levels.qrs(at)).max(levels.floor(at))
}

/// Which peaks are QRS: over the threshold, not the T wave of the one before; then search-back where one seems to be missing.
pub(super) fn choose(peaks: &[Peak], levels: &Levels, grid_hz: f64) -> Vec<Peak> {
    let mut chosen: Vec<Peak> = Vec::new();
    for peak in peaks.iter().filter(|peak| peak.height >= threshold(levels, peak.at)) {
        accept(&mut chosen, *peak, grid_hz);
    }
    search_back(without_weak(chosen, levels, grid_hz), peaks, levels, grid_hz)
}

/// Drops a weak peak between two strong ones that are a usual interval apart: a T wave, a P wave or noise, not a beat of its own.
///
/// What is usual: the 70 % quantile of the intervals near by. P or T waves found at every beat would shorten it, so that a peak in the place of one
/// is also held against the intervals between strong peaks alone.
fn without_weak(chosen: Vec<Peak>, levels: &Levels, grid_hz: f64) -> Vec<Peak> {
    let all: Vec<usize> = chosen.iter().map(|peak| peak.at).collect();
    let strong = chosen.iter().filter(|peak| peak.height >= WEAK * levels.qrs(peak.at));
    let strong: Vec<usize> = strong.map(|peak| peak.at).collect();
    let (of_all, of_strong) = (intervals(&all), intervals(&strong));
    let mut out: Vec<Peak> = Vec::with_capacity(chosen.len());
    for (index, peak) in chosen.iter().enumerate() {
        let seconds = |from: usize, to: usize| (to - from) as f64 / grid_hz;
        let Some(last) = out.last() else {
            let p_wave = |next: &Peak| peak.height < WEAK * next.height && seconds(peak.at, next.at) < EARLIEST_P_S;
            if !chosen.get(index + 1).is_some_and(p_wave) {
                out.push(*peak);
            }
            continue;
        };
        let in_t_wave = seconds(last.at, peak.at) < LATEST_T_S;
        let strong_interval = || usual(&strong, &of_strong, peak.at);
        let dropped = match chosen.get(index + 1) {
            Some(next) if peak.height < WEAK * last.height.min(next.height) => {
                let bridged = (next.at - last.at) as f32;
                let in_p_wave = seconds(peak.at, next.at) < EARLIEST_P_S;
                bridged <= 1.3 * usual(&all, &of_all, peak.at)
                    || ((in_t_wave || in_p_wave) && bridged <= 1.3 * strong_interval())
            }
            _ => false,
        };
        if dropped {
            continue;
        }
        out.push(*peak);
    }
    out
}

fn intervals(at: &[usize]) -> Vec<f32> {
    at.windows(2).map(|pair| (pair[1] - pair[0]) as f32).collect()
}

/// The 70 % quantile of eight intervals to both sides of a place.
fn usual(at: &[usize], intervals: &[f32], place: usize) -> f32 {
    let near = at.partition_point(|other| *other < place).min(intervals.len());
    quantile(&intervals[near.saturating_sub(8)..(near + 8).min(intervals.len())], 0.7)
}

fn accept(chosen: &mut Vec<Peak>, peak: Peak, grid_hz: f64) {
    let Some(last) = chosen.last_mut() else {
        chosen.push(peak);
        return;
    };
    let apart_s = (peak.at - last.at) as f64 / grid_hz;
    if apart_s < REFRACTORY_S {
        if peak.height > last.height {
            *last = peak;
        }
    } else if apart_s >= T_WAVE_S || peak.height >= 0.5 * last.height {
        chosen.push(peak);
    }
}

fn search_back(chosen: Vec<Peak>, peaks: &[Peak], levels: &Levels, grid_hz: f64) -> Vec<Peak> {
    let mut out: Vec<Peak> = Vec::with_capacity(chosen.len());
    let gaps: Vec<f32> = chosen.windows(2).map(|pair| (pair[1].at - pair[0].at) as f32).collect();
    let usual = around(&gaps, median);
    for (index, peak) in chosen.iter().enumerate() {
        out.push(*peak);
        let Some(next) = chosen.get(index + 1) else { break };
        let (from, to) =
            (peak.at + (T_WAVE_S * grid_hz) as usize, next.at.saturating_sub((T_WAVE_S * grid_hz) as usize));
        if (next.at - peak.at) as f32 <= 1.66 * usual[index] || from >= to {
            continue;
        }
        let first = peaks.partition_point(|other| other.at < from);
        let missed = peaks[first..]
            .iter()
            .take_while(|other| other.at < to)
            .filter(|other| other.height >= (SEARCH_BACK * levels.qrs(other.at)).max(levels.floor(other.at)));
        for other in missed {
            accept(&mut out, *other, grid_hz);
        }
    }
    out
}
