//! Segments from the quality check and from the rules, and the order of the whole list. Those from attention: `gather.rs`.

use super::facts::names;
use super::{Segment, SegmentSource};
use crate::ecg::{Lead, Recording, Span};
use crate::quality::{Defect, DefectKind, Quality};
use crate::rules::{Finding, RiskLevel};

/// Defects of one kind nearer than this are one stretch, s.
const NEAR_S: f64 = 1.0;

/// Stretches of bad signal: defects of one kind, merged over leads and time.
pub(super) fn of_quality(quality: &Quality) -> Vec<Segment> {
    let kinds = [
        DefectKind::Missing,
        DefectKind::Flat,
        DefectKind::Saturated,
        DefectKind::Noise,
        DefectKind::Wander,
        DefectKind::Mains,
    ];
    kinds.into_iter().flat_map(|kind| of_kind(kind, quality)).collect()
}

fn of_kind(kind: DefectKind, quality: &Quality) -> Vec<Segment> {
    let mut groups: Vec<(Span, Vec<&Defect>)> = Vec::new();
    for defect in quality.defects.iter().filter(|defect| defect.kind == kind) {
        match groups.last_mut() {
            Some((span, members)) if defect.span.start_s <= span.end_s + NEAR_S => {
                span.end_s = span.end_s.max(defect.span.end_s);
                members.push(defect);
            }
            _ => groups.push((defect.span, vec![defect])),
        }
    }
    groups.into_iter().map(|(span, members)| bad_stretch(kind, span, &members, quality.leads.len())).collect()
}

fn bad_stretch(kind: DefectKind, span: Span, members: &[&Defect], all: usize) -> Segment {
    let mut leads: Vec<(&Lead, f64)> = Vec::new();
    for defect in members {
        match leads.iter_mut().find(|(lead, _)| *lead == &defect.lead) {
            Some((_, time_s)) => *time_s += defect.span.duration_s(),
            None => leads.push((&defect.lead, defect.span.duration_s())),
        }
    }
    leads.sort_by(|a, b| b.1.total_cmp(&a.1));
    let leads: Vec<Lead> = leads.into_iter().map(|(lead, _)| lead.clone()).collect();
    let longest = members.iter().max_by(|a, b| a.span.duration_s().total_cmp(&b.span.duration_s()));
    let evidence = longest.map(|defect| format!(" ({}: {})", defect.lead, defect.evidence)).unwrap_or_default();
    Segment {
        key: key(&format!("quality.{}", slug(kind)), span),
        span,
        score: (leads.len() as f32 / all.max(1) as f32).min(1.0),
        reason: format!("{} in {}{evidence}", kind.words(), names(&leads)),
        leads,
        source: SegmentSource::Quality,
    }
}

fn slug(kind: DefectKind) -> &'static str {
    match kind {
        DefectKind::Missing => "missing",
        DefectKind::Flat => "flat",
        DefectKind::Saturated => "saturated",
        DefectKind::Noise => "noise",
        DefectKind::Wander => "wander",
        DefectKind::Mains => "mains",
    }
}

/// Findings that have a place in time.
pub(super) fn of_rules(findings: &[Finding], recording: &Recording) -> Vec<Segment> {
    let all = || recording.traces.iter().map(|trace| trace.lead.clone()).collect();
    findings
        .iter()
        .filter_map(|finding| {
            let span = finding.span?;
            Some(Segment {
                key: key(&format!("rule.{}", finding.code), span),
                span,
                leads: if finding.leads.is_empty() { all() } else { finding.leads.clone() },
                score: urgency(finding.level),
                source: SegmentSource::Rule,
                reason: format!("{}: {} ({})", finding.statement, finding.evidence, finding.source),
            })
        })
        .collect()
}

fn urgency(level: RiskLevel) -> f32 {
    match level {
        RiskLevel::Critical => 1.0,
        RiskLevel::High => 0.75,
        RiskLevel::Moderate | RiskLevel::Indeterminate => 0.5,
        RiskLevel::Low => 0.25,
    }
}

/// The name under which decisions are kept: what flagged it, start and end in ms.
pub(super) fn key(source: &str, span: Span) -> String {
    let ms = |time_s: f64| (time_s * 1000.0).round() as i64;
    format!("{source}-{}-{}", ms(span.start_s), ms(span.end_s))
}

/// By time; what starts together by its end, then by name, so that the order never depends on how it was made.
pub(super) fn in_order(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.sort_by(|a, b| {
        let starts = a.span.start_s.total_cmp(&b.span.start_s);
        starts.then(a.span.end_s.total_cmp(&b.span.end_s)).then_with(|| a.key.cmp(&b.key))
    });
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::Usable;

    fn defect(kind: DefectKind, lead: Lead, start_s: f64, end_s: f64) -> Defect {
        Defect { kind, lead, span: Span::new(start_s, end_s), evidence: "measured > limit".into() }
    }

    #[test]
    fn defects_of_one_kind_merge_over_leads_and_near_times() {
        let quality = Quality {
            usable: Usable::Limited,
            reasons: vec![],
            leads: Vec::new(),
            defects: vec![
                defect(DefectKind::Noise, Lead::V5, 1.0, 2.0),
                defect(DefectKind::Flat, Lead::V3, 1.0, 9.0),
                defect(DefectKind::Noise, Lead::V6, 1.5, 4.0),
                defect(DefectKind::Noise, Lead::V5, 7.0, 8.0),
            ],
        };
        let segments = in_order(of_quality(&quality));
        let keys: Vec<&str> = segments.iter().map(|segment| segment.key.as_str()).collect();
        assert_eq!(keys, ["quality.noise-1000-4000", "quality.flat-1000-9000", "quality.noise-7000-8000"]);
        assert_eq!(segments[0].leads, [Lead::V6, Lead::V5], "most concerned first");
    }
}
