//! LUDB: waves lead by lead, as table and JSON.

use std::path::Path;

use serde_json::{Value, json};

use super::super::marks::lead_by_lead;
use super::reading::{Read, Scored, Setup, each};
use super::section::{Section, Table};
use super::statistics::{deviation, mean, percent, plain, ratio, rounded, signed};
use super::waves::{POINTS, Scores, p_without_marks, score};
use crate::analysis::{Analysis, WaveKind};
use crate::ecg::Recording;
use crate::error::Result;

/// A record's scores; without P marks, the lead-beats and those with a P of ours.
struct Record {
    scores: Scores,
    without_p: Option<(usize, usize)>,
}

/// Scores the folder.
///
/// # Errors
/// As [`each`].
pub fn section(folder: &Path, setup: &Setup) -> Result<Section> {
    let read = each(folder, setup, "waves", record)?;
    let mut all = Scores::default();
    read.scored.iter().for_each(|record| all.add(record.score.scores.clone()));
    let (beats, with_p, records) = without_p(&read);
    let by_record = |record: &Scored<Record>| {
        let (beats, found) = record.score.without_p.filter(|(_, found)| *found > 0)?;
        Some(format!("{} ({found} of {beats})", record.record))
    };
    let told: Vec<String> = read.scored.iter().filter_map(by_record).collect();
    let told = if told.is_empty() { "none".to_owned() } else { told.join(", ") };
    let mut section = Section::new("Waves, lead by lead (LUDB)", "waves", json(&read, &all));
    section.words(format!(
        "{} of {}, waves from {}. Each onset and end that people marked is matched with ours of the same kind in the same lead, one to one, within \
         150 ms, from the first to the last mark of the lead. Error: ours − theirs; SD over all matches.",
        read.words(),
        folder.display(),
        setup.words()
    ));
    let mut table = Table::new(&["point", "n", "Se", "PPV", "F1", "mean error, ms", "SD, ms"]);
    for (point, score) in POINTS.iter().zip(&all.0) {
        table.row(vec![
            point.name(),
            (score.counts.found + score.counts.missed).to_string(),
            percent(score.counts.sensitivity()),
            percent(score.counts.predictive_value()),
            percent(score.counts.f1()),
            signed(mean(&score.errors_ms)),
            plain(deviation(&score.errors_ms)),
        ]);
    }
    section.table(&table);
    section.words(format!("Mean F1 of the six points: {}.", percent(all.mean_f1())));
    section.words(format!(
        "Records without any P mark: {records}. A P of ours stands before {with_p} of their {beats} lead-beats ({}); these are not among the \
         false ones above. Records with such a P: {told}.",
        percent(ratio(with_p, beats))
    ));
    Ok(section)
}

fn record(recording: &Recording, analysis: &Analysis) -> Record {
    let marked = lead_by_lead(recording);
    let with_p = marked.iter().flatten().any(|wave| wave.kind == Some(WaveKind::P));
    let mut scores = Scores::default();
    let mut without_p = (0, 0);
    for (trace, marked) in recording.traces.iter().zip(&marked) {
        let ours = analysis.waves.lead(&trace.lead).map_or(&[][..], |lead| &lead.waves);
        scores.add(score(marked, ours, with_p));
        let (beats, found) = p_without_marks(marked, ours);
        without_p = (without_p.0 + beats, without_p.1 + found);
    }
    Record { scores, without_p: (!with_p).then_some(without_p) }
}

/// Lead-beats without a P mark, those with a P of ours, and records.
fn without_p(read: &Read<Record>) -> (usize, usize, usize) {
    let without = read.scored.iter().filter_map(|record| record.score.without_p);
    without.fold((0, 0, 0), |(beats, found, records), own| (beats + own.0, found + own.1, records + 1))
}

fn points(scores: &Scores) -> Value {
    let one = |score: &super::waves::Score| {
        let mut object = score.counts.json();
        object["mean_ms"] = rounded(mean(&score.errors_ms), 2);
        object["sd_ms"] = rounded(deviation(&score.errors_ms), 2);
        object
    };
    POINTS
        .iter()
        .zip(&scores.0)
        .map(|(point, score)| (point.key(), one(score)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn json(read: &Read<Record>, all: &Scores) -> Value {
    let (beats, with_p, records) = without_p(read);
    json!({
        "records": read.scored.len(),
        "failed": read.failed,
        "points": points(all),
        "mean_f1": rounded(all.mean_f1(), 5),
        "without_p": { "records": records, "lead_beats": beats, "with_p_found": with_p, "share": rounded(ratio(with_p, beats), 5) },
        "by_record": read.scored.iter().map(|record| json!({
            "record": record.record,
            "fold": record.fold,
            "mean_f1": rounded(record.score.scores.mean_f1(), 5),
            "points": points(&record.score.scores),
        })).collect::<Vec<_>>(),
    })
}
