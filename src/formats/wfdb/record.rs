//! One record or segment: from its header and signal files to physical values.
//!
//! After the WFDB Applications Guide, header(5) and signal(5): frames, samples per frame, skew, prolog, checksum, initial value.
//! Segments are put together in `segments.rs`.

use super::files::Files;
use super::header::{DEFAULT_GAIN, Header, SignalLine};
use super::{flac, integers};
use crate::error::{Cause, Error, Result};
use crate::formats::signal::MOST_SAMPLES;

/// One decoded signal in physical units.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Description; "signal 1" where the header has none.
    pub label: String,
    /// Physical unit.
    pub unit: String,
    /// Samples in each frame.
    pub samples_per_frame: usize,
    /// Values in `unit`, NaN = no sample.
    pub values: Vec<f32>,
}

/// Decodes all signals of a single record, in the order of its header. `frames` overrides the header's length.
pub fn decode(
    header: &Header,
    frames: Option<u64>,
    files: &mut Files,
    notes: &mut Vec<String>,
) -> Result<Vec<Decoded>> {
    let frames = frames.or(header.frames).map(|frames| usize::try_from(frames).unwrap_or(usize::MAX));
    let mut decoded: Vec<Option<Decoded>> = vec![None; header.signals.len()];
    let mut total = 0usize;
    for group in groups(&header.signals) {
        let file = &header.signals[group[0]].file;
        let lines: Vec<&SignalLine> = group.iter().map(|index| &header.signals[*index]).collect();
        let stored =
            stored_values(&lines, frames, files).map_err(|error| error.in_step(format!("signal file {file}")))?;
        notes.extend(stored.damage.iter().map(|damage| format!("{file}: {damage}; what stands before is shown")));
        total += stored.signals.iter().map(Vec::len).sum::<usize>();
        if total > MOST_SAMPLES {
            return Err(Error::new(Cause::Limits, format!("the record holds more than {MOST_SAMPLES} samples")));
        }
        let mut shortest: Option<(usize, usize)> = None;
        for ((index, line), raw) in group.iter().zip(&lines).zip(stored.signals) {
            let label = label(line, *index);
            let expected = frames.map(|frames| frames.saturating_mul(line.samples_per_frame));
            if let Some(expected) = expected
                && raw.len() < expected
            {
                shortest = Some(shortest.map_or((raw.len(), expected), |(least, of)| (least.min(raw.len()), of)));
            }
            check_sum(line, &label, &raw, expected, notes);
            decoded[*index] = Some(physical(line, label, raw, expected, notes));
        }
        if let Some((least, expected)) = shortest {
            notes.push(format!(
                "{file} ends early: {least} of {expected} samples a signal are there; the rest is missing"
            ));
        }
    }
    Ok(decoded.into_iter().flatten().collect())
}

/// The label of a signal in words and pages.
pub fn label(line: &SignalLine, index: usize) -> String {
    if line.description.is_empty() { format!("signal {}", index + 1) } else { line.description.clone() }
}

