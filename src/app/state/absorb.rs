//! What each answer of a worker does to the state. A late answer (an older revision, a closed recording) changes nothing.

use std::sync::Arc;

use super::{Dialog, Done, Job, Level, Picking, Reading, State};
use crate::analysis::Analysis;
use crate::ecg::Recording;
use crate::error::{Cause, Error};
use crate::review::{Review, Study};

use super::DocumentId;

impl State {
    /// Takes in an answer; answers with the jobs that follow.
    pub fn absorb(&mut self, done: Done) -> Vec<Job> {
        match done {
            Done::Opened { document, result: Ok(recording) } => return self.opened(document, recording),
            Done::Opened { document, result: Err(error) } => self.refused(document, error),
            Done::Overview { document, overview } => {
                if let Some(document) = self.by_id_mut(document) {
                    document.overview = overview;
                }
            }
            Done::Progress { document, revision, share, step } => {
                if let Some(document) = self.by_id_mut(document)
                    && document.revision == revision
                    && matches!(document.reading, Reading::Running { .. })
                {
                    document.reading = Reading::Running { share, step };
                }
            }
            Done::Analyzed { document, revision, result } => self.analyzed(document, revision, result),
            Done::Review { document, result } => self.reviewed(document, result),
            Done::Picked { asking, path, at_once } => return self.picked(asking, path, at_once),
            Done::Wrote { what: Some(what), result: Ok(path) } => {
                self.tell(Level::Done, format!("{what} written: {}", path.display()));
            }
            Done::Wrote { what: None, result: Ok(_) } => {}
            Done::Wrote { what, result: Err(error) } => {
                let what = what.map_or_else(String::new, |what| format!("{what} not written: "));
                self.tell(Level::Error, format!("{what}{error}"));
            }
            Done::Failed { document, revision, work, words } => self.failed(document, revision, work, &words),
        }
        Vec::new()
    }

    fn opened(&mut self, id: DocumentId, recording: Arc<Recording>) -> Vec<Job> {
        let Some(document) = self.by_id_mut(id) else { return Vec::new() };
        let (path, name) = (document.path.clone(), document.name());
        let file = path.as_ref().map_or_else(|| "built-in sample".to_owned(), |path| path.display().to_string());
        document.study =
            Some(Study { file, recording: Arc::clone(&recording), analysis: None, review: Review::default() });
        document.changes += 1;
        let fingerprint = Arc::clone(&recording.fingerprint);
        let mut jobs = Vec::new();
        if let Some(path) = path {
            self.settings.remember(std::path::absolute(&path).unwrap_or(path));
            jobs.push(Job::SaveSettings(Box::new(self.settings.clone())));
        }
        if recording.traces.is_empty() {
            self.tell(Level::Warning, format!("{name} holds no ECG lead in volts: nothing can be read from it"));
        }
        if !fingerprint.is_empty() {
            jobs.push(Job::LoadReview { document: id, fingerprint });
        }
        jobs.push(Job::Overview { document: id, recording });
        jobs.extend(self.analyze(id));
        jobs
    }

    fn refused(&mut self, id: DocumentId, error: Error) {
        let Some(index) = self.documents.iter().position(|document| document.id == id) else { return };
        let document = self.documents.remove(index);
        if self.active == Some(id) {
            self.active = self.documents.last().map(|document| document.id);
        }
        match (error.kind(), document.path) {
            (Cause::Missing, Some(path)) => {
                let told = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
                let (rate, unit) = (told(document.hints.rate_hz), told(document.hints.mv_per_unit));
                self.dialog = Some(Dialog::Facts { path, why: error.to_string(), rate, unit });
            }
            (_, path) => {
                let words = error.to_string();
                let named = path.map(|path| path.display().to_string()).filter(|path| !words.contains(path.as_str()));
                let tail = named.map_or_else(String::new, |path| format!(": {path}"));
                self.tell(Level::Error, format!("Not opened: {words}{tail}"));
            }
        }
    }

    fn analyzed(&mut self, id: DocumentId, revision: u64, result: Result<Arc<Analysis>, Error>) {
        let Some(document) = self.by_id_mut(id).filter(|document| document.revision == revision) else { return };
        document.changes += 1;
        let name = document.name();
        match result {
            Ok(analysis) => {
                document.reading = Reading::Done;
                let kept = document.selected().map(|segment| segment.key.clone());
                document.view.finding = None;
                if let Some(study) = document.study.as_mut() {
                    document.view.segment = kept.and_then(|key| analysis.segments.iter().position(|s| s.key == key));
                    study.analysis = Some(analysis);
                }
            }
            Err(error) if error.kind() == Cause::Cancelled => document.reading = Reading::Cancelled,
            Err(error) => {
                document.reading = Reading::Failed(error.to_string());
                self.tell(Level::Error, format!("{name} could not be read by the program: {error}"));
            }
        }
    }

    fn reviewed(&mut self, id: DocumentId, result: Result<Option<Review>, Error>) {
        match result {
            Ok(Some(review)) => {
                let Some(document) = self.by_id_mut(id) else { return };
                // What was said in this window since the file was opened stays.
                if let Some(study) = document.study.as_mut()
                    && study.review.log().is_empty()
                {
                    study.review = review;
                    document.changes += 1;
                }
            }
            Ok(None) => {}
            Err(error) => self.tell(Level::Error, format!("Earlier decisions could not be fetched: {error}")),
        }
    }

    fn picked(&mut self, asking: u64, path: Option<std::path::PathBuf>, at_once: bool) -> Vec<Job> {
        let Some((_, picking)) = self.picking.take_if(|(number, _)| *number == asking) else { return Vec::new() };
        match (picking, path) {
            (Picking::Open, Some(path)) => return self.apply(super::Command::Open(path)),
            (Picking::Save { kind, .. }, Some(path)) => return self.apply(super::Command::Export(kind, path)),
            (Picking::Open, None) if at_once => self.dialog = Some(Dialog::Path { typed: String::new() }),
            (Picking::Save { kind, name }, None) if at_once => {
                let folder = self.document().and_then(|document| document.path.as_ref()).and_then(|path| path.parent());
                let typed = folder.map_or_else(|| name.clone(), |folder| folder.join(&name).display().to_string());
                self.dialog = Some(Dialog::SavePath { kind, typed });
            }
            (_, None) => {}
        }
        Vec::new()
    }

    fn failed(&mut self, id: Option<DocumentId>, revision: Option<u64>, work: &str, words: &str) {
        let sentence = format!("The program failed while {work}: {words}");
        let document = id.and_then(|id| self.by_id_mut(id));
        match (document, revision) {
            (Some(document), Some(revision)) if document.revision == revision => {
                document.reading = Reading::Failed(sentence.clone());
            }
            (_, Some(_)) => return,
            (Some(document), None) if document.study.is_none() => {
                let id = document.id;
                self.documents.retain(|document| document.id != id);
                self.active = self.documents.last().map(|document| document.id);
            }
            _ => {}
        }
        self.tell(Level::Error, sentence);
    }
}
