//! The few words the viewer takes on its command line.

use std::path::PathBuf;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Args {
    /// Recordings to open.
    pub files: Vec<PathBuf>,
    /// A script to run.
    pub script: Option<PathBuf>,
    /// Folder for settings and reviews, instead of the system's.
    pub config: Option<PathBuf>,
    /// Folder of a model, instead of the one built in.
    pub model: Option<PathBuf>,
}

/// What to do with the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Open the window.
    Window(Args),
    /// Say this and leave.
    Words(String),
}

/// The help.
pub const HELP: &str = "\
einthoven [FILE…]: opens the viewer; the built-in sample when no file is given

  --config FOLDER   keep settings and reviews there
  --model FOLDER    read with this model instead of the one built in
  --script FILE     run the commands of a file in the window, then leave; fails where the window shows a problem or no trace
  --version, --help

For research and teaching. Not a medical device. Not for diagnosis or treatment.";

/// Reads the words.
///
/// # Errors
/// A sentence for the one who typed them.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Wanted, String> {
    let (mut args, mut words) = (Args::default(), words.into_iter());
    let mut plain = false;
    while let Some(word) = words.next() {
        if plain || !word.starts_with('-') {
            args.files.push(word.into());
            continue;
        }
        let place = match word.as_str() {
            "--" => {
                plain = true;
                continue;
            }
            "--help" | "-h" => return Ok(Wanted::Words(HELP.into())),
            "--version" | "-V" => return Ok(Wanted::Words(format!("einthoven {}", env!("CARGO_PKG_VERSION")))),
            "--script" => &mut args.script,
            "--config" => &mut args.config,
            "--model" => &mut args.model,
            other => return Err(format!("{other} is not known; --help lists what is")),
        };
        let value = words.next().ok_or_else(|| format!("{word} needs a path after it"))?;
        *place = Some(value.into());
    }
    Ok(Wanted::Window(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Wanted, String> {
        parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn words_are_understood_or_refused_in_a_sentence() {
        let args = Args { files: vec!["a.hea".into(), "-odd.csv".into()], config: Some("c".into()), ..Args::default() };
        assert_eq!(parsed(&["a.hea", "--config", "c", "--", "-odd.csv"]), Ok(Wanted::Window(args)));
        assert!(parsed(&["--frobnicate"]).is_err_and(|words| words.contains("--frobnicate")));
        assert!(parsed(&["--script"]).is_err());
        assert!(matches!(parsed(&["--help"]), Ok(Wanted::Words(words)) if words.contains("Not a medical device")));
    }
}
