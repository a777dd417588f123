//! Runs the command line as a user does.

use std::path::PathBuf;
use std::process::{Command, Output};

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs `ecg`.
pub fn ecg(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ecg")).args(args).output().expect("ecg starts")
}

/// Standard output as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Standard error as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
