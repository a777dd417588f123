//! The network's word, in plain numbers. It suggests; it never decides.

use std::sync::Arc;

use crate::ecg::Span;
use crate::network::Head;

/// Why there is no prediction where the reader has switched the network off.
pub(super) const SWITCHED_OFF: &str = "switched off for this reading";

/// Which model spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelIdentity {
    /// Folder name under `models/`.
    pub id: Arc<str>,
    /// SHA-256 of the weights, hexadecimal.
    pub sha256: Arc<str>,
}

/// One head's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadResult {
    /// Which head.
    pub head: Head,
    /// Calibrated probability, 0 to 1.
    pub probability: f32,
    /// Operating point it is held against.
    pub operating_point: f32,
    /// Point of high certainty (95 % specificity), where one is set.
    pub high_certainty_point: Option<f32>,
}

impl HeadResult {
    /// The head's words; QT says whose it is.
    pub fn words(&self) -> &'static str {
        if self.head == Head::Qt { "QT, measured" } else { self.head.words() }
    }

    /// Over its operating point?
    pub fn positive(&self) -> bool {
        self.probability >= self.operating_point
    }
}

/// The network's word over the recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Which model; `None` = none could be loaded.
    pub model: Option<ModelIdentity>,
    /// One result a head, in the order of [`Head::ALL`]; empty when withheld. QT is the measured one, and missing where QT is not judged.
    pub heads: Vec<HeadResult>,
    /// QT by measurement: how likely it lies beyond its line. There without the network too; `None` = not judged, with the reason in the notes.
    pub qt: Option<HeadResult>,
    /// The heads stated: empty = normal; else the conditions over their operating points (`Other` where none of the five is).
    pub predicted: Vec<Head>,
    /// Why there is no prediction; `None` = there is one.
    pub withheld: Option<String>,
    /// What to know when reading it (padded, a lead missing …).
    pub notes: Vec<String>,
}

impl Prediction {
    /// No prediction, with the reason.
    pub fn withheld(model: Option<ModelIdentity>, reason: impl Into<String>) -> Self {
        Self {
            model,
            heads: Vec::new(),
            qt: None,
            predicted: Vec::new(),
            withheld: Some(reason.into()),
            notes: Vec::new(),
        }
    }

    /// A head's result.
    pub fn head(&self, head: Head) -> Option<&HeadResult> {
        self.heads.iter().find(|result| result.head == head)
    }

    /// The head whose attention is shown first: what the network states first, "abnormal" where that is none of the five.
    pub fn leading(&self) -> Head {
        let own = |head: &Head| !matches!(head, Head::Qt | Head::Other);
        self.predicted.iter().copied().find(own).unwrap_or(Head::Abnormal)
    }

    /// Abnormal over its operating point? `None` when withheld.
    pub fn abnormal(&self) -> Option<bool> {
        self.head(Head::Abnormal).map(HeadResult::positive)
    }

    /// The conditions stated, inside a sentence; QT is told to be measured.
    pub fn named(&self) -> Vec<String> {
        let words = |head: &Head| match head {
            Head::Qt => format!("{} (measured)", in_a_sentence(*head)),
            other => in_a_sentence(*other),
        };
        self.predicted.iter().map(words).collect()
    }
}

/// The network's word over one window of a long recording.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowReading {
    /// The window.
    pub span: Span,
    /// One result a head; empty when withheld.
    pub heads: Vec<HeadResult>,
    /// Why there is none.
    pub withheld: Option<String>,
}

/// A head's words inside a sentence.
pub(super) fn in_a_sentence(head: Head) -> String {
    match head {
        Head::Abnormal => "an abnormal record".to_owned(),
        Head::Qt => "QT abnormality".to_owned(),
        other => other.words().to_lowercase(),
    }
}

/// QT is left to the measurement. The two steps of the paper: normal unless abnormal is over its operating point; then the conditions over theirs, strongest first; else other.
pub(super) fn predicted(heads: &[HeadResult]) -> Vec<Head> {
    let abnormal = heads.iter().any(|result| result.head == Head::Abnormal && result.positive());
    if !abnormal {
        return Vec::new();
    }
    let own = |result: &&HeadResult| Head::CONDITIONS.contains(&result.head) && result.head != Head::Qt;
    let mut conditions: Vec<&HeadResult> = heads.iter().filter(own).filter(|result| result.positive()).collect();
    conditions.sort_by(|a, b| margin(b).total_cmp(&margin(a)));
    let stated: Vec<Head> = conditions.iter().map(|result| result.head).collect();
    if stated.is_empty() { vec![Head::Other] } else { stated }
}

/// How far over its operating point, as a share of the way to 1: heads have different operating points.
fn margin(result: &HeadResult) -> f32 {
    (result.probability - result.operating_point) / (1.0 - result.operating_point).max(1e-3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(head: Head, probability: f32, operating_point: f32) -> HeadResult {
        HeadResult { head, probability, operating_point, high_certainty_point: None }
    }

    #[test]
    fn normal_or_abnormal_first_then_which() {
        let conduction = head(Head::Conduction, 0.9, 0.4);
        assert!(predicted(&[head(Head::Abnormal, 0.4, 0.5), conduction]).is_empty(), "normal first");
        let abnormal = head(Head::Abnormal, 0.6, 0.5);
        assert_eq!(predicted(&[abnormal]), [Head::Other]);
        let infarction = head(Head::Infarction, 0.5, 0.1);
        assert_eq!(predicted(&[abnormal, infarction, conduction]), [Head::Conduction, Head::Infarction]);
    }

    #[test]
    fn what_is_stated_reads_as_a_sentence_and_qt_is_told_to_be_measured() {
        let stated = vec![Head::Infarction, Head::Qt];
        let prediction = Prediction { predicted: stated, ..Prediction::withheld(None, "") };
        assert_eq!(prediction.named(), ["myocardial infarction", "QT abnormality (measured)"]);
    }
}
