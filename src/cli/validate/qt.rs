//! Scores waves against `q1c` of QTDB: marks of a person who looked at both leads, so that one mark stands for both and the better lead is scored
//! (Laguna 1997; as Martínez 2004 and others do).
//!
//! Only some beats of a record are marked, so nothing of ours counts as false here; what is not matched within 150 ms is not found.

use super::super::marks::Marked;
use super::pairing::pairs;
use super::point::{Place, Point};
use super::statistics::{deviation, mean, ratio};
use crate::analysis::{Wave, WaveKind};

/// The points that `q1c` has; R has another meaning with each author and is left out.
pub const POINTS: [Point; 8] = [
    Point::new(WaveKind::P, Place::Onset),
    Point::new(WaveKind::P, Place::Peak),
    Point::new(WaveKind::P, Place::Offset),
    Point::new(WaveKind::Qrs, Place::Onset),
    Point::new(WaveKind::Qrs, Place::Offset),
    Point::new(WaveKind::T, Place::Onset),
    Point::new(WaveKind::T, Place::Peak),
    Point::new(WaveKind::T, Place::Offset),
];

/// A lead may be the better one if it finds this share of what the lead that finds most finds: else one lucky match would win.
const FINDS: f64 = 0.9;

/// A record's score of one point, in its better lead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    pub marked: usize,
    /// Ours − theirs of each match, ms.
    pub errors_ms: Vec<f64>,
}

/// Ours − theirs of each match, ms.
fn errors_ms(marked_s: &[f64], ours: &[Wave], point: Point) -> Vec<f64> {
    let found_s: Vec<f64> =
        ours.iter().filter(|wave| wave.kind == point.kind).map(|wave| point.of_wave(wave)).collect();
    pairs(marked_s, &found_s).iter().map(|(m, f)| 1000.0 * (found_s[*f] - marked_s[*m])).collect()
}

/// Scores each point in its better lead: the smaller mean error (without sign), then the smaller SD. `leads` holds our waves lead by lead.
pub fn score(marked: &[Marked], leads: &[Vec<Wave>]) -> [Score; POINTS.len()] {
    POINTS.map(|point| {
        let theirs = marked.iter().filter(|wave| wave.kind == Some(point.kind));
        let marked_s: Vec<f64> = theirs.filter_map(|wave| point.of_marked(wave)).collect();
        let all: Vec<Vec<f64>> = leads.iter().map(|ours| errors_ms(&marked_s, ours, point)).collect();
        let most = all.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let order = |errors: &Vec<f64>| {
            (mean(errors).map_or(f64::INFINITY, f64::abs), deviation(errors).unwrap_or(f64::INFINITY))
        };
        let better = all.into_iter().filter(|errors| errors.len() as f64 >= FINDS * most).min_by(|a, b| {
            let (a, b) = (order(a), order(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        Score { marked: marked_s.len(), errors_ms: better.unwrap_or_default() }
    })
}

/// One point over all records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Records with a match.
    pub records: usize,
    pub marked: usize,
    pub found: usize,
    /// Share of the marked that is found.
    pub share: Option<f64>,
    /// Mean of all errors, ms.
    pub mean_ms: Option<f64>,
    /// Mean of the records' SDs, ms.
    pub within_ms: Option<f64>,
    /// SD of the records' means, ms.
    pub between_ms: Option<f64>,
    /// SD of all errors, ms.
    pub overall_ms: Option<f64>,
}

/// Of the records' scores of one point.
pub fn summary<'a>(scores: impl Iterator<Item = &'a Score> + Clone) -> Summary {
    let all: Vec<f64> = scores.clone().flat_map(|score| score.errors_ms.iter().copied()).collect();
    let means: Vec<f64> = scores.clone().filter_map(|score| mean(&score.errors_ms)).collect();
    let deviations: Vec<f64> = scores.clone().filter_map(|score| deviation(&score.errors_ms)).collect();
    let marked = scores.map(|score| score.marked).sum();
    Summary {
        records: means.len(),
        marked,
        found: all.len(),
        share: ratio(all.len(), marked),
        mean_ms: mean(&all),
        within_ms: mean(&deviations),
        between_ms: deviation(&means),
        overall_ms: deviation(&all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T_END: usize = 7;

    fn t(offset_s: f64) -> Marked {
        Marked { kind: Some(WaveKind::T), onset_s: None, peak_s: offset_s - 0.1, offset_s: Some(offset_s) }
    }

    fn ours(ends_s: &[f64]) -> Vec<Wave> {
        let wave = |offset_s: &f64| Wave {
            kind: WaveKind::T,
            onset_s: offset_s - 0.2,
            peak_s: offset_s - 0.1,
            offset_s: *offset_s,
            confidence: 1.0,
            beat: None,
        };
        ends_s.iter().map(wave).collect()
    }

    #[test]
    fn the_better_lead_is_scored_but_not_for_one_lucky_match() {
        let marked = [t(1.0), t(2.0), t(3.0)];
        let leads = [ours(&[1.02, 2.02, 3.02]), ours(&[1.01, 2.01, 3.01, 5.0]), ours(&[1.0])];
        let scores = score(&marked, &leads);
        assert_eq!(scores[T_END].marked, 3);
        assert_eq!(scores[T_END].errors_ms.iter().map(|error| error.round()).collect::<Vec<_>>(), [10.0; 3]);
        assert_eq!(scores[5], Score::default(), "no T onset is marked");
        assert!(score(&marked, &[])[T_END].errors_ms.is_empty());
    }

    #[test]
    fn spreads_within_and_between_records() {
        let one = Score { marked: 4, errors_ms: vec![8.0, 10.0, 12.0] };
        let two = Score { marked: 3, errors_ms: vec![-12.0, -10.0, -8.0] };
        let none = Score { marked: 3, errors_ms: Vec::new() };
        let sum = summary([&one, &two, &none].into_iter());
        assert_eq!((sum.records, sum.marked, sum.found, sum.share), (2, 10, 6, Some(0.6)));
        assert_eq!((sum.mean_ms, sum.within_ms), (Some(0.0), Some(2.0)));
        assert!((sum.between_ms.unwrap() - 200f64.sqrt()).abs() < 1e-9 && sum.overall_ms.unwrap() > 10.0);
    }
}
