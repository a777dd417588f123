//! `ecg train`: trains FoundationalECGNet on a folder laid out as PTB-XL (folds 1 to 7; fold 8 scores each epoch), or the wave
//! segmenter on a folder with LUDB and QTDB (four folds by record; one may be left out and scores each epoch).

use std::path::PathBuf;

use super::{batch, output, ptbxl, wave_data};
use crate::error::{Cause, Error, Result};
use crate::network::Config;
use crate::network::segmenter;
use crate::network::train::{Moment, Recipe, train};

/// Arguments of `ecg train`.
#[derive(clap::Args)]
pub struct Args {
    /// Which network
    #[arg(long, value_enum, default_value_t = Which::Ecgnet)]
    network: Which,
    /// The segmenter: fold of records left out of training, 0 to 3 [default: none]
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..4))]
    without_fold: Option<u8>,
    /// Folder laid out as PTB-XL, with conditions.csv; for the segmenter a folder with `ludb` and `qtdb`
    #[arg(long)]
    data: PathBuf,
    /// Folder for the model
    #[arg(long)]
    out: PathBuf,
    /// Passes over the training records [default: 48, the segmenter 110]
    #[arg(long)]
    epochs: Option<usize>,
    /// Seed of every random number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long)]
    threads: Option<usize>,
    /// Go on from the last epoch in the folder
    #[arg(long)]
    resume: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// FoundationalECGNet
    Ecgnet,
    /// The wave segmenter
    Waves,
}

/// candle's own threads, which would fight with ours; it reads these before its first operation.
const ONE_THREAD: [&str; 2] = ["RAYON_NUM_THREADS", "CANDLE_NUM_THREADS"];

/// Starts this program again with candle's threads off, and waits. Setting them from inside would be unsafe code.
fn again() -> Result<()> {
    let failed = |e: std::io::Error| Error::new(Cause::Io, "the training cannot start").because(e);
    let mut command = std::process::Command::new(std::env::current_exe().map_err(failed)?);
    command.args(std::env::args_os().skip(1)).envs(ONE_THREAD.map(|name| (name, "1")));
    let status = command.status().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Error::model("the training did not end well; see above")) }
}

/// Runs it.
pub fn run(args: &Args) -> Result<()> {
    if ONE_THREAD.iter().any(|name| std::env::var_os(name).is_none()) {
        return again();
    }
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    std::fs::create_dir_all(&args.out)
        .map_err(|e| Error::write("the folder cannot be made").in_file(args.out.display().to_string()).because(e))?;
    match args.network {
        Which::Ecgnet => ecgnet(args, threads)?,
        Which::Waves => waves(args, threads)?,
    }
    output::line(&format!("the model is in {}", args.out.display()))
}

fn ecgnet(args: &Args, threads: usize) -> Result<()> {
    let defaults = Recipe::default();
    let recipe = Recipe { epochs: args.epochs.unwrap_or(defaults.epochs), seed: args.seed, ..defaults };
    let rows: Vec<_> =
        ptbxl::rows(&args.data)?.into_iter().filter(|row| row.fold.is_some_and(|fold| fold <= 8)).collect();
    let windows = ptbxl::windows(&args.data, &rows, threads, Some(&args.out.join("windows.f32")))?;
    let records = ptbxl::examples(&rows, &windows, |fold| fold.is_some_and(|fold| fold <= 7));
    let selection = ptbxl::examples(&rows, &windows, |fold| fold == Some(8));
    drop(windows);
    output::line(&format!("{} records to train on, {} to score", records.len(), selection.len()))?;
    let bar = batch::progress(records.len() / recipe.batch * recipe.epochs, "training");
    let mut failed = None;
    let mut watch = |moment: Moment<'_>| {
        bar.set_position(moment.step as u64);
        bar.set_message(format!("epoch {}, loss {:.4}", moment.epoch, moment.loss));
        if let Some(row) = moment.ended {
            let line = format!(
                "epoch {:>2}: loss {:.4}, largest gradient {:.1}, fold 8 macro {:.4}, {:.0} s",
                row.epoch, row.loss, row.largest_gradient, row.macro_auroc, row.seconds
            );
            if let Err(error) = bar.suspend(|| output::line(&line)) {
                failed.get_or_insert(error);
            }
        }
    };
    train(&Config::v1(), &recipe, (&records, &selection), (&args.out, threads, args.resume), &mut watch)?;
    bar.finish_and_clear();
    failed.map_or(Ok(()), Err)
}

fn waves(args: &Args, threads: usize) -> Result<()> {
    let defaults = segmenter::Recipe::default();
    let recipe = segmenter::Recipe { epochs: args.epochs.unwrap_or(defaults.epochs), seed: args.seed, ..defaults };
    let records = wave_data::records(&args.data, threads)?;
    let left_out = args.without_fold.map(usize::from);
    let (selection, examples): (Vec<_>, Vec<_>) =
        records.into_iter().partition(|record| record.fold.is_some() && record.fold == left_out);
    let [selection, examples] =
        [selection, examples].map(|part| part.into_iter().map(|r| r.example).collect::<Vec<_>>());
    output::line(&format!("{} records to train on, {} to score", examples.len(), selection.len()))?;
    let bar = batch::progress(1, "training");
    let mut failed = None;
    let mut watch = |moment: segmenter::Moment<'_>| {
        bar.set_length(moment.steps as u64);
        bar.set_position(moment.step as u64);
        bar.set_message(format!("loss {:.4}", moment.loss));
        if let Some(row) = moment.ended {
            let dice = row.dice.map(|dice| dice.map_or("–".to_owned(), |dice| format!("{dice:.4}"))).join(" ");
            let line = format!("epoch {:>2}: loss {:.4}, P QRS T {dice}, {:.0} s", row.epoch, row.loss, row.seconds);
            if let Err(error) = bar.suspend(|| output::line(&line)) {
                failed.get_or_insert(error);
            }
        }
    };
    let folder = (&*args.out, threads, args.resume);
    segmenter::train(&segmenter::Sizes::v1(), &recipe, (&examples, &selection), folder, &mut watch)?;
    bar.finish_and_clear();
    failed.map_or(Ok(()), Err)
}
