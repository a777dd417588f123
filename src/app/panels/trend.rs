//! The RR intervals over time.

use egui::Ui;
use egui_plot::{Line, Plot, PlotPoints, Points};

use super::part::{heading, weak};
use super::prediction::analysis;
use crate::app::state::{Command, State};
use crate::app::theme::ink;
use crate::page::Ink;

/// Are there intervals enough to show?
pub fn shown(state: &State) -> bool {
    analysis(state).is_some_and(|analysis| analysis.beats.len() >= 3)
}

/// Shows RR against time; a click shows the place.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    heading(ui, "RR intervals");
    let points: Vec<[f64; 2]> =
        analysis.beats.windows(2).map(|pair| [pair[1].r_s, (pair[1].r_s - pair[0].r_s) * 1000.0]).collect();
    let highest = points.iter().map(|point| point[1]).fold(0.0, f64::max);
    let last_s = points.last().map_or(0.0, |point| point[0]);
    let (line, dots) = (ink(ui, Ink::Rule), ink(ui, Ink::Accent));
    let plot = Plot::new("rr")
        .height(110.0)
        .show_background(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .include_y(0.0)
        .include_y(highest * 1.15)
        .include_x(0.0)
        .include_x(last_s * 1.06)
        .y_axis_min_width(44.0)
        .x_axis_formatter(|mark, _| format!("{} s", mark.value))
        .label_formatter(|_| None);
    let many = points.len() > 300;
    let response = plot.show(ui, |plot| {
        plot.line(Line::new("RR", PlotPoints::from(points.clone())).color(line).width(1.0).allow_hover(false));
        if !many {
            plot.points(Points::new("RR", PlotPoints::from(points)).color(dots).radius(2.5).allow_hover(false));
        }
        plot.pointer_coordinate().filter(|_| plot.response().clicked())
    });
    if let Some(at) = response.inner {
        out.push(Command::Centre(at.x));
    }
    let name = format!("RR intervals of {} beats, longest {highest:.0} ms", analysis.beats.len());
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    weak(ui, "ms between beats; click to go there");
}
