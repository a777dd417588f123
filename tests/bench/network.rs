//! Time of the network on one thread: preparing ten seconds of twelve leads, one reading, and the map of attention.
//! The house's limit is 5 ms for a reading with its map.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use einthoven::network::{Head, LEADS, Network, Window};

/// The allocator of the programs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn leads_mv() -> Vec<Vec<f32>> {
    let lead = |lead: usize| (0..5000).map(|i| ((i * (lead + 3)) as f32 * 0.01).sin() * 0.4).collect();
    (0..LEADS).map(lead).collect()
}

fn network(c: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/foundational-ecgnet-v1");
    let network = Network::load(&folder).expect("the released model loads");
    let leads = leads_mv();
    let window = || Window::prepare(std::array::from_fn(|lead| Some(&leads[lead][..])), 500.0).expect("ten seconds");
    let prepared = window();
    c.bench_function("prepare 12 leads of 10 s at 500 Hz", |b| b.iter(|| black_box(window())));
    c.bench_function("read one window", |b| b.iter(|| network.read(black_box(&prepared)).expect("reads")));
    c.bench_function("read one window, map of one head", |b| {
        b.iter(|| network.read(black_box(&prepared)).expect("reads").attention.map(Head::Infarction));
    });
}

criterion_group!(benches, network);
criterion_main!(benches);
