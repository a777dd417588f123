//! The flagged stretches: list, decision, note.

use egui::{Align, Key, Layout, RichText, ScrollArea, TextEdit, Ui};

use super::part::{button, fold, heading, reveal, weak};
use crate::analysis::Segment;
use crate::app::state::{Command, Document, State};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::ecg::Lead;
use crate::page::Ink;
use crate::review::Verdict;

/// Fewest rows of the list where there are so many; less room makes the tab scroll.
const ROWS: usize = 4;
/// Room for what is said of the selected segment, points.
const DETAILS: f32 = 128.0;

/// Shows the list.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(document) = state.document() else { return };
    let segments = document.segments();
    heading(ui, &format!("Segments ({})", segments.len()));
    if segments.is_empty() {
        weak(ui, "No stretch is flagged");
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().button_padding.x = 6.0;
        button(ui, state, "previous-segment", "Previous", out);
        button(ui, state, "next-segment", "Next", out);
        ui.add_space(4.0);
        button(ui, state, "accept", "Accept", out);
        button(ui, state, "reject", "Reject", out);
        button(ui, state, "unsure", "Unsure", out);
    });
    let row_height = ui.spacing().interact_size.y + ui.spacing().item_spacing.y;
    let room = fold(ui).map_or(0.0, |fold| fold - ui.cursor().top() - DETAILS);
    let height = rows(segments.len(), room / row_height) as f32 * row_height - ui.spacing().item_spacing.y;
    ScrollArea::vertical()
        .id_salt("segments")
        .min_scrolled_height(height)
        .max_height(height)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for (index, segment) in segments.iter().enumerate() {
                row(ui, document, index, segment, out);
            }
        });
    if let Some(segment) = document.selected() {
        details(ui, document, segment, out);
    }
}

/// Whole rows of the list, where the side panel has room for so many: the list ends where what is said of the selected segment begins.
fn rows(count: usize, room: f32) -> usize {
    count.min((room.max(0.0) as usize).max(ROWS))
}

fn row(ui: &mut Ui, document: &Document, index: usize, segment: &Segment, out: &mut Vec<Command>) {
    let selected = document.view.segment == Some(index);
    let words = format!("{}  {:.2}–{:.2} s  {}", index + 1, segment.span.start_s, segment.span.end_s, leads(segment));
    ui.horizontal(|ui| {
        let mark = verdict(document, segment);
        ui.label(RichText::new(sign(mark)).family(semi_bold()).color(ink(ui, Ink::Accent)));
        let left = Layout::left_to_right(Align::Center).with_main_align(Align::LEFT).with_main_justify(true);
        let button = egui::Button::selectable(selected, words).truncate();
        let response = ui.with_layout(left, |ui| ui.add(button)).inner;
        if selected {
            reveal(ui, &response, ("segment", document.id, index));
        }
        let decided = mark.map_or("open", Verdict::name);
        let leads = if segment.leads.is_empty() { "all leads".into() } else { names(&segment.leads) };
        let response = response.on_hover_text(format!(
            "{leads}: {} ({}, score {:.2}; {decided})",
            segment.reason,
            segment.source.name(),
            segment.score
        ));
        if response.clicked() {
            out.push(Command::SelectSegment(index));
        }
    });
}

/// The decision's key as its sign.
fn sign(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Accepted) => "Y",
        Some(Verdict::Rejected) => "X",
        Some(Verdict::Unsure) => "U",
        None => "·",
    }
}

fn verdict(document: &Document, segment: &Segment) -> Option<Verdict> {
    document.study.as_ref()?.review.decision(&segment.key)?.verdict
}

/// More leads than this are counted in a row of the list; the hover names them.
const NAMED: usize = 4;

fn leads(segment: &Segment) -> String {
    match segment.leads.as_slice() {
        [] => "all leads".into(),
        few if few.len() <= NAMED => names(few),
        many => format!("{} and {} more", names(&many[..NAMED - 1]), many.len() - NAMED + 1),
    }
}

fn names(leads: &[Lead]) -> String {
    leads.iter().map(|lead| lead.name()).collect::<Vec<_>>().join(", ")
}

fn details(ui: &mut Ui, document: &Document, segment: &Segment, out: &mut Vec<Command>) {
    let decided = verdict(document, segment).map_or("open", Verdict::name);
    ui.add(
        egui::Label::new(RichText::new(format!("{} · {}", decided, segment.source.name())).family(semi_bold())).wrap(),
    );
    weak(ui, &segment.reason);
    let review = document.study.as_ref().map(|study| &study.review);
    let kept = review.and_then(|review| review.decision(&segment.key)).map_or("", |decision| decision.note.as_str());
    let mut note = document.view.note.clone().unwrap_or_else(|| kept.to_owned());
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Note").size(SMALL));
        let field = ui.add(TextEdit::singleline(&mut note).hint_text("In your words").desired_width(f32::INFINITY));
        let field = field.labelled_by(label.id);
        if field.changed() {
            out.push(Command::DraftNote(note));
        }
        if field.lost_focus() || (field.has_focus() && ui.input(|input| input.key_pressed(Key::Enter))) {
            out.push(Command::KeepNote);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_whole_rows() {
        assert_eq!(rows(3, 9.0), 3);
        assert_eq!(rows(40, 9.7), 9);
        assert_eq!(rows(40, -2.0), ROWS, "too little room: the tab scrolls");
    }
}
