//! The denoiser as a user meets it: odd input, gaps, long recordings, the laws of the limb leads.

use einthoven::denoise::{Options, denoise};
use einthoven::ecg::{Lead, Trace};
use einthoven::synth::{Kind, Noise, NoiseKind, Spec, generate};

fn noisy(kind: Kind) -> einthoven::synth::Synthetic {
    generate(&Spec { noise: vec![Noise::snr_db(NoiseKind::White, 10.0)], ..kind.spec(1) })
}

/// Largest difference between two traces where both have a sample.
fn apart(first: &Trace, second: &Trace) -> f32 {
    first.samples_mv.iter().zip(second.samples_mv.iter()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn gain_one_gives_the_input_back() {
    for kind in [Kind::Normal, Kind::AtrialFibrillation, Kind::VentricularTachycardia] {
        let made = noisy(kind);
        let options = Options { gain: Some(1.0), ..Options::default() };
        let out = denoise(&made.recording.traces, &made.truth.r_s(), &options);
        for (before, after) in made.recording.traces.iter().zip(&out.traces) {
            // The four derived limb leads are made from I and II, which were stored in steps.
            let allowed =
                if matches!(before.lead, Lead::III | Lead::AvR | Lead::AvL | Lead::AvF) { 0.006 } else { 1e-6 };
            assert!(apart(before, after) <= allowed, "{}: {}", before.lead, apart(before, after));
        }
        let nothing = Options { baseline: false, morlet: false, daubechies: false, gain: None };
        assert_eq!(denoise(&made.recording.traces, &made.truth.r_s(), &nothing).method, "");
    }
}

#[test]
fn limb_leads_obey_their_laws_after_denoising() {
    let made = noisy(Kind::Normal);
    let out = denoise(&made.recording.traces, &made.truth.r_s(), &Options::default());
    assert_eq!(out.method, "baseline 0.8 Hz · Morlet 12–100 Hz · db6, 4 levels");
    assert!(out.notes.is_empty(), "{:?}", out.notes);
    let [i, ii, iii, avr, avl, avf] = [0, 1, 2, 3, 4, 5].map(|lead| &out.traces[lead].samples_mv);
    for at in 0..i.len() {
        assert_eq!(iii[at], ii[at] - i[at]);
        assert_eq!(avr[at], -0.5 * i[at] - 0.5 * ii[at]);
        assert_eq!(avl[at], i[at] - 0.5 * ii[at]);
        assert_eq!(avf[at], ii[at] - 0.5 * i[at]);
    }
}

#[test]
fn gaps_stay_gaps_and_disturb_nothing_far_from_them() {
    let made = noisy(Kind::Normal);
    let whole = denoise(&made.recording.traces, &made.truth.r_s(), &Options::default());
    let mut traces = made.recording.traces.clone();
    for trace in &mut traces {
        let mut samples = trace.samples_mv.to_vec();
        samples[2300..2500].fill(f32::NAN);
        trace.samples_mv = samples.into();
    }
    let out = denoise(&traces, &made.truth.r_s(), &Options::default());
    for (gapped, whole) in out.traces.iter().zip(&whole.traces) {
        assert_eq!(gapped.samples_mv.iter().position(|value| value.is_nan()), Some(2300));
        assert_eq!(gapped.present(), 4800);
        let far = (0..1500).map(|at| (gapped.samples_mv[at] - whole.samples_mv[at]).abs()).fold(0.0, f32::max);
        assert!(far < 0.05, "{}: {far} mV", gapped.lead);
    }
}

#[test]
fn odd_traces_give_an_answer_or_a_note() {
    let flat = Trace::new(Lead::II, 500.0, vec![0.3; 5000]);
    let out = denoise(std::slice::from_ref(&flat), &[1.0, 2.0, 3.0, 4.0], &Options::default());
    assert!(out.traces[0].samples_mv.iter().all(|value| value.abs() < 1e-4), "a flat lead is its baseline");

    let empty = Trace::new(Lead::I, 500.0, vec![0.0; 0]);
    let gone = Trace::new(Lead::V1, 500.0, vec![f32::NAN; 900]);
    let slow = Trace::new(Lead::V2, 50.0, vec![0.1; 500]);
    let out = denoise(&[empty, gone, slow.clone()], &[0.5, f64::NAN, -3.0, 1e12], &Options::default());
    assert_eq!(out.traces[1].present(), 0);
    assert_eq!(out.traces[2], slow);
    assert!(out.notes.iter().any(|note| note.contains("50 Hz")), "{:?}", out.notes);

    for count in 1..40 {
        let short = Trace::new(Lead::I, 500.0, (0..count).map(|i| (i % 7) as f32 * 0.1).collect::<Vec<_>>());
        let out = denoise(&[short], &[0.0, 0.004, 0.01, 0.02], &Options::default());
        assert_eq!(out.traces[0].present(), count);
    }
    let out = denoise(&[Trace::new(Lead::I, 500.0, vec![0.0; 5000])], &[2.0], &Options::default());
    assert!(out.notes.iter().any(|note| note.contains("fewer than three beats")));
}

#[test]
fn other_rates_lose_noise_as_well() {
    for rate_hz in [100.0, 250.0, 360.0, 1000.0] {
        let spec = Spec { rate_hz, noise: vec![Noise::snr_db(NoiseKind::White, 6.0)], ..Kind::Normal.spec(2) };
        let made = generate(&spec);
        let out = denoise(&made.recording.traces, &made.truth.r_s(), &Options::default());
        let error = |traces: &[Trace]| -> f64 {
            let pairs = traces.iter().zip(&made.clean);
            pairs
                .flat_map(|(a, b)| a.samples_mv.iter().zip(b.samples_mv.iter()))
                .map(|(a, b)| f64::from(a - b).powi(2))
                .sum()
        };
        let gain_db = 10.0 * (error(&made.recording.traces) / error(&out.traces)).log10();
        let wanted = if rate_hz < 200.0 { 3.0 } else { 5.0 };
        assert!(gain_db > wanted, "{rate_hz} Hz: {gain_db:.1} dB");
    }
}

#[test]
fn a_long_recording_has_no_seams() {
    let spec = Spec {
        duration_s: 200.0,
        rate_hz: 250.0,
        noise: vec![Noise::snr_db(NoiseKind::Wander, 0.0)],
        ..Kind::Normal.spec(3)
    };
    let made = generate(&spec);
    let traces: Vec<Trace> = made.recording.traces[6..8].to_vec();
    let out = denoise(&traces, &made.truth.r_s(), &Options::default());
    for (trace, clean) in out.traces.iter().zip(&made.clean[6..8]) {
        let inner = 250 * 3..250 * 197;
        let worst = inner.map(|at| (trace.samples_mv[at] - clean.samples_mv[at]).abs()).fold(0.0, f32::max);
        assert!(worst < 0.12, "{}: {worst} mV off", trace.lead);
    }
}
