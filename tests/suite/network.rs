//! The released network as a caller meets it: the embedded weights, a fixed input, what a window may lack, and records
//! that it was not trained on.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::shared;
use einthoven::formats::{Hints, open};
use einthoven::network::figures::auroc;
use einthoven::network::{FRAMES, HEADS, Head, LEADS, Network, Window};

fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/foundational-ecgnet-v1")
}

/// Twelve leads of a made-up rhythm, each with its own size: 500 Hz, `count` samples.
fn leads_mv(count: usize) -> Vec<Vec<f32>> {
    let beat = |t: f64, at: f64, width: f64| (-((t - at) / width).powi(2)).exp();
    let wave = |t: f64| {
        let t = t.rem_euclid(0.8);
        0.12 * beat(t, 0.15, 0.02) - 0.1 * beat(t, 0.27, 0.01) + beat(t, 0.3, 0.012) + 0.25 * beat(t, 0.55, 0.05)
    };
    let size = |lead: usize| 1.2 - 0.17 * lead as f64;
    (0..LEADS).map(|lead| (0..count).map(|i| (size(lead) * wave(i as f64 / 500.0)) as f32).collect()).collect()
}

fn window(leads: &[Vec<f32>]) -> Window {
    Window::prepare(std::array::from_fn(|lead| leads.get(lead).map(|samples| &samples[..])), 500.0).expect("a window")
}

#[test]
fn the_embedded_network_is_the_one_in_the_folder() {
    let (embedded, loaded) = (Network::embedded().expect("weights"), Network::load(&model()).expect("a model"));
    assert_eq!((embedded.id(), embedded.sha256()), (loaded.id(), loaded.sha256()));
    assert_eq!(embedded.id(), "foundational-ecgnet-v1");
    for head in Head::ALL {
        let point = embedded.operating_point(head);
        assert!(point.display > 0.0 && point.display < 1.0);
        assert_eq!(point.high_certainty.is_some(), [Head::Infarction, Head::Arrhythmia].contains(&head));
    }
}

/// Logits of the made-up rhythm with the released weights; a change here is a change of the network or of its input.
const GOLDEN: [f32; HEADS] = [2.98762, -3.254412, -0.88293654, 1.3388745, -1.6357281, -2.3555198, 1.1545724];

#[test]
fn a_fixed_input_gives_fixed_logits() {
    let reading = Network::embedded().expect("weights").read(&window(&leads_mv(5000))).expect("a reading");
    for (logit, golden) in reading.logits.iter().zip(GOLDEN) {
        assert!((logit - golden).abs() < 1e-4, "{:?} are not {GOLDEN:?}", reading.logits);
    }
}

