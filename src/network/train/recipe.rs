//! The recipe: every number that training depends on, as `recipe.toml` beside the weights holds them.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::optimiser::Pace;

/// Numbers of one training. The defaults are those of the released weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Seed of every random number.
    pub seed: u64,
    /// Passes over the training records.
    pub epochs: usize,
    /// Records of one step.
    pub batch: usize,
    /// Records of one graph; part of the recipe because sums are taken in this grouping.
    pub micro_batch: usize,
    /// Largest learning rate.
    pub learning_rate: f64,
    /// Steps until it is reached.
    pub warm_up_steps: usize,
    /// Smallest learning rate, at the end of the cosine.
    pub least_learning_rate: f64,
    /// AdamW's decay of parameters of two or more dimensions.
    pub weight_decay: f64,
    /// Largest norm of a gradient.
    pub clip: f64,
    /// Largest share of the old average in the averaged weights.
    pub average: f64,
    /// Label smoothing.
    pub smoothing: f64,
    /// Weight of each head in the loss, in the order of the outputs.
    pub head_weights: [f64; 7],
    /// Weight of the penalty for a condition that is more certain than "abnormal".
    pub hierarchy: f64,
    /// Parameter of mixup's beta distribution; 0 = none.
    pub mixup: f64,
    /// Share of the epochs that mix.
    pub mixup_until: f64,
    /// Deviation of the logarithm of the gain, all leads together.
    pub gain_deviation: f64,
    /// Largest white noise, in mV.
    pub noise_mv: f64,
    /// Share of records with noise.
    pub noise_share: f64,
    /// Largest wander, in mV.
    pub wander_mv: f64,
    /// Share of records with wander.
    pub wander_share: f64,
    /// Share of records with one lead silenced.
    pub lead_share: f64,
    /// Share of records with all limb or all chest leads silenced.
    pub half_share: f64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            seed: 1,
            epochs: 48,
            batch: 32,
            micro_batch: 4,
            learning_rate: 1e-3,
            warm_up_steps: 60,
            least_learning_rate: 1e-5,
            weight_decay: 0.03,
            clip: 1.0,
            average: 0.99,
            smoothing: 0.05,
            head_weights: [1.0, 1.0, 1.0, 1.0, 0.2, 1.0, 0.5],
            hierarchy: 0.1,
            mixup: 0.2,
            mixup_until: 0.75,
            gain_deviation: 0.08,
            noise_mv: 0.03,
            noise_share: 0.7,
            wander_mv: 0.075,
            wander_share: 0.5,
            lead_share: 0.3,
            half_share: 0.05,
        }
    }
}

impl Recipe {
    /// Learning rate of a step, counted from 1: a linear start, then half a cosine.
    pub fn rate_at(&self, step: usize, steps: usize) -> f64 {
        let part = warm_cosine(step, self.warm_up_steps, steps);
        (self.learning_rate * part).max(self.least_learning_rate)
    }

    /// Share of the old average after a step, counted from 1.
    pub fn average_at(&self, step: usize) -> f64 {
        (1.0 - 1.0 / (1.0 + step as f64 / 10.0)).min(self.average)
    }

    /// What a step, counted from 1, needs.
    pub(super) fn pace(&self, step: usize, steps: usize) -> Pace {
        Pace {
            rate: self.rate_at(step, steps),
            weight_decay: self.weight_decay,
            clip: self.clip,
            kept: self.average_at(step),
        }
    }

    /// Does this epoch, counted from 0, mix records?
    pub fn mixes(&self, epoch: usize) -> bool {
        self.mixup > 0.0 && (epoch as f64) < self.epochs as f64 * self.mixup_until
    }

    /// The text of `recipe.toml`.
    ///
    /// # Errors
    /// A seed beyond what TOML can hold.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|e| Error::model("the recipe cannot be written").because(e))
    }

    /// Reads `recipe.toml`.
    ///
    /// # Errors
    /// Not TOML, unknown or missing fields.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|e| Error::model("the recipe cannot be read").because(e))
    }
}

/// Part of the largest learning rate at a step, counted from 1: a linear start, then half a cosine.
pub(in crate::network) fn warm_cosine(step: usize, warm_up_steps: usize, steps: usize) -> f64 {
    let warm = (step as f64 / warm_up_steps.max(1) as f64).min(1.0);
    warm * (0.5 + 0.5 * (std::f64::consts::PI * step as f64 / steps as f64).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_its_file() {
        let recipe = Recipe { seed: 7, ..Recipe::default() };
        assert_eq!(Recipe::parse(&recipe.to_toml().unwrap()).unwrap(), recipe);
    }

    #[test]
    fn the_rate_rises_then_falls() {
        let recipe = Recipe::default();
        let rates: Vec<f64> = (1..=3000).map(|step| recipe.rate_at(step, 3000)).collect();
        assert!(rates[0] < 2e-5 && rates[59] > 9.9e-4 && rates[1500] < 5.1e-4);
        assert_eq!(rates[2999], 1e-5);
        assert!(rates[60..].windows(2).all(|pair| pair[1] <= pair[0]));
    }
}
