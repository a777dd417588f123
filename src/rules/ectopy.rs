//! The ectopy family: premature beats, their runs and patterns, from the classes of the beats.
//!
//! Usual definitions: couplet two, run three or more; non-sustained under 30 s (Chinese consensus on ventricular arrhythmia 2020, ESC 2022); burden
//! above 10 % (Fiorina 2022). Levels of couplets and of trigeminy are our choice.

use super::case::Case;
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Span;
use crate::measure::{Beat, BeatClass};

const ARRHYTHMIA: &[Condition] = &[Condition::Arrhythmia];
const RUNS: &str = "ESC 2022 and Chinese consensus 2020: three or more ventricular beats, > 100/min, 30 s";
const PATTERN: &str = "every 2nd, 3rd or 4th beat ectopic, three cycles running (common definition, no single source)";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("ectopy.ventricular_run", RUNS, ARRHYTHMIA, runs),
    Rule::new(
        "ectopy.r_on_t",
        "onset before the end of T: critical-value list of Zhejiang (with long QT)",
        ARRHYTHMIA,
        r_on_t,
    ),
    Rule::new("ectopy.couplet", "two ventricular beats in a row (common definition)", ARRHYTHMIA, couplets),
    Rule::new("ectopy.pattern", PATTERN, ARRHYTHMIA, pattern),
    Rule::new(
        "ectopy.burden",
        "more than 10 % of beats: Fiorina 2022; over at least 60 s (our choice)",
        ARRHYTHMIA,
        burden,
    ),
    Rule::new("ectopy.pvc", "early, wide, of another shape: classes of the beats", ARRHYTHMIA, ventricular),
    Rule::new("ectopy.pac", "early, of the dominant shape: classes of the beats", ARRHYTHMIA, supraventricular),
    Rule::new("ectopy.pac_blocked", "early P without QRS (common definition, no single source)", ARRHYTHMIA, blocked),
];

fn ventricular_beat(beat: &Beat) -> bool {
    beat.class == BeatClass::VentricularEctopic
}

/// Runs of ventricular beats: first and last beat.
fn series(case: &Case) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (index, _) in case.facts.beats.iter().enumerate().filter(|(_, beat)| ventricular_beat(beat)) {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == index => *last = index,
            _ => out.push((index, index)),
        }
    }
    let blind = |run: &(usize, usize)| {
        let span = span(case, *run);
        case.facts.signal.blind.iter().any(|hidden| hidden.overlaps(&span))
    };
    out.retain(|run| !blind(run));
    out
}

fn span(case: &Case, (first, last): (usize, usize)) -> Span {
    let beats = case.facts.beats;
    let of = |index: usize| case.facts.waves.beats.get(index).and_then(|waves| waves.qrs);
    let start = of(first).map_or(beats[first].r_s - 0.1, |qrs| qrs.onset_s);
    let end = of(last).map_or(beats[last].r_s + 0.1, |qrs| qrs.offset_s);
    Span::new(start.min(beats[first].r_s), end.max(beats[last].r_s))
}

/// More places than this are told by the first ones.
const TOLD: usize = 20;

fn runs(rule: &Rule, case: &Case) -> Vec<Finding> {
    let beats = case.facts.beats;
    let long: Vec<(usize, usize)> = series(case).into_iter().filter(|(first, last)| last - first >= 2).collect();
    let more = if long.len() > TOLD { format!("; the first {TOLD} of {} runs", long.len()) } else { String::new() };
    long.iter()
        .take(TOLD)
        .map(|(first, last)| {
            let place = span(case, (*first, *last));
            let between_s = beats[*last].r_s - beats[*first].r_s;
            let (count, rate) = (last - first + 1, 60.0 * (last - first) as f64 / between_s.max(0.01));
            // a run from the first to the last beat may have begun before and go on after: its length is not known
            let throughout = *first == 0 && last + 1 == beats.len();
            let sustained = throughout || place.duration_s() >= 30.0;
            let (words, level) = match (rate > 100.0, sustained) {
                (true, true) => {
                    let name =
                        if throughout { "Ventricular beats throughout" } else { "Sustained run of ventricular beats" };
                    (name, if rate >= 150.0 { RiskLevel::Critical } else { RiskLevel::High })
                }
                (true, false) => ("Run of ventricular beats, not sustained", RiskLevel::High),
                (false, _) if rate > 40.0 => ("Accelerated ventricular rhythm", RiskLevel::Moderate),
                (false, _) => ("Slow ventricular rhythm", RiskLevel::Moderate),
            };
            let statement = format!("{words}: {count} beats, {rate:.0}/min, at {:.1} s", place.start_s);
            let length = place.duration_s();
            let evidence = format!("{count} ≥ 3 in a row; {rate:.0}/min (line 100); {length:.1} s (line 30 s){more}");
            let near = (rate - 100.0).abs() < 2.0;
            let sure = if near { Certainty::Borderline } else { Certainty::Met };
            rule.finding(statement, evidence).at(Some(place)).level(level).sure(sure)
        })
        .collect()
}

