//! The loop. A step: augment 32 records, mix them, eight graphs of four records on as many threads as there are, their
//! gradients summed in order, clip, AdamW, average. The numbers do not depend on the number of threads.

use std::path::Path;
use std::time::Instant;

use candle_core::{Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};
use crate::network::config::{Config, HEADS, LEADS};
use crate::network::dropout::Dropout;
use crate::network::figures;
use crate::network::net::Net;
use crate::network::ops::with_values;
use crate::network::weights::{Parameter, Weights};

use super::augment::{Mix, augment, permutation};
use super::curve::{EpochRow, Saved, curve_csv};
use super::examples::Examples;
use super::loss::Loss;
use super::optimiser::{Optimiser, gather, scatter};
use super::parallel::in_order;
use super::recipe::Recipe;
use super::state;

/// Where the training stands, for a progress bar.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Steps done, of all epochs.
    pub step: usize,
    /// Steps of the whole training.
    pub steps: usize,
    /// Mean loss of this epoch so far.
    pub loss: f64,
    /// Set at the end of an epoch.
    pub ended: Option<&'a EpochRow>,
}

/// What random numbers are for; each purpose, step and record has a stream of its own.
#[derive(Clone, Copy)]
enum Purpose {
    Order = 1,
    Augment = 2,
    Mix = 3,
    Dropout = 4,
}

fn stream(seed: u64, purpose: Purpose, step: usize, slot: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream((purpose as u64) << 56 | (step as u64) << 16 | slot as u64);
    rng
}

/// Trains on `records`, scores on `selection` after each epoch, and leaves the model of that epoch in `folder`.
/// With `resume`, goes on from the last saved epoch of the same sizes and recipe.
///
/// # Errors
/// Examples that do not fit the sizes; a folder that cannot be written; a saved state of another training.
pub fn train(
    config: &Config,
    recipe: &Recipe,
    (records, selection): (&Examples, &Examples),
    (folder, threads, resume): (&Path, usize, bool),
    progress: &mut dyn FnMut(Moment<'_>),
) -> Result<Vec<EpochRow>> {
    records.check(config.samples, recipe.batch)?;
    selection.check(config.samples, 1)?;
    std::fs::create_dir_all(folder)?;
    let (net, parameters) = Net::new(Weights::drawn(recipe.seed), config)?;
    let (average_net, average_parameters) = Net::new(Weights::drawn(recipe.seed), config)?;
    let shares = records.shares();
    let mut optimiser = start(&parameters, &shares)?;
    let mut saved = Saved { curve: Vec::new(), config: config.clone(), recipe: recipe.clone() };
    if resume && let Some((found, state)) = state::load::<Saved>(folder)? {
        if state.config != *config || state.recipe != *recipe || found.weights.len() != optimiser.weights.len() {
            return Err(Error::model("the folder holds the state of another training").cure("choose a new folder"));
        }
        (optimiser, saved) = (found, state);
        scatter(&optimiser.weights, &parameters)?;
    }
    let per_epoch = records.len() / recipe.batch;
    let steps = per_epoch * recipe.epochs;
    let lesson =
        Lesson { net: &net, parameters: &parameters, config, recipe, records, loss: Loss::new(recipe, &shares) };
    for epoch in saved.curve.len()..recipe.epochs {
        let started = Instant::now();
        let order = permutation(records.len(), &mut stream(recipe.seed, Purpose::Order, epoch, 0));
        let (mut total, mut largest) = (0.0, 0.0_f64);
        for (done, batch) in order.chunks_exact(recipe.batch).enumerate() {
            let (loss, grad) = lesson.step(epoch, optimiser.step, batch, threads)?;
            if !loss.is_finite() {
                return Err(Error::model(format!("the loss is no number at step {}", optimiser.step)));
            }
            let pace = recipe.pace(optimiser.step + 1, steps);
            largest = largest.max(optimiser.step(&grad, &parameters, pace));
            scatter(&optimiser.weights, &parameters)?;
            total += loss;
            let mean = total / (done + 1) as f64;
            progress(Moment { epoch: epoch + 1, step: optimiser.step, steps, loss: mean, ended: None });
        }
        scatter(&optimiser.average, &average_parameters)?;
        let auroc = score(&average_net, selection, threads)?;
        saved.curve.push(EpochRow {
            epoch: epoch + 1,
            loss: total / per_epoch as f64,
            largest_gradient: largest,
            macro_auroc: figures::macro_of_five(&auroc).unwrap_or(f64::NAN),
            auroc: auroc.to_vec(),
            seconds: started.elapsed().as_secs_f64(),
        });
        state::save(folder, &optimiser, &saved)?;
        state::write_weights(folder, &optimiser.average, &parameters)?;
        state::write(folder, "config.json", config.to_json().as_bytes())?;
        state::write(folder, "recipe.toml", recipe.to_toml()?.as_bytes())?;
        state::write(folder, "curve.csv", curve_csv(&saved.curve, config).as_bytes())?;
        let loss = total / per_epoch as f64;
        progress(Moment { epoch: epoch + 1, step: optimiser.step, steps, loss, ended: saved.curve.last() });
    }
    Ok(saved.curve)
}

/// First state: the heads' biases are the log odds of the training share.
fn start(parameters: &[Parameter], shares: &[f64; HEADS]) -> Result<Optimiser> {
    let odds: Vec<f32> = shares.iter().map(|share| (share / (1.0 - share)).ln() as f32).collect();
    if let Some(bias) = parameters.iter().find(|parameter| parameter.name == "head.bias") {
        Tensor::from_vec(odds, HEADS, &Device::Cpu)
            .and_then(|odds| bias.var.set(&odds))
            .map_err(|e| Error::model("the heads' biases cannot be set").because(e))?;
    }
    debug_assert!(gather(parameters).is_ok());
    Optimiser::new(parameters)
}

/// What every step needs.
struct Lesson<'a> {
    net: &'a Net,
    parameters: &'a [Parameter],
    config: &'a Config,
    recipe: &'a Recipe,
    records: &'a Examples,
    loss: Loss,
}

