//! The settings file: own TOML in the system's folder for settings, written whole or not at all.

use std::path::{Path, PathBuf};

use crate::app::state::Settings;
use crate::error::{Error, Result};

/// Where the settings stand: in the folder given, else in the system's; `None` where the system names no home.
pub fn path(folder: Option<&Path>) -> Option<PathBuf> {
    let system = || directories::ProjectDirs::from("", "", "einthoven").map(|dirs| dirs.config_dir().to_owned());
    folder.map(Path::to_owned).or_else(system).map(|folder| folder.join("settings.toml"))
}

/// The settings kept, and what was wrong with the file if it could not be used.
pub fn load(path: Option<&Path>) -> (Settings, Option<Error>) {
    let Some(path) = path else { return (Settings::default(), None) };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Settings::default(), None),
        Err(error) => return (Settings::default(), Some(Error::from(error).in_file(path.display().to_string()))),
    };
    match toml::from_str::<Settings>(&text) {
        Ok(settings) => (settings.tidy(), None),
        Err(error) => {
            let damaged = Error::read(format!("the settings cannot be read: {}", error.message()));
            (Settings::default(), Some(damaged.cure("the usual settings are used").in_file(path.display().to_string())))
        }
    }
}

/// Keeps the settings.
///
/// # Errors
/// Where the folder cannot be written.
pub fn save(path: &Path, settings: &Settings) -> Result<()> {
    let text = toml::to_string_pretty(settings).map_err(|error| Error::write("settings").because(error))?;
    write_whole(path, text.as_bytes())
}

/// Writes a file beside its place and moves it there: a reader sees the old file or the new one, never half of it.
///
/// # Errors
/// Where the folder cannot be made or written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::write("the file cannot be written").because(error).in_file(path.display().to_string())
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let name = path.file_name().ok_or_else(|| {
        Error::write("this names a folder, not a file").cure("add a file name").in_file(path.display().to_string())
    })?;
    let beside = folder.join(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside); // it may never have come to be
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::Theme;

    #[test]
    fn settings_are_kept_and_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = path(Some(&folder.path().join("new"))).expect("given");
        assert_eq!(load(Some(&path)).0, Settings::default());
        let settings = Settings { theme: Theme::Dark, ..Settings::default() };
        save(&path, &settings).expect("writes");
        assert_eq!(load(Some(&path)).0, settings);
        assert_eq!(std::fs::read_dir(folder.path().join("new")).expect("there").count(), 1);
    }

    #[test]
    fn a_damaged_file_gives_the_usual_settings_and_a_word() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "theme = [").expect("writes");
        let (settings, error) = load(Some(&path));
        assert_eq!(settings, Settings::default());
        assert!(error.expect("told").to_string().contains("settings.toml"));
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(write_whole(folder.path(), b"x").is_err());
    }
}
