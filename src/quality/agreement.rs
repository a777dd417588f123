//! Do leads that must sum to zero do so? Einthoven: I + III = II. Goldberger: aVR + aVL + aVF = 0. Where not, the file is wrong, not the heart.

use super::Quality;
use super::limits::{DISAGREE_MV, DISAGREE_SHARE};
use crate::ecg::{Lead, Recording, Trace};

/// A reason for each law that is broken between leads for which `usable` holds.
pub(super) fn disagreements(recording: &Recording, usable: impl Fn(&Lead) -> bool) -> Vec<String> {
    let trace = |lead: &Lead| recording.trace(lead).filter(|_| usable(lead));
    let mut broken = Vec::new();
    if let (Some(one), Some(two), Some(three)) = (trace(&Lead::I), trace(&Lead::II), trace(&Lead::III)) {
        broken.extend(share_over([(one, 1.0), (three, 1.0), (two, -1.0)]).map(|share| words("I + III − II", share)));
    }
    if let (Some(right), Some(left), Some(foot)) = (trace(&Lead::AvR), trace(&Lead::AvL), trace(&Lead::AvF)) {
        broken
            .extend(share_over([(right, 1.0), (left, 1.0), (foot, 1.0)]).map(|share| words("aVR + aVL + aVF", share)));
    }
    broken
}

fn words(sum: &str, share: f64) -> String {
    format!(
        "{}{sum} is over {:.0} µV in {:.0} % of the samples (Einthoven, Goldberger): gains or labels of the file are wrong",
        Quality::DISAGREE,
        DISAGREE_MV * 1000.0,
        share * 100.0
    )
}

/// The share of samples over the limit, where it is too large. Constant offsets between leads do not count: a baseline has no meaning.
fn share_over(terms: [(&Trace, f32); 3]) -> Option<f64> {
    let (first, _) = terms[0];
    let alike = |trace: &Trace| trace.rate_hz == first.rate_hz && trace.start_s == first.start_s;
    if !terms.iter().all(|(trace, _)| alike(trace)) {
        return None;
    }
    let length = terms.iter().map(|(trace, _)| trace.samples_mv.len()).min()?;
    let sum = |index: usize| terms.iter().map(|(trace, sign)| sign * trace.samples_mv[index]).sum::<f32>();
    // a day is judged by some ten thousand samples spread over it
    let step = (length / 20_000).max(1);
    let mut sums: Vec<f32> = (0..length).step_by(step).map(sum).filter(|value| value.is_finite()).collect();
    if sums.len() < 10 {
        return None;
    }
    let middle = sums.len() / 2;
    let offset = *sums.select_nth_unstable_by(middle, f32::total_cmp).1;
    let over = sums.iter().filter(|value| (**value - offset).abs() > DISAGREE_MV).count();
    let share = over as f64 / sums.len() as f64;
    (share > DISAGREE_SHARE).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limb(gain_of_three: f32) -> Recording {
        let one: Vec<f32> = (0..1000).map(|index| (index as f32 * 0.1).sin()).collect();
        let two: Vec<f32> = (0..1000).map(|index| (index as f32 * 0.07).cos()).collect();
        let three: Vec<f32> = one.iter().zip(&two).map(|(one, two)| gain_of_three * (two - one)).collect();
        Recording::new(
            "test",
            vec![
                Trace::new(Lead::I, 500.0, one),
                Trace::new(Lead::II, 500.0, two),
                Trace::new(Lead::III, 500.0, three),
            ],
        )
    }

    #[test]
    fn a_wrong_gain_is_named_and_a_right_one_is_not() {
        assert!(disagreements(&limb(1.0), |_| true).is_empty());
        let broken = disagreements(&limb(1.5), |_| true);
        assert!(broken.len() == 1 && broken[0].contains("I + III − II"), "{broken:?}");
        assert!(disagreements(&limb(1.5), |lead| *lead != Lead::II).is_empty());
    }
}
