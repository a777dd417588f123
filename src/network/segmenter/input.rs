//! From millivolts to the segmenter's input: 250 samples a second, slow wander off, in units of half the lead's own QRS span, and
//! beside each sample how near a beat is. The same code in training and use.

use crate::dsp::{moving_mean, quantile};

/// Samples a second of the input and of the answer.
pub const RATE_HZ: f64 = 250.0;
/// Samples come in multiples of this: one halving in the stem and three below it.
pub(super) const GRAIN: usize = 16;
/// Values a sample: the signal and the nearness of a beat.
pub(super) const VALUES: usize = 2;

/// Two moving means of this length are the wander, s.
const WANDER_S: f64 = 0.6;
/// The QRS span is taken so far to both sides of a beat, s.
const QRS_HALF_S: f64 = 0.06;
/// A beat is felt so far to both sides, s.
const NEAR_S: f64 = 0.04;
/// Smaller spans are not blown up, mV.
const LEAST_SPAN_MV: f32 = 0.02;
/// Larger values are cut.
const LIMIT: f32 = 8.0;

/// A lead at 250 Hz: bridged, levelled and scaled; `beats_s` from the first sample. `None` where there is no sample or no sound rate.
pub(super) fn signal(samples_mv: &[f32], rate_hz: f64, beats_s: &[f64]) -> Option<Vec<f32>> {
    if !(50.0..=100_000.0).contains(&rate_hz) || samples_mv.len() < 2 {
        return None;
    }
    let mut fine = bridged(samples_mv)?;
    let width = (rate_hz / RATE_HZ).round() as usize;
    if width > 1 {
        let mut smooth = Vec::with_capacity(fine.len());
        moving_mean(&fine, width | 1, &mut smooth);
        fine = smooth;
    }
    let mut signal = at_rate(&fine, rate_hz);
    let width = (WANDER_S * RATE_HZ) as usize | 1;
    let (mut once, mut twice) = (Vec::new(), Vec::new());
    moving_mean(&signal, width, &mut once);
    moving_mean(&once, width, &mut twice);
    signal.iter_mut().zip(&twice).for_each(|(value, wander)| *value -= wander);
    let scale = 2.0 / span(&signal, beats_s).max(LEAST_SPAN_MV);
    signal.iter_mut().for_each(|value| *value = (*value * scale).clamp(-LIMIT, LIMIT));
    Some(signal)
}

/// How near a beat is, 0 to 1, for each of `count` samples.
pub(super) fn nearness(beats_s: &[f64], count: usize) -> Vec<f32> {
    let mut near = vec![0.0_f32; count];
    for beat_s in beats_s {
        let centre = beat_s * RATE_HZ;
        let half = NEAR_S * RATE_HZ;
        let from = (centre - half).ceil().max(0.0) as usize;
        let to = ((centre + half).floor() + 1.0).clamp(0.0, count as f64) as usize;
        for (index, value) in near.iter_mut().enumerate().take(to).skip(from) {
            *value = value.max((1.0 - (index as f64 - centre).abs() / half) as f32);
        }
    }
    near
}

/// Leads side by side as the network reads them, `[leads, samples, 2]`, padded with silence to whole grains; returns the padded length too.
pub(super) fn interleaved(leads: &[&[f32]], near: &[f32]) -> (Vec<f32>, usize) {
    let length = near.len().div_ceil(GRAIN) * GRAIN;
    let mut values = vec![0.0; leads.len() * length * VALUES];
    for (lead, values) in leads.iter().zip(values.chunks_exact_mut((length * VALUES).max(1))) {
        for ((pair, value), near) in values.as_chunks_mut::<VALUES>().0.iter_mut().zip(*lead).zip(near) {
            *pair = [*value, *near];
        }
    }
    (values, length)
}

/// Gaps bridged by straight lines, the median level off.
fn bridged(samples_mv: &[f32]) -> Option<Vec<f32>> {
    // a rough level will do: what is left of it goes with the wander
    let some = samples_mv.iter().step_by((samples_mv.len() / 500).max(1)).copied().filter(|value| value.is_finite());
    let level = quantile(&mut some.collect::<Vec<f32>>(), 0.5)
        .or_else(|| samples_mv.iter().copied().find(|value| value.is_finite()))?;
    let mut out: Vec<f32> = samples_mv.iter().map(|value| value - level).collect();
    if out.iter().fold(true, |whole, value| whole & value.is_finite()) {
        return Some(out);
    }
    let mut at = 0;
    let mut last: Option<f32> = None;
    while at < out.len() {
        if out[at].is_finite() {
            last = Some(out[at]);
            at += 1;
            continue;
        }
        let end = (at..out.len()).find(|index| out[*index].is_finite()).unwrap_or(out.len());
        let next = out.get(end).copied();
        let (from, to) = (last.or(next)?, next.or(last)?);
        let steps = (end - at + 1) as f32;
        for (step, value) in out[at..end].iter_mut().enumerate() {
            *value = from + (to - from) * (step + 1) as f32 / steps;
        }
        at = end;
    }
    Some(out)
}

