//! The level a lane is drawn around, and the trace that a lane's marks are laid on.

use super::arrange::Lane;
use super::layout::Signals;
use crate::ecg::Trace;
use crate::review::Study;

/// Median of a trace (of at most some 4,000 of its samples, evenly taken); 0 without any.
pub(super) fn centre_mv(samples_mv: &[f32]) -> f32 {
    let step = samples_mv.len() / 4096 + 1;
    let mut some: Vec<f32> = samples_mv.iter().step_by(step).copied().filter(|value| value.is_finite()).collect();
    let middle = some.len() / 2;
    if some.is_empty() { 0.0 } else { *some.select_nth_unstable_by(middle, f32::total_cmp).1 }
}

/// The uppermost trace of a lane; `None` where it shows no level (a difference) or nothing.
pub(super) fn marked_trace<'a>(study: &'a Study, lane: &Lane) -> Option<&'a Trace> {
    let index = lane.trace?;
    match lane.signals {
        Signals::Raw => study.recording.traces.get(index),
        Signals::Denoised | Signals::Overlay => study.analysis.as_ref()?.denoised.traces.get(index),
        Signals::Difference => None,
    }
}
