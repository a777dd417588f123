//! Classes of beats by rules: prematurity, width, likeness to the dominant shape, P wave, pacing spike.
//!
//! Definitions after the usual ones (ventricular ectopic: early or late for its RR, wide, of another shape, without a P at the usual PR); limits chosen on
//! the developers' half of the MIT-BIH Arrhythmia Database. What fits no class stays unclassified.

use super::shapes::Shapes;
use super::{Beat, BeatClass, BeatWaves};

/// Likeness to the dominant shape below which a beat is of another shape.
const OTHER_SHAPE: f32 = 0.80;
/// RR before it, over the usual RR, below which a beat is early.
const EARLY: f64 = 0.88;
/// The same for an ectopic beat of the usual shape: a shorter interval is asked for.
const EARLY_OF_USUAL_SHAPE: f64 = 0.80;
/// A ventricular QRS is wider than the usual one by so much, ms.
const WIDER_MS: f64 = 22.0;
/// Variation of RR (as a share) from which on no beat can be called premature.
const IRREGULAR: f64 = 0.15;

/// Gives each beat its class; `paced` says before which beats a pacing spike stands.
pub(super) fn classify(beats: &mut [Beat], waves: &[BeatWaves], shapes: &Shapes, paced: &[bool]) {
    let Some(dominant) = shapes.dominant else { return };
    let width_ms = |beat: usize| waves.get(beat).and_then(|waves| waves.qrs).map(|qrs| qrs.duration_ms());
    let usual_width_ms = median(shapes.members(dominant).iter().filter_map(|beat| width_ms(*beat)).collect());
    let rr_s: Vec<f64> = beats.windows(2).map(|pair| pair[1].r_s - pair[0].r_s).collect();
    // a group is wide by its middle: one beat's ends are doubtful
    let groups = shapes.group.iter().flatten().copied().max().map_or(0, |last| last + 1);
    let group_width_ms: Vec<Option<f64>> = (0..groups)
        .map(|group| median(shapes.members(group).iter().filter_map(|beat| width_ms(*beat)).collect()))
        .collect();
    let classes: Vec<BeatClass> = (0..beats.len())
        .map(|beat| {
            if paced.get(beat).copied().unwrap_or(false) {
                return BeatClass::Paced;
            }
            let Some(group) = shapes.group[beat] else { return BeatClass::Unclassified };
            let (usual_s, irregular) = around(&rr_s, beat);
            let before = beat.checked_sub(1).and_then(|last| rr_s.get(last)).copied();
            let after = rr_s.get(beat).copied();
            let early = |limit: f64| matches!((before, usual_s), (Some(rr), Some(usual)) if rr < limit * usual);
            let paused = matches!((after, usual_s), (Some(rr), Some(usual)) if rr > 1.1 * usual);
            let likeness = shapes.likeness[beat];
            let width = width_ms(beat).or(group_width_ms[group]);
            let wider = match (width, group_width_ms[group], usual_width_ms) {
                (Some(own), Some(group), Some(usual)) => own.max(group) >= usual + WIDER_MS,
                _ => false,
            };
            let has_p = waves.get(beat).is_some_and(|waves| waves.p.is_some());
            let other = group != dominant && likeness < OTHER_SHAPE;
            let far = group != dominant && likeness < 0.5;
            if other && (wider && (early(EARLY) || paused || !has_p) || far && (early(EARLY) || wider)) {
                BeatClass::VentricularEctopic
            } else if group == dominant || likeness >= OTHER_SHAPE {
                let premature = early(EARLY_OF_USUAL_SHAPE) && irregular < IRREGULAR;
                if premature { BeatClass::SupraventricularEctopic } else { BeatClass::Normal }
            } else if early(EARLY) && !wider {
                BeatClass::SupraventricularEctopic
            } else {
                BeatClass::Unclassified
            }
        })
        .collect();
    for (beat, class) in beats.iter_mut().zip(classes) {
        beat.class = class;
    }
}

