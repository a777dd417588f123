//! Loss of a batch and its slope in every logit, in plain numbers: weighted cross-entropy a head, and the paper's two
//! steps as a penalty: a condition should not be more certain than "abnormal".

use crate::network::config::HEADS;

use super::recipe::Recipe;

/// The heads that the hierarchy holds below "abnormal": arrhythmia, conduction, infarction, hypertrophy.
const BELOW_ABNORMAL: [usize; 4] = [1, 2, 3, 5];

/// Weights that depend on the training records.
pub(super) struct Loss {
    positive: [f64; HEADS],
    head: [f64; HEADS],
    hierarchy: f64,
}

impl Loss {
    /// `shares`: share of positive records per head.
    pub fn new(recipe: &Recipe, shares: &[f64; HEADS]) -> Self {
        Self {
            positive: shares.map(|share| ((1.0 - share) / share).sqrt().clamp(1.0, 6.0)),
            head: recipe.head_weights,
            hierarchy: recipe.hierarchy,
        }
    }

    /// Part of one record in the mean loss of a batch of `batch` records, and the slope in its logits.
    pub fn of_record(&self, logits: &[f32], targets: &[f32; HEADS], batch: usize) -> (f64, [f32; HEADS]) {
        let share = 1.0 / (batch * HEADS) as f64;
        let (mut loss, mut slope) = (0.0, [0.0_f64; HEADS]);
        for head in 0..HEADS {
            let (z, t) = (f64::from(logits[head]), f64::from(targets[head]));
            let weight = 1.0 + (self.positive[head] - 1.0) * t;
            let below = (-z.abs()).exp().ln_1p() + (-z).max(0.0); // log(1 + e^-z)
            let missing = 1.0 / (1.0 + z.exp());
            loss += self.head[head] * ((1.0 - t) * z + weight * below) * share;
            slope[head] += self.head[head] * ((1.0 - t) - weight * missing) * share;
        }
        let share = self.hierarchy / (batch * BELOW_ABNORMAL.len()) as f64;
        for head in BELOW_ABNORMAL {
            let over = (f64::from(logits[head]) - f64::from(logits[0])).max(0.0);
            loss += share * over * over;
            slope[head] += 2.0 * share * over;
            slope[0] -= 2.0 * share * over;
        }
        (loss, slope.map(|v| v as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss() -> Loss {
        Loss::new(&Recipe::default(), &[0.6, 0.1, 0.2, 0.25, 0.003, 0.1, 0.4])
    }

    #[test]
    fn the_slope_is_that_of_the_loss() {
        let logits = [0.3, 1.2, -2.0, 0.1, -4.0, 0.9, 0.0_f32];
        let targets = [0.975, 0.025, 0.7375, 0.4, 0.025, 0.975, 0.5];
        let (_, slope) = loss().of_record(&logits, &targets, 32);
        for head in 0..HEADS {
            let at = |delta: f32| {
                let mut moved = logits;
                moved[head] += delta;
                loss().of_record(&moved, &targets, 32).0
            };
            let difference = (at(1e-3) - at(-1e-3)) / 2e-3;
            assert!((difference - f64::from(slope[head])).abs() < 1e-6, "{head}: {difference} {}", slope[head]);
        }
    }

    #[test]
    fn matches_a_sum_by_hand() {
        let plain = Recipe { hierarchy: 0.0, head_weights: [1.0; 7], ..Recipe::default() };
        let (loss, _) = Loss::new(&plain, &[0.5; 7]).of_record(&[0.0; 7], &[1.0; 7], 1);
        assert!((loss - std::f64::consts::LN_2).abs() < 1e-12);
    }

    #[test]
    fn huge_logits_stay_finite() {
        for z in [-500.0, 500.0] {
            let (loss, slope) = loss().of_record(&[z; 7], &[0.5; 7], 1);
            assert!(loss.is_finite() && slope.iter().all(|v| v.is_finite()));
        }
    }
}
