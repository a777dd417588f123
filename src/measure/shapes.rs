//! Beats in groups by the shape of their QRS over all leads, each put in step with its group.

use crate::ecg::Trace;

/// A QRS is compared from so long before its R point to so long after it, s.
const HALF_S: f64 = 0.072;
/// Beats are compared at this step, s …
const STEP_S: f64 = 0.004;
/// … and may be so many steps out of step.
const LAG: usize = 4;
/// Correlation from which on two beats have one shape.
const ALIKE: f32 = 0.88;
/// More groups are not made: what fits none then goes into the nearest.
const MOST: usize = 12;

/// Shapes of the beats.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shapes {
    /// Group of each beat; `None` = the beat lies at an end or in a gap, where no shape can be told.
    pub group: Vec<Option<usize>>,
    /// How far each beat's R point is moved to be in step with its group, s.
    pub shift_s: Vec<f64>,
    /// Correlation of each beat with the mean of the dominant group.
    pub likeness: Vec<f32>,
    /// The group with most beats.
    pub dominant: Option<usize>,
}

impl Shapes {
    /// Numbers of a group's beats.
    pub fn members(&self, group: usize) -> Vec<usize> {
        (0..self.group.len()).filter(|beat| self.group[*beat] == Some(group)).collect()
    }
}

/// Groups beats by shape.
pub(super) fn shapes(traces: &[&Trace], beats_s: &[f64]) -> Shapes {
    let steps = (HALF_S / STEP_S) as usize;
    let wide = steps + LAG;
    let cut = |r_s: f64| -> Option<Vec<Vec<f32>>> {
        let lead = |trace: &&Trace| {
            let values = (0..=2 * wide).map(|step| {
                let time_s = r_s + (step as f64 - wide as f64) * STEP_S;
                let place = (time_s - trace.start_s) * trace.rate_hz;
                let low = place.floor();
                if low < 0.0 || low as usize + 1 >= trace.samples_mv.len() {
                    return f32::NAN;
                }
                let (a, b) = (trace.samples_mv[low as usize], trace.samples_mv[low as usize + 1]);
                a + (place - low) as f32 * (b - a)
            });
            let mut values: Vec<f32> = values.collect();
            // a lead with a gap here says nothing of this beat
            if !values.iter().all(|value| value.is_finite()) {
                values.fill(f32::NAN);
            }
            values
        };
        let leads: Vec<Vec<f32>> = traces.iter().map(lead).collect();
        let present = leads.iter().filter(|lead| lead[0].is_finite()).count();
        (2 * present >= leads.len()).then_some(leads)
    };
    let count = beats_s.len();
    let mut out =
        Shapes { group: vec![None; count], shift_s: vec![0.0; count], likeness: vec![0.0; count], dominant: None };
    if traces.is_empty() {
        return out;
    }
    let cuts: Vec<Option<Vec<Vec<f32>>>> = beats_s.iter().map(|r_s| cut(*r_s)).collect();
    // mean of each group's vectors (not normalised), and how many they are
    let mut means: Vec<(Vec<f32>, usize)> = Vec::new();
    let best = |cut: &[Vec<f32>], mean: &[f32]| {
        (0..=2 * LAG).map(|lag| (correlation(&vector(cut, lag, 2 * steps + 1), mean), lag)).fold(
            (-1.0, LAG),
            |best, now| {
                if now.0 > best.0 { now } else { best }
            },
        )
    };
    for (beat, cut) in cuts.iter().enumerate() {
        let Some(cut) = cut else { continue };
        let fits = means.iter().enumerate().map(|(group, (mean, _))| (group, best(cut, mean)));
        let nearest = fits.fold(None, |nearest: Option<(usize, (f32, usize))>, now| match nearest {
            Some(before) if before.1.0 >= now.1.0 => Some(before),
            _ => Some(now),
        });
        match nearest {
            Some((group, (likeness, lag))) if likeness >= ALIKE || means.len() >= MOST => {
                let (mean, members) = &mut means[group];
                *members += 1;
                // the mean follows slowly: a long recording changes
                let share = 1.0 / (*members).min(30) as f32;
                for (mean, value) in mean.iter_mut().zip(vector(cut, lag, 2 * steps + 1)) {
                    if mean.is_nan() {
                        *mean = value;
                    } else if value.is_finite() {
                        *mean += share * (value - *mean);
                    }
                }
                out.group[beat] = Some(group);
                out.shift_s[beat] = (lag as f64 - LAG as f64) * STEP_S;
            }
            _ => {
                out.group[beat] = Some(means.len());
                means.push((vector(cut, LAG, 2 * steps + 1), 1));
            }
        }
    }
    out.dominant = (0..means.len()).max_by_key(|group| (means[*group].1, std::cmp::Reverse(*group)));
    if let Some(dominant) = out.dominant {
        for (beat, cut) in cuts.iter().enumerate() {
            if let Some(cut) = cut {
                out.likeness[beat] = best(cut, &means[dominant].0).0;
            }
        }
    }
    out
}

/// All leads of one lag in one row, each without its mean; a lead with a gap is all NaN.
fn vector(cut: &[Vec<f32>], lag: usize, length: usize) -> Vec<f32> {
    let mut row = Vec::with_capacity(cut.len() * length);
    for lead in cut {
        let part = &lead[lag..lag + length];
        let mean = part.iter().sum::<f32>() / length as f32;
        row.extend(part.iter().map(|value| value - mean));
    }
    row
}

/// Over the leads that both have.
pub(super) fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let (mut ab, mut aa, mut bb) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = if a.is_nan() || b.is_nan() { (0.0, 0.0) } else { (*a, *b) };
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    if aa > 0.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{BeatKind, Kind, generate};

    #[test]
    fn ectopic_beats_are_a_group_of_their_own() {
        let made = generate(&Kind::PrematureVentricular.spec(3));
        let traces: Vec<&Trace> = made.recording.traces.iter().collect();
        let beats_s = made.truth.r_s();
        let found = shapes(&traces, &beats_s);
        let dominant = found.dominant.expect("one");
        for (beat, truth) in made.truth.beats.iter().enumerate() {
            if let Some(group) = found.group[beat] {
                assert_eq!(group == dominant, truth.kind == BeatKind::Conducted, "beat {beat}");
                assert_eq!(found.likeness[beat] > 0.9, group == dominant);
            }
        }
    }

    #[test]
    fn gaps_in_some_leads_leave_the_beat_its_shape() {
        let mut made = generate(&Kind::Normal.spec(3)).recording;
        for (lead, trace) in made.traces.iter_mut().enumerate() {
            let from = 400 * lead;
            let gap = |index: usize| (from..from + 300).contains(&index);
            trace.samples_mv =
                trace.samples_mv.iter().enumerate().map(|(at, mv)| if gap(at) { f32::NAN } else { *mv }).collect();
        }
        let traces: Vec<&Trace> = made.traces.iter().collect();
        let beats_s = generate(&Kind::Normal.spec(3)).truth.r_s();
        let found = shapes(&traces, &beats_s);
        let inner = &found.group[1..beats_s.len() - 1];
        assert!(inner.iter().all(|group| *group == Some(0)), "{inner:?}");
    }

    #[test]
    fn nothing_gives_no_shape() {
        assert_eq!(shapes(&[], &[1.0]).dominant, None);
        let flat = Trace::new(crate::ecg::Lead::II, 500.0, vec![f32::NAN; 2000]);
        assert_eq!(shapes(&[&flat], &[1.0, 2.0]).group, [None, None]);
    }
}
