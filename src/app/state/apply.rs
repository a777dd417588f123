//! What each command does to the state. No window, no thread: the answer is the list of jobs to start.

use std::path::PathBuf;
use std::sync::Arc;

use super::settings::{GAINS_MM_MV, SPEEDS_MM_S, nearest, next_signals, step};
use super::{Command, Dialog, Document, DocumentId, ExportKind, Job, Level, Picking, Reading, State, Tab, Theme};
use crate::formats::Hints;
use crate::review::{Edit, Verdict};

impl State {
    /// Does what was asked; answers with the jobs to start.
    pub fn apply(&mut self, command: Command) -> Vec<Job> {
        let before = self.settings.clone();
        let mut jobs = self.enact(command);
        if self.settings != before {
            jobs.push(Job::SaveSettings(Box::new(self.settings.clone())));
        }
        jobs
    }

    fn enact(&mut self, command: Command) -> Vec<Job> {
        match command {
            Command::Open(path) => return self.open(Some(path), Hints::default()),
            Command::OpenSample => return self.open(None, Hints::default()),
            Command::AskOpen => return self.pick(Picking::Open),
            Command::AskExport(kind) => return self.ask_export(kind),
            Command::AskPath => self.dialog = Some(Dialog::Path { typed: String::new() }),
            Command::ForgetPicking => self.picking = None,
            Command::Activate(id) => {
                let jobs = self.keep_note();
                self.active = Some(id);
                return jobs;
            }
            Command::StepDocument(steps) => return self.step_document(steps),
            Command::Close(id) => return self.close(id.or(self.active)),
            Command::Export(kind, path) => return self.export(kind, path),
            Command::Analyze => return self.analyze_active(),
            Command::CancelAnalysis => return self.cancel_active(),
            Command::StepSegment(steps) => return self.step_segment(steps),
            Command::SelectSegment(index) => return self.select_segment(index),
            Command::StepFinding(steps) => return self.step_finding(steps),
            Command::ShowFinding(index) => return self.show_finding(index),
            Command::Decide(verdict) => return self.decide(verdict),
            Command::KeepNote => return self.keep_note(),
            Command::KeepImpression => return self.keep_impression(),
            Command::Undo => return self.walk_log("undo"),
            Command::Redo => return self.walk_log("redo"),
            Command::Reviewer(name) => return self.set_reviewer(name),
            Command::Confirm => return self.confirm(),
            Command::Quit => {
                let mut jobs = self.keep_note();
                jobs.push(Job::Quit);
                self.quitting = true;
                return jobs;
            }
            other => self.enact_view(other),
        }
        Vec::new()
    }

