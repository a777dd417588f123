//! The QT family: QTc by Fridericia, JTc where the QRS is wide, T alternans; and why there is no result.
//!
//! Lines: AHA IV 2009 (Rautaharju): long from 450 ms in men and 460 in women, 500 high risk; ESC 2022 for 320 and 360 (AHA IV's 390 is not used: with Fridericia 12 % of normal records lie below it). Within 10 ms
//! of the line the statement is borderline (own rule: one person's QTc moves by more than that by itself).

use super::case::Case;
use super::check::{Check, MS, MV, Verdict};
use super::facts::Facts;
use super::judge::intervals::rr_s;
use super::judge::rhythm::paced;
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Sex;
use crate::measure::Measured;

const QT: &[Condition] = &[Condition::Qt];
const AHA: &str = "AHA/ACCF/HRS IV 2009 (Rautaharju): QTc ≥ 450 ms men, ≥ 460 ms women; Fridericia 1920";
// AHA IV asks for JT where the QRS is wide but gives no limit: the lines are QTc's less a usual QRS of 100 ms (unverified)
const JT: &str = "AHA/ACCF/HRS IV 2009: JT where QRS ≥ 120 ms; limits are QTc's less 100 ms, ours";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("qt.very_long", AHA, QT, very_long),
    Rule::new("qt.long", AHA, QT, long),
    Rule::new("qt.borderline", AHA, QT, borderline),
    Rule::new("qt.jt_long", JT, QT, jt),
    Rule::new("qt.short", "ESC 2022 on ventricular arrhythmias: QTc ≤ 360, ≤ 320 ms (short-QT syndrome)", QT, short),
    Rule::new("qt.t_alternans", "T differs every other beat by more than 0.05 mV (our limit)", QT, alternans),
    Rule::new(
        "qt.no_result",
        "own rule: T end, T-U, RR differing by more than 20 % with fewer than 10 beats",
        QT,
        no_result,
    ),
];

/// High risk, ms.
const VERY_LONG_MS: f64 = 500.0;
/// A QRS from here on makes QT long by itself, ms.
const WIDE_MS: f64 = 120.0;

/// Short from here down, ms.
const SHORT_MS: f64 = 360.0;

/// Line of the sex; unknown: the higher one must be passed.
fn line(sex: Option<Sex>) -> (f64, &'static str) {
    match sex {
        Some(Sex::Male) => (450.0, ""),
        Some(Sex::Female) => (460.0, ""),
        None => (460.0, "sex unknown: line of women"),
    }
}

/// QTc is long from here on, ms.
pub(super) fn line_ms(sex: Option<Sex>) -> f64 {
    line(sex).0
}

/// Why QTc says nothing here although it was measured.
fn unsteady(facts: &Facts) -> Option<String> {
    let rr_s = rr_s(facts, facts.beats);
    let (low, high) = rr_s.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), rr| (low.min(*rr), high.max(*rr)));
    let mean = super::judge::intervals::mean(&rr_s)?;
    let spread = 100.0 * (high - low) / mean;
    let beats = facts.beats.len();
    (spread > 20.0 && beats < 10).then(|| format!("RR differ by {spread:.0} % (> 20 %) with {beats} beats (< 10)"))
}

fn qtc_ms(case: &Case) -> Option<f64> {
    let qtc_ms = case.facts.measurements.qtc_fridericia_ms.value()?;
    (!case.paced && unsteady(case.facts).is_none()).then_some(qtc_ms)
}

fn narrow(case: &Case) -> bool {
    case.qrs_ms().is_none_or(|qrs_ms| qrs_ms < WIDE_MS)
}

/// How far the corrected QT (JT where the QRS is wide) lies beyond the nearest line, ms, negative within, with the value against that line in
/// words; or why it is not judged. The lines are those of the rules above.
pub fn beyond(facts: &Facts) -> Result<(f64, String), String> {
    let measured = facts.measurements;
    if !facts.adult() {
        return Err("no limits for children are held".to_owned());
    }
    if paced(facts) {
        return Err("paced beats".to_owned());
    }
    if let Some(reason) = unsteady(facts) {
        return Err(reason);
    }
    let qtc_ms = match &measured.qtc_fridericia_ms {
        Measured::NoResult { reason } => return Err(reason.to_string()),
        other => other.value().ok_or_else(|| "not measured".to_owned())?,
    };
    let (long, note) = line(facts.sex);
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    if let Some(qrs_ms) = measured.qrs_ms.value().filter(|qrs_ms| *qrs_ms >= WIDE_MS) {
        let (jtc_ms, line) = (qtc_ms - qrs_ms, long - 100.0);
        return Ok((jtc_ms - line, format!("JTc {jtc_ms:.0} ms against {line:.0} ms{note}, QRS {qrs_ms:.0} ms")));
    }
    let (over, under) = (qtc_ms - long, SHORT_MS - qtc_ms);
    if over >= under {
        return Ok((over, format!("QTcF {qtc_ms:.0} ms against {long:.0} ms{note}")));
    }
    Ok((under, format!("QTcF {qtc_ms:.0} ms against the short line of {SHORT_MS:.0} ms")))
}

