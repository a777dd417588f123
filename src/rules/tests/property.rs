//! Whatever was measured, no rule panics, prints what is no number, or claims what it cannot know.

use proptest::prelude::*;

use super::super::made::Made;
use crate::ecg::{Lead, Sex, Span};
use crate::measure::{
    Beat, BeatClass, BeatWaves, Changing, Deflection, DeltaWave, FlutterWaves, JWave, LeadMeasures, LoneSpike,
    Measured, NoQrs, PShapes, Patterns, Wave, WaveKind,
};

fn mv() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 1 => Just(Some(0.0)), 8 => (-5.0..5.0_f64).prop_map(Some), 1 => (-1e9..1e9_f64).prop_map(Some)]
}

fn deflection() -> impl Strategy<Value = Option<Deflection>> {
    prop::option::of((-4.0..4.0_f64, 0.0..200.0_f64, 0.0..200.0_f64))
        .prop_map(|found| found.map(|(peak_mv, duration_ms, peak_ms)| Deflection { peak_mv, duration_ms, peak_ms }))
}

fn measures(lead: Lead) -> impl Strategy<Value = LeadMeasures> {
    let waves = (deflection(), deflection(), deflection(), deflection(), deflection());
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.1), any::<bool>());
    (waves, flags, prop::collection::vec(mv(), 16)).prop_map(
        move |((q, r, s, r2, s2), (qs, notched, gone, delta), v)| {
            if gone {
                return LeadMeasures::none(lead.clone(), "too noisy");
            }
            LeadMeasures {
                withheld: None,
                p_mv: v[0],
                p_range_mv: v[1].zip(v[2]),
                p_terminal_mvs: v[3],
                q,
                r,
                s,
                r2,
                s2,
                qs,
                notched,
                r_peak_ms: v[4],
                qrs_span_mv: v[5],
                qrs_area_mvs: v[6],
                t_mv: v[7],
                t_range_mv: v[8].zip(v[9]),
                st_j_mv: v[10],
                st_40_mv: v[11],
                st_60_mv: v[12],
                st_80_mv: v[13],
                st_slope_mv_per_s: v[14],
                delta: delta.then_some(DeltaWave { duration_ms: 30.0, height_mv: 0.2 }),
                j_wave: v[15].map(|height_mv| JWave { height_mv, notch: delta }),
                ..LeadMeasures::none(lead.clone(), "")
            }
        },
    )
}

fn value() -> impl Strategy<Value = Measured> {
    prop_oneof![
        1 => Just(Measured::none("too noisy")),
        6 => (-200.0..700.0_f64).prop_map(|value| Measured::new(value, 7)),
        1 => (-1e12..1e12_f64).prop_map(|value| Measured::new(value, 7)),
    ]
}

fn wave(kind: WaveKind) -> impl Strategy<Value = Wave> {
    (-1.0..20.0_f64, 0.0..0.5_f64, 0.0..1.0_f32).prop_map(move |(onset_s, length_s, confidence)| Wave {
        kind,
        onset_s,
        peak_s: onset_s,
        offset_s: onset_s + length_s,
        confidence,
        beat: None,
    })
}

fn class() -> impl Strategy<Value = BeatClass> {
    prop_oneof![
        4 => Just(BeatClass::Normal),
        2 => Just(BeatClass::VentricularEctopic),
        1 => Just(BeatClass::SupraventricularEctopic),
        1 => Just(BeatClass::Paced),
    ]
}

fn beats() -> impl Strategy<Value = Vec<(f64, BeatClass, BeatWaves)>> {
    let waves = (
        prop::option::of(wave(WaveKind::P)),
        prop::option::of(wave(WaveKind::Qrs)),
        prop::option::of(wave(WaveKind::T)),
    );
    let waves = waves.prop_map(|(p, qrs, t)| BeatWaves { p, qrs, t });
    prop::collection::vec((0.0..4.0_f64, class(), waves), 0..40)
}

