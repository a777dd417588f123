//! The state itself, and what can be read from it.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Dialog, Document, DocumentId, Level, Message, Picking, Settings, Tab};
use crate::page::Page;

/// The monitor the window stands on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Monitor {
    /// Name and native scale, as the window system tells; empty = unknown.
    pub name: String,
}

/// A moment of a lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    /// When, s.
    pub time_s: f64,
    /// Number of the trace under the pointer.
    pub trace: Option<usize>,
}

/// Everything the window is.
#[derive(Debug, Clone)]
pub struct State {
    /// Open recordings, in the order of their tabs.
    pub documents: Vec<Document>,
    /// The one shown.
    pub active: Option<DocumentId>,
    /// What is kept between two runs.
    pub settings: Settings,
    /// The list below the toolbar.
    pub messages: Vec<Message>,
    /// The dialog in front.
    pub dialog: Option<Dialog>,
    /// The system's dialog that is open, with the number of its asking.
    pub picking: Option<(u64, Picking)>,
    /// What is under the pointer.
    pub cursor: Option<Cursor>,
    /// The tab of the side panel.
    pub tab: Tab,
    /// Is the window too narrow for lanes and side panel?
    pub narrow: bool,
    /// Was the side panel asked for in a narrow window?
    pub unfolded: bool,
    /// Where the window stands.
    pub monitor: Monitor,
    /// The page that the lanes show, as the canvas last laid it: what an exported picture holds.
    pub shown: Option<Arc<Page>>,
    /// Leave at the end of this frame.
    pub quitting: bool,
    /// The moment of an edit.
    pub clock: fn() -> Timestamp,
    pub(super) next: u64,
}

impl State {
    /// An empty window with these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            documents: Vec::new(),
            active: None,
            settings: settings.tidy(),
            messages: Vec::new(),
            dialog: None,
            picking: None,
            cursor: None,
            tab: Tab::default(),
            narrow: false,
            unfolded: false,
            monitor: Monitor::default(),
            shown: None,
            quitting: false,
            clock: Timestamp::now,
            next: 1,
        }
    }

    /// Points per mm on a screen that nobody calibrated: 96 to the inch.
    pub const UNCALIBRATED: f32 = 96.0 / 25.4;

    /// The recording shown.
    pub fn document(&self) -> Option<&Document> {
        self.documents.iter().find(|document| Some(document.id) == self.active)
    }

    /// The same, to change it.
    pub(super) fn document_mut(&mut self) -> Option<&mut Document> {
        let active = self.active?;
        self.by_id_mut(active)
    }

    pub(super) fn by_id_mut(&mut self, id: DocumentId) -> Option<&mut Document> {
        self.documents.iter_mut().find(|document| document.id == id)
    }

    /// Does the side panel stand open? A narrow window folds it until it is asked for.
    pub fn side_open(&self) -> bool {
        if self.narrow { self.unfolded } else { self.settings.side }
    }

    /// Was the present monitor calibrated?
    pub fn calibrated(&self) -> bool {
        self.settings.monitors.contains_key(&self.monitor.name)
    }

    /// Native points per mm of the present monitor, before the size of text.
    pub fn native_points_per_mm(&self) -> f32 {
        self.settings.monitors.get(&self.monitor.name).copied().unwrap_or(Self::UNCALIBRATED)
    }

    /// Points per mm as painted: the size of text does not change the scale of the paper.
    pub fn points_per_mm(&self) -> f32 {
        self.native_points_per_mm() / self.settings.text_scale
    }

    /// Messages of this level or worse.
    pub fn has_message(&self, level: Level) -> bool {
        self.messages.iter().any(|message| message.level >= level)
    }

    /// Adds a message; the same words are said once.
    pub fn tell(&mut self, level: Level, words: impl Into<String>) {
        let words = words.into();
        self.messages.retain(|message| message.words != words);
        let id = self.number();
        self.messages.push(Message { id, level, words });
        if self.messages.len() > 50 {
            self.messages.remove(0);
        }
    }

    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}
