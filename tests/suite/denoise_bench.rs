//! The denoiser's gates on synthetic records: what it may change in a clean signal, and what it must gain on a noisy one.
//!
//! Clean: R and ST (J + 60 ms, against the level at QRS onset) in every beat and lead; QRS and QT with one delineator on the clean and on the
//! denoised mean beat. Gain: error power before over after, against the clean signal, over all leads. Real noise: NSTDB's `ma` and `bw`.

use einthoven::denoise::{Options, denoise};
use einthoven::ecg::Trace;
use einthoven::measure::detect_beats;
use einthoven::synth::{BeatKind, Kind, Noise, NoiseKind, Spec, Synthetic, generate};

const SEEDS: [u64; 3] = [1, 2, 3];

/// What the denoiser changed in one record, at worst.
#[derive(Debug, Default, Clone, Copy)]
struct Change {
    r_share: f64,
    st_mv: f64,
    qrs_ms: f64,
    qt_ms: f64,
}

fn at_mv(trace: &Trace, time_s: f64) -> f64 {
    f64::from(trace.value_at_mv(time_s).unwrap_or(0.0))
}

/// Mean of the 8 ms before QRS onset.
fn level_mv(trace: &Trace, onset_s: f64) -> f64 {
    (1..=4).map(|step| at_mv(trace, onset_s - 0.002 * f64::from(step))).sum::<f64>() / 4.0
}

fn change(made: &Synthetic, after: &[Trace]) -> Change {
    let mut change = Change::default();
    for (clean, after) in made.clean.iter().zip(after) {
        for beat in &made.truth.beats {
            let Some(qrs) = beat.qrs else { continue };
            let r = |trace: &Trace| {
                let inside = trace.slice(einthoven::ecg::Span { start_s: qrs.onset_s, end_s: qrs.offset_s });
                f64::from(inside.iter().copied().fold(f32::MIN, f32::max)) - level_mv(trace, qrs.onset_s)
            };
            if r(clean) > 0.2 {
                change.r_share = change.r_share.max((r(after) / r(clean) - 1.0).abs());
            }
            let st_s = qrs.offset_s + 0.060;
            if st_s < clean.span().end_s - 0.01 {
                let st = |trace: &Trace| at_mv(trace, st_s) - level_mv(trace, qrs.onset_s);
                change.st_mv = change.st_mv.max((st(after) - st(clean)).abs());
            }
        }
    }
    if let (Some(clean), Some(after)) = (intervals(made, &made.clean), intervals(made, after)) {
        change.qrs_ms = (clean.0 - after.0).abs();
        change.qt_ms = (clean.1 - after.1).abs();
    }
    change
}

/// QRS and QT (ms) of the mean beat of the most frequent kind: slope over all leads above 6 % of its top; T down to a tenth of its top.
fn intervals(made: &Synthetic, traces: &[Trace]) -> Option<(f64, f64)> {
    let kind = if made.truth.beats.iter().any(|beat| beat.kind == BeatKind::Conducted) {
        BeatKind::Conducted
    } else {
        made.truth.beats.first()?.kind
    };
    let whole: Vec<_> =
        made.truth.beats.iter().filter(|beat| beat.kind == kind && beat.qrs.is_some() && beat.t.is_some()).collect();
    let (before, after) = (75_usize, 330_usize);
    let mean = |trace: &Trace| -> Vec<f64> {
        (0..before + after)
            .map(|place| {
                let sum: f64 =
                    whole.iter().map(|beat| at_mv(trace, beat.r_s + (place as f64 - before as f64) / 500.0)).sum();
                sum / whole.len() as f64
            })
            .collect()
    };
    let means: Vec<Vec<f64>> = traces.iter().map(mean).collect();
    let slope: Vec<f64> = (1..before + after)
        .map(|at| means.iter().map(|mean| (mean[at] - mean[at - 1]).powi(2)).sum::<f64>().sqrt())
        .collect();
    let beat = whole.first()?;
    let (qrs, t) = (beat.qrs?, beat.t?);
    let place = |time_s: f64| ((time_s - beat.r_s) * 500.0 + before as f64).round().max(0.0) as usize;
    // A pacing spike is no part of the QRS: there the search begins behind it.
    let early_s = if kind == BeatKind::Paced { -0.002 } else { 0.02 };
    let (from, to) = (place(qrs.onset_s - early_s), place(qrs.offset_s + 0.02));
    let top = slope[from..to].iter().copied().fold(0.0, f64::max);
    let onset = from + slope[from..to].iter().position(|value| *value > 0.06 * top)?;
    let end = from + slope[from..to].iter().rposition(|value| *value > 0.06 * top)?;
    let strength = |at: usize| {
        let zero = |mean: &[f64]| mean[onset.saturating_sub(4)..onset].iter().sum::<f64>() / 4.0;
        means.iter().map(|mean| (mean[at] - zero(mean)).powi(2)).sum::<f64>().sqrt()
    };
    let peak = place(t.peak_s);
    let t_end = (peak..(place(t.offset_s) + 30).min(before + after)).find(|at| strength(*at) < 0.1 * strength(peak))?;
    Some((2.0 * (end - onset) as f64, 2.0 * (t_end - onset) as f64))
}

