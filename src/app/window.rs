//! The window: fetches answers, shows the panels, collects what was asked, applies it, starts the jobs. Nothing else decides anything here.
//!
//! It paints when something happened: an event, an answer, progress. When nothing moves, nothing is painted.

use std::cell::RefCell;
use std::rc::Rc;

use egui::{CentralPanel, Context, Frame, Margin, Ui, ViewportCommand, vec2};

use super::panels::{PANELS, Place, show_dialog, show_side};
use super::play::Play;
use super::state::{Command, Done, Job, State, Theme};
use super::worker::Worker;
use super::{icon, keys, picker, theme};

/// Below this width the side panel folds, points.
pub const NARROW: f32 = 900.0;

/// The window.
pub struct Window {
    state: State,
    worker: Worker,
    play: Option<Play>,
    outcome: Rc<RefCell<Result<(), String>>>,
}

impl Window {
    /// A window on this state; `outcome` receives how a script ended.
    pub fn new(
        ctx: &Context,
        mut state: State,
        mut worker: Worker,
        first: Vec<Command>,
        play: Option<Play>,
        outcome: Rc<RefCell<Result<(), String>>>,
    ) -> Self {
        theme::install(ctx);
        for command in first {
            state.apply(command).into_iter().for_each(|job| worker.send(job));
        }
        let mut window = Self { state, worker, play, outcome };
        window.dress(ctx);
        window
    }

    /// Colours and size of text as the settings say.
    fn dress(&mut self, ctx: &Context) {
        ctx.set_theme(match self.state.settings.theme {
            Theme::System => egui::ThemePreference::System,
            Theme::Light => egui::ThemePreference::Light,
            Theme::Dark => egui::ThemePreference::Dark,
        });
        ctx.set_zoom_factor(self.state.settings.text_scale);
    }

    fn start(&mut self, jobs: Vec<Job>, frame: &eframe::Frame) {
        for job in jobs {
            match job {
                Job::Pick { asking, picking } => picker::open(frame, &self.worker, asking, &picking),
                job => self.worker.send(job),
            }
        }
    }

    fn absorb(&mut self, answers: Vec<Done>, frame: &eframe::Frame) {
        for done in answers {
            let jobs = self.state.absorb(done);
            self.start(jobs, frame);
        }
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let answers = self.worker.fetch();
        self.absorb(answers, frame);

        let mut asked: Vec<Command> = Vec::new();
        let monitor = monitor(&ctx, frame);
        if monitor != self.state.monitor.name {
            asked.push(Command::Monitor(monitor));
        }
        asked.extend(dropped(&ctx));
        asked.extend(keys::pressed(&ctx, &self.state));
        show(ui, &self.state, &mut asked);
        if let Some(play) = &mut self.play {
            asked.extend(play.frame(&ctx, &self.state, &self.outcome));
        }

        let settings = self.state.settings.clone();
        // What was asked changes the next frame; the pointer alone asks for none of its own.
        if !asked.is_empty() {
            ctx.request_repaint();
        }
        for command in asked {
            let jobs = self.state.apply(command);
            self.start(jobs, frame);
        }
        if (settings.theme, settings.text_scale) != (self.state.settings.theme, self.state.settings.text_scale) {
            self.dress(&ctx);
        }
        if self.state.quitting {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    /// A script's pictures do not depend on where the pointer happens to stand.
    fn raw_input_hook(&mut self, _ctx: &Context, raw_input: &mut egui::RawInput) {
        if self.play.is_some() {
            raw_input
                .events
                .retain(|event| !matches!(event, egui::Event::PointerMoved(_) | egui::Event::MouseMoved(_)));
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// Lays out every panel and the dialog in front of them.
pub fn show(ui: &mut Ui, state: &State, asked: &mut Vec<Command>) {
    let panels = |place: Place| PANELS.iter().filter(move |panel| panel.place == place && (panel.shown)(state));
    let row = Frame::new().inner_margin(Margin::symmetric(8, 4)).fill(ui.visuals().panel_fill);
    for panel in panels(Place::Top) {
        egui::Panel::top(panel.name).resizable(false).frame(row).show(ui, |ui| (panel.show)(ui, state, asked));
    }
    for panel in panels(Place::Bottom) {
        egui::Panel::bottom(panel.name).resizable(false).frame(row).show(ui, |ui| (panel.show)(ui, state, asked));
    }
    let narrow = ui.available_width() < NARROW;
    if narrow != state.narrow {
        asked.push(Command::Narrow(narrow));
    }
    if state.side_open() && narrow == state.narrow && !state.documents.is_empty() {
        show_side(ui, state, asked);
    }
    CentralPanel::no_frame().show(ui, |ui| {
        for panel in panels(Place::Centre) {
            (panel.show)(ui, state, asked);
        }
    });
    if ui.ctx().input(|input| !input.raw.hovered_files.is_empty()) {
        drop_here(ui);
    }
    show_dialog(ui.ctx(), state, asked);
}

/// Files let go over the window are opened, each of them.
fn dropped(ctx: &Context) -> Vec<Command> {
    ctx.input(|input| input.raw.dropped_files.iter().map(|file| Command::Open(file.path().to_owned())).collect())
}

fn drop_here(ui: &Ui) {
    let rect = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
    painter.rect_filled(rect, 0, ui.visuals().panel_fill.gamma_multiply(0.9));
    let font = egui::FontId::new(24.0, theme::semi_bold());
    painter.text(rect.center(), egui::Align2::CENTER_CENTER, "Drop to open", font, ui.visuals().text_color());
}

/// Name and scale of the monitor the window stands on, as far as the window system tells.
fn monitor(ctx: &Context, frame: &eframe::Frame) -> String {
    let scale = ctx.native_pixels_per_point().unwrap_or(1.0);
    let name = frame.winit_window().and_then(|window| window.current_monitor()).and_then(|monitor| monitor.name());
    format!("{} ×{scale}", name.unwrap_or_else(|| "screen".into()))
}

/// Options of the native window.
pub fn options() -> eframe::NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Einthoven")
        .with_app_id("einthoven")
        .with_inner_size(vec2(1280.0, 800.0))
        .with_min_inner_size(vec2(640.0, 420.0))
        .with_drag_and_drop(true);
    // Without an icon the window is as good.
    let viewport = match icon::pixels() {
        Ok(icon) => viewport.with_icon(egui::IconData { rgba: icon.rgba, width: icon.width, height: icon.height }),
        Err(_) => viewport,
    };
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        system_font_fallback: false, // bundled type alone: text alike everywhere
        dithering: false,            // the same view gives the same picture
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use super::*;

    #[derive(Debug)]
    struct Let(PathBuf);

    impl egui::DroppedFile for Let {
        fn path(&self) -> &Path {
            &self.0
        }
        fn bytes(&self) -> Result<Vec<u8>, String> {
            Err("only its path is asked for".into())
        }
    }

    #[test]
    fn every_file_let_go_over_the_window_is_opened() {
        let files = ["/a/one.hea", "/a/two words.dcm"].map(PathBuf::from);
        let ctx = Context::default();
        let dropped_files = files.iter().map(|file| Arc::new(Let(file.clone())) as egui::DroppedFileHandle).collect();
        let mut found = Vec::new();
        let mut output =
            ctx.run_ui(egui::RawInput { dropped_files, ..Default::default() }, |ui| found = dropped(ui.ctx()));
        output.textures_delta.clear();
        let opened = found.iter().map(|command| match command {
            Command::Open(path) => path.clone(),
            other => panic!("{other:?}"),
        });
        assert_eq!(opened.collect::<Vec<_>>(), files);
    }
}
