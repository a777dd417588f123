//! Flutter waves: regular atrial waves that go on under an irregular ventricular rhythm. What is left of the signal without the ventricles is laid against
//! a wave of one frequency and its first overtone: fibrillation spreads over many frequencies, flutter keeps to one. The ventricles are left out in two
//! ways, and either may show the waves: the mean beat is taken off and the QRS are left out, or all is left out from QRS to T end (where the waves
//! keep step with the QRS the mean beat holds them too).
//!
//! Under a regular ventricular rhythm the waves lie at the same place of every beat, and nothing tells them from P, QRS and T here: then none are
//! named. Limits chosen on PTB-XL: of 13 records labelled atrial flutter the 5 with an irregular rhythm show such waves; so do 4 of 176 labelled atrial
//! fibrillation, and none of the rest of 2,680.

use super::super::{Beat, BeatClass, Waves};
use crate::dsp::{Pass, Sos, filtfilt};
use crate::ecg::{Lead, Span, Trace};

/// Recordings are looked at in stretches of about this length, s.
const STRETCH_S: f64 = 10.0;
/// Fewer beats give no mean beat.
const LEAST_BEATS: usize = 5;
/// Below this ratio of successive differences of RR to their mean the waves may keep step with the beats.
const IRREGULAR: f64 = 0.05;
/// P before so many of the QRS, whose PR scatters by no more than this, ms, lead the ventricles: no flutter.
const LED: (f64, f64) = (0.8, 30.0);
/// Samples per second, about, and the band that is looked at, Hz.
const RATE_HZ: f64 = 100.0;
const BAND_HZ: (f64, f64) = (2.0, 20.0);
/// The mean beat lasts from so long before R to so long after it, s.
const BEAT_S: (f64, f64) = (0.08, 0.45);
/// Nothing is looked at from so long before R to so long after it, s.
const QRS_S: (f64, f64) = (0.06, 0.07);
/// Frequencies that are tried, and those that are flutter's (210 to 350/min), Hz.
const TRIED_HZ: (f64, f64) = (3.0, 6.5);
const FLUTTER_HZ: std::ops::RangeInclusive<f64> = 3.5..=5.9;
const STEP_HZ: f64 = 0.04;
/// Two leads have one frequency up to this difference, Hz; so have two stretches.
const SAME_HZ: f64 = 0.09;
/// Share of what is left that one frequency and its overtone hold, at least, in two leads (in the only one, where there is one): without the mean
/// beat, and between T end and QRS, where P that lead nothing can look like a wave or two.
const SHARE: f64 = 0.40;
const SHARE_AFTER_T: f64 = 0.62;
/// Where the ventricles are left out whole: from so long before R to this many times √RR after it, s.
const QRST_S: (f64, f64) = (0.08, 0.42);
/// Half of a wave's height, mV, in at least one lead.
const HALF_HEIGHT_MV: f64 = 0.03;
/// Less time than this without the ventricles is not judged, s.
const LEAST_S: f64 = 1.5;

/// A stretch of flutter waves.
#[derive(Debug, Clone, PartialEq)]
pub struct FlutterWaves {
    /// Where.
    pub span: Span,
    /// Waves, /min.
    pub per_min: f64,
    /// Height from crest to trough of a wave of that rate, without overtones, in the lead where it is highest, mV.
    pub height_mv: f64,
    /// Share of what is left of the signal without QRS and T that they hold, in the lead where it is largest.
    pub share: f64,
    /// Leads that show them.
    pub leads: Vec<Lead>,
}

