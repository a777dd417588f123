//! A recording as a WFDB record: header, one signal file a sampling rate (format 16), one annotation file a source.
//!
//! After the WFDB Applications Guide. Each signal gets the finest round gain that its range allows; −32768 is "no sample".
//! Leads computed from others are left out, since a reader computes them again. Name and identifier of the patient have no place
//! in a WFDB header and are not written; age and sex are.

use std::fmt::Write as _;
use std::sync::Arc;

use super::annotations::{self, Mark, Marks};
use crate::ecg::{Annotation, Recording, Sex};
use crate::error::{Error, Result};
use crate::formats::signal::Stored;

const MISSING: i16 = i16::MIN;

/// Finest gain: finer than any converter, and whole microvolts stay whole.
const FINEST_GAIN: f64 = 20_000.0;

/// A gain as fine as this needs no baseline.
const FINE_GAIN: f64 = 1000.0;

/// Most samples of one signal in a frame.
const MOST_SAMPLES_PER_FRAME: f64 = 10_000.0;

/// The files of the record, the header first.
pub fn record(recording: &Recording, stem: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    let signals = Stored::of(recording);
    if signals.is_empty() || name.is_empty() {
        return Err(Error::write("the recording holds no signal, or the record has no name"));
    }
    let frame_rate_hz = frame_rate_hz(&signals)?;
    let frames = signals
        .iter()
        .map(|signal| (signal.first_index() + signal.values.len()).div_ceil(samples_per_frame(signal, frame_rate_hz)));
    let frames = frames.max().unwrap_or(0);
    // Signals of one file must stand together in the header.
    let mut rates: Vec<f64> = Vec::new();
    for signal in &signals {
        if !rates.contains(&signal.rate_hz) {
            rates.push(signal.rate_hz);
        }
    }
    let data_file = |rate_hz: f64| match rates.iter().position(|rate| *rate == rate_hz) {
        Some(at) if rates.len() > 1 => format!("{name}_{}.dat", at + 1),
        _ => format!("{name}.dat"),
    };
    let mut files = Vec::new();
    let mut lines = Vec::new();
    for rate_hz in &rates {
        let group: Vec<&Stored> = signals.iter().filter(|signal| signal.rate_hz == *rate_hz).collect();
        let own = samples_per_frame(group[0], frame_rate_hz);
        let coded: Vec<Coded> = group.iter().map(|signal| Coded::of(signal, frames * own)).collect::<Result<_>>()?;
        lines.extend(group.iter().zip(&coded).map(|(signal, coded)| coded.line(&data_file(*rate_hz), own, signal)));
        files.push((data_file(*rate_hz), interleave(&coded, own)));
    }
    let header = header(recording, &name, frame_rate_hz, frames, &lines)
        .map_err(|error| Error::write("the header cannot be written").because(error))?;
    files.insert(0, (format!("{name}.hea"), header.into_bytes()));
    files.extend(annotation_files(recording, &name, frame_rate_hz));
    Ok(files)
}

