//! Beat detection against annotated recordings: a match lies within 150 ms (EC57), flutter of record 207 does not count.

use einthoven::ecg::{Recording, Span};
use einthoven::measure::detect_beats;
use einthoven::synth::{Kind, Spec, generate};

use crate::shared;

/// Half of the match window, s.
const WITHIN_S: f64 = 0.150;
/// Symbols of the annotation files that stand on a beat.
const BEATS: &str = "NLRBAaJSVrFejnE/fQ?";

#[derive(Debug, Default, Clone, Copy)]
struct Score {
    found: usize,
    missed: usize,
    extra: usize,
}

impl Score {
    fn add(&mut self, other: Score) {
        self.found += other.found;
        self.missed += other.missed;
        self.extra += other.extra;
    }

    fn sensitivity(&self) -> f64 {
        self.found as f64 / (self.found + self.missed) as f64
    }

    fn predictive_value(&self) -> f64 {
        self.found as f64 / (self.found + self.extra) as f64
    }
}

/// Pairs each true beat with the nearest detection, both in order.
fn score(truth: &[f64], detected: &[f64]) -> Score {
    let mut score = Score::default();
    let (mut t, mut d) = (0, 0);
    while t < truth.len() || d < detected.len() {
        let (Some(true_s), Some(found_s)) = (truth.get(t), detected.get(d)) else {
            score.missed += truth.len() - t;
            score.extra += detected.len() - d;
            break;
        };
        let apart = (found_s - true_s).abs();
        let next_is_nearer = detected.get(d + 1).is_some_and(|next| (next - true_s).abs() < apart);
        let other_is_nearer = truth.get(t + 1).is_some_and(|next| (found_s - next).abs() < apart);
        if apart <= WITHIN_S && !next_is_nearer && !other_is_nearer {
            score.found += 1;
            (t, d) = (t + 1, d + 1);
        } else if found_s < true_s || (apart <= WITHIN_S && next_is_nearer) {
            score.extra += 1;
            d += 1;
        } else {
            score.missed += 1;
            t += 1;
        }
    }
    score
}

fn detected(recording: &Recording) -> Vec<f64> {
    detect_beats(&recording.traces, &[]).iter().map(|beat| beat.r_s).collect()
}

#[test]
fn scoring_counts_each_beat_once() {
    let all = score(&[1.0, 2.0, 3.0], &[0.2, 1.1, 2.14, 2.2]);
    assert_eq!((all.found, all.missed, all.extra), (2, 1, 2));
}

/// Reached: 99.93 and 99.63 %.
#[test]
fn beats_of_the_arrhythmia_database() {
    let Some(folder) = shared::folder("mitdb") else { return };
    let mut all = Score::default();
    for name in shared::names(&folder, "RECORDS") {
        let recording = shared::record(&folder, &name);
        let marks = recording.annotations.iter().filter(|mark| &*mark.source == "atr");
        let mut truth = Vec::new();
        let mut flutter: Vec<Span> = Vec::new();
        for mark in marks {
            match &*mark.symbol {
                "[" => flutter.push(Span::new(mark.time_s - WITHIN_S, f64::INFINITY)),
                "]" => flutter.last_mut().expect("flutter began").end_s = mark.time_s + WITHIN_S,
                symbol if BEATS.contains(symbol) => truth.push(mark.time_s),
                _ => {}
            }
        }
        let counts = |time_s: &f64| !flutter.iter().any(|span| span.contains(*time_s));
        truth.retain(counts);
        let found: Vec<f64> = detected(&recording).into_iter().filter(counts).collect();
        let own = score(&truth, &found);
        println!("{name}: {own:?}");
        all.add(own);
    }
    let (sensitivity, predictive) = (all.sensitivity(), all.predictive_value());
    println!(
        "{all:?}: sensitivity {:.3} %, positive predictive value {:.3} %",
        100.0 * sensitivity,
        100.0 * predictive
    );
    assert!(all.found + all.missed > 52_000, "the whole half is read");
    assert!(sensitivity >= 0.9985 && predictive >= 0.9945, "{sensitivity} {predictive}");
}

/// Reached: all, and none besides. Truth: a beat marked in at least six leads, at the median time; from the first to the last mark.
#[test]
fn beats_of_twelve_leads() {
    let Some(folder) = shared::folder("ludb") else { return };
    let mut all = Score::default();
    for name in shared::names(&folder, "RECORDS") {
        let recording = shared::record(&folder, &name);
        let mut marks: Vec<f64> =
            recording.annotations.iter().filter(|mark| &*mark.symbol == "N").map(|mark| mark.time_s).collect();
        marks.sort_by(f64::total_cmp);
        let truth: Vec<f64> = marks
            .chunk_by(|one, next| next - one < WITHIN_S)
            .filter(|beat| beat.len() >= 6)
            .map(|beat| beat[beat.len() / 2])
            .collect();
        let (Some(first), Some(last)) = (truth.first(), truth.last()) else { panic!("{name}: no marks") };
        let inside = |time_s: &f64| first - WITHIN_S <= *time_s && *time_s <= last + WITHIN_S;
        let found: Vec<f64> = detected(&recording).into_iter().filter(inside).collect();
        all.add(score(&truth, &found));
    }
    println!("{all:?}");
    assert!(all.found + all.missed > 900, "the whole half is read");
    assert!(all.sensitivity() >= 0.998 && all.predictive_value() >= 0.998, "{all:?}");
}

/// Every rhythm of the generator, three seeds each, at three rates: AF, ectopic beats, pauses, pacing, VT, steep T waves.
/// A beat within 0.15 s of the record's ends may be cut.
#[test]
fn beats_of_every_synthetic_rhythm() {
    let mut broken = Vec::new();
    for kind in Kind::ALL {
        let mut all = Score::default();
        for (seed, rate_hz) in [(1, 500.0), (2, 250.0), (3, 1000.0)] {
            let made = generate(&Spec { rate_hz, ..kind.spec(seed) });
            let end_s = made.recording.duration_s() - WITHIN_S;
            let inside = |time_s: &f64| (WITHIN_S..end_s).contains(time_s);
            let truth: Vec<f64> = made.truth.r_s().into_iter().filter(inside).collect();
            let found: Vec<f64> = detected(&made.recording).into_iter().filter(inside).collect();
            let own = score(&truth, &found);
            if own.missed + own.extra > 0 {
                println!("{} at {rate_hz}/s: true {truth:.2?}, found {found:.2?}", kind.name());
            }
            all.add(own);
        }
        println!("{}: {all:?}", kind.name());
        if all.missed + all.extra > 0 {
            broken.push(format!("{}: {all:?}", kind.name()));
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