/// The stretches, by time.
pub(super) fn flutter(traces: &[&Trace], beats: &[Beat], waves: &Waves) -> Vec<FlutterWaves> {
    let seen = [Lead::II, Lead::III, Lead::AvF, Lead::V1];
    let best: Vec<&Trace> = traces.iter().copied().filter(|trace| seen.contains(&trace.lead)).collect();
    let used = if best.len() >= 2.min(traces.len()) { best } else { traces.to_vec() };
    let (Some(first), Some(last)) = (beats.first(), beats.last()) else { return Vec::new() };
    let whole_s = last.r_s - first.r_s;
    let stretches = (whole_s / STRETCH_S).floor().clamp(1.0, 1e6);
    let mut out: Vec<FlutterWaves> = Vec::new();
    let mut from = 0;
    for number in 1..=stretches as usize {
        let until_s = first.r_s + whole_s * number as f64 / stretches;
        let to = if number as f64 == stretches { beats.len() } else { beats.partition_point(|b| b.r_s < until_s) };
        let found = (!led(beats, waves, from..to)).then(|| in_stretch(&used, &beats[from..to])).flatten();
        match (found, out.last_mut()) {
            (Some(new), Some(before))
                if new.span.start_s - before.span.end_s < 2.0
                    && (new.per_min - before.per_min).abs() <= 3.0 * 60.0 * SAME_HZ =>
            {
                before.span.end_s = new.span.end_s;
                before.height_mv = before.height_mv.max(new.height_mv);
                before.share = before.share.max(new.share);
            }
            (Some(new), _) => out.push(new),
            (None, _) => {}
        }
        from = to;
    }
    out
}

/// Do P lead these beats, or is there too little to judge?
fn led(beats: &[Beat], waves: &Waves, range: std::ops::Range<usize>) -> bool {
    let rr_s: Vec<f64> = beats[range.clone()].windows(2).map(|pair| pair[1].r_s - pair[0].r_s).collect();
    if rr_s.len() + 1 < LEAST_BEATS {
        return true;
    }
    let mean_s = rr_s.iter().sum::<f64>() / rr_s.len() as f64;
    let squares: f64 = rr_s.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    let irregular = (squares / (rr_s.len() - 1) as f64).sqrt() >= IRREGULAR * mean_s;
    let paced = beats[range.clone()].iter().filter(|beat| beat.class == BeatClass::Paced).count();
    let pr_ms: Vec<f64> =
        waves.beats.get(range.clone()).unwrap_or_default().iter().filter_map(|waves| waves.pr_ms()).collect();
    let mean = pr_ms.iter().sum::<f64>() / pr_ms.len().max(1) as f64;
    let scatter_ms = (pr_ms.iter().map(|pr| (pr - mean).powi(2)).sum::<f64>() / pr_ms.len().max(1) as f64).sqrt();
    let has_p = pr_ms.len() as f64 >= LED.0 * range.len() as f64 && scatter_ms <= LED.1;
    !irregular || has_p || 2 * paced > range.len()
}

/// What one lead shows.
struct Line {
    hz: f64,
    share: f64,
    half_height_mv: f64,
}

/// How the ventricles are left out.
#[derive(Clone, Copy, PartialEq)]
enum Without {
    MeanBeat,
    QrsToT,
}

fn in_stretch(traces: &[&Trace], beats: &[Beat]) -> Option<FlutterWaves> {
    let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
    // after T the waves have their whole height: what the mean beat takes with it is missing
    [Without::QrsToT, Without::MeanBeat].into_iter().find_map(|without| shown(traces, &r_s, without))
}

/// The waves that the leads agree on.
fn shown(traces: &[&Trace], r_s: &[f64], without: Without) -> Option<FlutterWaves> {
    let span = Span::new(*r_s.first()?, *r_s.last()?);
    let least = if without == Without::MeanBeat { SHARE } else { SHARE_AFTER_T };
    let lines: Vec<(&Lead, Line)> =
        traces.iter().filter_map(|trace| Some((&trace.lead, line(trace, r_s, span, without)?))).collect();
    let best = lines.iter().max_by(|a, b| a.1.share.total_cmp(&b.1.share))?;
    let agree: Vec<&(&Lead, Line)> =
        lines.iter().filter(|(_, line)| (line.hz - best.1.hz).abs() <= SAME_HZ && line.share >= least).collect();
    let half_height_mv = agree.iter().map(|(_, line)| line.half_height_mv).fold(0.0, f64::max);
    let enough = agree.len() >= traces.len().clamp(1, 2);
    (enough && FLUTTER_HZ.contains(&best.1.hz) && half_height_mv >= HALF_HEIGHT_MV).then(|| FlutterWaves {
        span,
        per_min: 60.0 * best.1.hz,
        height_mv: 2.0 * half_height_mv,
        share: best.1.share.min(1.0),
        leads: agree.iter().map(|(lead, _)| (*lead).clone()).collect(),
    })
}

