//! Leads as rules see them: which were measured, which are neighbours, which wall they look at.
//!
//! Contiguous (UDMI4): neighbours in V1…V6 (and on to V9 or V3R, V4R), II–aVF–III, I–aVL with V5 and V6.

use crate::ecg::Lead;
use crate::measure::{LeadMeasures, Measurements};

/// Measured leads. Limb leads are left out where their electrodes may be exchanged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leads<'a> {
    measurements: &'a Measurements,
    limbs: bool,
}

impl<'a> Leads<'a> {
    /// The leads of these measurements; `limbs` = limb leads may be used.
    pub(super) fn new(measurements: &'a Measurements, limbs: bool) -> Self {
        Self { measurements, limbs }
    }

    /// A lead that was measured and may be used.
    pub(super) fn get(&self, lead: &Lead) -> Option<&'a LeadMeasures> {
        self.measurements.lead(lead).filter(|measures| measures.measured() && (self.limbs || !lead.is_limb()))
    }

    /// All of these, or none.
    pub(super) fn every<const N: usize>(&self, leads: [Lead; N]) -> Option<[&'a LeadMeasures; N]> {
        let found: Vec<&LeadMeasures> = leads.iter().filter_map(|lead| self.get(lead)).collect();
        found.try_into().ok()
    }

    /// Every measured lead that may be used, in the order of the recording.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a LeadMeasures> {
        let limbs = self.limbs;
        self.measurements.leads.iter().filter(move |lead| lead.measured() && (limbs || !lead.lead.is_limb()))
    }

    /// Axis of the QRS where limb leads may be used, degrees.
    pub(super) fn axis_deg(&self) -> Option<f64> {
        self.measurements.axis_qrs_deg.value().filter(|_| self.limbs)
    }

    /// Axis of P where limb leads may be used, degrees.
    pub(super) fn axis_p_deg(&self) -> Option<f64> {
        self.measurements.axis_p_deg.value().filter(|_| self.limbs)
    }
}

const CHEST: [&str; 11] = ["V4R", "V3R", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9"];
const INFERIOR: [Lead; 3] = [Lead::II, Lead::III, Lead::AvF];
const LATERAL: [Lead; 4] = [Lead::I, Lead::AvL, Lead::V5, Lead::V6];

/// Are two different leads contiguous?
pub(super) fn contiguous(one: &Lead, other: &Lead) -> bool {
    let place = |lead: &Lead| CHEST.iter().position(|name| *name == lead.name());
    let beside = matches!((place(one), place(other)), (Some(a), Some(b)) if a.abs_diff(b) == 1);
    let both = |group: &[Lead]| group.contains(one) && group.contains(other);
    one != other && (beside || both(&INFERIOR) || both(&LATERAL))
}

/// Those that have a contiguous one among them.
pub(super) fn with_neighbour<T>(found: &[T], lead: impl Fn(&T) -> &Lead) -> Vec<&T> {
    found.iter().filter(|one| found.iter().any(|other| contiguous(lead(one), lead(other)))).collect()
}

/// The walls that leads look at, in words: `inferior`, `anterior, lateral`.
pub(super) fn walls<'a>(leads: impl Iterator<Item = &'a Lead>) -> String {
    let mut walls: Vec<&str> = Vec::new();
    for lead in leads {
        let wall = match lead {
            Lead::II | Lead::III | Lead::AvF => "inferior",
            Lead::I | Lead::AvL | Lead::V5 | Lead::V6 => "lateral",
            Lead::V1 | Lead::V2 | Lead::V3 | Lead::V4 => "anterior",
            Lead::AvR => continue,
            Lead::Other(name) if matches!(&**name, "V7" | "V8" | "V9") => "posterior",
            Lead::Other(name) if matches!(&**name, "V3R" | "V4R") => "right ventricular",
            Lead::Other(_) => continue,
        };
        if !walls.contains(&wall) {
            walls.push(wall);
        }
    }
    walls.join(", ")
}

/// Names, joined by commas.
pub(super) fn names<'a>(leads: impl IntoIterator<Item = &'a Lead>) -> String {
    leads.into_iter().map(Lead::name).collect::<Vec<_>>().join(", ")
}

/// R over S; a missing S gives infinity where there is an R.
pub(super) fn dominant_r(lead: &LeadMeasures) -> bool {
    matches!((lead.r_mv(), lead.s_mv()), (Some(r), Some(s)) if r > s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_those_of_the_guideline() {
        for (one, other) in [
            (Lead::V1, Lead::V2),
            (Lead::II, Lead::III),
            (Lead::I, Lead::AvL),
            (Lead::AvL, Lead::V6),
            (Lead::V5, Lead::V6),
        ] {
            assert!(contiguous(&one, &other) && contiguous(&other, &one), "{one} {other}");
        }
        assert!(contiguous(&Lead::V6, &Lead::Other("V7".into())));
        for (one, other) in [(Lead::V1, Lead::V3), (Lead::II, Lead::I), (Lead::AvR, Lead::V1), (Lead::V4, Lead::V4)] {
            assert!(!contiguous(&one, &other), "{one} {other}");
        }
    }

    #[test]
    fn a_lead_alone_is_left_out() {
        let leads = [Lead::II, Lead::V2, Lead::AvF, Lead::V4];
        let found: Vec<&Lead> = with_neighbour(&leads, |lead| lead);
        assert_eq!(found, [&Lead::II, &Lead::AvF]);
        assert_eq!(walls(found.into_iter()), "inferior");
    }
}