/// The usual RR around a beat, and how irregular the rhythm is there: median distance from it, over it.
fn around(rr_s: &[f64], beat: usize) -> (Option<f64>, f64) {
    let near = &rr_s[beat.saturating_sub(9).min(rr_s.len())..(beat + 8).min(rr_s.len())];
    let Some(usual) = median(near.to_vec()) else { return (None, 0.0) };
    let away = median(near.iter().map(|rr| (rr - usual).abs()).collect()).unwrap_or(0.0);
    (Some(usual), away / usual)
}

pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    let count = values.len();
    match count {
        0 => None,
        _ if count % 2 == 1 => Some(values[count / 2]),
        _ => Some(0.5 * (values[count / 2 - 1] + values[count / 2])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beats(rr_s: &[f64]) -> Vec<Beat> {
        let mut r_s = 1.0;
        let mut all = vec![Beat { r_s, class: BeatClass::Unclassified, confidence: 1.0 }];
        for rr in rr_s {
            r_s += rr;
            all.push(Beat { r_s, class: BeatClass::Unclassified, confidence: 1.0 });
        }
        all
    }

    fn waves(beats: &[Beat], wide: &[usize]) -> Vec<BeatWaves> {
        let wave = |(number, beat): (usize, &Beat)| {
            let long_s = if wide.contains(&number) { 0.15 } else { 0.09 };
            let qrs = super::super::Wave {
                kind: super::super::WaveKind::Qrs,
                onset_s: beat.r_s - 0.04,
                peak_s: beat.r_s,
                offset_s: beat.r_s - 0.04 + long_s,
                confidence: 1.0,
                beat: Some(number),
            };
            BeatWaves { p: None, qrs: Some(qrs), t: None }
        };
        beats.iter().enumerate().map(wave).collect()
    }

    fn shapes(others: &[usize], count: usize) -> Shapes {
        let other = |beat: &usize| others.contains(beat);
        Shapes {
            group: (0..count).map(|beat| Some(usize::from(other(&beat)))).collect(),
            shift_s: vec![0.0; count],
            likeness: (0..count).map(|beat| if other(&beat) { 0.2 } else { 0.99 }).collect(),
            dominant: Some(0),
        }
    }

    #[test]
    fn early_wide_beats_of_another_shape_are_ventricular() {
        let mut all = beats(&[0.8, 0.8, 0.5, 1.1, 0.8, 0.8]);
        let (waves, shapes) = (waves(&all, &[3]), shapes(&[3], 7));
        classify(&mut all, &waves, &shapes, &[]);
        let ventricular: Vec<usize> = (0..7).filter(|beat| all[*beat].class == BeatClass::VentricularEctopic).collect();
        assert_eq!(ventricular, [3]);
        assert_eq!(all[2].class, BeatClass::Normal);
    }

    #[test]
    fn early_beats_of_the_usual_shape_are_supraventricular_unless_all_is_irregular() {
        let mut all = beats(&[0.8, 0.8, 0.5, 0.9, 0.8, 0.8]);
        let (waves_, shapes_) = (waves(&all, &[]), shapes(&[], 7));
        classify(&mut all, &waves_, &shapes_, &[]);
        assert_eq!(all[3].class, BeatClass::SupraventricularEctopic);
        let mut chaos = beats(&[0.8, 1.2, 0.5, 1.0, 0.6, 1.4, 0.5]);
        let (waves_, shapes_) = (waves(&chaos, &[]), shapes(&[], 8));
        classify(&mut chaos, &waves_, &shapes_, &[]);
        assert!(chaos.iter().all(|beat| beat.class == BeatClass::Normal));
    }

    #[test]
    fn a_spike_makes_a_paced_beat() {
        let mut all = beats(&[0.8, 0.8]);
        let (waves, shapes) = (waves(&all, &[]), shapes(&[], 3));
        classify(&mut all, &waves, &shapes, &[false, true, false]);
        assert_eq!(all[1].class, BeatClass::Paced);
    }
}
