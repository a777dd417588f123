//! The network's word: normal or abnormal first, then the conditions, each with its probability against its operating point.

use egui::{RichText, Ui};
use egui_plot::{Bar, BarChart, HPlacement, Line, Plot, PlotPoints, Text};

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
    let names = |heads: &[Head]| heads.iter().map(|head| head.words().to_lowercase()).collect::<Vec<_>>().join(", ");
    match (prediction.abnormal(), prediction.predicted.as_slice()) {
        (None, []) => "No result".into(),
        (Some(false), []) => "No condition above its operating point".into(),
        (Some(true), []) => "Abnormal".into(),
        (Some(true), heads) => format!("Abnormal: {}", names(heads)),
        (_, heads) => format!("Consider {}", names(heads)),
    }
}

/// One bar a head; the mark across it is the operating point.
fn bars(ui: &mut Ui, prediction: &Prediction) {
    let heads = &prediction.heads;
    let count = heads.len();
    let place = |index: usize| (count - 1 - index) as f64;
    let (over, under) = (ink(ui, Ink::Accent), ink(ui, Ink::Rule));
    let (text, mark) = (ink(ui, Ink::Text), ink(ui, Ink::Text));
    let bar = |(index, result): (usize, &HeadResult)| {
        Bar::new(place(index), f64::from(result.probability))
            .width(0.62)
            .fill(if result.positive() { over } else { under })
            .name(result.head.words())
    };
    let chart =
        BarChart::new("probability", heads.iter().enumerate().map(bar).collect()).horizontal().allow_hover(false);
    let names: Vec<&'static str> = heads.iter().rev().map(|result| result.head.words()).collect();
    let plot = Plot::new("probabilities")
        .height(21.0 * count as f32 + 24.0)
        .show_axes([true, true])
        .show_grid([true, false])
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .default_x_bounds(0.0, 1.3)
        .default_y_bounds(-0.6, count as f64 - 0.4)
        .y_axis_position(HPlacement::Left)
        .y_axis_min_width(150.0)
        .x_grid_spacer(|_| {
            (0..=2).map(|step| egui_plot::GridMark { value: f64::from(step) * 0.5, step_size: 0.5 }).collect()
        })
        .x_axis_formatter(|mark, _| if mark.value <= 1.0 { format!("{}", mark.value) } else { String::new() })
        .y_grid_spacer(move |_| {
            (0..count).map(|index| egui_plot::GridMark { value: index as f64, step_size: 1.0 }).collect()
        })
        .y_axis_formatter(move |mark, _| {
            names.get(mark.value.round() as usize).copied().unwrap_or_default().to_owned()
        });
    let response = plot.show(ui, |plot| {
        plot.bar_chart(chart);
        for (index, result) in heads.iter().enumerate() {
            let (x, y) = (f64::from(result.operating_point), place(index));
            let points = PlotPoints::from(vec![[x, y - 0.42], [x, y + 0.42]]);
            plot.line(Line::new("operating point", points).color(mark).width(2.0).allow_hover(false));
            let words = RichText::new(format!("{:.2}", result.probability)).size(SMALL);
            let at = egui_plot::PlotPoint::new(1.06, y);
            plot.text(Text::new("value", at, words).color(text).anchor(egui::Align2::LEFT_CENTER).allow_hover(false));
        }
    });
    let spoken: Vec<String> = heads.iter().map(sentence).collect();
    let name = format!("Probabilities: {}", spoken.join("; "));
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    response.response.on_hover_text(spoken.join("\n"));
    weak(ui, "Bar: calibrated probability. Mark: operating point.");
}

fn sentence(result: &HeadResult) -> String {
    format!(
        "{} {:.2}, operating point {:.2}{}",
        result.head.words(),
        result.probability,
        result.operating_point,
        if result.positive() { ", above" } else { "" }
    )
}
