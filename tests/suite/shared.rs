//! The shared recordings that tests may read where they are present.

use std::path::PathBuf;

use einthoven::ecg::Recording;
use einthoven::formats::{Hints, open};

/// A folder of shared data, or `None` with a line that says so.
pub fn folder(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if !path.is_dir() {
        println!("skipped: no shared data ({name})");
        return None;
    }
    Some(path)
}

/// Names in a list of records, one a line.
pub fn names(folder: &std::path::Path, list: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(list)).unwrap_or_else(|error| panic!("{list}: {error}"));
    text.split_whitespace().map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()).collect()
}

/// A record of the folder.
pub fn record(folder: &std::path::Path, name: &str) -> Recording {
    open(&folder.join(format!("{name}.hea")), &Hints::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}
