//! One multiplex group of a DICOM waveform: its samples, scaled, channel by channel.
//!
//! After DICOM PS3.3, C.10.9 (waveform module) and C.10.10 (channel sensitivity): value = (stored × sensitivity × correction) + baseline.
//! The companded 8-bit interpretations (MB, AB) are audio and are refused.

use super::leads;
use super::parse::{DataSet, Tag};
use crate::ecg::Lead;
use crate::error::{Error, Result};
use crate::formats::Hints;
use crate::formats::signal::Signal;

const TIME_OFFSET_MS: Tag = 0x0018_1068;
const ORIGINALITY: Tag = 0x003a_0004;
const CHANNELS: Tag = 0x003a_0005;
const SAMPLES: Tag = 0x003a_0010;
const RATE: Tag = 0x003a_001a;
const LABEL: Tag = 0x003a_0020;
const CHANNEL_DEFINITIONS: Tag = 0x003a_0200;
const SENSITIVITY: Tag = 0x003a_0210;
const UNITS: Tag = 0x003a_0211;
const CORRECTION: Tag = 0x003a_0212;
const BASELINE: Tag = 0x003a_0213;
const TIME_SKEW_S: Tag = 0x003a_0214;
const SAMPLE_SKEW: Tag = 0x003a_0215;
const FILTER_LOW: Tag = 0x003a_0220;
const FILTER_HIGH: Tag = 0x003a_0221;
const FILTER_NOTCH: Tag = 0x003a_0222;
const CODE_VALUE: Tag = 0x0008_0100;
const BITS: Tag = 0x5400_1004;
const INTERPRETATION: Tag = 0x5400_1006;
const PADDING: Tag = 0x5400_100a;
const DATA: Tag = 0x5400_1010;

/// What a group says of itself, before its samples are touched.
pub struct Group<'a> {
    set: DataSet<'a>,
    channels: Vec<DataSet<'a>>,
    samples: usize,
    /// Samples per second.
    pub rate_hz: f64,
    /// Time of its first sample, s.
    pub start_s: f64,
    /// Its label, as stored.
    pub label: Option<String>,
    /// Leads of its channels, where they are known.
    pub leads: Vec<Option<Lead>>,
    labels: Vec<String>,
}

impl<'a> Group<'a> {
    /// Reads the description of a group and checks that its samples are all there.
    pub fn parse(set: DataSet<'a>) -> Result<Self> {
        let need = |found: Option<u32>, what: &str| {
            found.filter(|n| *n > 0).ok_or_else(|| Error::read(format!("the multiplex group does not say {what}")))
        };
        let count = need(set.unsigned(CHANNELS), "how many channels it has")? as usize;
        let samples = need(set.unsigned(SAMPLES), "how many samples it has")? as usize;
        let rate_hz = set.decimal(RATE).filter(|rate| *rate > 0.0);
        let rate_hz = rate_hz.ok_or_else(|| Error::read("the multiplex group does not say its sampling frequency"))?;
        let channels = set.items(CHANNEL_DEFINITIONS)?;
        if channels.len() != count {
            return Err(Error::read(format!("{count} channels are announced and {} are described", channels.len())));
        }
        let names = channels.iter().enumerate().map(|(index, channel)| leads::of_channel(channel, index));
        let (leads, labels) = names.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let start_s = set.decimal(TIME_OFFSET_MS).unwrap_or(0.0) / 1000.0;
        let label = set.code(LABEL);
        Ok(Self { set, channels, samples, rate_hz, start_s, label, leads, labels })
    }

    /// Length in seconds.
    pub fn duration_s(&self) -> f64 {
        self.samples as f64 / self.rate_hz
    }

    /// Does it call itself an average or median beat, or a derived waveform?
    pub fn is_beat(&self) -> bool {
        let label = self.label.as_deref().unwrap_or_default().to_ascii_uppercase();
        let named = ["MEDIAN", "REPRESENTATIVE", "AVERAGE"].iter().any(|word| label.contains(word));
        named || self.set.code(ORIGINALITY).as_deref() == Some("DERIVED")
    }

    /// The filters of its channels in words, where all agree.
    pub fn filters(&self) -> Option<String> {
        let of = |channel: &DataSet| {
            let low = channel.decimal(FILTER_LOW).map(|hz| format!("high-pass {hz} Hz"));
            let high = channel.decimal(FILTER_HIGH).map(|hz| format!("low-pass {hz} Hz"));
            let notch = channel.decimal(FILTER_NOTCH).filter(|hz| *hz > 0.0).map(|hz| format!("notch {hz} Hz"));
            let parts: Vec<String> = [low, high, notch].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        };
        let first = of(self.channels.first()?)?;
        self.channels.iter().all(|channel| of(channel).as_ref() == Some(&first)).then_some(first)
    }

