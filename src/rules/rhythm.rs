//! The rhythm family: what leads the heart, and how fast. Ectopic beats: `ectopy.rs`; AV block: `av.rs`; pauses: `rate.rs`.
//!
//! What is told by patterns across beats (ventricular fibrillation, flutter waves, P of several shapes) stands in `patterns.rs`. Flutter that is
//! conducted at a fixed ratio shows no waves of its own here: a regular narrow tachycardia near 150/min says to consider it.

use super::case::Case;
use super::check::{Check, MS, PER_MIN, Verdict};
use super::judge::fibrillation::Stretch;
use super::judge::intervals::rr_s;
use super::judge::rhythm::Rhythm;
use super::rate::{self, leveled};
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};

const ARRHYTHMIA: &[Condition] = &[Condition::Arrhythmia];
const SINUS: &str =
    "P axis 0 to 75°, P before each QRS: Surawicz & Knilans, Chou's Electrocardiography; shares are ours";
const BRADYCARDIA: &str = "label below 60/min; 2018 ACC/AHA/HRS: sinus bradycardia below 50/min; critical-value lists";
const FIBRILLATION: &str =
    "ESC 2020 and 2024: irregular RR, no distinct repeating P, 12-lead record or 30 s; 10 % of RR after Dash 2009";
const SVT: &str = "ESC 2019 on supraventricular tachycardia; critical-value lists from 150 and 180/min";
const WIDE: &str =
    "wide-QRS tachycardia is ventricular until shown otherwise: ESC 2022, ACLS; level after critical-value lists";
const ESCAPE: &str = "junctional 40 to 60, accelerated 60 to 100/min: common limits, no single source";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new(
        "rhythm.paced",
        "paced beats as marked by the beat classes",
        &[Condition::Arrhythmia, Condition::Other],
        paced,
    ),
    Rule::new("rhythm.sinus", SINUS, &[], |rule, case| {
        sinus(rule, case, "Sinus rhythm", |rate| (60.0..=100.0).contains(&rate))
    }),
    Rule::new("rhythm.sinus_bradycardia", BRADYCARDIA, ARRHYTHMIA, |rule, case| {
        sinus(rule, case, "Sinus bradycardia", |rate| rate < 60.0)
    }),
    Rule::new("rhythm.sinus_tachycardia", SINUS, ARRHYTHMIA, |rule, case| {
        sinus(rule, case, "Sinus tachycardia", |rate| rate > 100.0)
    }),
    // 120 and 160 ms are both in use: at 120 ms every fourth healthy record has it, and 160 ms misses none that PTB-XL's readers call so
    Rule::new(
        "rhythm.sinus_arrhythmia",
        "PP differ by more than 160 ms (common definition; 120 ms in Surawicz & Knilans)",
        &[],
        arrhythmia,
    ),
    Rule::new(
        "rhythm.ectopic_atrial",
        "P before QRS with an axis outside the sinus range (common definition, no single source)",
        ARRHYTHMIA,
        ectopic,
    ),
    Rule::new("rhythm.atrial_fibrillation", FIBRILLATION, ARRHYTHMIA, fibrillation),
    Rule::new("rhythm.narrow_tachycardia", SVT, ARRHYTHMIA, narrow),
    Rule::new("rhythm.wide_tachycardia", WIDE, ARRHYTHMIA, wide),
    Rule::new("rhythm.junctional", ESCAPE, ARRHYTHMIA, junctional),
    Rule::new(
        "rhythm.wide_escape",
        "regular, QRS ≥ 120 ms, no P, at most 100/min (common definition, no single source)",
        ARRHYTHMIA,
        escape,
    ),
    Rule::new("rhythm.unnamed", "own rule: a rhythm that fits no pattern is said to be unnamed", &[], unnamed),
];

fn rate(case: &Case) -> Option<f64> {
    case.facts.measurements.heart_rate_bpm.value()
}

fn paced(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Rhythm::Paced(verdict) = &case.rhythm else { return Vec::new() };
    let told = rate(case).map_or(String::new(), |rate| format!(", {rate:.0}/min"));
    let statement = format!("Paced rhythm{told}: axis, QRS, Q, LVH and QT are not judged");
    let least = rule.finding(statement, verdict.words.clone());
    vec![match rate(case) {
        Some(rate) => leveled(least, rate, RiskLevel::Low),
        None => least,
    }]
}

