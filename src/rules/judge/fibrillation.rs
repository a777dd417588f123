//! Atrial fibrillation: RR irregular with no pattern, no distinct repeating P, over the whole twelve-lead record or 30 s of fewer leads
//! (ESC 2020, 2024). The numbers that stand for "irregular" and "no repeating P" are stated where they are used.

use super::super::facts::Facts;
use super::atrial::p_before;
use super::intervals::{irregular, irregularity, mean, patterned, rr_s, steadiness};
use super::patterns::multifocal;
use crate::ecg::Span;

/// Longer records are judged in windows of this length, s.
const WINDOW_S: f64 = 30.0;
/// Records up to this length are judged as a whole, s.
const WHOLE_S: f64 = 60.0;
/// Fewer intervals tell no irregularity (our choice).
const INTERVALS: usize = 6;
/// P before no more of the QRS than this is not a repeating P (our choice).
const P_SHARE: f64 = 0.5;
/// Nor is a P whose PR scatters by more than this, ms (our choice).
const PR_SD_MS: f64 = 40.0;

/// P at this share of steady intervals is an atrial rhythm (our choice).
const STEADY: f64 = 0.7;

/// A stretch of fibrillation.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Stretch {
    /// First to last beat.
    pub span: Span,
    /// Ventricular rate, /min.
    pub rate_bpm: f64,
    /// Shortest RR, ms.
    pub shortest_ms: f64,
    /// Irregularity and P, in words.
    pub words: String,
    /// Long enough, or of twelve leads?
    pub enough: bool,
}

/// Atria that beat steadily through every RR do not fibrillate, whatever their PR (Wenckebach, complete block).
fn steady(facts: &Facts, range: std::ops::Range<usize>) -> bool {
    let Some(beats) = facts.beats.get(range.clone()).filter(|beats| beats.len() >= 2) else { return false };
    let span = Span::new(beats[0].r_s, beats[beats.len() - 1].r_s);
    let lone = facts.waves.lone_p.iter().filter(|wave| wave.confidence >= 0.5 && span.contains(wave.onset_s));
    let conducted = facts.waves.beats.get(range).unwrap_or_default().iter().filter_map(|waves| waves.p.as_ref());
    let mut at_s: Vec<f64> = conducted.chain(lone).map(|wave| wave.onset_s).filter(|at| at.is_finite()).collect();
    at_s.sort_by(f64::total_cmp);
    steadiness(&at_s).is_some_and(|(share, _)| share >= STEADY)
}

/// Stretches of fibrillation, by time: not where the atria flutter, where P of several shapes lead, or where the ventricles change their shape.
pub(in super::super) fn judge(facts: &Facts, many_shapes: &[(usize, usize, usize)]) -> Vec<Stretch> {
    if multifocal(facts).is_some() {
        return Vec::new();
    }
    let beat_s = |beat: usize| facts.beats.get(beat).map_or(0.0, |beat| beat.r_s);
    let changing = many_shapes.iter().map(|(first, last, _)| Span::new(beat_s(*first), beat_s(*last)));
    let flutter = facts.patterns.flutter.iter().map(|stretch| stretch.span);
    let others: Vec<Span> = changing.chain(flutter).collect();
    let shared_s = |span: &Span| -> f64 {
        others.iter().filter_map(|other| other.intersection(span)).map(|part| part.duration_s()).sum()
    };
    let mut found = irregular_without_p(facts);
    found.retain(|stretch| 2.0 * shared_s(&stretch.span) < stretch.span.duration_s());
    found
}

fn irregular_without_p(facts: &Facts) -> Vec<Stretch> {
    let (Some(first), Some(last)) = (facts.beats.first(), facts.beats.last()) else { return Vec::new() };
    if last.r_s - first.r_s <= WHOLE_S {
        return judged(facts, 0..facts.beats.len()).into_iter().collect();
    }
    let (mut found, mut from): (Vec<Stretch>, usize) = (Vec::new(), 0);
    let mut joined: Option<std::ops::Range<usize>> = None;
    while from < facts.beats.len() {
        let end_s = facts.beats[from].r_s + WINDOW_S;
        let to = from + facts.beats[from..].partition_point(|beat| beat.r_s <= end_s).max(1);
        match (judged(facts, from..to).is_some(), joined.as_mut()) {
            (true, Some(range)) => range.end = to,
            (true, None) => joined = Some(from..to),
            (false, _) => found.extend(joined.take().and_then(|range| judged(facts, range))),
        }
        from = to;
    }
    found.extend(joined.and_then(|range| judged(facts, range)));
    found
}

fn judged(facts: &Facts, range: std::ops::Range<usize>) -> Option<Stretch> {
    let beats = facts.beats.get(range.clone())?;
    let rr_s = rr_s(facts, beats);
    let (share, pr_sd_ms) = p_before(facts, range.clone())?;
    let repeating = share > P_SHARE && (pr_sd_ms.is_none_or(|sd| sd <= PR_SD_MS) || steady(facts, range));
    if rr_s.len() < INTERVALS || repeating || !irregular(&rr_s) || patterned(&rr_s) {
        return None;
    }
    let span = Span::new(beats.first()?.r_s, beats.last()?.r_s);
    let scatter =
        pr_sd_ms.filter(|_| share > P_SHARE).map_or(String::new(), |sd| format!(", PR scattered by {sd:.0} ms"));
    Some(Stretch {
        span,
        rate_bpm: 60.0 / mean(&rr_s)?,
        shortest_ms: 1000.0 * rr_s.iter().copied().fold(f64::INFINITY, f64::min),
        words: format!(
            "RR differ from beat to beat by {:.0} % (> 10 %) without a pattern; P-like waves before {:.0} % of QRS{scatter}",
            100.0 * irregularity(&rr_s)?,
            100.0 * share
        ),
        enough: facts.twelve_leads() || span.duration_s() >= WINDOW_S - 1.0,
    })
}
