//! Every panel by its accessible labels, and the whole window at several sizes, without a window system.

use egui_kittest::{Harness, kittest::Queryable};

use super::{PANELS, SIDE_WIDTH};
use crate::app::state::{Command, Dialog, Level, Settings, State, Tab, sample_state};
use crate::app::{commands, theme, window};

/// What a reader finds on each panel of the analysed sample.
const FOUND: &[(&str, &str)] = &[
    ("menu", "Segments"),
    ("toolbar", "3×4+1R"),
    ("recordings", "Close sample"),
    ("messages", "Dismiss this message"),
    ("status", "Unconfirmed"),
    ("overview", "Whole recording, lead II, 10.0 s"),
    ("risk", "Risk level Moderate"),
    ("prediction", "Abnormal: conduction disorder"),
    ("findings", "Finding 2: Wide QRS in V1, V6"),
    ("reasons", "pause: RR 2.3 s (2.0 s)"),
    ("heat map", "Whose attention"),
    ("segments", "Segments (3)"),
    ("impression", "Impression of the reader"),
    ("measured", "Rate: inside, usual 50–100"),
    ("trend", "RR intervals"),
    ("quality", "Signal: "),
    ("spectrum", "Spectrum of lead II, raw and denoised, 0 to 150 Hz"),
    ("file", "Filters"),
    ("lanes", "Lead V6 denoised"),
];

struct Bench {
    state: State,
    dressed: bool,
}

type Draw = fn(&mut egui::Ui, &State, &mut Vec<Command>);

/// Draws, and applies what was asked, as the window does.
fn harness(state: State, size: [f32; 2], draw: Draw) -> Harness<'static, Bench> {
    let builder = Harness::builder().with_size(size).with_theme(egui::Theme::Light);
    let bench = Bench { state, dressed: false };
    builder.build_ui_state(
        move |ui, bench: &mut Bench| {
            if !bench.dressed {
                theme::install(ui.ctx());
                bench.dressed = true;
                ui.ctx().request_repaint();
                return; // fonts are there from the next frame on
            }
            let mut asked = Vec::new();
            draw(ui, &bench.state, &mut asked);
            if !asked.is_empty() {
                ui.ctx().request_repaint();
            }
            for command in asked {
                bench.state.apply(command);
            }
        },
        bench,
    )
}

fn full() -> State {
    let mut state = sample_state();
    let document = state.active.expect("open");
    let recording = state.document().and_then(|document| document.recording().cloned()).expect("open");
    let overview = crate::app::state::Overview::of(&recording).map(Into::into);
    state.absorb(crate::app::state::Done::Overview { document, overview });
    state.tell(Level::Warning, "a word");
    state.settings.heat = true;
    state
}

#[test]
fn every_panel_shows_what_its_reader_looks_for() {
    for panel in PANELS {
        let label = FOUND.iter().find(|(name, _)| *name == panel.name).map(|(_, label)| *label);
        let label = label.unwrap_or_else(|| panic!("add what is found on the panel {}", panel.name));
        let state = full();
        assert!((panel.shown)(&state), "{} is not shown", panel.name);
        let mut harness = harness(state, [900.0, 700.0], panel.show);
        harness.run();
        assert!(harness.query_all_by_label_contains(label).next().is_some(), "{}: no {label}", panel.name);
    }
}

#[test]
fn an_empty_window_invites() {
    let mut harness = harness(State::new(Settings::default()), [1000.0, 700.0], window::show);
    harness.run();
    harness.get_by_label("Open sample");
    assert!(harness.query_by_label("Risk level").is_none());
}

/// Left edges of what bears a label inside the side panel.
fn beside(harness: &Harness<Bench>, label: &str, width: f32) -> Vec<f32> {
    let rects = harness.query_all_by_label(label).map(|node| node.rect());
    rects.filter(|rect| rect.left() >= width - SIDE_WIDTH && rect.right() <= width).map(|rect| rect.left()).collect()
}

