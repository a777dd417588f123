//! The AV family: PR, and P waves that no QRS follows.
//!
//! Definitions: 2018 ACC/AHA/HRS guideline on bradycardia (Kusumoto 2019). Whether a block is new cannot be known from one record: third-degree and
//! high-grade block are taken for new.

use super::case::Case;
use super::check::{Check, MS, Verdict};
use super::judge::atrial::Block;
use super::judge::bundle::delta_leads;
use super::judge::rhythm::Rhythm;
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};

const CONDUCTION: &[Condition] = &[Condition::Conduction];
const BOTH: &[Condition] = &[Condition::Conduction, Condition::Arrhythmia];
const PR: &str = "PR 120 to 200 ms: AHA II 2007; 2018 ACC/AHA/HRS (marked from 300 ms)";
const BLOCK: &str = "2018 ACC/AHA/HRS guideline on bradycardia (Kusumoto 2019); critical-value list of Zhejiang";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("av.complete_block", BLOCK, BOTH, |rule, case| block(rule, case, Block::Complete)),
    Rule::new("av.high_grade_block", BLOCK, BOTH, |rule, case| block(rule, case, Block::HighGrade)),
    Rule::new("av.two_to_one_block", BLOCK, CONDUCTION, |rule, case| block(rule, case, Block::TwoToOne)),
    Rule::new("av.mobitz", BLOCK, CONDUCTION, |rule, case| block(rule, case, Block::Mobitz)),
    Rule::new("av.wenckebach", BLOCK, CONDUCTION, |rule, case| block(rule, case, Block::Wenckebach)),
    Rule::new("av.block_untyped", BLOCK, CONDUCTION, |rule, case| block(rule, case, Block::Untyped)),
    Rule::new("av.pr_marked", PR, CONDUCTION, |rule, case| long(rule, case, (300.0, f64::INFINITY))),
    Rule::new("av.pr_long", PR, CONDUCTION, |rule, case| long(rule, case, (200.0, 300.0))),
    Rule::new("av.pr_short", "PR below 120 ms without delta: AHA III 2009", CONDUCTION, short),
    Rule::new(
        "av.preexcitation",
        "PR < 120 ms, delta, QRS > 120 ms: AHA III 2009, WHO/ISFC 1985",
        CONDUCTION,
        preexcitation,
    ),
];

fn block(rule: &Rule, case: &Case, which: Block) -> Vec<Finding> {
    let found = case.atrial.block.as_ref().filter(|found| found.block == which && !case.atria_without_p());
    let Some(found) = found.filter(|_| !case.paced) else { return Vec::new() };
    let (statement, level) = match which {
        Block::Complete => ("Complete AV block: P and QRS independent", RiskLevel::Critical),
        Block::HighGrade => ("High-grade AV block: P in a row not conducted", RiskLevel::Critical),
        Block::TwoToOne => ("2:1 AV block: the type cannot be named", RiskLevel::High),
        Block::Mobitz => ("Second-degree AV block with constant PR (Mobitz II)", RiskLevel::High),
        Block::Wenckebach => ("Second-degree AV block with growing PR (Wenckebach)", RiskLevel::Moderate),
        Block::Untyped => ("P without QRS: consider second-degree AV block", RiskLevel::Moderate),
    };
    let new = level == RiskLevel::Critical;
    let words = if new { format!("{}; age unknown, taken for new", found.words) } else { found.words.clone() };
    vec![rule.finding(statement, words).at(Some(found.span)).level(level).sure(found.sure)]
}

/// PR speaks only where one P leads one QRS.
fn pr_ms(case: &Case) -> Option<f64> {
    let led = matches!(case.rhythm, Rhythm::Sinus(_) | Rhythm::Ectopic(_) | Rhythm::NarrowTachycardia(_));
    let one = case.atrial.block.is_none() && !case.atria_without_p() && !case.paced;
    case.facts.measurements.pr_ms.value().filter(|_| led && one)
}

fn long(rule: &Rule, case: &Case, (from, below): (f64, f64)) -> Vec<Finding> {
    let Some(pr_ms) = pr_ms(case).filter(|pr_ms| *pr_ms < below) else { return Vec::new() };
    let marked = from >= 300.0;
    let check = if marked { Check::at_least("PR", pr_ms, from, MS) } else { Check::above("PR", pr_ms, from, MS) };
    Verdict::all([check]).map_or(Vec::new(), |verdict| {
        let words = if marked { "Markedly long PR" } else { "Long PR" };
        let level = if marked { RiskLevel::Moderate } else { RiskLevel::Low };
        let statement = format!("{words} {pr_ms:.0} ms (first-degree AV block)");
        vec![rule.finding(statement, verdict.words).level(level).sure(verdict.sure)]
    })
}

fn short(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(pr_ms) = pr_ms(case).filter(|_| case.bundle.preexcited.is_none()) else { return Vec::new() };
    Verdict::all([Check::below("PR", pr_ms, 120.0, MS)]).map_or(Vec::new(), |verdict| {
        let told = case.qrs_ms().map_or(String::new(), |qrs_ms| format!("; QRS {qrs_ms:.0} ms"));
        let statement = format!("Short PR {pr_ms:.0} ms: look for a delta wave");
        vec![rule.finding(statement, format!("{}{told}", verdict.words)).sure(verdict.sure)]
    })
}

fn preexcitation(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(verdict) = case.bundle.preexcited.as_ref().filter(|_| pr_ms(case).is_some()) else { return Vec::new() };
    let statement = match verdict.sure {
        Certainty::Review => "Short PR with wide QRS: consider ventricular pre-excitation (look for a delta wave)",
        _ => "Consider ventricular pre-excitation: delta waves",
    };
    let leads = match verdict.sure {
        Certainty::Review => Vec::new(),
        _ => delta_leads(&case.leads).into_iter().cloned().collect(),
    };
    vec![rule.finding(statement, verdict.words.clone()).on(leads).level(RiskLevel::Moderate).sure(verdict.sure)]
}
