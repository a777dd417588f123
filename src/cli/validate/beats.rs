//! Scores beats against reference annotations after ANSI/AAMI EC57: a match lies within 150 ms; ventricular flutter (between `[` and `]`) does not
//! count. Unlike EC57's programs the first five minutes count too: nothing here learns on them.
//!
//! Ventricular ectopic beats (VEB): theirs are V, E and r; a beat of ours called so is false where theirs is of the normal or supraventricular
//! group or where there is none; fusion, paced and unclassifiable beats of theirs are neither.

use super::pairing::{WITHIN_S, pairs};
use super::statistics::Counts;
use crate::analysis::{Beat, BeatClass};
use crate::ecg::{Annotation, Span};

/// Symbols of annotation files that stand on a beat.
const BEATS: &str = "NLRBAaJSVrFejnE/fQ?";
const VENTRICULAR: &str = "VEr";
/// Fusion, paced, unclassifiable: in neither group.
const NEITHER: &str = "F/fQ?";

/// Reference beats of a record.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    beats: Vec<(f64, char)>,
    flutter: Vec<Span>,
    /// Beats of a pacemaker: EC57 leaves such records out of class scores.
    pub paced: bool,
}

/// A record's score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    pub qrs: Counts,
    pub veb: Counts,
    /// Did we give any beat a class?
    pub classified: bool,
}

/// Reference beats among the marks of one source.
pub fn reference<'a>(marks: impl Iterator<Item = &'a Annotation>) -> Reference {
    let mut reference = Reference::default();
    for mark in marks {
        match mark.symbol.chars().next() {
            Some('[') => reference.flutter.push(Span::new(mark.time_s - WITHIN_S, f64::INFINITY)),
            Some(']') => {
                if let Some(last) = reference.flutter.last_mut() {
                    last.end_s = mark.time_s + WITHIN_S;
                }
            }
            Some(symbol) if BEATS.contains(symbol) => {
                reference.paced |= symbol == '/';
                reference.beats.push((mark.time_s, symbol));
            }
            _ => {}
        }
    }
    reference
}

/// Scores one record.
pub fn score(reference: &Reference, beats: &[Beat]) -> Score {
    let counts = |time_s: f64| !reference.flutter.iter().any(|span| span.contains(time_s));
    let theirs: Vec<(f64, char)> = reference.beats.iter().copied().filter(|(time_s, _)| counts(*time_s)).collect();
    let ours: Vec<&Beat> = beats.iter().filter(|beat| counts(beat.r_s)).collect();
    let marked_s: Vec<f64> = theirs.iter().map(|(time_s, _)| *time_s).collect();
    let found_s: Vec<f64> = ours.iter().map(|beat| beat.r_s).collect();
    let pairs = pairs(&marked_s, &found_s);
    let found = pairs.len();
    let ventricular = |beat: &Beat| beat.class == BeatClass::VentricularEctopic;
    let mut veb = Counts::default();
    for (m, f) in &pairs {
        match (VENTRICULAR.contains(theirs[*m].1), ventricular(ours[*f])) {
            (true, true) => veb.found += 1,
            (false, true) if !NEITHER.contains(theirs[*m].1) => veb.extra += 1,
            _ => {}
        }
    }
    let matched = |index: usize| pairs.iter().any(|(_, f)| *f == index);
    veb.extra += ours.iter().enumerate().filter(|(index, beat)| ventricular(beat) && !matched(*index)).count();
    veb.missed = theirs.iter().filter(|(_, symbol)| VENTRICULAR.contains(*symbol)).count() - veb.found;
    Score {
        qrs: Counts { found, missed: theirs.len() - found, extra: ours.len() - found },
        veb,
        classified: beats.iter().any(|beat| beat.class != BeatClass::Unclassified),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(time_s: f64, symbol: &str) -> Annotation {
        Annotation {
            time_s,
            tick: 0,
            lead: None,
            symbol: symbol.into(),
            subtype: 0,
            channel: 0,
            number: 0,
            text: None,
            source: "atr".into(),
        }
    }

    fn beat(r_s: f64, class: BeatClass) -> Beat {
        Beat { r_s, class, confidence: 1.0 }
    }

    #[test]
    fn beats_and_ectopic_beats_are_counted() {
        let marks = [
            mark(0.1, "+"),
            mark(1.0, "N"),
            mark(2.0, "V"),
            mark(3.0, "V"),
            mark(4.0, "F"),
            mark(5.0, "A"),
            mark(6.0, "E"),
        ];
        use BeatClass::{Normal, VentricularEctopic as Veb};
        let ours = [
            beat(1.01, Normal),
            beat(2.1, Veb),
            beat(3.0, Normal),
            beat(4.0, Veb),
            beat(5.0, Veb),
            beat(5.5, Veb),
            beat(5.6, Normal),
        ];
        let score = score(&reference(marks.iter()), &ours);
        assert_eq!(score.qrs, Counts { found: 5, missed: 1, extra: 2 });
        assert_eq!(score.veb, Counts { found: 1, missed: 2, extra: 2 }, "the fusion beat is neither");
        assert!(score.classified);
    }

    #[test]
    fn flutter_does_not_count_and_pacing_is_seen() {
        let marks = [mark(1.0, "N"), mark(2.0, "["), mark(2.5, "!"), mark(4.0, "]"), mark(5.0, "/")];
        let reference = reference(marks.iter());
        let ours = [1.0, 1.9, 2.6, 3.3, 4.1, 5.0].map(|at| beat(at, BeatClass::Unclassified));
        let score = score(&reference, &ours);
        assert_eq!(score.qrs, Counts { found: 2, missed: 0, extra: 0 });
        assert!(reference.paced && !score.classified);
    }
}
