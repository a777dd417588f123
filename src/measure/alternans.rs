//! T alternans: the T waves of every other beat against the rest, beyond what beats taken two by two differ by.
//!
//! The idea is that of the modified moving average (Nearing & Verrier 2002): even and odd beats are averaged apart and the largest difference between
//! J + 60 ms and T end is told. Ten seconds hold few beats, so the two averages are medians, and the difference counts as far as both halves of the
//! beats show it. What beats 0, 1, 4, 5 … and 2, 3, 6, 7 … differ by in the same way, which alternans leaves alone and noise and breathing do not,
//! is taken off.

use std::ops::Range;

use super::{Beat, BeatClass, Measured};
use crate::dsp::column_medians;

/// Fewer beats in a row give no result.
const LEAST: usize = 8;
/// An RR farther from the median RR than this share changes T by itself.
const STEADY: f64 = 0.20;
/// It must show in so many leads.
const LEADS: usize = 3;
/// The difference is averaged over this stretch, s.
const SMOOTH_S: f64 = 0.04;
/// The T wave is looked at from so long after J on, s.
const AFTER_J_S: f64 = 0.06;

/// Beats in a row over which alternans can be told, as a range of `members`, or why there are none.
pub(super) fn in_a_row(beats: &[Beat], members: &[usize]) -> Result<Range<usize>, &'static str> {
    let rr_s = |beat: usize| beats[beat + 1].r_s - beats[beat].r_s;
    let usual_s = super::classes::median(
        members.windows(2).filter(|pair| pair[1] == pair[0] + 1).map(|pair| rr_s(pair[0])).collect(),
    )
    .ok_or("no beats of one shape in a row")?;
    let follows = |pair: &[usize]| {
        let steady = (rr_s(pair[0]) - usual_s).abs() <= STEADY * usual_s;
        let own = pair.iter().all(|beat| matches!(beats[*beat].class, BeatClass::Normal | BeatClass::Unclassified));
        pair[1] == pair[0] + 1 && steady && own
    };
    let (mut from, mut best) = (0, 0..0);
    for at in 0..members.len() {
        if at > 0 && !follows(&members[at - 1..=at]) {
            from = at;
        }
        if at + 1 - from > best.len() {
            best = from..at + 1;
        }
    }
    if best.len() < LEAST { Err("fewer than 8 normal beats in a row at a steady rate") } else { Ok(best) }
}

/// The stretch of a median beat that is looked at, samples, from the J point and the T end.
pub(super) fn stretch(j_point: f64, t_end: f64, rate_hz: f64) -> Range<usize> {
    (j_point + AFTER_J_S * rate_hz).round().max(0.0) as usize..t_end.round().max(0.0) as usize
}

/// What one lead's beats in a row (aligned, levelled, in their order) differ by, mV; `None` = samples are missing in more than the beats at the ends.
pub(super) fn of_lead(rows: &[Vec<f32>], stretch: Range<usize>, rate_hz: f64) -> Option<f64> {
    let width = ((SMOOTH_S * rate_hz) as usize).max(1);
    if stretch.len() <= width {
        return None;
    }
    let whole =
        |row: &Vec<f32>| row.get(stretch.clone()).is_some_and(|part| part.iter().all(|value| value.is_finite()));
    let (first, last) = (rows.iter().position(whole)?, rows.iter().rposition(whole)?);
    let rows = &rows[first..=last];
    if rows.len() < LEAST || !rows.iter().all(whole) {
        return None;
    }
    // how far the two sides are apart, smoothed, in a part of the beats
    let apart = |part: Range<usize>, first: &dyn Fn(usize) -> bool| -> Vec<f32> {
        let side = |want: bool| {
            let rows = part.clone().filter(|at| first(*at) == want).map(|at| (0, &rows[at][stretch.clone()]));
            column_medians(&rows.collect::<Vec<_>>(), stretch.len())
        };
        let apart: Vec<f32> = side(true).iter().zip(side(false)).map(|(a, b)| a - b).collect();
        apart.windows(width).map(|part| part.iter().sum::<f32>() / width as f32).collect()
    };
    let half = rows.len() / 2;
    let kept = |first: &dyn Fn(usize) -> bool| {
        let (early, late) = (apart(0..half, first), apart(half..rows.len(), first));
        let both = early.iter().zip(&late).filter(|(early, late)| *early * *late > 0.0);
        both.map(|(early, late)| early.abs().min(late.abs())).fold(0.0, f32::max)
    };
    let every_other = kept(&|at| at % 2 == 0);
    let two_by_two = kept(&|at| at / 2 % 2 == 0);
    Some(f64::from((every_other - two_by_two).max(0.0)))
}