/// The frequency that holds most of what a lead is without the ventricles.
fn line(trace: &Trace, r_s: &[f64], span: Span, without: Without) -> Option<Line> {
    let wide = Span::new(span.start_s - 1.0, span.end_s + 1.0);
    let part = trace.slice(wide);
    let start_s = trace.time_s(trace.index_at(wide.start_s.max(trace.start_s))?);
    let block = (trace.rate_hz / RATE_HZ).round().max(1.0) as usize;
    let rate_hz = trace.rate_hz / block as f64;
    let means: Vec<f64> =
        part.chunks_exact(block).map(|part| f64::from(part.iter().sum::<f32>()) / block as f64).collect();
    if means.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let band = Sos::butterworth(2, Pass::Band(BAND_HZ.0, BAND_HZ.1), rate_hz)?;
    let mut left = filtfilt(&band, &means, band.default_pad().min(means.len().saturating_sub(1)));
    let place = |r_s: f64| ((r_s - start_s) * rate_hz - 0.5 * (block as f64 - 1.0) / block as f64).round();
    let r: Vec<isize> = r_s.iter().map(|r_s| place(*r_s) as isize).collect();
    let (before_s, after_s) = match without {
        Without::MeanBeat => QRS_S,
        Without::QrsToT => (QRST_S.0, QRST_S.1 * (span.duration_s() / (r_s.len() - 1).max(1) as f64).sqrt()),
    };
    if without == Without::MeanBeat {
        take_off_mean_beat(&mut left, &r, rate_hz);
    }
    let mut counted = vec![true; left.len()];
    for r in &r {
        let (from, to) = (r - (before_s * rate_hz) as isize, r + (after_s * rate_hz) as isize);
        for at in from.max(0)..to.min(counted.len() as isize) {
            counted[at as usize] = false;
        }
    }
    let count = counted.iter().filter(|counted| **counted).count() as f64;
    if count < LEAST_S * rate_hz {
        return None;
    }
    left.iter_mut().zip(&counted).filter(|(_, counted)| !**counted).for_each(|(value, _)| *value = 0.0);
    let power = left.iter().map(|value| value * value).sum::<f64>() / count;
    if power <= 0.0 {
        return None;
    }
    let steps = ((TRIED_HZ.1 - TRIED_HZ.0) / STEP_HZ) as usize;
    let tried: Vec<f64> = (0..=steps).map(|step| TRIED_HZ.0 + STEP_HZ * step as f64).collect();
    let found = powers(&left, &tried, rate_hz);
    let (top, highest) = found.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let overtone = powers(&left, &[2.0 * tried[top]], rate_hz)[0];
    let of_wave = |squared: f64| 2.0 * squared / (count * count);
    Some(Line {
        hz: tried[top],
        share: of_wave(highest + overtone) / power,
        half_height_mv: (2.0 * of_wave(*highest)).sqrt(),
    })
}

/// Takes the mean of the beats off each of them, as far as the next one's begins.
fn take_off_mean_beat(samples: &mut [f64], r: &[isize], rate_hz: f64) {
    let (before, after) = ((BEAT_S.0 * rate_hz).round() as isize, (BEAT_S.1 * rate_hz).round() as isize);
    let whole = |r: &isize| samples.get(usize::try_from(r - before).ok()?..usize::try_from(r + after).ok()?);
    let beats: Vec<&[f64]> = r.iter().filter_map(whole).collect();
    let mean: Vec<f64> = (0..(before + after) as usize)
        .map(|at| beats.iter().map(|beat| beat[at]).sum::<f64>() / beats.len().max(1) as f64)
        .collect();
    for (number, place) in r.iter().enumerate() {
        let next = r.get(number + 1).map_or(samples.len() as isize, |next| next - before);
        let (from, to) = ((place - before).max(0), (place + after).min(next).min(samples.len() as isize));
        for at in from..to {
            samples[at as usize] -= mean[(at - (place - before)) as usize];
        }
    }
}

