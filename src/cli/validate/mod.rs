//! `ecg validate`: how well beats, waves, intervals and rules agree with annotations and with exact truth. A file a kind of data, the scoring
//! in files of its own; figures on standard output as tables that are also Markdown, and as JSON.
//!
//! Nothing is chosen here: the command reports what the program does.

mod beats;
mod card;
mod intervals;
mod ludb;
mod mitdb;
mod on_ptbxl;
mod pairing;
mod point;
mod qt;
mod qtdb;
mod reading;
mod section;
mod statements;
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
    /// Folder laid out as PTB-XL: rules against the statements of people
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Of --waves and --qt only records of this fold, 0 to 3: the place in RECORDS modulo 4
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(0..4))]
    fold: Option<u8>,
    /// Folder of another wave segmenter, in which `{fold}` stands for the fold of each record; `none` for slopes alone
    #[arg(long, value_name = "DIR", value_parser = segmenter, default_value = "embedded", hide_default_value = true)]
    segmenter: ModelChoice,
    /// Writes every figure, also record by record, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes CARD.md of the wave segmenter in this folder, with the figures of --waves and --qt by a --segmenter a fold
    #[arg(long, value_name = "DIR", requires_all = ["waves", "qt"])]
    card: Option<PathBuf>,
    /// Writes the tables as a document that names this command
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
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
    let unfolded = setup.without_folds();
    let mut sections = Vec::new();
    let mut show = |section: Section| -> Result<()> {
        output::line(&section.text())?;
        sections.push(section);
        Ok(())
    };
    if let Some(folder) = &args.beats {
        show(mitdb::section(folder, &unfolded)?)?;
    }
    if let Some(folder) = &args.waves {
        show(ludb::section(folder, &setup)?)?;
    }
    if let Some(folder) = &args.qt {
        show(qtdb::section(folder, &setup)?)?;
    }
    if args.synthetic {
        show(synthetic::section(&unfolded)?)?;
    }
    if let Some(folder) = &args.rules {
        show(on_ptbxl::section(folder, &unfolded)?)?;
    }
    if sections.is_empty() {
        return Err(
            Error::missing("nothing to validate on").cure("name data: --beats, --waves, --qt, --synthetic, --rules")
        );
    }
    if let Some(file) = &args.json {
        let all: Map<String, Value> =
            sections.iter().map(Section::json).map(|(key, value)| (key.to_owned(), value.clone())).collect();
        output::file(file, format!("{:#}\n", Value::Object(all)).as_bytes())?;
    }
    if let Some(folder) = &args.card {
        if setup.segmenter == unfolded.segmenter {
            let fault = Error::unsupported("a card shows figures of records that were left out of training");
            return Err(fault.cure("give --segmenter 'DIR/w{fold}', a segmenter for each fold"));
        }
        let figures: Vec<&Section> =
            sections.iter().filter(|section| ["waves", "qt"].contains(&section.json().0)).collect();
        card::write(folder, &figures, &command(args))?;
    }
    match &args.markdown {
        Some(file) => output::file(file, document(&command(args), &sections).as_bytes()),
        None => Ok(()),
    }
}

/// The command that gives the same figures.
fn command(args: &Args) -> String {
    let folder = |name: &str, folder: &Option<PathBuf>| {
        folder.as_ref().map(|folder| format!("{name} {}", quoted(&folder.to_string_lossy())))
    };
    let segmenter = match &args.segmenter {
        ModelChoice::Embedded => None,
        ModelChoice::Off => Some("--segmenter none".to_owned()),
        ModelChoice::Folder(folder) => Some(format!("--segmenter {}", quoted(&folder.to_string_lossy()))),
    };
    let parts = [
        folder("--beats", &args.beats),
        folder("--waves", &args.waves),
        folder("--qt", &args.qt),
        args.synthetic.then(|| "--synthetic".to_owned()),
        folder("--rules", &args.rules),
        args.fold.map(|fold| format!("--fold {fold}")),
        segmenter,
        folder("--card", &args.card),
        folder("--markdown", &args.markdown),
    ];
    std::iter::once("ecg validate".to_owned()).chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(" ")
}

/// As a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "./_-+:=@,~".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// The document.
fn document(command: &str, sections: &[Section]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let sections: Vec<String> = sections.iter().map(Section::text).collect();
    format!(
        "# Validation\n\nWritten by einthoven {version} with the command below; no figure here is typed by hand. For research and teaching. Not a medical \
         device. Not for diagnosis or treatment.\n\n```sh\n{command}\n```\n\n{}",
        sections.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn args(line: &str) -> Args {
        Line::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{error}")).args
    }

    #[test]
    fn the_document_names_the_command_that_made_it() {
        let line = "ecg --waves ../shared/data/ludb --synthetic --fold 2 --segmenter w{fold} --json x --markdown V.md";
        let command = command(&args(line));
        let wanted =
            "ecg validate --waves ../shared/data/ludb --synthetic --fold 2 --segmenter 'w{fold}' --markdown V.md";
        assert_eq!(command, wanted);
        let mut section = Section::new("Waves", "waves", Value::Null);
        section.words("How.");
        let document = document(&command, &[section]);
        assert!(document.starts_with("# Validation\n") && document.contains(wanted), "{document}");
        assert!(document.ends_with("```\n\n## Waves\n\nHow.\n"), "{document}");
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_change_them() {
        assert_eq!(
            (quoted("a/b-c.d"), quoted("a b"), quoted("it's")),
            ("a/b-c.d".into(), "'a b'".into(), r"'it'\''s'".into())
        );
    }

    #[test]
    fn a_segmenter_is_built_in_none_or_a_folder() {
        let of = |line: &str| args(line).segmenter;
        assert_eq!(of("ecg"), ModelChoice::Embedded);
        assert_eq!(of("ecg --segmenter none"), ModelChoice::Off);
        assert_eq!(of("ecg --segmenter x"), ModelChoice::Folder("x".into()));
    }
}