    /// Commands that change what is seen and start nothing.
    fn enact_view(&mut self, command: Command) {
        let settings = &mut self.settings;
        match command {
            Command::Sheet(sheet) => settings.sheet = sheet,
            Command::Signals(signals) => settings.signals = signals,
            Command::NextSignals => settings.signals = next_signals(settings.sheet, settings.signals),
            Command::StepSpeed(steps) => settings.speed_mm_s = step(&SPEEDS_MM_S, settings.speed_mm_s, steps),
            Command::StepGain(steps) => settings.gain_mm_mv = step(&GAINS_MM_MV, settings.gain_mm_mv, steps),
            Command::Speed(speed) => settings.speed_mm_s = nearest(&SPEEDS_MM_S, speed),
            Command::Gain(gain) => settings.gain_mm_mv = nearest(&GAINS_MM_MV, gain),
            Command::StandardScale => (settings.speed_mm_s, settings.gain_mm_mv) = (25.0, 10.0),
            Command::ToggleWaves => settings.waves = !settings.waves,
            Command::ToggleHeat => settings.heat = !settings.heat,
            Command::HeatOpacity(opacity) => settings.heat_opacity = opacity.clamp(0.05, 1.0),
            Command::Theme(theme) => settings.theme = theme,
            Command::ToggleSide if self.narrow => self.unfolded = !self.unfolded,
            Command::ToggleSide => settings.side = !settings.side,
            Command::Tab(tab) => self.show_tab(tab),
            Command::Narrow(narrow) => (self.narrow, self.unfolded) = (narrow, false),
            Command::TextScale(scale) => settings.text_scale = scale.clamp(0.75, 2.0),
            Command::Paper(paper) => settings.paper = paper,
            Command::HeatHead(head) => {
                settings.heat = true;
                self.with_document(|document| document.view.head = Some(head));
            }
            Command::Scroll(by_s) => self.with_document(|document| document.scroll_to(document.view.start_s + by_s)),
            Command::ScrollPages(pages) => self.with_document(|document| {
                document.scroll_to(document.view.start_s + pages * document.view.visible_s);
            }),
            Command::ScrollTo(start_s) => self.with_document(|document| document.scroll_to(start_s)),
            Command::ScrollToEnd => self.with_document(|document| document.scroll_to(f64::MAX)),
            Command::Centre(time_s) => {
                self.with_document(|document| document.scroll_to(time_s - 0.5 * document.view.visible_s));
            }
            Command::Laid(page, visible_s) => {
                self.shown = Some(page);
                self.with_document(|document| {
                    document.view.visible_s = visible_s;
                    document.scroll_to(document.view.start_s);
                });
            }
            Command::Cursor(cursor) => self.cursor = cursor,
            Command::DraftNote(words) => self.with_document(|document| document.view.note = Some(words)),
            Command::DraftImpression(words) => self.with_document(|document| document.view.impression = Some(words)),
            Command::Monitor(name) => self.monitor.name = name,
            Command::Calibrate(Some(points_per_mm)) if (0.5..60.0).contains(&points_per_mm) => {
                settings.monitors.insert(self.monitor.name.clone(), points_per_mm);
            }
            Command::Calibrate(_) => {
                settings.monitors.remove(&self.monitor.name);
            }
            Command::DismissMessage(id) => self.messages.retain(|message| message.id != id),
            Command::DismissMessages => self.messages.clear(),
            other => self.enact_dialog(other),
        }
    }

    fn enact_dialog(&mut self, command: Command) {
        match command {
            Command::AskTime => self.dialog = Some(Dialog::Time { typed: String::new() }),
            Command::AskReviewer => {
                self.dialog = Some(Dialog::Reviewer { name: self.settings.reviewer.clone(), asked: false });
            }
            Command::AskCalibration => {
                self.dialog = Some(Dialog::Calibration { points_per_mm: self.native_points_per_mm() });
            }
            Command::ShowHelp => self.dialog = Some(Dialog::Help),
            Command::ShowPalette => self.dialog = Some(Dialog::Palette { typed: String::new() }),
            Command::ShowAbout => self.dialog = Some(Dialog::About),
            Command::Dismiss => self.dialog = None,
            Command::Draft(words) => match &mut self.dialog {
                Some(
                    Dialog::Path { typed }
                    | Dialog::SavePath { typed, .. }
                    | Dialog::Time { typed }
                    | Dialog::Palette { typed },
                ) => *typed = words,
                Some(Dialog::Facts { rate, .. }) => *rate = words,
                Some(Dialog::Reviewer { name, asked }) => (*name, *asked) = (words, false),
                Some(Dialog::Calibration { points_per_mm }) => {
                    if let Ok(value) = words.parse::<f32>() {
                        *points_per_mm = value.clamp(1.0, 40.0);
                    }
                }
                _ => {}
            },
            Command::DraftSecond(words) => {
                if let Some(Dialog::Facts { unit, .. }) = &mut self.dialog {
                    *unit = words;
                }
            }
            _ => {}
        }
    }

    fn with_document(&mut self, change: impl FnOnce(&mut Document)) {
        if let Some(document) = self.document_mut() {
            change(document);
        }
    }