fn header(
    recording: &Recording,
    name: &str,
    rate_hz: f64,
    frames: usize,
    lines: &[String],
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    write!(text, "{name} {} {rate_hz} {frames}", lines.len())?;
    if let Some(at) = recording.started_at {
        write!(text, " {:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())?;
        if at.subsec_nanosecond() != 0 {
            write!(text, ".{:03}", at.subsec_nanosecond() / 1_000_000)?;
        }
        write!(text, " {:02}/{:02}/{:04}", at.day(), at.month(), at.year())?;
    }
    text.push('\n');
    for line in lines {
        writeln!(text, "{line}")?;
    }
    if let Some(age) = recording.patient.age_years {
        writeln!(text, "#Age: {age}")?;
    }
    if let Some(sex) = recording.patient.sex {
        writeln!(text, "#Sex: {}", if sex == Sex::Female { "Female" } else { "Male" })?;
    }
    Ok(text)
}

/// A frame rate of which every signal's rate is a whole multiple.
fn frame_rate_hz(signals: &[Stored]) -> Result<f64> {
    let slowest = signals.iter().map(|signal| signal.rate_hz).fold(f64::INFINITY, f64::min);
    let fits = |frame: f64| {
        signals.iter().all(|signal| {
            let count = signal.rate_hz / frame;
            (count - count.round()).abs() < 1e-9 * count && (1.0..=MOST_SAMPLES_PER_FRAME).contains(&count.round())
        })
    };
    let parts = (1..=1000).map(|part| slowest / f64::from(part));
    parts.into_iter().find(|frame| fits(*frame)).ok_or_else(|| {
        Error::write("the sampling rates of the signals have no common frame rate")
            .cure("write the leads of each rate alone")
    })
}

fn samples_per_frame(signal: &Stored, frame_rate_hz: f64) -> usize {
    (signal.rate_hz / frame_rate_hz).round() as usize
}

/// A signal as stored integers.
struct Coded {
    gain: f64,
    baseline: i32,
    samples: Vec<i16>,
}

impl Coded {
    /// Codes a signal into so many samples, missing ones before and after included.
    fn of(signal: &Stored, length: usize) -> Result<Self> {
        let (low, high) = signal
            .values
            .iter()
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(f64::from(*v)), high.max(f64::from(*v)))
            });
        let (gain, baseline) = scale(low, high)
            .ok_or_else(|| Error::write("its values are too large for a 16-bit file").on_lead(signal.label))?;
        let code = |value: Option<f32>| match value {
            Some(value) => ((f64::from(value) * gain).round() + f64::from(baseline)).clamp(-32_767.0, 32_767.0) as i16,
            None => MISSING,
        };
        Ok(Self { gain, baseline, samples: (0..length).map(|index| code(signal.at(index))).collect() })
    }

    fn line(&self, file: &str, samples_per_frame: usize, signal: &Stored) -> String {
        let format = if samples_per_frame == 1 { "16".to_owned() } else { format!("16x{samples_per_frame}") };
        let sum = self.samples.iter().fold(0i16, |sum, sample| sum.wrapping_add(*sample));
        let first = self.samples.first().copied().unwrap_or(0);
        let unit = signal.unit.replace(char::is_whitespace, "_");
        let label = signal.label.replace(char::is_control, " ");
        format!("{file} {format} {}({})/{unit} 16 0 {first} {sum} 0 {}", self.gain, self.baseline, label.trim())
    }
}

/// Gain and baseline for values between two bounds: baseline 0 where microvolts fit, else the middle of the range.
fn scale(low: f64, high: f64) -> Option<(f64, i32)> {
    if low > high {
        return Some((FINE_GAIN, 0));
    }
    let plain = finest_gain(low.abs().max(high.abs()))?;
    if plain >= FINE_GAIN {
        return Some((plain, 0));
    }
    let middle = 0.5 * (low + high);
    // One unit less on each side for the rounding of the middle.
    let moved = finest_gain((high - middle) * 1.0001).filter(|gain| (middle * gain).abs() < 1e9);
    Some(match moved {
        Some(gain) if gain > plain => (gain, -(middle * gain).round() as i32),
        _ => (plain, 0),
    })
}

/// The finest of …, 1, 2, 5, 10, 20, … under which the value fits in 16 bits.
fn finest_gain(largest: f64) -> Option<f64> {
    if largest == 0.0 {
        return Some(FINE_GAIN);
    }
    let steps = (-40..=4).rev().flat_map(|power| [5.0, 2.0, 1.0].map(|digit| digit * 10f64.powi(power)));
    steps.into_iter().find(|gain| *gain <= FINEST_GAIN && largest * gain <= 32_766.0)
}

