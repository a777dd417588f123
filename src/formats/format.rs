//! What a format is to the rest of the house: how it is recognised, what a reader gets, what a writer gives back.
//! No format is known here.

use crate::ecg::Recording;
use crate::error::{Cause, Error, Result};

/// How well bytes fit a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// It is not this.
    No,
    /// It could be, by structure alone.
    Maybe,
    /// It looks like it.
    Likely,
    /// A signature says so.
    Certain,
}

/// Facts that a file may lack and only the reader can tell. Never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Hints {
    /// Samples per second.
    pub rate_hz: Option<f64>,
    /// Millivolts that one stored unit stands for (1 = mV, 0.001 = µV, 1000 = V).
    pub mv_per_unit: Option<f64>,
}

impl Hints {
    /// Which facts an error asks for: sampling rate, unit. Both false unless the error is [`Cause::Missing`].
    pub fn asked_by(error: &Error) -> (bool, bool) {
        let missing = error.kind() == Cause::Missing;
        (missing && error.what().contains(RATE), missing && error.what().contains(UNIT))
    }
}

/// How an error names the sampling rate that it asks for.
pub(super) const RATE: &str = "sampling rate";

/// How an error names the unit that it asks for.
pub(super) const UNIT: &str = "unit of its samples";

/// The other files of a recording (a WFDB header's signal files), by the name its header gives them.
pub trait Sisters: Sync {
    /// The bytes of a file that is part of the recording (it counts for the fingerprint).
    /// Names with a path that leaves the recording's folder are refused.
    fn sister(&self, name: &str) -> Result<Vec<u8>>;

    /// The bytes of a file about the recording that is not part of it (annotations, a header that may name this file).
    fn beside(&self, name: &str) -> Result<Vec<u8>> {
        self.sister(name)
    }

    /// Names of the files beside this one that start with `stem` and a dot (annotation files), in order.
    fn names(&self, stem: &str) -> Vec<String>;
}

/// No other files.
pub struct NoSisters;

impl Sisters for NoSisters {
    fn sister(&self, name: &str) -> Result<Vec<u8>> {
        Err(Error::read(format!("the file {name} is needed beside it and is not there")))
    }

    fn names(&self, _stem: &str) -> Vec<String> {
        Vec::new()
    }
}

/// What a reader gets.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// File name without folder.
    pub name: &'a str,
    /// The whole file.
    pub bytes: &'a [u8],
    /// Its sister files.
    pub sisters: &'a dyn Sisters,
    /// What the reader told.
    pub hints: Hints,
}

impl Input<'_> {
    /// The file name up to its last dot.
    pub fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name, |(stem, _)| stem)
    }
}

/// A file format. A new one is one file and one entry in [`super::FORMATS`].
pub trait Format: Sync {
    /// Short name, stable ("wfdb").
    fn name(&self) -> &'static str;

    /// Name in words.
    fn title(&self) -> &'static str;

    /// Usual endings, lower case, without dot.
    fn extensions(&self) -> &'static [&'static str];

    /// How well the bytes fit; looks at the first kilobytes only.
    fn sniff(&self, input: &Input) -> Likelihood;

    /// When these bytes are only part of a recording of this format (a signal or annotation file): the name of the file to open instead.
    fn main_file(&self, _input: &Input) -> Option<String> {
        None
    }

    /// Reads the recording. Damaged structure is an error, doubts are notes. The caller sets the fingerprint.
    fn read(&self, input: &Input) -> Result<Recording>;

    /// Can it write?
    fn writes(&self) -> bool {
        false
    }

    /// The files (name, bytes) that hold this recording under the stem; the first is the one to open.
    fn write(&self, _recording: &Recording, _stem: &str) -> Result<Vec<(String, Vec<u8>)>> {
        Err(Error::unsupported(format!("{} is read only", self.title())).cure("choose wfdb or csv"))
    }
}
