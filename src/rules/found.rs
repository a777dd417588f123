//! Leads in which a criterion holds: those that have a contiguous one, their names, their evidence, how sure they are together.

use super::Certainty;
use super::check::Check;
use super::leads::with_neighbour;
use crate::ecg::Lead;
use crate::measure::LeadMeasures;

/// A lead with what holds in it.
pub(super) struct Found<'a> {
    /// The lead.
    pub lead: &'a LeadMeasures,
    /// What holds.
    pub check: Check,
}

/// Those that have a contiguous one among them.
pub(super) fn contiguous(found: Vec<Found>) -> Vec<Found> {
    let keep: Vec<Lead> =
        with_neighbour(&found, |found| &found.lead.lead).iter().map(|found| found.lead.lead.clone()).collect();
    found.into_iter().filter(|found| keep.contains(&found.lead.lead)).collect()
}

/// Their names.
pub(super) fn leads_of(found: &[Found]) -> Vec<Lead> {
    found.iter().map(|found| found.lead.lead.clone()).collect()
}

/// Value against limit, lead by lead.
pub(super) fn evidence(found: &[Found]) -> String {
    found.iter().map(|found| found.check.words.clone()).collect::<Vec<_>>().join("; ")
}

/// Met where two contiguous leads are over the limit by more than the tolerance.
pub(super) fn certainty(found: &[Found]) -> Certainty {
    let clear: Vec<&Found> = found.iter().filter(|found| !found.check.near).collect();
    if with_neighbour(&clear, |found| &found.lead.lead).is_empty() { Certainty::Borderline } else { Certainty::Met }
}
