//! `ecg denoise`: writes the denoised leads of a recording. The recording itself is never written.

use std::path::PathBuf;

use super::source::{Reading, Source};
use super::{convert, output};
use crate::analysis::{self, ModelChoice, Unwatched};
use crate::ecg::{Note, Recording};
use crate::error::Result;

/// Arguments of `ecg denoise`.
#[derive(clap::Args)]
pub struct Args {
    /// The recording
    input: PathBuf,
    /// Where to write; the ending names the format unless --to does
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Format to write
    #[arg(long, value_name = "FORMAT", value_parser = convert::writable())]
    to: Option<String>,
    #[command(flatten)]
    source: Source,
}

/// Runs it.
pub fn run(args: &Args) -> Result<()> {
    output::keep_input(&args.input, &args.output)?;
    let recording = args.source.open(&args.input)?;
    let settings = analysis::Settings { model: ModelChoice::Off, ..Reading::default().settings() };
    let denoised = analysis::analyze(&recording, &settings, &Unwatched)?.denoised;
    let mut notes: Vec<Note> = vec![Note::new(format!("denoised: {}", denoised.method))];
    notes.extend(denoised.notes.iter().map(Note::new));
    notes.iter().for_each(|note| eprintln!("ecg: note: {}", note.text));
    let clean = Recording { traces: denoised.traces, filters: Some(denoised.method), notes, ..recording };
    convert::write(&clean, Some(&args.input), &args.output, args.to.as_deref())
}
