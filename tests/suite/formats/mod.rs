//! What a reader of files sees: the values of independent readers, whole published sets, damaged files, and what is written read again.

mod fixtures;
mod hostile;
mod sets;
mod truth;
mod words;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use einthoven::error::{Error, Result};
use einthoven::formats::Sisters;

/// Shared recordings, where they are at hand.
pub fn shared(below: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no shared data ({below})");
    None
}

/// Small files of our own, made by `tests/data/make.py` with encoders that are not ours.
pub fn fixtures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data"))
}

/// Files in memory.
#[derive(Clone, Default)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Memory {
    /// All files of a folder.
    pub fn of(folder: &Path) -> Self {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let files = entries.map(|entry| entry.expect("readable folder").path()).filter(|path| path.is_file());
        let name = |path: &Path| path.file_name().expect("a file").to_string_lossy().into_owned();
        Self(files.map(|path| (name(&path), std::fs::read(&path).expect("readable file"))).collect())
    }
}

impl Sisters for Memory {
    fn sister(&self, name: &str) -> Result<Vec<u8>> {
        self.0.get(name).cloned().ok_or_else(|| Error::read(format!("{name} is not there")))
    }

    fn names(&self, stem: &str) -> Vec<String> {
        let beside = |name: &&String| name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'));
        self.0.keys().filter(beside).cloned().collect()
    }
}