/// |Σ x(t) exp(−2πi f t)|² at each of these frequencies (Goertzel 1958), all of them side by side.
fn powers(samples: &[f64], at_hz: &[f64], rate_hz: f64) -> Vec<f64> {
    let twice_cos: Vec<f64> = at_hz.iter().map(|hz| 2.0 * (std::f64::consts::TAU * hz / rate_hz).cos()).collect();
    let (mut last, mut before) = (vec![0.0; at_hz.len()], vec![0.0; at_hz.len()]);
    for sample in samples {
        for ((last, before), twice_cos) in last.iter_mut().zip(&mut before).zip(&twice_cos) {
            let now = sample + twice_cos * *last - *before;
            (*before, *last) = (*last, now);
        }
    }
    last.iter().zip(&before).zip(&twice_cos).map(|((a, b), twice_cos)| a * a + b * b - twice_cos * a * b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::BeatWaves;
    use crate::synth::{Rhythm, Spec, generate};

    fn seen(spec: &Spec, leads: &[Lead]) -> Vec<FlutterWaves> {
        let made = generate(spec);
        let traces: Vec<&Trace> =
            made.recording.traces.iter().filter(|trace| leads.is_empty() || leads.contains(&trace.lead)).collect();
        let beats: Vec<Beat> =
            made.truth.r_s().into_iter().map(|r_s| Beat { r_s, class: BeatClass::Normal, confidence: 1.0 }).collect();
        flutter(&traces, &beats, &Waves { beats: vec![BeatWaves::default(); beats.len()], ..Default::default() })
    }

    #[test]
    fn flutter_waves_are_found_with_their_rate_and_height() {
        for (per_min, height_mv, seed) in [(300.0, 0.2, 1), (240.0, 0.12, 2), (335.0, 0.15, 3)] {
            let rhythm = Rhythm::AtrialFlutter { per_min, height_mv };
            let found = seen(&Spec { rhythm, heart_rate_bpm: 72.0, seed, ..Spec::default() }, &[]);
            assert_eq!(found.len(), 1, "{per_min}/min: {found:?}");
            assert!((found[0].per_min - per_min).abs() <= 3.0, "{per_min}/min: {found:?}");
            assert!((found[0].height_mv - height_mv).abs() <= 0.35 * height_mv, "{height_mv} mV: {found:?}");
            assert!(found[0].leads.contains(&Lead::III) && found[0].share >= SHARE, "{found:?}");
        }
    }

    #[test]
    fn a_long_record_is_judged_stretch_by_stretch_and_one_lead_by_itself() {
        let rhythm = Rhythm::AtrialFlutter { per_min: 280.0, height_mv: 0.15 };
        let spec = Spec { rhythm, heart_rate_bpm: 80.0, duration_s: 61.0, ..Spec::default() };
        let found = seen(&spec, &[Lead::III]);
        assert!(found.len() == 1 && found[0].span.duration_s() > 50.0, "{found:?}");
    }

    #[test]
    fn fibrillation_sinus_rhythm_and_a_regular_ventricle_have_none() {
        for seed in 1..9 {
            let spec = Spec { seed, ..crate::synth::Kind::AtrialFibrillation.spec(seed) };
            assert_eq!(seen(&spec, &[]), [], "seed {seed}");
        }
        assert_eq!(seen(&Spec::default(), &[]), []);
        assert_eq!(flutter(&[], &[], &Waves::default()), []);
    }

    #[test]
    fn the_power_of_one_frequency_is_that_of_its_sum() {
        let samples: Vec<f64> =
            (0..300).map(|at| (0.3 * f64::from(at)).sin() + 0.2 * (0.11 * f64::from(at)).cos()).collect();
        for hz in [3.0, 4.77, 9.0] {
            let turn = std::f64::consts::TAU * hz / 100.0;
            let (re, im) = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (at, value)| {
                (re + value * (turn * at as f64).cos(), im + value * (turn * at as f64).sin())
            });
            let power = powers(&samples, &[hz], 100.0)[0];
            assert!((power - (re * re + im * im)).abs() < 1e-6 * (1.0 + power), "{hz}: {power}");
        }
    }
}
