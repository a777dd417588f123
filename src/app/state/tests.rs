//! What commands and answers do, seen from outside, with no window.

use jiff::Timestamp;

use super::{
    Command, Dialog, Done, ExportKind, GAINS_MM_MV, Job, Level, Picking, Reading, Settings, State, Tab, Theme,
    sample_state,
};
use crate::error::Error;
use crate::report::{Sheet, Signals};
use crate::review::Verdict;

/// Applies the commands to the analysed sample and looks at what came of it.
fn check(commands: &[Command], expect: impl FnOnce(&State, &[Job])) {
    let mut state = sample_state();
    state.clock = || Timestamp::UNIX_EPOCH;
    let jobs: Vec<Job> = commands.iter().flat_map(|command| state.apply(command.clone())).collect();
    expect(&state, &jobs);
}

fn verdict(state: &State, segment: usize) -> Option<Verdict> {
    let document = state.document()?;
    document.study.as_ref()?.review.decision(&document.segments()[segment].key)?.verdict
}

#[test]
fn opening_reads_analyses_and_fetches_the_review() {
    let mut state = State::new(Settings::default());
    let jobs = state.apply(Command::Open("a/b.hea".into()));
    assert!(matches!(&jobs[..], [Job::Open { path: Some(path), .. }] if path.ends_with("b.hea")));
    let document = state.active.expect("opening");
    let recording = super::sample::sample_recording();
    let jobs = state.absorb(Done::Opened { document, result: Ok(recording.into()) });
    assert!(jobs.iter().any(|job| matches!(job, Job::Analyze { revision: 1, .. })));
    assert!(jobs.iter().any(|job| matches!(job, Job::LoadReview { .. })));
    assert!(jobs.iter().any(|job| matches!(job, Job::SaveSettings(_))));
    assert!(state.settings.recent[0].ends_with("a/b.hea"));
    assert!(state.apply(Command::Open("a/b.hea".into())).is_empty(), "the same file is not opened twice");
    assert_eq!(state.documents.len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_becomes_a_sentence_with_its_name() {
    let mut state = State::new(Settings::default());
    state.apply(Command::Open("broken.hea".into()));
    let document = state.active.expect("opening");
    state.absorb(Done::Opened { document, result: Err(Error::read("the signal file ends early").in_step("signal 2")) });
    assert!(state.documents.is_empty() && state.active.is_none());
    let message = state.messages.first().expect("told");
    assert_eq!(message.level, Level::Error);
    assert!(message.words.contains("signal 2") && message.words.contains("broken.hea"), "{}", message.words);
}

#[test]
fn facts_that_a_file_lacks_are_asked_for_and_never_guessed() {
    let mut state = State::new(Settings::default());
    state.apply(Command::Open("t.csv".into()));
    let document = state.active.expect("opening");
    state.absorb(Done::Opened { document, result: Err(Error::missing("the table does not say its rate")) });
    assert!(matches!(&state.dialog, Some(Dialog::Facts { .. })));
    assert!(state.apply(Command::Confirm).is_empty(), "nothing typed: the dialog stays");
    state.apply(Command::Draft("fast".into()));
    assert!(state.apply(Command::Confirm).is_empty());
    state.apply(Command::Draft("500".into()));
    state.apply(Command::DraftSecond("0.001".into()));
    let jobs = state.apply(Command::Confirm);
    let Some(Job::Open { hints, .. }) = jobs.first() else { panic!("not opened") };
    assert_eq!((hints.rate_hz, hints.mv_per_unit), (Some(500.0), Some(0.001)));
    assert!(state.dialog.is_none());
}

#[test]
fn decisions_are_kept_and_undone_and_made_again() {
    let decide = Command::Decide(Some(Verdict::Rejected));
    check(std::slice::from_ref(&decide), |state, jobs| {
        assert_eq!(verdict(state, 1), Some(Verdict::Rejected));
        assert!(matches!(jobs, [Job::SaveReview { review, .. }] if review.log().len() == 1));
    });
    check(&[decide.clone(), Command::Undo], |state, jobs| {
        assert_eq!(verdict(state, 1), None);
        assert_eq!(jobs.len(), 2);
    });
    check(&[decide, Command::Undo, Command::Redo], |state, _| assert_eq!(verdict(state, 1), Some(Verdict::Rejected)));
}

#[test]
fn an_impression_is_one_edit_however_many_letters() {
    let mut state = sample_state();
    let said = |state: &State| {
        let review = &state.document().and_then(|document| document.study.as_ref()).expect("open").review;
        (review.impression().to_owned(), review.log().len())
    };
    let before = said(&state).1;
    for words in ["s", "si", "sinus rhythm "] {
        assert!(state.apply(Command::DraftImpression(words.into())).is_empty());
    }
    assert_eq!(said(&state), (String::new(), before));
    assert!(matches!(state.apply(Command::KeepImpression).as_slice(), [Job::SaveReview { .. }]));
    assert_eq!(said(&state), ("sinus rhythm".into(), before + 1));
    assert!(state.apply(Command::KeepImpression).is_empty());
    state.apply(Command::DraftImpression("sinus bradycardia".into()));
    state.apply(Command::Undo);
    assert_eq!(said(&state), ("sinus rhythm".into(), before + 1), "what was typed is kept first, then taken back");
}

#[test]
fn a_typed_note_is_kept_when_the_reader_goes_on() {
    check(&[Command::DraftNote(" artefact ".into()), Command::StepSegment(1)], |state, jobs| {
        assert!(matches!(jobs, [Job::SaveReview { .. }]));
        let document = state.document().expect("open");
        let review = &document.study.as_ref().expect("open").review;
        assert_eq!(review.decision(&document.segments()[1].key).map(|d| d.note.as_str()), Some("artefact"));
        assert_eq!((document.view.segment, &document.view.note), (Some(2), &None));
    });
}

#[test]
fn stepping_centres_and_holds_at_the_ends() {
    check(&[Command::StepSegment(1), Command::StepSegment(1), Command::StepSegment(1)], |state, _| {
        let view = &state.document().expect("open").view;
        assert_eq!((view.segment, view.start_s), (Some(2), 5.0)); // centred would be 5.9 s: held at the end
    });
    check(&[Command::StepSegment(-1)], |state, _| {
        assert_eq!(state.document().map(|document| document.view.start_s), Some(0.0));
    });
}

#[test]
fn segments_and_findings_bring_their_tab_and_one_is_selected_at_a_time() {
    check(&[Command::Tab(Tab::Signal), Command::StepSegment(1)], |state, _| assert_eq!(state.tab, Tab::Segments));
    check(&[Command::DraftNote("seen".into()), Command::StepFinding(1)], |state, jobs| {
        let view = &state.document().expect("open").view;
        assert_eq!((state.tab, view.finding, view.segment), (Tab::Reading, Some(0), None));
        assert_eq!(view.start_s, 5.0, "its place is in view, held at the end");
        assert!(matches!(jobs, [Job::SaveReview { .. }]), "the note of the segment left is kept");
    });
    check(&[Command::ScrollTo(2.0), Command::ShowFinding(1)], |state, _| {
        assert_eq!(state.document().expect("open").view.start_s, 2.0, "what has no place leaves the view");
    });
    check(&[Command::StepFinding(-1), Command::StepFinding(1), Command::SelectSegment(0)], |state, _| {
        let view = &state.document().expect("open").view;
        assert_eq!((view.finding, view.segment), (None, Some(0)));
    });
    check(&[Command::ShowFinding(9)], |state, _| assert_eq!(state.document().expect("open").view.finding, None));
}

#[test]
fn a_narrow_window_folds_the_side_panel_until_it_is_asked_for() {
    let open = |commands: &[Command], expected: bool| {
        check(commands, |state, _| assert_eq!(state.side_open(), expected, "{commands:?}"));
    };
    open(&[], true);
    open(&[Command::Narrow(true)], false);
    open(&[Command::Narrow(true), Command::ToggleSide], true);
    open(&[Command::Narrow(true), Command::Tab(Tab::Signal)], true);
    open(&[Command::Narrow(true), Command::ToggleSide, Command::Narrow(false), Command::Narrow(true)], false);
    open(&[Command::ToggleSide, Command::Tab(Tab::Signal)], true);
}

#[test]
fn a_reading_is_confirmed_in_two_steps_only() {
    let asked = [Command::AskReviewer, Command::Draft("Dr A".into()), Command::Confirm];
    let reviewer = |state: &State| {
        let study = state.document().and_then(|document| document.study.clone());
        study.and_then(|study| study.review.reviewer().map(str::to_owned))
    };
    check(&asked, |state, _| {
        assert_eq!(reviewer(state), None);
        assert!(matches!(&state.dialog, Some(Dialog::Reviewer { asked: true, .. })));
    });
    let mut twice = asked.to_vec();
    twice.push(Command::Confirm);
    check(&twice, |state, jobs| {
        assert_eq!(reviewer(state).as_deref(), Some("Dr A"));
        assert!(jobs.iter().any(|job| matches!(job, Job::SaveReview { .. })));
    });
    let mut changed = asked.to_vec();
    changed.extend([Command::Draft("Dr B".into()), Command::Confirm]);
    check(&changed, |state, _| assert_eq!(reviewer(state), None, "a changed name asks again"));
}

#[test]
fn scale_moves_by_named_steps_and_is_kept() {
    check(&[Command::StepSpeed(1), Command::StepGain(-1)], |state, jobs| {
        assert_eq!((state.settings.speed_mm_s, state.settings.gain_mm_mv), (50.0, 5.0));
        assert!(jobs.iter().all(|job| matches!(job, Job::SaveSettings(_))) && jobs.len() == 2);
    });
    check(&[Command::Gain(7.0)], |state, _| assert!(GAINS_MM_MV.contains(&state.settings.gain_mm_mv)));
    check(&[Command::Sheet(Sheet::TwelveByOne), Command::NextSignals], |state, _| {
        assert_eq!(state.settings.signals, Signals::Denoised);
    });
}

#[test]
fn text_size_does_not_change_the_paper() {
    check(&[Command::TextScale(1.25)], |state, _| {
        assert!((state.points_per_mm() * 1.25 - State::UNCALIBRATED).abs() < 1e-4);
    });
    check(&[Command::Monitor("left".into()), Command::Calibrate(Some(5.0))], |state, _| {
        assert!(state.calibrated());
        assert_eq!(state.points_per_mm(), 5.0);
    });
}

#[test]
fn where_no_system_dialog_exists_the_path_is_typed() {
    let mut state = sample_state();
    let jobs = state.apply(Command::AskExport(ExportKind::Pdf));
    let Some(Job::Pick { asking, picking: Picking::Save { name, .. } }) = jobs.first() else { panic!("no dialog") };
    assert_eq!(name, "sample.pdf");
    assert!(state.apply(Command::AskOpen).is_empty(), "one dialog at a time");
    state.absorb(Done::Picked { asking: *asking, path: None, at_once: true });
    assert!(matches!(&state.dialog, Some(Dialog::SavePath { typed, .. }) if typed == "sample.pdf"));
    let jobs = state.apply(Command::Confirm);
    assert!(matches!(&jobs[..], [Job::Export { kind: ExportKind::Pdf, .. }]));
    let late = state.absorb(Done::Picked { asking: *asking, path: Some("x".into()), at_once: false });
    assert!(late.is_empty(), "a dialog that was forgotten opens nothing");
}

#[test]
fn a_failed_or_cancelled_reading_leaves_the_recording() {
    let mut state = sample_state();
    state.apply(Command::Analyze);
    let (document, revision) = state.document().map(|document| (document.id, document.revision)).expect("open");
    state.absorb(Done::Progress { document, revision, share: 0.4, step: "beats".into() });
    assert_eq!(
        state.document().map(|d| d.reading.clone()),
        Some(Reading::Running { share: 0.4, step: "beats".into() })
    );
    state.absorb(Done::Analyzed { document, revision, result: Err(Error::model("the weights do not fit")) });
    assert!(matches!(state.document().map(|d| d.reading.clone()), Some(Reading::Failed(_))));
    assert!(state.has_message(Level::Error));
    assert!(state.document().is_some_and(|document| document.study.is_some()));
}

#[test]
fn closing_shows_the_neighbour_and_cancels() {
    let mut state = sample_state();
    let first = state.active;
    state.apply(Command::Open("b.hea".into()));
    let jobs = state.apply(Command::Close(None));
    assert!(matches!(&jobs[..], [Job::Cancel { .. }]));
    assert_eq!(state.active, first);
    state.apply(Command::Close(None));
    assert!(state.documents.is_empty() && state.active.is_none());
    assert!(state.apply(Command::StepSegment(1)).is_empty());
}

#[test]
fn themes_and_messages() {
    check(&[Command::Theme(Theme::Dark)], |state, jobs| {
        assert_eq!(state.settings.theme, Theme::Dark);
        assert_eq!(jobs.len(), 1);
    });
    let mut state = sample_state();
    state.tell(Level::Error, "one");
    state.tell(Level::Error, "one");
    assert_eq!(state.messages.len(), 1, "the same words are said once");
    state.apply(Command::DismissMessage(state.messages[0].id));
    assert!(state.messages.is_empty());
}