    fn open(&mut self, path: Option<PathBuf>, hints: Hints) -> Vec<Job> {
        self.dialog = None;
        let already = self.documents.iter().find(|document| document.path == path && document.hints == hints);
        if let Some(document) = already {
            self.active = Some(document.id);
            return Vec::new();
        }
        let id = DocumentId(self.number());
        self.documents.push(Document::opening(id, path.clone(), hints));
        self.active = Some(id);
        vec![Job::Open { document: id, path, hints }]
    }

    fn pick(&mut self, picking: Picking) -> Vec<Job> {
        if self.picking.is_some() {
            self.tell(Level::Warning, "The system's file dialog is already open");
            return Vec::new();
        }
        let asking = self.number();
        self.picking = Some((asking, picking.clone()));
        vec![Job::Pick { asking, picking }]
    }

    fn ask_export(&mut self, kind: ExportKind) -> Vec<Job> {
        let Some(document) = self.document() else { return Vec::new() };
        let stem = document.path.as_ref().and_then(|path| path.file_stem());
        let stem = stem.map_or_else(|| "sample".to_owned(), |stem| stem.to_string_lossy().into_owned());
        self.pick(Picking::Save { kind, name: format!("{stem}.{}", kind.ending()) })
    }

    fn step_document(&mut self, steps: isize) -> Vec<Job> {
        let here = self.documents.iter().position(|document| Some(document.id) == self.active);
        let Some(here) = here else { return Vec::new() };
        let count = self.documents.len() as isize;
        let there = (here as isize + steps).rem_euclid(count) as usize;
        let jobs = self.keep_note();
        self.active = Some(self.documents[there].id);
        jobs
    }

    fn close(&mut self, id: Option<DocumentId>) -> Vec<Job> {
        let Some(index) = self.documents.iter().position(|document| Some(document.id) == id) else {
            return Vec::new();
        };
        let mut jobs = if id == self.active { self.keep_note() } else { Vec::new() };
        let closed = self.documents.remove(index);
        jobs.push(Job::Cancel { document: closed.id });
        if self.active == Some(closed.id) {
            let neighbour = self.documents.get(index).or(self.documents.last());
            self.active = neighbour.map(|document| document.id);
            (self.shown, self.cursor) = (None, None);
        }
        jobs
    }

    fn export(&mut self, kind: ExportKind, path: PathBuf) -> Vec<Job> {
        self.dialog = None;
        let mut jobs = self.keep_note();
        let (view, paper) = (self.shown.clone(), self.settings.paper);
        let dark = self.settings.theme == Theme::Dark;
        let Some(study) = self.document().and_then(|document| document.study.clone()) else { return jobs };
        jobs.push(Job::Export { kind, study: Box::new(study), path, paper, view, dark });
        jobs
    }

    /// Starts reading the recording shown (again).
    fn analyze_active(&mut self) -> Vec<Job> {
        let Some(id) = self.active else { return Vec::new() };
        self.analyze(id)
    }

    /// Starts reading a recording; what an older asking answers will be dropped.
    pub(super) fn analyze(&mut self, id: DocumentId) -> Vec<Job> {
        let Some(document) = self.by_id_mut(id) else { return Vec::new() };
        let Some(recording) = document.recording().cloned() else { return Vec::new() };
        document.revision += 1;
        document.reading = Reading::Running { share: 0.0, step: "waiting".into() };
        vec![Job::Cancel { document: id }, Job::Analyze { document: id, revision: document.revision, recording }]
    }

    fn cancel_active(&mut self) -> Vec<Job> {
        let Some(document) = self.document_mut() else { return Vec::new() };
        if !matches!(document.reading, Reading::Running { .. }) {
            return Vec::new();
        }
        document.revision += 1;
        document.reading = Reading::Cancelled;
        vec![Job::Cancel { document: document.id }]
    }

