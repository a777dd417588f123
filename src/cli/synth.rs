//! `ecg synth`: a synthetic recording, and on request its exact truth.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{convert, output};
use crate::error::{Error, Result};
use crate::synth::{Kind, Level, Noise, NoiseKind, Spec, Synthetic, TrueWave, generate};

/// Arguments of `ecg synth`.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write; the ending names the format unless --to does
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Format to write
    #[arg(long, value_name = "FORMAT", value_parser = convert::writable())]
    to: Option<String>,
    /// Named recipe
    #[arg(long, default_value = "normal", value_parser = kinds())]
    kind: String,
    /// Seed of everything random; the same arguments give the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Length, s
    #[arg(long, default_value_t = 10.0, value_name = "S", value_parser = within::<1, 90_000>)]
    duration: f64,
    /// Samples per second
    #[arg(long, default_value_t = 500.0, value_name = "HZ", value_parser = within::<50, 4000>)]
    rate: f64,
    /// Mean heart rate, /min [default: the recipe's]
    #[arg(long, value_name = "BPM", value_parser = within::<20, 300>)]
    heart_rate: Option<f64>,
    /// PR interval, ms [default: the recipe's]
    #[arg(long, value_name = "MS", value_parser = within::<60, 500>)]
    pr: Option<f64>,
    /// QRS duration, ms [default: the recipe's]
    #[arg(long, value_name = "MS", value_parser = within::<40, 300>)]
    qrs: Option<f64>,
    /// QT interval at the mean rate, ms [default: the recipe's]
    #[arg(long, value_name = "MS", value_parser = within::<150, 800>)]
    qt: Option<f64>,
    /// ST level at J, mV, upward in the inferior leads [default: the recipe's]
    #[arg(long, value_name = "MV", allow_hyphen_values = true)]
    st: Option<f64>,
    /// Frontal axis of the QRS, degrees [default: the recipe's]
    #[arg(long, value_name = "DEG", allow_hyphen_values = true)]
    axis: Option<f64>,
    /// Noise and its signal-to-noise ratio in dB, e.g. muscle=12; may be given several times
    #[arg(long, value_name = "KIND=DB", value_parser = noise, allow_hyphen_values = true)]
    noise: Vec<Noise>,
    /// Writes the truth (beats, waves) to this JSON file
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
}

fn kinds() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Kind::ALL.map(Kind::name))
}

fn within<const LOW: i64, const HIGH: i64>(text: &str) -> std::result::Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| format!("{text} is not a number"))?;
    let inside = value >= LOW as f64 && value <= HIGH as f64;
    if inside { Ok(value) } else { Err(format!("{text} is outside {LOW} to {HIGH}")) }
}

fn noise(text: &str) -> std::result::Result<Noise, String> {
    let usage = "write KIND=DB with KIND one of white, muscle, muscle-broad, wander, mains50, mains60";
    let (kind, level) = text.split_once('=').ok_or(usage)?;
    let kind = match kind {
        "white" => NoiseKind::White,
        "muscle" => NoiseKind::Muscle,
        "muscle-broad" => NoiseKind::MuscleBroad,
        "wander" => NoiseKind::Wander,
        "mains50" => NoiseKind::Mains { hz: 50.0 },
        "mains60" => NoiseKind::Mains { hz: 60.0 },
        _ => return Err(usage.into()),
    };
    let snr_db: f64 = level.parse().map_err(|_| usage.to_owned())?;
    if !snr_db.is_finite() {
        return Err(usage.into());
    }
    Ok(Noise { kind, level: Level::SnrDb(snr_db) })
}

/// Runs it.
pub fn run(args: &Args) -> Result<()> {
    let kind =
        Kind::named(&args.kind).ok_or_else(|| Error::unsupported(format!("no recipe is named {}", args.kind)))?;
    let recipe = kind.spec(args.seed);
    let spec = Spec {
        duration_s: args.duration,
        rate_hz: args.rate,
        heart_rate_bpm: args.heart_rate.unwrap_or(recipe.heart_rate_bpm),
        pr_ms: args.pr.unwrap_or(recipe.pr_ms),
        qrs_ms: args.qrs.unwrap_or(recipe.qrs_ms),
        qt_ms: args.qt.unwrap_or(recipe.qt_ms),
        st_mv: args.st.unwrap_or(recipe.st_mv),
        axis_deg: args.axis.unwrap_or(recipe.axis_deg),
        noise: args.noise.clone(),
        ..recipe
    };
    let synthetic = generate(&spec);
    convert::write(&synthetic.recording, None, &args.output, args.to.as_deref())?;
    if let Some(path) = &args.truth {
        output::file(path, format!("{:#}\n", truth(&synthetic)).as_bytes())?;
    }
    Ok(())
}

fn truth(synthetic: &Synthetic) -> Value {
    let wave = |wave: &Option<TrueWave>| {
        wave.as_ref().map(|w| json!({ "onset_s": w.onset_s, "peak_s": w.peak_s, "offset_s": w.offset_s }))
    };
    let beats: Vec<Value> = synthetic
        .truth
        .beats
        .iter()
        .map(|beat| {
            let kind = format!("{:?}", beat.kind);
            json!({ "r_s": beat.r_s, "kind": kind, "P": wave(&beat.p), "QRS": wave(&beat.qrs), "T": wave(&beat.t) })
        })
        .collect();
    json!({ "beats": beats })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_named_with_its_ratio() {
        assert_eq!(noise("muscle=6"), Ok(Noise::snr_db(NoiseKind::Muscle, 6.0)));
        assert_eq!(noise("wander=-3"), Ok(Noise::snr_db(NoiseKind::Wander, -3.0)));
        for bad in ["muscle", "hum=3", "white=x", "white=nan"] {
            assert!(noise(bad).is_err(), "{bad}");
        }
    }
}
