//! The reading as JSON: one object a recording, its shape a promise with a version. Every key is described in `assets/analysis.schema.json`.
//!
//! Keys are in alphabetical order, numbers are rounded to a fixed number of digits and never NaN, so that the same reading gives
//! the same bytes. What is not known is null; what was not measured is null with its reason beside it.

mod measured;
mod number;

use serde_json::{Map, Value, json};

use super::words::length;
use crate::analysis::{
    Analysis, Finding, Head, HeadResult, Measurements, Prediction, Quality, Risk, Segment, WindowReading,
};
use crate::ecg::{Lead, Recording, Span};
use crate::review::{Review, Study};
use measured::{measurements, waves};
use number::number;

/// Name and version of the shape.
pub const SCHEMA: &str = "einthoven.analysis/1";
/// Described by the schema: a JSON Schema, draft 2020-12.
pub const SCHEMA_TEXT: &str = include_str!("../../../assets/analysis.schema.json");

const NOT_ANALYSED: &str = "not analysed";

/// Everything that is known of a study.
pub fn analysis_object(study: &Study) -> Value {
    let analysis = study.analysis.as_deref();
    let mut object = json!({
        "schema": SCHEMA,
        "file": study.file,
        "recording": recording_object(&study.recording),
        "quality": analysis.map(|analysis| quality(&analysis.quality)),
        "beats": analysis.map_or(Vec::new(), beats),
        "waves": analysis.map_or_else(|| json!({}), |analysis| waves(&analysis.waves)),
        "measurements": match analysis {
            Some(analysis) => measurements(&analysis.measurements),
            None => measurements(&Measurements::none(NOT_ANALYSED)),
        },
        "prediction": prediction(analysis.map(|analysis| &analysis.prediction)),
        "segments": analysis.map_or(Vec::new(), |analysis| analysis.segments.iter().map(segment).collect()),
        "findings": analysis.map_or(Vec::new(), |analysis| analysis.findings.iter().map(finding).collect()),
        "risk": analysis.map_or_else(
            || json!({ "level": "Indeterminate", "at_least": null, "reasons": [NOT_ANALYSED] }),
            |analysis| risk(&analysis.risk),
        ),
        "provenance": analysis.map(provenance),
        "review": review(&study.review),
    });
    if let Some(analysis) = analysis
        && !analysis.windows.is_empty()
    {
        object["windows"] = analysis.windows.iter().map(window).collect();
    }
    object
}

/// What the file holds, as `ecg info --json` prints it under `recording`.
pub fn recording_object(recording: &Recording) -> Value {
    let patient = &recording.patient;
    let mut warnings: Vec<String> = recording.notes.iter().map(|note| note.text.clone()).collect();
    if recording.common_rate_hz().is_none() && !recording.traces.is_empty() {
        let rates = recording.traces.iter().map(|trace| format!("{} {} Hz", trace.lead, trace.rate_hz));
        warnings.push(format!("leads differ in rate: {}", rates.collect::<Vec<_>>().join(", ")));
    }
    json!({
        "format": recording.format,
        "leads": recording.traces.iter().map(|trace| trace.lead.name()).collect::<Vec<_>>(),
        "sample_rate_hz": recording.common_rate_hz().map(|rate_hz| number(rate_hz, 4)),
        "duration_s": number(recording.duration_s(), 4),
        "started_at": recording.started_at.map(|at| at.to_string()),
        "device": recording.device,
        "filters": recording.filters,
        "patient": {
            "name": patient.name,
            "id": patient.id,
            "birth_date": patient.birth_date.map(|date| date.to_string()),
            "age_years": patient.age_years,
            "sex": patient.sex,
        },
        "warnings": warnings,
    })
}

/// A sentence for people beside the numbers of a recording: format, leads, rate, length.
pub fn recording_line(recording: &Recording) -> String {
    let leads = recording.traces.len();
    let noun = if leads == 1 { "lead" } else { "leads" };
    let rate = super::words::rate(recording);
    format!("{}, {leads} {noun}, {rate}, {}", recording.format, length(recording.duration_s()))
}

fn leads(leads: &[Lead]) -> Vec<&str> {
    leads.iter().map(Lead::name).collect()
}

fn quality(quality: &Quality) -> Value {
    let lead = |lead: &crate::analysis::LeadQuality| {
        json!({
            "lead": lead.lead.name(),
            "usable": lead.usable.name(),
            "snr_db": lead.snr_db.map(|snr_db| number(snr_db.into(), 1)),
            "clean_share": number(lead.clean_share.into(), 4),
        })
    };
    let defect = |defect: &crate::analysis::Defect| {
        json!({
            "kind": defect.kind.words(),
            "lead": defect.lead.name(),
            "start_s": number(defect.span.start_s, 4),
            "end_s": number(defect.span.end_s, 4),
            "evidence": defect.evidence,
        })
    };
    json!({
        "usable": quality.usable.name(),
        "reasons": quality.reasons,
        "leads": quality.leads.iter().map(lead).collect::<Vec<_>>(),
        "defects": quality.defects.iter().map(defect).collect::<Vec<_>>(),
    })
}