    /// A tab that was asked for is shown, wherever the side panel was folded.
    fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
        if self.narrow {
            self.unfolded = true;
        } else {
            self.settings.side = true;
        }
    }

    fn step_segment(&mut self, steps: isize) -> Vec<Job> {
        let there = self.document().and_then(|d| stepped(d.view.segment, steps, d.segments().len()));
        there.map_or_else(Vec::new, |there| self.select_segment(there))
    }

    /// The list comes to the front; a side panel that was folded away stays so, as the lanes are what is looked at.
    fn select_segment(&mut self, index: usize) -> Vec<Job> {
        let jobs = self.keep_note();
        self.tab = Tab::Segments;
        self.with_document(|document| {
            let Some(span) = document.segments().get(index).map(|segment| segment.span) else { return };
            (document.view.segment, document.view.finding) = (Some(index), None);
            document.scroll_to(span.centre_s() - 0.5 * document.view.visible_s);
        });
        jobs
    }

    fn step_finding(&mut self, steps: isize) -> Vec<Job> {
        let there = self.document().and_then(|d| stepped(d.view.finding, steps, d.findings().len()));
        there.map_or_else(Vec::new, |there| self.show_finding(there))
    }

    fn show_finding(&mut self, index: usize) -> Vec<Job> {
        let jobs = self.keep_note();
        self.tab = Tab::Reading;
        self.with_document(|document| {
            let Some(span) = document.findings().get(index).map(|finding| finding.span) else { return };
            (document.view.finding, document.view.segment) = (Some(index), None);
            match span {
                Some(span) if span.duration_s() < document.view.visible_s => {
                    document.scroll_to(span.centre_s() - 0.5 * document.view.visible_s);
                }
                Some(span) if !span.contains(document.view.start_s) => document.scroll_to(span.start_s),
                // What lies in the whole record, or everywhere in view, is where the reader is.
                _ => {}
            }
        });
        jobs
    }

    fn decide(&mut self, verdict: Option<Verdict>) -> Vec<Job> {
        let mut jobs = self.keep_note();
        let Some(segment) = self.document().and_then(Document::selected).map(|segment| segment.key.clone()) else {
            return jobs;
        };
        jobs.extend(self.edit(Edit::Decide { segment, verdict }));
        jobs
    }

    /// Keeps the impression that was typed.
    fn keep_impression(&mut self) -> Vec<Job> {
        let Some(document) = self.document_mut() else { return Vec::new() };
        let Some(words) = document.view.impression.take() else { return Vec::new() };
        let words = words.trim().to_owned();
        if document.study.as_ref().is_none_or(|study| study.review.impression() == words) {
            return Vec::new();
        }
        self.edit(Edit::Impression(words))
    }

    /// Keeps what was typed: the impression, and the note for the selected segment.
    fn keep_note(&mut self) -> Vec<Job> {
        let mut jobs = self.keep_impression();
        jobs.extend(self.keep_segment_note());
        jobs
    }

    fn keep_segment_note(&mut self) -> Vec<Job> {
        let Some(document) = self.document_mut() else { return Vec::new() };
        let Some(note) = document.view.note.take() else { return Vec::new() };
        let Some(segment) = document.selected().map(|segment| segment.key.clone()) else { return Vec::new() };
        let review = document.study.as_ref().map(|study| &study.review);
        let before = review.and_then(|review| review.decision(&segment)).map_or("", |decision| &decision.note);
        let note = note.trim().to_owned();
        if note == before {
            return Vec::new();
        }
        self.edit(Edit::Note { segment, note })
    }

    fn edit(&mut self, edit: Edit) -> Vec<Job> {
        let at = (self.clock)();
        self.change_review(|review| {
            review.apply(at, edit);
            true
        })
    }

    fn walk_log(&mut self, way: &str) -> Vec<Job> {
        let mut jobs = self.keep_note();
        jobs.extend(self.change_review(|review| if way == "undo" { review.undo() } else { review.redo() }));
        jobs
    }

    /// The one place where a review changes: the page is laid anew and the store keeps it.
    fn change_review(&mut self, change: impl FnOnce(&mut crate::review::Review) -> bool) -> Vec<Job> {
        let Some(document) = self.document_mut() else { return Vec::new() };
        let Some(study) = document.study.as_mut() else { return Vec::new() };
        if !change(&mut study.review) {
            return Vec::new();
        }
        let job =
            Job::SaveReview { fingerprint: Arc::clone(&study.recording.fingerprint), review: study.review.clone() };
        document.changes += 1;
        vec![job]
    }

    fn set_reviewer(&mut self, name: Option<String>) -> Vec<Job> {
        self.dialog = None;
        let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        if let Some(name) = &name {
            self.settings.reviewer.clone_from(name);
        }
        self.edit(Edit::Reviewer(name))
    }

    /// The main button of the open dialog.
    fn confirm(&mut self) -> Vec<Job> {
        match self.dialog.take() {
            Some(Dialog::Path { typed }) if !typed.trim().is_empty() => {
                self.open(Some(expand(typed.trim())), Hints::default())
            }
            Some(Dialog::SavePath { kind, typed }) if !typed.trim().is_empty() => {
                self.export(kind, expand(typed.trim()))
            }
            Some(Dialog::Facts { path, why, rate, unit }) => match facts(&rate, &unit) {
                Some(hints) => self.open(Some(path), hints),
                None => {
                    self.dialog = Some(Dialog::Facts { path, why, rate, unit });
                    Vec::new()
                }
            },
            Some(Dialog::Time { typed }) => {
                if let Some(time_s) = seconds(&typed) {
                    self.with_document(|document| document.scroll_to(time_s));
                } else {
                    self.dialog = Some(Dialog::Time { typed });
                }
                Vec::new()
            }
            Some(Dialog::Reviewer { name, asked: false }) if !name.trim().is_empty() => {
                self.dialog = Some(Dialog::Reviewer { name, asked: true });
                Vec::new()
            }
            Some(Dialog::Reviewer { name, asked: true }) => self.set_reviewer(Some(name)),
            Some(Dialog::Calibration { points_per_mm }) => {
                self.enact_view(Command::Calibrate(Some(points_per_mm)));
                Vec::new()
            }
            Some(Dialog::Help | Dialog::About | Dialog::Palette { .. }) | None => Vec::new(),
            kept => {
                self.dialog = kept;
                Vec::new()
            }
        }
    }
}

