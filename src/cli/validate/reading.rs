//! Reads and analyses the records of a folder, many at once, in the order of its RECORDS list.
//!
//! The network and the denoiser stay off: beats and waves come from the raw leads and do not depend on them.

use std::path::{Path, PathBuf};

use super::super::batch;
use super::super::wave_data::{FOLDS, headers};
use crate::analysis::{self, Analysis, DenoiseOptions, ModelChoice, Settings, Unwatched};
use crate::ecg::Recording;
use crate::error::{Error, Result};
use crate::formats::{self, Hints};

/// Stands for the fold of a record in the path of a segmenter, so that each record is read by the one that has not seen it.
const FOLD_MARK: &str = "{fold}";

/// What is read, and with which segmenter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Setup {
    /// Only records of this fold.
    pub fold: Option<usize>,
    /// The segmenter; a folder may hold [`FOLD_MARK`].
    pub segmenter: ModelChoice,
}

impl Setup {
    /// The segmenter for records of a fold.
    pub fn segmenter_for(&self, fold: usize) -> ModelChoice {
        match &self.segmenter {
            ModelChoice::Folder(folder) => {
                ModelChoice::Folder(folder.to_string_lossy().replace(FOLD_MARK, &fold.to_string()).into())
            }
            other => other.clone(),
        }
    }

    /// For data without folds, on which no segmenter was trained: all of it, and in place of a segmenter a fold the one built in.
    pub fn without_folds(&self) -> Self {
        let segmenter =
            if self.segmenter_for(0) == self.segmenter { self.segmenter.clone() } else { ModelChoice::Embedded };
        Self { fold: None, segmenter }
    }

    /// Which segmenter, in words.
    pub fn words(&self) -> String {
        match &self.segmenter {
            ModelChoice::Embedded => {
                let trained = "it has learnt from the developers' halves of LUDB and QTDB and from fibrillation in \
                               PTB-XL's folds 1 to 7: there the figures show how well it fits";
                format!("the segmenter built in ({trained}, not how it does on unseen records)")
            }
            ModelChoice::Off => "slopes alone, without a segmenter".to_owned(),
            ModelChoice::Folder(folder) if folder.to_string_lossy().contains(FOLD_MARK) => {
                format!(
                    "the segmenter trained without the fold of the record ({}, made by `ecg train --network waves --without-fold` 0 to 3)",
                    folder.display()
                )
            }
            ModelChoice::Folder(folder) => format!("the segmenter in {}", folder.display()),
        }
    }
}

/// Settings for scoring: rules, beats and waves only.
pub fn settings(segmenter: ModelChoice) -> Settings {
    let denoise = DenoiseOptions { baseline: false, morlet: false, daubechies: false, ..DenoiseOptions::default() };
    Settings { model: ModelChoice::Off, segmenter, denoise }
}

/// A record's name, its place among the folds, and what was made of it.
#[derive(Debug, Clone)]
pub struct Scored<T> {
    pub record: String,
    pub fold: usize,
    pub score: T,
}

/// Scores of the records that could be read.
#[derive(Debug)]
pub struct Read<T> {
    pub scored: Vec<Scored<T>>,
    pub failed: usize,
}

impl<T> Read<T> {
    /// How many records, in words.
    pub fn words(&self) -> String {
        match self.failed {
            0 => format!("{} records", self.scored.len()),
            failed => format!("{} records ({failed} more could not be read)", self.scored.len()),
        }
    }
}

/// Works on the analysis of every record of a folder (of the fold asked for).
///
/// # Errors
/// No list of records, none of the fold, none that can be read.
pub fn each<T: Send>(
    folder: &Path,
    setup: &Setup,
    what: &'static str,
    work: impl Fn(&Recording, &Analysis) -> T + Sync,
) -> Result<Read<T>> {
    let all: Vec<(usize, PathBuf)> = headers(folder)?.into_iter().enumerate().collect();
    let wanted: Vec<(usize, PathBuf)> =
        all.into_iter().filter(|(index, _)| setup.fold.is_none_or(|fold| index % FOLDS == fold)).collect();
    let files: Vec<PathBuf> = wanted.iter().map(|(_, file)| file.clone()).collect();
    let fold_of = |file: &Path| wanted.iter().find(|(_, own)| own == file).map_or(0, |(index, _)| index % FOLDS);
    let one = |file: &PathBuf| {
        let recording = formats::open(file, &Hints::default())?;
        let settings = settings(setup.segmenter_for(fold_of(file)));
        Ok(work(&recording, &analysis::analyze(&recording, &settings, &Unwatched)?))
    };
    let mut scored = Vec::with_capacity(files.len());
    let tally = batch::each(&files, what, one, |file, score| {
        let record = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        scored.push(Scored { record, fold: fold_of(file), score });
        Ok(())
    })?;
    if scored.is_empty() {
        let none = Error::missing("the folder holds no record of this fold that can be read");
        return Err(none.in_file(folder.display().to_string()));
    }
    Ok(Read { scored, failed: tally.failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segmenter_of_its_own_for_each_fold() {
        let folder = |name: &str| ModelChoice::Folder(name.into());
        let one = Setup { fold: None, segmenter: folder("models/waves") };
        assert_eq!(one.segmenter_for(3), folder("models/waves"));
        let crossed = Setup { fold: None, segmenter: folder("folds/w{fold}") };
        assert_eq!(crossed.segmenter_for(3), folder("folds/w3"));
        assert_eq!(crossed.without_folds(), Setup::default());
        assert_eq!(one.without_folds(), one);
        assert_eq!(Setup::default().segmenter_for(1), ModelChoice::Embedded);
    }
}