impl Lesson<'_> {
    /// Mean loss of a batch and its gradient, all parameters in one row.
    fn step(&self, epoch: usize, step: usize, batch: &[usize], threads: usize) -> Result<(f64, Vec<f32>)> {
        let recipe = self.recipe;
        let inputs = in_order(threads, batch.len(), |slot| {
            let mut rng = stream(recipe.seed, Purpose::Augment, step, slot);
            augment(self.records.input(batch[slot]), recipe, self.config.rate_hz, &mut rng)
        });
        let mix = if recipe.mixes(epoch) {
            Mix::draw(recipe.mixup, batch.len(), &mut stream(recipe.seed, Purpose::Mix, step, 0))
        } else {
            Mix::none(batch.len())
        };
        let parts = in_order(threads, batch.len().div_ceil(recipe.micro_batch), |part| {
            let slots = part * recipe.micro_batch..((part + 1) * recipe.micro_batch).min(batch.len());
            let rng = stream(recipe.seed, Purpose::Dropout, step, part);
            self.part(&inputs, batch, slots, &mix, Dropout::On(Box::new(rng)))
        });
        let mut sum: Option<(f64, Vec<f32>)> = None;
        for part in parts {
            let (loss, grad) = part.map_err(|e| Error::model("a step of the training failed").because(e))?;
            match &mut sum {
                None => sum = Some((loss, grad)),
                Some((total, row)) => {
                    *total += loss;
                    row.iter_mut().zip(&grad).for_each(|(a, b)| *a += b);
                }
            }
        }
        sum.ok_or_else(|| Error::model("a batch without records"))
    }

    /// Loss and gradient of a few slots of the batch.
    fn part(
        &self,
        inputs: &[Vec<f32>],
        batch: &[usize],
        slots: std::ops::Range<usize>,
        mix: &Mix,
        mut dropout: Dropout,
    ) -> candle_core::Result<(f64, Vec<f32>)> {
        let (own, other) = (mix.own, 1.0 - mix.own);
        let (mut x, mut targets) = (Vec::with_capacity(slots.len() * inputs[0].len()), Vec::new());
        for slot in slots.clone() {
            let partner = mix.partner[slot];
            x.extend(inputs[slot].iter().zip(&inputs[partner]).map(|(a, b)| own * a + other * b));
            let (a, b) = (&self.records.targets[batch[slot]], &self.records.targets[batch[partner]]);
            let smooth = self.recipe.smoothing as f32;
            targets.push(std::array::from_fn::<f32, HEADS, _>(|head| {
                (own * a[head] + other * b[head]) * (1.0 - smooth) + 0.5 * smooth
            }));
        }
        let x = Tensor::from_vec(x, (slots.len(), LEADS, self.config.samples), &Device::Cpu)?;
        let logits = self.net.forward(&x, &mut dropout, None)?;
        let (mut loss, mut slopes) = (0.0, Vec::with_capacity(slots.len() * HEADS));
        with_values(&logits, |logits| {
            for (logits, targets) in logits.chunks_exact(HEADS).zip(&targets) {
                let (part, slope) = self.loss.of_record(logits, targets, batch.len());
                loss += part;
                slopes.extend(slope);
            }
        })?;
        // the slope of sum(logits x slopes) in every parameter is that of the loss
        let slopes = Tensor::from_vec(slopes, logits.shape(), &Device::Cpu)?;
        let grads = (logits * slopes)?.sum_all()?.backward()?;
        let mut row = Vec::new();
        for Parameter { name, var } in self.parameters {
            match grads.get(var) {
                Some(grad) => with_values(grad, |values| row.extend_from_slice(values))?,
                None => candle_core::bail!("{name} has no gradient"),
            }
        }
        Ok((loss, row))
    }
}

