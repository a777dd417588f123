//! Beats put in step with each other, and which samples belong to which beat. Beats themselves come from above.

use crate::dsp::BandPass;

/// Longest stretch of a template before and after R, s.
pub(super) const BEFORE_S: f64 = 0.36;
pub(super) const AFTER_S: f64 = 0.72;

/// One beat's samples: those from `first` to before `end`, R at `r`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tile {
    pub r: usize,
    pub first: usize,
    pub end: usize,
}

/// R points (samples) moved to the energy centre of their QRS and then to where each beat fits the mean beat best, within 30 ms.
/// The highest sample of a notched QRS jumps by 50 ms from beat to beat and ruins a template; this does not.
pub(super) fn align(leads: &[Vec<f32>], rate_hz: f64, r: &[usize]) -> Vec<usize> {
    let Some(count) = leads.first().map(Vec::len) else { return Vec::new() };
    let band = BandPass::new(count, rate_hz, 4.0, 20.0);
    let bands: Vec<Vec<f32>> = leads.iter().map(|lead| band.apply(lead)).collect();
    let mut energy = vec![0.0f32; count];
    for band in &bands {
        energy.iter_mut().zip(band).for_each(|(sum, value)| *sum += value * value);
    }
    let (half, reach) = ((0.08 * rate_hz) as usize, (0.03 * rate_hz) as usize);
    let mut aligned: Vec<usize> = r
        .iter()
        .map(|r| {
            let span = r.saturating_sub(half)..(r + half).min(count);
            let (sum, moment) = span.fold((0.0f64, 0.0f64), |(sum, moment), index| {
                let weight = f64::from(energy[index]);
                (sum + weight, moment + weight * index as f64)
            });
            if sum > 0.0 { (moment / sum).round() as usize } else { *r }
        })
        .collect();
    for _ in 0..2 {
        let inner: Vec<usize> = (0..aligned.len())
            .filter(|beat| aligned[*beat] > half + reach && aligned[*beat] + half + reach < count)
            .collect();
        if inner.len() < 3 {
            break;
        }
        let mean: Vec<Vec<f32>> = bands
            .iter()
            .map(|band| {
                let mut mean = vec![0.0f32; 2 * half];
                for beat in &inner {
                    let first = aligned[*beat] - half;
                    mean.iter_mut().zip(&band[first..]).for_each(|(sum, value)| *sum += value);
                }
                mean
            })
            .collect();
        for beat in inner {
            let fit = |shift: usize| -> f32 {
                let first = aligned[beat] + shift - reach - half;
                bands.iter().zip(&mean).map(|(band, mean)| dot(&band[first..first + 2 * half], mean)).sum()
            };
            let best = (0..=2 * reach)
                .map(|shift| (shift, fit(shift)))
                .fold((reach, f32::MIN), |best, now| if now.1 > best.1 { now } else { best });
            aligned[beat] = aligned[beat] + best.0 - reach;
        }
    }
    aligned.sort_unstable();
    aligned.dedup();
    aligned
}

/// Sum of products in eight lanes, in a fixed order.
fn dot(first: &[f32], second: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (left, right) = (first.chunks_exact(8), second.chunks_exact(8));
    let rest: f32 = left.remainder().iter().zip(right.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in left.zip(right) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    rest + lanes.iter().sum::<f32>()
}

/// Each sample to at most one beat. A beat starts 0.36 s before R, or 40 % of the RR before it, but not before the last T has ended, and at least
/// 0.12 s before R; it ends where the next one starts, or 0.72 s after R: from there on the line is taken as isoelectric.
pub(super) fn tiles(r: &[usize], count: usize, rate_hz: f64) -> Vec<Tile> {
    let samples = |seconds: f64| seconds * rate_hz;
    let rr: Vec<f64> = r.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
    let mut sorted = rr.clone();
    sorted.sort_by(f64::total_cmp);
    let Some(median) = sorted.get(sorted.len() / 2) else { return Vec::new() };
    let t_end = samples(0.45) * (median / rate_hz).min(1.2).sqrt();
    let starts: Vec<usize> = r
        .iter()
        .enumerate()
        .map(|(beat, r)| {
            let before = samples(BEFORE_S).min(0.40 * rr[beat.saturating_sub(1)]);
            let mut start = *r as f64 - before;
            if beat > 0 {
                start = start.max(*r as f64 - rr[beat - 1] + t_end).min(*r as f64 - samples(0.12));
            }
            start.max(0.0) as usize
        })
        .collect();
    r.iter()
        .enumerate()
        .map(|(beat, r)| {
            let next = starts.get(beat + 1).copied().unwrap_or(count);
            let end = next.min(count).min(r + samples(AFTER_S) as usize);
            Tile { r: *r, first: starts[beat].min(end), end }
        })
        .collect()
}
