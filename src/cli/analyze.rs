//! `ecg analyze`: the whole reading of each file, as text or as one JSON object a line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::source::{Reading, Source};
use super::{Tally, batch, output};
use crate::analysis::{self, Analysis, Head, Unwatched};
use crate::error::Result;
use crate::report::analysis_object;
use crate::review::{Review, Study};

/// Arguments of `ecg analyze`.
#[derive(clap::Args)]
pub struct Args {
    /// Recordings (a WFDB record by its .hea file)
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a line and file; its shape is a promise (see assets/analysis.schema.json)
    #[arg(long)]
    json: bool,
    /// Wave marks of every lead and beat in the JSON
    #[arg(long, requires = "json")]
    waves: bool,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    reading: Reading,
}

/// Runs it.
pub fn run(args: &Args) -> Result<Tally> {
    let work = |file: &PathBuf| {
        let study = study(file, &args.source, &args.reading)?;
        Ok(if args.json { object(&study, args.waves).to_string() } else { text(&study) })
    };
    batch::each(&args.files, "analysing", work, |_, text| output::line(&text))
}

/// The JSON of a reading; the wave marks only where they are asked for.
fn object(study: &Study, waves: bool) -> Value {
    let mut object = analysis_object(study);
    if let (false, Some(keys)) = (waves, object.as_object_mut()) {
        keys.remove("waves");
    }
    object
}

/// Reads and analyses one file; no review is attached.
pub fn study(file: &Path, source: &Source, reading: &Reading) -> Result<Study> {
    let recording = source.open(file)?;
    let analysis = analysis::analyze(&recording, &reading.settings(), &Unwatched)?;
    Ok(Study {
        file: file.display().to_string(),
        recording: Arc::new(recording),
        analysis: Some(Arc::new(analysis)),
        review: Review::default(),
    })
}

/// The reading in words, for a terminal.
pub fn text(study: &Study) -> String {
    let Some(analysis) = &study.analysis else { return format!("{}\n  not analysed", study.file) };
    let mut rows = vec![study.file.clone()];
    rows.push(format!("  risk level   {} ({})", analysis.risk.level.name(), analysis.risk.level.meaning()));
    rows.extend(analysis.risk.reasons.iter().map(|reason| format!("               {reason}")));
    rows.extend(prediction(analysis));
    let rate = &analysis.measurements.heart_rate_bpm;
    rows.push(match (rate.value(), rate.reason()) {
        (Some(value), _) => format!("  heart rate   {value:.0} /min"),
        (None, reason) => format!("  heart rate   no result: {}", reason.unwrap_or("not measured")),
    });
    rows.push(format!("  quality      {}", analysis.quality.usable));
    rows.extend(analysis.quality.reasons.iter().map(|reason| format!("               {reason}")));
    rows.extend(
        analysis
            .findings
            .iter()
            .map(|finding| format!("  finding      {} [{}; {}]", finding.statement, finding.evidence, finding.source)),
    );
    rows.extend(analysis.segments.iter().map(|segment| {
        let (start_s, end_s) = (segment.span.start_s, segment.span.end_s);
        format!("  segment      {start_s:.2}–{end_s:.2} s  {}", segment.reason)
    }));
    rows.extend(study.recording.notes.iter().map(|note| format!("  note         {}", note.text)));
    rows.join("\n")
}

fn prediction(analysis: &Analysis) -> Vec<String> {
    let prediction = &analysis.prediction;
    if let Some(reason) = &prediction.withheld {
        return vec![format!("  network      no result: {reason}")];
    }
    let word = match prediction.abnormal() {
        Some(true) => "abnormal",
        _ => "normal: abnormal is under its operating point",
    };
    let predicted: Vec<&str> = prediction.predicted.iter().map(|head| head.words()).collect();
    let tail = if predicted.is_empty() { String::new() } else { format!(": {}", predicted.join(", ")) };
    let mut rows = vec![format!("  network      suggests {word}{tail}")];
    rows.extend(prediction.heads.iter().filter(|result| result.head != Head::Qt).map(|result| {
        let mark = if result.positive() { "over" } else { "under" };
        format!(
            "               {:<22} {:.2}  ({mark} its operating point {:.2})",
            result.head.words(),
            result.probability,
            result.operating_point
        )
    }));
    rows
}
