//! From a stored signal to a trace or channel: units, and which signals count as ECG. Every reader goes through here,
//! so that a unit means the same in all formats.
//!
//! Units after UCUM and the WFDB header(5) page. Amplitudes are never rescaled to look plausible: a doubt becomes a note.

use std::sync::Arc;

use crate::ecg::{Channel, Lead, Note, Recording, Trace, einthoven_deviation};

/// Larger than any ECG with electrode offset removed; beyond it a note asks whether gain or unit is right.
const LARGEST_ECG_MV: f32 = 100.0;

/// Share of lead II that may be left over in II − I − III: rounding and filters stay far below, wrong gains far above.
const LARGEST_DEVIATION: f64 = 0.10;

/// Most samples of one recording, all signals together: 24 hours of twelve leads at 500 Hz, with some room.
pub const MOST_SAMPLES: usize = 600_000_000;

/// One decoded signal, in the unit of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Label as stored.
    pub label: String,
    /// Lead code already understood by the reader; `None` = by the label.
    pub lead: Option<Lead>,
    /// Unit as stored; `None` = the file does not say.
    pub unit: Option<String>,
    /// Samples per second.
    pub rate_hz: f64,
    /// Time of the first sample, s.
    pub start_s: f64,
    /// Values in `unit`, NaN = no sample.
    pub values: Vec<f32>,
}

/// Millivolts of one unit, where it is a voltage.
pub fn mv_per_unit(unit: &str) -> Option<f64> {
    match unit.trim().to_lowercase().as_str() {
        "mv" | "millivolt" | "millivolts" => Some(1.0),
        "uv" | "\u{b5}v" | "\u{3bc}v" | "microvolt" | "microvolts" => Some(1e-3),
        "nv" | "nanovolt" | "nanovolts" => Some(1e-6),
        "v" | "volt" | "volts" => Some(1e3),
        _ => None,
    }
}

/// Signals that monitors and sleep recorders store beside an ECG, some in volts: never taken for a lead.
fn is_other_signal(label: &str) -> bool {
    let upper = label.to_uppercase();
    let words: Vec<&str> = upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    const NAMES: [&str; 22] = [
        "PLETH",
        "PPG",
        "RESP",
        "RESPIRATION",
        "IMPEDANCE",
        "ABP",
        "ART",
        "BP",
        "CVP",
        "PAP",
        "ICP",
        "LAP",
        "RAP",
        "UAP",
        "SPO2",
        "CO2",
        "ETCO2",
        "EEG",
        "EOG",
        "EMG",
        "SCG",
        "TEMP",
    ];
    words.iter().any(|word| NAMES.contains(word))
}

/// Adds a signal to the recording: as a trace in mV when it is a voltage that may be an ECG, as a channel otherwise.
pub fn add(recording: &mut Recording, signal: Signal) {
    let Signal { label, lead, unit, rate_hz, start_s, mut values } = signal;
    let factor = unit.as_deref().and_then(mv_per_unit);
    match factor {
        Some(factor) if lead.is_some() || !is_other_signal(&label) => {
            if factor != 1.0 {
                values.iter_mut().for_each(|value| *value = (f64::from(*value) * factor) as f32);
            }
            let lead = lead.unwrap_or_else(|| Lead::parse(&label));
            let trace =
                Trace { lead, label: label.into(), rate_hz, start_s, samples_mv: values.into(), derived: false };
            recording.traces.push(trace);
        }
        _ => recording.channels.push(Channel {
            label: label.into(),
            unit: unit.map(Arc::from),
            rate_hz,
            start_s,
            samples: values.into(),
        }),
    }
}

/// A signal as writers see it: traces that are stored (not computed from others) and channels alike.
pub struct Stored<'a> {
    /// Label to write.
    pub label: &'a str,
    /// Unit to write; "NU" (no unit) where it is unknown.
    pub unit: &'a str,
    /// Samples per second.
    pub rate_hz: f64,
    /// Time of the first sample, s.
    pub start_s: f64,
    /// Values, NaN = no sample.
    pub values: &'a [f32],
}

