//! Time of the denoiser on one core: twelve leads of 5,000 samples (ten seconds at 500 Hz) with muscle noise and wander.

use criterion::{Criterion, criterion_group, criterion_main};
use einthoven::denoise::{Options, denoise};
use einthoven::synth::{Kind, Noise, NoiseKind, Spec, generate};

/// The allocator of the programs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn ten_seconds(c: &mut Criterion) {
    let noise = vec![Noise::snr_db(NoiseKind::Muscle, 6.0), Noise::snr_db(NoiseKind::Wander, 0.0)];
    let made = generate(&Spec { noise, ..Kind::Normal.spec(1) });
    let r_s = made.truth.r_s();
    let mut untied = made.recording.traces.clone();
    let mut skewed = untied[2].samples_mv.to_vec();
    skewed.rotate_right(3);
    untied[2].samples_mv = skewed.into();
    let wavelets = Options { baseline: false, ..Options::default() };
    for (name, traces) in [("limb laws hold", &made.recording.traces), ("all twelve apart", &untied)] {
        c.bench_function(&format!("stages 1 and 2, {name}"), |b| b.iter(|| denoise(traces, &r_s, &wavelets)));
        c.bench_function(&format!("all stages, {name}"), |b| b.iter(|| denoise(traces, &r_s, &Options::default())));
    }
}

criterion_group!(benches, ten_seconds);
criterion_main!(benches);
