//! Time of measuring on one core: beats, waves and every measurement of twelve leads of 5,000 samples (ten seconds at 500 Hz).
//! The house's limit for all of it, rules included, is 10 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use einthoven::analysis::{ModelChoice, Settings, Unwatched, analyze};
use einthoven::denoise::Options;
use einthoven::ecg::Recording;
use einthoven::measure::{Segmentation, delineate, detect_beats, measure};
use einthoven::network::segmenter::{LeadSignal, RATE_HZ, Segmenter};
use einthoven::rules::{Facts, Finding, RULES, SignalFacts, apply};
use einthoven::synth::{Kind, Noise, NoiseKind, Spec, generate};

/// The allocator of the programs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn signals(recording: &Recording) -> Vec<LeadSignal<'_>> {
    recording.traces.iter().map(|trace| LeadSignal { samples_mv: &trace.samples_mv, rate_hz: trace.rate_hz }).collect()
}

/// Beats, waves, measurements and rules: what the limit is for.
fn everything(recording: &Recording, segmenter: &Segmenter, signal: &SignalFacts) -> Vec<Finding> {
    let traces = &recording.traces;
    let beats = detect_beats(traces, &[]);
    let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
    let leads = segmenter.read(&signals(recording), &r_s).expect("reads").leads;
    let waves = delineate(traces, &[], &r_s, Some(&Segmentation { rate_hz: RATE_HZ, start_s: 0.0, leads }));
    let measuring = measure(traces, &[], &beats, &waves, &[]);
    let (beats, measurements, patterns) = (&*measuring.beats, &measuring.measurements, &measuring.patterns);
    apply(RULES, &Facts { beats, waves: &waves, measurements, patterns, signal, age_years: Some(60), sex: None })
}

fn ten_seconds(c: &mut Criterion) {
    let noise = vec![Noise::snr_db(NoiseKind::Muscle, 20.0)];
    let recording = generate(&Spec { noise, ..Kind::Normal.spec(1) }).recording;
    let traces = &recording.traces;
    let beats = detect_beats(traces, &[]);
    let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
    let segmenter = Segmenter::embedded().expect("the released segmenter loads");
    let leads = signals(&recording);
    let waves = delineate(traces, &[], &r_s, None);
    c.bench_function("beats", |b| b.iter(|| detect_beats(black_box(traces), &[])));
    c.bench_function("segmenter", |b| b.iter(|| segmenter.read(black_box(&leads), &r_s).expect("reads")));
    c.bench_function("waves from slopes alone", |b| b.iter(|| delineate(black_box(traces), &[], &r_s, None)));
    c.bench_function("measurements", |b| b.iter(|| measure(black_box(traces), &[], &beats, &waves, &[])));
    let signal =
        SignalFacts { leads: traces.iter().map(|trace| trace.lead.clone()).collect(), ..SignalFacts::default() };
    c.bench_function("beats, waves, measurements and rules", |b| {
        b.iter(|| everything(black_box(&recording), &segmenter, &signal));
    });
    let off = Options { baseline: false, morlet: false, daubechies: false, ..Options::default() };
    let settings = Settings { model: ModelChoice::Off, denoise: off, ..Settings::default() };
    c.bench_function("analysis without denoiser and network", |b| {
        b.iter(|| analyze(black_box(&recording), &settings, &Unwatched).expect("analyses"));
    });
}

criterion_group!(benches, ten_seconds);
criterion_main!(benches);
