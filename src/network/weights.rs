//! Where the blocks take their parameters from: drawn anew for training, or read from safetensors (f32, row-major).
//! The order in which the network takes them is the order in which they are kept, summed and saved.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor, Var};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::error::{Error, Result};

/// How a parameter starts when it is not read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Start<'a> {
    /// Uniform within plus or minus one over the root of the number of inputs.
    Inputs(usize),
    /// Normal with this standard deviation.
    Normal(f32),
    /// One value.
    Constant(f32),
    /// These values.
    Values(&'a [f32]),
}

/// A named parameter.
pub(super) struct Parameter {
    /// Name, as in the file.
    pub name: String,
    /// Its variable.
    pub var: Var,
}

/// Shape and values by name.
pub(super) type Named = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

enum Source {
    Drawn(Box<ChaCha8Rng>),
    Read(Named),
}

/// Hands out parameters by name and shape, and keeps what it has handed out.
pub(super) struct Weights {
    source: Source,
    taken: Vec<Parameter>,
}

impl Weights {
    /// Every parameter drawn from this seed.
    pub fn drawn(seed: u64) -> Self {
        Self { source: Source::Drawn(Box::new(ChaCha8Rng::seed_from_u64(seed))), taken: Vec::new() }
    }

    /// Parameters of a safetensors file, for use: what they hand out keeps no graph, so nothing between two steps is held for a gradient.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        Ok(Self { source: Source::Read(parse(bytes)?), taken: Vec::new() })
    }

    /// The parameter of this name and shape.
    ///
    /// # Errors
    /// Not in the file, or of another shape.
    pub fn take(&mut self, name: &str, shape: &[usize], start: Start<'_>) -> Result<Tensor> {
        let count = shape.iter().product::<usize>();
        let values = match &mut self.source {
            Source::Drawn(rng) => draw(rng, count, start),
            Source::Read(stored) => match stored.remove(name) {
                Some((found, values)) if found == shape => values,
                Some((found, _)) => {
                    return Err(Error::model(format!("{name} has the shape {found:?}, the network needs {shape:?}"))
                        .cure("weights and config.json must come from one training"));
                }
                None => return Err(Error::model(format!("the weights hold no {name}"))),
            },
        };
        let var = Tensor::from_vec(values, shape, &Device::Cpu).and_then(|tensor| Var::from_tensor(&tensor));
        let var = var.map_err(|e| Error::model(format!("{name} cannot be held")).because(e))?;
        let tensor = match self.source {
            Source::Drawn(_) => var.as_tensor().clone(),
            Source::Read(_) => var.as_tensor().detach(),
        };
        self.taken.push(Parameter { name: name.to_owned(), var });
        Ok(tensor)
    }

    /// All that was taken, in order.
    ///
    /// # Errors
    /// The file holds more than the network takes.
    pub fn finish(self) -> Result<Vec<Parameter>> {
        if let Source::Read(left) = &self.source
            && let Some(name) = left.keys().next()
        {
            return Err(Error::model(format!("the weights hold {name}, which the network does not know")));
        }
        Ok(self.taken)
    }
}

fn draw(rng: &mut ChaCha8Rng, count: usize, start: Start<'_>) -> Vec<f32> {
    match start {
        Start::Inputs(inputs) => {
            let bound = 1.0 / (inputs as f32).sqrt();
            (0..count).map(|_| (rng.random::<f32>() * 2.0 - 1.0) * bound).collect()
        }
        Start::Normal(deviation) => (0..count).map(|_| normal(rng) * deviation).collect(),
        Start::Constant(value) => vec![value; count],
        Start::Values(values) => values.to_vec(),
    }
}

/// A standard normal number (Box and Muller).
pub(super) fn normal(rng: &mut ChaCha8Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.random::<f32>()).cos()
}

/// The f32 tensors of a safetensors file: name to shape and values.
pub(super) fn parse(bytes: &[u8]) -> Result<Named> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|e| Error::model("the weights are not a sound safetensors file").because(e))?;
    let mut found = BTreeMap::new();
    for (name, view) in file.tensors() {
        if view.dtype() != Dtype::F32 {
            return Err(Error::model(format!("{name} is stored as {:?}, not as F32", view.dtype())));
        }
        let values: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Err(Error::model(format!("{name} holds a value that is no number")));
        }
        found.insert(name, (view.shape().to_vec(), values));
    }
    Ok(found)
}

/// A safetensors file of named values.
pub(super) fn serialise<'a>(tensors: impl IntoIterator<Item = (&'a str, &'a [usize], &'a [f32])>) -> Result<Vec<u8>> {
    let bytes: Vec<(&str, &[usize], Vec<u8>)> = tensors
        .into_iter()
        .map(|(name, shape, values)| (name, shape, values.iter().flat_map(|value| value.to_le_bytes()).collect()))
        .collect();
    let failed = |e: safetensors::SafeTensorError| Error::model("the weights cannot be written").because(e);
    let mut views = Vec::with_capacity(bytes.len());
    for (name, shape, bytes) in &bytes {
        views.push((*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).map_err(failed)?));
    }
    safetensors::serialize(views, None).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_back_bit_for_bit() {
        let values = [1.0_f32, -0.25, 3e-8, 7.5, 0.0, -0.0];
        let bytes = serialise([("b", &[2, 3][..], &values[..]), ("a", &[1][..], &values[..1])]).unwrap();
        let mut weights = Weights::read(&bytes).unwrap();
        let b = weights.take("b", &[2, 3], Start::Constant(0.0)).unwrap();
        assert_eq!(b.flatten_all().unwrap().to_vec1::<f32>().unwrap(), values);
        weights.take("a", &[1], Start::Constant(0.0)).unwrap();
        assert_eq!(weights.finish().unwrap().len(), 2);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let bytes = serialise([("a", &[2][..], &[1.0, 2.0][..])]).unwrap();
        let take = |name: &str, shape: &[usize]| {
            Weights::read(&bytes).unwrap().take(name, shape, Start::Constant(0.0)).unwrap_err().to_string()
        };
        assert!(take("a", &[3]).contains("the network needs [3]"));
        assert!(take("b", &[2]).contains("no b"));
        assert!(Weights::read(&bytes).unwrap().finish().is_err());
        assert!(Weights::read(&bytes[..bytes.len() - 1]).is_err());
        let broken = serialise([("a", &[1][..], &[f32::NAN][..])]).unwrap();
        assert!(Weights::read(&broken).is_err());
    }

    #[test]
    fn one_seed_one_draw() {
        let draw = |seed| {
            let tensor = Weights::drawn(seed).take("a", &[50], Start::Normal(1.0)).unwrap();
            tensor.to_vec1::<f32>().unwrap()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
