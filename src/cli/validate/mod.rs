//! `ecg validate`: how well beats, waves, intervals and rules agree with annotations and with exact truth. A file a kind of data, the scoring
//! in files of its own; figures on standard output as tables that are also Markdown, and as JSON.
//!
//! Nothing is chosen here: the command reports what the program does.

mod beats;
mod intervals;
mod ludb;
mod mitdb;
mod pairing;
mod point;
mod qt;
mod qtdb;
mod reading;
mod section;
mod statistics;
mod synthetic;
mod waves;

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::output;
use crate::analysis::ModelChoice;
use crate::error::{Error, Result};
use reading::Setup;
use section::Section;

/// Arguments of `ecg validate`.
#[derive(clap::Args)]
pub struct Args {
    /// Folder of WFDB records with reference beats (.atr), as the MIT-BIH Arrhythmia Database
    #[arg(long, value_name = "DIR")]
    beats: Option<PathBuf>,
    /// Folder of records with waves marked lead by lead, as LUDB
    #[arg(long, value_name = "DIR")]
    waves: Option<PathBuf>,
    /// Folder of records with waves marked by one person for both leads (.q1c), as the QT Database
    #[arg(long, value_name = "DIR")]
    qt: Option<PathBuf>,
    /// Intervals on synthetic records with exact truth, made for it
    #[arg(long)]
    synthetic: bool,
    /// Of --waves and --qt only records of this fold, 0 to 3: the place in RECORDS modulo 4
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(0..4))]
    fold: Option<u8>,
    /// Folder of another wave segmenter, in which `{fold}` stands for the fold of each record; `none` for slopes alone
    #[arg(long, value_name = "DIR", value_parser = segmenter, default_value = "embedded", hide_default_value = true)]
    segmenter: ModelChoice,
    /// Writes every figure, also record by record, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn segmenter(text: &str) -> std::result::Result<ModelChoice, std::convert::Infallible> {
    Ok(match text {
        "embedded" => ModelChoice::Embedded,
        "none" => ModelChoice::Off,
        folder => ModelChoice::Folder(folder.into()),
    })
}

/// Runs it.
pub fn run(args: &Args) -> Result<()> {
    let setup = Setup { fold: args.fold.map(usize::from), segmenter: args.segmenter.clone() };
    let mut sections = Vec::new();
    let mut show = |section: Section| -> Result<()> {
        output::line(&section.text())?;
        sections.push(section);
        Ok(())
    };
    if let Some(folder) = &args.beats {
        // The beat detector was not trained: folds mean nothing to it.
        show(mitdb::section(folder, &Setup { fold: None, ..setup.clone() })?)?;
    }
    if let Some(folder) = &args.waves {
        show(ludb::section(folder, &setup)?)?;
    }
    if let Some(folder) = &args.qt {
        show(qtdb::section(folder, &setup)?)?;
    }
    if args.synthetic {
        show(synthetic::section(&setup.segmenter, &setup.words())?)?;
    }
    if sections.is_empty() {
        return Err(Error::missing("nothing to validate on").cure("name data: --beats, --waves, --qt, --synthetic"));
    }
    if let Some(file) = &args.json {
        let all: Map<String, Value> =
            sections.iter().map(Section::json).map(|(key, value)| (key.to_owned(), value.clone())).collect();
        output::file(file, format!("{:#}\n", Value::Object(all)).as_bytes())?;
    }
    Ok(())
}
