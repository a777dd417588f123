//! Records with reference beats (MIT-BIH Arrhythmia Database): detection and ventricular ectopic beats, as table and JSON.

use std::path::Path;

use serde_json::{Value, json};

use super::beats::{Score, reference, score};
use super::reading::{Read, Scored, Setup, each};
use super::section::{Section, Table};
use super::statistics::{Counts, percent};
use crate::analysis::Analysis;
use crate::ecg::Recording;
use crate::error::Result;

struct Record {
    score: Score,
    paced: bool,
}

/// Scores the folder.
///
/// # Errors
/// As [`each`].
pub fn section(folder: &Path, setup: &Setup) -> Result<Section> {
    let read = each(folder, setup, "beats", record)?;
    let (qrs, veb) = gross(&read);
    let classified = read.scored.iter().any(|record| record.score.score.classified);
    let mut section =
        Section::new("Beats and ventricular ectopic beats (MIT-BIH)", "beats", json(&read, qrs, veb, classified));
    section.words(format!(
        "{} of {}, whole. A beat is found within 150 ms of a reference beat (.atr), one to one (EC57); ventricular flutter between `[` and `]` is \
         left out. VEB: V, E, r; a beat of theirs that is fusion, paced or unclassifiable is neither.",
        read.words(),
        folder.display()
    ));
    let paced: Vec<&str> = read.scored.iter().filter(|r| r.score.paced).map(|record| &*record.record).collect();
    if !paced.is_empty() {
        section.words(format!("Left out of the VEB score, because paced: {}.", paced.join(", ")));
    }
    if !classified {
        section.words("VEB: no result, because no beat was given a class.");
    }
    let mut table = Table::new(&[
        "record", "beats", "missed", "extra", "QRS Se", "QRS PPV", "VEB", "missed", "extra", "VEB Se", "VEB PPV",
    ]);
    let mut row = |name: &str, qrs: Counts, veb: Option<Counts>| {
        let mut cells = vec![name.to_owned()];
        for counts in [Some(qrs), veb.filter(|_| classified)] {
            let number =
                |value: fn(Counts) -> usize| counts.map_or("–".to_owned(), |counts| value(counts).to_string());
            cells.push(number(|counts| counts.found + counts.missed));
            cells.push(number(|counts| counts.missed));
            cells.push(number(|counts| counts.extra));
            cells.push(percent(counts.and_then(|counts| counts.sensitivity())));
            cells.push(percent(counts.and_then(|counts| counts.predictive_value())));
        }
        table.row(cells);
    };
    for Scored { record, score, .. } in &read.scored {
        row(record, score.score.qrs, (!score.paced).then_some(score.score.veb));
    }
    row("**all**", qrs, Some(veb));
    section.table(&table);
    Ok(section)
}

fn record(recording: &Recording, analysis: &Analysis) -> Record {
    let reference = reference(recording.annotations.iter().filter(|mark| &*mark.source == "atr"));
    Record { score: score(&reference, &analysis.beats), paced: reference.paced }
}

/// Sums over the records; VEB without the paced ones.
fn gross(read: &Read<Record>) -> (Counts, Counts) {
    let (mut qrs, mut veb) = (Counts::default(), Counts::default());
    for record in &read.scored {
        qrs.add(record.score.score.qrs);
        if !record.score.paced {
            veb.add(record.score.score.veb);
        }
    }
    (qrs, veb)
}

fn json(read: &Read<Record>, qrs: Counts, veb: Counts, classified: bool) -> Value {
    let veb_of = |counts: Option<Counts>| counts.filter(|_| classified).map(|counts| counts.json());
    json!({
        "records": read.scored.len(),
        "failed": read.failed,
        "qrs": qrs.json(),
        "veb": veb_of(Some(veb)),
        "by_record": read.scored.iter().map(|record| json!({
            "record": record.record,
            "paced": record.score.paced,
            "qrs": record.score.score.qrs.json(),
            "veb": veb_of((!record.score.paced).then_some(record.score.score.veb)),
        })).collect::<Vec<_>>(),
    })
}
