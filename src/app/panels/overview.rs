//! The strip of the whole recording below the lanes: where the view is, where segments are, and a way to go anywhere.

use egui::{Mesh, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::status::length;
use crate::app::state::{Command, State};
use crate::app::theme::ink;
use crate::page::Ink;

/// Is there more than the lanes show?
pub fn shown(state: &State) -> bool {
    state
        .document()
        .is_some_and(|document| document.overview.is_some() && document.duration_s() > document.view.visible_s + 0.05)
}

/// Shows the strip.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some((document, overview)) =
        state.document().and_then(|document| Some((document, document.overview.as_ref()?)))
    else {
        return;
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::click_and_drag());
    let name = format!("Whole recording, lead {}, {}", overview.lead, length(overview.duration_s));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 2, ink(ui, Ink::Paper));
    let x = |time_s: f64| rect.left() + (time_s / overview.duration_s.max(1e-9)) as f32 * rect.width();
    for segment in document.segments() {
        let (left, right) = (x(segment.span.start_s), x(segment.span.end_s));
        let place = egui::Rect::from_x_y_ranges(left..=right.max(left + 2.0), rect.y_range());
        painter.rect_filled(place, 0, ink(ui, Ink::Segment));
    }
    painter.add(envelope(&overview.columns_mv, rect, 1.0 / ui.ctx().pixels_per_point(), ink(ui, Ink::Trace)));
    let (left, right) = (x(document.view.start_s), x(document.view.start_s + document.view.visible_s));
    let view = egui::Rect::from_x_y_ranges(left..=right.max(left + 3.0), rect.shrink(1.0).y_range());
    painter.rect(
        view,
        2,
        ink(ui, Ink::Accent).gamma_multiply(0.15),
        Stroke::new(1.5, ink(ui, Ink::Accent)),
        StrokeKind::Inside,
    );
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged()) {
        out.push(Command::Centre(f64::from((at.x - rect.left()) / rect.width()) * overview.duration_s));
    }
    response.on_hover_text(name);
}

/// Low to high of the values under each pixel column.
fn envelope(columns: &[(f32, f32)], rect: egui::Rect, pixel: f32, colour: egui::Color32) -> Shape {
    let fold = |range: &[(f32, f32)]| {
        range.iter().fold((f32::NAN, f32::NAN), |(low, high), (l, h)| (low.min(*l), high.max(*h)))
    };
    let (low, high) = fold(columns);
    let (middle, half) = (0.5 * (low + high), (0.5 * (high - low)).max(0.1));
    let y = |mv: f32| rect.center().y - (mv - middle) / half * 0.46 * rect.height();
    let count = ((rect.width() / pixel) as usize).max(1);
    let mut mesh = Mesh::default();
    for column in 0..count {
        let (start, end) = (column * columns.len() / count, ((column + 1) * columns.len()).div_ceil(count));
        let (low, high) = fold(columns.get(start..end.min(columns.len())).unwrap_or_default());
        if low.is_finite() && high.is_finite() {
            let left = rect.left() + column as f32 * pixel;
            let place = egui::Rect::from_min_max(pos2(left, y(high) - 0.5), pos2(left + pixel, y(low) + 0.5));
            mesh.add_colored_rect(place, colour);
        }
    }
    Shape::mesh(mesh)
}
