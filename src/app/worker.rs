//! Threads that do the work of the window: one to open files, one to read recordings, one to write. Snapshots go in, finished values come out.
//!
//! The window's thread takes no lock and waits for nothing: it tries to hand over and tries to fetch. Both channels are bounded; what does not
//! fit yet waits in a list on the window's side, in order. A job that panics answers with the words of its panic. Cancelling sets a flag that the
//! work looks at; its late answer is dropped by the state through its revision.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use crate::analysis::Watch;
use crate::app::state::{DocumentId, Done, Job};
use crate::error::{Error, Result};

/// Jobs that may wait inside a channel, and answers that may wait to be fetched.
const BOUND: usize = 64;

/// What the threads do; the tests have their own.
pub trait Work: Send + Sync + 'static {
    /// Does a job; `None` = nothing to tell.
    fn run(&self, job: Job, watch: &dyn Watch) -> Option<Done>;
}

/// The threads, in the order of [`Worker::senders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thread {
    Open,
    Read,
    Write,
}

impl Thread {
    const ALL: [(Thread, &'static str); 3] = [(Thread::Open, "open"), (Thread::Read, "read"), (Thread::Write, "write")];

    fn of(job: &Job) -> Thread {
        match job {
            Job::Open { .. } | Job::Overview { .. } => Thread::Open,
            Job::Analyze { .. } => Thread::Read,
            _ => Thread::Write,
        }
    }
}

struct Envelope {
    job: Job,
    cancel: Arc<AtomicBool>,
}

/// Wakes the window; called from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The window's side of the threads.
pub struct Worker {
    senders: Vec<SyncSender<Envelope>>,
    waiting: VecDeque<Envelope>,
    cancels: BTreeMap<DocumentId, Arc<AtomicBool>>,
    answers: Receiver<Done>,
    answer: SyncSender<Done>,
    wake: Wake,
    writer: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(work: Arc<dyn Work>, wake: Wake) -> Result<Self> {
        let (answer, answers) = sync_channel(BOUND);
        let (mut senders, mut writer) = (Vec::new(), None);
        for (thread, name) in Thread::ALL {
            let (sender, jobs) = sync_channel::<Envelope>(BOUND);
            let (work, answer, wake) = (Arc::clone(&work), answer.clone(), Arc::clone(&wake));
            let handle = std::thread::Builder::new()
                .name(name.into())
                .spawn(move || serve(&*work, &jobs, &answer, &wake))
                .map_err(Error::from)?;
            senders.push(sender);
            if thread == Thread::Write {
                writer = Some(handle);
            }
        }
        let (waiting, cancels) = (VecDeque::new(), BTreeMap::new());
        Ok(Self { senders, waiting, cancels, answers, answer, wake, writer })
    }

    /// Hands a job over; never waits.
    pub fn send(&mut self, job: Job) {
        if let Job::Cancel { document } = job {
            if let Some(cancel) = self.cancels.remove(&document) {
                cancel.store(true, Ordering::Relaxed);
            }
            // What has not begun need not begin.
            self.waiting.retain(|envelope| !envelope.cancel.load(Ordering::Relaxed));
            return;
        }
        let cancel = Arc::new(AtomicBool::new(false));
        if let Job::Analyze { document, .. } = job {
            self.cancels.insert(document, Arc::clone(&cancel));
        }
        self.waiting.push_back(Envelope { job, cancel });
        self.flush();
    }

    /// The answers that have come; never waits.
    pub fn fetch(&mut self) -> Vec<Done> {
        self.flush();
        self.answers.try_iter().take(BOUND).collect()
    }

    /// A way for another thread to answer and wake the window.
    pub fn mouth(&self) -> (SyncSender<Done>, Wake) {
        (self.answer.clone(), Arc::clone(&self.wake))
    }

    fn flush(&mut self) {
        let mut full = [false; Thread::ALL.len()];
        for _ in 0..self.waiting.len() {
            let Some(envelope) = self.waiting.pop_front() else { return };
            let thread = Thread::of(&envelope.job) as usize;
            if full[thread] {
                self.waiting.push_back(envelope);
                continue;
            }
            match self.senders[thread].try_send(envelope) {
                Ok(()) => {}
                Err(TrySendError::Full(envelope) | TrySendError::Disconnected(envelope)) => {
                    full[thread] = true;
                    self.waiting.push_back(envelope);
                }
            }
        }
    }
}

impl Drop for Worker {
    /// Stops readings and waits for the writer, so that no decision is lost.
    fn drop(&mut self) {
        self.cancels.values().for_each(|cancel| cancel.store(true, Ordering::Relaxed));
        let (_, nobody) = sync_channel(1);
        drop(std::mem::replace(&mut self.answers, nobody)); // a thread that answers now is let go
        let writer = self.senders.pop();
        for envelope in self.waiting.drain(..).filter(|envelope| Thread::of(&envelope.job) == Thread::Write) {
            if let Some(writer) = &writer {
                let _ = writer.send(envelope); // gone only when its thread is gone
            }
        }
        drop(writer);
        self.senders.clear();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join(); // its panics were caught and told
        }
    }
}

fn serve(work: &dyn Work, jobs: &Receiver<Envelope>, answer: &SyncSender<Done>, wake: &Wake) {
    while let Ok(Envelope { job, cancel }) = jobs.recv() {
        if cancel.load(Ordering::Relaxed) {
            continue;
        }
        let (document, revision, words) = about(&job);
        let watch = Teller { answer, wake, cancel: &cancel, document, revision };
        let done = catch_unwind(AssertUnwindSafe(|| work.run(job, &watch))).unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
            let said = said.unwrap_or_else(|| "no reason was given".into());
            Some(Done::Failed { document, revision, work: words, words: said })
        });
        if let Some(done) = done {
            let _ = answer.send(done); // nobody listens any more: the window is closing
            wake();
        }
    }
}

