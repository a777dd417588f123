//! Rhythms from end to end: synthetic records of each, and those of the shared recordings that people named.

use einthoven::analysis::{Analysis, DenoiseOptions, ModelChoice, RiskLevel, Settings, Unwatched, analyze};
use einthoven::ecg::Recording;
use einthoven::synth::{Kind, Noise, NoiseKind, Rhythm, Spec, generate};

use crate::shared::{folder, record};

/// Read by rules alone: no network, no denoiser.
fn read(recording: &Recording) -> Analysis {
    let denoise = DenoiseOptions { baseline: false, morlet: false, daubechies: false, ..DenoiseOptions::default() };
    let settings = Settings { model: ModelChoice::Off, denoise, ..Settings::default() };
    analyze(recording, &settings, &Unwatched).expect("an analysis, whatever the data")
}

fn codes(analysis: &Analysis) -> Vec<&'static str> {
    analysis.findings.iter().map(|finding| finding.code).collect()
}

/// Every statement that a pattern makes.
const PATTERNS: [&str; 6] = [
    "rhythm.ventricular_fibrillation",
    "rhythm.polymorphic_tachycardia",
    "rhythm.atrial_flutter",
    "rhythm.multifocal_atrial",
    "pacing.no_capture",
    "pacing.no_sense",
];

/// The record of a rhythm says its code, and no other pattern; three seeds, 18 dB of muscle noise.
fn says(code: &str, level: RiskLevel, spec: impl Fn(u64) -> Spec) {
    for seed in 1..4 {
        let spec = Spec { seed, noise: vec![Noise::snr_db(NoiseKind::Muscle, 18.0)], ..spec(seed) };
        let analysis = read(&generate(&spec).recording);
        let said: Vec<&str> = codes(&analysis).into_iter().filter(|said| PATTERNS.contains(said)).collect();
        assert_eq!(said, [code], "seed {seed}: {:?}", codes(&analysis));
        let found = analysis.findings.iter().find(|finding| finding.code == code).expect("said");
        assert_eq!(found.level, level, "seed {seed}: {found:?}");
    }
}

#[test]
fn a_ventricle_that_fibrillates_is_critical_and_nothing_is_measured_on_it() {
    let spec = |seed| Spec { rhythm: Rhythm::VentricularFibrillation, ..Kind::Normal.spec(seed) };
    says("rhythm.ventricular_fibrillation", RiskLevel::Critical, spec);
    let measured = read(&generate(&spec(1)).recording).measurements;
    assert!(measured.qrs_ms.value().is_none() && measured.heart_rate_bpm.value().is_none(), "{measured:?}");
}

#[test]
fn a_tachycardia_that_twists_is_critical_and_its_rate_is_told() {
    let spec = |seed| Spec {
        rhythm: Rhythm::PolymorphicTachycardia,
        heart_rate_bpm: 160.0,
        qrs_ms: 140.0,
        qt_ms: 300.0,
        ..Kind::Normal.spec(seed)
    };
    says("rhythm.polymorphic_tachycardia", RiskLevel::Critical, spec);
    let measured = read(&generate(&spec(1)).recording).measurements;
    let rate = measured.heart_rate_bpm.value().expect("a rate");
    assert!((rate - 160.0).abs() < 8.0, "{rate}");
}

#[test]
fn flutter_is_told_from_fibrillation() {
    let rhythm = Rhythm::AtrialFlutter { per_min: 290.0, height_mv: 0.2 };
    says("rhythm.atrial_flutter", RiskLevel::Moderate, |seed| Spec {
        rhythm,
        heart_rate_bpm: 74.0,
        ..Kind::Normal.spec(seed)
    });
}

#[test]
fn spikes_without_beats_are_failure_to_capture() {
    says("pacing.no_capture", RiskLevel::Critical, |seed| Spec {
        rhythm: Rhythm::LostCapture { every: 4 },
        ..Kind::Paced.spec(seed)
    });
}

#[test]
fn no_usual_rhythm_says_a_pattern() {
    for kind in Kind::ALL {
        let said = codes(&read(&generate(&kind.spec(1)).recording));
        assert!(!said.iter().any(|code| PATTERNS.contains(code)), "{}: {said:?}", kind.name());
    }
}

/// Records of PTB-XL and LUDB that people call flutter and whose ventricles are irregular.
#[test]
fn flutter_of_patients_is_named() {
    let ptbxl = ["00000/00017_hr", "00000/00018_hr", "01000/01773_hr", "13000/13386_hr", "19000/19170_hr"];
    for (set, names) in [("ptbxl/records500", &ptbxl[..]), ("ludb", &["35", "103"])] {
        let Some(set) = folder(set) else { return };
        for name in names {
            let said = codes(&read(&record(&set, name)));
            assert!(said.contains(&"rhythm.atrial_flutter"), "{name}: {said:?}");
        }
    }
}

/// Ventricular flutter of MIT-BIH 207 (between `[` and `]`): six stretches, 165 s.
#[test]
fn ventricular_flutter_of_a_patient_is_named_and_only_there() {
    let Some(set) = folder("mitdb") else { return };
    let flutter = [(40.7, 51.0), (54.8, 60.4), (242.1, 246.4), (247.9, 261.5), (269.5, 280.9), (1540.8, 1638.7)];
    let analysis = read(&record(&set, "207"));
    let found: Vec<_> =
        analysis.findings.iter().filter(|finding| finding.code == "rhythm.ventricular_fibrillation").collect();
    let spans: Vec<_> = found.iter().filter_map(|finding| finding.span).collect();
    let inside = |time_s: f64| spans.iter().any(|span| span.contains(time_s));
    let seen_s = flutter.iter().flat_map(|(from, to)| (0..).map(move |s| from + s as f64).take_while(move |t| t < to));
    let seen_s: Vec<f64> = seen_s.collect();
    let share = seen_s.iter().filter(|time_s| inside(**time_s)).count() as f64 / seen_s.len() as f64;
    println!("ventricular flutter of 207: {:.0} % of {} s named", 100.0 * share, seen_s.len());
    assert!(share > 0.85, "{share}");
    for span in spans {
        let near = flutter.iter().any(|(from, to)| span.start_s < to + 4.0 && span.end_s > from - 4.0);
        assert!(near, "{span:?} is no flutter");
    }
}