#[test]
fn a_reading_is_whole_and_repeats() {
    let network = Network::embedded().expect("weights");
    let window = window(&leads_mv(5000));
    let reading = network.read(&window).expect("a reading");
    assert_eq!(reading, network.read(&window).expect("a reading"));
    assert!(reading.probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
    assert!(reading.probabilities.iter().all(|p| *p <= reading.probabilities[Head::Abnormal.index()]));
    for head in Head::ALL {
        let map = reading.attention.map(head);
        assert!(map.iter().flatten().all(|v| v.is_finite() && *v >= 0.0));
        assert!(map.iter().flatten().sum::<f32>() > 0.0);
    }
    assert_ne!(reading.attention.map(Head::Infarction), reading.attention.map(Head::Arrhythmia));
}

#[test]
fn missing_leads_and_a_short_stretch_are_read_and_have_no_heat() {
    let network = Network::embedded().expect("weights");
    let leads = leads_mv(2500);
    let reading = network.read(&window(&leads[..6])).expect("a reading");
    let map = reading.attention.map(Head::Abnormal);
    assert!(map[..6].iter().all(|lane| lane[..60].iter().any(|v| *v > 0.0)));
    assert!(map[6..].iter().flatten().all(|v| *v == 0.0));
    assert!(map.iter().all(|lane| lane[FRAMES / 2 + 1..].iter().all(|v| *v == 0.0)));
}

/// A record that the network was not trained on.
struct HeldOut {
    id: String,
    /// Path without ending.
    stem: PathBuf,
    labels: [f32; HEADS],
}

/// The first records of fold 8 of the shared data; none where the data is absent.
fn held_out(most: usize) -> Vec<HeldOut> {
    let Some(folder) = shared::folder("ptbxl") else { return Vec::new() };
    let table = |name: &str| csv::Reader::from_path(folder.join(name)).expect("a table");
    let (mut conditions, mut database) = (table("conditions.csv"), table("ptbxl_database.csv"));
    let column = |headers: &csv::StringRecord, name: &str| headers.iter().position(|h| h == name).expect("a column");
    let headers = database.headers().expect("headers").clone();
    let (id, file) = (column(&headers, "ecg_id"), column(&headers, "filename_hr"));
    let files: std::collections::HashMap<String, PathBuf> =
        database.records().flatten().map(|row| (row[id].to_owned(), folder.join(&row[file]))).collect();
    let headers = conditions.headers().expect("headers").clone();
    let (id, fold) = (column(&headers, "ecg_id"), column(&headers, "strat_fold"));
    let heads = Head::ALL.map(|head| column(&headers, head.key()));
    let rows = conditions.records().flatten().filter(|row| &row[fold] == "8").take(most);
    let labels = |row: &csv::StringRecord| heads.map(|head| if &row[head] == "1" { 1.0 } else { 0.0 });
    rows.map(|row| HeldOut { id: row[id].to_owned(), stem: files[&row[id]].clone(), labels: labels(&row) }).collect()
}

#[test]
fn records_it_was_not_trained_on_are_told_apart() {
    let network = Network::embedded().expect("weights");
    let records = held_out(80);
    if records.is_empty() {
        return;
    }
    let (mut labels, mut scores) = (Vec::new(), Vec::new());
    for HeldOut { stem, labels: truth, .. } in &records {
        let recording = open(&stem.with_extension("hea"), &Hints::default()).expect("a recording");
        let leads = recording.standard().map(|trace| trace.map(|trace| &trace.samples_mv[..]));
        let reading = network.read(&Window::prepare(leads, 500.0).expect("a window")).expect("a reading");
        labels.push(truth[Head::Abnormal.index()] > 0.5);
        scores.push(f64::from(reading.probabilities[Head::Abnormal.index()]));
    }
    // 0.92 on the whole fold; 80 records have a standard error of about 0.03
    let value = auroc(&labels, &scores).expect("both kinds");
    assert!(value > 0.83, "AUROC of abnormal {value}");
}

#[test]
fn evaluate_reads_a_folder_without_folds() {
    let records = held_out(24);
    if records.is_empty() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut conditions = String::from("ecg_id,patient_id,abnormal,arrhythmia,conduction,mi,qt,hypertrophy,other\n");
    let mut database = String::from("ecg_id,filename_hr\n");
    for HeldOut { id, stem, labels } in &records {
        let labels: Vec<String> = labels.iter().map(|label| format!("{label:.0}")).collect();
        conditions += &format!("{id},p{id},{}\n", labels.join(","));
        database += &format!("{id},{}\n", stem.display());
    }
    std::fs::write(folder.path().join("conditions.csv"), conditions).expect("written");
    std::fs::write(folder.path().join("ptbxl_database.csv"), database).expect("written");
    let run = |arguments: &[&str]| {
        let data = folder.path().display().to_string();
        let command =
            Command::new(env!("CARGO_BIN_EXE_ecg")).args(["evaluate", "--data", &data]).args(arguments).output();
        let output = command.expect("ecg runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), output.stderr)
    };
    let (code, text, errors) = run(&[]);
    assert_eq!(code, Some(0), "{}", String::from_utf8_lossy(&errors));
    assert!(text.contains("all records") && text.contains("24 records of 24 patients"), "{text}");
    assert!(text.contains("| abnormal |") && text.contains("mean of five"), "{text}");
    let (code, _, errors) = run(&["--fold", "9"]);
    assert_eq!(code, Some(1));
    assert!(String::from_utf8_lossy(&errors).contains("no record of this fold"));
}
