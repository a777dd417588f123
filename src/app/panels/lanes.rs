//! The lanes: a page of `report`, painted by `paint`. The page is laid anew when its key changes and is else the same; a frame in which only
//! the pointer moves costs the cursor.
//!
//! The wheel scrolls time, with Ctrl it steps the paper speed, a drag pans, a click on a segment selects it. Nothing is ever stretched to fit.

use std::sync::Arc;

use egui::{Event, Id, Pos2, Rect, RichText, Sense, Stroke, Ui};

use super::part::{button, heading, weak};
use crate::app::paint::{Painting, Transform, prepare};
use crate::app::state::{Command, Cursor, Document, DocumentId, State};
use crate::app::theme::{ink, palette};
use crate::page::{self, Ink, Page, Palette};
use crate::report::{Arrangement, HeatLayer, Lane, Layout, Signals, arrange, lanes};

/// All that the painted page depends on.
#[derive(Clone, PartialEq)]
struct Key {
    document: DocumentId,
    changes: u64,
    layout: Layout,
    transform: Transform,
    palette: Palette,
}

/// The page as painted now.
struct Shown {
    key: Key,
    page: Arc<Page>,
    arrangement: Arrangement,
    painting: Painting,
}

/// Shows the lanes, or a welcome.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let Some(document) = state.document() else {
        welcome(ui, state, out);
        return;
    };
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0, ink(ui, Ink::Paper));
    let Some(shown) = laid(ui, state, document, rect, out) else {
        ui.centered_and_justified(|ui| ui.label(format!("Opening {}", document.name())));
        return;
    };
    let response = ui.interact(rect, ui.scope_id().with("lanes"), Sense::click_and_drag());
    let painter = ui.painter_at(rect);
    shown.painting.paint(&painter);
    let transform = shown.key.transform;
    for (number, lane) in shown.arrangement.lanes().enumerate() {
        let place = ui.interact(
            transform.rect(lane.cell).intersect(rect),
            ui.scope_id().with(("lane", number)),
            Sense::hover(),
        );
        let name = name(lane, document);
        place.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    }
    let pointer = response.hover_pos();
    let cursor = pointer.and_then(|at| under(&shown, at));
    if cursor != state.cursor {
        out.push(Command::Cursor(cursor));
    }
    if let Some(cursor) = cursor {
        paint_cursor(ui, &shown, cursor);
    }
    let seconds_per_point = 1.0 / f64::from(transform.points_per_mm * state.settings.speed_mm_s);
    if response.dragged() && response.drag_delta().x != 0.0 {
        out.push(Command::Scroll(-f64::from(response.drag_delta().x) * seconds_per_point));
    }
    if pointer.is_some() {
        wheel(ui, seconds_per_point, out);
    }
    if let Some(at) = pointer.filter(|_| response.clicked())
        && let Some(page::Id::Segment(number)) = shown.page.hit(transform.back(at))
    {
        out.push(Command::SelectSegment(*number));
    }
}

/// The page for this place, from before where nothing changed.
fn laid(ui: &Ui, state: &State, document: &Document, rect: Rect, out: &mut Vec<Command>) -> Option<Arc<Shown>> {
    let study = document.study.as_ref()?;
    let transform = Transform::new(rect.min, state.points_per_mm(), ui.ctx().pixels_per_point());
    let layout = layout(state, document, rect, transform);
    let key = Key { document: document.id, changes: document.changes, layout, transform, palette: palette(ui) };
    let id = Id::unique("the page shown");
    if let Some(shown) = ui.data(|data| data.get_temp::<Arc<Shown>>(id)).filter(|shown| shown.key == key) {
        return Some(shown);
    }
    let page = Arc::new(lanes(study, &key.layout));
    let arrangement = arrange(&study.recording, &key.layout);
    let painting = prepare(&page, transform, key.palette);
    let end_s = arrangement.lanes().map(|lane| lane.span().end_s).fold(key.layout.start_s, f64::max);
    out.push(Command::Laid(Arc::clone(&page), end_s - key.layout.start_s));
    let shown = Arc::new(Shown { key, page, arrangement, painting });
    ui.data_mut(|data| data.insert_temp(id, Arc::clone(&shown)));
    Some(shown)
}

