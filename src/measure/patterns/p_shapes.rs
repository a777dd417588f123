//! Shapes of P: how many different atrial waves lead the ventricles. Beats are grouped by the likeness of their P over all leads.

use super::super::shapes::correlation;
use super::super::{Beat, BeatClass, Waves};
use crate::ecg::Trace;

/// Fewer P tell no shapes.
const LEAST: usize = 6;
/// More are not needed: they are taken evenly over the recording. Nor are more groups: a P that fits none of them is noise.
const MOST: usize = 240;
const GROUPS: usize = 24;
/// A doubtful P is not compared.
const SURE: f32 = 0.5;
/// P is compared from so long before its middle to so long after it, s, at this step.
const HALF_S: f64 = 0.06;
const STEP_S: f64 = 0.01;
/// Two P may be so many steps out of step.
const LAG: isize = 2;
/// Correlation over all leads from which on two P have one shape.
const ALIKE: f32 = 0.75;
/// One beat alone makes no shape, nor does so small a share of a long recording: it may be noise.
const MEMBERS: usize = 2;
const MEMBERS_SHARE: f64 = 0.05;

/// Shapes of P.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PShapes {
    /// Shapes that at least two beats, and a twentieth of all, have.
    pub shapes: usize,
    /// Beats with a P that was compared.
    pub beats: usize,
}

/// How many shapes the P before conducted beats have; `None` = fewer than six P.
pub(super) fn p_shapes(traces: &[&Trace], beats: &[Beat], waves: &Waves) -> Option<PShapes> {
    let own = |beat: usize| {
        beats.get(beat).is_some_and(|beat| !matches!(beat.class, BeatClass::VentricularEctopic | BeatClass::Paced))
    };
    // the middle of each P, and where its QRS begins
    let middles = waves.beats.iter().enumerate().filter(|(beat, _)| own(*beat)).filter_map(|(_, waves)| {
        let p = waves.p.filter(|p| p.confidence >= SURE)?;
        Some((0.5 * (p.onset_s + p.offset_s), waves.qrs?.onset_s))
    });
    let all: Vec<(f64, f64)> = middles.collect();
    let middles: Vec<(f64, f64)> = all.iter().copied().step_by(all.len().div_ceil(MOST).max(1)).collect();
    if middles.len() < LEAST {
        return None;
    }
    let mut groups: Vec<(Vec<f32>, usize)> = Vec::new();
    for (middle_s, qrs_s) in &middles {
        let cuts: Vec<Vec<f32>> =
            (-LAG..=LAG).map(|lag| cut(traces, middle_s + lag as f64 * STEP_S, qrs_s - STEP_S)).collect();
        let fit = |mean: &[f32]| {
            let likeness = cuts.iter().map(|cut| correlation(cut, mean)).enumerate();
            likeness.fold((0, -1.0_f32), |best, now| if now.1 > best.1 { now } else { best })
        };
        let best = groups.iter().map(|(mean, _)| fit(mean)).enumerate().max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        match best {
            Some((group, (lag, likeness))) if likeness >= ALIKE => {
                let (mean, members) = &mut groups[group];
                *members += 1;
                let share = 1.0 / (*members).min(30) as f32;
                for (mean, value) in mean.iter_mut().zip(&cuts[lag]) {
                    *mean += share * (value - *mean);
                }
            }
            _ if groups.len() < GROUPS => groups.push((cuts[LAG as usize].clone(), 1)),
            _ => {}
        }
    }
    let least = MEMBERS.max((MEMBERS_SHARE * middles.len() as f64).ceil() as usize);
    let shapes = groups.iter().filter(|(_, members)| *members >= least).count();
    Some(PShapes { shapes, beats: middles.len() })
}

/// One P over all leads, each from its own line between the ends, and level from `until_s` on; a lead with a gap is level.
fn cut(traces: &[&Trace], middle_s: f64, until_s: f64) -> Vec<f32> {
    let steps = (HALF_S / STEP_S).round() as usize;
    let mut row = Vec::with_capacity(traces.len() * (2 * steps + 1));
    for trace in traces {
        // the mean of one step: a sample alone is noise
        let half = ((0.5 * STEP_S * trace.rate_hz).round() as usize).max(1);
        let value = |step: usize| -> f32 {
            let time_s = (middle_s + (step as f64 - steps as f64) * STEP_S).min(until_s);
            let place = ((time_s - trace.start_s) * trace.rate_hz).round().max(0.0) as usize;
            let part =
                trace.samples_mv.get(place.saturating_sub(half)..=place.saturating_add(half)).unwrap_or_default();
            part.iter().sum::<f32>() / part.len().max(1) as f32
        };
        let (first, last) = (value(0), value(2 * steps));
        let line = |step: usize| first + (last - first) * step as f32 / (2 * steps) as f32;
        let lead: Vec<f32> = (0..=2 * steps).map(|step| value(step) - line(step)).collect();
        let sound = lead.iter().all(|value| value.is_finite());
        row.extend(lead.into_iter().map(|value| if sound { value } else { 0.0 }));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{BeatWaves, Wave, WaveKind};
    use crate::synth::{Kind, Noise, NoiseKind, Rhythm, Spec, generate};

    fn found(spec: &Spec) -> Option<PShapes> {
        let made = generate(spec);
        let wave = |kind, wave: crate::synth::TrueWave| Wave {
            kind,
            onset_s: wave.onset_s,
            peak_s: wave.peak_s,
            offset_s: wave.offset_s,
            confidence: 1.0,
            beat: None,
        };
        let waves = made.truth.beats.iter().map(|beat| BeatWaves {
            p: beat.p.map(|p| wave(WaveKind::P, p)),
            qrs: beat.qrs.map(|qrs| wave(WaveKind::Qrs, qrs)),
            t: None,
        });
        let waves = Waves { beats: waves.collect(), ..Default::default() };
        let beats: Vec<Beat> =
            made.truth.r_s().into_iter().map(|r_s| Beat { r_s, class: BeatClass::Normal, confidence: 1.0 }).collect();
        p_shapes(&made.recording.traces.iter().collect::<Vec<_>>(), &beats, &waves)
    }

    #[test]
    fn the_sinus_has_one_shape_and_four_foci_have_several() {
        let noise = vec![Noise::snr_db(NoiseKind::Muscle, 18.0)];
        for seed in 1..6 {
            let sinus = Spec { noise: noise.clone(), ..Kind::Normal.spec(seed) };
            assert_eq!(found(&sinus).map(|found| found.shapes), Some(1), "seed {seed}");
            let many = Spec { rhythm: Rhythm::MultifocalAtrial, heart_rate_bpm: 115.0, pr_ms: 140.0, ..sinus };
            // where a P lies on a T it has a shape of its own
            let shapes = found(&many).map_or(0, |found| found.shapes);
            assert!((3..=6).contains(&shapes), "seed {seed}: {shapes}");
        }
    }

    #[test]
    fn a_long_recording_is_told_by_some_of_its_beats() {
        let spec =
            Spec { duration_s: 600.0, noise: vec![Noise::snr_db(NoiseKind::Muscle, 0.0)], ..Kind::Normal.spec(1) };
        let found = found(&spec).expect("many P");
        assert!((120..=MOST).contains(&found.beats) && found.shapes <= 2, "{found:?}");
    }

    #[test]
    fn no_p_tells_nothing() {
        assert_eq!(found(&Kind::AtrialFibrillation.spec(1)), None);
        assert_eq!(p_shapes(&[], &[], &Waves::default()), None);
    }
}
