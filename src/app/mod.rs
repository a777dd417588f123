//! The window: a state machine first (`state`, `commands`), panels that read and ask, workers, painting. egui lives nowhere else.
//!
//! `state` plain data, changed only by `apply` and `absorb` · `commands` the one table · `panels` one file each · `worker` threads, `services`
//! what they do · `paint` pages on the screen · `theme` every colour · `icon`, `window` put it together · `script`, `play` drive it without hands.

mod args;
mod commands;
mod icon;
mod keys;
pub mod paint;
mod panels;
mod picker;
mod play;
mod prefs;
mod script;
mod services;
mod state;
pub mod theme;
mod window;
mod worker;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use args::{Args, Wanted};
use services::Services;
use state::{Command, Level, State};
use window::Window;
use worker::Worker;

use crate::analysis::{self, ModelChoice};

/// Opens the viewer as its command line asks. `Ok(Some(words))` are to be printed.
///
/// # Errors
/// A sentence: what was typed wrong, why there is no window, or why a script failed.
pub fn run(words: impl IntoIterator<Item = String>) -> Result<Option<String>, String> {
    match args::parse(words)? {
        Wanted::Words(words) => Ok(Some(words)),
        Wanted::Window(args) => open_window(args).map(|()| None),
    }
}

fn open_window(args: Args) -> Result<(), String> {
    let steps = args.script.as_deref().map(read_script).transpose()?;
    let model = args.model.map_or(ModelChoice::Embedded, ModelChoice::Folder);
    let services = Services::new(analysis::Settings { model, ..Default::default() }, args.config.as_deref());
    let (settings, damaged) = prefs::load(prefs::path(args.config.as_deref()).as_deref());
    let mut state = State::new(settings);
    if let Some(error) = damaged {
        state.tell(Level::Warning, error.to_string());
    }
    let (files, sample) = (args.files, steps.is_none());
    let outcome = Rc::new(RefCell::new(Ok(())));
    let told = Rc::clone(&outcome);
    let made = eframe::run_native(
        "einthoven",
        window::options(),
        Box::new(move |cc| {
            let ctx = cc.egui_ctx.clone();
            let worker = Worker::start(Arc::new(services), Arc::new(move || ctx.request_repaint()))?;
            Ok(Box::new(Window::new(
                &cc.egui_ctx,
                state,
                worker,
                first(files, sample),
                steps.map(play::Play::new),
                told,
            )))
        }),
    );
    made.map_err(|error| format!("no window could be opened: {error}"))?;
    outcome.replace(Ok(()))
}

/// What is opened first: the files named, else the built-in sample.
fn first(files: Vec<PathBuf>, sample: bool) -> Vec<Command> {
    if files.is_empty() && sample {
        return vec![Command::OpenSample];
    }
    files.into_iter().map(Command::Open).collect()
}

fn read_script(path: &std::path::Path) -> Result<Vec<script::Step>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    script::parse(&text).map_err(|why| format!("{}: {why}", path.display()))
}
