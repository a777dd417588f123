//! Runs of samples that are no signal: missing, flat, at the rail, beyond physiology. One pass a lead.

use super::limits::{BEYOND_MV, FLAT_MV, FLAT_S, RAIL_MV, RAIL_S};

/// A run of samples: first and one past last.
pub(super) type Run = (usize, usize);

/// Runs of no sample (NaN, infinite), those less than 0.1 s apart joined.
pub(super) fn missing(samples: &[f32], rate_hz: f64) -> Vec<Run> {
    joined(runs(samples.len(), |index| !samples[index].is_finite()), (0.1 * rate_hz) as usize)
}

/// Runs of at least [`FLAT_S`] within which the samples keep inside [`FLAT_MV`].
pub(super) fn flat(samples: &[f32], rate_hz: f64) -> Vec<Run> {
    let least = (FLAT_S * rate_hz).round().max(2.0) as usize;
    let mut found: Vec<Run> = Vec::new();
    let mut from = 0;
    // greedy: a run grows while its range stays inside the limit; then the next starts where it broke
    while from < samples.len() {
        let (mut low, mut high, mut to) = (f32::INFINITY, f32::NEG_INFINITY, from);
        while to < samples.len() && samples[to].is_finite() {
            let (next_low, next_high) = (low.min(samples[to]), high.max(samples[to]));
            if next_high - next_low >= FLAT_MV {
                break;
            }
            (low, high, to) = (next_low, next_high, to + 1);
        }
        if to - from >= least {
            match found.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => found.push((from, to)),
            }
        }
        from = to.max(from + 1);
    }
    found
}

/// Runs beyond physiology ([`BEYOND_MV`] from the lead's median) or at the rail (identical samples at its own highest or lowest value).
pub(super) fn saturated(samples: &[f32], rate_hz: f64, median_mv: f32) -> Vec<Run> {
    let finite = || samples.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max));
    let far = |index: usize| (samples[index] - median_mv).abs() > BEYOND_MV;
    let at_rail = |index: usize| {
        (samples[index] == low || samples[index] == high) && (samples[index] - median_mv).abs() >= RAIL_MV
    };
    let highest_mv = (low - median_mv).abs().max((high - median_mv).abs());
    if highest_mv < RAIL_MV.min(BEYOND_MV) {
        return Vec::new();
    }
    let least = (RAIL_S * rate_hz).round().max(3.0) as usize;
    let rails = runs(samples.len(), at_rail).into_iter().filter(|(from, to)| to - from >= least);
    let mut all: Vec<Run> = runs(samples.len(), far).into_iter().chain(rails).collect();
    all.sort_unstable();
    joined(all, (0.2 * rate_hz) as usize)
}

fn runs(length: usize, holds: impl Fn(usize) -> bool) -> Vec<Run> {
    let mut found = Vec::new();
    let mut from = None;
    for index in 0..=length {
        match (from, index < length && holds(index)) {
            (None, true) => from = Some(index),
            (Some(start), false) => {
                found.push((start, index));
                from = None;
            }
            _ => {}
        }
    }
    found
}

/// Sorted runs with those closer than `near` made one.
fn joined(runs: Vec<Run>, near: usize) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (from, to) in runs {
        match out.last_mut() {
            Some(last) if from <= last.1 + near => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_flats_and_rails_are_found_where_they_are() {
        let mut samples: Vec<f32> = (0..2000).map(|index| (index as f32 * 0.3).sin()).collect();
        samples[100..200].fill(f32::NAN);
        samples[500..800].fill(0.2);
        samples[1200..1230].fill(3.0);
        samples[1500..1510].fill(80.0);
        assert_eq!(missing(&samples, 250.0), [(100, 200)]);
        assert_eq!(flat(&samples, 250.0), [(500, 800)]);
        assert_eq!(saturated(&samples[..1400], 250.0, 0.0), [(1200, 1230)]);
        assert_eq!(saturated(&samples, 250.0, 0.0), [(1500, 1510)]);
    }

    #[test]
    fn a_slow_drift_is_not_flat() {
        let drift: Vec<f32> = (0..2500).map(|index| index as f32 * 0.0002).collect();
        assert_eq!(flat(&drift, 250.0), []);
    }
}