/// Alternans shows in several leads, noise in one: the third largest counts (the smallest where there are fewer).
pub(super) fn over_leads(leads: impl Iterator<Item = Option<f64>>, count: usize) -> Measured {
    let mut leads: Vec<f64> = leads.flatten().collect();
    leads.sort_by(|a, b| b.total_cmp(a));
    match leads.get(LEADS - 1).or(leads.last()) {
        Some(third) => Measured::new(*third, count),
        None => Measured::none("no T wave that is recorded in each of the beats"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Kind, Noise, NoiseKind, Spec, generate};

    /// T of every other beat raised by so much in every lead; measured.
    fn measured_mv(spec: Spec, raise_mv: f64) -> Measured {
        let made = generate(&spec);
        let r_s = made.truth.r_s();
        let mut recording = made.recording;
        for trace in &mut recording.traces {
            let mut samples = trace.samples_mv.to_vec();
            for r_s in r_s.iter().step_by(2) {
                for (index, value) in samples.iter_mut().enumerate() {
                    let from_t_s = index as f64 / trace.rate_hz - (r_s + 0.30);
                    *value += (raise_mv * (-0.5 * (from_t_s / 0.04).powi(2)).exp()) as f32;
                }
            }
            trace.samples_mv = samples.into();
        }
        let waves = crate::measure::delineate(&recording.traces, &[], &r_s, None);
        let beats: Vec<Beat> =
            r_s.iter().map(|r_s| Beat { r_s: *r_s, class: BeatClass::Unclassified, confidence: 1.0 }).collect();
        crate::measure::measure(&recording.traces, &[], &beats, &waves, &[]).measurements.t_alternans_mv
    }

    #[test]
    fn a_known_alternans_is_told_and_noise_is_none() {
        let steady = || Spec { breathing: false, ..Kind::Normal.spec(2) };
        let clean = measured_mv(steady(), 0.0).value().expect("beats enough");
        assert!(clean < 0.01, "{clean}");
        let raised = measured_mv(steady(), 0.15).value().expect("beats enough");
        assert!((raised - 0.15).abs() < 0.03, "{raised}");
        for seed in 0..6 {
            let noise = vec![Noise::snr_db(NoiseKind::White, 12.0), Noise::snr_db(NoiseKind::Wander, 6.0)];
            let noisy = measured_mv(Spec { noise, ..Kind::Normal.spec(seed) }, 0.0);
            assert!(noisy.value().is_none_or(|mv| mv < 0.05), "seed {seed}: {noisy:?}");
        }
    }

    #[test]
    fn too_few_or_unsteady_beats_give_no_result() {
        let beats = |rr_s: &[f64]| -> Vec<Beat> {
            let mut at_s = 0.0;
            let place = rr_s.iter().map(|rr_s| {
                at_s += rr_s;
                Beat { r_s: at_s, class: BeatClass::Normal, confidence: 1.0 }
            });
            place.collect()
        };
        let members = |count: usize| (0..count).collect::<Vec<_>>();
        assert_eq!(in_a_row(&beats(&[0.8; 10]), &members(10)), Ok(0..10));
        assert!(in_a_row(&beats(&[0.8; 7]), &members(7)).is_err());
        assert!(in_a_row(&beats(&[0.8, 0.5].repeat(6)), &members(12)).is_err(), "bigeminal");
        let gap: Vec<usize> = (0..13).filter(|beat| *beat != 4).collect();
        assert_eq!(in_a_row(&beats(&[0.8; 13]), &gap), Ok(4..12), "the longest stretch");
    }
}
