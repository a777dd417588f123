//! What is written reads back: within one step of the stored integers, with gaps, rates, start, patient and marks.

use einthoven::ecg::{Annotation, Channel, Lead, Patient, Recording, Sex, Trace};
use einthoven::formats::{FORMATS, Format, Hints, open_bytes};
use proptest::prelude::*;

use super::fixtures::{entries, signals};
use super::{Memory, fixtures};

fn writer(name: &str) -> &'static dyn Format {
    *FORMATS.iter().find(|format| format.name() == name).expect("in the list")
}

fn written(format: &str, recording: &Recording) -> Recording {
    let files = writer(format).write(recording, "out").expect("written");
    let (first, bytes) = files[0].clone();
    let sisters = Memory(files.into_iter().collect());
    let read =
        open_bytes(&first, &bytes, &sisters, &Hints::default()).unwrap_or_else(|error| panic!("{format}: {error}"));
    assert_eq!(read.format, format);
    assert!(read.notes.iter().all(|note| !note.text.contains("checksum")), "{:?}", read.notes);
    read
}

/// Compares values; `step` is the size of one stored integer in the unit of the signal.
fn same(is: &[f32], should: &[f32], step: f64, what: &str) {
    assert!(is.len() >= should.len(), "{what}: {} of {} samples", is.len(), should.len());
    for (at, is) in is.iter().enumerate() {
        match should.get(at).filter(|value| value.is_finite()) {
            Some(should) => {
                let (is, should) = (f64::from(*is), f64::from(*should));
                let rounding = should.abs() * 2.0 * f64::from(f32::EPSILON);
                assert!((is - should).abs() <= step + rounding, "{what}: sample {at} is {is}, should be {should}");
            }
            None => assert!(is.is_nan(), "{what}: sample {at} is {is}, should be missing"),
        }
    }
}

fn range(values: &[f32]) -> f64 {
    values.iter().filter(|value| value.is_finite()).fold(0f64, |most, value| most.max(f64::from(value.abs())))
}

#[test]
fn every_committed_recording_survives_wfdb() {
    for entry in entries() {
        let file = entry["file"].as_str().expect("file");
        let recording = einthoven::formats::open(&fixtures().join(file), &Hints::default()).expect(file);
        let read = written("wfdb", &recording);
        let (before, after) = (signals(&recording), signals(&read));
        assert_eq!(before.len(), after.len(), "{file}");
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((before.0, before.1, before.2), (after.0, after.1, after.2), "{file}");
            same(after.3, before.3, (range(before.3) / 13_000.0).max(5e-5), file);
        }
        assert_eq!(read.started_at, recording.started_at, "{file}");
        assert_eq!((read.patient.age_years, read.patient.sex), (recording.patient.age_years, recording.patient.sex));
        assert_eq!(read.annotations.len(), recording.annotations.len(), "{file}");
        for (before, after) in recording.annotations.iter().zip(&read.annotations) {
            assert!((before.time_s - after.time_s).abs() < 1e-6, "{file}: {before:?} {after:?}");
            assert_eq!(before.source, after.source);
        }
    }
}