/// Frame after frame, each signal with its samples of the frame.
fn interleave(coded: &[Coded], samples_per_frame: usize) -> Vec<u8> {
    let length = coded.first().map_or(0, |coded| coded.samples.len());
    let mut bytes = Vec::with_capacity(length * coded.len() * 2);
    for start in (0..length).step_by(samples_per_frame) {
        for one in coded {
            bytes.extend(one.samples[start..start + samples_per_frame].iter().flat_map(|sample| sample.to_le_bytes()));
        }
    }
    bytes
}

/// One file for each source of marks, named after it.
fn annotation_files(recording: &Recording, name: &str, frame_rate_hz: f64) -> Vec<(String, Vec<u8>)> {
    let mut sources: Vec<&Arc<str>> = recording.annotations.iter().map(|mark| &mark.source).collect();
    sources.sort();
    sources.dedup();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for source in sources {
        let ending: String = source.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let usable = !ending.is_empty() && !super::OTHER_ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
        let ending = if usable { ending } else { "atr".to_owned() };
        let mut file = format!("{name}.{ending}");
        while files.iter().any(|(other, _)| *other == file) {
            file.push('_');
        }
        let marks: Vec<&Annotation> = recording.annotations.iter().filter(|mark| mark.source == *source).collect();
        files.push((file, annotations::encode(&encoded(&marks, frame_rate_hz))));
    }
    files
}

fn encoded(marks: &[&Annotation], frame_rate_hz: f64) -> Marks {
    let whole = |rate: f64| marks.iter().all(|mark| (mark.time_s * rate - (mark.time_s * rate).round()).abs() < 1e-3);
    // The clock of the source, where its marks do not sit on the frames of the record.
    let own = marks
        .iter()
        .rev()
        .find(|mark| mark.time_s > 0.0)
        .map(|mark| (mark.tick as f64 / mark.time_s * 1e6).round() / 1e6);
    let ticks_per_second = own.filter(|_| !whole(frame_rate_hz)).filter(|own| *own > 0.0 && whole(*own));
    let rate = ticks_per_second.unwrap_or(frame_rate_hz);
    let mark = |mark: &&Annotation| Mark {
        tick: (mark.time_s * rate).round() as i64,
        symbol: mark.symbol.to_string(),
        subtype: mark.subtype,
        channel: mark.channel,
        number: mark.number,
        text: mark.text.as_deref().map(str::to_owned),
    };
    Marks { marks: marks.iter().map(mark).collect(), ticks_per_second }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_are_round_and_as_fine_as_the_range_allows() {
        assert_eq!(scale(-1.2, 1.5), Some((20_000.0, 0)));
        assert_eq!(scale(-3.0, 2.0), Some((10_000.0, 0)));
        assert_eq!(scale(-32.0, 32.0), Some((1000.0, 0)));
        assert_eq!(scale(-80.0, 80.0), Some((200.0, 0)));
        assert_eq!(scale(0.0, 0.0), Some((1000.0, 0)));
        assert_eq!(scale(f64::INFINITY, f64::NEG_INFINITY), Some((1000.0, 0)));
        let (gain, baseline) = scale(299.0, 301.0).expect("fits around its middle");
        assert_eq!((gain, baseline), (20_000.0, -6_000_000));
        assert!(scale(-3e38, 3e38).is_some());
    }

    #[test]
    fn a_common_frame_rate_is_found() {
        let with = |rates: &[f64]| {
            let signals: Vec<Stored> = rates
                .iter()
                .map(|rate| Stored { label: "x", unit: "mV", rate_hz: *rate, start_s: 0.0, values: &[] })
                .collect();
            frame_rate_hz(&signals).ok()
        };
        assert_eq!(with(&[500.0, 500.0]), Some(500.0));
        assert_eq!(with(&[500.0, 250.0]), Some(250.0));
        assert_eq!(with(&[500.0, 200.0]), Some(100.0));
        assert_eq!(with(&[500.0, std::f64::consts::PI]), None);
    }
}