/// Signals that share a file, in the order of the header; those without a file are left out.
fn groups(lines: &[SignalLine]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.format != 0 && line.file != "~") {
        match groups.iter_mut().find(|group| lines[group[0]].file == line.file) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

struct Stored {
    signals: Vec<Vec<i32>>,
    damage: Option<String>,
}

fn stored_values(lines: &[&SignalLine], frames: Option<usize>, files: &mut Files) -> Result<Stored> {
    let first = lines[0];
    let same = lines.iter().all(|line| line.format == first.format && line.byte_offset == first.byte_offset);
    if !same {
        return Err(Error::read("the header gives signals of one file different formats"));
    }
    let bytes = files.get(&first.file)?;
    let Some(bytes) = bytes.get(first.byte_offset..) else {
        return Err(Error::read(format!("the data should begin at byte {}, after its end", first.byte_offset)));
    };
    // A late signal needs as many frames more.
    let late = lines.iter().map(|line| line.skew_frames).max().unwrap_or(0);
    let frames = frames.map(|frames| frames.saturating_add(late));
    let stored = match first.format {
        508 | 516 | 524 => {
            if lines.iter().any(|line| line.samples_per_frame != first.samples_per_frame) {
                return Err(Error::read("signals of one FLAC file have different numbers of samples per frame"));
            }
            let most = frames.map_or(usize::MAX, |frames| frames.saturating_mul(first.samples_per_frame));
            let most = most.min(MOST_SAMPLES / lines.len() + 1);
            let bits = u32::from(first.format - 500);
            let flac::Channels { values, damage } = flac::decode(bytes, lines.len(), bits, most)?;
            Stored { signals: values, damage }
        }
        format => {
            let stride: usize = lines.iter().map(|line| line.samples_per_frame).sum();
            let most = frames.map_or(usize::MAX, |frames| frames.saturating_mul(stride));
            let data = integers::decode(format, bytes, most.min(MOST_SAMPLES + stride))?;
            let mut signals = apart(&data, lines, stride);
            if format == 8 {
                signals.iter_mut().zip(lines).for_each(|(signal, line)| sum_up(signal, line.initial));
            }
            Stored { signals, damage: None }
        }
    };
    if stored.signals.iter().all(Vec::is_empty) {
        return Err(Error::read("the signal file holds no sample").cure("copy it again from where it was recorded"));
    }
    Ok(stored)
}

/// Takes the signals of a file apart; a last frame that is cut gives the samples it has.
fn apart(data: &[i32], lines: &[&SignalLine], stride: usize) -> Vec<Vec<i32>> {
    let mut offset = 0;
    let mut signals = Vec::with_capacity(lines.len());
    for line in lines {
        let own = line.samples_per_frame;
        let mut signal = Vec::with_capacity(data.len() / stride * own + own);
        if own == 1 {
            signal.extend(data.iter().skip(offset).step_by(stride));
        } else {
            for frame in data.chunks(stride) {
                let (start, end) = (offset.min(frame.len()), (offset + own).min(frame.len()));
                signal.extend_from_slice(&frame[start..end]);
            }
        }
        offset += own;
        signals.push(signal);
    }
    signals
}

fn sum_up(differences: &mut [i32], initial: i32) {
    let mut value = initial;
    for difference in differences {
        value = value.wrapping_add(*difference);
        *difference = value;
    }
}

/// Compares the sum of a complete signal with the header's, modulo 65536, with and without the skew.
fn check_sum(line: &SignalLine, label: &str, raw: &[i32], expected: Option<usize>, notes: &mut Vec<String>) {
    let (Some(stated), Some(expected)) = (line.checksum, expected) else { return };
    if raw.len() < expected {
        return;
    }
    let sum = |from: usize| {
        let values = raw[from.min(raw.len())..].iter().take(expected);
        values.fold(0u16, |sum, value| sum.wrapping_add(*value as u16))
    };
    let late = line.skew_frames.saturating_mul(line.samples_per_frame);
    if sum(0) != stated && sum(late) != stated {
        notes.push(format!(
            "lead {label}: the samples do not add up to the checksum of the header ({} instead of {stated}); the file may be damaged",
            sum(0)
        ));
    }
}

/// Stored values to physical ones; the skew is taken out, its end filled with "no sample".
fn physical(
    line: &SignalLine,
    label: String,
    raw: Vec<i32>,
    expected: Option<usize>,
    notes: &mut Vec<String>,
) -> Decoded {
    let late = line.skew_frames.saturating_mul(line.samples_per_frame).min(raw.len());
    let length = expected.map_or(raw.len(), |expected| expected.min(raw.len()));
    let gain = line.gain.unwrap_or_else(|| {
        notes.push(format!(
            "lead {label} is not calibrated: the header states no gain, so 200 units per mV hold by rule"
        ));
        DEFAULT_GAIN
    });
    let missing = integers::missing_value(line.format);
    let value = |raw: &i32| {
        if Some(*raw) == missing { f32::NAN } else { ((f64::from(*raw) - line.baseline) / gain) as f32 }
    };
    let mut values: Vec<f32> = Vec::with_capacity(length);
    values.extend(raw[late..].iter().take(length).map(value));
    values.resize(length, f32::NAN);
    let unit = line.unit.clone().unwrap_or_else(|| "mV".into());
    Decoded { label, unit, samples_per_frame: line.samples_per_frame, values }
}
