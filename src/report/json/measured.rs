//! What was measured, as JSON: waves lead by lead, values over the recording, values of each lead.
//!
//! Names that differ in one word only stand together: `qtc_fridericia_ms` is `qtc_ms.fridericia`, `axis_p_deg` is `axis_deg.p`. In `reasons` and
//! `rests_on` such a value has the path with the dot as its key.

use serde_json::{Map, Value, json};

use super::number::number;
use crate::analysis::{Deflection, LeadMeasures, Measured, Measurements, Wave, Waves};

/// Lead to its waves, by time; of two leads of one name the first.
pub(super) fn waves(waves: &Waves) -> Value {
    let one = |wave: &Wave| {
        json!({
            "wave": wave.kind.name(),
            "onset_s": number(wave.onset_s, 4),
            "peak_s": number(wave.peak_s, 4),
            "offset_s": number(wave.offset_s, 4),
            "confidence": number(wave.confidence.into(), 4),
        })
    };
    let mut leads = Map::new();
    for lead in &waves.leads {
        leads.entry(lead.lead.name()).or_insert_with(|| lead.waves.iter().map(one).collect());
    }
    Value::Object(leads)
}

/// Group and name of a value: `("qtc_ms", "bazett")`; no group where it stands alone.
fn place(key: &str) -> Option<(String, &str)> {
    [("qtc_", "_ms"), ("axis_", "_deg")].into_iter().find_map(|(before, after)| {
        let name = key.strip_prefix(before)?.strip_suffix(after)?;
        Some((format!("{}{after}", before.trim_end_matches('_')), name))
    })
}

/// Amplitudes have three digits after the point, areas four, all else one.
fn digits(key: &str) -> i32 {
    match key.rsplit('_').next() {
        Some("mv") => 3,
        Some("mvs") => 4,
        Some("mms") => 2,
        _ => 1,
    }
}

/// Every value over the record, null with its reason where there is none, and the leads.
pub(super) fn measurements(values: &Measurements) -> Value {
    let (mut object, mut reasons, mut counts) = (Map::new(), Map::new(), Map::new());
    for named in values.named() {
        let place = place(named.key);
        let path = place.as_ref().map_or(named.key.to_owned(), |(group, name)| format!("{group}.{name}"));
        let value = match named.value {
            Measured::Value { value, beats } => {
                counts.insert(path, json!(beats));
                number(*value, digits(named.key))
            }
            Measured::NoResult { reason } => {
                reasons.insert(path, json!(&**reason));
                Value::Null
            }
        };
        match place {
            Some((group, name)) => {
                let group = object.entry(group).or_insert_with(|| json!({}));
                group[name] = value;
            }
            None => {
                object.insert(named.key.to_owned(), value);
            }
        }
    }
    let mut leads = Map::new();
    for measures in &values.leads {
        leads.entry(measures.lead.name()).or_insert_with(|| lead(measures));
    }
    object.insert("leads".to_owned(), Value::Object(leads));
    object.insert("rests_on".to_owned(), Value::Object(counts));
    object.insert("reasons".to_owned(), Value::Object(reasons));
    Value::Object(object)
}

