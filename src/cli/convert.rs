//! `ecg convert`: writes a recording in another format.

use std::path::{Path, PathBuf};

use super::output;
use super::source::Source;
use crate::ecg::Recording;
use crate::error::{Error, Result};
use crate::formats::{FORMATS, Format};

/// Arguments of `ecg convert`.
#[derive(clap::Args)]
pub struct Args {
    /// The recording
    input: PathBuf,
    /// Where to write; the ending names the format unless --to does
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Format to write
    #[arg(long, value_name = "FORMAT", value_parser = writable())]
    to: Option<String>,
    #[command(flatten)]
    source: Source,
}

/// The formats that can be written, for `--to`.
pub fn writable() -> clap::builder::PossibleValuesParser {
    let names: Vec<&'static str> =
        FORMATS.iter().filter(|format| format.writes()).map(|format| format.name()).collect();
    clap::builder::PossibleValuesParser::new(names)
}

/// Runs it.
pub fn run(args: &Args) -> Result<()> {
    let recording = args.source.open(&args.input)?;
    for note in &recording.notes {
        eprintln!("ecg: note: {}", note.text);
    }
    write(&recording, Some(&args.input), &args.output, args.to.as_deref())
}

/// Writes a recording where `-o` says, in the format that `--to` or the ending names; never over the file it came from.
pub fn write(recording: &Recording, input: Option<&Path>, out: &Path, to: Option<&str>) -> Result<()> {
    let format = target(out, to)?;
    let (folder, stem) = output::stem(out)?;
    let files = format.write(recording, &stem)?;
    for (name, _) in &files {
        if let Some(input) = input {
            output::keep_input(input, &folder.join(name))?;
        }
    }
    for (name, bytes) in &files {
        output::file(&folder.join(name), bytes)?;
    }
    output::line(&files.first().map_or_else(String::new, |(name, _)| folder.join(name).display().to_string()))
}

fn target(out: &Path, to: Option<&str>) -> Result<&'static dyn Format> {
    let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let fits = |format: &&&dyn Format| match (to, &ending) {
        (Some(name), _) => format.name() == name,
        (None, Some(ending)) => format.extensions().contains(&ending.as_str()),
        (None, None) => false,
    };
    FORMATS.iter().filter(|format| format.writes()).find(fits).copied().ok_or_else(|| {
        let error = Error::unsupported("the format to write is not named by the ending of the output");
        error.cure("add --to wfdb or --to csv").in_file(out.display().to_string())
    })
}