/// Where P are not conducted the rate is that of the ventricles, and says nothing of the sinus.
fn sinus(rule: &Rule, case: &Case, words: &str, band: impl Fn(f64) -> bool) -> Vec<Finding> {
    let dropped = case.atrial.block.is_some();
    let own = |rate: &f64| if dropped { rule.code == "rhythm.sinus" } else { band(*rate) };
    let (Rhythm::Sinus(verdict), Some(rate)) = (&case.rhythm, rate(case).filter(own)) else { return Vec::new() };
    let line = match rate {
        r if r < 60.0 => Some(Check::below("mean rate", r, 60.0, PER_MIN)),
        r if r > 100.0 => Some(Check::above("mean rate", r, 100.0, PER_MIN)),
        _ => None,
    };
    let level = rate::level(rate).filter(|_| line.is_some());
    if level.is_some() && !case.rhythm.tells_rate() {
        return Vec::new();
    }
    // the limit that gives the level is told; without one, the limit of the word
    let against = level.as_ref().map(|(.., check)| check.clone()).or(line);
    let near = against.as_ref().is_some_and(|check| check.near) && verdict.sure == Certainty::Met;
    let sure = if near { Certainty::Borderline } else { verdict.sure };
    let against = against.map_or_else(|| format!("mean rate {rate:.0}/min"), |check| check.words);
    let evidence = format!("{against}; {}", verdict.words);
    let statement = if dropped {
        format!("Sinus rhythm, ventricular rate {rate:.0}/min")
    } else {
        format!("{words}, {rate:.0}/min")
    };
    vec![rule.finding(statement, evidence).sure(sure).level(level.map_or(RiskLevel::Low, |(level, ..)| level))]
}

fn arrhythmia(rule: &Rule, case: &Case) -> Vec<Finding> {
    let rr_s = rr_s(case.facts, case.facts.beats);
    // a dropped or an early beat makes RR differ by itself
    if !case.rhythm.sinus() || case.atrial.block.is_some() || !case.atrial.early.is_empty() || rr_s.len() < 4 {
        return Vec::new();
    }
    if case.facts.beats.iter().any(|beat| beat.class == crate::measure::BeatClass::SupraventricularEctopic) {
        return Vec::new();
    }
    let (low, high) = rr_s.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), rr| (low.min(*rr), high.max(*rr)));
    let check = Check::above("longest − shortest RR", 1000.0 * (high - low), 160.0, MS);
    let words = "phase with breathing is not judged";
    Verdict::all([check]).map_or(Vec::new(), |verdict| {
        let verdict = verdict.and(words);
        vec![rule.finding("Sinus arrhythmia", verdict.words).sure(verdict.sure)]
    })
}

fn ectopic(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Rhythm::Ectopic(verdict), Some(rate)) = (&case.rhythm, rate(case)) else { return Vec::new() };
    let statement = format!("P of unusual axis, {rate:.0}/min: consider an ectopic atrial rhythm");
    vec![leveled(rule.finding(statement, verdict.words.clone()).sure(verdict.sure), rate, RiskLevel::Low)]
}

/// More stretches than this are told by the first ones.
const TOLD: usize = 20;

fn fibrillation(rule: &Rule, case: &Case) -> Vec<Finding> {
    let all = &case.fibrillation;
    let more = if all.len() > TOLD { format!("; the first {TOLD} of {} stretches", all.len()) } else { String::new() };
    all.iter().take(TOLD).map(|stretch| one_stretch(rule, case, stretch, &more)).collect()
}