    /// The signals in the units of the file.
    pub fn signals(&self, hints: &Hints, notes: &mut Vec<String>) -> Result<Vec<Signal>> {
        let coding = Coding::of(&self.set)?;
        let data = self.set.get(DATA).ok_or_else(|| Error::read("the multiplex group has no waveform data"))?.value;
        let width = coding.bytes();
        let frame = width * self.channels.len();
        let announced = frame.checked_mul(self.samples);
        let Some(data) = announced.and_then(|announced| data.get(..announced)) else {
            return Err(Error::read(format!(
                "{} samples of {} channels are announced and the waveform data holds {}",
                self.samples,
                self.channels.len(),
                data.len() / frame
            ))
            .cure("copy the file again from where it was recorded"));
        };
        let padding = self.set.get(PADDING).filter(|p| p.value.len() >= width).map(|p| coding.value(&p.value[..width]));
        let mut signals = Vec::with_capacity(self.channels.len());
        for (index, channel) in self.channels.iter().enumerate() {
            let scale = Scale::of(channel, self.leads[index].is_some(), hints)?;
            if scale.unit.is_none() {
                notes.push(format!("channel {} states no unit and is shown as stored numbers", self.labels[index]));
            }
            let mut padded = 0usize;
            let mut values = Vec::with_capacity(self.samples);
            for frame in data.chunks_exact(frame) {
                let stored = coding.value(&frame[index * width..(index + 1) * width]);
                padded += usize::from(Some(stored) == padding);
                values.push(if Some(stored) == padding { f32::NAN } else { scale.apply(stored) });
            }
            if padded > 0 && padding == Some(0) {
                notes.push(format!(
                    "lead {}: {padded} samples equal 0, which the file declares to mean \"no data\"; they are shown as gaps",
                    self.labels[index]
                ));
            }
            let skew_s = channel.decimal(TIME_SKEW_S).unwrap_or(0.0);
            let skew_s = skew_s + channel.decimal(SAMPLE_SKEW).unwrap_or(0.0) / self.rate_hz;
            signals.push(Signal {
                label: self.labels[index].clone(),
                lead: self.leads[index].clone(),
                unit: scale.unit,
                rate_hz: self.rate_hz,
                start_s: self.start_s + skew_s,
                values,
            });
        }
        Ok(signals)
    }
}

/// From stored numbers to values of a unit.
struct Scale {
    factor: f64,
    baseline: f64,
    unit: Option<String>,
}

impl Scale {
    fn of(channel: &DataSet, is_lead: bool, hints: &Hints) -> Result<Self> {
        let unit = channel.first_item(UNITS)?.and_then(|code| code.code(CODE_VALUE));
        // UCUM writes millimetres of mercury with brackets.
        let unit = unit.map(|unit| if unit == "mm[Hg]" { "mmHg".to_owned() } else { unit });
        let correction = channel.decimal(CORRECTION).unwrap_or(1.0);
        let baseline = channel.decimal(BASELINE).unwrap_or(0.0);
        Ok(match (channel.decimal(SENSITIVITY), unit, hints.mv_per_unit) {
            (Some(sensitivity), Some(unit), _) => Self { factor: sensitivity * correction, baseline, unit: Some(unit) },
            (sensitivity, _, Some(told)) if is_lead => {
                let factor = sensitivity.unwrap_or(1.0) * correction * told;
                Self { factor, baseline: baseline * told, unit: Some("mV".into()) }
            }
            _ => Self { factor: 1.0, baseline: 0.0, unit: None },
        })
    }

    fn apply(&self, stored: i64) -> f32 {
        (stored as f64 * self.factor + self.baseline) as f32
    }
}

/// How one sample is stored.
#[derive(Debug, Clone, Copy)]
struct Coding {
    bits: u32,
    signed: bool,
    big_endian: bool,
}

impl Coding {
    fn of(group: &DataSet) -> Result<Self> {
        let bits = group.unsigned(BITS);
        let interpretation = group.code(INTERPRETATION).unwrap_or_default();
        let (expected, signed) = match interpretation.as_str() {
            "SB" => (8, true),
            "UB" => (8, false),
            "SS" => (16, true),
            "US" => (16, false),
            "SL" => (32, true),
            "UL" => (32, false),
            other => {
                return Err(Error::unsupported(format!("samples of the interpretation {other:?} are not read"))
                    .cure("export the waveform with signed 16-bit samples (SS)"));
            }
        };
        if bits.is_some_and(|bits| bits != expected) {
            return Err(Error::read(format!(
                "{} bits are allocated for samples of the interpretation {interpretation}",
                bits.unwrap_or_default()
            )));
        }
        Ok(Self { bits: expected, signed, big_endian: group.syntax.big_endian })
    }

    fn bytes(self) -> usize {
        self.bits as usize / 8
    }

    fn value(self, bytes: &[u8]) -> i64 {
        let mut raw = [0u8; 4];
        for (index, byte) in bytes.iter().enumerate() {
            let place = if self.big_endian { bytes.len() - 1 - index } else { index };
            raw[place] = *byte;
        }
        let unsigned = u32::from_le_bytes(raw);
        if !self.signed {
            return i64::from(unsigned);
        }
        let shift = 32 - self.bits;
        i64::from(((unsigned << shift) as i32) >> shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_every_width_and_order() {
        let value = |bits, signed, big_endian, bytes: &[u8]| Coding { bits, signed, big_endian }.value(bytes);
        assert_eq!(value(8, true, false, &[0xff]), -1);
        assert_eq!(value(8, false, true, &[0xff]), 255);
        assert_eq!(value(16, true, false, &[0xfe, 0xff]), -2);
        assert_eq!(value(16, true, true, &[0xff, 0xfe]), -2);
        assert_eq!(value(16, false, true, &[0x01, 0x02]), 258);
        assert_eq!(value(32, true, false, &[0xff, 0xff, 0xff, 0xff]), -1);
        assert_eq!(value(32, false, true, &[0, 0, 1, 0]), 256);
    }
}
