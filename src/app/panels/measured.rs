//! What is measured so far, what the rules say of it, and the RR intervals over time.

use egui::{RichText, Ui};
use egui_plot::{Line, Plot, PlotPoints, Points};

use super::part::{heading, weak};
use super::prediction::analysis;
use crate::analysis::{Analysis, Measured};
use crate::app::state::{Command, State};
use crate::app::theme::{SMALL, ink};
use crate::page::Ink;

/// Shows the measurements.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    heading(ui, "Measured so far");
    let values = &analysis.measurements;
    egui::Grid::new("measured").num_columns(2).spacing([16.0, 3.0]).show(ui, |ui| {
        for (name, measured, unit) in [
            ("Heart rate", &values.heart_rate_bpm, "/min"),
            ("RR mean", &values.rr_ms, "ms"),
            ("RR shortest", &values.rr_min_ms, "ms"),
            ("RR longest", &values.rr_max_ms, "ms"),
            ("RR deviation", &values.rr_sd_ms, "ms"),
        ] {
            ui.label(RichText::new(name).size(SMALL));
            value(ui, measured, unit);
            ui.end_row();
        }
    });
    findings(ui, analysis, out);
    trend(ui, analysis, out);
}

fn value(ui: &mut Ui, measured: &Measured, unit: &str) {
    match measured {
        Measured::Value { value, beats } => {
            ui.label(format!("{value:.0} {unit}")).on_hover_text(format!("from {beats} beats or intervals"));
        }
        Measured::NoResult { reason } => drop(weak(ui, format!("no result: {reason}"))),
    }
}

fn findings(ui: &mut Ui, analysis: &Analysis, out: &mut Vec<Command>) {
    if analysis.findings.is_empty() {
        return;
    }
    ui.add_space(4.0);
    heading(ui, "Rules on measurements");
    for finding in &analysis.findings {
        let words = format!("{} ({})", finding.statement, finding.evidence);
        let hover = format!("{} · {}", finding.source, finding.certainty.name());
        let label = egui::Label::new(words).wrap();
        match finding.span {
            Some(span) => {
                if ui.add(label.sense(egui::Sense::click())).on_hover_text(hover).clicked() {
                    out.push(Command::Centre(span.centre_s()));
                }
            }
            None => drop(ui.add(label).on_hover_text(hover)),
        }
    }
}

/// RR against time; a click shows the place.
fn trend(ui: &mut Ui, analysis: &Analysis, out: &mut Vec<Command>) {
    if analysis.beats.len() < 3 {
        return;
    }
    ui.add_space(4.0);
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