#[test]
fn the_window_stands_at_every_size_and_comes_to_rest() {
    for size in [[1280.0, 800.0], [1920.0, 1080.0], [920.0, 700.0], [860.0, 600.0], [640.0, 420.0]] {
        let mut harness = harness(full(), size, window::show);
        harness.run();
        assert!(harness.query_all_by_label("Lead II raw").next().is_some(), "{size:?}");
        let open = harness.query_all_by_label("Risk level").next().is_some();
        assert_eq!(open, size[0] >= window::NARROW, "{size:?}");
        if !open {
            harness.get_by_label("Side panel").click();
            harness.run();
        }
        for (tab, label) in [
            ("Reading", "Impression of the reader"),
            ("Segments", "Accept"),
            ("Measurements", "Over the record"),
            ("Signal", "Heat map"),
        ] {
            let pressed = harness.query_all_by_label(tab).find(|node| node.rect().left() >= size[0] - SIDE_WIDTH);
            pressed.unwrap_or_else(|| panic!("no tab {tab} at {size:?}")).click();
            harness.run();
            // In a low window the sections are scrolled to.
            let below = (size[1] > 500.0).then_some(label);
            for wanted in ["Risk level", "Reading", "Segments", "Measurements", "Signal"].into_iter().chain(below) {
                assert!(!beside(&harness, wanted, size[0]).is_empty(), "{wanted} on {tab} at {size:?}");
            }
        }
        let delays = harness.output().viewport_output.values().map(|viewport| viewport.repaint_delay);
        assert!(delays.min().is_some_and(|delay| delay.as_secs() > 3600), "{size:?}: an idle window asks for frames");
    }
}

#[test]
fn nothing_moves_when_tabs_change() {
    let mut harness = harness(full(), [1280.0, 800.0], window::show);
    let mut seen: Vec<Vec<egui::Rect>> = Vec::new();
    for (_, id) in Tab::ALL {
        let command = (commands::entry(id).expect(id).command)(&harness.state().state);
        harness.state_mut().state.apply(command.expect(id));
        harness.run();
        let rect = |label| harness.get_all_by_label(label).last().map(|node| node.rect()).expect(label);
        seen.push(["Risk level", "Measurements", "Signal", "Lead V6 raw"].map(rect).to_vec());
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

#[test]
fn a_finding_is_shown_by_a_click() {
    let mut harness = harness(full(), [1280.0, 1000.0], window::show);
    harness.state_mut().state.apply(Command::Tab(Tab::Reading));
    harness.run();
    harness.get_by_label("Finding 1: Pause").click();
    harness.run();
    let view = &harness.state().state.document().expect("open").view;
    assert_eq!((view.finding, view.segment), (Some(0), None));
}

#[test]
fn buttons_ask_and_the_state_answers() {
    let mut harness = harness(full(), [1280.0, 1000.0], window::show);
    harness.run();
    harness.get_by_label("Next").click();
    harness.run();
    assert_eq!(harness.state().state.document().and_then(|document| document.view.segment), Some(2));
    harness.get_by_label("Accept").click();
    harness.run();
    let document = harness.state().state.document().expect("open");
    assert!(document.study.as_ref().expect("open").review.decision("attention-8000").is_some());
    harness.get_by_label("12×1").click();
    harness.run();
    assert!(harness.query_all_by_label("Lead V6 denoised").next().is_none());
}

#[test]
fn every_dialog_opens_and_closes() {
    for (ask, label) in [
        (Command::AskPath, "Open a recording"),
        (Command::AskTime, "Go to a time"),
        (Command::AskReviewer, "Confirm the reading"),
        (Command::AskCalibration, "Calibrate this screen"),
        (Command::ShowHelp, "Keys and commands"),
        (Command::ShowPalette, "Find a command"),
    ] {
        let mut state = full();
        state.apply(ask);
        let mut harness = harness(state, [1280.0, 800.0], window::show);
        harness.run();
        assert!(harness.query_all_by_label(label).next().is_some(), "{label}");
        harness.key_press(egui::Key::Escape);
        harness.run();
        assert_eq!(harness.state().state.dialog, None::<Dialog>, "{label}");
    }
}
