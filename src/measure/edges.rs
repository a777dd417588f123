//! The two ends of a QRS: a slow start (delta wave), and a notch or slur in its last slope (J wave).
//!
//! Delta wave: Durrer 1970, WHO/ISFC 1985 describe it; no numbers are agreed. J wave: Macfarlane et al., J Am Coll Cardiol 2015;66:470-477, whose words
//! for its parts (Jp, Jo) are used. The numbers are ours, stated where they are used; they were chosen on PTB-XL.

/// Below this rate no slope is told, Hz.
const LEAST_RATE_HZ: f64 = 250.0;
/// Slopes are taken over this time, s.
const SLOPE_S: f64 = 0.008;
/// A main deflection lower than this shows no delta wave, a lower R no J wave, mV.
const DELTA_OF_MV: f32 = 0.4;
const J_OF_MV: f32 = 0.3;
/// The start is where the signal leaves the level by this, mV.
const LEAVES_MV: f32 = 0.03;
/// The slow part ends where the slope reaches this share of the steepest.
const FAST: f32 = 0.5;
/// It lasts so long, s, and rises so high, mV, but not above this share of the peak.
const DELTA_S: f64 = 0.020;
const DELTA_MV: f32 = 0.1;
const DELTA_SHARE: f32 = 0.6;
/// A J wave stands from the peak of R to so long after J, s.
const AFTER_J_S: f64 = 0.05;
/// A notch is so deep, mV, and a slur falls by so much, mV, in this time, s.
const NOTCH_MV: f32 = 0.02;
const SLUR_MV: f32 = 0.05;
const SLUR_S: f64 = 0.02;
/// A slur begins where the slope has fallen to this share of the steepest, in the lower half of R.
const SLOW: f32 = 0.25;

/// The slow start of a QRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeltaWave {
    /// From where the signal leaves the level to where it becomes steep, ms.
    pub duration_ms: f64,
    /// Signed height there, mV.
    pub height_mv: f64,
}

/// A notch or slur at the end of a QRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JWave {
    /// Height of the notch's top, or of the place where the slur begins, over the level of the QRS onset, mV.
    pub height_mv: f64,
    /// A notch (a top of its own), else a slur.
    pub notch: bool,
}

/// The delta wave of a QRS, `qrs` from its onset to its end, level 0; `None` = none, or it cannot be told.
pub(super) fn delta_wave(qrs: &[f32], rate_hz: f64) -> Option<DeltaWave> {
    let over = ((SLOPE_S * rate_hz).round() as usize).max(1);
    if rate_hz < LEAST_RATE_HZ || qrs.len() <= 2 * over {
        return None;
    }
    let peak = (0..qrs.len()).max_by(|a, b| qrs[*a].abs().total_cmp(&qrs[*b].abs()))?;
    let (sign, height) = (qrs[peak].signum(), qrs[peak].abs());
    if height < DELTA_OF_MV {
        return None;
    }
    let slope = |at: usize| {
        let (from, to) = (at.saturating_sub(over / 2), (at + over.div_ceil(2)).min(qrs.len() - 1));
        sign * (qrs[to] - qrs[from]) / (to - from).max(1) as f32
    };
    let start = (0..peak).rev().find(|at| sign * qrs[*at] <= LEAVES_MV).map_or(0, |at| at + 1);
    let steepest = (start..=peak).map(slope).fold(0.0, f32::max);
    let steep = (start..=peak).find(|at| slope(*at) >= FAST * steepest)?;
    let duration_s = (steep - start) as f64 / rate_hz;
    let rises = sign * qrs[steep];
    (duration_s >= DELTA_S && rises >= DELTA_MV && rises <= DELTA_SHARE * height)
        .then(|| DeltaWave { duration_ms: 1000.0 * duration_s, height_mv: f64::from(qrs[steep]) })
}

/// The J wave of a lead, `samples` level 0 at the QRS onset, `qrs` from onset to J in samples; `None` = none, or it cannot be told.
pub(super) fn j_wave(samples: &[f32], (onset, j_point): (usize, usize), rate_hz: f64) -> Option<JWave> {
    let count = |time_s: f64| ((time_s * rate_hz).round() as usize).max(1);
    let end = (j_point + count(AFTER_J_S)).min(samples.len().checked_sub(1)?);
    let part = samples.get(onset..=end)?;
    if rate_hz < LEAST_RATE_HZ || part.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let to_j = &part[..part.len().min(j_point - onset + 1)];
    let r = (0..to_j.len()).max_by(|a, b| to_j[*a].total_cmp(&to_j[*b]))?;
    if part[r] < J_OF_MV {
        return None;
    }
    notch(part, r).or_else(|| slur(part, r, count(SLOPE_S), count(SLUR_S)))
}

/// A dip that stays above the level and a top after it that falls again, both in the lower half of R.
fn notch(part: &[f32], r: usize) -> Option<JWave> {
    let (mut low, mut at) = (part[r], r);
    for (index, value) in part.iter().enumerate().skip(r) {
        if *value < low {
            (low, at) = (*value, index);
        } else if *value > low + NOTCH_MV {
            break;
        }
    }
    let (top, height) = (at..part.len())
        .map(|index| (index, part[index]))
        .fold((at, low), |best, now| if now.1 > best.1 { now } else { best });
    let falls = part[top..].iter().any(|value| *value < height - NOTCH_MV);
    (low >= 0.0 && height <= 0.5 * part[r] && height > low + NOTCH_MV && falls)
        .then(|| JWave { height_mv: f64::from(height), notch: true })
}

