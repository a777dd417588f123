//! What a reader of files sees: the values of independent readers, whole published sets, damaged files, and what is written read again.

mod truth;

use std::path::PathBuf;

/// Shared recordings, where they are at hand.
pub fn shared(below: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no shared data ({below})");
    None
}
