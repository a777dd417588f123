//! The flagged stretches: list, decision, note.

use egui::{Align, Id, Key, Layout, RichText, ScrollArea, TextEdit, Ui};

use super::part::{button, fold, heading, weak};
use crate::analysis::Segment;
use crate::app::state::{Command, Document, DocumentId, State};
use crate::app::theme::{SMALL, ink, semi_bold};
use crate::page::Ink;
use crate::review::Verdict;

/// Most rows of the list; more are scrolled to.
const ROWS: usize = 7;

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
    let room = fold(ui).map(|fold| fold - ui.cursor().top());
    let (rows, rest) = rows(segments.len(), room.map(|room| room / row_height));
    let height = rows as f32 * row_height - ui.spacing().item_spacing.y;
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
    ui.add_space(rest * row_height);
    if let Some(segment) = document.selected() {
        details(ui, document, segment, out);
    }
}

/// Rows of the list, and the part of a row to leave free below it, where `room` is what the side panel shows without scrolling, in rows:
/// the list ends at the panel's lower edge sooner than that the edge cuts a row in two.
fn rows(count: usize, room: Option<f32>) -> (usize, f32) {
    let wanted = count.min(ROWS);
    match room {
        Some(room) if room >= 2.0 && room < wanted as f32 => (room as usize, room.fract()),
        _ => (wanted, 0.0),
    }
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
            reveal(ui, &response, (document.id, index));
        }
        let decided = mark.map_or("open", Verdict::name);
        let response = response.on_hover_text(format!(
            "{} ({}, score {:.2}; {decided})",
            segment.reason,
            segment.source.name(),
            segment.score
        ));
        if response.clicked() {
            out.push(Command::SelectSegment(index));
        }
    });
}

/// Scrolls to a segment once when it is selected; a list that was scrolled away by hand stays there.
fn reveal(ui: &Ui, response: &egui::Response, selected: (DocumentId, usize)) {
    let id = Id::unique("the segment scrolled to");
    if ui.data(|data| data.get_temp(id)) != Some(selected) {
        response.scroll_to_me(None);
        ui.data_mut(|data| data.insert_temp(id, selected));
    }
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

fn leads(segment: &Segment) -> String {
    if segment.leads.is_empty() {
        return "all leads".into();
    }
    segment.leads.iter().map(|lead| lead.name()).collect::<Vec<_>>().join(", ")
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
        assert_eq!(rows(3, None), (3, 0.0));
        assert_eq!(rows(40, None), (ROWS, 0.0));
        assert_eq!(rows(40, Some(4.5)), (4, 0.5));
        assert_eq!(rows(40, Some(1.5)), (ROWS, 0.0), "below the edge it is scrolled to, whole");
        assert_eq!(rows(3, Some(4.5)), (3, 0.0));
    }
}
