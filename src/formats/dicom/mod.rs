//! DICOM waveforms: 12-lead, general, ambulatory and hemodynamic ECG.
//!
//! After DICOM PS3.3 (A.34, C.10.8 to C.10.10), PS3.5 and PS3.16 (CID 3001). `parse.rs` knows the structure, `waveform.rs` the samples,
//! `leads.rs` the lead codes, `text.rs` names and dates, `annotations.rs` the marks. Pictures and reports in DICOM are refused by name.

mod annotations;
mod leads;
mod parse;
mod text;
mod waveform;

use super::signal;
use super::{Format, Input, Likelihood};
use crate::ecg::{Note, Recording};
use crate::error::{Error, Result};
use parse::{DataSet, Opening};
use waveform::Group;

const SOP_CLASS: u32 = 0x0008_0016;
const MANUFACTURER: u32 = 0x0008_0070;
const MODEL: u32 = 0x0008_1090;
const WAVEFORM_SEQUENCE: u32 = 0x5400_0100;

/// A beat beside the rhythm that does not call itself one is no longer than this, s.
const LONGEST_BEAT_S: f64 = 2.0;

/// The format.
pub struct Dicom;

impl Format for Dicom {
    fn name(&self) -> &'static str {
        "dicom"
    }

    fn title(&self) -> &'static str {
        "DICOM waveform"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["dcm"]
    }

    fn sniff(&self, input: &Input) -> Likelihood {
        match parse::opening(input.bytes) {
            Some(Opening::Marked) => Likelihood::Certain,
            Some(Opening::Meta | Opening::Bare) => Likelihood::Likely,
            None => Likelihood::No,
        }
    }

    fn read(&self, input: &Input) -> Result<Recording> {
        let (body, syntax) = parse::body(input.bytes)?;
        let set = DataSet::parse(&body, syntax)?;
        let items = set.items(WAVEFORM_SEQUENCE)?;
        if items.is_empty() {
            return Err(no_waveform(&set));
        }
        let numbered = items.into_iter().enumerate();
        let groups = numbered
            .map(|(index, item)| {
                Group::parse(item).map_err(|error| error.in_step(format!("multiplex group {}", index + 1)))
            })
            .collect::<Result<Vec<Group>>>()?;
        let mut notes = Vec::new();
        let shown = choose(&groups, &mut notes);
        let mut recording = Recording::new("dicom", Vec::new());
        for (index, group) in groups.iter().enumerate().filter(|(index, _)| shown[*index]) {
            let signals = group.signals(&input.hints, &mut notes);
            for one in signals.map_err(|error| error.in_step(format!("multiplex group {}", index + 1)))? {
                signal::add(&mut recording, one);
            }
        }
        let charset = text::charset(&set);
        recording.started_at = text::started_at(&set);
        recording.patient = text::patient(&set, charset);
        let device: Vec<String> =
            [MANUFACTURER, MODEL].into_iter().filter_map(|tag| text::text(&set, charset, tag)).collect();
        recording.device = (!device.is_empty()).then(|| device.join(" "));
        recording.filters = groups.iter().zip(&shown).find(|(_, shown)| **shown).and_then(|(group, _)| group.filters());
        recording.annotations = annotations::of(&set, charset, &groups, &shown)?;
        recording.notes = notes.into_iter().map(Note::new).collect();
        Ok(recording)
    }
}

/// Which groups are the recording: the first is the rhythm, beats computed from it are named and left out.
fn choose(groups: &[Group], notes: &mut Vec<String>) -> Vec<bool> {
    let rhythm = groups.iter().position(|group| !group.is_beat()).unwrap_or(0);
    let same_leads =
        |group: &Group| group.leads.iter().flatten().any(|lead| groups[rhythm].leads.contains(&Some(lead.clone())));
    let mut shown = Vec::with_capacity(groups.len());
    for (index, group) in groups.iter().enumerate() {
        let beat = index != rhythm && (group.is_beat() || (group.duration_s() <= LONGEST_BEAT_S && same_leads(group)));
        if beat {
            let label = group.label.as_deref().map_or_else(|| format!("multiplex group {}", index + 1), str::to_owned);
            notes.push(format!(
                "{label} ({:.1} s, computed by the device) is in the file too and is not part of the recording shown",
                group.duration_s()
            ));
        }
        shown.push(!beat);
    }
    shown
}

fn no_waveform(set: &DataSet) -> Error {
    let class = set.code(SOP_CLASS).unwrap_or_default();
    let what = match class.as_str() {
        "1.2.840.10008.5.1.4.1.1.104.1" => "it is a PDF in DICOM: a drawing of an ECG, not its samples",
        _ if class.starts_with("1.2.840.10008.5.1.4.1.1.88") => "it is a structured report",
        _ if class.starts_with("1.2.840.10008.5.1.4.1.1.7") => "it is a picture: a drawing of an ECG, not its samples",
        "1.2.840.10008.1.3.10" => "it is a directory of other files (DICOMDIR)",
        _ => "it has no waveform sequence",
    };
    Error::read(format!("the DICOM file holds no waveform: {what}")).cure("export the ECG as a DICOM waveform object")
}
