//! `ecg info`: what a file holds.

use std::path::PathBuf;

use super::source::Source;
use super::{Tally, batch, output};
use crate::ecg::{Recording, Sex};
use crate::error::Result;
use crate::report::recording_object;

/// Arguments of `ecg info`.
#[derive(clap::Args)]
pub struct Args {
    /// Recordings (a WFDB record by its .hea file)
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a line and file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: Source,
}

/// Runs it.
pub fn run(args: &Args) -> Result<Tally> {
    let work = |file: &PathBuf| {
        let recording = args.source.open(file)?;
        Ok(if args.json {
            serde_json::json!({ "recording": recording_object(&recording) }).to_string()
        } else {
            text(&file.display().to_string(), &recording)
        })
    };
    batch::each(&args.files, "reading", work, |_, text| output::line(&text))
}

fn text(file: &str, recording: &Recording) -> String {
    let unknown = || "unknown".to_owned();
    let patient = &recording.patient;
    let sex = patient.sex.map_or_else(unknown, |sex| {
        match sex {
            Sex::Female => "female",
            Sex::Male => "male",
        }
        .into()
    });
    let mut rows = vec![
        ("format", recording.format.to_owned()),
        ("started", recording.started_at.map_or_else(unknown, |at| at.to_string())),
        ("length", format!("{:.3} s", recording.duration_s())),
        ("patient", patient.name.clone().or_else(|| patient.id.clone()).unwrap_or_else(unknown)),
        ("age", patient.age_years.map_or_else(unknown, |age| format!("{age} years"))),
        ("sex", sex),
        ("device", recording.device.clone().unwrap_or_else(unknown)),
        ("filters", recording.filters.clone().unwrap_or_else(unknown)),
        ("marks", recording.annotations.len().to_string()),
    ];
    for trace in &recording.traces {
        let derived = if trace.derived { ", derived" } else { "" };
        rows.push((
            "lead",
            format!("{:<5} {} samples at {} Hz{derived}", trace.lead, trace.samples_mv.len(), trace.rate_hz),
        ));
    }
    for channel in &recording.channels {
        let unit = channel.unit.as_deref().unwrap_or("no unit");
        rows.push((
            "channel",
            format!("{} in {unit}, {} samples at {} Hz", channel.label, channel.samples.len(), channel.rate_hz),
        ));
    }
    rows.extend(recording.notes.iter().map(|note| ("note", note.text.clone())));
    let rows: Vec<String> = rows.iter().map(|(name, value)| format!("  {name:<8} {value}")).collect();
    format!("{file}\n{}", rows.join("\n"))
}
