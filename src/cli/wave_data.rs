//! What the wave segmenter is trained on: LUDB and QTDB in four folds by record, synthetic records with exact fiducials, and atrial fibrillation
//! of PTB-XL's folds 1 to 7, which teaches where no P is.

use std::path::{Path, PathBuf};

use super::marks::{Marked, lead_by_lead, of_source};
use super::ptbxl;
use crate::analysis::WaveKind;
use crate::ecg::{Lead, Recording};
use crate::error::{Error, Result};
use crate::formats::{self, Hints};
use crate::measure::detect_beats;
use crate::network::segmenter::{Class, Example};
use crate::network::train::in_order;
use crate::synth::{Kind, Noise, NoiseKind, Spec, TrueWave, generate};

/// Folds by record.
pub const FOLDS: usize = 4;
/// Copies that an epoch draws of one QTDB record: it has two leads where LUDB has twelve.
const QTDB_DRAWS: usize = 3;

/// Leads taken of a record that only teaches where no P is.
const FIBRILLATING_LEADS: [Lead; 6] = [Lead::I, Lead::II, Lead::V1, Lead::V2, Lead::V4, Lead::V6];

/// A record's examples and the fold it belongs to; synthetic ones belong to none.
pub struct Record {
    pub fold: Option<usize>,
    pub example: Example,
}

/// Headers of the records that a folder's RECORDS names, in its order.
///
/// # Errors
/// No such list.
pub fn headers(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = folder.join("RECORDS");
    let text = std::fs::read_to_string(&list).map_err(|e| {
        Error::read("the list of records cannot be read").in_file(list.display().to_string()).because(e)
    })?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| folder.join(format!("{name}.hea")))
        .collect())
}

/// Everything under `data` (`ludb`, `qtdb`, `ptbxl`), and synthetic records.
///
/// # Errors
/// A folder or record that cannot be read.
pub fn records(data: &Path, threads: usize) -> Result<Vec<Record>> {
    let mut all = Vec::new();
    for (folder, made) in [("ludb", ludb as fn(&Recording) -> Example), ("qtdb", qtdb)] {
        let headers = headers(&data.join(folder))?;
        let found = in_order(threads, headers.len(), |index| -> Result<Record> {
            let recording = formats::open(&headers[index], &Hints::default())?;
            Ok(Record { fold: Some(index % FOLDS), example: made(&recording) })
        });
        for record in found {
            all.push(record?);
        }
    }
    let folder = data.join("ptbxl");
    let rows = ptbxl::rows(&folder)?;
    let rows: Vec<_> =
        rows.into_iter().filter(|row| row.fold.is_some_and(|fold| fold <= 7) && row.states("AFIB")).collect();
    let found = in_order(threads, rows.len(), |index| -> Result<Record> {
        let recording = formats::open(&folder.join(&rows[index].file), &Hints::default())?;
        Ok(Record { fold: None, example: fibrillating(&recording) })
    });
    for record in found {
        all.push(record?);
    }
    let made = in_order(threads, 3 * Kind::ALL.len(), |index| Record { fold: None, example: synthetic(index) });
    all.extend(made);
    all.retain(|record| record.example.leads() > 0);
    Ok(all)
}

fn class(kind: Option<WaveKind>) -> Option<Class> {
    kind.map(|kind| match kind {
        WaveKind::P => Class::P,
        WaveKind::Qrs => Class::Qrs,
        WaveKind::T => Class::T,
    })
}

fn beats_s(recording: &Recording) -> Vec<f64> {
    detect_beats(&recording.traces, &[]).iter().map(|beat| beat.r_s).collect()
}

/// From the first to the last mark of each lead everything is marked; the beats at the ends mostly are not.
fn ludb(recording: &Recording) -> Example {
    let mut example = Example::new(beats_s(recording), 1);
    for (trace, marked) in recording.traces.iter().zip(lead_by_lead(recording)) {
        let (Some(first), Some(last)) = (marked.first(), marked.last()) else { continue };
        let known = (first.extent_s().0, last.extent_s().1);
        let waves: Vec<_> = marked.iter().flat_map(painted).collect();
        example.push(&trace.samples_mv, trace.rate_hz, &[known], &waves);
    }
    example
}

/// A wave with both ends; one that lacks an end is unknown around its peak.
fn painted(wave: &Marked) -> Vec<(Option<Class>, f64, f64)> {
    match (wave.onset_s, wave.offset_s) {
        (Some(onset_s), Some(offset_s)) => vec![(class(wave.kind), onset_s, offset_s)],
        (onset_s, offset_s) => {
            let (from_s, to_s) = (onset_s.unwrap_or(wave.peak_s - 0.2), offset_s.unwrap_or(wave.peak_s + 0.2));
            vec![(None, from_s, to_s)]
        }
    }
}

