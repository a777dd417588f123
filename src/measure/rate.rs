//! Heart rate and RR intervals over the record. Definition of the rate: 60 / mean RR. Rhythm and variability are not judged here.

use super::{Beat, BeatClass, Measured, Measurements};
use crate::ecg::Span;

/// Fewer intervals give no rate.
const INTERVALS: usize = 2;
/// Beats found with less mean confidence than this cannot be told from noise.
const CONFIDENCE: f64 = 0.75;

/// Measures what rests on beat times alone. Intervals that touch a gap (where no lead can be read; sorted by time) are left out.
pub fn rates(beats: &[Beat], gaps: &[Span]) -> Measurements {
    let intervals = beats.windows(2).map(|pair| Span::new(pair[0].r_s, pair[1].r_s));
    let rr_ms: Vec<f64> = intervals.filter(|rr| whole(rr, gaps)).map(|rr| 1000.0 * rr.duration_s()).collect();
    if rr_ms.len() < INTERVALS {
        return Measurements::none(format!("{}: {INTERVALS} RR intervals are needed", found(beats.len())));
    }
    let confidence = beats.iter().map(|beat| f64::from(beat.confidence)).sum::<f64>() / beats.len() as f64;
    if confidence < CONFIDENCE {
        return Measurements::none("beats cannot be told from noise");
    }
    let count = rr_ms.len();
    let Some((mean, sd)) = mean_and_sd(&rr_ms) else { return Measurements::none("no RR interval") };
    Measurements {
        heart_rate_bpm: Measured::new(60_000.0 / mean, count),
        rr_ms: Measured::new(mean, count),
        rr_min_ms: Measured::new(rr_ms.iter().copied().fold(f64::INFINITY, f64::min), count),
        rr_max_ms: Measured::new(rr_ms.iter().copied().fold(0.0, f64::max), count),
        rr_sd_ms: Measured::new(sd, count),
        ..Measurements::none("not measured")
    }
}

/// Does no gap touch this interval?
fn whole(rr: &Span, gaps: &[Span]) -> bool {
    let next = gaps.partition_point(|gap| gap.end_s <= rr.start_s);
    gaps.get(next).is_none_or(|gap| !gap.overlaps(rr))
}

/// RR between neighbours neither of which is ectopic, s: an early beat and the pause after it say nothing of the rate that QT follows.
pub(super) fn usual_rr_s(beats: &[Beat], gaps: &[Span]) -> Vec<f64> {
    let usual = |beat: &Beat| !matches!(beat.class, BeatClass::SupraventricularEctopic | BeatClass::VentricularEctopic);
    let pairs = beats.windows(2).filter(|pair| usual(&pair[0]) && usual(&pair[1]));
    let intervals = pairs.map(|pair| Span::new(pair[0].r_s, pair[1].r_s)).filter(|rr| whole(rr, gaps));
    intervals.map(|rr| rr.duration_s()).collect()
}

/// Mean and standard deviation; `None` of fewer than two values.
pub(super) fn mean_and_sd(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len();
    let mean = (count >= INTERVALS).then(|| values.iter().sum::<f64>() / count as f64)?;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1) as f64;
    Some((mean, variance.sqrt()))
}

fn found(beats: usize) -> String {
    match beats {
        0 => "no beat found".into(),
        1 => "1 beat found".into(),
        more => format!("{more} beats found"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beats(at_s: &[f64], confidence: f32) -> Vec<Beat> {
        at_s.iter().map(|r_s| Beat { r_s: *r_s, class: BeatClass::Unclassified, confidence }).collect()
    }

    #[test]
    fn rate_is_sixty_over_mean_rr() {
        let measured = rates(&beats(&[0.0, 1.0, 1.8, 3.0], 1.0), &[]);
        assert!((measured.heart_rate_bpm.value().unwrap() - 60.0).abs() < 1e-9);
        assert!((measured.rr_min_ms.value().unwrap() - 800.0).abs() < 1e-9);
        assert!((measured.rr_max_ms.value().unwrap() - 1200.0).abs() < 1e-9);
        assert!((measured.rr_sd_ms.value().unwrap() - 200.0).abs() < 1e-9);
    }

    #[test]
    fn too_few_beats_and_doubtful_beats_give_the_reason() {
        assert_eq!(rates(&[], &[]).rr_ms.reason(), Some("no beat found: 2 RR intervals are needed"));
        assert_eq!(
            rates(&beats(&[0.0, 1.0], 1.0), &[]).rr_ms.reason(),
            Some("2 beats found: 2 RR intervals are needed")
        );
        assert_eq!(rates(&beats(&[0.0, 1.0, 2.0], 0.3), &[]).rr_ms.reason(), Some("beats cannot be told from noise"));
    }

    #[test]
    fn an_early_beat_and_the_pause_after_it_are_not_usual() {
        let mut beats = beats(&[0.0, 0.8, 1.6, 2.0, 3.2, 4.0, 4.8], 1.0);
        beats[3].class = BeatClass::VentricularEctopic;
        let usual = usual_rr_s(&beats, &[Span::new(4.2, 4.4)]);
        assert_eq!(usual.len(), 3);
        let (mean, sd) = mean_and_sd(&usual).unwrap();
        assert!((mean - 0.8).abs() < 1e-9 && sd < 1e-9);
        assert_eq!(mean_and_sd(&usual[..1]), None);
    }

    #[test]
    fn an_interval_over_a_gap_does_not_count() {
        let beats = beats(&[0.0, 1.0, 2.0, 6.0, 7.0, 8.0], 1.0);
        let measured = rates(&beats, &[Span::new(3.0, 5.0)]);
        assert_eq!(measured.heart_rate_bpm, Measured::Value { value: 60.0, beats: 4 });
    }
}
