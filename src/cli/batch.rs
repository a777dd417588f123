//! Many files: as many at once as there are cores, results in the order given, a bad file reported and passed over.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use indicatif::{ProgressBar, ProgressStyle};

use super::Tally;
use crate::error::{Error, Result};

/// Works on every file and hands each result, in order, to `emit`. Errors of single files go to standard error.
/// `emit` itself may fail (a full disk, a closed pipe): that ends the batch.
pub fn each<T: Send>(
    files: &[PathBuf],
    what: &'static str,
    work: impl Fn(&PathBuf) -> Result<T> + Sync,
    mut emit: impl FnMut(&PathBuf, T) -> Result<()>,
) -> Result<Tally> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(files.len()).max(1);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let bar = progress(files.len(), what);
    // A bounded channel keeps finished results from piling up behind one slow file.
    let (send, receive) = mpsc::sync_channel::<(usize, Result<T>)>(4 * cores);
    let receive = Mutex::new(receive);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            let (send, next, stop, work) = (send.clone(), &next, &stop, &work);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(index) else { break };
                    let shown = file.display().to_string();
                    let result = work(file).map_err(|error| error.in_file(shown));
                    if send.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let finish = in_order(files, &receive, &bar, &mut emit);
        stop.store(true, Ordering::Relaxed);
        drop(receive);
        bar.finish_and_clear();
        finish
    })
}

fn in_order<T>(
    files: &[PathBuf],
    receive: &Mutex<mpsc::Receiver<(usize, Result<T>)>>,
    bar: &ProgressBar,
    emit: &mut impl FnMut(&PathBuf, T) -> Result<()>,
) -> Result<Tally> {
    let mut waiting: std::collections::BTreeMap<usize, Result<T>> = std::collections::BTreeMap::new();
    let (mut tally, mut turn) = (Tally::default(), 0);
    while turn < files.len() {
        let Some(result) = waiting.remove(&turn) else {
            let received = receive.lock().map_err(|_| Error::read("a worker stopped"))?.recv();
            let (index, result) = received.map_err(|_| Error::read("a worker stopped before its file was done"))?;
            waiting.insert(index, result);
            continue;
        };
        match result {
            Ok(value) => {
                bar.suspend(|| emit(&files[turn], value))?;
                tally.done += 1;
            }
            Err(error) => {
                bar.suspend(|| eprintln!("ecg: {error}"));
                tally.failed += 1;
            }
        }
        turn += 1;
        bar.inc(1);
    }
    Ok(tally)
}

/// A progress bar on standard error; hidden where that is no terminal, or for a single file.
pub fn progress(length: usize, what: &'static str) -> ProgressBar {
    if length < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length as u64).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:32} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_a_bad_file_does_not_stop_the_rest() {
        let files: Vec<PathBuf> = (0..50).map(|i| PathBuf::from(i.to_string())).collect();
        let mut seen = Vec::new();
        let work = |file: &PathBuf| {
            let number: usize = file.to_string_lossy().parse().map_err(|_| Error::read("no number"))?;
            std::thread::sleep(std::time::Duration::from_micros(((50 - number) % 7) as u64 * 100));
            if number % 10 == 3 { Err(Error::read("bad")) } else { Ok(number) }
        };
        let tally = each(&files, "test", work, |_, number| {
            seen.push(number);
            Ok(())
        })
        .expect("no output fails");
        assert_eq!(tally, Tally { done: 45, failed: 5 });
        assert!(seen.is_sorted() && seen.len() == 45);
    }

    #[test]
    fn output_that_fails_ends_the_batch() {
        let files: Vec<PathBuf> = (0..50).map(|i| PathBuf::from(i.to_string())).collect();
        let result = each(&files, "test", |_| Ok(()), |_, ()| Err(Error::write("full")));
        assert!(result.is_err());
    }
}
