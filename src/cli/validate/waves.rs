//! Scores the waves of one lead against its marks (LUDB): each marked onset and end of P, QRS and T is matched with ours of the same kind in
//! the same lead, one to one, the nearest first, within 150 ms.
//!
//! Only the marked span of the lead counts, first to last mark: the beats at the ends mostly are not marked. A wave of ours is false only if it
//! lies wholly inside that span, and not where the marks have a wave of its kind without this very end.

use super::super::marks::Marked;
use super::pairing::{WITHIN_S, pairs};
use super::point::{Place, Point};
use super::statistics::{self, Counts};
use crate::analysis::{Wave, WaveKind};

/// The six points.
pub const POINTS: [Point; 6] = [
    Point::new(WaveKind::P, Place::Onset),
    Point::new(WaveKind::P, Place::Offset),
    Point::new(WaveKind::Qrs, Place::Onset),
    Point::new(WaveKind::Qrs, Place::Offset),
    Point::new(WaveKind::T, Place::Onset),
    Point::new(WaveKind::T, Place::Offset),
];

/// Score of one point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    pub counts: Counts,
    /// Ours − theirs of each match, ms.
    pub errors_ms: Vec<f64>,
}

/// Scores of the six points, over any number of leads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores(pub [Score; POINTS.len()]);

impl Scores {
    /// Adds those of another lead or record.
    pub fn add(&mut self, other: Scores) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            own.counts.add(other.counts);
            own.errors_ms.extend(other.errors_ms);
        }
    }

    /// Mean F1 of the points that have one.
    pub fn mean_f1(&self) -> Option<f64> {
        let f1: Vec<f64> = self.0.iter().filter_map(|score| score.counts.f1()).collect();
        statistics::mean(&f1)
    }
}

/// First and last marked moment, s.
fn span(marked: &[Marked]) -> Option<(f64, f64)> {
    let first = marked.iter().map(|wave| wave.extent_s().0).min_by(f64::total_cmp)?;
    let last = marked.iter().map(|wave| wave.extent_s().1).max_by(f64::total_cmp)?;
    Some((first, last))
}

fn within(wave: &Wave, span: (f64, f64)) -> bool {
    wave.onset_s >= span.0 && wave.offset_s <= span.1
}

/// Scores one lead. `with_p` = the record has P marks; without them no P of ours counts as false here (see [`p_without_marks`]).
pub fn score(marked: &[Marked], ours: &[Wave], with_p: bool) -> Scores {
    let Some(span) = span(marked) else { return Scores::default() };
    Scores(POINTS.map(|point| {
        let theirs: Vec<&Marked> = marked.iter().filter(|wave| wave.kind == Some(point.kind)).collect();
        let ours: Vec<&Wave> = ours.iter().filter(|wave| wave.kind == point.kind).collect();
        let marked_s: Vec<f64> = theirs.iter().filter_map(|wave| point.of_marked(wave)).collect();
        let found_s: Vec<f64> = ours.iter().map(|wave| point.of_wave(wave)).collect();
        let pairs = pairs(&marked_s, &found_s);
        let excused = |wave: &Wave| {
            let without = theirs.iter().filter(|theirs| point.of_marked(theirs).is_none());
            without
                .map(|theirs| theirs.extent_s())
                .any(|(from_s, to_s)| wave.onset_s <= to_s + WITHIN_S && wave.offset_s >= from_s - WITHIN_S)
        };
        let counted = point.kind != WaveKind::P || with_p;
        let free = ours.iter().enumerate().filter(|(index, _)| !pairs.iter().any(|(_, used)| used == index));
        let extra = free.filter(|(_, wave)| counted && within(wave, span) && !excused(wave)).count();
        let counts = Counts { found: pairs.len(), missed: marked_s.len() - pairs.len(), extra };
        Score { counts, errors_ms: pairs.iter().map(|(m, f)| 1000.0 * (found_s[*f] - marked_s[*m])).collect() }
    }))
}

