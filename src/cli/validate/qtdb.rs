//! QTDB: T end and the other points against `q1c`, as table and JSON.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::marks::of_source;
use super::qt::{POINTS, Score, Summary, score, summary};
use super::reading::{Read, Setup, each};
use super::section::{Section, Table};
use super::statistics::{deviation, mean, percent, plain, rounded, signed};
use crate::analysis::{Analysis, BeatWaves, Wave};
use crate::ecg::Recording;
use crate::error::Result;

type Scores = [Score; POINTS.len()];

/// A record's scores in its better lead, and of the boundaries over both leads.
struct Record {
    better: Scores,
    both: Scores,
}

/// Scores the folder.
///
/// # Errors
/// As [`each`].
pub fn section(folder: &Path, setup: &Setup) -> Result<Section> {
    let read = each(folder, setup, "QT", record)?;
    let mut section = Section::new("T end and the other points (QTDB)", "qt", json(&read));
    section.words(format!(
        "{} of {}, waves from {}. Marks: `q1c`, made by one person on both leads; matched within 150 ms. Error: ours − theirs. SD within: mean of the \
         records' SDs; between: SD of the records' means.",
        read.words(),
        folder.display(),
        setup.words()
    ));
    section.words("In the better lead of each record and point (smaller mean error without sign, then smaller SD):");
    section.table(&table(&read, |record| &record.better));
    section.words("Boundaries over both leads, as the measured QT takes them, no lead chosen:");
    section.table(&table(&read, |record| &record.both));
    Ok(section)
}

fn record(recording: &Recording, analysis: &Analysis) -> Record {
    let marked = of_source(recording, "q1c");
    let leads: Vec<Vec<Wave>> = analysis.waves.leads.iter().map(|lead| lead.waves.clone()).collect();
    let of_beat = |beat: &BeatWaves| [beat.p, beat.qrs, beat.t];
    let both: Vec<Wave> = analysis.waves.beats.iter().flat_map(of_beat).flatten().collect();
    Record { better: score(&marked, &leads), both: score(&marked, &[both]) }
}

fn sums(read: &Read<Record>, scores: impl Fn(&Record) -> &Scores) -> Vec<Summary> {
    (0..POINTS.len()).map(|point| summary(read.scored.iter().map(|record| &scores(&record.score)[point]))).collect()
}

fn table(read: &Read<Record>, scores: impl Fn(&Record) -> &Scores) -> Table {
    let mut table = Table::new(&[
        "point",
        "n",
        "found",
        "records",
        "mean error, ms",
        "SD within, ms",
        "SD between, ms",
        "SD overall, ms",
    ]);
    for (point, sum) in POINTS.iter().zip(sums(read, scores)) {
        table.row(vec![
            point.name(),
            sum.marked.to_string(),
            percent(sum.share),
            sum.records.to_string(),
            signed(sum.mean_ms),
            plain(sum.within_ms),
            plain(sum.between_ms),
            plain(sum.overall_ms),
        ]);
    }
    table
}

fn json(read: &Read<Record>) -> Value {
    let points = |scores: fn(&Record) -> &Scores| -> Map<String, Value> {
        let one = |sum: Summary| {
            json!({
                "marked": sum.marked,
                "found": sum.found,
                "share": rounded(sum.share, 5),
                "records": sum.records,
                "mean_ms": rounded(sum.mean_ms, 2),
                "sd_within_ms": rounded(sum.within_ms, 2),
                "sd_between_ms": rounded(sum.between_ms, 2),
                "sd_overall_ms": rounded(sum.overall_ms, 2),
            })
        };
        POINTS.iter().zip(sums(read, scores)).map(|(point, sum)| (point.key(), one(sum))).collect()
    };
    let of_record = |scores: &Scores| -> Map<String, Value> {
        let one = |score: &Score| {
            json!({
                "marked": score.marked,
                "found": score.errors_ms.len(),
                "mean_ms": rounded(mean(&score.errors_ms), 2),
                "sd_ms": rounded(deviation(&score.errors_ms), 2),
            })
        };
        POINTS.iter().zip(scores).map(|(point, score)| (point.key(), one(score))).collect()
    };
    json!({
        "records": read.scored.len(),
        "failed": read.failed,
        "better_lead": points(|record| &record.better),
        "both_leads": points(|record| &record.both),
        "by_record": read.scored.iter().map(|record| json!({
            "record": record.record,
            "fold": record.fold,
            "better_lead": of_record(&record.score.better),
            "both_leads": of_record(&record.score.both),
        })).collect::<Vec<_>>(),
    })
}
