//! Intervals on synthetic records with exact truth, clean and noisy, and whether a QT that is 20 ms longer is seen as such; as table and JSON.

use serde_json::{Value, json};

use super::super::batch;
use super::intervals::{Interval, LEFT_OUT};
use super::reading::{Setup, settings};
use super::section::{Section, Table};
use super::statistics::{deviation, largest, mean, plain, rounded, signed};
use crate::analysis::{self, ModelChoice, Unwatched};
use crate::error::Result;
use crate::network::train::in_order;
use crate::synth::{Kind, Noise, NoiseKind, Spec, generate};

/// Seeds of each kind; the segmenter learns from records of this generator too, but of other seeds.
const SEEDS: [u64; 3] = [1, 2, 3];
/// Signal to noise, dB.
const SNR_DB: f64 = 12.0;
/// Lengthening of QT, ms.
const LONGER_MS: f64 = 20.0;
/// What is added to the clean record.
const NOISES: [(&str, Option<NoiseKind>); 4] = [
    ("none", None),
    ("white", Some(NoiseKind::White)),
    ("muscle", Some(NoiseKind::Muscle)),
    ("wander", Some(NoiseKind::Wander)),
];

/// One record: measured and true of each interval, and the measured QT of its twin with the longer QT.
struct Record {
    kind: Kind,
    noise: &'static str,
    pairs: [(Option<f64>, Option<f64>); Interval::ALL.len()],
    longer_qt_ms: Option<f64>,
}

/// Errors of one interval, or differences of QT.
#[derive(Default)]
struct Errors {
    ms: Vec<f64>,
    none: usize,
}

impl Errors {
    fn push(&mut self, found: Option<f64>, truth: Option<f64>) {
        match (found, truth) {
            (Some(found), Some(truth)) => self.ms.push(found - truth),
            (None, Some(_)) => self.none += 1,
            (_, None) => {}
        }
    }

    fn json(&self) -> Value {
        json!({
            "n": self.ms.len(),
            "no_result": self.none,
            "mean_ms": rounded(mean(&self.ms), 2),
            "sd_ms": rounded(deviation(&self.ms), 2),
            "largest_ms": rounded(largest(&self.ms), 2),
        })
    }
}

/// Scores records made for it.
///
/// # Errors
/// A segmenter that does not fit.
pub fn section(setup: &Setup) -> Result<Section> {
    let records = records(&setup.segmenter)?;
    let mut rows = Vec::new();
    for interval in Interval::ALL {
        for (noise, _) in NOISES {
            let mut errors = Errors::default();
            for record in records.iter().filter(|record| record.noise == noise && interval.is_in(record.kind)) {
                let (found, truth) = record.pairs[interval as usize];
                errors.push(found, truth);
            }
            rows.push((interval.name(), noise, errors));
        }
    }
    let longer: Vec<(&str, Errors)> = NOISES.map(|(noise, _)| (noise, seen_longer(&records, noise))).into();
    let json = json!({
        "records": records.len(),
        "intervals": rows.iter().map(|(interval, noise, errors)| {
            json!({ "interval": interval, "noise": noise, "errors": errors.json() })
        }).collect::<Vec<_>>(),
        "qt_longer_by_ms": LONGER_MS,
        "qt_seen_longer_by": longer.iter().map(|(noise, seen)| json!({ "noise": noise, "seen": seen.json() })).collect::<Vec<_>>(),
    });
    let mut section = Section::new("Intervals (synthetic records)", "synthetic", json);
    section.words(format!(
        "{} records of 10 s with twelve leads: {} kinds, {} seeds, without noise and with {SNR_DB} dB of white noise, muscle noise and wander in each \
         lead; waves from {}. Error: measured − true; true is the median over the beats of the dominant kind. {LEFT_OUT}",
        records.len(),
        Kind::ALL.len(),
        SEEDS.len(),
        setup.words()
    ));
    let mut table = Table::new(&["interval", "noise", "n", "no result", "mean error, ms", "SD, ms", "largest, ms"]);
    for (interval, noise, errors) in &rows {
        table.row(cells(&[interval, noise], errors));
    }
    section.table(&table);
    section
        .words(format!("A QT that is {LONGER_MS} ms longer in the recipe, all else the same, is seen as longer by:"));
    let mut table = Table::new(&["noise", "n", "no result", "mean, ms", "SD, ms", "range, ms"]);
    for (noise, seen) in &longer {
        let mut cells = cells(&[noise], seen);
        let range = [f64::min, f64::max].map(|pick| seen.ms.iter().copied().reduce(pick));
        cells.pop();
        cells.push(format!("{} to {}", signed(range[0]), signed(range[1])));
        table.row(cells);
    }
    section.table(&table);
    Ok(section)
}

fn cells(names: &[&str], errors: &Errors) -> Vec<String> {
    let mut cells: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    cells.push(errors.ms.len().to_string());
    cells.push(errors.none.to_string());
    cells.push(signed(mean(&errors.ms)));
    cells.push(plain(deviation(&errors.ms)));
    cells.push(plain(largest(&errors.ms)));
    cells
}

/// Measured QT of the longer twin − measured QT.
fn seen_longer(records: &[Record], noise: &str) -> Errors {
    let mut seen = Errors::default();
    for record in records.iter().filter(|record| record.noise == noise && Interval::Qt.is_in(record.kind)) {
        match (record.longer_qt_ms, record.pairs[Interval::Qt as usize].0) {
            (Some(longer_ms), Some(first_ms)) => seen.ms.push(longer_ms - first_ms),
            _ => seen.none += 1,
        }
    }
    seen
}

fn records(segmenter: &ModelChoice) -> Result<Vec<Record>> {
    let each_kind = SEEDS.len() * NOISES.len();
    let count = Kind::ALL.len() * each_kind;
    let bar = batch::progress(count, "intervals");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let records = in_order(threads, count, |index| -> Result<Record> {
        let kind = Kind::ALL[index / each_kind];
        let (noise, added) = NOISES[index % NOISES.len()];
        let noises = added.map(|kind| Noise::snr_db(kind, SNR_DB)).into_iter().collect();
        let spec = Spec { noise: noises, ..kind.spec(SEEDS[index / NOISES.len() % SEEDS.len()]) };
        let of = |spec: &Spec| -> Result<[(Option<f64>, Option<f64>); Interval::ALL.len()]> {
            let made = generate(spec);
            let found = analysis::analyze(&made.recording, &settings(segmenter.clone()), &Unwatched)?.measurements;
            Ok(Interval::ALL.map(|interval| (interval.measured_ms(&found), interval.true_ms(&made.truth))))
        };
        let longer = of(&Spec { qt_ms: spec.qt_ms + LONGER_MS, ..spec.clone() })?[Interval::Qt as usize].0;
        let record = Record { kind, noise, pairs: of(&spec)?, longer_qt_ms: longer };
        bar.inc(1);
        Ok(record)
    });
    bar.finish_and_clear();
    records.into_iter().collect()
}
