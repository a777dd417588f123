//! Waves without QRS: the ventricles flutter or fibrillate. Where that is so most leads look like a sine wave: a signal moved by half its period is
//! its own negative (the leakage of Kuo & Dillman, Comput Cardiol 1978), it is seldom near its middle line (Arafat et al., Signal Image Video
//! Process 2011), and none of its slopes stands out.
//!
//! Limits chosen on the developers' half of the MIT-BIH Arrhythmia Database and on PTB-XL: of windows of four seconds within the flutter of record
//! 207 79 % are seen (119 of them); none is in 43,084 windows of other rhythm or in 2,680 records of PTB-XL, and one in 500 records of the quality
//! challenge of 2011, in the only lead of it that can be used.

use crate::dsp::moving_mean;
use crate::ecg::{Span, Trace};

/// Samples per second that are looked at, about.
const RATE_HZ: f64 = 60.0;
/// The middle line is the mean over this time, s.
const LEVEL_S: f64 = 1.0;
/// A window, and its step, s.
const WINDOW_S: f64 = 4.0;
const STEP_S: f64 = 1.0;
/// A lead that starts later than this after the first one (two weeks) is not looked at, s.
const LATEST_S: f64 = 1_209_600.0;
/// What half a period leaves over of the signal, at most.
const LEAKAGE: f32 = 0.62;
/// Share of the time that lies beyond a fifth of each second's peak, at least.
const AWAY: f32 = 0.5;
const OF_PEAK: f32 = 0.2;
/// Fourth moment of the slopes over the square of the second, at most: QRS make slopes that stand out.
const STEEPEST: f32 = 9.0;
/// Waves per second.
const WAVES_HZ: std::ops::RangeInclusive<f64> = 2.2..=8.0;
/// Nine tenths of the samples are within this height, mV; lower waves are told from noise by nobody.
const HEIGHT_MV: f32 = 0.15;

/// A stretch of waves without QRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoQrs {
    /// Where.
    pub span: Span,
    /// Waves, /min.
    pub per_min: f64,
    /// In so many leads, at most …
    pub leads: usize,
    /// … of so many.
    pub of_leads: usize,
}

/// The stretches, by time, not overlapping: windows in which more than half of all leads show such waves.
pub(super) fn no_qrs(traces: &[&Trace]) -> Vec<NoQrs> {
    // one entry a window: leads with samples, leads with waves, sum of their frequencies
    let mut windows: Vec<(usize, usize, f64)> = Vec::new();
    let start_s = traces.iter().map(|trace| trace.start_s).fold(f64::INFINITY, f64::min);
    let sound = |trace: &&&Trace| {
        (50.0..=100_000.0).contains(&trace.rate_hz) && (0.0..=LATEST_S).contains(&(trace.start_s - start_s))
    };
    let all = traces.iter().filter(sound).count();
    for trace in traces.iter().filter(sound) {
        of_lead(trace, start_s, &mut windows);
    }
    let mut out: Vec<NoQrs> = Vec::new();
    for (number, (of_leads, leads, sum_hz)) in windows.into_iter().enumerate() {
        if 2 * leads <= all {
            continue;
        }
        let span = Span::new(start_s + number as f64 * STEP_S, start_s + number as f64 * STEP_S + WINDOW_S);
        let per_min = 60.0 * sum_hz / leads as f64;
        match out.last_mut() {
            Some(last) if last.span.end_s >= span.start_s => {
                // the mean over the windows, each by what it adds
                let (old_s, new_s) = (last.span.duration_s(), span.end_s - last.span.end_s);
                last.per_min = (last.per_min * old_s + per_min * new_s) / (old_s + new_s);
                last.span.end_s = span.end_s;
                last.leads = last.leads.max(leads);
                last.of_leads = last.of_leads.max(of_leads);
            }
            _ => out.push(NoQrs { span, per_min, leads, of_leads }),
        }
    }
    out
}

/// Adds a lead's vote to each window that it has samples for.
fn of_lead(trace: &Trace, start_s: f64, windows: &mut Vec<(usize, usize, f64)>) {
    let block = (trace.rate_hz / RATE_HZ).round().max(1.0) as usize;
    let rate_hz = trace.rate_hz / block as f64;
    let means: Vec<f32> =
        trace.samples_mv.chunks_exact(block).map(|part| part.iter().sum::<f32>() / block as f32).collect();
    let mut levels = Vec::with_capacity(means.len());
    moving_mean(&means, (LEVEL_S * rate_hz).round() as usize | 1, &mut levels);
    let waves: Vec<f32> = means.iter().zip(&levels).map(|(mean, level)| mean - level).collect();
    let late_s = trace.start_s - start_s;
    let length = (WINDOW_S * rate_hz) as usize;
    let mut window = Vec::with_capacity(length);
    for number in (late_s / STEP_S).ceil().max(0.0) as usize.. {
        let from = ((number as f64 * STEP_S - late_s) * rate_hz).round().max(0.0) as usize;
        let Some(part) = waves.get(from..from + length) else { break };
        if windows.len() <= number {
            windows.resize(number + 1, (0, 0, 0.0));
        }
        let mean = part.iter().sum::<f32>() / length as f32;
        if !mean.is_finite() {
            continue; // samples are missing
        }
        window.clear();
        window.extend(part.iter().map(|value| value - mean));
        windows[number].0 += 1;
        if let Some(hz) = waves_hz(&window, rate_hz) {
            windows[number].1 += 1;
            windows[number].2 += hz;
        }
    }
}

