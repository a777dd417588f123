//! `ecg analyze`: the whole reading of each file, as text or as one JSON object a line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::source::{Reading, Source};
use super::{Tally, batch, output};
use crate::analysis::{self, Analysis, Measured, Measurements, Unwatched};
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
    if !waves {
        object["waves"] = json!({});
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
    rows.extend(intervals(&analysis.measurements));
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

/// PR, QRS, QT with QTc, and the axis, each where it was measured.
fn intervals(values: &Measurements) -> Vec<String> {
    let ms = |value: &Measured| value.value().map(|value| format!("{value:.0} ms"));
    let qt = ms(&values.qt_ms).map(|qt| match ms(&values.qtc_fridericia_ms) {
        Some(corrected) => format!("{qt}, QTc {corrected} (Fridericia)"),
        None => qt,
    });
    let axis = values.axis_qrs_deg.value().map(|value| format!("{:.0}° (QRS)", value.round() + 0.0));
    let rows = [("PR", ms(&values.pr_ms)), ("QRS", ms(&values.qrs_ms)), ("QT", qt), ("axis", axis)];
    rows.into_iter().filter_map(|(name, value)| Some(format!("  {name:<12} {}", value?))).collect()
}

fn prediction(analysis: &Analysis) -> Vec<String> {
    let prediction = &analysis.prediction;
    if let Some(reason) = &prediction.withheld {
        return vec![format!("  network      no result: {reason}")];
    }
    let word = match prediction.abnormal() {
        Some(true) => "abnormal",
        _ => "normal (abnormal is under its operating point)",
    };
    let predicted: Vec<&str> = prediction.predicted.iter().map(|head| head.words()).collect();
    let tail = if predicted.is_empty() { String::new() } else { format!(": {}", predicted.join(", ")) };
    let mut rows = vec![format!("  network      suggests {word}{tail}")];
    rows.extend(prediction.heads.iter().map(|result| {
        let mark = if result.positive() { "over" } else { "under" };
        format!(
            "               {:<22} {:.2}  ({mark} its operating point {:.2})",
            result.words(),
            result.probability,
            result.operating_point
        )
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_measured_has_a_line() {
        let mut values = Measurements::none("no P");
        assert!(intervals(&values).is_empty());
        values.qt_ms = Measured::new(391.6, 8);
        values.axis_qrs_deg = Measured::new(-0.2, 8);
        assert_eq!(intervals(&values), ["  QT           392 ms", "  axis         0° (QRS)"]);
        values.qtc_fridericia_ms = Measured::new(410.2, 8);
        values.pr_ms = Measured::new(160.0, 8);
        assert_eq!(
            intervals(&values)[..2],
            ["  PR           160 ms", "  QT           392 ms, QTc 410 ms (Fridericia)"]
        );
    }
}
