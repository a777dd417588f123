//! The review of one recording, and the only way to change it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Decision, Verdict};

/// One change by the reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// A decision on the segment with this key; `None` takes it back.
    Decide {
        /// Segment key.
        segment: String,
        /// The verdict.
        verdict: Option<Verdict>,
    },
    /// A note on the segment with this key.
    Note {
        /// Segment key.
        segment: String,
        /// The words; empty takes the note away.
        note: String,
    },
    /// Who reviews; `None` = unconfirmed.
    Reviewer(Option<String>),
    /// The reader's own reading.
    Impression(String),
}

/// What a reader says of one recording. The state is what its log gives when replayed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Review {
    decisions: BTreeMap<String, Decision>,
    reviewer: Option<String>,
    impression: String,
    log: Vec<(Timestamp, Edit)>,
    undone: Vec<(Timestamp, Edit)>,
}

impl Review {
    /// A review from its log.
    pub fn replay(log: impl IntoIterator<Item = (Timestamp, Edit)>) -> Self {
        let mut review = Self::default();
        for (at, edit) in log {
            review.apply(at, edit);
        }
        review
    }

    /// Makes a change at a moment.
    pub fn apply(&mut self, at: Timestamp, edit: Edit) {
        self.undone.clear();
        self.enact(at, &edit);
        self.log.push((at, edit));
    }

    /// Takes the last change back; returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(last) = self.log.pop() else { return false };
        let (log, mut undone) = (std::mem::take(&mut self.log), std::mem::take(&mut self.undone));
        *self = Self::replay(log);
        undone.push(last);
        self.undone = undone;
        true
    }

    /// Makes the change last taken back again; returns whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some((at, edit)) = self.undone.pop() else { return false };
        self.enact(at, &edit);
        self.log.push((at, edit));
        true
    }

    /// The decision on a segment.
    pub fn decision(&self, segment: &str) -> Option<&Decision> {
        self.decisions.get(segment)
    }

    /// Who reviews; `None` = unconfirmed.
    pub fn reviewer(&self) -> Option<&str> {
        self.reviewer.as_deref()
    }

    /// The reader's own reading.
    pub fn impression(&self) -> &str {
        &self.impression
    }

    /// Every change, oldest first.
    pub fn log(&self) -> &[(Timestamp, Edit)] {
        &self.log
    }

    fn enact(&mut self, at: Timestamp, edit: &Edit) {
        match edit {
            Edit::Decide { segment, verdict } => self.change(at, segment, |decision| decision.verdict = *verdict),
            Edit::Note { segment, note } => self.change(at, segment, |decision| decision.note.clone_from(note)),
            Edit::Reviewer(name) => self.reviewer.clone_from(name),
            Edit::Impression(words) => self.impression.clone_from(words),
        }
    }

    fn change(&mut self, at: Timestamp, segment: &str, change: impl FnOnce(&mut Decision)) {
        let empty = Decision { verdict: None, note: String::new(), decided_at: at };
        let decision = self.decisions.entry(segment.to_owned()).or_insert(empty);
        change(decision);
        decision.decided_at = at;
        if decision.verdict.is_none() && decision.note.is_empty() {
            self.decisions.remove(segment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(verdict: Option<Verdict>) -> Edit {
        Edit::Decide { segment: "s".into(), verdict }
    }

    #[test]
    fn undo_and_redo_walk_the_log() {
        let at = Timestamp::UNIX_EPOCH;
        let mut review = Review::default();
        review.apply(at, decide(Some(Verdict::Accepted)));
        review.apply(at, decide(Some(Verdict::Rejected)));
        review.apply(at, Edit::Note { segment: "s".into(), note: "artefact".into() });
        let full = review.clone();
        assert!(review.undo() && review.undo());
        assert_eq!(review.decision("s").and_then(|decision| decision.verdict), Some(Verdict::Accepted));
        assert!(review.redo() && review.redo() && !review.redo());
        assert_eq!(review, full);
        assert_eq!(Review::replay(full.log().to_vec()), full);
    }

    #[test]
    fn a_decision_taken_back_leaves_nothing() {
        let mut review = Review::default();
        review.apply(Timestamp::UNIX_EPOCH, decide(Some(Verdict::Unsure)));
        review.apply(Timestamp::UNIX_EPOCH, decide(None));
        assert_eq!(review.decision("s"), None);
    }
}
