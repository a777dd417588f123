//! The command line as a user meets it: exit codes, the JSON's shape, bad input in a batch, files that are never overwritten.

use std::fs;

use serde_json::Value;

use crate::shared;
use crate::support::{ecg, project, stderr, stdout};

fn sample() -> String {
    project("assets/sample/sample.hea").display().to_string()
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect()
}

#[test]
fn info_prints_the_promised_keys() {
    let output = ecg(&["info", "--json", &sample()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let object = &json_lines(&stdout(&output))[0]["recording"];
    for key in ["format", "leads", "sample_rate_hz", "duration_s", "started_at", "patient", "warnings"] {
        assert!(object.get(key).is_some(), "{key} is missing in {object}");
    }
    assert_eq!(object["leads"].as_array().map(Vec::len), Some(12));
}

#[test]
fn analyze_keeps_its_promise() {
    let output = ecg(&["analyze", "--json", "--waves", &sample()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let object = &json_lines(&stdout(&output))[0];
    for key in [
        "schema",
        "file",
        "recording",
        "quality",
        "beats",
        "waves",
        "measurements",
        "prediction",
        "segments",
        "findings",
        "risk",
        "provenance",
    ] {
        assert!(object.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(object["file"], sample());
    let beats = object["beats"].as_array().expect("beats");
    assert!(beats.len() > 5 && beats[0]["r_s"].is_f64() && beats[0]["class"].is_string());
    for key in ["model", "abnormal", "conditions", "predicted", "withheld"] {
        assert!(object["prediction"].get(key).is_some(), "prediction.{key} is missing");
    }
    let level = object["risk"]["level"].as_str().expect("level");
    assert!(["Low", "Moderate", "High", "Critical", "Indeterminate"].contains(&level));
    assert!(!object["risk"]["reasons"].as_array().expect("reasons").is_empty());
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let (a, b) = (ecg(&["analyze", "--json", &sample()]), ecg(&["analyze", "--json", &sample(), &sample()]));
    let (a, b) = (stdout(&a), stdout(&b));
    assert_eq!(b, format!("{a}{a}"));
}

#[test]
fn a_bad_file_is_reported_and_the_batch_goes_on() {
    let folder = tempfile::tempdir().expect("folder");
    let bad = folder.path().join("empty.hea");
    fs::write(&bad, b"").expect("written");
    let bad = bad.display().to_string();
    let some = ecg(&["analyze", "--json", &bad, &sample()]);
    assert_eq!(some.status.code(), Some(2));
    assert_eq!(json_lines(&stdout(&some)).len(), 1);
    assert!(stderr(&some).contains("empty.hea"), "{}", stderr(&some));
    let none = ecg(&["analyze", &bad]);
    assert_eq!(none.status.code(), Some(1));
    assert!(stdout(&none).is_empty());
    assert_eq!(ecg(&["analyze"]).status.code(), Some(1), "usage");
    assert_eq!(ecg(&["info", "no/such/file.hea"]).status.code(), Some(1));
}

#[test]
fn without_a_model_the_rules_alone_decide() {
    let output = ecg(&["analyze", "--json", "--no-model", &sample()]);
    let object = &json_lines(&stdout(&output))[0];
    assert!(object["prediction"]["withheld"].is_string() && object["prediction"]["abnormal"].is_null());
    // the reader switched it off: that is no doubt, and no word of the network is among the reasons
    assert_ne!(object["risk"]["level"], "Indeterminate");
    let reasons = object["risk"]["reasons"].as_array().expect("reasons");
    assert!(!reasons.is_empty() && reasons.iter().all(|reason| !reason.to_string().contains("network")), "{reasons:?}");
    assert!(!object["findings"].as_array().expect("findings").is_empty());
    assert!(!object["beats"].as_array().expect("beats").is_empty());
}

#[test]
fn a_recording_converts_there_and_back() {
    let folder = tempfile::tempdir().expect("folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let first = ecg(&["convert", &sample(), "-o", &path("a.csv")]);
    assert!(first.status.success(), "{}", stderr(&first));
    let second = ecg(&["convert", &path("a.csv"), "-o", &path("b.hea")]);
    assert!(second.status.success(), "{}", stderr(&second));
    let read = |file: &str| json_lines(&stdout(&ecg(&["info", "--json", file])))[0]["recording"].clone();
    let (a, b) = (read(&sample()), read(&path("b.hea")));
    assert_eq!((&a["leads"], &a["duration_s"]), (&b["leads"], &b["duration_s"]));
}

#[test]
fn the_recording_is_never_written_over() {
    let folder = tempfile::tempdir().expect("folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert!(ecg(&["convert", &sample(), "-o", &path("a.hea")]).status.success());
    let before = fs::read(path("a.hea")).expect("there");
    for command in ["convert", "denoise"] {
        let output = ecg(&[command, &path("a.hea"), "-o", &path("a.hea")]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(stderr(&output).contains("over the recording"), "{}", stderr(&output));
    }
    let report = ecg(&["report", &path("a.hea"), "-o", &path("a.hea")]);
    assert_ne!(report.status.code(), Some(0));
    assert_eq!(fs::read(path("a.hea")).expect("there"), before);
}

#[test]
fn denoise_and_report_write_what_they_say() {
    let folder = tempfile::tempdir().expect("folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let denoised = ecg(&["denoise", &sample(), "-o", &path("clean.hea")]);
    assert!(denoised.status.success(), "{}", stderr(&denoised));
    assert!(stderr(&denoised).contains("denoised: "));
    let report = ecg(&["report", &sample(), "-o", &path("r.pdf")]);
    assert!(report.status.success(), "{}", stderr(&report));
    assert!(fs::read(path("r.pdf")).expect("written").starts_with(b"%PDF-"));
}

#[test]
fn the_shared_records_are_read_in_one_go() {
    let Some(folder) = shared::folder("ptbxl/plain/records500") else { return };
    let mut files: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).expect("listed").flatten() {
        let inside = fs::read_dir(entry.path()).expect("listed").flatten();
        files.extend(
            inside
                .map(|e| e.path())
                .filter(|p| p.extension().is_some_and(|e| e == "hea"))
                .map(|p| p.display().to_string()),
        );
    }
    files.sort();
    let args: Vec<&str> = ["analyze", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let output = ecg(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let lines = json_lines(&stdout(&output));
    assert_eq!(lines.len(), files.len());
    assert!(lines.iter().zip(&files).all(|(line, file)| line["file"] == *file.as_str()));
    assert!(lines.iter().all(|line| line["recording"]["leads"].as_array().map(Vec::len) == Some(12)));
}

#[test]
fn a_file_that_does_not_state_its_rate_asks_for_the_flag() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a.csv");
    let rows: String = (0..2500).map(|i| format!("{},{}\n", (i % 7) as f64 * 0.01, (i % 5) as f64 * 0.01)).collect();
    fs::write(&path, format!("I,II\n{rows}")).expect("written");
    let path = path.display().to_string();
    let asked = ecg(&["info", &path]);
    assert_eq!(asked.status.code(), Some(1));
    let words = stderr(&asked);
    assert!(words.contains("rate") && words.contains("unit"), "{words}");
    let told = ecg(&["info", "--json", "--rate", "250", "--unit", "mV", &path]);
    assert!(told.status.success(), "{}", stderr(&told));
    assert_eq!(json_lines(&stdout(&told))[0]["recording"]["duration_s"], 10.0);
}
