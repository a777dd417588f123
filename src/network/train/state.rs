//! What a training keeps at the end of each epoch, so that it can go on as if it had never stopped, and the weights that it leaves
//! in the model's folder. What else is kept is the training's own.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::network::weights::{self, Parameter};

use super::optimiser::Optimiser;

const STATE: &str = "state.safetensors";
const SAVED: &str = "state.json";

/// Writes a file of the folder; a stop in the middle leaves the old one whole.
pub(in crate::network) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let beside = folder.join(format!("{name}.new"));
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, folder.join(name)))
        .map_err(|e| Error::write(format!("{name} cannot be written")).in_file(folder.display().to_string()).because(e))
}

/// Saves the end of an epoch: the optimiser's numbers, and what the training itself keeps.
pub(in crate::network) fn save(folder: &Path, optimiser: &Optimiser, saved: &impl Serialize) -> Result<()> {
    let shape = [optimiser.weights.len()];
    // a step number up to 2^24 is exact
    let step = [optimiser.step as f32];
    let bytes = weights::serialise([
        ("step", &[1][..], &step[..]),
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
pub(in crate::network) fn load<T: DeserializeOwned>(folder: &Path) -> Result<Option<(Optimiser, T)>> {
    let (state, saved) = (folder.join(STATE), folder.join(SAVED));
    if !state.exists() || !saved.exists() {
        return Ok(None);
    }
    let saved: T = serde_json::from_slice(&std::fs::read(saved)?)
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
        step: take("step")?.first().map_or(0, |step| *step as usize),
    };
    Ok(Some((optimiser, saved)))
}

/// Writes the averaged weights by name.
pub(in crate::network) fn write_weights(folder: &Path, average: &[f32], parameters: &[Parameter]) -> Result<()> {
    let mut tensors = Vec::with_capacity(parameters.len());
    let mut from = 0;
    for Parameter { name, var } in parameters {
        tensors.push((name.as_str(), var.dims(), &average[from..from + var.elem_count()]));
        from += var.elem_count();
    }
    write(folder, "weights.safetensors", &weights::serialise(tensors)?)
}
