//! What the rules find: statement and evidence, the source on hover; a click marks the leads and shows the place.

use egui::{Label, Response, RichText, Sense, Ui};

use super::part::{heading, reveal, weak};
use super::prediction::analysis;
use crate::analysis::{Certainty, Finding};
use crate::app::state::{Command, State};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::page::Ink;
use crate::report::{risk_ink, statement};

/// Shows the list.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    heading(ui, &format!("Findings of the rules ({})", analysis.findings.len()));
    if analysis.findings.is_empty() {
        weak(ui, "No finding above threshold among the rules of this version");
        return;
    }
    let Some(document) = state.document() else { return };
    for (index, finding) in analysis.findings.iter().enumerate() {
        let selected = document.view.finding == Some(index);
        let response = row(ui, index, finding, selected);
        if selected {
            reveal(ui, &response, ("finding", document.id, index));
        }
        if response.clicked() {
            out.push(Command::ShowFinding(index));
        }
    }
}

/// One finding.
fn row(ui: &mut Ui, index: usize, finding: &Finding, selected: bool) -> Response {
    let visuals = ui.visuals();
    let fill = if selected { visuals.selection.bg_fill } else { egui::Color32::TRANSPARENT };
    let level = ink(ui, risk_ink(finding.level));
    let frame = egui::Frame::new().fill(fill).corner_radius(4).inner_margin(egui::Margin {
        left: 10,
        right: 4,
        top: 3,
        bottom: 4,
    });
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.add(Label::new(RichText::new(words(finding)).family(semi_bold())).wrap());
        ui.add(Label::new(RichText::new(&finding.evidence).size(SMALL)).wrap());
        weak(ui, format!("{} · {}", finding.level.name(), finding.source));
    });
    let rect = shown.response.rect;
    let bar =
        egui::Rect::from_min_max(rect.min + egui::vec2(1.0, 4.0), egui::pos2(rect.left() + 4.0, rect.bottom() - 4.0));
    ui.painter().rect_filled(bar, 1, level);
    let response = ui.interact(rect, ui.scope_id().with(("finding", index)), Sense::click());
    let spoken = format!("Finding {}: {}", index + 1, words(finding));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, selected, &spoken));
    if response.hovered() {
        let stroke = egui::Stroke::new(1.0, ink(ui, Ink::Accent));
        ui.painter().rect_stroke(rect, 4, stroke, egui::StrokeKind::Inside);
    }
    response.on_hover_text(hover(finding))
}

/// The statement, its leads, and whether it is more than borderline.
fn words(finding: &Finding) -> String {
    let mut words = statement(finding);
    match finding.certainty {
        Certainty::Met => {}
        Certainty::Borderline => words.push_str(" (borderline)"),
        Certainty::Review => words.push_str(" (the reader must look)"),
    }
    words
}

fn hover(finding: &Finding) -> String {
    let place = match finding.span {
        Some(span) => format!("{:.2} to {:.2} s", span.start_s, span.end_s),
        None => "over the whole record".to_owned(),
    };
    format!(
        "{}\nCriterion {}, level {}: {}\n{place}",
        finding.source,
        finding.certainty.name(),
        finding.level.name(),
        finding.level.meaning()
    )
}