/// How many waves a second a window without QRS has; `None` = it has QRS, is flat, or is noise.
fn waves_hz(window: &[f32], rate_hz: f64) -> Option<f64> {
    // the cheapest and most telling first
    let second = (rate_hz as usize).max(1);
    let (mut beyond, mut of) = (0_usize, 0_usize);
    for part in window.chunks_exact(second) {
        let peak = part.iter().fold(0.0_f32, |peak, value| peak.max(value.abs()));
        beyond += part.iter().filter(|value| value.abs() > OF_PEAK * peak).count();
        of += part.len();
    }
    if of == 0 || (beyond as f32) < AWAY * of as f32 {
        return None;
    }
    let steps = window.windows(2).map(|pair| pair[1] - pair[0]);
    let (mut travelled, mut squares, mut fourths) = (0.0_f32, 0.0_f32, 0.0_f32);
    for step in steps {
        let square = step * step;
        travelled += step.abs();
        squares += square;
        fourths += square * square;
    }
    let (count, height) = ((window.len() - 1) as f32, window.iter().map(|value| value.abs()).sum::<f32>());
    if travelled <= 0.0 || fourths * count >= STEEPEST * squares * squares {
        return None;
    }
    let half_period = f64::from(std::f32::consts::PI * height / travelled);
    let hz = rate_hz / (2.0 * half_period);
    let lag = half_period.round() as usize;
    if !WAVES_HZ.contains(&hz) || lag == 0 || lag + 2 > window.len() {
        return None;
    }
    let pairs = || window.iter().zip(&window[lag..]);
    let left_over: f32 = pairs().map(|(a, b)| (a + b).abs()).sum();
    let both: f32 = pairs().map(|(a, b)| a.abs() + b.abs()).sum();
    let low = window.iter().filter(|value| value.abs() < HEIGHT_MV).count();
    (left_over < LEAKAGE * both && 10 * low < 9 * window.len()).then_some(hz)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;
    use crate::synth::{Kind, generate};

    /// Waves of 4.4 Hz whose height and rate sway, from second 6 to second 14 of 20; a QRS-like stroke each 0.8 s elsewhere.
    fn fibrillating(lead: Lead, rate_hz: f64, phase: f64) -> Trace {
        let sample = |index: usize| {
            let time_s = index as f64 / rate_hz;
            let turn = std::f64::consts::TAU * (4.4 * time_s + 0.25 * (2.0 * time_s + phase).sin()) + phase;
            let own = (1.0 - ((time_s % 0.8) - 0.4).abs() / 0.04).max(0.0);
            let mv = if (6.0..14.0).contains(&time_s) {
                0.5 * (1.0 + 0.4 * (1.3 * time_s + phase).sin()) * turn.sin()
            } else {
                own
            };
            mv as f32
        };
        Trace::new(lead, rate_hz, (0..(20.0 * rate_hz) as usize).map(sample).collect::<Vec<f32>>())
    }

    #[test]
    fn waves_without_qrs_are_found_where_they_are() {
        for rate_hz in [100.0, 250.0, 360.0, 500.0, 1000.0] {
            let leads = [(Lead::I, 0.0), (Lead::II, 0.7), (Lead::V1, 1.9)].map(|(l, p)| fibrillating(l, rate_hz, p));
            let found = no_qrs(&leads.iter().collect::<Vec<_>>());
            assert_eq!(found.len(), 1, "{rate_hz} Hz: {found:?}");
            let span = found[0].span;
            assert!((span.start_s - 6.0).abs() <= 1.5 && (span.end_s - 14.0).abs() <= 1.5, "{rate_hz} Hz: {span:?}");
            assert!((found[0].per_min - 264.0).abs() < 26.0, "{found:?}");
        }
    }

    #[test]
    fn a_lead_of_waves_among_leads_with_qrs_is_outvoted() {
        let made = generate(&Kind::Normal.spec(1)).recording;
        let wild = fibrillating(Lead::I, 500.0, 0.0);
        let traces: Vec<&Trace> = made.traces.iter().skip(1).chain([&wild]).collect();
        assert_eq!(no_qrs(&traces), []);
    }

    #[test]
    fn no_rhythm_with_qrs_has_such_waves_nor_has_nothing() {
        for kind in Kind::ALL {
            let made = generate(&kind.spec(2)).recording;
            assert_eq!(no_qrs(&made.traces.iter().collect::<Vec<_>>()), [], "{}", kind.name());
        }
        let flat = Trace::new(Lead::II, 500.0, vec![0.0; 5000]);
        let gone = Trace::new(Lead::I, 500.0, vec![f32::NAN; 5000]);
        let strange = Trace::new(Lead::V1, f64::NAN, vec![1.0; 5000]);
        assert_eq!(no_qrs(&[&flat, &gone, &strange]), []);
        let far = Trace { start_s: 1e15, ..flat.clone() };
        assert_eq!(no_qrs(&[&flat, &far]), [], "no window for each second between them");
        assert_eq!(no_qrs(&[]), []);
    }
}