/// AUROC of each head.
fn score(net: &Net, records: &Examples, threads: usize) -> Result<[Option<f64>; HEADS]> {
    let logits = in_order(threads, records.len(), |record| {
        let x = Tensor::from_slice(records.input(record), (1, LEADS, records.samples), &Device::Cpu)?;
        with_values(&net.forward(&x, &mut Dropout::Off, None)?, <[f32]>::to_vec)
    });
    let logits: Vec<Vec<f32>> = logits
        .into_iter()
        .collect::<candle_core::Result<_>>()
        .map_err(|e| Error::model("the selection records cannot be read").because(e))?;
    Ok(std::array::from_fn(|head| {
        let scores: Vec<f64> = logits.iter().map(|row| f64::from(row[head])).collect();
        let labels: Vec<bool> = records.labels.iter().map(|label| label[head] > 0.5).collect();
        figures::auroc(&labels, &scores)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two kinds of records that differ in the rate of a sine.
    fn examples(count: usize) -> Examples {
        let mut examples = Examples { samples: 200, ..Examples::default() };
        for record in 0..count {
            let label = (record % 2) as f32;
            let input: Vec<f32> =
                (0..LEADS * 200).map(|i| ((i % 200) as f32 * (0.1 + 0.3 * label) + record as f32).sin()).collect();
            examples.push(&input, [label; HEADS], [label; HEADS]);
        }
        examples
    }

    fn recipe(epochs: usize) -> Recipe {
        Recipe { epochs, batch: 8, micro_batch: 3, warm_up_steps: 2, learning_rate: 5e-3, ..Recipe::default() }
    }

    fn run(folder: &Path, recipe: &Recipe, threads: usize, resume: bool, stop: Option<usize>) -> Result<Vec<EpochRow>> {
        let (records, selection) = (examples(26), examples(9));
        // a stop is a panic in the middle of an epoch, as a power cut would be
        let mut watch = |moment: Moment<'_>| assert!(stop != Some(moment.step), "stopped");
        train(&Config::tiny(), recipe, (&records, &selection), (folder, threads, resume), &mut watch)
    }

    fn weights(folder: &Path) -> Vec<u8> {
        std::fs::read(folder.join("weights.safetensors")).unwrap()
    }

    #[test]
    fn learns_and_does_not_depend_on_threads() {
        let (one, three) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let curve = run(one.path(), &recipe(12), 1, false, None).unwrap();
        run(three.path(), &recipe(12), 3, false, None).unwrap();
        assert_eq!(weights(one.path()), weights(three.path()));
        assert!(curve[11].loss < curve[0].loss, "{curve:?}");
        assert!(curve[11].macro_auroc > 0.95, "{curve:?}");
    }

    #[test]
    fn goes_on_bit_for_bit_after_a_stop() {
        let (whole, broken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        run(whole.path(), &recipe(3), 2, false, None).unwrap();
        let stopped = std::panic::catch_unwind(|| run(broken.path(), &recipe(3), 2, false, Some(5)));
        assert!(stopped.is_err() && weights(broken.path()) != weights(whole.path()));
        run(broken.path(), &recipe(3), 2, true, None).unwrap();
        assert_eq!(weights(whole.path()), weights(broken.path()));
    }

    #[test]
    fn another_recipe_does_not_resume() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &recipe(1), 1, false, None).unwrap();
        assert!(run(folder.path(), &recipe(2), 1, true, None).is_err());
    }

    #[test]
    fn too_few_records_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (few, some) = (examples(3), examples(4));
        let result = train(&Config::tiny(), &recipe(1), (&few, &some), (folder.path(), 1, false), &mut |_| ());
        assert!(result.unwrap_err().to_string().contains("too few"));
    }
}
