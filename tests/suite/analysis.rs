//! The whole road on recordings that are good, bad and strange: it always ends, says what it could not do, and never calls the unknown Low.

use einthoven::analysis::{
    Analysis, DenoiseOptions, ModelChoice, RiskLevel, Settings, Unwatched, Usable, Watch, analyze,
};
use einthoven::ecg::{Lead, Recording, Trace};
use proptest::prelude::*;

/// A lead of this rate with a QRS and a T wave each `rr_s`, and a ripple of some µV.
fn beating(lead: Lead, rate_hz: f64, duration_s: f64, rr_s: f64) -> Trace {
    let samples: Vec<f32> = (0..(duration_s * rate_hz) as usize)
        .map(|index| {
            let phase_s = (index as f64 / rate_hz) % rr_s;
            let wave = |centre_s: f64, half_s: f64| (1.0 - ((phase_s - centre_s) / half_s).abs()).max(0.0) as f32;
            wave(0.20, 0.04)
                + 0.25 * wave(0.20 + 0.32 * rr_s.sqrt(), 0.08)
                + 0.012 * ((index * 7919) % 13) as f32 / 13.0
        })
        .collect();
    Trace::new(lead, rate_hz, samples)
}

fn twelve(rate_hz: f64, duration_s: f64, rr_s: f64) -> Recording {
    // so that I + III = II and aVR + aVL + aVF = 0
    let share = [0.6, 1.0, 0.4, -0.8, 0.1, 0.7, -0.5, 0.8, 1.2, 1.5, 1.2, 0.9];
    let scaled = |(lead, share): (Lead, f32)| {
        let whole = beating(lead, rate_hz, duration_s, rr_s);
        Trace { samples_mv: whole.samples_mv.iter().map(|value| share * value).collect(), ..whole }
    };
    Recording::new("test", Lead::STANDARD.into_iter().zip(share).map(scaled).collect())
}

fn run(recording: &Recording, model: ModelChoice) -> Analysis {
    analyze(recording, &Settings { model, ..Settings::default() }, &Unwatched).expect("an analysis, whatever the data")
}

/// Without the denoiser, which has its own tests and takes most of the time.
fn run_plain(recording: &Recording) -> Analysis {
    let denoise = DenoiseOptions { baseline: false, morlet: false, daubechies: false, ..DenoiseOptions::default() };
    analyze(recording, &Settings { denoise, ..Settings::default() }, &Unwatched)
        .expect("an analysis, whatever the data")
}

/// Everything but the samples, as text; it must hold no number that is none.
fn words(analysis: &Analysis) -> String {
    let Analysis {
        quality,
        beats,
        measurements,
        prediction,
        attention,
        windows,
        segments,
        findings,
        risk,
        provenance,
        ..
    } = analysis;
    format!(
        "{quality:?} {beats:?} {measurements:?} {prediction:?} {attention:?} {windows:?} {segments:?} {findings:?} {risk:?} {provenance:?}"
    )
}

fn assert_sound(analysis: &Analysis) {
    let words = words(analysis);
    for number in ["NaN", "inf,", "inf ", "inf)", "inf}"] {
        assert!(!words.contains(number), "{number:?} in {words}");
    }
    assert!(!analysis.risk.reasons.is_empty());
    assert!(analysis.segments.windows(2).all(|pair| pair[0].span.start_s <= pair[1].span.start_s), "by time");
    assert!(analysis.prediction.heads.is_empty() == analysis.prediction.withheld.is_some());
    if analysis.prediction.withheld.is_some() {
        assert_eq!(analysis.risk.level, RiskLevel::Indeterminate, "never Low without a reading");
    }
}

#[test]
fn bad_recordings_get_an_honest_answer() {
    let all = |samples: Vec<f32>| {
        Recording::new("test", Lead::STANDARD.map(|lead| Trace::new(lead, 500.0, samples.clone())).to_vec())
    };
    let noise = |seed: usize| -> Vec<f32> {
        let mut state = seed as u64 * 2 + 1;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / 16_777_216.0 - 0.5
        };
        (0..5000).map(|_| next() + next() + next()).collect()
    };
    let noisy = Recording::new(
        "test",
        Lead::STANDARD.into_iter().enumerate().map(|(seed, lead)| Trace::new(lead, 500.0, noise(seed))).collect(),
    );
    let unusable = [
        ("no lead", Recording::new("test", vec![])),
        ("no sample", all(vec![])),
        ("flat", all(vec![0.0; 5000])),
        ("only gaps", all(vec![f32::NAN; 5000])),
        ("infinite", all(vec![f32::INFINITY; 5000])),
        ("disconnected", all(vec![80.0; 5000])),
        ("noise", noisy),
        ("one sample", all(vec![0.1])),
    ];
    for (name, recording) in unusable {
        let analysis = run(&recording, ModelChoice::Embedded);
        assert_sound(&analysis);
        assert_eq!(analysis.quality.usable, Usable::Unusable, "{name}");
        assert_eq!(analysis.risk.level, RiskLevel::Indeterminate, "{name}");
        assert!(analysis.prediction.withheld.is_some(), "{name}");
        assert_eq!(analysis.measurements.heart_rate_bpm.value(), None, "{name}: {:?}", analysis.measurements);
    }
}

