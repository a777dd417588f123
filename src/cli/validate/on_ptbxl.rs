//! Rules on a folder laid out as PTB-XL, overall and by fold, as table and JSON.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::{batch, ptbxl};
use super::reading::{Setup, settings};
use super::section::{Section, Table};
use super::statements::{Four, PAIRS};
use super::statistics::percent;
use crate::analysis::{self, Unwatched};
use crate::error::{Error, Result};
use crate::formats::{self, Hints};

/// What people and rules say of a record.
struct Record {
    id: String,
    fold: Option<u32>,
    theirs: [bool; PAIRS.len()],
    ours: [bool; PAIRS.len()],
}

/// Scores the folder.
///
/// # Errors
/// Tables that cannot be read, or no record that can.
pub fn section(folder: &Path, setup: &Setup) -> Result<Section> {
    let (records, failed) = records(folder, setup)?;
    let folds: BTreeSet<u32> = records.iter().filter_map(|record| record.fold).collect();
    let mut section = Section::new("Rules (PTB-XL)", "rules", json(&records, failed, &folds));
    let missing = if failed > 0 { format!(" ({failed} more could not be read)") } else { String::new() };
    section.words(format!(
        "{} records{missing} of {}, waves from {}. Theirs: the statement of people, whatever its likelihood (rhythm statements carry none). Ours: a \
         finding with the code, of any certainty.",
        records.len(),
        folder.display(),
        setup.words()
    ));
    let mut table =
        Table::new(&["statement", "theirs", "ours", "both", "only theirs", "only ours", "neither", "Se", "Sp", "PPV"]);
    for (index, pair) in PAIRS.iter().enumerate() {
        let four = four(&records, index, |_| true);
        table.row(vec![
            format!("{} ({})", pair.name, pair.theirs),
            (four.both + four.only_theirs).to_string(),
            (four.both + four.only_ours).to_string(),
            four.both.to_string(),
            four.only_theirs.to_string(),
            four.only_ours.to_string(),
            four.neither.to_string(),
            percent(four.sensitivity()),
            percent(four.specificity()),
            percent(four.predictive_value()),
        ]);
    }
    section.table(&table);
    if folds.len() > 1 {
        section.words("By fold: sensitivity (both of theirs), positive predictive value (both of ours).");
        let heads = std::iter::once("fold").chain(PAIRS.iter().map(|pair| pair.theirs));
        let mut table = Table::new(&heads.collect::<Vec<_>>());
        for fold in &folds {
            let cells = (0..PAIRS.len()).map(|index| {
                let four = four(&records, index, |record| record.fold == Some(*fold));
                let (theirs, ours) = (four.both + four.only_theirs, four.both + four.only_ours);
                let (se, ppv) = (percent(four.sensitivity()), percent(four.predictive_value()));
                format!("{se} ({} of {theirs}), {ppv} ({} of {ours})", four.both, four.both)
            });
            table.row(std::iter::once(fold.to_string()).chain(cells).collect());
        }
        section.table(&table);
    }
    Ok(section)
}

fn four(records: &[Record], index: usize, wanted: impl Fn(&Record) -> bool) -> Four {
    let mut four = Four::default();
    records
        .iter()
        .filter(|record| wanted(record))
        .for_each(|record| four.count(record.theirs[index], record.ours[index]));
    four
}

/// What was read, and how many could not be.
fn records(folder: &Path, setup: &Setup) -> Result<(Vec<Record>, usize)> {
    let rows = ptbxl::rows(folder)?;
    let files: Vec<PathBuf> = rows.iter().map(|row| folder.join(&row.file)).collect();
    let by_file: HashMap<&PathBuf, &ptbxl::Row> = files.iter().zip(&rows).collect();
    let settings = settings(setup.segmenter.clone());
    let work = |file: &PathBuf| {
        let recording = formats::open(file, &Hints::default())?;
        let findings = analysis::analyze(&recording, &settings, &Unwatched)?.findings;
        Ok(PAIRS.map(|pair| findings.iter().any(|finding| pair.ours.contains(&finding.code))))
    };
    let mut records = Vec::with_capacity(rows.len());
    let tally = batch::each(&files, "rules", work, |file, ours| {
        if let Some(row) = by_file.get(file) {
            let theirs = PAIRS.map(|pair| row.states(pair.theirs));
            records.push(Record { id: row.id.clone(), fold: row.fold, theirs, ours });
        }
        Ok(())
    })?;
    if records.is_empty() {
        return Err(Error::missing("no record of the folder can be read").in_file(folder.display().to_string()));
    }
    Ok((records, tally.failed))
}

fn json(records: &[Record], failed: usize, folds: &BTreeSet<u32>) -> Value {
    let ids = |index: usize, wanted: fn(bool, bool) -> bool| -> Vec<&str> {
        let wanted = records.iter().filter(|record| wanted(record.theirs[index], record.ours[index]));
        wanted.map(|record| &*record.id).collect()
    };
    let one = |(index, pair): (usize, &super::statements::Pair)| {
        json!({
            "statement": pair.name,
            "theirs": pair.theirs,
            "ours": pair.ours,
            "all": four(records, index, |_| true).json(),
            "by_fold": folds.iter().map(|fold| {
                (fold.to_string(), four(records, index, |record| record.fold == Some(*fold)).json())
            }).collect::<serde_json::Map<_, _>>(),
            "only_theirs": ids(index, |theirs, ours| theirs && !ours),
            "only_ours": ids(index, |theirs, ours| ours && !theirs),
        })
    };
    json!({
        "records": records.len(),
        "failed": failed,
        "statements": PAIRS.iter().enumerate().map(one).collect::<Vec<_>>(),
    })
}
