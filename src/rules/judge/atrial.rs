//! Atria against ventricles: P waves that no QRS follows, and what they make of the conduction.
//!
//! Definitions of the 2018 ACC/AHA/HRS guideline on bradycardia (Kusumoto 2019). The tolerances (20 ms of PR, 20 % of PP) are ours: the smallest
//! change that a measuring program tells from noise.

use super::super::Certainty;
use super::super::facts::Facts;
use super::intervals::{irregular, mean, rr_s, steadiness};
use crate::ecg::Span;
use crate::measure::BeatClass;

/// Which block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Block {
    /// A P on time without a QRS; the type cannot be told.
    Untyped,
    /// PR grows until a P is not conducted.
    Wenckebach,
    /// Constant PR, then a P is not conducted.
    Mobitz,
    /// Every second P is conducted.
    TwoToOne,
    /// Two or more P in a row are not conducted.
    HighGrade,
    /// P and QRS are independent.
    Complete,
}

/// What the atria do.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in super::super) struct Atrial {
    /// The gravest block.
    pub block: Option<Found>,
    /// P waves that come early and are not conducted.
    pub early: Vec<Span>,
}

/// A block, where, and why.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Found {
    pub block: Block,
    pub span: Span,
    pub words: String,
    pub sure: Certainty,
}

/// Doubtful P are not counted.
const SURE: f32 = 0.5;
/// PR differs from this on, ms.
const PR_MS: f64 = 20.0;
/// A P within this share of the usual PP is on time.
const ON_TIME: f64 = 0.2;

/// Lone P waves between two beats.
struct Gap {
    before: usize,
    lone: usize,
    span: Span,
}

/// What the lone P waves say.
pub(in super::super) fn judge(facts: &Facts) -> Atrial {
    let lone: Vec<f64> =
        facts.waves.lone_p.iter().filter(|wave| wave.confidence >= SURE).map(|wave| wave.onset_s).collect();
    let conducted = facts.waves.beats.iter().filter_map(|waves| waves.p).map(|wave| wave.onset_s);
    let mut all_s: Vec<f64> = conducted.chain(lone.iter().copied()).filter(|at| at.is_finite()).collect();
    all_s.sort_by(f64::total_cmp);
    let Some((steady, usual_s)) = steadiness(&all_s).filter(|_| !lone.is_empty() && facts.beats.len() >= 3) else {
        return Atrial::default();
    };
    let since = |at: f64| all_s[..all_s.partition_point(|p| *p < at)].last().map_or(usual_s, |before| at - before);
    let (early, on_time): (Vec<f64>, Vec<f64>) =
        lone.into_iter().partition(|at| since(*at) < (1.0 - ON_TIME) * usual_s);
    let early = early.into_iter().map(|at| Span::new(at, at + 0.1)).collect();
    // waves that come at random are no atrial rhythm, and what they seem to say is not said
    let block = if 2.0 * steady < 1.0 { None } else { gravest(facts, &gaps(facts, &on_time), usual_s) };
    Atrial { block, early }
}

/// P before QRS over these beats: share of those that may have one, and scatter of PR, ms.
pub(in super::super) fn p_before(facts: &Facts, range: std::ops::Range<usize>) -> Option<(f64, Option<f64>)> {
    let waves = facts.waves.beats.get(range.clone())?;
    let beats = facts.beats.get(range)?;
    if !waves.iter().any(|waves| waves.qrs.is_some()) {
        return None; // no wave was looked for
    }
    let led = |class: BeatClass| !matches!(class, BeatClass::VentricularEctopic | BeatClass::Paced);
    let able: Vec<_> = beats.iter().zip(waves).filter(|(beat, _)| led(beat.class)).map(|(_, waves)| waves).collect();
    let pr_ms: Vec<f64> = able.iter().filter_map(|waves| waves.pr_ms()).filter(|pr| pr.is_finite()).collect();
    let share = able.iter().filter(|waves| waves.p.is_some()).count() as f64 / able.len().max(1) as f64;
    let sd = mean(&pr_ms)
        .filter(|_| pr_ms.len() >= 3)
        .map(|mean| (pr_ms.iter().map(|pr| (pr - mean).powi(2)).sum::<f64>() / (pr_ms.len() - 1) as f64).sqrt());
    (!able.is_empty()).then_some((share, sd))
}

fn gaps(facts: &Facts, lone: &[f64]) -> Vec<Gap> {
    let within = |span: &Span| lone.iter().filter(|at| span.contains(**at)).count();
    let spans = facts.beats.windows(2).map(|pair| Span::new(pair[0].r_s, pair[1].r_s)).enumerate();
    spans
        .map(|(before, span)| Gap { before, lone: within(&span), span })
        .filter(|gap| gap.lone > 0 && !facts.signal.blind.iter().any(|blind| blind.overlaps(&gap.span)))
        .collect()
}

