//! Scripts: the window driven by a list of commands, for continuous integration. One step a line; `#` starts a remark.
//!
//! A step is the id of a command of the table (`next-segment`, `accept`, `layout-12x1`) or one of the words of [`parse`]. A script fails where a
//! message of level error is shown, where the lanes show no trace, or where a step takes longer than two minutes.

use std::path::PathBuf;

use super::commands;
use super::state::{Command, ExportKind, Level, Reading, SHEETS, SIGNALS, State, Theme};
use crate::analysis::Head;
use crate::page::{Mark, Page};

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A command by its id in the table.
    Named(&'static str),
    /// A command with its value.
    Do(Command),
    /// Write, and wait until it is written.
    Export(ExportKind, PathBuf),
    /// Open a file that must be refused with a sentence; problems shown from here on do not fail the script.
    Refused(PathBuf),
    /// Wait until nothing is being read.
    WaitAnalysis,
    /// Make the window so large, points.
    Size(f32, f32),
    /// Write a picture of the whole window.
    Shot(PathBuf),
    /// Leave.
    Quit,
}

/// Reads a script.
///
/// # Errors
/// A sentence with the line's number.
pub fn parse(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if !line.is_empty() {
            steps.push(step(line).map_err(|why| format!("line {}: {why}", number + 1))?);
        }
    }
    Ok(steps)
}

fn step(line: &str) -> Result<Step, String> {
    let (word, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(word, rest)| (word, rest.trim()));
    let path = || if rest.is_empty() { Err(format!("{word} needs a path")) } else { Ok(PathBuf::from(rest)) };
    let number = |text: &str| text.parse::<f32>().map_err(|_| format!("{text:?} is no number"));
    let named = |list: &[(&str, Command)]| -> Result<Step, String> {
        let names = || list.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let found = list.iter().find(|(name, _)| *name == rest);
        found.map(|(_, command)| Step::Do(command.clone())).ok_or_else(|| format!("{word} is one of {}", names()))
    };
    Ok(match word {
        "open" if !rest.is_empty() => Step::Do(Command::Open(rest.into())),
        "refused" => Step::Refused(path()?),
        "wait" if rest == "analysis" => Step::WaitAnalysis,
        "layout" => named(&SHEETS.map(|(name, sheet)| (name, Command::Sheet(sheet))))?,
        "signals" if !rest.is_empty() => named(&SIGNALS.map(|(name, signals)| (name, Command::Signals(signals))))?,
        "theme" => named(&[
            ("light", Command::Theme(Theme::Light)),
            ("dark", Command::Theme(Theme::Dark)),
            ("system", Command::Theme(Theme::System)),
        ])?,
        "head" => named(&Head::ALL.map(|head| (head.key(), Command::HeatHead(head))))?,
        "speed" => Step::Do(Command::Speed(number(rest)?)),
        "gain" => Step::Do(Command::Gain(number(rest)?)),
        "text" => Step::Do(Command::TextScale(number(rest)?)),
        "time" => Step::Do(Command::ScrollTo(f64::from(number(rest)?))),
        "note" => Step::Do(Command::DraftNote(rest.into())),
        "reviewer" => Step::Do(Command::Reviewer(Some(rest.into()))),
        "select" => Step::Do(Command::SelectSegment((number(rest)? as usize).saturating_sub(1))),
        "finding" => Step::Do(Command::ShowFinding((number(rest)? as usize).saturating_sub(1))),
        "size" => {
            let (width, height) = rest.split_once(char::is_whitespace).ok_or("size needs a width and a height")?;
            Step::Size(number(width)?, number(height.trim())?)
        }
        "shot" => Step::Shot(path()?),
        "export-pdf" if !rest.is_empty() => Step::Export(ExportKind::Pdf, path()?),
        "export-png" if !rest.is_empty() => Step::Export(ExportKind::Png, path()?),
        "export-json" if !rest.is_empty() => Step::Export(ExportKind::Json, path()?),
        "quit" => Step::Quit,
        id if rest.is_empty() => match commands::entry(id) {
            Some(entry) => Step::Named(entry.id),
            None => return Err(format!("no command is called {id}")),
        },
        other => return Err(format!("{other} does not take {rest:?}")),
    })
}

