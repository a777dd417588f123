//! The risk badge: word, shape and colour, with every reason. A triage order by rule, not a probability.

use egui::{Color32, Rect, RichText, Sense, Shape, Stroke, Ui, Vec2, vec2};

use super::part::{heading, weak};
use crate::analysis::{Risk, RiskLevel};
use crate::app::state::{Command, Reading, State};
use crate::app::theme::{ink, semi_bold};
use crate::page::Ink;
use crate::report::risk_ink;

/// Shows the badge.
pub fn show(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    heading(ui, "Risk level");
    let Some(document) = state.document() else { return };
    let analysis = document.study.as_ref().and_then(|study| study.analysis.as_ref());
    match (analysis, &document.reading) {
        (Some(analysis), _) => badge(ui, &analysis.risk),
        (None, Reading::Failed(words)) => drop(weak(ui, format!("No result: {words}"))),
        (None, Reading::Cancelled) => drop(weak(ui, "No result: the reading was stopped")),
        (None, _) => drop(weak(ui, "The recording is being read")),
    }
}

fn badge(ui: &mut Ui, risk: &Risk) {
    let colour = ink(ui, risk_ink(risk.level));
    let words = match risk.at_least {
        Some(least) => format!("{}, at least {}", risk.level.name(), least.name()),
        None => risk.level.name().to_owned(),
    };
    let frame =
        egui::Frame::new().stroke(Stroke::new(1.5, colour)).corner_radius(6).inner_margin(8).fill(ink(ui, Ink::Paper));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let (place, _) = ui.allocate_exact_size(Vec2::splat(30.0), Sense::hover());
            ui.painter().add(shape(risk.level, place, colour));
            if risk.level == RiskLevel::Indeterminate {
                let font = egui::FontId::new(18.0, semi_bold());
                ui.painter().text(place.center(), egui::Align2::CENTER_CENTER, "?", font, colour);
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.label(RichText::new(&words).family(semi_bold()).size(19.0).color(colour));
                weak(ui, risk.level.meaning());
            });
        });
        for reason in &risk.reasons {
            ui.horizontal_top(|ui| {
                ui.label("•");
                ui.add(egui::Label::new(RichText::new(reason).size(13.5)).wrap());
            });
        }
    });
    let name = format!("Risk level {words}");
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
}

/// A shape of its own for each level, so that colour alone tells nothing: circle, diamond, triangle, octagon, open square.
fn shape(level: RiskLevel, place: Rect, colour: Color32) -> Shape {
    let (centre, radius) = (place.center(), 0.5 * place.width() - 1.0);
    let around = |corners: usize, turn: f32| -> Vec<egui::Pos2> {
        let corner = |number: usize| {
            let angle = turn + std::f32::consts::TAU * number as f32 / corners as f32;
            centre + radius * vec2(angle.sin(), -angle.cos())
        };
        (0..corners).map(corner).collect()
    };
    match level {
        RiskLevel::Low => Shape::circle_filled(centre, radius, colour),
        RiskLevel::Moderate => Shape::convex_polygon(around(4, 0.0), colour, Stroke::NONE),
        RiskLevel::High => Shape::convex_polygon(around(3, 0.0), colour, Stroke::NONE),
        RiskLevel::Critical => Shape::convex_polygon(around(8, std::f32::consts::PI / 8.0), colour, Stroke::NONE),
        RiskLevel::Indeterminate => {
            Shape::rect_stroke(place.shrink(3.0), 3, Stroke::new(2.0, colour), egui::StrokeKind::Inside)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_has_a_shape_of_its_own() {
        let place = Rect::from_min_size(egui::Pos2::ZERO, Vec2::splat(30.0));
        let shapes: Vec<String> =
            RiskLevel::ALL.iter().map(|level| format!("{:?}", shape(*level, place, Color32::BLACK))).collect();
        for (index, one) in shapes.iter().enumerate() {
            assert!(shapes[index + 1..].iter().all(|other| other != one));
        }
    }
}