/// Whose work a job is, which asking, and what it is in words.
fn about(job: &Job) -> (Option<DocumentId>, Option<u64>, &'static str) {
    match job {
        Job::Open { document, .. } => (Some(*document), None, "opening a file"),
        Job::Overview { document, .. } => (Some(*document), None, "making the overview"),
        Job::Analyze { document, revision, .. } => (Some(*document), Some(*revision), "reading the recording"),
        Job::LoadReview { document, .. } => (Some(*document), None, "fetching earlier decisions"),
        Job::SaveReview { .. } => (None, None, "keeping a decision"),
        Job::SaveSettings(_) => (None, None, "keeping the settings"),
        Job::Export { .. } => (None, None, "writing an export"),
        Job::Pick { .. } => (None, None, "asking for a file"),
        Job::Cancel { .. } | Job::Quit => (None, None, "leaving"),
    }
}

/// Progress and cancel as the work sees them.
struct Teller<'a> {
    answer: &'a SyncSender<Done>,
    wake: &'a Wake,
    cancel: &'a AtomicBool,
    document: Option<DocumentId>,
    revision: Option<u64>,
}

impl Watch for Teller<'_> {
    fn progress(&self, share: f32, step: &str) {
        if let (Some(document), Some(revision)) = (self.document, self.revision) {
            let progress = Done::Progress { document, revision, share, step: step.to_owned() };
            // Progress that finds no room is not worth waiting for.
            if self.answer.try_send(progress).is_ok() {
                (self.wake)();
            }
        }
    }

    fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::app::state::{Command, Level, Reading, Settings, State, sample_state};
    use crate::ecg::Recording;

    /// Reads until it is cancelled, panics on demand, counts what it wrote.
    struct Fake {
        began: SyncSender<()>,
        wrote: SyncSender<Job>,
    }

    impl Work for Fake {
        fn run(&self, job: Job, watch: &dyn Watch) -> Option<Done> {
            match job {
                Job::Analyze { document, revision, recording } => {
                    assert!(recording.device.is_none(), "the device is {:?}", recording.device);
                    watch.progress(0.5, "half");
                    let _ = self.began.try_send(());
                    while !watch.cancelled() {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    Some(Done::Analyzed { document, revision, result: Err(Error::cancelled()) })
                }
                job => {
                    let _ = self.wrote.send(job);
                    None
                }
            }
        }
    }

    struct Bench {
        worker: Worker,
        began: Receiver<()>,
        wrote: Receiver<Job>,
        woken: Receiver<()>,
    }

    fn bench() -> Bench {
        let ((began_in, began), (wrote_in, wrote)) = (sync_channel(16), sync_channel(512));
        let (woken_in, woken) = sync_channel(4096);
        let wake: Wake = Arc::new(move || {
            let _ = woken_in.try_send(());
        });
        let worker = Worker::start(Arc::new(Fake { began: began_in, wrote: wrote_in }), wake).expect("threads");
        Bench { worker, began, wrote, woken }
    }

    fn answers(bench: &mut Bench, wanted: usize) -> Vec<Done> {
        let mut got = Vec::new();
        while got.len() < wanted {
            got.extend(bench.worker.fetch());
            if got.len() < wanted {
                bench.woken.recv_timeout(Duration::from_secs(20)).expect("an answer in time");
            }
        }
        got
    }

    #[test]
    fn a_cancelled_reading_ends_and_its_answer_changes_nothing() {
        let (mut bench, mut state) = (bench(), sample_state());
        for job in state.apply(Command::Analyze) {
            bench.worker.send(job);
        }
        bench.began.recv().expect("it began");
        for job in state.apply(Command::CancelAnalysis) {
            bench.worker.send(job);
        }
        let before = state.document().cloned();
        for done in answers(&mut bench, 2) {
            state.absorb(done);
        }
        assert_eq!(state.document().cloned(), before);
        assert_eq!(state.document().map(|document| document.reading.clone()), Some(Reading::Cancelled));
    }

    #[test]
    fn a_late_answer_is_dropped() {
        let mut state = sample_state();
        let (id, old) = state.document().map(|document| (document.id, document.revision)).expect("open");
        state.apply(Command::Analyze);
        state.absorb(Done::Analyzed { document: id, revision: old, result: Err(Error::read("too late")) });
        assert!(matches!(state.document().map(|document| &document.reading), Some(Reading::Running { .. })));
        assert!(state.messages.is_empty());
        let gone = DocumentId(999);
        state.absorb(Done::Analyzed { document: gone, revision: 1, result: Err(Error::read("nobody's")) });
        assert!(state.messages.is_empty());
    }

    #[test]
    fn a_panic_becomes_a_message_with_its_words() {
        let (mut bench, mut state) = (bench(), State::new(Settings::default()));
        state.apply(Command::OpenSample);
        let document = state.active.expect("opening");
        let mut recording = Recording::new("test", Vec::new());
        recording.device = Some("unlucky".into());
        for job in state.absorb(Done::Opened { document, result: Ok(recording.into()) }) {
            bench.worker.send(job);
        }
        for done in answers(&mut bench, 1) {
            state.absorb(done);
        }
        assert!(state.has_message(Level::Error));
        let Some(Reading::Failed(words)) = state.document().map(|document| document.reading.clone()) else {
            panic!("not failed")
        };
        assert!(words.contains("the device is Some(\"unlucky\")"), "{words}");
    }

    #[test]
    fn nothing_given_to_the_writer_is_lost_at_the_end() {
        let mut bench = bench();
        for _ in 0..200 {
            bench.worker.send(Job::SaveSettings(Box::default()));
        }
        drop(bench.worker);
        assert_eq!(bench.wrote.try_iter().count(), 200);
    }
}
