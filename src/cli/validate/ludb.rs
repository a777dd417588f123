//! LUDB: waves lead by lead, as table and JSON.

use std::path::Path;

use serde_json::{Value, json};

use super::super::marks::{Marked, lead_by_lead};
use super::pairing::{WITHIN_S, pairs};
use super::reading::{Read, Scored, Setup, each};
use super::section::{Section, Table};
use super::statistics::{Counts, deviation, mean, percent, plain, ratio, rounded, signed};
use super::waves::{POINTS, Scores, p_without_marks, score};
use crate::analysis::{Analysis, Beat, ModelChoice, WaveKind};
use crate::ecg::Recording;
use crate::error::Result;

/// A beat counts that is marked in so many leads.
const LEADS_OF_A_BEAT: usize = 6;

/// A record's scores; without P marks, the lead-beats and those with a P of ours.
struct Record {
    scores: Scores,
    beats: Counts,
    without_p: Option<(usize, usize)>,
}

/// Scores the folder.
///
/// # Errors
/// As [`each`].
pub fn section(folder: &Path, setup: &Setup) -> Result<Section> {
    let read = each(folder, setup, "waves", record)?;
    let all = sum(&read);
    // both delineators on the same records
    let slopes = match setup.segmenter {
        ModelChoice::Off => None,
        _ => Some(each(folder, &Setup { segmenter: ModelChoice::Off, ..setup.clone() }, "slopes", record)?),
    };
    let slopes = slopes.as_ref().map(sum);
    let (beats, with_p, records) = without_p(&read);
    let by_record = |record: &Scored<Record>| {
        let (beats, found) = record.score.without_p.filter(|(_, found)| *found > 0)?;
        Some(format!("{} ({found} of {beats})", record.record))
    };
    let told: Vec<String> = read.scored.iter().filter_map(by_record).collect();
    let told = if told.is_empty() { "none".to_owned() } else { told.join(", ") };
    let mut section = Section::new("Waves, lead by lead (LUDB)", "waves", json(&read, &all, slopes.as_ref()));
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
    if let Some(slopes) = &slopes {
        section.words(format!(
            "The same records by slopes alone (wavelet and derivative thresholds), which serves where the segmenter is switched off or cannot read; \
             mean F1 {}:",
            percent(slopes.mean_f1())
        ));
        section.table(&both(&all, slopes));
    }
    let mut qrs = Counts::default();
    read.scored.iter().for_each(|record| qrs.add(record.score.beats));
    section.words(format!(
        "QRS of all leads together: a beat is one marked in at least {LEADS_OF_A_BEAT} leads, at the median of its marks; {} beats, sensitivity {}, \
         positive predictive value {}.",
        qrs.found + qrs.missed,
        percent(qrs.sensitivity()),
        percent(qrs.predictive_value())
    ));
    section.words(format!(
        "Records without any P mark: {records}. A P of ours stands before {with_p} of their {beats} lead-beats ({}); these are not among the \
         false ones above. Records with such a P: {told}.",
        percent(ratio(with_p, beats))
    ));
    Ok(section)
}

fn sum(read: &Read<Record>) -> Scores {
    let mut all = Scores::default();
    read.scored.iter().for_each(|record| all.add(record.score.scores.clone()));
    all
}

/// The two delineators beside each other.
fn both(ours: &Scores, slopes: &Scores) -> Table {
    let mut table = Table::new(&["point", "F1", "F1, slopes", "mean ± SD, ms", "mean ± SD, slopes, ms"]);
    let errors = |errors_ms: &[f64]| format!("{} ± {}", signed(mean(errors_ms)), plain(deviation(errors_ms)));
    for ((point, ours), slopes) in POINTS.iter().zip(&ours.0).zip(&slopes.0) {
        table.row(vec![
            point.name(),
            percent(ours.counts.f1()),
            percent(slopes.counts.f1()),
            errors(&ours.errors_ms),
            errors(&slopes.errors_ms),
        ]);
    }
    table
}

/// Beats against the marks of all leads, from the first marked beat to the last.
fn beats(marked: &[Vec<Marked>], beats: &[Beat]) -> Counts {
    let qrs = |wave: &&Marked| wave.kind == Some(WaveKind::Qrs);
    let mut peaks_s: Vec<f64> = marked.iter().flatten().filter(qrs).map(|wave| wave.peak_s).collect();
    peaks_s.sort_by(f64::total_cmp);
    let theirs: Vec<f64> = peaks_s
        .chunk_by(|one, next| next - one < WITHIN_S)
        .filter(|beat| beat.len() >= LEADS_OF_A_BEAT)
        .map(|beat| beat[beat.len() / 2])
        .collect();
    let (Some(first), Some(last)) = (theirs.first(), theirs.last()) else { return Counts::default() };
    let inside = |r_s: &f64| (first - WITHIN_S..=last + WITHIN_S).contains(r_s);
    let ours: Vec<f64> = beats.iter().map(|beat| beat.r_s).filter(inside).collect();
    let found = pairs(&theirs, &ours).len();
    Counts { found, missed: theirs.len() - found, extra: ours.len() - found }
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
    let beats = beats(&marked, &analysis.beats);
    Record { scores, beats, without_p: (!with_p).then_some(without_p) }
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

fn json(read: &Read<Record>, all: &Scores, slopes: Option<&Scores>) -> Value {
    let (beats, with_p, records) = without_p(read);
    json!({
        "records": read.scored.len(),
        "failed": read.failed,
        "points": points(all),
        "mean_f1": rounded(all.mean_f1(), 5),
        "slopes": slopes.map(|slopes| json!({ "points": points(slopes), "mean_f1": rounded(slopes.mean_f1(), 5) })),
        "beats": read.scored.iter().fold(Counts::default(), |mut all, record| { all.add(record.score.beats); all }).json(),
        "without_p": { "records": records, "lead_beats": beats, "with_p_found": with_p, "share": rounded(ratio(with_p, beats), 5) },
        "by_record": read.scored.iter().map(|record| json!({
            "record": record.record,
            "fold": record.fold,
            "mean_f1": rounded(record.score.scores.mean_f1(), 5),
            "points": points(&record.score.scores),
        })).collect::<Vec<_>>(),
    })
}
