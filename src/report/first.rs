//! The first page: who, what, how urgent and why, what the network suggests, what was measured. No heat map stands here.
//!
//! Where something could not be said, the reason stands in its place.

use super::measured;
use super::paper::{BODY_MM, Flow, MARGIN_MM, polygon};
use super::words::{self, DISCLAIMER};
use super::write::{Style, fill, line, text};
use crate::analysis::{Analysis, Finding, Head, HeadResult, Prediction, Risk, RiskLevel};
use crate::page::{Anchor, Ink, Point, Rect, Weight, font};
use crate::review::Study;

pub(super) fn write(flow: &mut Flow, study: &Study) {
    header(flow, study);
    recording(flow, study);
    let Some(analysis) = study.analysis.as_deref() else {
        flow.heading("Analysis");
        let words = "No risk level, no prediction, no measurements: this recording has not been analysed.";
        flow.paragraph(0.0, words, Style::text(BODY_MM));
        impression(flow, study);
        return;
    };
    risk(flow, &analysis.risk, &analysis.findings);
    prediction(flow, &analysis.prediction);
    measured::first(flow, study, analysis);
    findings(flow, &analysis.findings);
    if analysis.segments.is_empty() {
        // No page of their own for this.
        flow.heading("Segments worth a look");
        flow.paragraph(0.0, "None was flagged.", Style::text(BODY_MM));
    }
    impression(flow, study);
    quality(flow, study, analysis);
}

fn header(flow: &mut Flow, study: &Study) {
    let (left, right) = (flow.left_mm(), flow.right_mm());
    let signing = words::signing(&study.review);
    text(&mut flow.page, left, flow.y_mm + 4.4, "ECG report", Style::bold(5.6));
    let room_mm = right - left - 44.0;
    let signing = font::elide(&signing, 3.2, Weight::SemiBold, room_mm);
    text(&mut flow.page, right, flow.y_mm + 4.4, &signing, Style::bold(3.2).anchor(Anchor::Right));
    flow.space(8.0);
    flow.paragraph(0.0, DISCLAIMER, Style::weak(2.8));
    flow.space(1.6);
    line(&mut flow.page, (left, flow.y_mm), (right, flow.y_mm), Ink::Rule, 0.3);
    flow.space(2.6);
    let patient = &study.recording.patient;
    facts(flow, [("Patient", words::name(patient)), ("Patient id", words::id(patient))]);
    facts(flow, [("Born", &words::born(patient)), ("Sex", words::sex(patient))]);
    facts(flow, [("Recorded", &words::recorded(&study.recording)), ("File", &study.file)]);
}

/// Two facts side by side, each under its name, in full: a patient's name is never cut.
fn facts(flow: &mut Flow, facts: [(&str, &str); 2]) {
    let column_mm = flow.width_mm() / 2.0;
    let style = Style::text(3.5);
    let wrapped = facts.map(|(_, value)| font::lines(value, style.size_mm, style.weight, column_mm - 4.0));
    let lines = wrapped.iter().map(Vec::len).max().unwrap_or(1).max(1);
    flow.need(5.0 + lines as f32 * 5.0);
    for (number, ((name, _), lines)) in facts.iter().zip(&wrapped).enumerate() {
        let x_mm = MARGIN_MM + number as f32 * column_mm;
        text(&mut flow.page, x_mm, flow.y_mm + 2.4, name, Style::weak(2.5));
        for (row, words) in lines.iter().enumerate() {
            text(&mut flow.page, x_mm, flow.y_mm + 6.8 + row as f32 * 5.0, words, style);
        }
    }
    flow.space(4.2 + lines as f32 * 5.0);
}

fn recording(flow: &mut Flow, study: &Study) {
    let recording = &study.recording;
    let parts = [
        recording.format.to_owned(),
        format!("leads {}", words::leads(recording)),
        words::rate(recording),
        words::length(recording.duration_s()),
        format!("device {}", recording.device.as_deref().unwrap_or(words::UNKNOWN)),
        format!("filters {}", recording.filters.as_deref().unwrap_or(words::UNKNOWN)),
    ];
    flow.space(1.0);
    flow.paragraph(0.0, &parts.join("  ·  "), Style::weak(2.8));
}

/// Word, shape and colour, so that none stands alone.
fn risk(flow: &mut Flow, risk: &Risk, findings: &[Finding]) {
    flow.need(22.0);
    flow.space(2.5);
    let (left, ink) = (flow.left_mm(), risk_ink(risk.level));
    let panel = Rect::new(left, flow.y_mm, flow.width_mm(), 11.0);
    fill(&mut flow.page, panel, Ink::Panel);
    fill(&mut flow.page, Rect::new(left, flow.y_mm, 1.4, 11.0), ink);
    let centre = Point::new(left + 8.0, flow.y_mm + 5.5);
    let (corners, turn) = shape_of(risk.level);
    polygon(&mut flow.page, centre, if corners == 3 { 3.6 } else { 3.1 }, corners, turn, ink);
    let mut word = format!("Risk level: {}", risk.level.name());
    if let Some(least) = risk.at_least {
        word.push_str(&format!(", at least {}", least.name()));
    }
    let style = Style { ink, ..Style::bold(4.4) };
    text(&mut flow.page, left + 14.0, flow.y_mm + 7.1, &word, style);
    let after_mm = left + 18.0 + font::width_mm(&word, style.size_mm, style.weight);
    let meaning = font::elide(risk.level.meaning(), BODY_MM, Weight::Regular, flow.right_mm() - 2.0 - after_mm);
    text(&mut flow.page, after_mm, flow.y_mm + 7.0, &meaning, Style::weak(BODY_MM));
    flow.space(13.0);
    // what does not raise the level stands among the findings alone
    let found = |reason: &str| findings.iter().any(|finding| reason.starts_with(&finding.statement));
    for reason in risk.reasons.iter().filter(|reason| risk.level > RiskLevel::Low || !found(reason)) {
        flow.item(reason);
    }
}

