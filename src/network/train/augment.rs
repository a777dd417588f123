//! Augmentation of one record, and mixup. No sign flips, no shuffled leads, no gain per lead: they would forge disease.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::network::config::LEADS;
use crate::network::weights::normal;

use super::recipe::Recipe;

/// Units of the input in one mV.
const UNITS_PER_MV: f64 = 2.0;

/// A changed copy of `input[lead, sample]`: circular shift, gain, noise, wander, silenced leads.
pub(super) fn augment(input: &[f32], recipe: &Recipe, rate_hz: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let samples = input.len() / LEADS;
    let shift = rng.random_range(0..samples);
    let gain = (normal(rng) * recipe.gain_deviation as f32).exp();
    let noisy = chance(rng, recipe.noise_share);
    let noise = rng.random::<f32>() * (recipe.noise_mv * UNITS_PER_MV) as f32 * f32::from(u8::from(noisy));
    let wanders = chance(rng, recipe.wander_share);
    let frequency_hz = 0.1 + 0.4 * rng.random::<f32>();
    let lost_lead = chance(rng, recipe.lead_share).then(|| rng.random_range(0..LEADS));
    let half: f64 = rng.random();
    let mut output = Vec::with_capacity(input.len());
    for (lead, values) in input.chunks_exact(samples).enumerate() {
        let phase = rng.random::<f32>();
        let wander = rng.random::<f32>() * (recipe.wander_mv * UNITS_PER_MV) as f32 * f32::from(u8::from(wanders));
        let lost = lost_lead == Some(lead)
            || (lead < LEADS / 2 && half < recipe.half_share / 2.0)
            || (lead >= LEADS / 2 && half > 1.0 - recipe.half_share / 2.0);
        if lost {
            output.extend(std::iter::repeat_n(0.0, samples));
            continue;
        }
        let step = std::f32::consts::TAU * frequency_hz / rate_hz as f32;
        let start = std::f32::consts::TAU * phase;
        for (at, value) in values[shift..].iter().chain(&values[..shift]).enumerate() {
            let mut value = value * gain;
            if noisy {
                value += noise * normal(rng);
            }
            if wanders {
                value += wander * (start + step * at as f32).sin();
            }
            output.push(value);
        }
    }
    output
}

fn chance(rng: &mut ChaCha8Rng, share: f64) -> bool {
    rng.random::<f64>() < share
}

/// How a batch is mixed: share of each record itself, and the partner of each.
pub(super) struct Mix {
    pub own: f32,
    pub partner: Vec<usize>,
}

impl Mix {
    /// One share for the batch, from a beta distribution with both parameters `alpha` (Jöhnk's method).
    pub fn draw(alpha: f64, batch: usize, rng: &mut ChaCha8Rng) -> Self {
        let own = loop {
            let (a, b) = (rng.random::<f64>().powf(1.0 / alpha), rng.random::<f64>().powf(1.0 / alpha));
            if a + b > 0.0 && a + b <= 1.0 {
                break a / (a + b);
            }
        };
        Self { own: own as f32, partner: permutation(batch, rng) }
    }

    /// Nothing is mixed.
    pub fn none(batch: usize) -> Self {
        Self { own: 1.0, partner: (0..batch).collect() }
    }
}

/// 0 to `count` - 1 in random order (Fisher and Yates).
pub(in crate::network) fn permutation(count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, rng.random_range(0..=last));
    }
    order
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn still() -> Recipe {
        Recipe {
            gain_deviation: 0.0,
            noise_share: 0.0,
            wander_share: 0.0,
            lead_share: 0.0,
            half_share: 0.0,
            ..Recipe::default()
        }
    }

    fn ramp() -> Vec<f32> {
        (0..LEADS * 100).map(|i| i as f32).collect()
    }

    #[test]
    fn with_all_off_only_the_start_moves_and_all_leads_together() {
        let output = augment(&ramp(), &still(), 100, &mut ChaCha8Rng::seed_from_u64(3));
        let shift = output[0] as usize;
        for lead in 0..LEADS {
            for at in 0..100 {
                assert_eq!(output[lead * 100 + at], (lead * 100 + (at + shift) % 100) as f32);
            }
        }
    }

    #[test]
    fn silences_half_the_leads_when_asked() {
        let recipe = Recipe { half_share: 1.0, ..still() };
        for seed in 0..10 {
            let output = augment(&[1.0; LEADS * 50], &recipe, 100, &mut ChaCha8Rng::seed_from_u64(seed));
            let silent = output.chunks_exact(50).filter(|lead| lead.iter().all(|v| *v == 0.0)).count();
            assert_eq!(silent, LEADS / 2);
        }
    }

    #[test]
    fn noise_and_wander_stay_within_their_bounds() {
        let recipe = Recipe { wander_share: 1.0, noise_share: 1.0, ..still() };
        let output = augment(&[0.0; LEADS * 500], &recipe, 100, &mut ChaCha8Rng::seed_from_u64(5));
        assert!(output.iter().any(|v| *v != 0.0));
        assert!(output.iter().all(|v| v.abs() < 0.15 + 6.0 * 0.06));
    }

    #[test]
    fn shares_of_mixup_have_the_mean_and_spread_of_their_distribution() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let shares: Vec<f64> = (0..4000).map(|_| f64::from(Mix::draw(0.2, 1, &mut rng).own)).collect();
        let mean = shares.iter().sum::<f64>() / 4000.0;
        let variance = shares.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 4000.0;
        // beta(a, a): mean 1/2, variance 1 / (4 (2a + 1))
        assert!((mean - 0.5).abs() < 0.03 && (variance - 1.0 / 5.6).abs() < 0.01, "{mean} {variance}");
    }

    #[test]
    fn a_permutation_holds_everything_once() {
        let mut order = permutation(100, &mut ChaCha8Rng::seed_from_u64(1));
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
