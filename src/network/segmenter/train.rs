//! The segmenter's training loop: draw a distorted copy of each example, cross-entropy over the samples that somebody has marked, AdamW,
//! averaged weights. One graph a copy, on as many threads as there are; the numbers do not depend on their number.

use std::path::Path;
use std::time::Instant;

use candle_core::{Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::network::ops::with_values;
use crate::network::train::augment::permutation;
use crate::network::train::in_order;
use crate::network::train::optimiser::{Optimiser, Pace, gather, scatter};
use crate::network::train::recipe::warm_cosine;
use crate::network::train::state;
use crate::network::weights::{Parameter, Weights};

use super::distort::{Copy, copy, plain};
use super::examples::{CLASSES, Example, UNKNOWN};
use super::input::VALUES;
use super::net::Net;
use super::sizes::Sizes;

/// Every number that the training depends on, as `recipe.toml` beside the weights holds them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Seed of every random number.
    pub seed: u64,
    /// Passes over the training examples.
    pub epochs: usize,
    /// Copies of one step.
    pub batch: usize,
    /// Largest learning rate.
    pub learning_rate: f64,
    /// Steps until it is reached.
    pub warm_up_steps: usize,
    /// AdamW's decay.
    pub weight_decay: f64,
    /// Largest norm of a gradient.
    pub clip: f64,
    /// Largest share of the old average in the averaged weights.
    pub average: f64,
    /// Weight of each class in the loss: none, P, QRS, T.
    pub class_weights: [f64; CLASSES],
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            seed: 1,
            epochs: 110,
            batch: 8,
            learning_rate: 4e-3,
            warm_up_steps: 100,
            weight_decay: 0.01,
            clip: 1.0,
            average: 0.995,
            class_weights: [1.0, 1.5, 1.5, 1.0],
        }
    }
}

impl Recipe {
    /// Reads `recipe.toml`.
    ///
    /// # Errors
    /// Not TOML, unknown or missing fields.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|e| Error::model("the recipe cannot be read").because(e))
    }

    fn weight(&self, label: u8) -> f64 {
        if label == UNKNOWN { 0.0 } else { self.class_weights[usize::from(label)] }
    }

    fn pace(&self, step: usize, steps: usize) -> Pace {
        Pace {
            rate: self.learning_rate * warm_cosine(step, self.warm_up_steps, steps) + 1e-6,
            weight_decay: self.weight_decay,
            clip: self.clip,
            kept: (1.0 - 1.0 / (1.0 + step as f64 / 10.0)).min(self.average),
        }
    }
}

/// One line of the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
    /// From 1.
    pub epoch: usize,
    /// Mean loss of the steps.
    pub loss: f64,
    /// Share of P, QRS and T samples on which mark and network agree (Dice), on the selection examples; `None` where there are none.
    pub dice: [Option<f64>; 3],
    /// Wall time.
    pub seconds: f64,
}

/// Where the training stands, for a progress bar.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Steps done, of all epochs.
    pub step: usize,
    /// Steps of the whole training.
    pub steps: usize,
    /// Mean loss of this epoch so far.
    pub loss: f64,
    /// Set at the end of an epoch.
    pub ended: Option<&'a EpochRow>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Saved {
    curve: Vec<EpochRow>,
    sizes: Sizes,
    recipe: Recipe,
}

fn stream(seed: u64, purpose: u64, step: usize, slot: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(purpose << 56 | (step as u64) << 16 | slot as u64);
    rng
}

