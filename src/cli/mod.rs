//! `ecg`: the command line. One file a subcommand, each a thin face of the library; only here is anything printed.
//!
//! Exit: 0 all well, 1 nothing worked or wrong usage, 2 some files failed.

mod analyze;
mod batch;
mod card;
mod convert;
mod denoise;
mod evaluate;
mod formats;
mod info;
mod marks;
mod output;
mod ptbxl;
mod report;
mod scores;
mod source;
mod synth;
mod train;
mod validate;
mod wave_data;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Result;

/// Reads electrocardiograms: denoises, measures, lets FoundationalECGNet read them on this computer, and reports.
///
/// For research and teaching. Not a medical device. Not for diagnosis or treatment.
#[derive(Parser)]
#[command(name = "ecg", version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// What a file holds: format, leads, rate, length, patient, doubts
    Info(info::Args),
    /// The whole reading of each file
    Analyze(analyze::Args),
    /// The report of each file as PDF
    Report(report::Args),
    /// Writes a recording in another format
    Convert(convert::Args),
    /// Writes the denoised leads of a recording
    Denoise(denoise::Args),
    /// Trains FoundationalECGNet or the wave segmenter
    Train(train::Args),
    /// Makes a synthetic recording with exact truth
    Synth(synth::Args),
    /// How well a model reads a folder laid out as PTB-XL
    Evaluate(evaluate::Args),
    /// How well beats and waves agree with annotations
    Validate(validate::Args),
    /// The formats that can be read and written
    Formats,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    done: usize,
    failed: usize,
}

impl Tally {
    /// One piece of work.
    fn of(result: Result<()>) -> Result<Self> {
        result.map(|()| Self { done: 1, failed: 0 })
    }

    fn code(self) -> u8 {
        match (self.done, self.failed) {
            (_, 0) => 0,
            (0, _) => 1,
            _ => 2,
        }
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // Help and version go to standard output and are no failure.
            let code = if error.use_stderr() { 1 } else { 0 };
            return if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(1) };
        }
    };
    let result = match line.command {
        Command::Info(args) => info::run(&args),
        Command::Analyze(args) => analyze::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Convert(args) => Tally::of(convert::run(&args)),
        Command::Denoise(args) => Tally::of(denoise::run(&args)),
        Command::Train(args) => Tally::of(train::run(&args)),
        Command::Synth(args) => Tally::of(synth::run(&args)),
        Command::Evaluate(args) => Tally::of(evaluate::run(&args)),
        Command::Validate(args) => Tally::of(validate::run(&args)),
        Command::Formats => Tally::of(formats::run()),
    };
    match result {
        Ok(tally) => ExitCode::from(tally.code()),
        Err(error) => {
            eprintln!("ecg: {error}");
            ExitCode::from(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_tell_none_some_all() {
        assert_eq!(Tally { done: 3, failed: 0 }.code(), 0);
        assert_eq!(Tally { done: 0, failed: 2 }.code(), 1);
        assert_eq!(Tally { done: 1, failed: 2 }.code(), 2);
    }

    #[test]
    fn the_commands_are_well_formed() {
        use clap::CommandFactory;
        Line::command().debug_assert();
    }
}