fn beats(analysis: &Analysis) -> Vec<Value> {
    let beat = |beat: &crate::analysis::Beat| {
        json!({
            "r_s": number(beat.r_s, 4),
            "class": beat.class.name(),
            "confidence": number(beat.confidence.into(), 4),
        })
    };
    analysis.beats.iter().map(beat).collect()
}

/// Head key → value, for abnormal apart and the conditions together.
fn by_condition(heads: &[HeadResult], value: impl Fn(&HeadResult) -> f32) -> (Value, Value) {
    let of = |head: Head| {
        let result = heads.iter().find(|result| result.head == head);
        result.map_or(Value::Null, |result| number(value(result).into(), 4))
    };
    let conditions = Head::CONDITIONS.into_iter().chain([Head::Other]);
    let conditions: Map<String, Value> = conditions.map(|head| (head.key().to_owned(), of(head))).collect();
    (of(Head::Abnormal), Value::Object(conditions))
}

fn prediction(prediction: Option<&Prediction>) -> Value {
    let none = Prediction::withheld(None, NOT_ANALYSED);
    let prediction = prediction.unwrap_or(&none);
    // QT is measured, and there without the network
    let own = prediction.heads.iter().filter(|result| result.head != Head::Qt).copied();
    let heads: Vec<HeadResult> = own.chain(prediction.qt).collect();
    let (abnormal, conditions) = by_condition(&heads, |result| result.probability);
    let (abnormal_point, condition_points) = by_condition(&heads, |result| result.operating_point);
    let stated: Vec<&str> = match prediction.abnormal() {
        Some(false) if prediction.predicted.is_empty() => vec!["normal"],
        _ => prediction.predicted.iter().map(|head| head.key()).collect(),
    };
    json!({
        "model": prediction.model.as_ref().map(|model| &*model.id),
        "model_sha256": prediction.model.as_ref().map(|model| &*model.sha256),
        "abnormal": abnormal,
        "conditions": conditions,
        "operating_points": { "abnormal": abnormal_point, "conditions": condition_points },
        "predicted": stated,
        "withheld": prediction.withheld,
        "notes": prediction.notes,
    })
}

fn window(window: &WindowReading) -> Value {
    let (abnormal, conditions) = by_condition(&window.heads, |result| result.probability);
    let Span { start_s, end_s } = window.span;
    json!({
        "start_s": number(start_s, 4),
        "end_s": number(end_s, 4),
        "abnormal": abnormal,
        "conditions": conditions,
        "withheld": window.withheld,
    })
}

fn segment(segment: &Segment) -> Value {
    json!({
        "key": segment.key,
        "start_s": number(segment.span.start_s, 4),
        "end_s": number(segment.span.end_s, 4),
        "leads": leads(&segment.leads),
        "score": number(segment.score.into(), 4),
        "source": segment.source.name(),
        "reason": segment.reason,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "statement": finding.statement,
        "leads": leads(&finding.leads),
        "start_s": finding.span.map(|span| number(span.start_s, 4)),
        "end_s": finding.span.map(|span| number(span.end_s, 4)),
        "evidence": finding.evidence,
        "source": finding.source,
        "certainty": finding.certainty.name(),
        "level": finding.level.name(),
        "supports": finding.supports.iter().map(|condition| condition.key()).collect::<Vec<_>>(),
    })
}

fn risk(risk: &Risk) -> Value {
    json!({
        "level": risk.level.name(),
        "at_least": risk.at_least.map(|level| level.name()),
        "reasons": risk.reasons,
    })
}

fn provenance(analysis: &Analysis) -> Value {
    let provenance = &analysis.provenance;
    let options: Map<String, Value> =
        provenance.options.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "program": provenance.program,
        "recording_sha256": provenance.recording_sha256,
        "model": provenance.model.as_ref().map(|model| json!({ "id": &*model.id, "sha256": &*model.sha256 })),
        "denoiser": analysis.denoised.method,
        "options": options,
    })
}

/// The reader's part: decisions in the order of their segments' keys.
fn review(review: &Review) -> Value {
    let mut keys: Vec<&str> = review
        .log()
        .iter()
        .filter_map(|(_, edit)| match edit {
            crate::review::Edit::Decide { segment, .. } | crate::review::Edit::Note { segment, .. } => {
                Some(segment.as_str())
            }
            _ => None,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let decisions: Vec<Value> = keys
        .into_iter()
        .filter_map(|key| review.decision(key).map(|decision| (key, decision)))
        .map(|(key, decision)| {
            json!({
                "segment": key,
                "verdict": decision.verdict.map(|verdict| verdict.name()),
                "note": decision.note,
                "decided_at": decision.decided_at.to_string(),
            })
        })
        .collect();
    json!({ "reviewer": review.reviewer(), "impression": review.impression(), "decisions": decisions })
}