/// Trains on `examples`, scores on `selection` (may be empty) after each epoch, and leaves the model of that epoch in `folder`.
/// With `resume`, goes on from the last saved epoch of the same sizes and recipe.
///
/// # Errors
/// Too few examples; a folder that cannot be written; a saved state of another training.
pub fn train(
    sizes: &Sizes,
    recipe: &Recipe,
    (examples, selection): (&[Example], &[Example]),
    (folder, threads, resume): (&Path, usize, bool),
    progress: &mut dyn FnMut(Moment<'_>),
) -> Result<Vec<EpochRow>> {
    let draws: Vec<&Example> =
        examples.iter().flat_map(|example| std::iter::repeat_n(example, example.draws)).collect();
    let per_epoch = draws.len() / recipe.batch.max(1);
    if per_epoch == 0 || draws.iter().any(|example| example.leads() == 0 || example.samples() < 64) {
        return Err(Error::missing(format!("{} examples are too few or too short to train on", draws.len())));
    }
    std::fs::create_dir_all(folder)?;
    let (net, parameters) = Net::new(Weights::drawn(recipe.seed), sizes)?;
    let (average_net, average_parameters) = Net::new(Weights::drawn(recipe.seed), sizes)?;
    debug_assert!(gather(&parameters).is_ok());
    let mut optimiser = Optimiser::new(&parameters)?;
    let mut saved = Saved { curve: Vec::new(), sizes: sizes.clone(), recipe: recipe.clone() };
    if resume && let Some((found, kept)) = state::load::<Saved>(folder)? {
        if kept.sizes != *sizes || kept.recipe != *recipe || found.weights.len() != optimiser.weights.len() {
            return Err(Error::model("the folder holds the state of another training").cure("choose a new folder"));
        }
        (optimiser, saved) = (found, kept);
        scatter(&optimiser.weights, &parameters)?;
    }
    let steps = per_epoch * recipe.epochs;
    for epoch in saved.curve.len()..recipe.epochs {
        let started = Instant::now();
        let order = permutation(draws.len(), &mut stream(recipe.seed, 1, epoch, 0));
        let mut total = 0.0;
        for (done, batch) in order.chunks_exact(recipe.batch).enumerate() {
            let step = optimiser.step;
            let copies = in_order(threads, batch.len(), |slot| {
                copy(draws[batch[slot]], &mut stream(recipe.seed, 2, step, slot))
            });
            let weight = |copy: &Copy| -> f64 { copy.labels.iter().map(|label| recipe.weight(*label)).sum() };
            let whole: f64 = copies.iter().map(weight).sum::<f64>().max(1.0);
            let parts = in_order(threads, copies.len(), |slot| part(&net, &parameters, recipe, &copies[slot], whole));
            let mut sum = (0.0, vec![0.0_f32; optimiser.weights.len()]);
            for part in parts {
                let (loss, grad) = part.map_err(|e| Error::model("a step of the training failed").because(e))?;
                sum.0 += loss;
                sum.1.iter_mut().zip(&grad).for_each(|(a, b)| *a += b);
            }
            if !sum.0.is_finite() {
                return Err(Error::model(format!("the loss is no number at step {step}")));
            }
            optimiser.step(&sum.1, &parameters, recipe.pace(step + 1, steps));
            scatter(&optimiser.weights, &parameters)?;
            total += sum.0;
            progress(Moment { step: optimiser.step, steps, loss: total / (done + 1) as f64, ended: None });
        }
        scatter(&optimiser.average, &average_parameters)?;
        let loss = total / per_epoch as f64;
        let dice = score(&average_net, selection, threads)?;
        saved.curve.push(EpochRow { epoch: epoch + 1, loss, dice, seconds: started.elapsed().as_secs_f64() });
        state::save(folder, &optimiser, &saved)?;
        state::write_weights(folder, &optimiser.average, &parameters)?;
        state::write(folder, "config.json", sizes.to_json().as_bytes())?;
        let text = toml::to_string(recipe).map_err(|e| Error::model("the recipe cannot be written").because(e))?;
        state::write(folder, "recipe.toml", text.as_bytes())?;
        state::write(folder, "curve.csv", curve_csv(&saved.curve).as_bytes())?;
        progress(Moment { step: optimiser.step, steps, loss, ended: saved.curve.last() });
    }
    Ok(saved.curve)
}

/// Loss of one copy as its part of the batch's weighted mean, and the gradient of all parameters in one row.
fn part(
    net: &Net,
    parameters: &[Parameter],
    recipe: &Recipe,
    copy: &Copy,
    whole: f64,
) -> candle_core::Result<(f64, Vec<f32>)> {
    let logits = forward(net, copy)?;
    let (mut loss, mut slopes) = (0.0, vec![0.0_f32; copy.labels.len() * CLASSES]);
    with_values(&logits, |logits| {
        let rows = logits.chunks_exact(CLASSES).zip(slopes.chunks_exact_mut(CLASSES));
        for ((row, slopes), label) in rows.zip(&copy.labels) {
            let weight = recipe.weight(*label) / whole;
            if weight == 0.0 {
                continue;
            }
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let parts: [f32; CLASSES] = std::array::from_fn(|class| (row[class] - top).exp());
            let sum: f32 = parts.iter().sum();
            loss -= weight * f64::from(row[usize::from(*label)] - top - sum.ln());
            for (class, slope) in slopes.iter_mut().enumerate() {
                let wanted = f32::from(u8::from(class == usize::from(*label)));
                *slope = weight as f32 * (parts[class] / sum - wanted);
            }
        }
    })?;
    // the slope of sum(logits x slopes) in every parameter is that of the loss
    let slopes = Tensor::from_vec(slopes, logits.shape(), &Device::Cpu)?;
    let grads = (logits * slopes)?.sum_all()?.backward()?;
    let mut row = Vec::new();
    for Parameter { name, var } in parameters {
        match grads.get(var) {
            Some(grad) => with_values(grad, |values| row.extend_from_slice(values))?,
            None => candle_core::bail!("{name} has no gradient"),
        }
    }
    Ok((loss, row))
}

fn forward(net: &Net, copy: &Copy) -> candle_core::Result<Tensor> {
    let x = Tensor::from_slice(&copy.values, (copy.leads, copy.samples, VALUES), &Device::Cpu)?;
    net.forward(&x)
}

/// Dice of P, QRS and T over the marked samples.
fn score(net: &Net, selection: &[Example], threads: usize) -> Result<[Option<f64>; 3]> {
    let counts = in_order(threads, selection.len(), |index| -> candle_core::Result<[[f64; 2]; 3]> {
        let copy = plain(&selection[index]);
        let mut counts = [[0.0; 2]; 3]; // both, either (counted twice where both)
        with_values(&forward(net, &copy)?, |logits| {
            for (row, label) in logits.chunks_exact(CLASSES).zip(&copy.labels).filter(|(_, label)| **label != UNKNOWN) {
                let best = (1..CLASSES).fold(0, |best, class| if row[class] > row[best] { class } else { best });
                for (class, count) in counts.iter_mut().enumerate() {
                    let (said, true_) = (best == class + 1, usize::from(*label) == class + 1);
                    count[0] += f64::from(u8::from(said && true_));
                    count[1] += f64::from(u8::from(said)) + f64::from(u8::from(true_));
                }
            }
        })?;
        Ok(counts)
    });
    let mut sum = [[0.0; 2]; 3];
    for counts in counts {
        let counts = counts.map_err(|e| Error::model("the selection examples cannot be read").because(e))?;
        for (sum, count) in sum.iter_mut().zip(counts) {
            sum[0] += count[0];
            sum[1] += count[1];
        }
    }
    Ok(sum.map(|[both, either]| (either > 0.0).then(|| 2.0 * both / either)))
}

fn curve_csv(curve: &[EpochRow]) -> String {
    let mut text = String::from("epoch,loss,dice_p,dice_qrs,dice_t,seconds\n");
    for row in curve {
        let dice: Vec<String> = row.dice.iter().map(|dice| dice.map_or(String::new(), |d| format!("{d:.4}"))).collect();
        text += &format!("{},{:.5},{},{:.1}\n", row.epoch, row.loss, dice.join(","), row.seconds);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::examples::Class;
    use super::*;

    /// Beats of two widths: the narrow one is QRS, the broad one after it T.
    fn examples(count: usize) -> Vec<Example> {
        let one = |number: usize| {
            let rr_s = 0.7 + 0.02 * number as f64;
            let beats: Vec<f64> = (0..8).map(|beat| 0.4 + rr_s * f64::from(beat)).collect();
            let wave = |time_s: f64, half_s: f64| (1.0 - time_s.abs() / half_s).max(0.0) as f32;
            let height = |t: f64| beats.iter().map(|b| wave(t - b, 0.04) + 0.4 * wave(t - b - 0.3, 0.1)).sum::<f32>();
            let samples: Vec<f32> = (0..1600).map(|index| height(f64::from(index) / 250.0)).collect();
            let marks: Vec<_> = beats
                .iter()
                .flat_map(|b| [(Some(Class::Qrs), b - 0.04, b + 0.04), (Some(Class::T), b + 0.2, b + 0.4)])
                .collect();
            let mut example = Example::new(beats.clone(), 1);
            assert!(example.push(&samples, 250.0, &[(0.0, 6.0)], &marks));
            example
        };
        (0..count).map(one).collect()
    }

    fn run(folder: &Path, epochs: usize, threads: usize, resume: bool) -> Vec<EpochRow> {
        let sizes = Sizes { channels: [4, 6, 6, 8], taps: [3, 3, 3, 3], ..Sizes::v1() };
        let recipe =
            Recipe { epochs, batch: 4, warm_up_steps: 3, learning_rate: 2e-2, average: 0.5, ..Recipe::default() };
        let (some, few) = (examples(8), examples(2));
        train(&sizes, &recipe, (&some, &few), (folder, threads, resume), &mut |_| ()).unwrap()
    }

    #[test]
    fn learns_and_does_not_depend_on_threads() {
        let (one, three) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let curve = run(one.path(), 120, 1, false);
        run(three.path(), 120, 3, false);
        let weights = |folder: &Path| std::fs::read(folder.join("weights.safetensors")).unwrap();
        assert_eq!(weights(one.path()), weights(three.path()));
        let last = curve.last().unwrap();
        assert!(last.dice[1].is_some_and(|dice| dice > 0.8) && last.dice[2].is_some_and(|dice| dice > 0.8), "{last:?}");
        assert_eq!(run(one.path(), 120, 2, true).len(), curve.len(), "a finished training has nothing left to do");
        assert_eq!(weights(one.path()), weights(three.path()));
    }

    #[test]
    fn too_few_examples_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let few = examples(2);
        let result = train(&Sizes::v1(), &Recipe::default(), (&few, &[]), (folder.path(), 1, false), &mut |_| ());
        assert!(result.unwrap_err().to_string().contains("too few"));
    }
}
