//! Dropout and stochastic depth from a seeded generator: candle's own cannot be seeded. Off outside training.

use candle_core::{Result as Candle, Tensor};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Share of values dropped inside the transformer.
const LAYER: f32 = 0.1;
/// Share of records for which a branch of the transformer is left out.
const BRANCH: f32 = 0.1;
/// Share of a class token's values dropped before its head.
const HEAD: f32 = 0.3;

/// What training adds to a forward pass; `Off` in use.
pub(super) enum Dropout {
    /// Nothing is dropped.
    Off,
    /// Drawn from this generator.
    On(Box<ChaCha8Rng>),
}

impl Dropout {
    /// Inside a layer.
    pub fn layer(&mut self, x: Tensor) -> Candle<Tensor> {
        self.drop(x, LAYER, 0.0)
    }

    /// At the end of a branch: values, and now and then the whole branch of a record (first dimension).
    pub fn branch(&mut self, x: Tensor) -> Candle<Tensor> {
        self.drop(x, LAYER, BRANCH)
    }

    /// Before the heads.
    pub fn head(&mut self, x: Tensor) -> Candle<Tensor> {
        self.drop(x, HEAD, 0.0)
    }

    fn drop(&mut self, x: Tensor, value: f32, record: f32) -> Candle<Tensor> {
        let Dropout::On(rng) = self else { return Ok(x) };
        let each = x.elem_count() / x.dim(0)?.max(1);
        let mut mask = Vec::with_capacity(x.elem_count());
        for _ in 0..x.dim(0)? {
            let keep = if record > 0.0 && rng.random::<f32>() < record { 0.0 } else { 1.0 / (1.0 - record) };
            let kept = keep / (1.0 - value);
            mask.extend((0..each).map(|_| if rng.random::<f32>() < value { 0.0 } else { kept }));
        }
        &x * &Tensor::from_vec(mask, x.shape(), x.device())?
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device};
    use rand::SeedableRng;

    use super::*;

    fn ones() -> Tensor {
        Tensor::ones((40, 500), DType::F32, &Device::Cpu).unwrap()
    }

    #[test]
    fn off_changes_nothing() {
        let y = Dropout::Off.branch(ones()).unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
        assert_eq!(y, 20_000.0);
    }

    #[test]
    fn keeps_the_mean_and_repeats_by_seed() {
        let run = |seed| {
            let mut dropout = Dropout::On(Box::new(ChaCha8Rng::seed_from_u64(seed)));
            dropout.head(ones()).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        let y = run(1);
        assert!((y.iter().sum::<f32>() / y.len() as f32 - 1.0).abs() < 0.02);
        let zeros = y.iter().filter(|v| **v == 0.0).count() as f32 / y.len() as f32;
        assert!((zeros - 0.3).abs() < 0.02);
        assert_eq!(y, run(1));
        assert_ne!(y, run(2));
    }
}