fn layout(state: &State, document: &Document, rect: Rect, transform: Transform) -> Layout {
    let settings = &state.settings;
    let mm = |points: f32| points / transform.points_per_mm;
    let maps =
        document.study.as_ref().and_then(|study| study.analysis.as_ref()).is_some_and(|a| !a.attention.is_empty());
    let heat = settings.heat && maps;
    Layout {
        sheet: settings.sheet,
        start_s: document.view.start_s,
        speed_mm_per_s: settings.speed_mm_s,
        gain_mm_per_mv: settings.gain_mm_mv,
        show: settings.signals,
        heat: heat.then(|| HeatLayer { head: document.heat_head(), opacity: settings.heat_opacity }),
        cursor_s: None, // painted over the page, so that the page stays
        selected: document.view.segment,
        finding: document.view.finding,
        waves: settings.waves,
        ..Layout::new(mm(rect.width()), mm(rect.height()))
    }
}

fn name(lane: &Lane, document: &Document) -> String {
    let what = match lane.signals {
        Signals::Raw => "raw",
        Signals::Denoised => "denoised",
        Signals::Overlay => "denoised over raw",
        Signals::Difference => "difference",
    };
    let derived =
        lane.trace.and_then(|index| document.recording()?.traces.get(index)).is_some_and(|trace| trace.derived);
    let state = match (lane.trace, derived) {
        (None, _) => ", not recorded",
        (_, true) => ", derived",
        _ => "",
    };
    format!("Lead {} {what}{state}", lane.name)
}

/// The moment and trace under a place.
fn under(shown: &Shown, at: Pos2) -> Option<Cursor> {
    let at = shown.key.transform.back(at);
    let lane = shown.arrangement.lanes().find(|lane| lane.cell.contains(at))?;
    Some(Cursor { time_s: lane.time_s(at.x_mm), trace: lane.trace })
}

/// A line through every lane that holds the moment.
fn paint_cursor(ui: &Ui, shown: &Shown, cursor: Cursor) {
    let transform = shown.key.transform;
    let stroke = Stroke::new(1.0, ink(ui, Ink::Accent));
    for lane in shown.arrangement.lanes().filter(|lane| lane.span().contains(cursor.time_s)) {
        let cell = transform.rect(lane.cell);
        let x = transform.snap(transform.at(page::Point::new(lane.x_mm(cursor.time_s), 0.0)).x);
        ui.painter().vline(x, cell.y_range(), stroke);
    }
}

fn wheel(ui: &Ui, seconds_per_point: f64, out: &mut Vec<Command>) {
    let (scrolled, steps) = ui.input(|input| {
        let steps = input.events.iter().filter_map(|event| match event {
            Event::MouseWheel { delta, modifiers, .. } if modifiers.command => Some(delta.y),
            _ => None,
        });
        (input.smooth_scroll_delta(), steps.sum::<f32>())
    });
    let by = -f64::from(scrolled.x + scrolled.y);
    if by != 0.0 {
        out.push(Command::Scroll(by * seconds_per_point));
    }
    if steps != 0.0 {
        out.push(Command::StepSpeed(if steps > 0.0 { 1 } else { -1 }));
    }
}

fn welcome(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.28).max(20.0));
        ui.label(RichText::new("Einthoven").heading().size(28.0));
        weak(ui, "Open a recording, or drop a file here");
        ui.add_space(10.0);
        for (id, words) in [("open", "Open…"), ("open-path", "Open path…"), ("open-sample", "Open sample")] {
            button(ui, state, id, words, out);
        }
        if !state.settings.recent.is_empty() {
            ui.add_space(14.0);
            heading(ui, "Recent files");
            for path in state.settings.recent.iter().take(6) {
                if ui.link(path.display().to_string()).clicked() {
                    out.push(Command::Open(path.clone()));
                }
            }
        }
    });
}