/// A lead's values; null = no such wave, or nothing measured (then `withheld` says why).
fn lead(measures: &LeadMeasures) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Option<f64>| {
        object.insert(key.to_owned(), value.map_or(Value::Null, |value| number(value, digits(key))));
    };
    let deflections: [(&str, Option<Deflection>); 5] =
        [("q", measures.q), ("r", measures.r), ("s", measures.s), ("r2", measures.r2), ("s2", measures.s2)];
    for (name, deflection) in deflections {
        put(&format!("{name}_mv"), deflection.map(|wave| wave.peak_mv));
        put(&format!("{name}_ms"), deflection.map(|wave| wave.duration_ms));
    }
    put("p_mv", measures.p_mv);
    put("p_min_mv", measures.p_range_mv.map(|(high_mv, low_mv)| high_mv.min(low_mv)));
    put("p_max_mv", measures.p_range_mv.map(|(high_mv, low_mv)| high_mv.max(low_mv)));
    put("p_terminal_mvs", measures.p_terminal_mvs);
    put("r_peak_ms", measures.r_peak_ms);
    put("qrs_span_mv", measures.qrs_span_mv);
    put("qrs_area_mvs", measures.qrs_area_mvs);
    put("t_mv", measures.t_mv);
    put("t_min_mv", measures.t_range_mv.map(|(high_mv, low_mv)| high_mv.min(low_mv)));
    put("t_max_mv", measures.t_range_mv.map(|(high_mv, low_mv)| high_mv.max(low_mv)));
    put("st_j_mv", measures.st_j_mv);
    put("st_40_mv", measures.st_40_mv);
    put("st_60_mv", measures.st_60_mv);
    put("st_80_mv", measures.st_80_mv);
    put("st_slope_mv_per_s", measures.st_slope_mv_per_s);
    put("delta_ms", measures.delta.map(|wave| wave.duration_ms));
    put("delta_mv", measures.delta.map(|wave| wave.height_mv));
    put("j_wave_mv", measures.j_wave.map(|wave| wave.height_mv));
    let measured = measures.measured();
    object.insert("qs".to_owned(), if measured { json!(measures.qs) } else { Value::Null });
    object.insert("notched".to_owned(), if measured { json!(measures.notched) } else { Value::Null });
    object.insert("withheld".to_owned(), json!(measures.withheld.as_deref()));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{LeadWaves, WaveKind};
    use crate::ecg::Lead;

    #[test]
    fn values_that_differ_in_one_word_stand_together() {
        assert_eq!(place("qtc_bazett_ms"), Some(("qtc_ms".into(), "bazett")));
        assert_eq!(place("axis_qrs_deg"), Some(("axis_deg".into(), "qrs")));
        assert_eq!((place("qt_ms"), place("qrs_t_angle_deg")), (None, None));
        let mut values = Measurements::none("no P");
        values.qtc_hodges_ms = Measured::new(412.34, 7);
        values.t_alternans_mv = Measured::new(0.0304, 8);
        let object = measurements(&values);
        assert_eq!(
            object["qtc_ms"],
            json!({ "bazett": null, "fridericia": null, "framingham": null, "hodges": 412.3 })
        );
        assert_eq!(object["t_alternans_mv"], 0.03);
        assert_eq!(object["rests_on"], json!({ "qtc_ms.hodges": 7, "t_alternans_mv": 8 }));
        assert_eq!(
            (&object["reasons"]["axis_deg.p"], &object["reasons"]["qtc_ms.hodges"]),
            (&json!("no P"), &Value::Null)
        );
    }

    #[test]
    fn a_lead_without_result_says_why() {
        let mut values = Measurements::none("");
        values.leads.push(LeadMeasures::none(Lead::V1, "unusable"));
        values.leads.push(LeadMeasures {
            s: Some(Deflection { peak_mv: -1.2344, duration_ms: 40.0, peak_ms: 60.0 }),
            p_range_mv: Some((0.1, -0.05)),
            qrs_span_mv: Some(1.5),
            withheld: None,
            ..LeadMeasures::none(Lead::V2, "")
        });
        let leads = &measurements(&values)["leads"];
        assert_eq!((&leads["V1"]["withheld"], &leads["V1"]["qs"]), (&json!("unusable"), &Value::Null));
        assert_eq!((&leads["V2"]["s_mv"], &leads["V2"]["s_ms"]), (&json!(-1.234), &json!(40.0)));
        assert_eq!((&leads["V2"]["p_min_mv"], &leads["V2"]["r_mv"]), (&json!(-0.05), &Value::Null));
        assert_eq!((&leads["V2"]["qs"], &leads["V2"]["withheld"]), (&json!(false), &Value::Null));
    }

    #[test]
    fn waves_stand_under_their_lead() {
        let wave = Wave {
            kind: WaveKind::Qrs,
            onset_s: 1.0,
            peak_s: 1.04,
            offset_s: 1.090_04,
            confidence: 0.5,
            beat: Some(0),
        };
        let of = |lead| LeadWaves { lead, waves: vec![wave] };
        let object = waves(&Waves { leads: vec![of(Lead::II), of(Lead::V1)], ..Waves::default() });
        assert_eq!(object["II"][0]["offset_s"], 1.09);
        assert_eq!((&object["V1"][0]["wave"], &object["V1"][0]["confidence"]), (&json!("QRS"), &json!(0.5)));
    }
}
