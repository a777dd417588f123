//! From the quality check to the plain facts that rules see.

use crate::ecg::{Lead, Recording, Span};
use crate::measure::Beat;
use crate::quality::{DefectKind, Quality, Usable};
use crate::rules::SignalFacts;

/// What rules may know of the signal, but for the silent stretches, which need the beats: see [`silent`].
pub(super) fn signal_facts(recording: &Recording, quality: &Quality) -> SignalFacts {
    let duration_s = recording.duration_s();
    let off = quality
        .leads
        .iter()
        .filter_map(|lead| {
            let dead = [DefectKind::Flat, DefectKind::Missing, DefectKind::Saturated];
            let spans = quality.defects.iter().filter(|defect| defect.lead == lead.lead && dead.contains(&defect.kind));
            let off_s = covered_s(spans.map(|defect| defect.span).collect());
            let share = (off_s / duration_s.max(f64::MIN_POSITIVE)).min(1.0) as f32;
            (off_s > SignalFacts::OFF_S && lead.usable != Usable::Good).then(|| (lead.lead.clone(), share))
        })
        .collect();
    SignalFacts {
        off,
        leads: quality.leads.iter().map(|lead| lead.lead.clone()).collect(),
        disagreements: quality.disagreements().map(str::to_owned).collect(),
        blind: blind(recording, quality),
        silent: Vec::new(),
        st_doubt: recording.filters.is_none().then(|| "the file does not say how it was filtered".to_owned()),
    }
}

/// Stretches in which no lead can be read, by time, not overlapping.
fn blind(recording: &Recording, quality: &Quality) -> Vec<Span> {
    let whole = recording.span();
    if !whole.end_s.is_finite() {
        return Vec::new(); // a trace without a sound rate: nothing can be placed in time
    }
    let hides = |kind: DefectKind| !matches!(kind, DefectKind::Wander | DefectKind::Mains);
    let mut edges: Vec<(f64, i32)> = Vec::new();
    for (trace, lead) in recording.traces.iter().zip(&quality.leads) {
        let own = trace.span();
        let mut spans = vec![
            Span::new(whole.start_s, own.start_s.max(whole.start_s)),
            Span::new(own.end_s.min(whole.end_s), whole.end_s),
        ];
        if lead.usable == Usable::Unusable {
            spans = vec![whole];
        } else {
            let defects = quality.defects.iter().filter(|defect| defect.lead == lead.lead && hides(defect.kind));
            spans.extend(defects.map(|defect| defect.span));
        }
        for span in merged(spans) {
            edges.extend([(span.start_s, 1), (span.end_s, -1)]);
        }
    }
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let all = recording.traces.len() as i32;
    let (mut hidden, mut out, mut from_s) = (0, Vec::new(), None);
    for (time_s, change) in edges {
        hidden += change;
        match from_s {
            None if hidden == all => from_s = Some(time_s),
            Some(start_s) if hidden < all => {
                out.push(Span::new(start_s, time_s));
                from_s = None;
            }
            _ => {}
        }
    }
    out.retain(|span| span.duration_s() > 0.0);
    out
}

/// Flat stretches of all leads inside long RR intervals: a pause of the heart or of the cable, who knows.
pub(super) fn silent(recording: &Recording, usable: &[bool], beats: &[Beat]) -> Vec<Span> {
    let long = beats.windows(2).map(|pair| Span::new(pair[0].r_s + 0.5, pair[1].r_s - 0.3));
    let flat = |span: &Span| {
        let mut used =
            recording.traces.iter().zip(usable).filter(|(_, usable)| **usable).map(|(trace, _)| trace.slice(*span));
        used.all(|samples| {
            // the quietest second decides: P waves may stand beside it
            let second = (samples.len() as f64 / span.duration_s()) as usize;
            samples.windows(second.max(2)).step_by((second / 4).max(1)).any(|part| range(part) < 0.010)
        })
    };
    long.filter(|span| span.duration_s() > 2.0 && span.end_s > span.start_s).filter(flat).collect()
}

fn range(samples: &[f32]) -> f32 {
    let (low, high) =
        samples.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    high - low
}

/// The same time in spans that neither overlap nor touch.
pub(super) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let mut out: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| span.duration_s() > 0.0) {
        match out.last_mut() {
            Some(last) if span.start_s <= last.end_s => last.end_s = last.end_s.max(span.end_s),
            _ => out.push(span),
        }
    }
    out
}

fn covered_s(spans: Vec<Span>) -> f64 {
    merged(spans).iter().map(Span::duration_s).sum()
}

/// Leads of a recording, as words.
pub(super) fn names(leads: &[Lead]) -> String {
    leads.iter().map(Lead::name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Trace;
    use crate::quality::assess;

    fn beating(gap: std::ops::Range<usize>) -> Trace {
        let mut samples: Vec<f32> =
            (0..5000).map(|i| if i % 400 < 20 { 1.0 } else { 0.02 * (i as f32 * 0.7).sin() }).collect();
        samples[gap].fill(f32::NAN);
        Trace::new(Lead::II, 500.0, samples)
    }

    #[test]
    fn blind_is_where_every_lead_is_gone() {
        let recording =
            Recording::new("test", vec![beating(1000..2000), Trace { lead: Lead::V1, ..beating(1500..2500) }]);
        let facts = signal_facts(&recording, &assess(&recording));
        assert_eq!(facts.blind, [Span::new(3.0, 4.0)]);
    }

    #[test]
    fn merging_keeps_the_time() {
        let spans = vec![Span::new(4.0, 5.0), Span::new(0.0, 1.0), Span::new(0.5, 2.0), Span::new(3.0, 3.0)];
        assert_eq!(merged(spans), [Span::new(0.0, 2.0), Span::new(4.0, 5.0)]);
    }
}