/// So many steps on in a list, held at its ends; with nothing selected its first or last.
fn stepped(here: Option<usize>, steps: isize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match here {
        Some(here) => here.saturating_add_signed(steps).min(last),
        None if steps > 0 => 0,
        None => last,
    })
}

/// The facts as typed; a field left empty is not told.
pub(super) fn facts(rate: &str, unit: &str) -> Option<Hints> {
    let number = |typed: &str| -> Option<Option<f64>> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Some(None);
        }
        typed.parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0).map(Some)
    };
    let hints = Hints { rate_hz: number(rate)?, mv_per_unit: number(unit)? };
    (hints != Hints::default()).then_some(hints)
}

/// `75`, `1:15` or `0:01:15` in seconds.
pub(super) fn seconds(typed: &str) -> Option<f64> {
    let mut total = 0.0;
    for part in typed.trim().split(':') {
        total = total * 60.0 + part.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0)?;
    }
    Some(total)
}

/// `~` is the home folder; quotes and `file://` around a pasted path are taken off.
fn expand(typed: &str) -> PathBuf {
    let bare = typed.trim_matches(['"', '\'']);
    let bare = bare.strip_prefix("file://").unwrap_or(bare);
    match (bare.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(home)) => home.home_dir().join(rest),
        _ => PathBuf::from(bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_facts_are_read_as_typed() {
        assert_eq!(seconds("1:15"), Some(75.0));
        assert_eq!(seconds(" 1:00:02.5 "), Some(3602.5));
        assert_eq!(seconds("abc"), None);
        assert_eq!(facts("500", ""), Some(Hints { rate_hz: Some(500.0), mv_per_unit: None }));
        assert_eq!(facts("0", "1"), None);
        assert_eq!(facts("", ""), None);
        assert_eq!(expand("\"/a b/c.hea\""), PathBuf::from("/a b/c.hea"));
        assert_eq!(expand("file:///x"), PathBuf::from("/x"));
    }
}
