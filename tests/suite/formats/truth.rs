//! Every sample file against what an independent reader (wfdb-python, pydicom, …) found in it, to 1 µV; damaged files as expected.

use std::path::Path;

use einthoven::ecg::Recording;
use einthoven::formats::{self, Hints};
use serde_json::Value;

use super::shared;

/// Formats of `truth.json` that are read.
const READ: [&str; 3] = ["wfdb", "dicom", "csv"];

/// What the person with the file would have to tell, by file.
fn hints(file: &str) -> Hints {
    match file {
        "csv/headerless_uv.txt" => Hints { rate_hz: Some(500.0), mv_per_unit: Some(1e-3) },
        "csv/invalid/ragged.csv" => Hints { rate_hz: None, mv_per_unit: Some(1.0) },
        _ => Hints::default(),
    }
}

struct Seen<'a> {
    label: &'a str,
    unit: Option<&'a str>,
    rate_hz: f64,
    values: &'a [f32],
}

/// Stored signals; derived leads are ours and not in the truth.
fn seen(recording: &Recording) -> Vec<Seen<'_>> {
    let traces = recording.traces.iter().filter(|trace| !trace.derived).map(|trace| Seen {
        label: &trace.label,
        unit: Some("mV"),
        rate_hz: trace.rate_hz,
        values: &trace.samples_mv,
    });
    let channels = recording.channels.iter().map(|channel| Seen {
        label: &channel.label,
        unit: channel.unit.as_deref(),
        rate_hz: channel.rate_hz,
        values: &channel.samples,
    });
    traces.chain(channels).collect()
}

/// A number for all leads or one for each.
fn of(value: &Value, index: usize) -> Option<f64> {
    if value.is_array() { value.get(index)?.as_f64() } else { value.as_f64() }
}

fn compare(entry: &Value, recording: &Recording) -> Result<(), String> {
    let seen = seen(recording);
    let leads = entry["leads"].as_array().ok_or("no leads in the truth")?;
    if leads.len() != seen.len() {
        return Err(format!("{} leads instead of {}", seen.len(), leads.len()));
    }
    let tolerance_mv = entry["tol_uv"].as_f64().unwrap_or(1.0) * 1e-3;
    for (index, lead) in leads.iter().filter_map(Value::as_str).enumerate() {
        let found = seen
            .iter()
            .find(|signal| einthoven::ecg::Lead::parse(signal.label) == einthoven::ecg::Lead::parse(lead))
            .ok_or_else(|| format!("lead {lead} is not there"))?;
        let bad = |what: &str, is: f64, should: f64| Err(format!("{lead}: {what} is {is}, should be {should}"));
        if found.unit != entry["units"][index].as_str() {
            return Err(format!("{lead}: unit {:?} instead of {}", found.unit, entry["units"][index]));
        }
        let should = of(&entry["sample_rate_hz"], index).ok_or("no rate in the truth")?;
        if (found.rate_hz - should).abs() > 1e-9 * should {
            return bad("rate", found.rate_hz, should);
        }
        let should = of(&entry["n_samples"], index).ok_or("no length in the truth")?;
        if found.values.len() as f64 != should {
            return bad("length", found.values.len() as f64, should);
        }
        let present = || found.values.iter().filter(|value| value.is_finite()).map(|value| f64::from(*value));
        let should = of(&entry["n_valid"], index).ok_or("no count in the truth")?;
        if present().count() as f64 != should {
            return bad("number of samples present", present().count() as f64, should);
        }
        // What 24 bits of mantissa may differ by, for the absurdly large values of the format tests.
        let rounding = present().map(f64::abs).sum::<f64>() * f64::from(f32::EPSILON) * 1e3;
        let sum_uv = present().sum::<f64>() * 1e3;
        let should = entry["checksum"][index].as_f64().ok_or("no checksum in the truth")?;
        if (sum_uv - should).abs() > 1.0 + rounding {
            return bad("sum in µV", sum_uv, should);
        }
        let near = |is: f32, should: f64| (f64::from(is) - should).abs() <= tolerance_mv + should.abs() * 1.2e-7;
        let first = entry["first5_mv"][index].as_array().ok_or("no values in the truth")?;
        let firsts = first.iter().enumerate().map(|(at, value)| (at, value.as_f64()));
        let probes = entry["probe"][index].as_array().ok_or("no probes in the truth")?;
        let probes = probes.iter().map(|pair| (pair[0].as_u64().unwrap_or(u64::MAX) as usize, pair[1].as_f64()));
        for (at, should) in firsts.chain(probes) {
            let is = *found.values.get(at).ok_or_else(|| format!("{lead}: no sample {at}"))?;
            match should {
                None if is.is_nan() => {}
                Some(should) if near(is, should) => {}
                _ => return Err(format!("{lead}: sample {at} is {is}, should be {should:?}")),
            }
        }
    }
    if let Some(start) = entry["start"].as_str() {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let found = recording.started_at.map(|at| digits(&at.to_string())).unwrap_or_default();
        let (is, should) = (found.trim_end_matches('0'), digits(start));
        if is != should.trim_end_matches('0') {
            return Err(format!("start {is:?} instead of {should:?}"));
        }
    }
    marks_agree(entry, recording)
}