impl<'a> Stored<'a> {
    /// Every signal of the recording that a file should hold.
    pub fn of(recording: &'a Recording) -> Vec<Self> {
        let traces = recording.traces.iter().filter(|trace| !trace.derived).map(|trace| Stored {
            label: &trace.label,
            unit: "mV",
            rate_hz: trace.rate_hz,
            start_s: trace.start_s,
            values: &trace.samples_mv,
        });
        let channels = recording.channels.iter().map(|channel| Stored {
            label: &channel.label,
            unit: channel.unit.as_deref().unwrap_or("NU"),
            rate_hz: channel.rate_hz,
            start_s: channel.start_s,
            values: &channel.samples,
        });
        traces.chain(channels).collect()
    }

    /// Samples of this rate between the start of the recording and the first value.
    pub fn first_index(&self) -> usize {
        (self.start_s * self.rate_hz).round().max(0.0) as usize
    }

    /// The value at a sample of the recording; `None` before, after and where no sample is.
    pub fn at(&self, index: usize) -> Option<f32> {
        self.values.get(index.checked_sub(self.first_index())?).copied().filter(|value| value.is_finite())
    }
}

/// Doubts that hold for every format: amplitudes no heart makes, leads without any sample, leads that stand twice, limb leads that
/// contradict each other.
pub fn add_common_notes(recording: &mut Recording) {
    let mut notes = Vec::new();
    for (index, trace) in recording.traces.iter().enumerate() {
        let (mut largest, mut present) = (0f32, 0usize);
        for value in trace.samples_mv.iter().filter(|value| value.is_finite()) {
            largest = largest.max(value.abs());
            present += 1;
        }
        if present == 0 {
            notes.push(format!("lead {} holds no sample", trace.label));
        }
        if largest > LARGEST_ECG_MV {
            notes.push(format!(
                "lead {} reaches {largest:.0} mV, more than any ECG: gain or unit in the file may be wrong; shown as stored",
                trace.label
            ));
        }
        if recording.traces[..index].iter().any(|other| other.lead == trace.lead) {
            notes.push(format!("lead {} stands twice in the file; the first is used", trace.label));
        }
    }
    if let Some(deviation) = einthoven_deviation(recording).filter(|deviation| *deviation > LARGEST_DEVIATION) {
        notes.push(format!(
            "leads I, II and III contradict each other: II differs from I + III by {:.0} % of its own size; gains in the file may be \
             wrong or leads swapped, so amplitudes and axis are in doubt",
            100.0 * deviation
        ));
    }
    recording.notes.extend(notes.into_iter().map(Note::new));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(label: &str, unit: Option<&str>, values: &[f32]) -> Signal {
        Signal {
            label: label.into(),
            lead: None,
            unit: unit.map(str::to_owned),
            rate_hz: 100.0,
            start_s: 0.0,
            values: values.to_vec(),
        }
    }

    #[test]
    fn volts_become_millivolts_and_all_else_keeps_its_unit() {
        let mut recording = Recording::new("test", Vec::new());
        add(&mut recording, signal("I", Some("uV"), &[1500.0]));
        add(&mut recording, signal("II", Some("V"), &[0.002]));
        add(&mut recording, signal("ABP", Some("mmHg"), &[120.0]));
        add(&mut recording, signal("RESP", Some("mV"), &[1.0]));
        add(&mut recording, signal("A1", None, &[512.0]));
        let values: Vec<f32> = recording.traces.iter().map(|trace| trace.samples_mv[0]).collect();
        assert_eq!(values, [1.5, 2.0]);
        let units: Vec<Option<&str>> = recording.channels.iter().map(|channel| channel.unit.as_deref()).collect();
        assert_eq!(units, [Some("mmHg"), Some("mV"), None]);
    }

    #[test]
    fn doubts_are_named_and_nothing_is_rescaled() {
        let mut recording = Recording::new("test", Vec::new());
        add(&mut recording, signal("V1", Some("mV"), &[500.0]));
        add(&mut recording, signal("V2", Some("mV"), &[f32::NAN]));
        add(&mut recording, signal("v2", Some("mV"), &[0.0]));
        add_common_notes(&mut recording);
        assert_eq!(recording.notes.len(), 3, "{:?}", recording.notes);
        assert_eq!(recording.traces[0].samples_mv[0], 500.0);
    }
}
