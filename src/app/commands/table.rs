//! The table.

use super::entry::{Entry, Menu, Reason};
use crate::app::state::{Command, ExportKind, PaperSize, Reading, State, Tab, Theme};
use crate::report::{Sheet, Signals};
use crate::review::Verdict;

type Needs = fn(&State) -> Result<(), Reason>;

const fn entry(
    (menu, group): (Menu, u8),
    id: &'static str,
    words: &'static str,
    help: &'static str,
    keys: &'static [&'static str],
    needs: Needs,
    command: fn(&State) -> Option<Command>,
) -> Entry {
    Entry { id, words, help, menu, group, keys, needs, on: None, command }
}

impl Entry {
    const fn switch(mut self, on: fn(&State) -> bool) -> Self {
        self.on = Some(on);
        self
    }
}

fn always(_: &State) -> Result<(), Reason> {
    Ok(())
}

fn recording(state: &State) -> Result<(), Reason> {
    let open = state.document().and_then(|document| document.recording());
    open.map(|_| ()).ok_or(Reason("open a recording first"))
}

fn analysis(state: &State) -> Result<(), Reason> {
    recording(state)?;
    let read = state.document().and_then(|document| document.study.as_ref()).and_then(|study| study.analysis.as_ref());
    read.map(|_| ()).ok_or(Reason("the recording has not been read yet"))
}

fn segments(state: &State) -> Result<(), Reason> {
    analysis(state)?;
    let any = state.document().is_some_and(|document| !document.segments().is_empty());
    if any { Ok(()) } else { Err(Reason("no segment is flagged")) }
}

fn findings(state: &State) -> Result<(), Reason> {
    analysis(state)?;
    let any = state.document().is_some_and(|document| !document.findings().is_empty());
    if any { Ok(()) } else { Err(Reason("no rule states a finding")) }
}

fn selected(state: &State) -> Result<(), Reason> {
    segments(state)?;
    let selected = state.document().and_then(|document| document.selected());
    selected.map(|_| ()).ok_or(Reason("select a segment first"))
}

fn attention(state: &State) -> Result<(), Reason> {
    analysis(state)?;
    let study = state.document().and_then(|document| document.study.as_ref());
    let maps = study.and_then(|study| study.analysis.as_ref()).map_or(0, |analysis| analysis.attention.len());
    if maps > 0 { Ok(()) } else { Err(Reason("the network gave no prediction for this recording")) }
}

fn waves(state: &State) -> Result<(), Reason> {
    analysis(state)?;
    let study = state.document().and_then(|document| document.study.as_ref());
    let any = study.and_then(|study| study.analysis.as_ref()).is_some_and(|analysis| !analysis.waves.leads.is_empty());
    if any { Ok(()) } else { Err(Reason("no waves were found in this recording")) }
}

fn longer_than_the_window(state: &State) -> Result<(), Reason> {
    recording(state)?;
    let hidden = state.document().is_some_and(|document| document.duration_s() > document.view.visible_s);
    if hidden { Ok(()) } else { Err(Reason("the whole recording is in view")) }
}

fn running(state: &State) -> Result<(), Reason> {
    let running = state.document().is_some_and(|document| matches!(document.reading, Reading::Running { .. }));
    if running { Ok(()) } else { Err(Reason("nothing is being read")) }
}

fn not_running(state: &State) -> Result<(), Reason> {
    recording(state)?;
    if running(state).is_ok() { Err(Reason("it is being read already")) } else { Ok(()) }
}

fn several(state: &State) -> Result<(), Reason> {
    if state.documents.len() > 1 { Ok(()) } else { Err(Reason("only one recording is open")) }
}

fn said(state: &State) -> Result<(), Reason> {
    recording(state)?;
    let study = state.document().and_then(|document| document.study.as_ref());
    let said = study.is_some_and(|study| !study.review.log().is_empty());
    if said { Ok(()) } else { Err(Reason("nothing was decided yet")) }
}

fn confirmed(state: &State) -> Result<(), Reason> {
    recording(state)?;
    let study = state.document().and_then(|document| document.study.as_ref());
    let confirmed = study.is_some_and(|study| study.review.reviewer().is_some());
    if confirmed { Ok(()) } else { Err(Reason("the reading is unconfirmed")) }
}