fn marks_agree(entry: &Value, recording: &Recording) -> Result<(), String> {
    let Some(files) = entry["annotations"].as_array() else { return Ok(()) };
    for file in files {
        let source = file["annotator"].as_str().unwrap_or_default();
        let marks: Vec<_> = recording.annotations.iter().filter(|mark| &*mark.source == source).collect();
        if Some(marks.len() as u64) != file["n"].as_u64() {
            return Err(format!("{} marks in {source}, should be {}", marks.len(), file["n"]));
        }
        for (index, should) in file["first5"].as_array().into_iter().flatten().enumerate() {
            if Some(marks[index].tick) != should[0].as_i64() || Some(&*marks[index].symbol) != should[1].as_str() {
                return Err(format!("{source}: mark {index} is {:?}, should be {should}", marks[index]));
            }
        }
        for (symbol, count) in file["counts"].as_object().into_iter().flatten() {
            let is = marks.iter().filter(|mark| *mark.symbol == **symbol).count() as u64;
            if Some(is) != count.as_u64() {
                return Err(format!("{source}: {is} marks {symbol}, should be {count}"));
            }
        }
        for text in file["aux"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let text = text.trim_end_matches('\0');
            if !marks.iter().any(|mark| mark.text.as_deref() == Some(text)) {
                return Err(format!("{source}: no mark with the text {text:?}"));
            }
        }
    }
    Ok(())
}

fn judge(folder: &Path, entry: &Value) -> Result<(), String> {
    let file = entry["file"].as_str().unwrap_or_default();
    let opened = formats::open(&folder.join(file), &hints(file));
    match (entry["expect"].as_str(), opened) {
        (None, Ok(recording)) if entry["leads"].is_array() => compare(entry, &recording),
        (None, Ok(_)) => Ok(()),
        (None, Err(error)) => Err(format!("refused: {error}")),
        (Some("refuse"), Err(error)) if error.to_string().contains(file) => Ok(()),
        (Some("refuse"), Err(error)) => Err(format!("the file is not named in: {error}")),
        (Some("refuse"), Ok(_)) => Err("opened, should be refused".into()),
        (Some("warn"), Ok(recording)) if recording.notes.is_empty() => Err("opened without a note".into()),
        (Some("warn"), _) | (Some("ok"), Ok(_)) => Ok(()),
        (Some(_), Err(error)) => Err(format!("should open: {error}")),
        (Some(other), Ok(_)) => Err(format!("unknown expectation {other}")),
    }
}

#[test]
fn every_sample_file_agrees_with_an_independent_reader() {
    let Some(folder) = shared("formats") else { return };
    let text = std::fs::read(folder.join("truth.json")).expect("truth.json");
    let entries: Vec<Value> = serde_json::from_slice(&text).expect("truth.json is JSON");
    let read: Vec<&Value> = entries
        .iter()
        .filter(|entry| {
            let file = entry["file"].as_str().unwrap_or_default();
            READ.contains(&entry["format"].as_str().unwrap_or_default()) && !file.contains("ann_only")
                || file == "mat/E00009.hea"
        })
        .collect();
    assert!(read.len() > 20, "only {} entries", read.len());
    let wrong: Vec<String> = read
        .iter()
        .filter_map(|entry| judge(&folder, entry).err().map(|why| format!("{}: {why}", entry["file"])))
        .collect();
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), read.len(), wrong.join("\n"));
}