#[test]
fn partial_recordings_are_measured_and_the_network_says_why_it_is_silent() {
    let one = Recording::new("test", vec![beating(Lead::II, 500.0, 10.0, 0.8)]);
    let limb = Recording::new("test", twelve(500.0, 10.0, 0.8).traces[..6].to_vec());
    let slow = twelve(80.0, 10.0, 0.8);
    let strange = Recording::new("test", vec![beating(Lead::Other("MLII".into()), 360.0, 10.0, 0.8)]);
    for (recording, reason) in [(one, "fewer leads"), (limb, "fewer leads"), (slow, "80/s"), (strange, "fewer leads")] {
        let analysis = run(&recording, ModelChoice::Embedded);
        assert_sound(&analysis);
        let rate = analysis.measurements.heart_rate_bpm.value().expect("measured");
        assert!((rate - 75.0).abs() < 1.0, "{rate}");
        let withheld = analysis.prediction.withheld.as_deref().unwrap_or_default();
        assert!(withheld.contains(reason) || withheld.contains("no trained weights"), "{withheld}");
    }
    let brief = run(&twelve(500.0, 1.5, 0.8), ModelChoice::Embedded);
    assert_sound(&brief);
    assert_eq!(brief.measurements.heart_rate_bpm.reason(), Some("2 beats found: 2 RR intervals are needed"));
}

#[test]
fn rates_and_pauses_give_their_level() {
    let off = |recording: &Recording| run(recording, ModelChoice::Off);
    for (rr_s, least) in [
        (2.0, RiskLevel::Critical),
        (1.6, RiskLevel::High),
        (0.8, RiskLevel::Low),
        (0.5, RiskLevel::Moderate),
        (0.37, RiskLevel::High),
        (0.31, RiskLevel::Critical),
    ] {
        let analysis = off(&twelve(500.0, 20.0, rr_s));
        // told once: by the rate alone, or by the rhythm where one is named, which may raise the level of the rate (no P, wide QRS)
        let levels = |keep: &dyn Fn(&str) -> bool| -> Vec<RiskLevel> {
            let all = analysis.findings.iter().filter(|finding| keep(finding.code));
            all.map(|finding| finding.level).filter(|level| *level != RiskLevel::Indeterminate).collect()
        };
        let told = levels(&|code| code.starts_with("rate.") || code.starts_with("rhythm."));
        assert!(told.len() <= 1 && told.first().is_none_or(|level| *level >= least), "RR {rr_s} s: {told:?}");
        assert!(least == RiskLevel::Low || told.len() == 1, "RR {rr_s} s: {:?}", analysis.findings);
        // the network is switched off, which is no doubt; a rule without a result is one
        let highest = levels(&|_| true).into_iter().max().unwrap_or(RiskLevel::Low);
        let doubt = analysis.findings.iter().any(|finding| finding.level == RiskLevel::Indeterminate);
        let at_least = (highest > RiskLevel::Low).then_some(highest);
        let expected = if doubt { (RiskLevel::Indeterminate, at_least) } else { (highest, None) };
        assert_eq!((analysis.risk.level, analysis.risk.at_least), expected, "RR {rr_s} s: {:?}", analysis.findings);
    }
    let mut paused = twelve(500.0, 20.0, 0.8);
    for trace in &mut paused.traces {
        let mut samples = trace.samples_mv.to_vec();
        // beats at 0.2 + 0.8 k: those at 5.8 to 8.2 s are dropped, the ripple stays
        for (index, value) in samples.iter_mut().enumerate().take(4200).skip(2800) {
            *value = 0.012 * ((index * 7919) % 13) as f32 / 13.0;
        }
        trace.samples_mv = samples.into();
    }
    let analysis = off(&paused);
    let pause = analysis.findings.iter().find(|finding| finding.code == "rate.pause").expect("a pause of 4 s");
    let span = pause.span.expect("a place");
    assert!((span.start_s - 5.0).abs() < 0.03 && (span.end_s - 9.0).abs() < 0.03, "{span:?}");
    assert!(
        analysis
            .segments
            .iter()
            .any(|segment| segment.key == format!("rule.rate.pause-{:.0}-{:.0}", span.start_s * 1e3, span.end_s * 1e3))
    );
}

