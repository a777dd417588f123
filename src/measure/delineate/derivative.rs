//! Waves of one lead from slopes alone: the way that needs nothing but the signal.
//!
//! QRS ends where the slope has fallen to a small share of its largest (after Laguna, Jané, Caminal 1994); T end by the tangent on its steepest
//! limb (Lepeschkin & Surawicz 1952); P is the largest deflection before the QRS where it stands out of its surroundings.

use super::probabilities::peak;
use super::{Wave, WaveKind};
use crate::dsp::{moving_mean, quantile};
use crate::ecg::Trace;

/// Slope at the ends of a QRS, as a share of its largest slope.
const QRS_SHARE: f32 = 0.07;
/// The slope stays below it for so long, s.
const QUIET_S: f64 = 0.012;
/// P and T are looked at through two means of this length, s.
const SMOOTH_S: f64 = 0.024;
/// A T stands out by so much, as a share of the QRS span, and at least so many mV.
const LEAST_T: (f32, f32) = (0.025, 0.02);
/// The same for a P.
const LEAST_P: (f32, f32) = (0.015, 0.02);

struct View<'a> {
    trace: &'a Trace,
    fine: Vec<f32>,
    smooth: Vec<f32>,
}

/// Waves by time.
pub(super) fn waves(trace: &Trace, beats_s: &[f64]) -> Vec<Wave> {
    let rate = trace.rate_hz;
    if !(50.0..=100_000.0).contains(&rate) || trace.samples_mv.len() < 8 {
        return Vec::new();
    }
    let mut last = 0.0;
    let bridged: Vec<f32> = trace
        .samples_mv
        .iter()
        .map(|value| {
            last = if value.is_finite() { *value } else { last };
            last
        })
        .collect();
    let (mut fine, mut half, mut smooth) = (Vec::new(), Vec::new(), Vec::new());
    moving_mean(&bridged, ((0.008 * rate) as usize) | 1, &mut fine);
    moving_mean(&bridged, ((SMOOTH_S * rate) as usize) | 1, &mut half);
    moving_mean(&half, ((SMOOTH_S * rate) as usize) | 1, &mut smooth);
    let view = View { trace, fine, smooth };
    let qrs: Vec<Option<(usize, usize, f32)>> = beats_s.iter().map(|r_s| view.qrs(*r_s)).collect();
    let mut found = Vec::new();
    let mut free = 0;
    for (beat, ends) in qrs.iter().enumerate() {
        let Some((onset, offset, span)) = *ends else { continue };
        let rr_s = beat.checked_sub(1).map_or(1.0, |last| beats_s[beat] - beats_s[last]);
        let reach = ((0.30_f64.min(0.45 * rr_s)) * rate) as usize;
        let from = free.max(onset.saturating_sub(reach));
        if let Some((on, off, height)) = view.hump(from, onset.saturating_sub(1), 0.16) {
            let long = (off - on) as f64 / rate;
            if height > (LEAST_P.0 * span).max(LEAST_P.1) && (0.03..0.18).contains(&long) {
                found.push(view.wave(WaveKind::P, on as f64, off as f64, beat, height / span));
            }
        }
        found.push(view.wave(WaveKind::Qrs, onset as f64, offset as f64, beat, 1.0));
        let next_s = beats_s.get(beat + 1).copied().unwrap_or(f64::INFINITY);
        let next_rr_s = next_s - beats_s[beat];
        let limit_s = 0.62_f64.min(if next_rr_s.is_finite() { 0.70 * next_rr_s } else { 0.62 });
        let to = (onset + (limit_s * rate) as usize).min(view.fine.len());
        let from = offset + (0.06 * rate) as usize;
        free = offset;
        if let Some((on, off, height)) = view.hump(from, to, 0.40)
            && height > (LEAST_T.0 * span).max(LEAST_T.1)
        {
            found.push(view.wave(WaveKind::T, on as f64, off as f64, beat, height / span));
            free = off;
        }
    }
    found
}

