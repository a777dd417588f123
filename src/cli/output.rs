//! Writing results: to standard output line by line, and to files that never replace the recording they came from.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// One line on standard output. A reader that has gone away is an error that ends the run.
pub fn line(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .map_err(|error| Error::write("standard output is closed").because(error))
}

/// Writes a file: first beside its place, then moved there, so that no half file is ever left.
pub fn file(path: &Path, bytes: &[u8]) -> Result<()> {
    let shown = path.display().to_string();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.is_empty() {
        return Err(Error::write("this is not the name of a file").in_file(shown));
    }
    let beside = path.with_file_name(format!(".{name}.part"));
    let failed = |error: std::io::Error| {
        Error::write("the file could not be written").because(error).cure("check the folder and the space left")
    };
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        // Nothing to lose: the part file is ours, and may not even exist.
        let _ = std::fs::remove_file(&beside);
        failed(error).in_file(shown)
    })
}

/// Refuses to write over one of the files that are read.
pub fn keep_input(input: &Path, output: &Path) -> Result<()> {
    let same = match (input.canonicalize(), output.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    if same {
        let error = Error::write("this would write over the recording that is read");
        return Err(error.cure("give another name with -o").in_file(output.display().to_string()));
    }
    Ok(())
}

/// Splits `-o OUT` into folder and stem: `out/rec.hea` → (`out`, `rec`).
pub fn stem(out: &Path) -> Result<(PathBuf, String)> {
    let stem = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if stem.is_empty() {
        return Err(Error::write("-o must name a file").in_file(out.display().to_string()));
    }
    Ok((out.parent().map(Path::to_owned).unwrap_or_default(), stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_the_input_is_kept() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.txt");
        file(&path, b"one").expect("written");
        assert_eq!(std::fs::read(&path).expect("there"), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
        assert!(keep_input(&path, &folder.path().join("./a.txt")).is_err());
        assert!(keep_input(&path, &folder.path().join("b.txt")).is_ok());
        assert!(file(&folder.path().join("none/a.txt"), b"x").is_err());
    }
}
