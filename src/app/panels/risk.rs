//! Whose recording it is, and the risk badge: word, shape, colour and the deciding reason; the other reasons one hover or one tab away.
//! A triage order by rule, not a probability.

use egui::{Color32, Label, Rect, Response, RichText, Sense, Shape, Stroke, Ui, Vec2, text::LayoutJob, vec2};

use super::part::{heading, weak};
use super::prediction::analysis;
use crate::analysis::{Risk, RiskLevel};
use crate::app::state::{Command, Reading, State, Tab};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::ecg::{Note, Patient, Sex};
use crate::page::Ink;
use crate::report::risk_ink;

/// Shows the badge.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(document) = state.document() else { return };
    if let Some(recording) = document.recording() {
        let words = patient(&recording.patient);
        let colour = ink(ui, Ink::TextWeak);
        ui.add(Label::new(RichText::new(&words).size(SMALL).color(colour)).truncate());
        doubts(ui, &recording.notes, out);
    }
    heading(ui, "Risk level");
    let analysis = document.study.as_ref().and_then(|study| study.analysis.as_ref());
    let words = match (analysis, &document.reading) {
        (Some(analysis), _) => return badge(ui, &analysis.risk, out),
        (None, Reading::Failed(words)) => &format!("No result: {words}"),
        (None, Reading::Cancelled) => "No result: the reading was stopped",
        (None, _) => "The recording is being read",
    };
    framed(ui, ink(ui, Ink::Rule), |ui| drop(weak(ui, words)));
}

/// The badge keeps its usual height while there is nothing in it, so that what stands below does not move.
fn framed(ui: &mut Ui, colour: Color32, add: impl FnOnce(&mut Ui)) -> Response {
    let frame =
        egui::Frame::new().stroke(Stroke::new(1.5, colour)).corner_radius(6).inner_margin(8).fill(ink(ui, Ink::Paper));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_min_height(100.0);
        add(ui);
    });
    shown.response
}

fn badge(ui: &mut Ui, risk: &Risk, out: &mut Vec<Command>) {
    let colour = ink(ui, risk_ink(risk.level));
    let words = match risk.at_least {
        Some(least) => format!("{}, at least {}", risk.level.name(), least.name()),
        None => risk.level.name().to_owned(),
    };
    let response = framed(ui, colour, |ui| {
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
        let Some((deciding, others)) = risk.reasons.split_first() else { return };
        let every = risk.reasons.join("\n");
        // its evidence goes to the list of all reasons where there is no room for it
        let short = !fits(ui, deciding);
        let told = if short { deciding.split(": ").next().unwrap_or(deciding) } else { deciding };
        ui.add(few_lines(ui, told)).on_hover_text(&every);
        if let Some(words) = more(short, others.len()) {
            let link = ui.link(RichText::new(words).size(SMALL)).on_hover_text(every);
            if link.clicked() {
                out.push(Command::Tab(Tab::Reading));
            }
        }
    });
    let name = format!("Risk level {words}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
}

/// A file that was not wholly in order is not taken for one that was.
fn doubts(ui: &mut Ui, notes: &[Note], out: &mut Vec<Command>) {
    let words = match notes {
        [] => return,
        [_] => "1 doubt about the file".to_owned(),
        notes => format!("{} doubts about the file", notes.len()),
    };
    let every: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    let link = ui.link(RichText::new(words).size(SMALL)).on_hover_text(every.join("\n"));
    if link.clicked() {
        out.push(Command::Tab(Tab::Signal));
    }
}

/// The most lines that the deciding reason takes; all of it stands in the hover.
const LINES: usize = 3;

fn few_lines(ui: &Ui, words: &str) -> Label {
    Label::new(job(ui, words))
}

fn fits(ui: &Ui, words: &str) -> bool {
    !ui.painter().layout_job(job(ui, words)).elided
}

fn job(ui: &Ui, words: &str) -> LayoutJob {
    let font = egui::FontId::proportional(13.5);
    let mut job = LayoutJob::simple(words.to_owned(), font, ink(ui, Ink::Text), ui.available_width());
    job.wrap.max_rows = LINES;
    job
}

/// What the badge does not say but the list of reasons does.
fn more(evidence: bool, reasons: usize) -> Option<String> {
    let reasons = match reasons {
        0 => return evidence.then(|| "and its evidence".to_owned()),
        1 => "1 more reason".to_owned(),
        reasons => format!("{reasons} more reasons"),
    };
    Some(if evidence { format!("its evidence and {reasons}") } else { format!("and {reasons}") })
}

/// Name, age, sex: what the file does not say is called unknown.
fn patient(patient: &Patient) -> String {
    let name = patient.name.as_deref().or(patient.id.as_deref()).filter(|name| !name.trim().is_empty());
    let age = patient.age_years.map_or("age unknown".to_owned(), |age| format!("{age} years"));
    let sex = match patient.sex {
        Some(Sex::Female) => "female",
        Some(Sex::Male) => "male",
        None => "sex unknown",
    };
    format!("Patient {}, {age}, {sex}", name.unwrap_or("unknown"))
}

/// Are there reasons?
pub fn any(state: &State) -> bool {
    analysis(state).is_some_and(|analysis| !analysis.risk.reasons.is_empty())
}

/// Shows every reason.
pub fn reasons(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    heading(ui, "Reasons for the risk level");
    for reason in &analysis.risk.reasons {
        ui.horizontal_top(|ui| {
            ui.label("•");
            ui.add(Label::new(RichText::new(reason).size(SMALL)).wrap());
        });
    }
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
    fn what_the_badge_leaves_out_is_said() {
        assert_eq!(more(false, 0), None);
        assert_eq!(more(true, 0).as_deref(), Some("and its evidence"));
        assert_eq!(more(false, 1).as_deref(), Some("and 1 more reason"));
        assert_eq!(more(true, 5).as_deref(), Some("its evidence and 5 more reasons"));
    }

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