impl View<'_> {
    fn wave(&self, kind: WaveKind, from: f64, to: f64, beat: usize, share: f32) -> Wave {
        let time_s = |place: f64| self.trace.start_s + place / self.trace.rate_hz;
        let (onset_s, offset_s) = (time_s(from), time_s(to));
        let confidence = (4.0 * share).clamp(0.2, 0.9);
        Wave {
            kind,
            onset_s,
            peak_s: peak(self.trace, kind, onset_s, offset_s),
            offset_s,
            confidence,
            beat: Some(beat),
        }
    }

    fn slope(&self, at: usize, aside: usize) -> f32 {
        let last = self.fine.len() - 1;
        (self.fine[(at + aside).min(last)] - self.fine[at.saturating_sub(aside)]).abs()
    }

    /// Onset, offset (samples) and span in mV.
    fn qrs(&self, r_s: f64) -> Option<(usize, usize, f32)> {
        let rate = self.trace.rate_hz;
        let r = self.trace.index_at(r_s)?;
        let samples = |seconds: f64| (seconds * rate) as usize;
        let aside = samples(0.004).max(1);
        let (from, to) = (r.saturating_sub(samples(0.07)), (r + samples(0.07)).min(self.fine.len() - 1));
        let steepest = (from..to).map(|at| self.slope(at, aside)).fold(0.0_f32, f32::max);
        let mut around: Vec<f32> = (r.saturating_sub(samples(0.30))..(r + samples(0.40)).min(self.fine.len() - 1))
            .map(|at| self.slope(at, aside))
            .collect();
        let noise = quantile(&mut around, 0.3)?;
        let line = (QRS_SHARE * steepest).max(2.0 * noise).min(0.4 * steepest);
        if steepest <= 0.0 {
            return None;
        }
        let strong = |at: &usize| self.slope(*at, aside) > 0.3 * steepest;
        let (first, last) = ((from..to).find(strong)?, (from..to).rev().find(strong)?);
        let quiet = samples(QUIET_S).max(1);
        let still = |at: usize| self.slope(at, aside) < line;
        let left = first.saturating_sub(samples(0.10));
        let onset = (left..first).rev().find(|at| (at.saturating_sub(quiet)..=*at).all(still)).unwrap_or(left);
        let right = (last + samples(0.12)).min(self.fine.len() - 1);
        let offset = (last..right).find(|at| (*at..=(at + quiet).min(right)).all(still)).unwrap_or(right);
        let (low, high) =
            self.fine[onset..=offset].iter().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        (high > low).then_some((onset, offset, high - low))
    }

    /// The largest deflection from the line between the ends: its onset and offset by tangents, its height in mV.
    fn hump(&self, from: usize, to: usize, longest_s: f64) -> Option<(usize, usize, f32)> {
        let rate = self.trace.rate_hz;
        if to <= from + (0.06 * rate) as usize || to >= self.smooth.len() {
            return None;
        }
        let (first, last) = (self.smooth[from], self.smooth[to]);
        let steps = (to - from) as f32;
        let height = |at: usize| self.smooth[at] - (first + (last - first) * (at - from) as f32 / steps);
        let top = (from..to).max_by(|a, b| height(*a).abs().total_cmp(&height(*b).abs()))?;
        let sign = height(top).signum();
        let tall = height(top).abs();
        let reach = (0.5 * longest_s * rate) as usize;
        let limb = |towards: i64, limit: usize| -> usize {
            let mut steepest = (0.0_f32, top);
            let mut at = top;
            while at != limit && at.abs_diff(top) < reach {
                let next = at.saturating_add_signed(towards as isize);
                let fall = sign * (self.smooth[at] - self.smooth[next]);
                if fall > steepest.0 {
                    steepest = (fall, at);
                }
                at = next;
            }
            let left = sign * height(steepest.1);
            let more = if steepest.0 > 0.0 { (left / steepest.0).clamp(0.0, 0.1 * rate as f32) } else { 0.0 };
            let end = steepest.1 as i64 + towards * more as i64;
            end.clamp(from as i64, to as i64) as usize
        };
        Some((limb(-1, from), limb(1, to), tall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    /// P, QRS, T as raised cosines with exact ends, s from R: (from, to, mV).
    const WAVES: [(f64, f64, f64); 3] = [(-0.18, -0.08, 0.15), (-0.045, 0.045, 1.0), (0.18, 0.40, 0.3)];

    fn trace(waves: &[(f64, f64, f64)], sign: f64) -> (Trace, Vec<f64>) {
        let beats: Vec<f64> = (0..9).map(|beat| 0.7 + f64::from(beat)).collect();
        let value = |time_s: f64| -> f64 {
            let of = |(from, to, mv): &(f64, f64, f64)| {
                beats
                    .iter()
                    .map(|r| (time_s - r - from) / (to - from))
                    .filter(|part| (0.0..1.0).contains(part))
                    .map(|part| mv * 0.5 * (1.0 - (std::f64::consts::TAU * part).cos()))
                    .sum::<f64>()
            };
            sign * waves.iter().map(of).sum::<f64>()
        };
        let samples: Vec<f32> = (0..5000).map(|index| value(f64::from(index) / 500.0) as f32).collect();
        (Trace::new(Lead::II, 500.0, samples), beats)
    }

    #[test]
    fn exact_waves_are_found_upright_and_inverted() {
        for sign in [1.0, -1.0] {
            let (trace, beats) = trace(&WAVES, sign);
            let found = waves(&trace, &beats);
            for (kind, (from, to, _), on_s, off_s) in [
                (WaveKind::P, WAVES[0], 0.025, 0.025),
                (WaveKind::Qrs, WAVES[1], 0.012, 0.012),
                (WaveKind::T, WAVES[2], 0.05, 0.03),
            ] {
                let of: Vec<&Wave> = found.iter().filter(|wave| wave.kind == kind).collect();
                assert_eq!(of.len(), 9, "{kind:?}");
                for wave in of {
                    let r = beats[wave.beat.expect("of a beat")];
                    assert!((wave.onset_s - r - from).abs() < on_s, "{kind:?} {wave:?} {r}");
                    assert!((wave.offset_s - r - to).abs() < off_s, "{kind:?} {wave:?} {r}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let (trace, beats) = trace(&WAVES[1..2], 1.0);
        assert!(waves(&trace, &beats).iter().all(|wave| wave.kind == WaveKind::Qrs));
        let flat = Trace::new(Lead::II, 500.0, vec![0.2; 5000]);
        assert!(waves(&flat, &beats).is_empty());
        let gone = Trace::new(Lead::II, 500.0, vec![f32::NAN; 5000]);
        assert!(waves(&gone, &beats).is_empty());
        assert!(waves(&Trace::new(Lead::II, 0.0, vec![0.0; 50]), &beats).is_empty());
    }
}
