//! Every committed file against the numbers it was made from, sample by sample.

use einthoven::ecg::Recording;
use einthoven::formats::{self, Hints};
use serde_json::Value;

use super::fixtures;

/// Label, unit, rate and values of every stored signal.
pub fn signals(recording: &Recording) -> Vec<(&str, Option<&str>, f64, &[f32])> {
    let traces = recording.traces.iter().filter(|trace| !trace.derived);
    let traces = traces.map(|trace| (&*trace.label, Some("mV"), trace.rate_hz, &*trace.samples_mv));
    let channels = recording.channels.iter();
    traces.chain(channels.map(|c| (&*c.label, c.unit.as_deref(), c.rate_hz, &*c.samples))).collect()
}

pub fn entries() -> Vec<Value> {
    let text = std::fs::read(fixtures().join("truth.json")).expect("tests/data/truth.json");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn every_committed_file_gives_the_numbers_it_was_made_from() {
    let entries = entries();
    assert!(entries.len() > 20);
    for entry in &entries {
        let file = entry["file"].as_str().expect("file");
        let recording =
            formats::open(&fixtures().join(file), &Hints::default()).unwrap_or_else(|error| panic!("{file}: {error}"));
        let expected = entry["signals"].as_array().expect("signals");
        let found = signals(&recording);
        assert_eq!(found.len(), expected.len(), "{file}");
        for expected in expected {
            let label = expected["label"].as_str().expect("label");
            let (_, unit, rate_hz, values) =
                *found.iter().find(|(found, ..)| *found == label).unwrap_or_else(|| panic!("{file}: no {label}"));
            assert_eq!(
                (unit, Some(rate_hz)),
                (expected["unit"].as_str(), expected["rate_hz"].as_f64()),
                "{file} {label}"
            );
            let numbers = expected["values"].as_array().expect("values");
            assert_eq!(values.len(), numbers.len(), "{file} {label}");
            for (at, (is, should)) in values.iter().zip(numbers).enumerate() {
                match should.as_f64() {
                    None => assert!(is.is_nan(), "{file} {label}: sample {at} is {is}, should be missing"),
                    Some(should) => assert!(
                        (f64::from(*is) - should).abs() <= 1e-4 + should.abs() * 1e-6,
                        "{file} {label}: sample {at} is {is}, should be {should}"
                    ),
                }
            }
        }
        assert_eq!(recording.started_at.map(|at| at.to_string()).as_deref(), entry["start"].as_str(), "{file}");
        for mark in entry["marks"].as_array().into_iter().flatten() {
            let there = recording.annotations.iter().any(|found| {
                Some(&*found.source) == mark[0].as_str()
                    && Some(found.tick) == mark[1].as_i64()
                    && Some(&*found.symbol) == mark[2].as_str()
                    && found.text.as_deref() == mark[3].as_str()
            });
            assert!(there, "{file}: no mark {mark} in {:?}", recording.annotations);
        }
        let doubts: Vec<&str> = recording.notes.iter().map(|note| note.text.as_str()).collect();
        match entry["note"].as_str() {
            Some(words) => assert!(doubts.iter().any(|doubt| doubt.contains(words)), "{file}: {doubts:?}"),
            None => assert!(
                doubts
                    .iter()
                    .all(|doubt| ["computed from", "not calibrated", "no unit"].iter().any(|w| doubt.contains(w))),
                "{file}: {doubts:?}"
            ),
        }
    }
}

#[test]
fn the_header_of_a_record_says_who_and_marks_know_their_lead() {
    let recording = formats::open(&fixtures().join("wfdb/mixed.hea"), &Hints::default()).expect("mixed");
    assert_eq!(recording.patient.age_years, Some(61));
    assert_eq!(recording.patient.sex, Some(einthoven::ecg::Sex::Female));
    let mark = recording.annotations.iter().find(|mark| &*mark.source == "v5").expect("v5");
    assert_eq!(mark.lead.as_deref(), Some("V5"));
    assert_eq!(mark.time_s, 44.0 / 250.0);
    let recording = formats::open(&fixtures().join("dicom/groups.dcm"), &Hints::default()).expect("groups");
    let patient = &recording.patient;
    assert_eq!((patient.name.as_deref(), patient.id.as_deref()), (Some("Müller, Zoë"), Some("T-1")));
    assert_eq!(patient.birth_date.map(|date| date.to_string()).as_deref(), Some("1961-02-03"));
    assert_eq!(patient.age_years, Some(63));
    assert_eq!(recording.device.as_deref(), Some("Example M1"));
    assert_eq!(recording.filters.as_deref(), Some("high-pass 0.05 Hz, low-pass 150 Hz"));
}
