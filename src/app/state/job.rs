//! What the window asks of its workers, and what they answer. Snapshots in, finished values out; nothing is shared that changes.

use std::path::PathBuf;
use std::sync::Arc;

use super::{DocumentId, Overview, PaperSize, Settings};
use crate::analysis::Analysis;
use crate::ecg::Recording;
use crate::error::Error;
use crate::formats::Hints;
use crate::page::Page;
use crate::review::{Review, Study};

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// The report.
    Pdf,
    /// The lanes as shown.
    Png,
    /// The reading.
    Json,
}

impl ExportKind {
    /// Ending of the file.
    pub fn ending(self) -> &'static str {
        match self {
            ExportKind::Pdf => "pdf",
            ExportKind::Png => "png",
            ExportKind::Json => "json",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            ExportKind::Pdf => "report (PDF)",
            ExportKind::Png => "view (PNG)",
            ExportKind::Json => "reading (JSON)",
        }
    }
}

/// The system's dialog that is open.
#[derive(Debug, Clone, PartialEq)]
pub enum Picking {
    /// A file to open.
    Open,
    /// A file to write.
    Save {
        /// What is written.
        kind: ExportKind,
        /// Name offered.
        name: String,
    },
}

/// Work for a thread.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Read a file.
    Open {
        /// For whom.
        document: DocumentId,
        /// Where; `None` = the built-in sample.
        path: Option<PathBuf>,
        /// Facts the reader gave.
        hints: Hints,
    },
    /// Make the strip of a whole recording.
    Overview {
        /// For whom.
        document: DocumentId,
        /// Of what.
        recording: Arc<Recording>,
    },
    /// Read a recording.
    Analyze {
        /// For whom.
        document: DocumentId,
        /// Which asking.
        revision: u64,
        /// What.
        recording: Arc<Recording>,
    },
    /// Stop reading.
    Cancel {
        /// For whom.
        document: DocumentId,
    },
    /// Fetch what was said of a recording before.
    LoadReview {
        /// For whom.
        document: DocumentId,
        /// Of what.
        fingerprint: Arc<str>,
    },
    /// Keep what is said of a recording.
    SaveReview {
        /// Of what.
        fingerprint: Arc<str>,
        /// What.
        review: Review,
    },
    /// Keep the settings.
    SaveSettings(Box<Settings>),
    /// Open the system's dialog.
    Pick {
        /// Which asking.
        asking: u64,
        /// What for.
        picking: Picking,
    },
    /// Write the report or the JSON.
    Export {
        /// What.
        kind: ExportKind,
        /// Of what.
        study: Box<Study>,
        /// Where.
        path: PathBuf,
        /// On which paper.
        paper: PaperSize,
        /// The page shown, for a picture of the view.
        view: Option<Arc<Page>>,
        /// Dark colours for a picture of the view?
        dark: bool,
    },
    /// Leave; everything asked before is finished first.
    Quit,
}

/// What a thread answers.
#[derive(Debug)]
pub enum Done {
    /// A file was read, or not.
    Opened {
        /// For whom.
        document: DocumentId,
        /// The recording.
        result: Result<Arc<Recording>, Error>,
    },
    /// The strip.
    Overview {
        /// For whom.
        document: DocumentId,
        /// The strip.
        overview: Option<Arc<Overview>>,
    },
    /// How far the reading is.
    Progress {
        /// For whom.
        document: DocumentId,
        /// Which asking.
        revision: u64,
        /// 0 to 1.
        share: f32,
        /// What is being done.
        step: String,
    },
    /// A recording was read, or not.
    Analyzed {
        /// For whom.
        document: DocumentId,
        /// Which asking.
        revision: u64,
        /// The analysis.
        result: Result<Arc<Analysis>, Error>,
    },
    /// What was said before.
    Review {
        /// For whom.
        document: DocumentId,
        /// The review, where there is one.
        result: Result<Option<Review>, Error>,
    },
    /// The system's dialog closed.
    Picked {
        /// Which asking.
        asking: u64,
        /// What was chosen.
        path: Option<PathBuf>,
        /// It closed at once, as it does where no dialog exists.
        at_once: bool,
    },
    /// Something was written, or not.
    Wrote {
        /// What, in words; `None` = not worth a message when it worked.
        what: Option<String>,
        /// The file.
        result: Result<PathBuf, Error>,
    },
    /// The work itself broke.
    Failed {
        /// Whose work.
        document: Option<DocumentId>,
        /// Which asking, where it was a reading.
        revision: Option<u64>,
        /// What was being done, in words.
        work: &'static str,
        /// The words it broke with.
        words: String,
    },
}