/// Where the last slope of R turns slow before it has come down, and goes on falling.
fn slur(part: &[f32], r: usize, over: usize, lasts: usize) -> Option<JWave> {
    let falls = |at: usize| part[at] - part[at + over];
    let ends = part.len().checked_sub(over)?;
    let (steep, steepest) =
        (r..ends).map(|at| (at, falls(at))).fold((r, 0.0), |best, now| if now.1 > best.1 { now } else { best });
    // the slow part begins within the stretch that first falls slowly: its end is sure to lie in it
    let begins = over + (steep..ends).find(|at| falls(*at) <= SLOW * steepest)?;
    let (from, after) = (part[begins], *part.get(begins + lasts)?);
    (from <= 0.5 * part[r] && after >= 0.0 && from - after >= SLUR_MV)
        .then(|| JWave { height_mv: f64::from(from), notch: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 500.0;

    /// Straight lines through these points (ms, mV).
    fn lines(points: &[(f64, f32)]) -> Vec<f32> {
        let last = points.last().expect("points").0;
        (0..=(last * RATE_HZ / 1000.0) as usize)
            .map(|index| {
                let ms = 1000.0 * index as f64 / RATE_HZ;
                let after = points.iter().position(|point| point.0 >= ms).expect("inside").max(1);
                let ((a, from), (b, to)) = (points[after - 1], points[after]);
                from + ((ms - a) / (b - a)) as f32 * (to - from)
            })
            .collect()
    }

    #[test]
    fn a_slow_start_is_a_delta_wave_and_a_steep_one_is_none() {
        let slow = lines(&[(0.0, 0.0), (40.0, 0.3), (70.0, 1.3), (110.0, 0.0)]);
        let found = delta_wave(&slow, RATE_HZ).expect("a delta wave");
        assert!((found.duration_ms - 36.0).abs() <= 6.0 && (found.height_mv - 0.3).abs() < 0.06, "{found:?}");
        let down: Vec<f32> = slow.iter().map(|value| -value).collect();
        assert!((delta_wave(&down, RATE_HZ).expect("negative").height_mv + 0.3).abs() < 0.06);
        assert_eq!(delta_wave(&lines(&[(0.0, 0.0), (40.0, 1.3), (90.0, 0.0)]), RATE_HZ), None, "steep");
        assert_eq!(delta_wave(&lines(&[(0.0, 0.0), (40.0, 0.02), (70.0, 1.3), (110.0, 0.0)]), RATE_HZ), None, "level");
        assert_eq!(delta_wave(&lines(&[(0.0, 0.0), (20.0, -0.2), (60.0, 1.3), (90.0, 0.0)]), RATE_HZ), None, "q");
        assert_eq!(delta_wave(&lines(&[(0.0, 0.0), (40.0, 0.1), (70.0, 0.3), (110.0, 0.0)]), RATE_HZ), None, "low");
    }

    #[test]
    fn a_notch_and_a_slur_at_the_end_are_j_waves() {
        let of = |points: &[(f64, f32)], j_ms: f64| j_wave(&lines(points), (0, (j_ms / 2.0) as usize), RATE_HZ);
        let notch = [(0.0, 0.0), (35.0, 1.2), (70.0, 0.1), (85.0, 0.22), (105.0, 0.02), (200.0, 0.0)];
        let found = of(&notch, 90.0).expect("a notch");
        assert!(found.notch && (found.height_mv - 0.22).abs() < 0.02, "{found:?}");
        let slurred = [(0.0, 0.0), (35.0, 1.2), (65.0, 0.2), (100.0, 0.02), (200.0, 0.0)];
        let found = of(&slurred, 90.0).expect("a slur");
        assert!(!found.notch && (found.height_mv - 0.2).abs() < 0.06, "{found:?}");
        assert_eq!(of(&[(0.0, 0.0), (35.0, 1.2), (70.0, 0.0), (200.0, 0.0)], 70.0), None, "straight");
        assert_eq!(of(&[(0.0, 0.0), (35.0, 1.2), (70.0, -0.3), (90.0, 0.0), (200.0, 0.0)], 90.0), None, "S");
        assert_eq!(of(&[(0.0, 0.0), (35.0, 1.2), (70.0, 0.2), (200.0, 0.3)], 72.0), None, "ST that rises");
        assert_eq!(of(&[(0.0, 0.0), (35.0, 1.2), (70.0, 0.2), (200.0, 0.2)], 72.0), None, "level ST");
    }

    #[test]
    fn what_cannot_be_told_is_none() {
        assert_eq!(delta_wave(&[], RATE_HZ), None);
        assert_eq!(delta_wave(&[f32::NAN; 60], RATE_HZ), None);
        assert_eq!(delta_wave(&[1.0; 60], 100.0), None);
        assert_eq!(j_wave(&[], (0, 0), RATE_HZ), None);
        assert_eq!(j_wave(&[f32::NAN; 200], (10, 50), RATE_HZ), None);
        assert_eq!(j_wave(&[1.0; 20], (10, 500), RATE_HZ), None);
    }
}
