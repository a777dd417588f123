//! From a path to a recording: reads the bytes, asks every format, hands over the sister files.

use std::path::Path;

use super::{FORMATS, Format, Hints, Input, Likelihood};
use crate::ecg::Recording;
use crate::error::{Error, Result};

/// The format that fits the bytes best.
pub fn sniff(input: &Input) -> Option<&'static dyn Format> {
    let rated = FORMATS.iter().map(|format| (format.sniff(input), *format));
    rated
        .filter(|(likelihood, _)| *likelihood > Likelihood::No)
        .max_by_key(|(likelihood, _)| *likelihood)
        .map(|(_, f)| f)
}

/// Reads the recording at a path. The file is never written.
pub fn open(path: &Path, _hints: &Hints) -> Result<Recording> {
    Err(Error::unsupported("no format is known yet").in_file(path.display().to_string()))
}
