//! Damaged and hostile bytes: every reader answers, none panics, none makes room for what is not there.

use einthoven::formats::{FORMATS, Hints, Input, NoSisters, open_bytes};
use proptest::prelude::*;

use super::fixtures::entries;
use super::{Memory, fixtures, shared};

const TOLD: Hints = Hints { rate_hz: Some(500.0), mv_per_unit: Some(1.0) };

fn answer(name: &str, bytes: &[u8], sisters: &Memory) {
    match open_bytes(name, bytes, sisters, &TOLD) {
        Ok(recording) => {
            let samples: usize = recording.traces.iter().map(|trace| trace.samples_mv.len()).sum();
            assert!(samples < 50_000_000, "{name}: {samples} samples from {} bytes", bytes.len());
        }
        Err(error) => assert!(error.to_string().len() > 10, "{name}: {error}"),
    }
}

/// Lengths to cut at: all of a short file, else the first bytes, some in between and the last ones.
fn cuts(length: usize, dense: usize) -> Vec<usize> {
    let even = (1..60).map(|part| length * part / 60);
    let mut cuts: Vec<usize> = (0..dense.min(length)).chain(even).chain(length.saturating_sub(8)..length).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Cuts a recording's main file and each of its other files at many lengths.
fn cut_everywhere(name: &str, all: &Memory, dense: usize) {
    let bytes = &all.0[name];
    for cut in cuts(bytes.len(), dense) {
        answer(name, &bytes[..cut], all);
    }
    let stem = name.split('.').next().expect("a stem").to_owned();
    for (other, whole) in all.0.iter().filter(|(other, _)| *other != name && other.starts_with(&stem)) {
        let mut files = all.clone();
        for cut in cuts(whole.len(), 40) {
            files.0.insert(other.clone(), whole[..cut].to_vec());
            answer(name, bytes, &files);
        }
        files.0.remove(other);
        answer(name, bytes, &files);
    }
}

#[test]
fn a_committed_file_cut_anywhere_gives_an_answer() {
    for entry in entries() {
        let file = entry["file"].as_str().expect("file");
        let (folder, name) = file.split_once('/').expect("a folder");
        cut_everywhere(name, &Memory::of(&fixtures().join(folder)), 4000);
    }
}

#[test]
fn a_shared_file_cut_anywhere_gives_an_answer() {
    for folder in ["formats/dicom", "formats/csv", "formats/wfdb/041s", "formats/wfdb/var_s"] {
        let Some(path) = shared(folder) else { return };
        let all = Memory::of(&path);
        for name in all.0.keys().filter(|name| ["hea", "dcm", "csv"].iter().any(|end| name.ends_with(end))) {
            let small = Memory(
                all.0
                    .iter()
                    .filter(|(other, _)| !other.ends_with("dcm") || *other == name)
                    .map(|(n, b)| (n.clone(), b.clone()))
                    .collect(),
            );
            for cut in cuts(all.0[name].len(), 400) {
                answer(name, &all.0[name][..cut], &small);
            }
        }
    }
}

#[test]
fn a_whole_dicom_file_is_read_and_any_shorter_one_is_refused() {
    let all = Memory::of(&fixtures().join("dicom"));
    let bytes = &all.0["bigendian.dcm"];
    assert!(open_bytes("x.dcm", bytes, &NoSisters, &Hints::default()).is_ok());
    for cut in 0..bytes.len() {
        assert!(open_bytes("x.dcm", &bytes[..cut], &NoSisters, &Hints::default()).is_err(), "cut at {cut}");
    }
}

#[test]
fn absurd_counts_are_refused_without_room_being_made() {
    let mut files = Memory::default();
    files.0.insert("r.dat".into(), vec![0; 100]);
    files.0.insert("s.hea".into(), b"s 1 250 10\nr.dat 16 1 0 0 0 0 0 I\n".to_vec());
    let headers = [
        "r 4000000000 250 99999999999",
        "r/4000000000 1 250 99999999999\ns 10\n",
        "r/2 1 250 18446744073709551615\ns 10\n~ 18446744073709551615\n",
        "r/3 1 250\n~ 18446744073709551615\n~ 18446744073709551615\ns 10\n",
        "r/3 1 250\ns 10\n~ 90000000000\ns 10\n",
        "r/1 1 250\nr 10\n",
        "r/1 1 250\n../s 10\n",
        "r 1 250 10\nr.dat 99 1 0 0 0 0 0 I\n",
        "r 1 250 10\nr.dat 16+18446744073709551615 1 0 0 0 0 0 I\n",
        "r 1 250 10\nr.dat 16x99999999999 1 0 0 0 0 0 I\n",
        "r 2 250 10\nr.dat 16 1 0 0 0 0 0 I\nr.dat 212 1 0 0 0 0 0 II\n",
        "r 1 1e400 10\nr.dat 16 1 0 0 0 0 0 I\n",
        "r 1 nan 10\nr.dat 16 1 0 0 0 0 0 I\n",
    ];
    for header in headers {
        let opened = open_bytes("r.hea", header.as_bytes(), &files, &Hints::default());
        assert!(opened.is_err(), "{header:?} gave {:?}", opened.map(|recording| recording.traces.len()));
    }
    let long = "r 1 250 18446744073709551615\nr.dat 16:18446744073709551615 1 0 0 0 0 0 I\n";
    answer("r.hea", long.as_bytes(), &files);
    let mut dicom = Memory::of(&fixtures().join("dicom")).0["bigendian.dcm"].clone();
    let at = dicom.windows(4).position(|tag| tag == [0x54, 0x00, 0x10, 0x10]).expect("waveform data");
    dicom[at + 8..at + 12].copy_from_slice(&[0x7f, 0xff, 0xff, 0xf0]);
    let error = open_bytes("x.dcm", &dicom, &NoSisters, &Hints::default()).expect_err("2 GB announced");
    assert!(error.to_string().contains("2147483632 bytes are announced"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in FORMATS {
            let input = Input { name: "x", bytes: &bytes, sisters: &NoSisters, hints: TOLD };
            let _ = format.sniff(&input);
            let _ = format.main_file(&input);
            let _ = format.read(&input);
        }
    }

    #[test]
    fn any_text_ends_in_an_answer(text in "([ -~\t]{0,30}\r?\n){0,8}", numbers in "([0-9.,;:/x+ -]{0,20}\n){0,8}") {
        for text in [&text, &numbers] {
            for format in FORMATS {
                let input = Input { name: "x", bytes: text.as_bytes(), sisters: &NoSisters, hints: TOLD };
                let _ = format.sniff(&input);
                let _ = format.read(&input);
            }
        }
    }

    #[test]
    fn a_few_wrong_bytes_end_in_an_answer(
        which in 0usize..1000,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        in_other in any::<bool>(),
    ) {
        let entries = entries();
        let file = entries[which % entries.len()]["file"].as_str().expect("file").to_owned();
        let (folder, name) = file.split_once('/').expect("a folder");
        let mut all = Memory::of(&fixtures().join(folder));
        let stem = name.split('.').next().expect("a stem");
        let others: Vec<String> = all.0.keys().filter(|other| other.starts_with(stem) && *other != name).cloned().collect();
        let target = if in_other && !others.is_empty() { others[which % others.len()].clone() } else { name.to_owned() };
        let bytes = all.0.get_mut(&target).expect("there");
        for (at, byte) in changes {
            let length = bytes.len();
            bytes[at.index(length)] = byte;
        }
        let main = all.0[name].clone();
        answer(name, &main, &all);
    }
}
