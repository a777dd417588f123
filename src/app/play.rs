//! Plays a script in the real window, one step after the other, and takes the pictures.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use egui::{ColorImage, Context, ViewportCommand, vec2};

use super::commands;
use super::script::{Step, problem, settled};
use super::state::{Command, Level, State};

/// Frames after a step before its result is looked at: layout, scroll areas and textures need them.
const FRAMES: u32 = 4;
/// A step that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(120);

/// A script being played.
pub struct Play {
    steps: Vec<Step>,
    at: usize,
    begun: Option<Instant>,
    frames: u32,
    refused: bool,
    picture: Option<Receiver<Result<(), String>>>,
}

impl Play {
    /// Plays these steps.
    pub fn new(steps: Vec<Step>) -> Self {
        Self { steps, at: 0, begun: None, frames: 0, refused: false, picture: None }
    }

    /// One frame: begins a step, waits for it, or ends the play.
    pub fn frame(&mut self, ctx: &Context, state: &State, outcome: &RefCell<Result<(), String>>) -> Vec<Command> {
        ctx.request_repaint_after(Duration::from_millis(15));
        let Some(step) = self.steps.get(self.at).cloned() else {
            return vec![Command::Quit];
        };
        let fail = |why: String| {
            *outcome.borrow_mut() = Err(why);
            vec![Command::Quit]
        };
        let Some(begun) = self.begun else {
            if let Some(why) = problem(&step, state, self.refused) {
                return fail(format!("step {}: {why}", self.at + 1));
            }
            (self.begun, self.frames) = (Some(Instant::now()), 0);
            return self.begin(ctx, state, &step);
        };
        self.frames += 1;
        if !self.refused
            && let Some(message) = state.messages.iter().find(|message| message.level == Level::Error)
        {
            return fail(format!("step {}: the window shows a problem: {}", self.at + 1, message.words));
        }
        if begun.elapsed() > LONGEST {
            return fail(format!("step {} ({step:?}) is not done after {} s", self.at + 1, LONGEST.as_secs()));
        }
        if let Some(picture) = &self.picture {
            match picture.try_recv() {
                Ok(Ok(())) => self.picture = None,
                Ok(Err(why)) => return fail(format!("step {}: {why}", self.at + 1)),
                Err(_) => return Vec::new(),
            }
        }
        if self.frames >= FRAMES && sized(ctx, state, &step) && settled(&step, state) {
            self.at += 1;
            self.begun = None;
        }
        Vec::new()
    }

    fn begin(&mut self, ctx: &Context, state: &State, step: &Step) -> Vec<Command> {
        match step {
            Step::Named(id) => commands::entry(id).and_then(|entry| (entry.command)(state)).into_iter().collect(),
            Step::Do(Command::DraftNote(words)) => vec![Command::DraftNote(words.clone()), Command::KeepNote],
            Step::Do(command) => vec![command.clone()],
            Step::Export(kind, path) => vec![Command::Export(*kind, path.clone())],
            Step::Refused(path) => {
                self.refused = true;
                vec![Command::Open(path.clone())]
            }
            Step::WaitAnalysis => Vec::new(),
            Step::Size(width, height) => {
                let scale = state.settings.text_scale;
                ctx.send_viewport_cmd(ViewportCommand::InnerSize(vec2(*width, *height) / scale));
                Vec::new()
            }
            Step::Shot(path) => {
                let (done, picture) = sync_channel(1);
                let (path, waker) = (path.clone(), ctx.clone());
                ctx.request_screenshot(move |image| {
                    let _ = done.send(save(&image, &path)); // the window closed meanwhile
                    waker.request_repaint();
                });
                self.picture = Some(picture);
                Vec::new()
            }
            Step::Quit => vec![Command::DismissMessages, Command::Quit],
        }
    }
}

/// Has the window the size that was asked?
fn sized(ctx: &Context, state: &State, step: &Step) -> bool {
    let Step::Size(width, height) = step else { return true };
    let size = ctx.content_rect().size() * state.settings.text_scale;
    (size - vec2(*width, *height)).length() < 3.0
}

fn save(image: &Arc<ColorImage>, path: &Path) -> Result<(), String> {
    let [width, height] = image.size;
    let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let (width, height) = (u32::try_from(width), u32::try_from(height));
    let (Ok(width), Ok(height)) = (width, height) else { return Err(failed(&"the picture is too large")) };
    image::save_buffer(path, image.as_raw(), width, height, image::ColorType::Rgba8).map_err(|why| failed(&why))
}
