//! Reading and writing recordings: one file or folder a format, one list. Readers get bytes and sister files, never a path and never a window.
//!
//! [`open()`] is the only place that touches the disk. Content decides the format, names are not trusted.

mod csv;
mod dicom;
mod format;
mod open;
mod sample;
mod signal;
mod wfdb;

pub use format::{Format, Hints, Input, Likelihood, NoSisters, Sisters};
pub use open::{open, open_bytes, sniff};
pub use sample::sample;

/// Every format. Open dialog, drop, `ecg formats`, README table and the truncation tests walk this list.
pub static FORMATS: &[&dyn Format] = &[&wfdb::Wfdb, &dicom::Dicom, &csv::Csv];