/// How it was measured, beside the value.
fn method(case: &Case, note: &str) -> String {
    let measured = case.facts.measurements;
    let qt = measured.qt_ms.value().map_or(String::new(), |qt| format!("QT {qt:.0} ms"));
    let rate = measured.heart_rate_bpm.value().map_or(String::new(), |rate| format!(" at {rate:.0}/min"));
    let outside = measured.heart_rate_bpm.value().is_some_and(|rate| !(50.0..=100.0).contains(&rate));
    let far = if outside { "; far from 60/min every correction is uncertain" } else { "" };
    let note = if note.is_empty() { String::new() } else { format!("; {note}") };
    format!("{qt}{rate}, Fridericia{note}{far}")
}

fn very_long(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(qtc_ms) = qtc_ms(case).filter(|_| narrow(case)) else { return Vec::new() };
    Verdict::all([Check::at_least("QTcF", qtc_ms, VERY_LONG_MS, MS)]).map_or(Vec::new(), |verdict| {
        let statement = format!("Very long QTc {qtc_ms:.0} ms");
        vec![rule.finding(statement, verdict.and(&method(case, "")).words).level(RiskLevel::High)]
    })
}

fn long(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(qtc_ms) = qtc_ms(case).filter(|qtc_ms| narrow(case) && *qtc_ms < VERY_LONG_MS) else { return Vec::new() };
    let (line, note) = line(case.facts.sex);
    Verdict::all([Check::at_least("QTcF", qtc_ms, line, MS)]).map_or(Vec::new(), |verdict| {
        let (sure, statement) = (verdict.sure, format!("Long QTc {qtc_ms:.0} ms"));
        let words = verdict.and(&method(case, note)).words;
        vec![rule.finding(statement, words).level(RiskLevel::Moderate).sure(sure)]
    })
}

/// Just under the line.
fn borderline(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(qtc_ms) = qtc_ms(case).filter(|_| narrow(case)) else { return Vec::new() };
    let (line, note) = line(case.facts.sex);
    if qtc_ms >= line || qtc_ms < line - 10.0 {
        return Vec::new();
    }
    let words = format!("QTcF {qtc_ms:.0} ms within 10 ms under {line:.0} ms; {}", method(case, note));
    vec![rule.finding(format!("QTc {qtc_ms:.0} ms, borderline"), words).sure(Certainty::Borderline)]
}

/// QTc − QRS where the QRS is wide.
fn jt(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Some(qtc_ms), Some(qrs_ms)) = (qtc_ms(case), case.qrs_ms()) else { return Vec::new() };
    let (line, note) = line(case.facts.sex);
    let jtc_ms = qtc_ms - qrs_ms;
    let verdict = Verdict::all([
        Check { near: false, ..Check::at_least("QRS", qrs_ms, WIDE_MS, MS) },
        Check::at_least("JTc", jtc_ms, line - 100.0, MS),
    ]);
    verdict.map_or(Vec::new(), |verdict| {
        let level = if jtc_ms >= VERY_LONG_MS - 100.0 { RiskLevel::High } else { RiskLevel::Moderate };
        let words = verdict.and(&format!("QTcF {qtc_ms:.0} ms; {}", method(case, note))).words;
        let statement = format!("Long JTc {jtc_ms:.0} ms with wide QRS");
        vec![rule.finding(statement, words).level(level).sure(Certainty::Review)]
    })
}

fn short(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(qtc_ms) = qtc_ms(case) else { return Vec::new() };
    let limit = if qtc_ms <= 320.0 { 320.0 } else { SHORT_MS };
    Verdict::all([Check::at_most("QTcF", qtc_ms, limit, MS)]).map_or(Vec::new(), |verdict| {
        let (sure, words) =
            (verdict.sure, format!("Short QTc {qtc_ms:.0} ms: consider short-QT syndrome with history"));
        vec![rule.finding(words, verdict.and(&method(case, "")).words).level(RiskLevel::Moderate).sure(sure)]
    })
}

fn alternans(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(difference_mv) = case.facts.measurements.t_alternans_mv.value() else { return Vec::new() };
    Verdict::all([Check::above("T of even and odd beats differs by", difference_mv, 0.05, MV)]).map_or(
        Vec::new(),
        |verdict| {
            let statement = "T differs every other beat: consider T alternans";
            // wander of every other beat looks like it: urgent only beside a QT beyond its line
            let abnormal = beyond(case.facts).is_ok_and(|(beyond_ms, _)| beyond_ms >= 0.0);
            let level = if abnormal { RiskLevel::Moderate } else { RiskLevel::Low };
            vec![rule.finding(statement, verdict.words).level(level).sure(Certainty::Review)]
        },
    )
}

/// QT that is not given is said to be not given.
fn no_result(rule: &Rule, case: &Case) -> Vec<Finding> {
    let measured = case.facts.measurements;
    if case.paced {
        return Vec::new(); // said with the paced rhythm
    }
    let reason = match (&measured.qt_ms, &measured.qtc_fridericia_ms) {
        (Measured::NoResult { reason }, _) | (_, Measured::NoResult { reason }) => Some(reason.to_string()),
        _ => unsteady(case.facts),
    };
    // without a rate nothing was measured: the rhythm family says so once
    let rate = measured.heart_rate_bpm.value();
    reason
        .filter(|_| rate.is_some())
        .map_or(Vec::new(), |reason| vec![rule.finding("No result for QT", reason).sure(Certainty::Review)])
}