/// In a lead of a record without any P mark: how many marked QRS have a QRS marked before them, and before how many of these we found a P.
pub fn p_without_marks(marked: &[Marked], ours: &[Wave]) -> (usize, usize) {
    let qrs: Vec<f64> = marked.iter().filter(|wave| wave.kind == Some(WaveKind::Qrs)).map(|wave| wave.peak_s).collect();
    let has_p = |pair: &&[f64]| {
        let mut p = ours.iter().filter(|wave| wave.kind == WaveKind::P);
        p.any(|wave| wave.onset_s > pair[0] && wave.offset_s <= pair[1])
    };
    (qrs.len().saturating_sub(1), qrs.windows(2).filter(has_p).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(kind: WaveKind, onset_s: f64, offset_s: f64) -> Marked {
        let peak_s = (onset_s + offset_s) / 2.0;
        Marked { kind: Some(kind), onset_s: Some(onset_s), peak_s, offset_s: Some(offset_s) }
    }

    fn ours(kind: WaveKind, onset_s: f64, offset_s: f64) -> Wave {
        Wave { kind, onset_s, peak_s: (onset_s + offset_s) / 2.0, offset_s, confidence: 1.0, beat: None }
    }

    fn counts(scores: &Scores) -> Vec<(usize, usize, usize)> {
        scores.0.iter().map(|score| (score.counts.found, score.counts.missed, score.counts.extra)).collect()
    }

    #[test]
    fn each_end_is_matched_with_its_own_kind() {
        let theirs = [marked(WaveKind::P, 1.0, 1.1), marked(WaveKind::Qrs, 1.2, 1.3), marked(WaveKind::T, 1.5, 1.7)];
        let found = [ours(WaveKind::P, 1.01, 1.09), ours(WaveKind::Qrs, 1.2, 1.5), ours(WaveKind::P, 1.45, 1.7)];
        let scores = score(&theirs, &found, true);
        assert_eq!(
            counts(&scores),
            [(1, 0, 1), (1, 0, 1), (1, 0, 0), (0, 1, 1), (0, 1, 0), (0, 1, 0)],
            "the second P is false, the QRS ends 200 ms late, T is missed"
        );
        assert!((scores.0[0].errors_ms[0] - 10.0).abs() < 1e-6 && (scores.0[1].errors_ms[0] + 10.0).abs() < 1e-6);
        let without = score(&theirs, &found, false);
        assert_eq!(counts(&without)[..2], [(1, 0, 0), (1, 0, 0)]);
    }

    #[test]
    fn only_the_marked_span_counts() {
        let theirs = [marked(WaveKind::Qrs, 1.0, 1.1), marked(WaveKind::T, 1.3, 1.5)];
        let found = [
            ours(WaveKind::Qrs, 0.1, 0.2),
            ours(WaveKind::P, 0.9, 1.0),
            ours(WaveKind::Qrs, 0.99, 1.1),
            ours(WaveKind::T, 1.3, 1.52),
            ours(WaveKind::P, 1.6, 1.7),
        ];
        let scores = score(&theirs, &found, true);
        assert_eq!(counts(&scores), [(0, 0, 0), (0, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)]);
        assert_eq!(scores.mean_f1(), Some(1.0));
        assert_eq!(score(&[], &found, true), Scores::default());
    }

    #[test]
    fn an_end_that_is_not_marked_is_neither_missed_nor_false() {
        let open = Marked { onset_s: None, ..marked(WaveKind::T, 1.3, 1.5) };
        let theirs = [marked(WaveKind::Qrs, 1.0, 1.1), open, marked(WaveKind::Qrs, 2.0, 2.1)];
        let found = [ours(WaveKind::T, 1.28, 1.5), ours(WaveKind::T, 1.75, 1.9)];
        let scores = score(&theirs, &found, true);
        assert_eq!(counts(&scores)[4..], [(0, 0, 1), (1, 0, 1)]);
    }

    #[test]
    fn a_p_where_none_is_marked_is_counted_a_beat() {
        let theirs = [1.0, 1.9, 2.8].map(|at| marked(WaveKind::Qrs, at, at + 0.1));
        let found = [ours(WaveKind::P, 1.5, 1.6), ours(WaveKind::P, 1.65, 1.7), ours(WaveKind::P, 2.9, 3.0)];
        assert_eq!(p_without_marks(&theirs, &found), (2, 1));
        assert_eq!(p_without_marks(&[], &found), (0, 0));
    }
}
