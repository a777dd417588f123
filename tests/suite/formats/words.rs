//! What a person who opens the wrong thing is told, and which file stands for which.

use std::fs;

use einthoven::error::Cause;
use einthoven::formats::{self, Hints};
use tempfile::TempDir;

use super::{fixtures, shared};

fn told(name: &str, bytes: &[u8]) -> String {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    let error = formats::open(&path, &Hints::default()).expect_err(name).to_string();
    assert!(error.ends_with(name), "the file is named last: {error}");
    error
}

#[test]
fn wrong_things_are_named_with_a_cure() {
    let cases: [(&str, &[u8], &[&str]); 7] = [
        ("empty.hea", b"", &["the file is empty", "copy it again"]),
        ("report.pdf", b"%PDF-1.7 ...", &["PDF", "not its samples"]),
        ("scan.png", b"\x89PNG\r\n\x1a\n....", &["picture"]),
        ("all.zip", b"PK\x03\x04....", &["zip archive", "unpack it"]),
        ("lost.flac", b"fLaC\0\0\0\x22....", &["FLAC", ".hea"]),
        ("noise.bin", &[7, 0, 200, 9, 9, 9], &["no format known here", "WFDB"]),
        ("letter.txt", b"Dear colleague,\nthe ECG was normal.\n", &["no format known here"]),
    ];
    for (name, bytes, words) in cases {
        let error = told(name, bytes);
        for word in words {
            assert!(error.contains(word), "{word:?} not in: {error}");
        }
    }
}

#[test]
fn a_folder_and_a_missing_file_are_told_apart() {
    let folder = TempDir::new().expect("a folder");
    let error = formats::open(folder.path(), &Hints::default()).expect_err("a folder").to_string();
    assert!(error.contains("this is a folder; open a recording inside it"), "{error}");
    let error = formats::open(&folder.path().join("no.hea"), &Hints::default()).expect_err("missing");
    assert_eq!(error.kind(), Cause::Io);
    assert!(error.to_string().contains("there is no such file"), "{error}");
}

#[test]
fn any_file_of_a_record_opens_the_record() {
    for (file, header) in [
        ("mixed_a.dat", "mixed.hea"),
        ("mixed.atr", "mixed.hea"),
        ("mixed.v5", "mixed.hea"),
        ("fmt516.flac", "fmt516.hea"),
        ("fmt212.dat", "fmt212.hea"),
    ] {
        let open = |name: &str| formats::open(&fixtures().join("wfdb").join(name), &Hints::default());
        let (part, whole) = (open(file).unwrap_or_else(|e| panic!("{file}: {e}")), open(header).expect(header));
        assert_eq!(part.fingerprint, whole.fingerprint, "{file}");
        assert_eq!(part.annotations, whole.annotations, "{file}");
    }
    if let Some(folder) = shared("ludb") {
        for file in ["1a.flac", "1.avf"] {
            let recording =
                formats::open(&folder.join(file), &Hints::default()).unwrap_or_else(|e| panic!("{file}: {e}"));
            assert_eq!(recording.traces.len(), 12, "{file}");
        }
    }
}

#[test]
fn marks_without_their_record_ask_for_its_header() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("alone.atr");
    fs::copy(fixtures().join("wfdb/mixed.atr"), &path).expect("copied");
    let error = formats::open(&path, &Hints::default()).expect_err("no record").to_string();
    assert!(error.contains("alone.hea is needed beside it") && error.ends_with("alone.atr"), "{error}");
}

#[test]
fn annotations_do_not_change_the_fingerprint_and_samples_do() {
    let folder = TempDir::new().expect("a folder");
    for name in ["mixed.hea", "mixed_a.dat", "mixed_b.dat", "mixed.atr"] {
        fs::copy(fixtures().join("wfdb").join(name), folder.path().join(name)).expect("copied");
    }
    let open = || formats::open(&folder.path().join("mixed.hea"), &Hints::default()).expect("opens");
    let first = open();
    fs::remove_file(folder.path().join("mixed.atr")).expect("removed");
    let second = open();
    assert_eq!(first.fingerprint, second.fingerprint);
    assert!(first.annotations.len() > second.annotations.len());
    let data = folder.path().join("mixed_b.dat");
    let mut bytes = fs::read(&data).expect("there");
    bytes[9] ^= 1;
    fs::write(&data, bytes).expect("written");
    let third = open();
    assert_ne!(first.fingerprint, third.fingerprint);
    assert!(third.notes.iter().any(|note| note.text.contains("checksum")), "{:?}", third.notes);
}

#[test]
fn a_header_cannot_reach_out_of_its_folder() {
    let folder = TempDir::new().expect("a folder");
    let inside = folder.path().join("in");
    fs::create_dir(&inside).expect("made");
    fs::write(folder.path().join("secret.dat"), [0; 400]).expect("written");
    for name in ["../secret.dat", "/etc/passwd", "..\\secret.dat", "C:secret.dat"] {
        fs::write(inside.join("r.hea"), format!("r 1 250 100\n{name} 16 200/mV 12 0 0 0 0 I\n")).expect("written");
        let error = formats::open(&inside.join("r.hea"), &Hints::default()).expect_err(name).to_string();
        assert!(error.contains("not in its own folder"), "{name}: {error}");
    }
}

#[test]
fn names_are_not_trusted() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("really_dicom.csv");
    fs::copy(fixtures().join("dicom/deflated.dcm"), &path).expect("copied");
    assert_eq!(formats::open(&path, &Hints::default()).expect("DICOM").format, "dicom");
}

#[test]
fn the_list_of_formats_has_no_two_alike() {
    for (index, format) in formats::FORMATS.iter().enumerate() {
        assert!(!format.extensions().is_empty() && !format.title().is_empty());
        for other in &formats::FORMATS[..index] {
            assert_ne!(format.name(), other.name());
            assert_ne!(format.title(), other.title());
        }
    }
}
