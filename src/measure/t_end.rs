//! T end on the median beat by the two classical methods, beside the delineator's own (McLaughlin, Campbell & Murray, Br Heart J 74:84, 1995).

use super::classes::median;
use super::{LeadMeasures, MedianBeats, MedianMarks};

/// A T of this height or more gives a good limb, mV; smaller ones are used only where no lead has one.
const TALL_MV: f64 = 0.1;
/// The slope of the limb is taken over twice this, s.
const SLOPE_S: f64 = 0.012;
/// The limb is followed so far beyond the delineator's end, s.
const BEYOND_S: f64 = 0.04;
/// By threshold: T has ended where it has fallen to this share of its height.
const SHARE: f32 = 0.10;

/// A T wave from its onset on, turned upright; 0 is the level of the QRS onset.
pub(super) struct Upright<'a> {
    samples_mv: &'a [f32],
    sign: f32,
    peak: usize,
    rate_hz: f64,
}

impl Upright<'_> {
    fn at(&self, index: usize) -> f32 {
        self.sign * self.samples_mv[index]
    }
}

/// A method: T end in samples from the T onset; `None` = the limb does not fall.
pub(super) type Limb = fn(&Upright) -> Option<f64>;

/// Where the steepest tangent of the falling limb meets the level of the QRS onset (Lepeschkin & Surawicz 1952).
pub(super) fn tangent(wave: &Upright) -> Option<f64> {
    let half = (SLOPE_S * wave.rate_hz).max(1.0) as usize;
    let fall = |at: usize| (wave.at(at - half) - wave.at(at + half)) / (2 * half) as f32;
    let limb = wave.peak + half..wave.samples_mv.len().checked_sub(half)?;
    let steepest = limb.max_by(|a, b| fall(*a).total_cmp(&fall(*b)))?;
    (fall(steepest) > 0.0).then(|| steepest as f64 + f64::from(wave.at(steepest) / fall(steepest)))
}

/// Where the limb falls to a tenth of the height.
pub(super) fn threshold(wave: &Upright) -> Option<f64> {
    let level = SHARE * wave.at(wave.peak);
    let under = (wave.peak + 1..wave.samples_mv.len()).find(|at| wave.at(*at) <= level)?;
    let (above, below) = (wave.at(under - 1), wave.at(under));
    Some((under - 1) as f64 + f64::from((above - level) / (above - below)))
}

/// T end in samples of the median beat: the median over the leads with a T of at least 0.1 mV (of all, where none has one).
pub(super) fn over_leads(
    medians: &MedianBeats,
    marks: &MedianMarks,
    leads: &[LeadMeasures],
    limb: Limb,
) -> Option<f64> {
    let (from, to) = marks.t?;
    let (from, to) = (from.round().max(0.0) as usize, (to + BEYOND_S * medians.rate_hz) as usize);
    let of = |measures: &LeadMeasures| -> Option<f64> {
        let samples = &medians.lead(&measures.lead)?.samples_mv;
        let samples_mv = samples.get(from..to.min(samples.len()))?;
        if samples_mv.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let peak = (0..samples_mv.len()).max_by(|a, b| samples_mv[*a].abs().total_cmp(&samples_mv[*b].abs()))?;
        let wave = Upright { samples_mv, sign: samples_mv[peak].signum(), peak, rate_hz: medians.rate_hz };
        limb(&wave).map(|end| from as f64 + end)
    };
    let tall = |least_mv: f64| -> Vec<f64> {
        leads.iter().filter(|lead| lead.t_mv.is_some_and(|t_mv| t_mv.abs() >= least_mv)).filter_map(of).collect()
    };
    median(tall(TALL_MV)).or_else(|| median(tall(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_limb_ends_where_its_line_does() {
        // up over 40 samples, down over 50: the line reaches 0 at 90, a tenth of the height at 85
        let samples_mv: Vec<f32> =
            (0..120).map(|at| if at < 40 { at as f32 / 40.0 } else { ((90 - at) as f32 / 50.0).max(0.0) }).collect();
        for sign in [1.0, -1.0] {
            let turned: Vec<f32> = samples_mv.iter().map(|value| sign * value).collect();
            let wave = Upright { samples_mv: &turned, sign, peak: 40, rate_hz: 500.0 };
            assert!(tangent(&wave).is_some_and(|end| (end - 90.0).abs() < 0.1));
            assert!(threshold(&wave).is_some_and(|end| (end - 85.0).abs() < 0.01));
        }
        let rising = Upright { samples_mv: &samples_mv[..41], sign: 1.0, peak: 40, rate_hz: 500.0 };
        assert!(tangent(&rising).is_none() && threshold(&rising).is_none());
    }
}
