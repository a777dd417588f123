//! From a path to a recording: reads the bytes, asks every format, hands over the sister files. The only file that touches the disk.
//!
//! Sister files are looked for in the recording's own folder and nowhere else.

use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use super::{FORMATS, Format, Hints, Input, Likelihood, Sisters, signal};
use crate::ecg::{Recording, add_missing_limb_leads};
use crate::error::{Cause, Error, Result};

/// No file is read that is larger: every sample of [`signal::MOST_SAMPLES`] in the widest coding fits.
const LARGEST_FILE: u64 = 4 << 30;

/// The format that fits the bytes best.
pub fn sniff(input: &Input) -> Option<&'static dyn Format> {
    let rated = FORMATS.iter().map(|format| (format.sniff(input), *format));
    rated
        .filter(|(likelihood, _)| *likelihood > Likelihood::No)
        .max_by_key(|(likelihood, _)| *likelihood)
        .map(|(_, format)| format)
}

/// Reads the recording at a path; a signal or annotation file of a record opens its record. No file is written.
pub fn open(path: &Path, hints: &Hints) -> Result<Recording> {
    let shown = path.display().to_string();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = Folder { path: path.parent().map(Path::to_owned).unwrap_or_default() };
    read_file(path)
        .and_then(|bytes| {
            if bytes.is_empty() {
                return Err(Error::read("the file is empty").cure("copy it again from where it was recorded"));
            }
            open_bytes(&name, &bytes, &folder, hints)
        })
        .map_err(|error| error.in_file(shown))
}

/// Reads a recording from bytes; `name` is the file's name without folder.
pub fn open_bytes(name: &str, bytes: &[u8], sisters: &dyn Sisters, hints: &Hints) -> Result<Recording> {
    let input = Input { name, bytes, sisters, hints: *hints };
    if let Some(format) = sniff(&input) {
        return read(format, &input);
    }
    let named = FORMATS.iter().find_map(|format| format.main_file(&input).map(|name| (*format, name)));
    let Some((format, main)) = named else {
        return Err(unknown(&input));
    };
    let bytes = sisters.beside(&main).map_err(|error| match error.place().file {
        Some(_) => error,
        None => Error::read(format!(
            "this file is only a part of a {} recording; its {main} is needed beside it",
            format.title()
        ))
        .cure("copy all files of the recording into one folder and open that one"),
    })?;
    read(format, &Input { name: &main, bytes: &bytes, ..input }).map_err(|error| error.in_file(main.clone()))
}

fn read(format: &dyn Format, input: &Input) -> Result<Recording> {
    let ledger = Ledger { sisters: input.sisters, hash: Mutex::new(Sha256::new_with_prefix(input.bytes)) };
    let mut recording = format.read(&Input { sisters: &ledger, ..*input })?;
    let hash = ledger.hash.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    recording.fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    if recording.traces.is_empty() && recording.channels.is_empty() {
        return Err(Error::read("the file holds no signal"));
    }
    signal::add_common_notes(&mut recording);
    add_missing_limb_leads(&mut recording);
    Ok(recording)
}

fn unknown(input: &Input) -> Error {
    let known: Vec<&str> = FORMATS.iter().map(|format| format.title()).collect();
    let seen = match input.bytes {
        [b'f', b'L', b'a', b'C', ..] => "it is a FLAC stream, and no header (.hea) beside it names it",
        [b'%', b'P', b'D', b'F', ..] => "it is a PDF: a drawing of an ECG, not its samples",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            "it is a picture: a drawing of an ECG, not its samples"
        }
        [b'P', b'K', 3, 4, ..] => "it is a zip archive",
        [0x1f, 0x8b, ..] => "it is a gzip archive",
        bytes if bytes.iter().take(4096).any(|byte| *byte == 0) => "its bytes fit no format known here",
        _ => "its text fits no format known here",
    };
    let cure = match input.bytes {
        [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, ..] => "unpack it and open what is inside".to_owned(),
        _ => format!("open one of: {}; for a WFDB signal file its .hea must lie beside it", known.join(", ")),
    };
    Error::unsupported(format!("this is not a recording that can be read: {seen}")).cure(cure)
}

/// The recording's own folder.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn place(&self, name: &str) -> Result<PathBuf> {
        let relative = Path::new(name);
        let inside = !name.is_empty()
            && !name.contains(['\\', '\0', ':'])
            && relative.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            return Err(Error::read(format!("it names the file {name:?}, which is not in its own folder"))
                .cure("put all files of the recording in one folder"));
        }
        Ok(self.path.join(relative))
    }
}

impl Sisters for Folder {
    fn sister(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.place(name)?;
        read_file(&path).map_err(|error| match error.place().step.as_deref() {
            Some(ABSENT) => Error::read(format!("the file {name} is needed beside it and is not there"))
                .cure("copy all files of the recording into one folder"),
            _ => error.in_file(path.display().to_string()),
        })
    }

    fn names(&self, stem: &str) -> Vec<String> {
        let here = if self.path.as_os_str().is_empty() { Path::new(".") } else { &self.path };
        let Ok(entries) = std::fs::read_dir(here) else { return Vec::new() };
        let files = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> =
            files.filter(|name| name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'))).collect();
        names.sort();
        names
    }
}

const ABSENT: &str = "looking for the file";

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let about = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(Cause::Io, "there is no such file").in_step(ABSENT).cure("check the name")
        }
        _ => Error::from(error),
    })?;
    if about.is_dir() {
        return Err(Error::read("this is a folder").cure("open a recording inside it"));
    }
    if !about.is_file() {
        return Err(Error::read("this is not a file"));
    }
    if about.len() > LARGEST_FILE {
        return Err(Error::new(Cause::Limits, format!("the file is larger than {} GB", LARGEST_FILE >> 30)));
    }
    Ok(std::fs::read(path)?)
}

/// Hands sister files on and remembers what was read, for the fingerprint.
struct Ledger<'a> {
    sisters: &'a dyn Sisters,
    hash: Mutex<Sha256>,
}

impl Sisters for Ledger<'_> {
    fn sister(&self, name: &str) -> Result<Vec<u8>> {
        let bytes = self.sisters.sister(name)?;
        self.hash.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).update(&bytes);
        Ok(bytes)
    }

    fn beside(&self, name: &str) -> Result<Vec<u8>> {
        self.sisters.beside(name)
    }

    fn names(&self, stem: &str) -> Vec<String> {
        self.sisters.names(stem)
    }
}