fn pr_ms(facts: &Facts, beat: usize) -> Option<f64> {
    facts.waves.beats.get(beat).and_then(|waves| waves.pr_ms()).filter(|pr| pr.is_finite())
}

fn gravest(facts: &Facts, gaps: &[Gap], usual_s: f64) -> Option<Found> {
    if let Some(complete) = complete(facts, gaps, usual_s) {
        return Some(complete);
    }
    if let Some(gap) = gaps.iter().max_by_key(|gap| gap.lone).filter(|gap| gap.lone >= 2) {
        let words = format!("{} P in a row without QRS at {:.1} s", gap.lone, gap.span.start_s);
        return Some(Found { block: Block::HighGrade, span: gap.span, words, sure: Certainty::Met });
    }
    let runs = gaps.chunk_by(|a, b| b.before == a.before + 1);
    if let Some(run) = runs.filter(|run| run.len() >= 3).max_by_key(|run| run.len()) {
        let span = Span::new(run[0].span.start_s, run[run.len() - 1].span.end_s);
        let words = format!("one P without QRS between all {} beats", run.len() + 1);
        return Some(Found { block: Block::TwoToOne, span, words, sure: Certainty::Met });
    }
    // a group begins after the P that was dropped before
    let begins = std::iter::once(0).chain(gaps.iter().map(|gap| gap.before + 1));
    gaps.iter().zip(begins).map(|(gap, from)| dropped(facts, gap, from)).max_by_key(|found| found.block)
}

/// One P not conducted: PR before and after tell the type.
fn dropped(facts: &Facts, gap: &Gap, from: usize) -> Found {
    let mut before: Vec<f64> = (from..=gap.before).rev().map_while(|beat| pr_ms(facts, beat)).take(6).collect();
    before.reverse();
    let after = pr_ms(facts, gap.before + 1);
    let found = |block, words, sure| Found { block, span: gap.span, words, sure };
    if let (Some(after), [first, .., last]) = (after, &before[..]) {
        let spread = before.iter().copied().fold(f64::MIN, f64::max) - before.iter().copied().fold(f64::MAX, f64::min);
        let words = format!("PR {first:.0} to {last:.0} ms before the P without QRS, {after:.0} ms after it");
        if last - first >= PR_MS && last - after >= PR_MS {
            return found(Block::Wenckebach, words, Certainty::Met);
        }
        if spread <= PR_MS && (after - last).abs() <= PR_MS {
            return found(Block::Mobitz, words, Certainty::Met);
        }
        if last - after >= 2.0 * PR_MS {
            return found(Block::Wenckebach, words, Certainty::Review);
        }
    }
    let words = format!("one P on time without QRS at {:.1} s; PR around it tells no type", gap.span.start_s);
    found(Block::Untyped, words, Certainty::Review)
}

/// P and QRS independent: both regular, PR of every length, escape under 60/min, more P than QRS.
fn complete(facts: &Facts, gaps: &[Gap], usual_s: f64) -> Option<Found> {
    let rr_s = rr_s(facts, facts.beats);
    let rate = facts.measurements.heart_rate_bpm.value()?;
    let atrial = 60.0 / usual_s;
    let lone: usize = gaps.iter().map(|gap| gap.lone).sum();
    if rr_s.len() < 3 || irregular(&rr_s) || rate >= 60.0 || atrial < 1.1 * rate || lone < 2 {
        return None;
    }
    let pr: Vec<f64> = (0..facts.beats.len()).filter_map(|beat| pr_ms(facts, beat)).collect();
    let spread = pr.iter().copied().fold(f64::MIN, f64::max) - pr.iter().copied().fold(f64::MAX, f64::min);
    let (independent, sure) = match pr.len() {
        0..3 => (lone >= 3, Certainty::Review),
        3..5 => (spread > 100.0, Certainty::Review),
        _ => (spread > 100.0, Certainty::Met),
    };
    let told =
        if pr.len() < 3 { "no P leads a QRS".to_owned() } else { format!("PR differ by {spread:.0} ms (> 100)") };
    let (start, end) = (facts.beats.first()?.r_s, facts.beats.last()?.r_s);
    independent.then(|| Found {
        block: Block::Complete,
        span: Span::new(start, end),
        words: format!("P {atrial:.0}/min, QRS {rate:.0}/min < 60, both regular; {told}"),
        sure,
    })
}
