//! What is missing is said.

use super::super::made::Made;
use super::*;
use crate::ecg::Lead;

#[test]
fn a_withheld_lead_is_named_and_most_of_the_chest_is_no_result() {
    let one = Made::healthy().withheld(&[Lead::V3]);
    let most = Made::healthy().withheld(&[Lead::V1, Lead::V2, Lead::V3, Lead::V4]);
    table(
        "input.leads",
        vec![
            ("one", one.clone(), Some((REVIEW, LOW))),
            ("most", most, Some((REVIEW, RiskLevel::Indeterminate))),
            ("none", Made::healthy(), None),
        ],
    );
    assert_eq!(one.said("input.leads").map(|finding| finding.leads), Some(vec![Lead::V3]));
    let mut unused = Made::healthy();
    unused.measured.leads.retain(|lead| lead.lead != Lead::V3);
    assert_eq!(evidence(&unused, "input.leads"), "not usable");
    let mut off = one;
    off.signal.off = vec![(Lead::V3, 1.0)];
    assert!(off.says("electrode.chest_off") && !off.says("input.leads"), "told once");
}

#[test]
fn without_qrs_nothing_is_said_of_shapes() {
    let made = Made::healthy().none(|m| &mut m.qrs_ms);
    table(
        "input.qrs",
        vec![("no QRS", made, Some((REVIEW, RiskLevel::Indeterminate))), ("measured", Made::healthy(), None)],
    );
    let nothing = Made::healthy().none(|m| &mut m.qrs_ms).none(|m| &mut m.heart_rate_bpm);
    assert!(!nothing.says("input.qrs") && nothing.says("rhythm.unnamed"), "said once");
}