const FILE: (Menu, u8) = (Menu::File, 0);
const EXPORT: (Menu, u8) = (Menu::File, 1);
const PAPER: (Menu, u8) = (Menu::File, 2);
const LEAVE: (Menu, u8) = (Menu::File, 3);
const EDIT: (Menu, u8) = (Menu::Edit, 0);
const LAYOUT: (Menu, u8) = (Menu::View, 0);
const SIGNALS: (Menu, u8) = (Menu::View, 1);
const SCALE: (Menu, u8) = (Menu::View, 2);
const HEAT: (Menu, u8) = (Menu::View, 3);
const SIDE: (Menu, u8) = (Menu::View, 4);
const LOOK: (Menu, u8) = (Menu::View, 5);
const TIME: (Menu, u8) = (Menu::Time, 0);
const PAGES: (Menu, u8) = (Menu::Time, 1);
const STEP: (Menu, u8) = (Menu::Segments, 0);
const DECIDE: (Menu, u8) = (Menu::Segments, 1);
const FIND: (Menu, u8) = (Menu::Reading, 0);
const READ: (Menu, u8) = (Menu::Reading, 1);
const SIGN: (Menu, u8) = (Menu::Reading, 2);
const HELP: (Menu, u8) = (Menu::Help, 0);

/// Every command, in the order of the menus.
#[rustfmt::skip] // one command a line or two: the table is read as a table
pub static COMMANDS: &[Entry] = &[
    entry(FILE, "open", "Open…", "Choose a recording with the system's dialog", &["Ctrl+O"], always, |_| Some(Command::AskOpen)),
    entry(FILE, "open-path", "Open path…", "Type or paste the path of a recording", &["Ctrl+L"], always, |_| Some(Command::AskPath)),
    entry(FILE, "open-sample", "Open sample", "Open the built-in synthetic recording", &[], always, |_| Some(Command::OpenSample)),
    entry(FILE, "next-recording", "Next recording", "Show the next open recording", &["Ctrl+Tab"], several, |_| Some(Command::StepDocument(1))),
    entry(FILE, "previous-recording", "Previous recording", "Show the open recording before", &["Ctrl+Shift+Tab"], several, |_| Some(Command::StepDocument(-1))),
    entry(FILE, "close", "Close recording", "Close the recording shown; its decisions are kept", &["Ctrl+W"], recording, |_| Some(Command::Close(None))),
    entry(EXPORT, "export-pdf", "Export report (PDF)…", "Write the report at true scale", &["Ctrl+P"], recording, |_| Some(Command::AskExport(ExportKind::Pdf))),
    entry(EXPORT, "export-png", "Export view (PNG)…", "Write a picture of the lanes as shown", &["Ctrl+Shift+P"], recording, |_| Some(Command::AskExport(ExportKind::Png))),
    entry(EXPORT, "export-json", "Export reading (JSON)…", "Write everything that was computed and decided", &["Ctrl+Shift+J"], recording, |_| Some(Command::AskExport(ExportKind::Json))),
    entry(PAPER, "paper-a4", "Report on A4", "Lay the report on 210 × 297 mm", &[], always, |_| Some(Command::Paper(PaperSize::A4)))
        .switch(|state| state.settings.paper == PaperSize::A4),
    entry(PAPER, "paper-letter", "Report on Letter", "Lay the report on 8.5 × 11 in", &[], always, |_| Some(Command::Paper(PaperSize::Letter)))
        .switch(|state| state.settings.paper == PaperSize::Letter),
    entry(LEAVE, "quit", "Quit", "Leave; decisions are already kept", &["Ctrl+Q"], always, |_| Some(Command::Quit)),

    entry(EDIT, "undo", "Undo", "Take the last decision, note or name back", &["Ctrl+Z"], said, |_| Some(Command::Undo)),
    entry(EDIT, "redo", "Redo", "Make it again", &["Ctrl+Shift+Z", "Ctrl+Y"], recording, |_| Some(Command::Redo)),

    entry(LAYOUT, "layout-compare", "Raw | denoised", "Set raw and denoised leads side by side", &["1"], always, |_| Some(Command::Sheet(Sheet::Compare)))
        .switch(|state| state.settings.sheet == Sheet::Compare),
    entry(LAYOUT, "layout-12x1", "12 × 1", "All leads below each other, ten seconds each", &["2"], always, |_| Some(Command::Sheet(Sheet::TwelveByOne)))
        .switch(|state| state.settings.sheet == Sheet::TwelveByOne),
    entry(LAYOUT, "layout-3x4", "3 × 4 + rhythm", "Four columns of three leads and a rhythm strip", &["3"], always, |_| Some(Command::Sheet(Sheet::ThreeByFourRhythm)))
        .switch(|state| state.settings.sheet == Sheet::ThreeByFourRhythm),
    entry(LAYOUT, "layout-6x2", "6 × 2", "Limb leads left, chest leads right", &["4"], always, |_| Some(Command::Sheet(Sheet::SixByTwo)))
        .switch(|state| state.settings.sheet == Sheet::SixByTwo),

    entry(SIGNALS, "signals", "Next signals", "Raw, denoised, denoised over raw, difference", &["D"], always, |_| Some(Command::NextSignals)),
    entry(SIGNALS, "signals-raw", "Raw", "The samples as the file has them", &["Shift+R"], always, |_| Some(Command::Signals(Signals::Raw)))
        .switch(|state| state.settings.signals == Signals::Raw),
    entry(SIGNALS, "signals-denoised", "Denoised", "Baseline, Morlet and Daubechies stages taken off", &[], always, |_| Some(Command::Signals(Signals::Denoised)))
        .switch(|state| state.settings.signals == Signals::Denoised),
    entry(SIGNALS, "signals-overlay", "Denoised over raw", "Both in one lane", &[], always, |_| Some(Command::Signals(Signals::Overlay)))
        .switch(|state| state.settings.signals == Signals::Overlay),
    entry(SIGNALS, "signals-difference", "Difference", "What the denoiser took away", &[], always, |_| Some(Command::Signals(Signals::Difference)))
        .switch(|state| state.settings.signals == Signals::Difference),

    entry(SCALE, "gain-up", "Higher gain", "Next of 2.5, 5, 10, 20, 40 mm/mV", &["+"], always, |_| Some(Command::StepGain(1))),
    entry(SCALE, "gain-down", "Lower gain", "The gain before", &["-"], always, |_| Some(Command::StepGain(-1))),
    entry(SCALE, "speed-up", "Faster paper", "Next of 5, 10, 12.5, 25, 50, 100, 200 mm/s", &["Ctrl++"], always, |_| Some(Command::StepSpeed(1))),
    entry(SCALE, "speed-down", "Slower paper", "The speed before", &["Ctrl+-"], always, |_| Some(Command::StepSpeed(-1))),
    entry(SCALE, "standard-scale", "Standard scale", "25 mm/s and 10 mm/mV", &["Ctrl+0"], always, |_| Some(Command::StandardScale)),
    entry(SCALE, "calibrate", "Calibrate this screen…", "Make a millimetre on this screen a millimetre", &[], always, |_| Some(Command::AskCalibration)),

    entry(HEAT, "heat", "Heat map", "Show where the network looked; attention, not cause", &["H"], attention, |_| Some(Command::ToggleHeat))
        .switch(|state| state.settings.heat),
    entry(HEAT, "wave-marks", "Wave marks", "Mark onset and offset of P, QRS and T in each lead", &["W"], waves, |_| Some(Command::ToggleWaves))
        .switch(|state| state.settings.waves),

    entry(SIDE, "side", "Side panel", "Show or fold the panel on the right", &["F9"], recording, |_| Some(Command::ToggleSide))
        .switch(State::side_open),
    entry(SIDE, "tab-reading", "Reading tab", "Impression, the network's word, findings of the rules", &["Alt+1"], recording, |_| Some(Command::Tab(Tab::Reading)))
        .switch(|state| state.tab == Tab::Reading),
    entry(SIDE, "tab-segments", "Segments tab", "Flagged stretches, decisions and notes", &["Alt+2"], recording, |_| Some(Command::Tab(Tab::Segments)))
        .switch(|state| state.tab == Tab::Segments),
    entry(SIDE, "tab-measurements", "Measurements tab", "What is measured, over the record and lead by lead", &["Alt+3"], recording, |_| Some(Command::Tab(Tab::Measurements)))
        .switch(|state| state.tab == Tab::Measurements),
    entry(SIDE, "tab-signal", "Signal tab", "Heat map, signal quality, spectrum, facts of the file", &["Alt+4"], recording, |_| Some(Command::Tab(Tab::Signal)))
        .switch(|state| state.tab == Tab::Signal),
    entry(LOOK, "theme-light", "Light", "Dark ink on light paper", &[], always, |_| Some(Command::Theme(Theme::Light)))
        .switch(|state| state.settings.theme == Theme::Light),
    entry(LOOK, "theme-dark", "Dark", "Light ink on dark paper", &[], always, |_| Some(Command::Theme(Theme::Dark)))
        .switch(|state| state.settings.theme == Theme::Dark),
    entry(LOOK, "theme-system", "As the system", "Follow the system's colours", &[], always, |_| Some(Command::Theme(Theme::System)))
        .switch(|state| state.settings.theme == Theme::System),
    entry(LOOK, "text-larger", "Larger text", "Make text larger; the paper keeps its scale", &["Ctrl+Alt++"], always, |state| Some(Command::TextScale(state.settings.text_scale + 0.125))),
    entry(LOOK, "text-smaller", "Smaller text", "Make text smaller; the paper keeps its scale", &["Ctrl+Alt+-"], always, |state| Some(Command::TextScale(state.settings.text_scale - 0.125))),

    entry(TIME, "go-to-time", "Go to time…", "Show a time at the left edge", &["T"], recording, |_| Some(Command::AskTime)),
    entry(TIME, "scroll-right", "A second on", "Scroll by a second", &["Right"], longer_than_the_window, |_| Some(Command::Scroll(1.0))),
    entry(TIME, "scroll-left", "A second back", "Scroll back by a second", &["Left"], longer_than_the_window, |_| Some(Command::Scroll(-1.0))),
    entry(PAGES, "page-right", "Next page", "Scroll by what is in view", &["PageDown"], longer_than_the_window, |_| Some(Command::ScrollPages(1.0))),
    entry(PAGES, "page-left", "Previous page", "Scroll back by what is in view", &["PageUp"], longer_than_the_window, |_| Some(Command::ScrollPages(-1.0))),
    entry(PAGES, "start", "Start", "To the start of the recording", &["Home"], recording, |_| Some(Command::ScrollTo(0.0))),
    entry(PAGES, "end", "End", "To the end of the recording", &["End"], recording, |_| Some(Command::ScrollToEnd)),

    entry(STEP, "next-segment", "Next segment", "Select the next flagged stretch and centre it", &["N"], segments, |_| Some(Command::StepSegment(1))),
    entry(STEP, "previous-segment", "Previous segment", "Select the flagged stretch before and centre it", &["P"], segments, |_| Some(Command::StepSegment(-1))),
    entry(DECIDE, "accept", "Accept", "The segment is as flagged", &["Y"], selected, |_| Some(Command::Decide(Some(Verdict::Accepted)))),
    entry(DECIDE, "reject", "Reject", "The segment is not as flagged", &["X"], selected, |_| Some(Command::Decide(Some(Verdict::Rejected)))),
    entry(DECIDE, "unsure", "Unsure", "It cannot be said", &["U"], selected, |_| Some(Command::Decide(Some(Verdict::Unsure)))),
    entry(DECIDE, "undecide", "Take the decision back", "The segment is open again", &["Delete"], selected, |_| Some(Command::Decide(None))),

    entry(FIND, "next-finding", "Next finding", "Mark the leads and the place of the rules' next finding", &["F"], findings, |_| Some(Command::StepFinding(1))),
    entry(FIND, "previous-finding", "Previous finding", "Mark the leads and the place of the finding before", &["Shift+F"], findings, |_| Some(Command::StepFinding(-1))),
    entry(READ, "analyze", "Read again", "Denoise, measure and let the network read once more", &["F5"], not_running, |_| Some(Command::Analyze)),
    entry(READ, "cancel", "Stop reading", "Stop the reading that is running", &["Ctrl+."], running, |_| Some(Command::CancelAnalysis)),
    entry(SIGN, "confirm", "Confirm the reading…", "Put a reviewer's name under it, in two steps", &[], analysis, |_| Some(Command::AskReviewer)),
    entry(SIGN, "unconfirm", "Take the confirmation back", "The reading is unconfirmed again", &[], confirmed, |_| Some(Command::Reviewer(None))),

    entry(HELP, "help", "Keys and commands", "Every command with its key", &["F1", "?"], always, |_| Some(Command::ShowHelp)),
    entry(HELP, "palette", "Find a command", "Type a few letters of what you want", &["Ctrl+K"], always, |_| Some(Command::ShowPalette)),
    entry(HELP, "about", "About Einthoven", "Version, purpose, licences", &[], always, |_| Some(Command::ShowAbout)),
];
