//! The system's file dialog, on a thread of its own: the window never waits for it.
//!
//! Where no portal exists the dialog answers "nothing chosen" within milliseconds, without an error; that is told apart from a reader who
//! cancels by the time it took. A portal that hangs keeps its thread and nothing else.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::time::{Duration, Instant};

use super::state::{Done, Picking};
use super::worker::Worker;
use crate::formats::FORMATS;

/// An answer faster than this was not a reader's.
const AT_ONCE: Duration = Duration::from_millis(300);

/// Opens the dialog over the window and answers through the worker's channel.
pub fn open(frame: &eframe::Frame, worker: &Worker, asking: u64, picking: &Picking) {
    let dialog = rfd::AsyncFileDialog::new().set_parent(frame);
    let chosen: Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match picking {
        Picking::Open => {
            let endings: Vec<&str> = FORMATS.iter().flat_map(|format| format.extensions().iter().copied()).collect();
            let dialog = dialog.set_title("Open a recording").add_filter("Electrocardiograms", &endings);
            Box::pin(dialog.add_filter("All files", &["*"]).pick_file())
        }
        Picking::Save { kind, name } => {
            let dialog = dialog.set_title(format!("Write the {}", kind.words())).set_file_name(name);
            Box::pin(dialog.add_filter(kind.words(), &[kind.ending()]).save_file())
        }
    };
    let (answer, wake) = worker.mouth();
    let asked = Instant::now();
    let thread = std::thread::Builder::new().name("dialog".into()).spawn(move || {
        let path = wait(chosen).map(|file| file.path().to_owned());
        let at_once = asked.elapsed() < AT_ONCE;
        let _ = answer.send(Done::Picked { asking, path, at_once }); // nobody listens: the window is closing
        wake();
    });
    if thread.is_err() {
        let (answer, wake) = worker.mouth();
        let _ = answer.try_send(Done::Picked { asking, path: None, at_once: true });
        wake();
    }
}

/// Runs a future on this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_that_wakes_later_is_waited_for() {
        let mut left = 3;
        let counted = std::future::poll_fn(move |context| {
            left -= 1;
            let waker = context.waker().clone();
            std::thread::Builder::new().name("waker".into()).spawn(move || waker.wake()).expect("a thread");
            if left == 0 { Poll::Ready("done") } else { Poll::Pending }
        });
        assert_eq!(wait(counted), "done");
    }
}
