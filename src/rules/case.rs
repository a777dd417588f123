//! What every family knows before it speaks: the facts, and the judgements that more than one family needs, made once.

use super::Certainty;
use super::check::Verdict;
use super::facts::Facts;
use super::judge::atrial::{self, Atrial};
use super::judge::bundle::{self, Bundle};
use super::judge::fibrillation::{self, Stretch};
use super::judge::limbs::{self, Exchange};
use super::judge::patterns::many_shapes;
use super::judge::rhythm::{self, Rhythm};
use super::judge::voltage::{self, Criterion};
use super::leads::Leads;

/// A record as rules see it.
pub(super) struct Case<'a> {
    /// The facts.
    pub facts: &'a Facts<'a>,
    /// Leads that may be used.
    pub leads: Leads<'a>,
    /// Electrodes that may be exchanged.
    pub exchange: Option<(Exchange, Verdict)>,
    /// P against QRS.
    pub atrial: Atrial,
    /// Stretches of atrial fibrillation.
    pub fibrillation: Vec<Stretch>,
    /// Fast wide beats in a row that change their shape: first, last, number of shapes.
    pub many_shapes: Vec<(usize, usize, usize)>,
    /// The leading rhythm.
    pub rhythm: Rhythm,
    /// Bundle branches.
    pub bundle: Bundle,
    /// Voltage criteria of LVH that are met.
    pub lvh: Vec<(Criterion, Verdict)>,
    /// Are most beats paced?
    pub paced: bool,
}

/// Why ST, T and Q are not read by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secondary {
    /// Ventricular pacing.
    Paced,
    /// Left bundle branch block.
    Left,
    /// Possible pre-excitation.
    Preexcited,
}

impl Secondary {
    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Secondary::Paced => "paced beats",
            Secondary::Left => "left bundle branch block",
            Secondary::Preexcited => "possible pre-excitation",
        }
    }
}

impl<'a> Case<'a> {
    /// Judges what several families need.
    pub(super) fn of(facts: &'a Facts<'a>) -> Self {
        let exchange = limbs::judge(facts.measurements);
        let leads = Leads::new(facts.measurements, exchange.is_none());
        let atrial = atrial::judge(facts);
        let many_shapes = many_shapes(facts);
        let fibrillation = fibrillation::judge(facts, &many_shapes);
        let rhythm = rhythm::judge(facts, &leads, &atrial, &fibrillation, &many_shapes);
        let bundle = bundle::judge(facts, &leads);
        let lvh = voltage::judge(facts, &leads);
        let paced = rhythm::paced(facts);
        Self { facts, leads, exchange, atrial, fibrillation, many_shapes, rhythm, bundle, lvh, paced }
    }

    /// QRS over all leads, ms.
    pub(super) fn qrs_ms(&self) -> Option<f64> {
        self.facts.measurements.qrs_ms.value()
    }

    /// Do the atria fibrillate or flutter, so that no P leads and no beat is early?
    pub(super) fn atria_without_p(&self) -> bool {
        !self.fibrillation.is_empty() || !self.facts.patterns.flutter.is_empty()
    }

    /// Right bundle branch block, QRS ≥ 120 ms.
    pub(super) fn complete_right(&self) -> Option<&Verdict> {
        self.bundle.right.as_ref().filter(|_| self.qrs_ms().is_some_and(|qrs_ms| qrs_ms >= 120.0))
    }

    /// Does the conduction alone change ST, T and Q in every lead?
    pub(super) fn secondary(&self) -> Option<Secondary> {
        if self.paced {
            Some(Secondary::Paced)
        } else if self.bundle.left.is_some() {
            Some(Secondary::Left)
        } else {
            self.bundle.preexcited.as_ref().map(|_| Secondary::Preexcited)
        }
    }

    /// How sure an ST statement can be, and what must be said beside it: ST rests on the low cut of the whole chain.
    pub(super) fn st(&self, sure: Certainty, words: String) -> (Certainty, String) {
        match &self.facts.signal.st_doubt {
            Some(doubt) => (Certainty::Review, format!("{words}; ST to be checked: {doubt}")),
            None => (sure, words),
        }
    }
}
