//! Everything that can be asked of the window. Menu, keys, palette, panels and scripts all end in one of these.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Cursor, DocumentId, ExportKind, PaperSize, Tab, Theme};
use crate::analysis::Head;
use crate::page::Page;
use crate::report::{Sheet, Signals};
use crate::review::Verdict;

/// One thing asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Open a file.
    Open(PathBuf),
    /// Open the built-in sample.
    OpenSample,
    /// Ask for a file with the system's dialog.
    AskOpen,
    /// Ask for a typed path to open.
    AskPath,
    /// Give up waiting for the system's dialog.
    ForgetPicking,
    /// Show this recording.
    Activate(DocumentId),
    /// Show the next (1) or previous (-1) recording.
    StepDocument(isize),
    /// Close this recording; `None` = the one shown.
    Close(Option<DocumentId>),

    /// Choose the sheet.
    Sheet(Sheet),
    /// Choose what is drawn in a lane.
    Signals(Signals),
    /// Choose the next of raw, denoised, overlay, difference.
    NextSignals,
    /// One step up (1) or down (-1) the named speeds.
    StepSpeed(isize),
    /// One step up or down the named gains.
    StepGain(isize),
    /// A named speed, mm/s.
    Speed(f32),
    /// A named gain, mm/mV.
    Gain(f32),
    /// 25 mm/s and 10 mm/mV.
    StandardScale,
    /// Scroll by seconds.
    Scroll(f64),
    /// Scroll by pages.
    ScrollPages(f64),
    /// Show this second at the left edge.
    ScrollTo(f64),
    /// To the last page.
    ScrollToEnd,
    /// Ask for a time.
    AskTime,
    /// Show this second in the middle.
    Centre(f64),
    /// The lanes were laid anew: the page they show and how many seconds it holds (told by the canvas).
    Laid(Arc<Page>, f64),
    /// The pointer is here, or off the lanes.
    Cursor(Option<Cursor>),
    /// Heat map on or off.
    ToggleHeat,
    /// Marks of waves on or off.
    ToggleWaves,
    /// The head whose attention is shown.
    HeatHead(Head),
    /// How strong the heat is drawn, 0 to 1.
    HeatOpacity(f32),

    /// Select the next (1) or previous (-1) segment and centre it.
    StepSegment(isize),
    /// Select a segment by number and centre it.
    SelectSegment(usize),
    /// Select the next (1) or previous (-1) finding of the rules and show its place.
    StepFinding(isize),
    /// Select a finding by number, mark its leads and show its place.
    ShowFinding(usize),
    /// Decide on the selected segment (then next, where wanted); `None` takes it back.
    Decide(Option<Verdict>),
    /// The note as it is being typed.
    DraftNote(String),
    /// Keep the note that was typed.
    KeepNote,
    /// The reader's own impression as it is being typed.
    DraftImpression(String),
    /// Keep the impression that was typed.
    KeepImpression,
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// Ask for the reviewer's name.
    AskReviewer,
    /// Who has confirmed; `None` = unconfirmed.
    Reviewer(Option<String>),

    /// Read the recording again.
    Analyze,
    /// Stop reading it.
    CancelAnalysis,

    /// Ask where to write.
    AskExport(ExportKind),
    /// Write.
    Export(ExportKind, PathBuf),

    /// Colours.
    Theme(Theme),
    /// Side panel on or off.
    ToggleSide,
    /// Show this tab of the side panel.
    Tab(Tab),
    /// The window is narrow, or not: a narrow one folds the side panel until it is asked for (told by the window).
    Narrow(bool),
    /// Size of text, 1 = normal.
    TextScale(f32),
    /// Paper of the report.
    Paper(PaperSize),
    /// Open the calibrator.
    AskCalibration,
    /// The window stands on this monitor.
    Monitor(String),
    /// Points per mm of the present monitor; `None` forgets it.
    Calibrate(Option<f32>),

    /// Every command with its keys.
    ShowHelp,
    /// Search the commands.
    ShowPalette,
    /// About the program.
    ShowAbout,
    /// The text field of the open dialog.
    Draft(String),
    /// The second text field of the open dialog.
    DraftSecond(String),
    /// The open dialog's main button.
    Confirm,
    /// Close the open dialog.
    Dismiss,
    /// Take a message off the list.
    DismissMessage(u64),
    /// Take all messages off the list.
    DismissMessages,
    /// Leave.
    Quit,
}