/// Straight lines between samples, read at 250 Hz; the first sample keeps its time.
fn at_rate(samples: &[f32], rate_hz: f64) -> Vec<f32> {
    let step = rate_hz / RATE_HZ;
    let count = (samples.len() as f64 / step).ceil() as usize;
    if step.fract() == 0.0 {
        return samples.iter().step_by(step as usize).copied().collect();
    }
    let last = samples.len() - 1;
    (0..count)
        .map(|index| {
            let place = index as f64 * step;
            let low = (place as usize).min(last);
            let part = (place - low as f64) as f32;
            samples[low] + part * (samples[(low + 1).min(last)] - samples[low])
        })
        .collect()
}

/// Median over the beats of the QRS span; the span of most samples where there is no beat.
fn span(signal: &[f32], beats_s: &[f64]) -> f32 {
    let around = |beat_s: &f64| {
        let from = ((beat_s - QRS_HALF_S) * RATE_HZ).max(0.0) as usize;
        let to = (((beat_s + QRS_HALF_S) * RATE_HZ).max(0.0) as usize + 1).min(signal.len());
        let part = signal.get(from..to).filter(|part| part.len() > 4)?;
        let (low, high) = part.iter().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        Some(high - low)
    };
    let mut spans: Vec<f32> = beats_s.iter().filter_map(around).collect();
    quantile(&mut spans, 0.5).unwrap_or_else(|| {
        let mut all = signal.to_vec();
        let high = quantile(&mut all, 0.99).unwrap_or(0.0);
        high - quantile(&mut all, 0.01).unwrap_or(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn train(rate_hz: f64, gain: f32) -> Vec<f32> {
        let wave = |time_s: f64| (1.0 - ((time_s % 0.8) - 0.4).abs() / 0.03).max(0.0) as f32;
        (0..(8.0 * rate_hz) as usize).map(|index| 3.0 + gain * wave(index as f64 / rate_hz)).collect()
    }

    fn beats() -> Vec<f64> {
        (0..10).map(|beat| 0.4 + 0.8 * f64::from(beat)).collect()
    }

    #[test]
    fn gain_offset_and_rate_do_not_matter() {
        let golden = signal(&train(250.0, 1.0), 250.0, &beats()).unwrap();
        for (rate_hz, gain) in [(250.0, 0.1), (500.0, 1.0), (1000.0, 4.0), (360.0, 1.0)] {
            let found = signal(&train(rate_hz, gain), rate_hz, &beats()).unwrap();
            assert_eq!(found.len(), golden.len());
            let worst = found.iter().zip(&golden).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 0.25, "{rate_hz} Hz, gain {gain}: {worst}");
        }
        let top = golden.iter().copied().fold(f32::MIN, f32::max);
        assert!((1.5..2.1).contains(&top), "{top}");
    }

    #[test]
    fn gaps_are_bridged_and_nothing_is_no_signal() {
        let mut samples = train(500.0, 1.0);
        samples[100..400].fill(f32::NAN);
        assert!(signal(&samples, 500.0, &beats()).unwrap().iter().all(|value| value.is_finite()));
        assert_eq!(signal(&[f32::NAN; 500], 500.0, &[]), None);
        assert_eq!(signal(&[0.0; 500], f64::NAN, &[]), None);
        assert!(signal(&[0.0; 500], 500.0, &[]).unwrap().iter().all(|value| *value == 0.0));
    }

    #[test]
    fn a_beat_is_felt_around_it() {
        let near = nearness(&[0.4, -1.0, 99.0], 250);
        assert_eq!(near[100], 1.0);
        assert!(near[95] > 0.4 && near[95] < 0.6 && near[85] == 0.0 && near[115] == 0.0);
    }

    #[test]
    fn leads_are_padded_to_whole_grains() {
        let (values, length) = interleaved(&[&[1.0; 20], &[2.0; 20]], &[0.5; 20]);
        assert_eq!((length, values.len()), (32, 128));
        assert_eq!(&values[..4], [1.0, 0.5, 1.0, 0.5]);
        assert_eq!(&values[40..42], [0.0, 0.0]);
        assert_eq!(&values[64..66], [2.0, 0.5]);
    }
}
