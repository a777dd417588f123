//! The network's word: normal or abnormal first, then the conditions, each with its probability against its operating point.

use egui::{Align2, FontFamily, FontId, Rect, RichText, Sense, Ui, pos2, vec2};

use super::part::{heading, weak};
use crate::analysis::{Analysis, Head, HeadResult, Prediction};
use crate::app::state::{Command, State};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::page::Ink;

/// Shows the prediction.
pub fn show(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    let prediction = &analysis.prediction;
    heading(ui, "The network suggests");
    if let Some(reason) = &prediction.withheld {
        ui.add(egui::Label::new(format!("No result: {reason}")).wrap());
    } else {
        ui.add(egui::Label::new(RichText::new(first_word(prediction)).family(semi_bold()).size(16.0)).wrap());
        bars(ui, prediction);
    }
    for note in &prediction.notes {
        weak(ui, note);
    }
    if let Some(model) = &prediction.model {
        weak(ui, format!("{} · {}", model.id, &model.sha256[..model.sha256.len().min(12)]))
            .on_hover_text(format!("Weights SHA-256 {}", model.sha256));
    }
}

pub(super) fn analysis(state: &State) -> Option<&Analysis> {
    state.document()?.study.as_ref()?.analysis.as_deref()
}

/// Normal or abnormal, and then which.
fn first_word(prediction: &Prediction) -> String {
    let named = prediction.named();
    match (prediction.abnormal(), named.is_empty()) {
        (None, true) => "No result".into(),
        (Some(false), true) => "No condition above its operating point".into(),
        (Some(true), true) => "Abnormal".into(),
        (Some(true), false) => format!("Abnormal: {}", named.join(", ")),
        // only QT, which is measured, is stated beside a network that sees nothing
        (_, false) => format!("Consider {}", named.join(", ")),
    }
}

/// Height of a row; widths of the bar and the number, points.
const ROW: f32 = 21.0;
const BAR: f32 = 132.0;
const NUMBER: f32 = 38.0;

/// One bar a head from 0 to 1; the mark across it is the operating point. What is over it is written heavier too.
fn bars(ui: &mut Ui, prediction: &Prediction) {
    let size = vec2(ui.available_width(), ROW * prediction.heads.len() as f32);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter_at(rect);
    for (number, result) in prediction.heads.iter().enumerate() {
        let middle = rect.top() + (number as f32 + 0.5) * ROW;
        let family = if result.positive() { semi_bold() } else { FontFamily::Proportional };
        let (font, text) = (FontId::new(SMALL, family), ink(ui, Ink::Text));
        let left = rect.right() - NUMBER - BAR;
        let indent = if result.head == Head::Abnormal { 0.0 } else { 10.0 };
        painter.text(pos2(rect.left() + indent, middle), Align2::LEFT_CENTER, result.words(), font.clone(), text);
        let bar = Rect::from_min_size(pos2(left, middle - 6.0), vec2(BAR, 12.0));
        painter.rect_filled(bar, 2, ink(ui, Ink::Rule).gamma_multiply(0.45));
        let share = |value: f32| if value.is_finite() { value.clamp(0.0, 1.0) * BAR } else { 0.0 };
        let filled = Rect::from_min_size(bar.min, vec2(share(result.probability), bar.height()));
        painter.rect_filled(filled, 2, ink(ui, if result.positive() { Ink::Accent } else { Ink::TextWeak }));
        let mark = Rect::from_center_size(pos2(left + share(result.operating_point), middle), vec2(2.5, ROW - 3.0));
        painter.rect_filled(mark.expand(1.0), 0, ink(ui, Ink::Panel));
        painter.rect_filled(mark, 0, text);
        let number = format!("{:.2}", result.probability);
        painter.text(pos2(rect.right(), middle), Align2::RIGHT_CENTER, number, font, text);
    }
    let spoken: Vec<String> = prediction.heads.iter().map(sentence).collect();
    let name = format!("Probabilities: {}", spoken.join("; "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    response.on_hover_text(spoken.join("\n"));
    weak(ui, "Bar: calibrated probability. Mark: operating point.");
}

fn sentence(result: &HeadResult) -> String {
    format!(
        "{} {:.2}, operating point {:.2}{}",
        result.words(),
        result.probability,
        result.operating_point,
        if result.positive() { ", above" } else { "" }
    )
}