/// The ink of a risk level, on paper and on screen.
pub fn risk_ink(level: RiskLevel) -> Ink {
    match level {
        RiskLevel::Low => Ink::RiskLow,
        RiskLevel::Moderate => Ink::RiskModerate,
        RiskLevel::High => Ink::RiskHigh,
        RiskLevel::Critical => Ink::RiskCritical,
        RiskLevel::Indeterminate => Ink::RiskIndeterminate,
    }
}

/// Corners and turn: circle, diamond, triangle, octagon, square.
fn shape_of(level: RiskLevel) -> (usize, f32) {
    match level {
        RiskLevel::Low => (48, 0.0),
        RiskLevel::Moderate => (4, 0.0),
        RiskLevel::High => (3, 0.0),
        RiskLevel::Critical => (8, 1.0 / 16.0),
        RiskLevel::Indeterminate => (4, 0.125),
    }
}

fn prediction(flow: &mut Flow, prediction: &Prediction) {
    flow.heading("Network");
    let model = prediction.model.as_ref().map(|model| format!("Model {}, SHA-256 {}", model.id, model.sha256));
    match &prediction.withheld {
        Some(reason) => flow.paragraph(0.0, &format!("No prediction: {reason}"), Style::text(BODY_MM)),
        None => {
            flow.paragraph(0.0, &suggestion(prediction), Style::bold(3.3));
            flow.space(1.2);
            for result in &prediction.heads {
                row(flow, result);
            }
        }
    }
    flow.space(0.8);
    for note in &prediction.notes {
        flow.item(note);
    }
    flow.paragraph(0.0, model.as_deref().unwrap_or("Model: none loaded"), Style::weak(2.6));
}

/// Normal or abnormal first, then which.
fn suggestion(prediction: &Prediction) -> String {
    let named = prediction.named();
    match prediction.abnormal() {
        Some(true) if named.is_empty() => "The network suggests: abnormal".to_owned(),
        Some(true) => format!("The network suggests: abnormal ({})", named.join(", ")),
        _ if !named.is_empty() => {
            "The network suggests: no abnormality over its operating point; QT is abnormal by measurement".to_owned()
        }
        _ => "The network suggests: no abnormality over its operating point".to_owned(),
    }
}

/// A head with its probability as a bar, and its operating point as a tick.
fn row(flow: &mut Flow, result: &HeadResult) {
    flow.need(4.8);
    let (left, y_mm) = (flow.left_mm(), flow.y_mm);
    let bar = Rect::new(left + 54.0, y_mm + 0.7, 44.0, 2.6);
    let style = if result.positive() { Style::bold(BODY_MM) } else { Style::text(BODY_MM) };
    let indent_mm = if result.head == Head::Abnormal { 0.0 } else { 3.4 };
    text(&mut flow.page, left + indent_mm, y_mm + 3.1, result.words(), style);
    fill(&mut flow.page, bar, Ink::Panel);
    let share = if result.probability.is_finite() { result.probability.clamp(0.0, 1.0) } else { 0.0 };
    let ink = if result.positive() { Ink::Text } else { Ink::TextWeak };
    fill(&mut flow.page, Rect { width_mm: bar.width_mm * share, ..bar }, ink);
    let tick_mm = bar.x_mm + bar.width_mm * result.operating_point.clamp(0.0, 1.0);
    line(&mut flow.page, (tick_mm, bar.y_mm - 0.6), (tick_mm, bar.bottom_mm() + 0.6), Ink::Accent, 0.4);
    text(&mut flow.page, bar.right_mm() + 3.0, y_mm + 3.1, &format!("{:.2}", result.probability), style);
    let words = words::against_point(result);
    text(&mut flow.page, bar.right_mm() + 14.0, y_mm + 3.1, &words, Style::weak(BODY_MM));
    flow.space(4.8);
}

fn findings(flow: &mut Flow, findings: &[Finding]) {
    flow.heading("Findings by rule");
    if findings.is_empty() {
        flow.paragraph(0.0, "No finding above threshold among the rules of this version.", Style::text(BODY_MM));
    }
    for finding in findings {
        flow.item(&format!(
            "{}: {} ({}; {})",
            words::statement(finding),
            finding.evidence,
            finding.certainty.name(),
            finding.source
        ));
    }
}

fn impression(flow: &mut Flow, study: &Study) {
    if !study.review.impression().is_empty() {
        flow.heading("Impression of the reader");
        flow.paragraph(0.0, study.review.impression(), Style::text(BODY_MM));
    }
}

fn quality(flow: &mut Flow, study: &Study, analysis: &Analysis) {
    flow.heading("Signal quality and notes");
    flow.paragraph(0.0, &format!("Signal: {}", analysis.quality.usable), Style::text(BODY_MM));
    if analysis.denoised.method.is_empty() {
        flow.item("no stage of the denoiser ran: no denoised page is printed");
    }
    let notes = study.recording.notes.iter().map(|note| &note.text);
    for words in analysis.quality.reasons.iter().chain(notes).chain(&analysis.denoised.notes) {
        flow.item(words);
    }
}
