//! What a frame of lanes costs: making a page ready (after a change) and handing a ready one over (while only the pointer moves).
//! Run: `cargo bench --bench frame`.

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Context, Pos2, RawInput, Rect, vec2};
use einthoven::app::{paint, theme};
use einthoven::ecg::{Lead, Recording, Trace};
use einthoven::page::Palette;
use einthoven::report::{Layout, lanes};
use einthoven::review::{Review, Study};

fn study() -> Study {
    let wave = |index: usize| (index as f32 * 0.031).sin() * 0.4 + (index as f32 * 1.7).sin() * 0.05;
    let samples: Vec<f32> = (0..5000).map(wave).collect();
    let traces = Lead::STANDARD.iter().map(|lead| Trace::new(lead.clone(), 500.0, samples.clone())).collect();
    let recording = Recording::new("bench", traces).into();
    Study { file: "bench".into(), recording, analysis: None, review: Review::default() }
}

fn frame(criterion: &mut Criterion) {
    let (study, layout) = (study(), Layout::new(420.0, 250.0));
    let transform = paint::Transform::new(Pos2::ZERO, 96.0 / 25.4, 1.0);
    criterion.bench_function("lay the page", |bencher| bencher.iter(|| lanes(&study, &layout)));
    let page = lanes(&study, &layout);
    criterion.bench_function("make it ready", |bencher| {
        bencher.iter(|| paint::prepare(&page, transform, Palette::Light));
    });
    let ready = paint::prepare(&page, transform, Palette::Light);
    let ctx = Context::default();
    theme::install(&ctx);
    criterion.bench_function("hand it over and tessellate", |bencher| {
        bencher.iter(|| {
            let screen = Rect::from_min_size(Pos2::ZERO, vec2(1600.0, 1000.0));
            let mut output = ctx.run_ui(RawInput { screen_rect: Some(screen), ..Default::default() }, |ui| {
                ready.paint(ui.painter());
            });
            output.textures_delta.clear();
            ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point).len()
        });
    });
}

criterion_group!(benches, frame);
criterion_main!(benches);
