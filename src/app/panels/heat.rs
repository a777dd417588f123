//! The heat map's switch, whose attention it shows, how strong, and what its colours stand for.

use egui::{Sense, Slider, Ui, vec2};

use super::part::{button, heading, weak};
use super::prediction::analysis;
use crate::analysis::AttentionMap;
use crate::app::state::{Command, State};
use crate::app::theme::colour;
use crate::page::heat_colour;

/// Shows the controls.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    heading(ui, "Where the network looked");
    let (Some(analysis), Some(document)) = (analysis(state), state.document()) else { return };
    if analysis.attention.is_empty() {
        weak(ui, "No result: without a prediction there is no attention to show");
        return;
    }
    let shown = document.heat_head();
    ui.horizontal(|ui| {
        button(ui, state, "heat", "Heat map", out);
        let combo = egui::ComboBox::from_id_salt("heat head").width(168.0).selected_text(shown.words());
        let combo = combo.show_ui(ui, |ui| {
            for map in &analysis.attention {
                if ui.selectable_label(map.head == shown, map.head.words()).clicked() {
                    out.push(Command::HeatHead(map.head));
                }
            }
        });
        combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Whose attention"));
    });
    if !state.settings.heat {
        return;
    }
    let mut opacity = state.settings.heat_opacity;
    let slider = ui.add(Slider::new(&mut opacity, 0.05..=1.0).text("Opacity").fixed_decimals(2));
    if slider.changed() {
        out.push(Command::HeatOpacity(opacity));
    }
    if let Some(map) = analysis.map(shown) {
        legend(ui, map, opacity);
    }
}

/// The colours with numbers, and the method's name.
fn legend(ui: &mut Ui, map: &AttentionMap, opacity: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width().min(300.0), 14.0), Sense::hover());
    let mut mesh = egui::Mesh::default();
    const STEPS: usize = 64;
    for step in 0..STEPS {
        let share = (step as f32 + 0.5) / STEPS as f32;
        let left = rect.left() + rect.width() * step as f32 / STEPS as f32;
        let place =
            egui::Rect::from_min_size(egui::pos2(left, rect.top()), vec2(rect.width() / STEPS as f32, rect.height()));
        mesh.add_colored_rect(place, colour(heat_colour(share, opacity)));
    }
    ui.painter().add(egui::Shape::mesh(mesh));
    let words = format!("Attention from 0 to {:.3}", map.full_scale);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &words));
    ui.horizontal(|ui| {
        weak(ui, "0");
        ui.add_space((rect.width() - 70.0).max(0.0));
        weak(ui, format!("{:.3}", map.full_scale));
    });
    weak(ui, format!("{}. Where the network looked, not why: attention is no cause.", AttentionMap::METHOD));
}
