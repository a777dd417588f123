//! Scores rules against statements of people: a rule's codes against an SCP-ECG code, record by record.

use super::statistics::{ratio, rounded};
use serde_json::{Value, json};

/// A statement that both make.
pub struct Pair {
    /// Name in tables.
    pub name: &'static str,
    /// Code of the people's statement (SCP-ECG as PTB-XL has it), whatever its likelihood.
    pub theirs: &'static str,
    /// Codes of our findings, any of which says the same.
    pub ours: &'static [&'static str],
}

/// What is scored.
pub const PAIRS: [Pair; 7] = [
    Pair { name: "atrial fibrillation", theirs: "AFIB", ours: &["rhythm.atrial_fibrillation"] },
    Pair { name: "complete RBBB", theirs: "CRBBB", ours: &["conduction.rbbb"] },
    Pair { name: "complete LBBB", theirs: "CLBBB", ours: &["conduction.lbbb"] },
    Pair { name: "first-degree AV block", theirs: "1AVB", ours: &["av.pr_long", "av.pr_marked"] },
    Pair { name: "atrial flutter", theirs: "AFLT", ours: &["rhythm.atrial_flutter"] },
    Pair { name: "pre-excitation", theirs: "WPW", ours: &["av.preexcitation"] },
    Pair { name: "paced", theirs: "PACE", ours: &["rhythm.paced"] },
];

/// Records by what people and rules say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Four {
    pub both: usize,
    pub only_theirs: usize,
    pub only_ours: usize,
    pub neither: usize,
}

impl Four {
    /// One more record.
    pub fn count(&mut self, theirs: bool, ours: bool) {
        match (theirs, ours) {
            (true, true) => self.both += 1,
            (true, false) => self.only_theirs += 1,
            (false, true) => self.only_ours += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// Share of theirs that we state.
    pub fn sensitivity(&self) -> Option<f64> {
        ratio(self.both, self.both + self.only_theirs)
    }

    /// Share of the others in which we do not state it.
    pub fn specificity(&self) -> Option<f64> {
        ratio(self.neither, self.neither + self.only_ours)
    }

    /// Share of ours that people state.
    pub fn predictive_value(&self) -> Option<f64> {
        ratio(self.both, self.both + self.only_ours)
    }

    /// For the JSON.
    pub fn json(&self) -> Value {
        json!({
            "both": self.both,
            "only_theirs": self.only_theirs,
            "only_ours": self.only_ours,
            "neither": self.neither,
            "sensitivity": rounded(self.sensitivity(), 5),
            "specificity": rounded(self.specificity(), 5),
            "positive_predictive_value": rounded(self.predictive_value(), 5),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_fields() {
        let mut four = Four::default();
        for (theirs, ours) in [(true, true), (true, true), (true, false), (false, true), (false, false), (false, false)]
        {
            four.count(theirs, ours);
        }
        assert_eq!(four, Four { both: 2, only_theirs: 1, only_ours: 1, neither: 2 });
        assert_eq!((four.sensitivity(), four.specificity()), (ratio(2, 3), ratio(2, 3)));
        assert_eq!(four.predictive_value(), ratio(2, 3));
        assert_eq!(Four::default().sensitivity(), None);
    }
}