/// Is the step over?
pub fn settled(step: &Step, state: &State) -> bool {
    let opening = state.documents.iter().any(|document| document.study.is_none());
    let reading = state.documents.iter().any(|document| matches!(document.reading, Reading::Running { .. }));
    match step {
        Step::Do(Command::Open(_)) | Step::Named("open-sample") => !opening,
        Step::Refused(_) => !opening && (state.has_message(Level::Error) || state.dialog.is_some()),
        Step::WaitAnalysis => !opening && !reading,
        Step::Export(_, path) => {
            let named = path.display().to_string();
            state.messages.iter().any(|message| message.level == Level::Done && message.words.ends_with(&named))
        }
        _ => true,
    }
}

/// Why the script fails here, if it does. Where a file had to be refused, its message is no problem, and no trace need be seen.
pub fn problem(step: &Step, state: &State, refused: bool) -> Option<String> {
    if !refused && let Some(message) = state.messages.iter().find(|message| message.level == Level::Error) {
        return Some(format!("the window shows a problem: {}", message.words));
    }
    if !refused && matches!(step, Step::Shot(_) | Step::Quit) && !state.shown.as_deref().is_some_and(shows_a_trace) {
        return Some("no trace is visible".into());
    }
    if let Step::Named(id) = step
        && let Some(entry) = commands::entry(id)
        && let Err(reason) = (entry.needs)(state)
    {
        return Some(format!("{id} cannot be used: {}", reason.0));
    }
    None
}

/// Does a page hold a trace with samples?
pub fn shows_a_trace(page: &Page) -> bool {
    fn any(marks: &[Mark]) -> bool {
        marks.iter().any(|mark| match mark {
            Mark::Trace(trace) => {
                let end = trace.end.min(trace.samples_mv.len());
                trace.samples_mv.get(trace.first..end).is_some_and(|samples| samples.iter().any(|mv| mv.is_finite()))
            }
            Mark::Group { marks, .. } => any(marks),
            _ => false,
        })
    }
    any(&page.marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::{Settings, sample_state};
    use crate::report::{Layout, Sheet, lanes};

    #[test]
    fn the_main_job_is_a_script() {
        let text = "size 1280 800\ntheme dark # a remark\n\nopen a b/c.hea\nwait analysis\nnext-segment\nlayout 12x1\nshot x.png\nexport-pdf r.pdf\nquit\n";
        let steps = parse(text).expect("reads");
        assert_eq!(steps[0], Step::Size(1280.0, 800.0));
        assert_eq!(steps[2], Step::Do(Command::Open("a b/c.hea".into())));
        assert_eq!(steps[4], Step::Named("next-segment"));
        assert_eq!(steps[5], Step::Do(Command::Sheet(Sheet::TwelveByOne)));
        assert_eq!(steps[7], Step::Export(ExportKind::Pdf, "r.pdf".into()));
        assert_eq!(steps.last(), Some(&Step::Quit));
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, word) in [
            ("\nfrobnicate", "line 2"),
            ("size 12", "height"),
            ("layout 5x5", "12x1"),
            ("speed fast", "no number"),
            ("shot", "path"),
            ("accept now", "accept"),
        ] {
            let why = parse(text).expect_err(text);
            assert!(why.contains(word), "{text}: {why}");
        }
    }

    #[test]
    fn a_problem_or_an_empty_page_fails() {
        let mut state = sample_state();
        assert_eq!(problem(&Step::Quit, &state, false).as_deref(), Some("no trace is visible"));
        let study = state.document().and_then(|document| document.study.clone()).expect("open");
        state.apply(Command::Laid(lanes(&study, &Layout::new(300.0, 190.0)).into(), 5.0));
        assert_eq!(problem(&Step::Quit, &state, false), None);
        state.tell(Level::Error, "it broke");
        assert!(problem(&Step::WaitAnalysis, &state, false).is_some_and(|why| why.contains("it broke")));
        assert_eq!(problem(&Step::Shot("x.png".into()), &state, true), None, "the refusal is what was wanted");
        let empty = State::new(Settings::default());
        assert!(
            problem(&Step::Named("next-segment"), &empty, false).is_some_and(|why| why.contains("open a recording"))
        );
    }
}
