//! `ecg report`: the report of each file as PDF.

use std::path::{Path, PathBuf};

use super::analyze::study;
use super::source::{Reading, Source};
use super::{Tally, batch, output};
use crate::error::{Error, Result};
use crate::report::{PaperOptions, PaperSize, report_pdf};

/// Arguments of `ecg report`.
#[derive(clap::Args)]
pub struct Args {
    /// Recordings (a WFDB record by its .hea file)
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The PDF, or with several files the folder for them [default: beside each recording's name in this folder]
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Paper
    #[arg(long, value_enum, default_value = "a4")]
    paper: Paper,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Paper {
    /// 210 × 297 mm
    A4,
    /// 216 × 279 mm
    Letter,
}

/// Runs it.
pub fn run(args: &Args) -> Result<Tally> {
    if args.files.len() > 1 && args.output.as_deref().is_some_and(|out| !out.is_dir()) {
        return Err(Error::write("with several files -o must name a folder that is there"));
    }
    let size = match args.paper {
        Paper::A4 => PaperSize::A4,
        Paper::Letter => PaperSize::Letter,
    };
    let made_at = jiff::Timestamp::now();
    let work = |file: &PathBuf| {
        let study = study(file, &args.source, &args.reading)?;
        report_pdf(&study, &PaperOptions { size }, made_at)
    };
    let mut taken = std::collections::BTreeSet::new();
    batch::each(&args.files, "reporting", work, |file, bytes| {
        let path = place(file, args.output.as_deref(), &mut taken);
        output::keep_input(file, &path)?;
        output::file(&path, &bytes)?;
        output::line(&path.display().to_string())
    })
}

/// Where a file's report goes; two recordings of one name get two reports.
fn place(file: &Path, out: Option<&Path>, taken: &mut std::collections::BTreeSet<PathBuf>) -> PathBuf {
    let stem = file.file_stem().map_or_else(|| "report".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let first = match out {
        Some(out) if out.is_dir() => out.join(format!("{stem}.pdf")),
        Some(out) => out.to_owned(),
        None => PathBuf::from(format!("{stem}.pdf")),
    };
    let others = (2..).map(|number| first.with_file_name(format!("{stem}-{number}.pdf")));
    let free = std::iter::once(first.clone()).chain(others).find(|path| !taken.contains(path)).unwrap_or(first);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_recordings_of_one_name_get_two_reports() {
        let mut taken = std::collections::BTreeSet::new();
        assert_eq!(place(Path::new("a/1.hea"), None, &mut taken), Path::new("1.pdf"));
        assert_eq!(place(Path::new("b/1.hea"), None, &mut taken), Path::new("1-2.pdf"));
    }
}
