//! Flags that say how a recording is read: what a file may lack, and who reads it.

use std::path::{Path, PathBuf};

use crate::analysis::{DenoiseOptions, ModelChoice, Settings};
use crate::ecg::Recording;
use crate::error::Result;
use crate::formats::{self, Hints};

/// Facts that a file may lack. Never guessed.
#[derive(clap::Args, Default)]
pub struct Source {
    /// Samples per second, for files that do not say
    #[arg(long, value_name = "HZ", value_parser = rate)]
    rate: Option<f64>,
    /// Unit of the samples, for files that do not say
    #[arg(long, value_enum)]
    unit: Option<Unit>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Unit {
    /// Microvolt
    #[value(name = "uV")]
    Microvolt,
    /// Millivolt
    #[value(name = "mV")]
    Millivolt,
    /// Volt
    #[value(name = "V")]
    Volt,
}

fn rate(text: &str) -> std::result::Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| format!("{text} is not a number of samples per second"))?;
    if rate.is_finite() && rate > 0.0 { Ok(rate) } else { Err("the rate must be above 0".into()) }
}

impl Source {
    /// Reads the recording at a path.
    pub fn open(&self, path: &Path) -> Result<Recording> {
        let mv_per_unit = self.unit.map(|unit| match unit {
            Unit::Microvolt => 0.001,
            Unit::Millivolt => 1.0,
            Unit::Volt => 1000.0,
        });
        formats::open(path, &Hints { rate_hz: self.rate, mv_per_unit })
    }
}

/// Who reads, and what is done before.
#[derive(clap::Args, Default)]
pub struct Reading {
    /// Folder of another model (config.json, weights.safetensors, calibration.json)
    #[arg(long, value_name = "DIR", conflicts_with = "no_model")]
    model: Option<PathBuf>,
    /// Leaves the network out
    #[arg(long)]
    no_model: bool,
    /// Folder of another wave segmenter (config.json, weights.safetensors)
    #[arg(long, value_name = "DIR")]
    segmenter: Option<PathBuf>,
    /// Leaves the denoiser out
    #[arg(long)]
    no_denoise: bool,
}

impl Reading {
    /// As settings of the analysis.
    pub fn settings(&self) -> Settings {
        let model = match (&self.model, self.no_model) {
            (Some(folder), _) => ModelChoice::Folder(folder.clone()),
            (None, true) => ModelChoice::Off,
            (None, false) => ModelChoice::Embedded,
        };
        let on = !self.no_denoise;
        Settings {
            model,
            segmenter: self.segmenter.clone().map_or(ModelChoice::Embedded, ModelChoice::Folder),
            denoise: DenoiseOptions { baseline: on, morlet: on, daubechies: on, ..DenoiseOptions::default() },
        }
    }
}