fn couplets(rule: &Rule, case: &Case) -> Vec<Finding> {
    let pairs: Vec<(usize, usize)> = series(case).into_iter().filter(|(first, last)| last - first == 1).collect();
    let Some(first) = pairs.first() else { return Vec::new() };
    let place = span(case, *first);
    let statement = format!("Ventricular couplet at {:.1} s", place.start_s);
    let evidence = format!("two ventricular beats in a row, {} in the record", times(pairs.len()));
    vec![rule.finding(statement, evidence).at(Some(place)).level(RiskLevel::Moderate)]
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// R on T: with QTc of 500 ms or more critical; by itself our choice is Moderate.
fn r_on_t(rule: &Rule, case: &Case) -> Vec<Finding> {
    let waves = &case.facts.waves.beats;
    let early = |index: &usize| {
        let before = index.checked_sub(1).and_then(|before| waves.get(before)?.t).map(|t| t.offset_s);
        let onset = waves.get(*index).and_then(|waves| waves.qrs).map(|qrs| qrs.onset_s);
        matches!((before, onset), (Some(end), Some(onset)) if onset < end)
    };
    let mut found = series(case).into_iter().map(|(first, _)| first).filter(early);
    let Some(first) = found.next() else { return Vec::new() };
    let count = 1 + found.count();
    let qtc = case.facts.measurements.qtc_fridericia_ms.value();
    let long = qtc.is_some_and(|qtc| qtc >= 500.0);
    let place = span(case, (first, first));
    let told = qtc.map_or(String::new(), |qtc| format!("; QTcF {qtc:.0} ms (with ≥ 500 critical)"));
    let evidence = format!("QRS onset before the end of the T before, {}{told}", times(count));
    let level = if long { RiskLevel::Critical } else { RiskLevel::Moderate };
    vec![
        rule.finding(format!("Ventricular beat on T at {:.1} s", place.start_s), evidence).at(Some(place)).level(level),
    ]
}

/// Bigeminy, trigeminy, quadrigeminy: the first, shortest period that holds for three cycles.
fn pattern(rule: &Rule, case: &Case) -> Vec<Finding> {
    let classes: Vec<bool> = case.facts.beats.iter().map(ventricular_beat).collect();
    let repeats = |period: usize| {
        let length = 3 * period;
        let cycle = |at: usize| {
            classes[at..at + length].iter().enumerate().all(|(place, v)| *v == (place % period == period - 1))
        };
        (0..(classes.len() + 1).saturating_sub(length)).find(|at| cycle(*at)).map(|at| (at, at + length - 1))
    };
    let names = [(2, "bigeminy"), (3, "trigeminy"), (4, "quadrigeminy")];
    let found = names.into_iter().find_map(|(period, name)| Some((period, name, repeats(period)?)));
    found.map_or(Vec::new(), |(period, name, run)| {
        let place = span(case, run);
        let evidence = format!("one of every {period} beats ventricular for 3 cycles from {:.1} s", place.start_s);
        let level = if period < 4 { RiskLevel::Moderate } else { RiskLevel::Low };
        vec![rule.finding(format!("Ventricular {name}"), evidence).at(Some(place)).level(level)]
    })
}

fn burden(rule: &Rule, case: &Case) -> Vec<Finding> {
    let beats = case.facts.beats;
    let long = beats.first().zip(beats.last()).is_some_and(|(first, last)| last.r_s - first.r_s >= 60.0);
    let count = beats.iter().filter(|beat| ventricular_beat(beat)).count();
    let percent = 100.0 * count as f64 / beats.len().max(1) as f64;
    if !long || percent <= 10.0 {
        return Vec::new();
    }
    let evidence = format!("{count} of {} beats ventricular, {percent:.1} % > 10 %", beats.len());
    vec![rule.finding("High share of premature ventricular beats", evidence).level(RiskLevel::Moderate)]
}

fn ventricular(rule: &Rule, case: &Case) -> Vec<Finding> {
    single(rule, case, series(case), "Premature ventricular beat")
}

fn supraventricular(rule: &Rule, case: &Case) -> Vec<Finding> {
    // in fibrillation and flutter no beat is early
    if case.atria_without_p() {
        return Vec::new();
    }
    let early = |beat: &Beat| beat.class == BeatClass::SupraventricularEctopic;
    let found = case.facts.beats.iter().enumerate().filter(|(_, beat)| early(beat)).map(|(index, _)| (index, index));
    single(rule, case, found.collect(), "Premature supraventricular beat")
}

fn single(rule: &Rule, case: &Case, found: Vec<(usize, usize)>, words: &str) -> Vec<Finding> {
    let Some(first) = found.first() else { return Vec::new() };
    let place = span(case, (first.0, first.0));
    let count: usize = found.iter().map(|(first, last)| last - first + 1).sum();
    let statement = match count {
        1 => format!("{words} at {:.1} s", place.start_s),
        _ => format!("{words}s, the first at {:.1} s", place.start_s),
    };
    vec![rule.finding(statement, format!("{count} of {} beats", case.facts.beats.len())).at(Some(place))]
}

fn blocked(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(first) = case.atrial.early.first().filter(|_| !case.atria_without_p()) else { return Vec::new() };
    let evidence = format!("early P without QRS, {}", times(case.atrial.early.len()));
    let statement = format!("Consider a premature atrial beat that is not conducted, at {:.1} s", first.start_s);
    vec![rule.finding(statement, evidence).at(Some(*first)).sure(Certainty::Review)]
}