#[test]
fn rates_starts_and_marks_survive() {
    let mut recording = Recording::new(
        "test",
        vec![
            Trace::new(Lead::I, 500.0, vec![0.001, -2.5, f32::NAN, 1.0]),
            Trace { start_s: 0.004, ..Trace::new(Lead::V1, 250.0, vec![0.25, -0.125]) },
            Trace { derived: true, ..Trace::new(Lead::III, 500.0, vec![9.0; 4]) },
        ],
    );
    recording.channels.push(Channel {
        label: "Art".into(),
        unit: Some("mmHg".into()),
        rate_hz: 125.0,
        start_s: 0.0,
        samples: vec![80.0, 120.5].into(),
    });
    recording.patient = Patient { age_years: Some(7), sex: Some(Sex::Male), ..Patient::default() };
    let mark = |tick: i64, symbol: &str, text: Option<&str>| Annotation {
        time_s: tick as f64 / 1000.0,
        tick,
        lead: None,
        symbol: symbol.into(),
        subtype: -3,
        channel: 2,
        number: 1,
        text: text.map(Into::into),
        source: "qrs".into(),
    };
    recording.annotations = vec![mark(1, "N", None), mark(7, "P onset", Some("x")), mark(9, "+", Some("(AFIB"))];
    let read = written("wfdb", &recording);
    assert_eq!(read.traces.len(), 2, "a computed lead is computed again, not stored");
    assert_eq!((read.traces[0].rate_hz, read.traces[1].rate_hz, read.channels[0].rate_hz), (500.0, 250.0, 125.0));
    same(&read.traces[0].samples_mv, &recording.traces[0].samples_mv, 1e-6, "I");
    same(&read.traces[1].samples_mv, &[f32::NAN, 0.25, -0.125], 1e-6, "V1, padded to its start");
    same(&read.channels[0].samples, &recording.channels[0].samples, 1e-6, "Art");
    let ticks: Vec<(i64, &str, Option<&str>)> =
        read.annotations.iter().map(|mark| (mark.tick, &*mark.symbol, mark.text.as_deref())).collect();
    assert_eq!(ticks, [(1, "N", None), (7, "\"", Some("P onset: x")), (9, "+", Some("(AFIB"))]);
    let fields = &read.annotations[0];
    assert_eq!((fields.time_s, fields.subtype, fields.channel, fields.number), (0.001, -3, 2, 1));
    assert_eq!((read.patient.age_years, read.patient.sex), (Some(7), Some(Sex::Male)));
}

#[test]
fn a_table_has_one_rate() {
    let traces = vec![Trace::new(Lead::I, 500.0, vec![0.0; 4]), Trace::new(Lead::V1, 250.0, vec![0.0; 2])];
    let error = writer("csv").write(&Recording::new("test", traces), "out").expect_err("two rates");
    assert!(error.to_string().contains("500 Hz and 250 Hz (V1); write it as wfdb"), "{error}");
}

fn value() -> impl Strategy<Value = f32> {
    prop_oneof![8 => -5.0f32..5.0, 1 => -400.0f32..400.0, 1 => Just(f32::NAN), 1 => Just(0.0)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_recording_reads_back_within_one_step(
        first in proptest::collection::vec(value(), 2..80),
        second in proptest::collection::vec(value(), 2..80),
        offset in -300.0f32..300.0,
        rate in prop_oneof![Just(500.0), Just(360.0), Just(257.5), 50.0f64..2000.0],
        multiple in 1u32..5,
    ) {
        let moved: Vec<f32> = second.iter().map(|value| value + offset).collect();
        let fast = rate * f64::from(multiple);
        let recording = Recording::new("test", vec![
            Trace::new(Lead::V1, rate, first.clone()),
            Trace::new(Lead::V2, fast, moved.clone()),
        ]);
        let read = written("wfdb", &recording);
        prop_assert!((read.traces[0].rate_hz - rate).abs() < 1e-9 * rate);
        prop_assert!((read.traces[1].rate_hz - fast).abs() < 1e-9 * fast);
        same(&read.traces[0].samples_mv, &first, (range(&first) / 13_000.0).max(5e-5), "V1");
        same(&read.traces[1].samples_mv, &moved, (range(&moved) / 13_000.0).max(5e-5), "V2");

        let length = first.len().min(second.len());
        let table = Recording::new("test", vec![
            Trace::new(Lead::V1, rate, first[..length].to_vec()),
            Trace::new(Lead::V2, rate, moved[..length].to_vec()),
        ]);
        let read = written("csv", &table);
        prop_assert!((read.traces[0].rate_hz - rate).abs() <= 1e-9 * rate, "{} {rate}", read.traces[0].rate_hz);
        same(&read.traces[0].samples_mv, &first[..length], 0.0, "V1 in a table");
        same(&read.traces[1].samples_mv, &moved[..length], 0.0, "V2 in a table");
    }
}
