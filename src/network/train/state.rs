//! What a training keeps at the end of each epoch, so that it can go on as if it had never stopped, and what it leaves
//! in the model's folder: weights, sizes, recipe, curve.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::network::config::Config;
use crate::network::weights::{self, Parameter};

use super::optimiser::Optimiser;
use super::recipe::Recipe;

/// One line of the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
    /// From 1.
    pub epoch: usize,
    /// Mean loss of the steps.
    pub loss: f64,
    /// Largest norm of a gradient before clipping.
    pub largest_gradient: f64,
    /// Mean AUROC of the five scored heads on the selection records, averaged weights.
    pub macro_auroc: f64,
    /// AUROC of each head, in the order of the outputs; `None` where one class is missing.
    pub auroc: Vec<Option<f64>>,
    /// Wall time.
    pub seconds: f64,
}

/// Everything besides the numbers of [`Optimiser`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Saved {
    pub step: usize,
    pub curve: Vec<EpochRow>,
    pub config: Config,
    pub recipe: Recipe,
}

const STATE: &str = "state.safetensors";
const SAVED: &str = "state.json";

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    // beside, then over: a stop in the middle leaves the old file whole
    let beside = folder.join(format!("{name}.new"));
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, folder.join(name)))
        .map_err(|e| Error::write(format!("{name} cannot be written")).in_file(folder.display().to_string()).because(e))
}

/// Saves the end of an epoch.
pub(super) fn save(folder: &Path, optimiser: &Optimiser, saved: &Saved) -> Result<()> {
    let shape = [optimiser.weights.len()];
    let bytes = weights::serialise([
        ("weights", &shape[..], &optimiser.weights[..]),
        ("average", &shape, &optimiser.average),
        ("first", &shape, &optimiser.first),
        ("second", &shape, &optimiser.second),
    ])?;
    write(folder, STATE, &bytes)?;
    let text = serde_json::to_string_pretty(saved).map_err(|e| Error::write("the state cannot be told").because(e))?;
    write(folder, SAVED, text.as_bytes())
}

/// The end of the last epoch in this folder; `None` where none was saved.
pub(super) fn load(folder: &Path) -> Result<Option<(Optimiser, Saved)>> {
    let (state, saved) = (folder.join(STATE), folder.join(SAVED));
    if !state.exists() || !saved.exists() {
        return Ok(None);
    }
    let saved: Saved = serde_json::from_slice(&std::fs::read(saved)?)
        .map_err(|e| Error::model("the saved state cannot be read").in_file(SAVED).because(e))?;
    let mut found = weights::parse(&std::fs::read(state)?)?;
    let mut take = |name: &str| {
        found.remove(name).map(|(_, values)| values).ok_or_else(|| Error::model(format!("{STATE} holds no {name}")))
    };
    let optimiser = Optimiser {
        weights: take("weights")?,
        average: take("average")?,
        first: take("first")?,
        second: take("second")?,
        step: saved.step,
    };
    Ok(Some((optimiser, saved)))
}

/// Writes the model: averaged weights by name, sizes, recipe, curve.
pub(super) fn write_model(folder: &Path, average: &[f32], parameters: &[Parameter], saved: &Saved) -> Result<()> {
    let mut tensors = Vec::with_capacity(parameters.len());
    let mut from = 0;
    for Parameter { name, var } in parameters {
        tensors.push((name.as_str(), var.dims(), &average[from..from + var.elem_count()]));
        from += var.elem_count();
    }
    write(folder, "weights.safetensors", &weights::serialise(tensors)?)?;
    write(folder, "config.json", saved.config.to_json().as_bytes())?;
    write(folder, "recipe.toml", saved.recipe.to_toml()?.as_bytes())?;
    write(folder, "curve.csv", curve_csv(&saved.curve, &saved.config).as_bytes())
}

fn curve_csv(curve: &[EpochRow], config: &Config) -> String {
    let mut text = format!("epoch,loss,largest_gradient,macro_of_five,{},seconds\n", config.outputs.join(","));
    for row in curve {
        let heads: Vec<String> =
            row.auroc.iter().map(|auroc| auroc.map_or(String::new(), |auroc| format!("{auroc:.4}"))).collect();
        let _ = writeln!(
            text,
            "{},{:.5},{:.3},{:.4},{},{:.1}",
            row.epoch,
            row.loss,
            row.largest_gradient,
            row.macro_auroc,
            heads.join(","),
            row.seconds
        );
    }
    text
}
