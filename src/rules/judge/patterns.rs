//! Patterns as rhythms are judged from them: P of several shapes, fast wide beats that change their shape.

use super::super::check::{COUNT, Check, Verdict};
use super::super::facts::Facts;
use super::atrial::p_before;
use super::intervals::{irregular, irregularity, rr_s};
use crate::ecg::Span;

/// P before at least this share of the QRS is "each".
const EACH: f64 = 0.8;
/// PR varies from this standard deviation on, ms (our choice).
const VARYING_MS: f64 = 15.0;

/// P of three shapes or more before each QRS, PR and RR varying with them (ESC 2019); in how many beats each shape must be is the measure's choice.
pub(super) fn multifocal(facts: &Facts) -> Option<Verdict> {
    let found = facts.patterns.p_shapes?;
    let (share, scatter_ms) = p_before(facts, 0..facts.beats.len())?;
    let rr_s = rr_s(facts, facts.beats);
    let (ratio, scatter_ms) = (irregularity(&rr_s)?, scatter_ms?);
    Verdict::all([
        Check::at_least("shapes of P", found.shapes as f64, 3.0, COUNT),
        Check::plain(share >= EACH, format!("P before {:.0} % of QRS", 100.0 * share)),
        Check::plain(scatter_ms >= VARYING_MS, format!("PR scattered by {scatter_ms:.0} ms")),
        Check::plain(irregular(&rr_s), format!("RR differ from beat to beat by {:.0} % (> 10 %)", 100.0 * ratio)),
    ])
}

/// Beats of such a row are wide where this share of those that could be bounded is at least as wide as …
const WIDE_SHARE: f64 = 0.6;
/// … this, ms: 120 less the doubt of one beat.
const WIDE_MS: f64 = 110.0;

/// Fast wide beats in a row that change their shape, where the signal is seen and has QRS: first, last, number of shapes.
pub(in super::super) fn many_shapes(facts: &Facts) -> Vec<(usize, usize, usize)> {
    let patterns = facts.patterns;
    let wide = |first: usize, last: usize| {
        let widths = facts.waves.beats.get(first..=last).unwrap_or_default().iter().filter_map(|waves| waves.qrs);
        let (wide, narrow): (Vec<f64>, Vec<f64>) = widths.map(|qrs| qrs.duration_ms()).partition(|ms| *ms >= WIDE_MS);
        wide.len() as f64 >= WIDE_SHARE * (wide.len() + narrow.len()) as f64
    };
    let all = patterns.changing.iter().map(|run| (run.first, run.last, run.shapes));
    all.filter(|(first, last, _)| {
        let (Some(from), Some(to)) = (facts.beats.get(*first), facts.beats.get(*last)) else { return false };
        let span = Span::new(from.r_s, to.r_s);
        let hidden = facts.signal.blind.iter().any(|blind| blind.overlaps(&span));
        let told = patterns.no_qrs.iter().any(|stretch| stretch.span.overlaps(&span));
        !hidden && !told && wide(*first, *last)
    })
    .collect()
}