fn one_stretch(rule: &Rule, case: &Case, stretch: &Stretch, more: &str) -> Finding {
    let rate = stretch.rate_bpm;
    let wide = case.qrs_ms().is_some_and(|qrs_ms| qrs_ms >= 120.0);
    let mut words = format!("ventricular rate {rate:.0}/min; {}{more}", stretch.words);
    let (statement, level) = if wide && rate > 150.0 {
        words = format!("shortest RR {:.0} ms (critical < 250); QRS ≥ 120 ms; {words}", stretch.shortest_ms);
        let level = if stretch.shortest_ms < 250.0 { RiskLevel::Critical } else { RiskLevel::High };
        let name =
            "Irregular wide-QRS tachycardia: consider atrial fibrillation with pre-excitation or bundle branch block";
        (format!("{name}, {rate:.0}/min"), level)
    } else {
        let response = match rate {
            r if r > 110.0 => ", rapid ventricular response",
            r if r < 60.0 => ", slow ventricular response",
            _ => "",
        };
        let level = if rate > 110.0 { RiskLevel::High } else { RiskLevel::Moderate };
        (format!("Consistent with atrial fibrillation{response}, {rate:.0}/min"), level)
    };
    let slow = rate::level(rate).map_or(RiskLevel::Low, |(level, ..)| level);
    let level = level.max(slow);
    let words = format!("{words}; whether it is new is not known");
    if stretch.enough {
        return rule.finding(statement, words).at(Some(stretch.span)).level(level);
    }
    let words = format!("{words}; {:.0} s of fewer than 12 leads (30 s are needed)", stretch.span.duration_s());
    rule.finding(format!("Irregular rhythm without repeating P, {rate:.0}/min"), words)
        .at(Some(stretch.span))
        .level(level)
        .sure(Certainty::Review)
}

fn narrow(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Rhythm::NarrowTachycardia(verdict), Some(rate)) = (&case.rhythm, rate(case)) else { return Vec::new() };
    let flutter = if (130.0..=170.0).contains(&rate) { "; consider atrial flutter with 2:1 conduction" } else { "" };
    let statement = format!("Narrow-QRS tachycardia without sinus P, {rate:.0}/min{flutter}");
    let finding = rule.finding(statement, verdict.words.clone()).sure(verdict.sure);
    vec![leveled(finding, rate, RiskLevel::Moderate)]
}

fn wide(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Rhythm::WideTachycardia(verdict), Some(rate)) = (&case.rhythm, rate(case)) else { return Vec::new() };
    let statement =
        format!("Wide-QRS tachycardia, {rate:.0}/min: consider ventricular tachycardia until shown otherwise");
    let finding = rule.finding(statement, verdict.words.clone()).sure(verdict.sure);
    vec![leveled(finding, rate, if rate >= 150.0 { RiskLevel::Critical } else { RiskLevel::High })]
}

fn junctional(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Rhythm::Junctional(verdict), Some(rate)) = (&case.rhythm, rate(case)) else { return Vec::new() };
    let kind = if rate > 60.0 { "accelerated junctional" } else { "junctional escape" };
    let block = if rate <= 60.0 { "; in atrial fibrillation consider complete AV block" } else { "" };
    let statement = format!("Regular narrow QRS without P, {rate:.0}/min: consider {kind} rhythm{block}");
    vec![leveled(rule.finding(statement, verdict.words.clone()).sure(verdict.sure), rate, RiskLevel::Moderate)]
}

fn escape(rule: &Rule, case: &Case) -> Vec<Finding> {
    let (Rhythm::WideEscape(verdict), Some(rate)) = (&case.rhythm, rate(case)) else { return Vec::new() };
    let kind = if rate > 40.0 { "accelerated ventricular" } else { "ventricular escape" };
    let statement = format!(
        "Regular wide QRS without P, {rate:.0}/min: consider {kind} rhythm, or junctional rhythm with bundle branch block"
    );
    vec![leveled(rule.finding(statement, verdict.words.clone()).sure(verdict.sure), rate, RiskLevel::Moderate)]
}

/// A rhythm that was not named is not Low by silence.
fn unnamed(rule: &Rule, case: &Case) -> Vec<Finding> {
    let why = match &case.rhythm {
        Rhythm::Unmeasured(why) | Rhythm::Unnamed(why) => why,
        _ => return Vec::new(),
    };
    // stretches of fibrillation in a long record, or a review of one, have been told; so has a ventricle without QRS
    let patterns = case.facts.patterns;
    if !case.fibrillation.is_empty() || !patterns.flutter.is_empty() || !patterns.no_qrs.is_empty() {
        return Vec::new();
    }
    let finding = rule.finding("Rhythm not named: to be read", why.clone());
    vec![finding.sure(Certainty::Review).level(RiskLevel::Indeterminate)]
}
