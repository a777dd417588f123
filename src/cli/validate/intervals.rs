//! Scores PR, QRS and QT of a record against exact truth: the median over the true beats of the dominant kind.

use super::statistics::median;
use crate::analysis::Measurements;
use crate::synth::{BeatKind, Kind, TrueBeat, Truth};

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    Pr,
    Qrs,
    Qt,
}

impl Interval {
    /// All, in the order of tables.
    pub const ALL: [Interval; 3] = [Interval::Pr, Interval::Qrs, Interval::Qt];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Interval::Pr => "PR",
            Interval::Qrs => "QRS",
            Interval::Qt => "QT",
        }
    }

    /// Is it scored in records of this kind? See [`LEFT_OUT`].
    pub fn is_in(self, kind: Kind) -> bool {
        match kind {
            Kind::Bigeminy | Kind::Paced | Kind::VentricularTachycardia => false,
            Kind::AtrialFibrillation => self != Interval::Pr,
            _ => true,
        }
    }

    /// What was measured, ms.
    pub fn measured_ms(self, measurements: &Measurements) -> Option<f64> {
        match self {
            Interval::Pr => measurements.pr_ms.value(),
            Interval::Qrs => measurements.qrs_ms.value(),
            Interval::Qt => measurements.qt_ms.value(),
        }
    }

    fn of_beat_ms(self, beat: &TrueBeat) -> Option<f64> {
        let qrs = beat.qrs?;
        let (from_s, to_s) = match self {
            Interval::Pr => (beat.p?.onset_s, qrs.onset_s),
            Interval::Qrs => (qrs.onset_s, qrs.offset_s),
            Interval::Qt => (qrs.onset_s, beat.t?.offset_s),
        };
        Some(1000.0 * (to_s - from_s))
    }

    /// What is true, ms: the median over the beats of the kind that most beats have.
    pub fn true_ms(self, truth: &Truth) -> Option<f64> {
        let count = |kind: BeatKind| truth.beats.iter().filter(|beat| beat.kind == kind).count();
        let kinds = [BeatKind::Ventricular, BeatKind::Paced, BeatKind::Conducted];
        let dominant = kinds.into_iter().max_by_key(|kind| count(*kind))?;
        let beats = truth.beats.iter().filter(|beat| beat.kind == dominant);
        let values: Vec<f64> = beats.filter_map(|beat| self.of_beat_ms(beat)).collect();
        median(&values)
    }
}

/// Which records are left out, in words.
pub const LEFT_OUT: &str = "Left out: ventricular tachycardia and pacing (no P, and QRS, ST and T run into each other), bigeminy (either shape may be \
                            the dominant one); for PR also atrial fibrillation.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::generate;

    #[test]
    fn the_truth_is_what_the_recipe_says() {
        let spec = Kind::PrematureVentricular.spec(3);
        let truth = generate(&spec).truth;
        let near = |interval: Interval, ms: f64, within: f64| {
            let found = interval.true_ms(&truth).expect("there");
            assert!((found - ms).abs() < within, "{}: {found}, not {ms}", interval.name());
        };
        near(Interval::Pr, spec.pr_ms, 1e-6);
        near(Interval::Qrs, spec.qrs_ms, 1e-6);
        near(Interval::Qt, spec.qt_ms, 12.0);
        assert_eq!(Interval::Qt.true_ms(&Truth::default()), None);
    }

    #[test]
    fn fibrillation_has_no_pr() {
        assert!(!Interval::Pr.is_in(Kind::AtrialFibrillation) && Interval::Qt.is_in(Kind::AtrialFibrillation));
        assert!(!Interval::Qrs.is_in(Kind::Paced) && Interval::Pr.is_in(Kind::Pause));
        let truth = generate(&Kind::AtrialFibrillation.spec(1)).truth;
        assert_eq!(Interval::Pr.true_ms(&truth), None);
    }
}