/// Patterns that need not fit the beats.
fn patterns() -> impl Strategy<Value = Patterns> {
    let span = (-1.0..60.0_f64, 0.0..30.0_f64).prop_map(|(start_s, length_s)| Span::new(start_s, start_s + length_s));
    let no_qrs = (span.clone(), -1e9..1e9_f64, 0_usize..13, 0_usize..13)
        .prop_map(|(span, per_min, leads, of_leads)| NoQrs { span, per_min, leads, of_leads });
    let changing = (0_usize..50, 0_usize..10, 0_usize..9).prop_map(|(first, length, shapes)| Changing {
        first,
        last: first + length,
        shapes,
    });
    let after_s = prop::option::of(0.0..9.0_f64);
    let spike = (0.0..60.0_f64, after_s.clone(), after_s, any::<bool>()).prop_map(
        |(at_s, after_qrs_s, before_qrs_s, paces_atria)| LoneSpike { at_s, after_qrs_s, before_qrs_s, paces_atria },
    );
    let flutter = (span, 0.0..1e4_f64, 0_usize..12).prop_map(|(span, per_min, leads)| FlutterWaves {
        span,
        per_min,
        height_mv: 0.1,
        share: 0.7,
        leads: Lead::STANDARD[..leads].to_vec(),
    });
    let p_shapes = prop::option::of((0_usize..9, 0_usize..40).prop_map(|(shapes, beats)| PShapes { shapes, beats }));
    (
        prop::collection::vec(no_qrs, 0..3),
        prop::collection::vec(changing, 0..3),
        prop::collection::vec(spike, 0..9),
        prop::collection::vec(flutter, 0..3),
        p_shapes,
    )
        .prop_map(|(no_qrs, changing, lone_spikes, flutter, p_shapes)| Patterns {
            no_qrs,
            changing,
            lone_spikes,
            flutter,
            p_shapes,
        })
}

fn any_record() -> impl Strategy<Value = Made> {
    let leads: Vec<_> = Lead::STANDARD.into_iter().chain([Lead::Other("V7".into())]).map(measures).collect();
    let over = prop::collection::vec(value(), 23);
    let lone = prop::collection::vec(wave(WaveKind::P), 0..20);
    let sex = prop_oneof![Just(None), Just(Some(Sex::Female)), Just(Some(Sex::Male))];
    let who = (prop::option::of(0_u16..120), sex, any::<bool>(), any::<bool>());
    let parts = (leads, over, beats(), lone, who, patterns());
    parts.prop_map(|(leads, over, beats, lone, (age, sex, doubt, short), patterns)| {
        let mut made = Made::healthy();
        made.patterns = patterns;
        made.measured.leads = leads;
        let m = &mut made.measured;
        let fields = [
            &mut m.heart_rate_bpm,
            &mut m.rr_ms,
            &mut m.p_ms,
            &mut m.pr_ms,
            &mut m.qrs_ms,
            &mut m.qt_ms,
            &mut m.qtc_fridericia_ms,
            &mut m.axis_p_deg,
            &mut m.axis_qrs_deg,
            &mut m.ptf_v1_mms,
            &mut m.p_share_percent,
            &mut m.pr_sd_ms,
            &mut m.t_alternans_mv,
        ];
        fields.into_iter().zip(over).for_each(|(field, value)| *field = value);
        let mut at_s = 0.0;
        made.beats.clear();
        made.waves.beats.clear();
        for (rr_s, class, waves) in beats {
            at_s += rr_s;
            made.beats.push(Beat { r_s: at_s, class, confidence: 1.0 });
            made.waves.beats.push(waves);
        }
        if short {
            made.waves.beats.truncate(5);
        }
        made.waves.lone_p = lone;
        made.signal.st_doubt = doubt.then(|| "filter unknown".to_owned());
        made.signal.blind = if doubt { vec![Span::new(3.0, 4.0)] } else { Vec::new() };
        (made.age, made.sex) = (age, sex);
        made
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_measurement_breaks_a_rule(made in any_record()) {
        for finding in made.say() {
            let words = format!("{} {}", finding.statement, finding.evidence);
            for bad in ["NaN", "nan", "inf", "diagnosis", "normal heart", "excluded", "ruled out", "confirmed"] {
                // "infarction", "inferior" hold `inf`
                let found = words.split(|c: char| !c.is_alphanumeric() && c != ' ').any(|part| part.split(' ').any(|word| word == bad));
                prop_assert!(!found, "{bad}: {words}");
            }
            prop_assert!(!finding.statement.is_empty() && !finding.evidence.is_empty(), "{finding:?}");
            if let Some(span) = finding.span {
                prop_assert!(span.start_s.is_finite() && span.end_s >= span.start_s, "{finding:?}");
            }
        }
        prop_assert_eq!(made.say(), made.say(), "twice the same");
    }
}
