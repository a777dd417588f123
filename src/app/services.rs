//! What the worker's threads really do: open, read, fetch and keep reviews, write. The only place of the window that touches files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::prefs;
use super::worker::Work;
use crate::analysis::{self, Watch};
use crate::app::state::{Done, ExportKind, Job, Overview, PaperSize};
use crate::ecg::Recording;
use crate::error::{Error, Result};
use crate::formats::{self, Hints};
use crate::page::{self, Page, Palette};
use crate::report::{self, PaperOptions, analysis_object, report_pdf};
use crate::review::{self, Review, Store, Study};

/// The real work.
pub struct Services {
    settings: analysis::Settings,
    prefs: Option<PathBuf>,
    store_path: Option<PathBuf>,
    store: Mutex<Option<Store>>,
}

impl Services {
    /// Work with this model; `folder` holds settings and reviews where one is given, else the system's folders do.
    pub fn new(settings: analysis::Settings, folder: Option<&Path>) -> Self {
        let store_path = folder.map(|folder| folder.join("reviews.sqlite")).or_else(review::default_path);
        Self { settings, prefs: prefs::path(folder), store_path, store: Mutex::new(None) }
    }

    /// The store, opened when it is first needed.
    fn with_store<R>(&self, work: impl FnOnce(&mut Store) -> Result<R>) -> Result<R> {
        // A panic while the store was held leaves SQLite's own transaction rolled back: going on is safe.
        let mut held = self.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if held.is_none() {
            let path = self.store_path.as_ref().ok_or_else(|| {
                Error::write("the system names no folder for reviews").cure("start with --config FOLDER")
            })?;
            *held = Some(Store::open(path)?);
        }
        match held.as_mut() {
            Some(store) => work(store),
            None => Err(Error::write("the store of reviews is not open")),
        }
    }
}

impl Work for Services {
    fn run(&self, job: Job, watch: &dyn Watch) -> Option<Done> {
        Some(match job {
            Job::Open { document, path, hints } => {
                Done::Opened { document, result: open(path.as_deref(), &hints).map(Arc::new) }
            }
            Job::Overview { document, recording } => {
                Done::Overview { document, overview: Overview::of(&recording).map(Arc::new) }
            }
            Job::Analyze { document, revision, recording } => {
                let result = analysis::analyze(&recording, &self.settings, watch).map(Arc::new);
                Done::Analyzed { document, revision, result }
            }
            Job::LoadReview { document, fingerprint } => {
                let kept = self.with_store(|store| store.load(&fingerprint));
                Done::Review { document, result: kept.map(some) }
            }
            Job::SaveReview { fingerprint, review } => {
                if fingerprint.is_empty() {
                    return None;
                }
                let kept = self.with_store(|store| store.save(&fingerprint, &review));
                let result = kept.map(|()| self.store_path.clone().unwrap_or_default());
                Done::Wrote { what: result.is_err().then(|| "The decision is".into()), result }
            }
            Job::SaveSettings(settings) => {
                let path = self.prefs.clone()?;
                let result = prefs::save(&path, &settings).map(|()| path);
                Done::Wrote { what: result.is_err().then(|| "The settings are".into()), result }
            }
            Job::Export { kind, study, path, paper, view, dark } => {
                let result = export(kind, &study, &path, paper, view.as_deref(), dark);
                let mut what = kind.words().to_owned();
                what[..1].make_ascii_uppercase();
                Done::Wrote { what: Some(what), result: result.map(|()| path) }
            }
            Job::Pick { .. } | Job::Cancel { .. } | Job::Quit => return None,
        })
    }
}

fn some(review: Review) -> Option<Review> {
    (!review.log().is_empty()).then_some(review)
}

fn open(path: Option<&Path>, hints: &Hints) -> Result<Recording> {
    match path {
        Some(path) => formats::open(path, hints),
        None => formats::sample(),
    }
}

/// Resolution of an exported view.
const VIEW_DPI: f32 = 192.0;

fn export(
    kind: ExportKind,
    study: &Study,
    path: &Path,
    paper: PaperSize,
    view: Option<&Page>,
    dark: bool,
) -> Result<()> {
    let bytes = match kind {
        ExportKind::Json => {
            let text = serde_json::to_string_pretty(&analysis_object(study));
            text.map_err(|error| Error::write("the reading cannot be written as JSON").because(error))?.into_bytes()
        }
        ExportKind::Pdf => {
            let size = match paper {
                PaperSize::A4 => report::PaperSize::A4,
                PaperSize::Letter => report::PaperSize::Letter,
            };
            report_pdf(study, &PaperOptions { size }, Timestamp::now())?
        }
        ExportKind::Png => {
            let view = view.ok_or_else(|| Error::write("no lanes are shown"))?;
            page::png(view, if dark { Palette::Dark } else { Palette::Light }, VIEW_DPI)?
        }
    };
    prefs::write_whole(path, &bytes)
}
