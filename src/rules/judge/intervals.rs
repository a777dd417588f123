//! RR intervals as rhythm is judged from them: which count, how irregular they are, whether they repeat a pattern.

use super::super::facts::Facts;
use crate::ecg::Span;
use crate::measure::{Beat, BeatClass};

/// Irregular from this ratio of the root mean square of successive differences to the mean RR on (Dash 2009 for fibrillation).
const IRREGULAR: f64 = 0.1;
/// Intervals that resemble those k before by at least this correlation repeat a pattern (our choice).
const PATTERN: f64 = 0.7;

/// RR between beats that the ventricle did not start itself, blind stretches left out: s.
pub(in super::super) fn rr_s(facts: &Facts, beats: &[Beat]) -> Vec<f64> {
    let own = |beat: &Beat| !matches!(beat.class, BeatClass::VentricularEctopic | BeatClass::Paced);
    let seen = |span: &Span| !facts.signal.blind.iter().any(|blind| blind.overlaps(span));
    beats
        .windows(2)
        .filter(|pair| own(&pair[0]) && own(&pair[1]))
        .map(|pair| Span::new(pair[0].r_s, pair[1].r_s))
        .filter(seen)
        .map(|span| span.duration_s())
        .filter(|rr_s| *rr_s > 0.0 && rr_s.is_finite())
        .collect()
}

/// Mean; `None` of nothing.
pub(in super::super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Root mean square of successive differences over the mean; `None` under four intervals.
pub(in super::super) fn irregularity(rr_s: &[f64]) -> Option<f64> {
    let mean = mean(rr_s).filter(|_| rr_s.len() >= 4)?;
    let squares: f64 = rr_s.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    Some((squares / (rr_s.len() - 1) as f64).sqrt() / mean)
}

/// Irregular?
pub(in super::super) fn irregular(rr_s: &[f64]) -> bool {
    irregularity(rr_s).is_some_and(|ratio| ratio > IRREGULAR)
}

/// Do the intervals repeat with a period of two, three or four beats (bigeminy, group beating)?
pub(in super::super) fn patterned(rr_s: &[f64]) -> bool {
    let Some(mean) = mean(rr_s) else { return false };
    let power: f64 = rr_s.iter().map(|rr| (rr - mean).powi(2)).sum();
    if power <= 0.0 {
        return true;
    }
    (2..=4_usize).filter(|lag| rr_s.len() >= 3 * lag).any(|lag| {
        let shared: f64 = rr_s.iter().zip(&rr_s[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
        let part = (rr_s.len() - lag) as f64 / rr_s.len() as f64;
        shared / (power * part) >= PATTERN
    })
}

/// Share of the differences of these times (sorted) that are within a fifth of the usual one, and the usual one, s; `None` under four times.
pub(in super::super) fn steadiness(at_s: &[f64]) -> Option<(f64, f64)> {
    let mut steps: Vec<f64> = at_s.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_by(f64::total_cmp);
    let usual_s = *steps.get(steps.len() / 2).filter(|usual_s| steps.len() >= 3 && **usual_s > 0.0)?;
    let steady = steps.iter().filter(|step| (*step - usual_s).abs() <= 0.2 * usual_s).count();
    Some((steady as f64 / steps.len() as f64, usual_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bigeminy_has_a_pattern_and_fibrillation_has_none() {
        let bigeminy: Vec<f64> = (0..12).map(|beat| if beat % 2 == 0 { 0.5 } else { 1.1 }).collect();
        assert!(irregular(&bigeminy) && patterned(&bigeminy));
        let chaos = [0.62, 0.91, 0.48, 0.77, 1.02, 0.55, 0.83, 0.68, 0.97, 0.51, 0.72, 0.88];
        assert!(irregular(&chaos) && !patterned(&chaos));
        assert!(!irregular(&[0.8, 0.82, 0.81, 0.79, 0.8]));
        assert!(!irregular(&[0.8, 1.6]), "too few to tell");
    }
}