/// Beats from the detector instead of the truth.
fn detected(traces: &[Trace]) -> Vec<f64> {
    detect_beats(traces, &[]).iter().map(|beat| beat.r_s).collect()
}

fn clean_gates(found: impl Fn(&Synthetic) -> Vec<f64>) {
    let mut broken = Vec::new();
    let mut wrong = 0;
    for kind in Kind::ALL {
        let mut worst = Change::default();
        for seed in SEEDS {
            let made = generate(&kind.spec(seed));
            let r_s = found(&made);
            if !agree(&r_s, &made.truth.r_s()) {
                println!("{} seed {seed}: wrong beats handed in, not scored", kind.name());
                wrong += 1;
                continue;
            }
            let out = denoise(&made.recording.traces, &r_s, &Options::default());
            let now = change(&made, &out.traces);
            worst.r_share = worst.r_share.max(now.r_share);
            worst.st_mv = worst.st_mv.max(now.st_mv);
            worst.qrs_ms = worst.qrs_ms.max(now.qrs_ms);
            worst.qt_ms = worst.qt_ms.max(now.qt_ms);
        }
        println!(
            "{:26} R {:4.1} %  ST {:5.1} uV  QRS {:2.0} ms  QT {:2.0} ms",
            kind.name(),
            100.0 * worst.r_share,
            1000.0 * worst.st_mv,
            worst.qrs_ms,
            worst.qt_ms
        );
        // A tachycardia without an isoelectric line is scored in R and ST alone.
        let timed = kind != Kind::VentricularTachycardia;
        if worst.r_share > 0.05 || worst.st_mv > 0.025 || (timed && (worst.qrs_ms > 4.0 || worst.qt_ms > 10.0)) {
            broken.push(format!("{}: {worst:?}", kind.name()));
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    assert!(wrong <= 3, "{wrong} of 60 records with wrong beats");
}

/// Inside the record (half a second from its ends) the same beats, within 80 ms. A beat too many costs up to 0.1 mV of baseline: that is the
/// detector's account, not the denoiser's.
fn agree(found: &[f64], truth: &[f64]) -> bool {
    let near = |time_s: f64, others: &[f64]| others.iter().any(|other| (other - time_s).abs() < 0.08);
    let inside = |time_s: &f64| (0.5..9.5).contains(time_s);
    found.iter().copied().filter(inside).all(|time_s| near(time_s, truth))
        && truth.iter().copied().filter(inside).all(|time_s| near(time_s, found))
}

#[test]
fn a_clean_signal_keeps_r_st_qrs_and_qt() {
    clean_gates(|made| made.truth.r_s());
}

#[test]
fn a_clean_signal_keeps_them_with_detected_beats() {
    clean_gates(|made| detected(&made.recording.traces));
}

/// Kinds of the noise gates.
const NOISY: [Kind; 12] = [
    Kind::Normal,
    Kind::NormalSteepAxis,
    Kind::StUp,
    Kind::WideQrs,
    Kind::Fast,
    Kind::Slow,
    Kind::AtrialFibrillation,
    Kind::PrematureVentricular,
    Kind::Hypertrophy,
    Kind::LowVoltage,
    Kind::LeftBundleBranchBlockLike,
    Kind::Paced,
];

fn error(traces: &[Trace], clean: &[Trace]) -> f64 {
    let pairs = traces.iter().zip(clean);
    pairs.flat_map(|(a, b)| a.samples_mv.iter().zip(b.samples_mv.iter())).map(|(a, b)| f64::from(a - b).powi(2)).sum()
}

/// Gains in dB, sorted, over the records that `make` gives; with true and with detected beats.
fn gains(name: &str, make: impl Fn(Kind, u64) -> Synthetic) -> [Vec<f64>; 2] {
    let mut gains = [Vec::new(), Vec::new()];
    for kind in NOISY {
        for seed in SEEDS {
            let made = make(kind, seed);
            let traces = &made.recording.traces;
            for (r_s, gains) in [made.truth.r_s(), detected(traces)].iter().zip(&mut gains) {
                let out = denoise(traces, r_s, &Options::default());
                gains.push(10.0 * (error(traces, &made.clean) / error(&out.traces, &made.clean)).log10());
            }
        }
    }
    for (beats, gains) in ["true", "detected"].iter().zip(&mut gains) {
        gains.sort_by(f64::total_cmp);
        println!("{name:16} {beats:8} beats: gain {:4.1} dB at worst, {:4.1} median", gains[0], gains[gains.len() / 2]);
    }
    gains
}

/// Asserts the gates with true beats, and the median with detected ones.
fn gate(name: &str, worst_db: f64, median_db: f64, make: impl Fn(Kind, u64) -> Synthetic) {
    let [truth, detected] = gains(name, make);
    let middle = |gains: &[f64]| gains[gains.len() / 2];
    assert!(truth[0] >= worst_db && middle(&truth) >= median_db, "{name}: {:.1} / {:.1} dB", truth[0], middle(&truth));
    assert!(middle(&detected) >= median_db, "{name}, detected beats: median {:.1} dB", middle(&detected));
}

fn with(kind: NoiseKind, snr_db: f64) -> impl Fn(Kind, u64) -> Synthetic {
    move |record, seed| generate(&Spec { noise: vec![Noise::snr_db(kind, snr_db)], ..record.spec(seed) })
}

#[test]
fn gain_on_muscle_noise() {
    gate("muscle 6 dB", 5.0, 8.0, with(NoiseKind::Muscle, 6.0));
}

#[test]
fn gain_on_white_noise() {
    gate("white 6 dB", 5.0, 10.0, with(NoiseKind::White, 6.0));
}

#[test]
fn gain_on_wander() {
    gate("wander -3 dB", 14.0, 20.0, with(NoiseKind::Wander, -3.0));
}

/// Both channels of a noise record of the MIT-BIH Noise Stress Test Database (FLAC, 360 Hz), first ten minutes, at 500 Hz.
fn real_noise(name: &str) -> Option<[Vec<f32>; 2]> {
    let path = format!("{}/../shared/data/nstdb/{name}.flac", env!("CARGO_MANIFEST_DIR"));
    let mut reader = claxon::FlacReader::open(path).ok()?;
    let mut channels = [Vec::new(), Vec::new()];
    for (index, sample) in reader.samples().take(2 * 360 * 600).enumerate() {
        channels[index % 2].push(sample.ok()? as f32);
    }
    Some(channels.map(|channel| {
        let mean = channel.iter().sum::<f32>() / channel.len() as f32;
        let level: Vec<f32> = channel.iter().map(|value| value - mean).collect();
        einthoven::dsp::resample(&level, 360.0, 500.0)
    }))
}

/// A clean record with real noise in I, II, V1 … V6 (each another stretch) at this ratio; the other limb leads follow.
fn with_real(noise: &[Vec<f32>; 2], record: Kind, seed: u64, snr_db: f64) -> Synthetic {
    let mut made = generate(&record.spec(seed));
    let mut traces: Vec<Vec<f32>> = made.clean.iter().map(|trace| trace.samples_mv.to_vec()).collect();
    let place = NOISY.iter().position(|kind| *kind == record).unwrap_or(0);
    for (number, lead) in [0, 1, 6, 7, 8, 9, 10, 11].into_iter().enumerate() {
        let channel = &noise[number % 2];
        let start = (place * 17_000 + seed as usize * 5_500 + number * 29_000) % (channel.len() - 5000);
        let stretch = &channel[start..start + 5000];
        let power = |values: &[f32]| {
            let mean = values.iter().sum::<f32>() / values.len() as f32;
            (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f32>())
        };
        let (mean, noise_power) = power(stretch);
        let scale = (power(&traces[lead]).1 / noise_power / 10f32.powf(snr_db as f32 / 10.0)).sqrt();
        traces[lead].iter_mut().zip(stretch).for_each(|(value, noise)| *value += scale * (noise - mean));
    }
    for at in 0..traces[0].len() {
        let (i, ii) = (traces[0][at], traces[1][at]);
        let limb = [ii - i, -0.5 * (i + ii), i - 0.5 * ii, ii - 0.5 * i];
        (2..6).zip(limb).for_each(|(lead, value)| traces[lead][at] = value);
    }
    for (trace, samples) in made.recording.traces.iter_mut().zip(traces) {
        trace.samples_mv = samples.into();
    }
    made
}

#[test]
fn gain_on_real_muscle_noise_and_wander() {
    for (name, snr_db, worst_db, median_db) in [("ma", 6.0, 4.0, 6.0), ("bw", -3.0, 10.0, 15.0)] {
        let Some(noise) = real_noise(name) else {
            println!("skipped: no shared data");
            return;
        };
        gate(&format!("nstdb {name} {snr_db} dB"), worst_db, median_db, |record, seed| {
            with_real(&noise, record, seed, snr_db)
        });
    }
}
