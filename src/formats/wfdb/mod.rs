//! WFDB records (PhysioNet): header, signal files in all integer and FLAC formats, segments, annotation files, and a writer.
//!
//! After the WFDB Applications Guide: header(5), signal(5), annot(5). One file here for each of these; nothing else of PhysioNet's
//! software is imitated. MATLAB files of the Challenges are read through their headers (format 16 with a prolog of 24 bytes).

mod annotations;
mod comments;
mod files;
mod flac;
mod header;
mod integers;
mod record;
mod segments;
mod write;

use std::sync::Arc;

use super::signal::{self, Signal};
use super::{Format, Input, Likelihood};
use crate::ecg::{Annotation, Lead, Note, Recording};
use crate::error::Result;
use files::Files;
use header::Header;

/// The format.
pub struct Wfdb;

impl Format for Wfdb {
    fn name(&self) -> &'static str {
        "wfdb"
    }

    fn title(&self) -> &'static str {
        "WFDB (PhysioNet)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["hea"]
    }

    fn sniff(&self, input: &Input) -> Likelihood {
        if header::looks_like_header(input.bytes) { Likelihood::Likely } else { Likelihood::No }
    }

    /// A header is named after its record, and signal and annotation files begin with that name: `1a.flac` and `1.avf` belong to `1.hea`.
    fn main_file(&self, input: &Input) -> Option<String> {
        let stem = input.stem();
        let ends = stem.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let named = ends.map(|end| format!("{}.hea", &stem[..end])).find(|name| {
            let header = input.sisters.beside(name).and_then(|bytes| header::parse(&bytes));
            header.is_ok_and(|header| belongs(&header, name, input.name))
        });
        // Marks without a record: say which header is missing.
        named.or_else(|| {
            let marks = annotations::parse(input.bytes).is_ok_and(|found| !found.marks.is_empty());
            marks.then(|| format!("{stem}.hea"))
        })
    }

    fn read(&self, input: &Input) -> Result<Recording> {
        let main = header::parse(input.bytes)?;
        let mut files = Files::new(input.sisters);
        let mut notes = Vec::new();
        let decoded = if main.segments.is_empty() {
            record::decode(&main, None, &mut files, &mut notes)?
        } else {
            segments::decode(&main, &mut files, &mut notes)?
        };
        let mut recording = Recording::new("wfdb", Vec::new());
        for one in decoded {
            let rate_hz = main.frame_rate_hz * one.samples_per_frame as f64;
            let signal = Signal {
                label: one.label,
                lead: None,
                unit: Some(one.unit),
                rate_hz,
                start_s: 0.0,
                values: one.values,
            };
            signal::add(&mut recording, signal);
        }
        recording.started_at = main.started_at;
        recording.patient = comments::patient(&main.comments);
        if let Some(time) = main.time_only {
            notes.push(format!("the header states the time of day ({time}) without a date"));
        }
        recording.annotations = marks_beside(input, &main, &files, &recording, &mut notes);
        recording.notes = notes.into_iter().map(Note::new).collect();
        Ok(recording)
    }

    fn writes(&self) -> bool {
        true
    }

    fn write(&self, recording: &Recording, stem: &str) -> Result<Vec<(String, Vec<u8>)>> {
        write::record(recording, stem)
    }
}

/// Is the file part of the record of this header: a signal file, or beside it under the same name?
fn belongs(header: &Header, header_name: &str, file: &str) -> bool {
    let stem = header_name.trim_end_matches(".hea");
    let beside = file.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.') && !rest[1..].contains('.'));
    beside || header.signals.iter().any(|line| line.file == file)
}

/// Endings of files beside a record that are never annotations.
const OTHER_ENDINGS: [&str; 16] =
    ["hea", "dat", "flac", "mat", "csv", "tsv", "txt", "json", "xml", "md", "pdf", "png", "jpg", "svg", "zip", "gz"];

/// Endings that annotation files usually have: one that cannot be read is worth a note.
const USUAL_ENDINGS: [&str; 9] = ["atr", "qrs", "ann", "ari", "ecg", "q1c", "q2c", "pu", "man"];

/// The marks of every annotation file beside the record, by time.
fn marks_beside(
    input: &Input,
    main: &Header,
    files: &Files,
    recording: &Recording,
    notes: &mut Vec<String>,
) -> Vec<Annotation> {
    let mut found = Vec::new();
    for name in input.sisters.names(input.stem()) {
        let Some(ending) = name.strip_prefix(input.stem()).and_then(|rest| rest.strip_prefix('.')) else { continue };
        if OTHER_ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) || files.holds(&name) || name == input.name {
            continue;
        }
        let marks = match input.sisters.beside(&name).and_then(|bytes| annotations::parse(&bytes)) {
            Ok(marks) => marks,
            Err(error) if USUAL_ENDINGS.contains(&ending) => {
                notes.push(format!("the annotation file {name} is left out: {error}"));
                continue;
            }
            Err(_) => continue,
        };
        let rate = marks.ticks_per_second.unwrap_or(main.frame_rate_hz);
        let source: Arc<str> = ending.into();
        let of_ending = Lead::parse(ending);
        let lead: Option<Arc<str>> = recording
            .traces
            .iter()
            .find(|trace| trace.lead == of_ending || trace.label.eq_ignore_ascii_case(ending))
            .map(|trace| trace.lead.name().into());
        found.extend(marks.marks.into_iter().map(|mark| Annotation {
            time_s: mark.tick as f64 / rate,
            tick: mark.tick,
            lead: lead.clone(),
            symbol: mark.symbol.into(),
            subtype: mark.subtype,
            channel: mark.channel,
            number: mark.number,
            text: mark.text.map(Arc::from),
            source: Arc::clone(&source),
        }));
    }
    found.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    found
}