#[test]
fn an_offset_changes_nothing() {
    let plain = twelve(500.0, 10.0, 0.8);
    let mut shifted = plain.clone();
    for trace in &mut shifted.traces {
        trace.samples_mv = trace.samples_mv.iter().map(|value| value + 5.0).collect();
    }
    let (plain, shifted) = (run(&plain, ModelChoice::Off), run(&shifted, ModelChoice::Off));
    assert_eq!(plain.beats.len(), shifted.beats.len());
    assert_eq!((plain.quality.usable, shifted.quality.usable), (Usable::Good, Usable::Good));
}

#[test]
fn a_day_of_one_lead_is_read_to_its_end() {
    let before = std::time::Instant::now();
    let day_s = 24.0 * 3600.0;
    let recording = Recording::new("test", vec![beating(Lead::II, 100.0, day_s, 0.8)]);
    let made = before.elapsed();
    let analysis = run_plain(&recording);
    let peak = std::fs::read_to_string("/proc/self/status").ok();
    let peak =
        peak.iter().flat_map(|text| text.lines()).find(|line| line.starts_with("VmHWM")).unwrap_or("").to_owned();
    println!("24 h, one lead, 100/s: {:.1} s, process {peak}", (before.elapsed() - made).as_secs_f64());
    assert_sound(&analysis);
    assert!((analysis.beats.len() as f64 - day_s / 0.8).abs() < 3.0, "{} beats", analysis.beats.len());
    assert!((analysis.beats.last().expect("beats").r_s - day_s).abs() < 1.0);
}

#[test]
fn a_cancelled_watch_ends_the_work() {
    struct Impatient;
    impl Watch for Impatient {
        fn progress(&self, share: f32, _step: &str) {
            assert!((0.0..=1.0).contains(&share));
        }
        fn cancelled(&self) -> bool {
            true
        }
    }
    let error = analyze(&twelve(500.0, 10.0, 0.8), &Settings::default(), &Impatient).expect_err("cancelled");
    assert_eq!(error.kind(), einthoven::error::Cause::Cancelled);
}

fn any_sample() -> impl Strategy<Value = f32> {
    prop_oneof![
        8 => -3.0_f32..3.0,
        1 => Just(f32::NAN),
        1 => Just(0.0_f32),
        1 => prop_oneof![Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(f32::MAX), Just(80.0), Just(-1e-30)],
    ]
}

fn any_trace() -> impl Strategy<Value = Trace> {
    let rate_hz = prop_oneof![
        6 => prop_oneof![Just(100.0), Just(250.0), Just(360.0), Just(500.0), Just(1000.0)],
        1 => prop_oneof![Just(0.0), Just(-1.0), Just(f64::NAN), Just(f64::INFINITY), Just(1e-3), Just(3.0), Just(20_000.0)],
    ];
    let pieces = prop::collection::vec((any_sample(), any_sample(), 1_usize..400), 0..12);
    (0_usize..14, rate_hz, pieces, prop_oneof![4 => Just(0.0), 1 => 0.0_f64..5.0]).prop_map(
        |(lead, rate_hz, pieces, start_s)| {
            let lead = Lead::STANDARD.get(lead).cloned().unwrap_or(Lead::Other("X".into()));
            // pieces of two values that alternate: flats, squares, gaps
            let samples: Vec<f32> = pieces
                .into_iter()
                .flat_map(|(one, other, length)| (0..length).map(move |index| if index % 3 == 0 { one } else { other }))
                .collect();
            Trace { start_s, ..Trace::new(lead, rate_hz, samples) }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_recording_breaks_the_road(traces in prop::collection::vec(any_trace(), 0..13)) {
        let recording = Recording::new("test", traces);
        let analysis = run(&recording, ModelChoice::Embedded);
        assert_sound(&analysis);
        prop_assert_eq!(analysis.denoised.traces.len(), recording.traces.len());
        let again = run_plain(&recording);
        let plain = Analysis { provenance: again.provenance.clone(), ..analysis };
        prop_assert_eq!(words(&plain), words(&again), "twice the same, and no statement rests on the denoiser");
    }
}
