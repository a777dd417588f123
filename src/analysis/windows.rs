//! Many windows, many threads, one result: workers take windows by a counter and put each answer in its own place, so that the number of threads
//! changes nothing but the time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::Watch;
use crate::error::{Error, Result};

/// `work(index)` for each index, on up to `threads` threads, in order. Progress goes from `from` to `to`.
pub(super) fn each<T: Send>(
    count: usize,
    threads: usize,
    (from, to): (f32, f32),
    watch: &dyn Watch,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let answers: Mutex<Vec<Option<Result<T>>>> = Mutex::new((0..count).map(|_| None).collect());
    let worker = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || stop.load(Ordering::Relaxed) {
                break;
            }
            if watch.cancelled() {
                stop.store(true, Ordering::Relaxed);
                break;
            }
            let answer = work(index);
            if answer.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
            if let Ok(mut answers) = answers.lock() {
                answers[index] = Some(answer);
            }
            let share = (done.fetch_add(1, Ordering::Relaxed) + 1) as f32 / count as f32;
            watch.progress(from + (to - from) * share, &format!("network, window {} of {count}", index + 1));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, count.max(1)) {
            scope.spawn(worker);
        }
        worker();
    });
    let answers = answers.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    if watch.cancelled() {
        return Err(Error::cancelled());
    }
    // an error stops the rest: the first in order is told, and what was never begun does not count
    let mut out = Vec::with_capacity(count);
    let mut unfinished = false;
    for answer in answers {
        match answer {
            Some(answer) => out.push(answer?),
            None => unfinished = true,
        }
    }
    if unfinished { Err(Error::cancelled()) } else { Ok(out) }
}

/// As many threads as the machine has cores.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Unwatched;

    #[test]
    fn the_order_is_that_of_the_windows_whatever_the_threads() {
        for threads in [1, 2, 7] {
            let squares = each(100, threads, (0.0, 1.0), &Unwatched, |index| Ok(index * index)).expect("no error");
            assert!(squares.iter().enumerate().all(|(index, square)| *square == index * index));
        }
        assert!(each(0, 4, (0.0, 1.0), &Unwatched, |_| Ok(())).expect("nothing to do").is_empty());
    }

    #[test]
    fn an_error_is_told_and_a_cancel_stops() {
        let failing =
            each(
                50,
                2,
                (0.0, 1.0),
                &Unwatched,
                |index| {
                    if index == 20 { Err(Error::model("window 20")) } else { Ok(()) }
                },
            );
        assert_eq!(failing.unwrap_err().what(), "window 20");
        struct Stopped;
        impl Watch for Stopped {
            fn progress(&self, _share: f32, _step: &str) {}
            fn cancelled(&self) -> bool {
                true
            }
        }
        let stopped = each(50, 2, (0.0, 1.0), &Stopped, |_| Ok(()));
        assert_eq!(stopped.unwrap_err().kind(), crate::error::Cause::Cancelled);
    }
}
