//! Whole published sets: every record opens, sums agree with the headers, FLAC equals plain, marks are as many as the publishers say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use einthoven::ecg::Recording;
use einthoven::formats::{self, Hints};

use super::shared;

fn headers(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).expect("readable").map(|entry| entry.expect("readable").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "hea") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn open(path: &Path) -> Recording {
    formats::open(path, &Hints::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn doubts(recording: &Recording) -> Vec<&str> {
    recording.notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn records_of_ptb_xl_open_without_a_doubt() {
    let Some(folder) = shared("ptbxl/records500") else { return };
    let all = headers(&folder);
    // One in twenty here, for time; `EINTHOVEN_ALL_RECORDS=1` reads every one.
    let step = if std::env::var_os("EINTHOVEN_ALL_RECORDS").is_some() { 1 } else { 20 };
    let mut read = 0;
    for path in all.iter().step_by(step) {
        let recording = open(path);
        assert!(recording.standard().iter().all(Option::is_some), "{}", path.display());
        let whole = |trace: &einthoven::ecg::Trace| trace.rate_hz == 500.0 && trace.present() == 5000 && !trace.derived;
        assert!(recording.traces.len() == 12 && recording.traces.iter().all(whole), "{}", path.display());
        // A wrong checksum would be a note: none means bit-identical with the original.
        assert_eq!(doubts(&recording), Vec::<&str>::new(), "{}", path.display());
        read += 1;
    }
    assert!(read * step >= 2680, "{read} of {}", all.len());
}

#[test]
fn the_plain_records_equal_the_compressed_ones_bit_for_bit() {
    let Some(folder) = shared("ptbxl/plain/records500") else { return };
    let Some(compressed) = shared("ptbxl/records500") else { return };
    let plain = headers(&folder);
    assert_eq!(plain.len(), 40);
    for path in plain {
        let twin = compressed.join(path.strip_prefix(&folder).expect("below"));
        let (plain, twin) = (open(&path), open(&twin));
        for (a, b) in plain.traces.iter().zip(&twin.traces) {
            assert_eq!(a.lead, b.lead);
            let same = a.samples_mv.iter().zip(b.samples_mv.iter()).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same && a.samples_mv.len() == b.samples_mv.len(), "{} {}", path.display(), a.lead);
        }
        assert_ne!(plain.fingerprint, twin.fingerprint, "other bytes, other fingerprint");
        assert_eq!(plain.fingerprint.len(), 64);
    }
}

/// How often each symbol of each source stands in a set.
type Counts = BTreeMap<(String, String), usize>;

/// Number of records and counts of a set.
fn counts(folder: &str) -> Option<(usize, Counts)> {
    let folder = shared(folder)?;
    let mut counts = BTreeMap::new();
    let all = headers(&folder);
    for path in &all {
        for mark in &open(path).annotations {
            *counts.entry((mark.source.to_string(), mark.symbol.to_string())).or_insert(0) += 1;
        }
    }
    Some((all.len(), counts))
}

#[test]
fn the_beats_of_mitdb_are_all_there() {
    let Some((records, counts)) = counts("mitdb") else { return };
    assert_eq!(records, 24);
    let published = [
        ("N", 31_232),
        ("L", 5_583),
        ("R", 4_696),
        ("/", 4_950),
        ("V", 3_397),
        ("f", 982),
        ("A", 873),
        ("j", 228),
        ("a", 105),
        ("E", 105),
        ("J", 31),
        ("Q", 24),
        ("F", 22),
    ];
    for (symbol, count) in published {
        assert_eq!(counts.get(&("atr".to_owned(), symbol.to_owned())), Some(&count), "{symbol}");
    }
    assert_eq!(published.iter().map(|(_, count)| count).sum::<usize>(), 52_228);
}

#[test]
fn the_waves_of_ludb_are_all_there_and_know_their_lead() {
    let Some((records, counts)) = counts("ludb") else { return };
    assert_eq!(records, 100);
    let of = |symbol: &str| counts.iter().filter(|((_, s), _)| s == symbol).map(|(_, count)| count).sum::<usize>();
    assert_eq!((of("N"), of("t"), of("p")), (10_892, 9_783, 8_280));
    let recording = open(&shared("ludb/1.hea").expect("there"));
    assert!(recording.annotations.iter().all(|mark| {
        let lead = mark.lead.as_deref().unwrap_or_else(|| panic!("{mark:?} has no lead"));
        lead.eq_ignore_ascii_case(&mark.source)
    }));
    assert_eq!(recording.patient.age_years, Some(51));
}

#[test]
fn the_manual_marks_of_qtdb_are_all_there() {
    let Some((records, counts)) = counts("qtdb") else { return };
    assert_eq!(records, 51);
    let of = |source: &str, symbols: &[&str]| {
        let own = counts.iter().filter(|((s, symbol), _)| s == source && symbols.contains(&symbol.as_str()));
        own.map(|(_, count)| count).sum::<usize>()
    };
    assert!(of("atr", &["N"]) > 0 && of("pu", &["("]) > 0);
    assert_eq!(
        of("q1c", &["N", "A", "V", "Q", "B", "S", "E", "F", "J", "a", "L", "R", "/", "f", "j", "e", "n"]),
        1_833
    );
    // The number field tells which wave an end belongs to: 2 is the T wave.
    let folder = shared("qtdb").expect("there");
    let t_ends = |path: &PathBuf| {
        let marks = open(path).annotations;
        marks.iter().filter(|mark| &*mark.source == "q1c" && &*mark.symbol == ")" && mark.number == 2).count()
    };
    assert_eq!(headers(&folder).iter().map(t_ends).sum::<usize>(), 1_752);
}

#[test]
fn wrong_gains_are_noticed_where_the_limb_leads_contradict_each_other() {
    let Some(folder) = shared("ludb") else { return };
    let all = headers(&folder);
    let told = |path: &&PathBuf| doubts(&open(path)).iter().any(|doubt| doubt.contains("contradict each other"));
    // The published gains of this set are wrong in every record, in three of them by less than is noticed.
    assert_eq!((all.iter().filter(told).count(), all.len()), (97, 100));
}

#[test]
fn an_unusable_recording_opens_with_its_flat_leads() {
    let Some(folder) = shared("cinc2011") else { return };
    let recording = open(&folder.join("1002603.hea"));
    assert_eq!(recording.traces.len(), 12);
    assert!(recording.traces[0].samples_mv.iter().any(|value| *value == -80.0));
}