/// Some thirty beats are marked; between P and T end of each everything is known but the start of T, and after it until the next marked P.
fn qtdb(recording: &Recording) -> Example {
    let marked = of_source(recording, "q1c");
    let mut example = Example::new(beats_s(recording), QTDB_DRAWS);
    let mut known = Vec::new();
    let mut waves = Vec::new();
    for (at, wave) in marked.iter().enumerate() {
        let next = marked.get(at + 1);
        let ends_s = wave.offset_s.unwrap_or(wave.peak_s);
        match wave.kind {
            Some(WaveKind::P | WaveKind::Qrs) => {
                let (Some(onset_s), Some(offset_s)) = (wave.onset_s, wave.offset_s) else { continue };
                let same_beat = next.filter(|next| next.kind == Some(WaveKind::Qrs) && next.peak_s - wave.peak_s < 0.5);
                let until_s = match wave.kind {
                    Some(WaveKind::P) => same_beat.and_then(|next| next.onset_s).unwrap_or(offset_s + 0.02),
                    _ => offset_s + 0.02,
                };
                known.push((onset_s - 0.02, until_s));
                waves.push((class(wave.kind), onset_s, offset_s));
            }
            Some(WaveKind::T) => {
                let Some(offset_s) = wave.offset_s else { continue };
                match wave.onset_s {
                    Some(onset_s) => {
                        known.push((onset_s - 0.02, offset_s));
                        waves.push((Some(Class::T), onset_s, offset_s));
                    }
                    None => {
                        let from_s = wave.peak_s - 0.03;
                        known.push((from_s, offset_s));
                        waves.push((Some(Class::T), from_s, offset_s));
                    }
                }
                let quiet_s = match next {
                    Some(next) if next.kind == Some(WaveKind::P) && next.extent_s().0 - ends_s < 1.0 => {
                        next.extent_s().0
                    }
                    Some(next) if next.extent_s().0 - ends_s < 0.05 => next.extent_s().0,
                    _ => offset_s + 0.05,
                };
                known.push((offset_s, quiet_s));
            }
            None => {}
        }
    }
    for trace in &recording.traces {
        example.push(&trace.samples_mv, trace.rate_hz, &known, &waves);
    }
    example
}

/// Atrial fibrillation by the statement of a whole record: there is no P before any QRS. Nothing else is known of its waves.
fn fibrillating(recording: &Recording) -> Example {
    let beats_s = beats_s(recording);
    // where RR is long, the T before has ended by then
    let known: Vec<(f64, f64)> = beats_s
        .windows(2)
        .filter(|pair| pair[1] - pair[0] > 0.62)
        .map(|pair| (pair[1] - 0.23, pair[1] - 0.075))
        .collect();
    let mut example = Example::new(beats_s, 1);
    for lead in FIBRILLATING_LEADS {
        if let Some(trace) = recording.trace(&lead) {
            example.push(&trace.samples_mv, trace.rate_hz, &known, &[]);
        }
    }
    example
}

/// Three seeds of each kind, two of them noisy. A wave's marked ends are where people would see it start and end, not where its mathematics
/// does: a raised cosine's first and last 2 % of a side stay unmarked.
fn synthetic(index: usize) -> Example {
    const UNSEEN: f64 = 0.02;
    let kind = Kind::ALL[index % Kind::ALL.len()];
    let seed = 900 + index as u64;
    let noise = match index / Kind::ALL.len() {
        0 => Vec::new(),
        1 => vec![Noise::snr_db(NoiseKind::Muscle, 14.0)],
        _ => vec![Noise::snr_db(NoiseKind::MuscleBroad, 12.0), Noise::snr_db(NoiseKind::Wander, 3.0)],
    };
    let made = generate(&Spec { noise, ..kind.spec(seed) });
    let mut example = Example::new(made.truth.r_s(), 1);
    let seen = |wave: &TrueWave| {
        let (rise, fall) = (wave.peak_s - wave.onset_s, wave.offset_s - wave.peak_s);
        (wave.onset_s + UNSEEN * rise, wave.offset_s - UNSEEN * fall)
    };
    let mut waves = Vec::new();
    for beat in &made.truth.beats {
        for (class, wave) in [(Class::P, &beat.p), (Class::Qrs, &beat.qrs), (Class::T, &beat.t)] {
            if let Some(wave) = wave {
                let (from_s, to_s) = seen(wave);
                waves.push((Some(class), from_s, to_s));
            }
        }
    }
    let (Some(first), Some(last)) = (waves.first(), waves.last()) else { return example };
    let known = [(first.1, last.2)];
    for (trace, clean) in made.recording.traces.iter().zip(&made.clean) {
        // a wave that this lead does not show is not marked in it
        let shown: Vec<_> = waves
            .iter()
            .map(|(class, from_s, to_s)| {
                let part = clean.slice(crate::ecg::Span::new(*from_s, *to_s));
                let (low, high) = part.iter().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
                (class.filter(|_| high - low > 0.03), *from_s, *to_s)
            })
            .collect();
        example.push(&trace.samples_mv, trace.rate_hz, &known, &shown);
    }
    example
}
