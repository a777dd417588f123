//! The laws of the house: who may import whom, how long a file may be, what may not be named where.
//! A failing law names file, line and cure. The table below is the plan of ARCHITECTURE.md; change both together.

mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::{File, Import};

/// Room → rooms it may import (besides `error`, which all may). Ground first: a row names only rows above it.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("ecg", &[]),
    ("page", &[]),
    ("dsp", &[]),
    ("formats", &["ecg"]),
    ("synth", &["ecg", "dsp"]),
    ("quality", &["ecg", "dsp"]),
    ("denoise", &["ecg", "dsp"]),
    ("measure", &["ecg", "dsp"]),
    ("rules", &["ecg", "measure"]),
    ("network", &["dsp"]),
    ("analysis", &["ecg", "dsp", "quality", "denoise", "measure", "rules", "network"]),
    ("review", &["ecg", "analysis"]),
    ("report", &["ecg", "analysis", "review", "page"]),
    ("app", &["ecg", "page", "formats", "analysis", "review", "report"]),
    ("cli", &["ecg", "synth", "formats", "measure", "network", "analysis", "review", "report"]),
    ("bin", &["app", "cli"]),
];

/// Crates that only one room may name.
const KEPT_IN: &[(&str, &str)] = &[
    ("egui", "app"),
    ("eframe", "app"),
    ("egui_plot", "app"),
    ("rfd", "app"),
    ("image", "app"),
    ("candle_core", "network"),
    ("candle_nn", "network"),
    ("gemm", "network"),
    ("krilla", "page"),
    ("tiny_skia", "page"),
    ("rusqlite", "review"),
    ("clap", "cli"),
    ("indicatif", "cli"),
];

/// No file is longer.
const LONGEST: usize = 700;

fn files() -> Vec<File> {
    source::read_tree(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

fn report(broken: Vec<String>) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn the_table_runs_one_way() {
    let mut above = BTreeSet::new();
    let mut broken = Vec::new();
    for (room, may) in ROOMS {
        broken.extend(may.iter().filter(|other| !above.contains(*other)).map(|other| {
            format!("ROOMS: {room} may import {other}, which does not stand above it: move the row or drop it")
        }));
        assert!(above.insert(*room), "{room} stands twice");
    }
    report(broken);
}

#[test]
fn imports_follow_the_table() {
    let table: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut used = BTreeSet::new();
    let mut broken = Vec::new();
    for file in files() {
        if file.room == "lib" {
            continue;
        }
        let Some(may) = table.get(file.room.as_str()) else {
            broken.push(format!("{}: the room `{}` is on no row of ROOMS: add it", file.path, file.room));
            continue;
        };
        for Import { line, target, .. } in file.rooms() {
            if target == file.room || target == "error" {
                continue;
            }
            used.insert((file.room.clone(), target.clone()));
            if !may.contains(&target.as_str()) {
                broken.push(format!(
                    "{}:{line}: `{}` may not import `{target}`: move the code down, or hand the data in from above",
                    file.path, file.room
                ));
            }
        }
    }
    for (room, may) in ROOMS {
        for other in *may {
            if !used.contains(&((*room).to_owned(), (*other).to_owned())) {
                broken.push(format!("ROOMS: {room} no longer imports {other}: drop the permission"));
            }
        }
    }
    report(broken);
}

#[test]
fn no_circle_between_the_files_of_a_room() {
    let all = files();
    let mut broken = Vec::new();
    let rooms: BTreeSet<&str> = all.iter().map(|file| file.room.as_str()).collect();
    for room in rooms {
        let inside: Vec<&File> = all.iter().filter(|file| file.room == room).collect();
        let arrows = source::arrows_inside(&inside);
        for circle in source::circles(&arrows) {
            broken.push(format!(
                "room `{room}`: circle between {}: put what they share in a third file",
                circle.join(" → ")
            ));
        }
    }
    report(broken);
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for file in files() {
        for (name, room) in KEPT_IN {
            if file.room != *room {
                broken.extend(file.lines_naming(name).into_iter().map(|line| {
                    format!("{}:{line}: `{name}` belongs in src/{room}/: ask for plain data from there", file.path)
                }));
            }
        }
    }
    report(broken);
}

#[test]
fn files_can_be_read_in_one_sitting() {
    let mut broken = Vec::new();
    for file in files() {
        if file.lines > LONGEST {
            broken.push(format!("{}: {} lines, more than {LONGEST}: split it", file.path, file.lines));
        }
        if !file.opens_with_doc {
            broken.push(format!("{}:1: opens without `//!`: say what lives here and what may not", file.path));
        }
    }
    report(broken);
}

#[test]
fn the_library_does_not_print() {
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.room != "cli" && file.room != "bin") {
        for name in ["println!", "eprintln!", "print!", "eprint!"] {
            broken.extend(
                file.lines_with(name)
                    .into_iter()
                    .map(|line| format!("{}:{line}: `{name}` in the library: return the words instead", file.path)),
            );
        }
    }
    report(broken);
}
