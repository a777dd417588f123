//! The JSON keeps its promise: the shape of the schema, no NaN, the same bytes each time.

use einthoven::analysis::{Measurements, Prediction, WindowReading};
use einthoven::ecg::{Lead, Span};
use einthoven::report::{SCHEMA_TEXT, analysis_object, recording_object};
use serde_json::Value;

use crate::study;

/// What of a value breaks a schema: the part of JSON Schema that ours uses.
fn breaches(schema: &Value, value: &Value, place: &str, out: &mut Vec<String>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = |wanted: &Value| wanted == kind || (wanted == "number" && kind == "integer");
    match schema.get("type") {
        Some(Value::Array(kinds)) if !kinds.iter().any(fits) => out.push(format!("{place}: {kind}, not {kinds:?}")),
        Some(wanted @ Value::String(_)) if !fits(wanted) => out.push(format!("{place}: {kind}, not {wanted}")),
        _ => {}
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        out.push(format!("{place}: not the constant"));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|allowed| !allowed.contains(value)) {
        out.push(format!("{place}: {value} is not among the allowed"));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (number, value) in values.iter().enumerate() {
            breaches(items, value, &format!("{place}[{number}]"), out);
        }
    }
    let Some(object) = value.as_object() else { return };
    for key in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(key) {
            out.push(format!("{place}: {key} is missing"));
        }
    }
    for (key, value) in object {
        match (schema.get("properties").and_then(|properties| properties.get(key)), schema.get("additionalProperties"))
        {
            (Some(inner), _) => breaches(inner, value, &format!("{place}.{key}"), out),
            (None, Some(Value::Bool(false))) => out.push(format!("{place}: {key} is not described")),
            (None, Some(inner @ Value::Object(_))) => breaches(inner, value, &format!("{place}.{key}"), out),
            _ => {}
        }
    }
}

fn check(value: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA_TEXT).expect("the schema is JSON");
    let mut out = Vec::new();
    breaches(&schema, value, "$", &mut out);
    out
}

#[test]
fn every_kind_of_study_fits_the_schema() {
    let mut bare = study::full();
    bare.analysis = None;
    let withheld = study::with(study::full(), |analysis| {
        analysis.prediction = Prediction::withheld(None, "the signal is unusable");
        analysis.measurements = Measurements::none("no beats");
    });
    let windows = study::with(study::study_of(study::recording(&Lead::STANDARD, 30.0)), |analysis| {
        let heads = study::prediction().heads;
        analysis.windows = vec![
            WindowReading { span: Span::new(0.0, 10.0), heads, withheld: None },
            WindowReading { span: Span::new(10.0, 20.0), heads: Vec::new(), withheld: Some("flat".to_owned()) },
        ];
    });
    let odd = study::study_of(study::recording(&[Lead::Other("MLII".into())], 2.0));
    for study in [study::full(), study::reviewed(), bare, withheld, windows, odd] {
        let object = analysis_object(&study);
        assert_eq!(check(&object), Vec::<String>::new());
        assert_eq!(object.to_string(), analysis_object(&study).to_string());
    }
}

#[test]
fn the_check_finds_what_is_wrong() {
    let mut object = analysis_object(&study::full());
    object["risk"]["level"] = "Harmless".into();
    object["beats"][0]["r_s"] = "soon".into();
    object.as_object_mut().and_then(|object| object.remove("file"));
    object["surprise"] = 1.into();
    let found = check(&object);
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn the_shape_is_as_promised() {
    let object = analysis_object(&study::reviewed());
    assert_eq!(object["schema"], "einthoven.analysis/1");
    assert_eq!(object["prediction"]["abnormal"], 0.82);
    assert_eq!(object["prediction"]["conditions"]["mi"], 0.08);
    assert_eq!(object["prediction"]["predicted"], serde_json::json!(["arrhythmia"]));
    assert_eq!(object["prediction"]["withheld"], Value::Null);
    assert_eq!(object["measurements"]["heart_rate_bpm"], 70.0);
    assert_eq!(object["measurements"]["pr_ms"], Value::Null);
    assert_eq!(object["measurements"]["reasons"]["pr_ms"], "not measured");
    assert_eq!(object["measurements"]["reasons"]["rr_sd_ms"], "fewer than 12 beats");
    assert_eq!(object["segments"][0]["leads"], serde_json::json!(["II", "V1"]));
    assert_eq!(object["beats"][1]["r_s"], 1.217);
    assert_eq!(object["review"]["decisions"][0]["verdict"], "accepted");
    assert_eq!(object["review"]["reviewer"], "Dr. M. Keller");
    assert!(object.get("windows").is_none());
    let recording = recording_object(&study::recording(&Lead::STANDARD, 10.0));
    assert_eq!(recording["sample_rate_hz"], 500.0);
    assert_eq!(recording["started_at"], "2026-03-14T09:26:53");
    assert_eq!(recording["patient"]["sex"], "female");
}

#[test]
fn a_normal_word_is_a_word_and_nan_never_leaves() {
    let study = study::with(study::full(), |analysis| {
        analysis.prediction.heads[0].probability = 0.2;
        analysis.prediction.predicted.clear();
        analysis.prediction.heads[1].probability = f32::NAN;
        analysis.quality.leads[0].snr_db = Some(f32::INFINITY);
    });
    let object = analysis_object(&study);
    assert_eq!(object["prediction"]["predicted"], serde_json::json!(["normal"]));
    assert_eq!(object["prediction"]["conditions"]["arrhythmia"], Value::Null);
    assert_eq!(object["quality"]["leads"][0]["snr_db"], Value::Null);
    assert_eq!(check(&object), Vec::<String>::new());
}
