//! The laws of the limb leads: III = II − I, and aVR, aVL, aVF from I and II (Einthoven 1913, Goldberger 1942).
//! Where a recording obeys them it shall obey them after denoising, exactly; where it does not, no lead is made from another.

use crate::ecg::{Lead, Trace};

/// The laws hold if no sample is further off, mV (rounding of four stored leads, and some).
const TOLERANCE_MV: f32 = 0.012;

/// A lead that follows from I and II: III, aVR, aVL or aVF.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Follows {
    /// Its place among the traces.
    pub at: usize,
    weights: [f32; 2],
}

impl Follows {
    /// Its value from those of I and II.
    pub(super) fn value(&self, lead_i_mv: f32, lead_ii_mv: f32) -> f32 {
        self.weights[0] * lead_i_mv + self.weights[1] * lead_ii_mv
    }
}

/// Which limb leads follow from which I and II, among traces that share rate, start and length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tie {
    pub lead_i: usize,
    pub lead_ii: usize,
    pub follows: Vec<Follows>,
}

/// The tie of these traces (indices into `traces`), if I and II are there and every other limb lead obeys its law at every sample.
pub(super) fn tie(traces: &[Trace], among: &[usize]) -> Option<Tie> {
    let find = |lead: &Lead| among.iter().copied().find(|at| traces[*at].lead == *lead);
    let (lead_i, lead_ii) = (find(&Lead::I)?, find(&Lead::II)?);
    let laws: [(Lead, [f32; 2]); 4] =
        [(Lead::III, [-1.0, 1.0]), (Lead::AvR, [-0.5, -0.5]), (Lead::AvL, [1.0, -0.5]), (Lead::AvF, [-0.5, 1.0])];
    let follows: Vec<Follows> =
        laws.iter().filter_map(|(lead, weights)| Some(Follows { at: find(lead)?, weights: *weights })).collect();
    let (i, ii) = (&traces[lead_i].samples_mv, &traces[lead_ii].samples_mv);
    let obeys = |follows: &Follows| {
        traces[follows.at].samples_mv.iter().zip(i.iter().zip(ii.iter())).all(|(value, (i, ii))| {
            let off = (value - follows.value(*i, *ii)).abs();
            off <= TOLERANCE_MV || value.is_nan() || (i.is_nan() && ii.is_nan())
        })
    };
    (!follows.is_empty() && follows.iter().all(obeys)).then_some(Tie { lead_i, lead_ii, follows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Kind, generate};

    #[test]
    fn stored_limb_leads_are_tied_and_a_skewed_one_unties_all() {
        let mut traces = generate(&Kind::Normal.spec(1)).recording.traces;
        let all: Vec<usize> = (0..12).collect();
        let found = tie(&traces, &all).unwrap();
        assert_eq!((found.lead_i, found.lead_ii, found.follows.len()), (0, 1, 4));
        let mut skewed = traces[2].samples_mv.to_vec();
        skewed.rotate_right(2);
        traces[2].samples_mv = skewed.into();
        assert_eq!(tie(&traces, &all), None);
        assert_eq!(tie(&traces, &[0, 6, 7]), None);
        assert_eq!(tie(&traces, &[0, 1, 6]), None, "nothing follows: nothing to tie");
    }
}
