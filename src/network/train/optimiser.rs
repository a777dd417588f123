//! AdamW (Loshchilov and Hutter 2019) with clipping, and the running average of the weights. candle's optimiser hides
//! its moments, so training with it cannot be taken up again; here all is plain numbers in one row.

use candle_core::{Device, Tensor};

use crate::error::{Error, Result};
use crate::network::ops::with_values;
use crate::network::weights::Parameter;

/// What one step needs of a recipe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::network) struct Pace {
    /// Learning rate of this step.
    pub rate: f64,
    /// AdamW's decay of parameters of two or more dimensions.
    pub weight_decay: f64,
    /// Largest norm of the gradient.
    pub clip: f64,
    /// Share of the old average in the averaged weights.
    pub kept: f64,
}

/// All state that a step changes, each in the order of the parameters.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::network) struct Optimiser {
    /// The weights.
    pub weights: Vec<f32>,
    /// Their running average.
    pub average: Vec<f32>,
    /// Mean of the gradients.
    pub first: Vec<f32>,
    /// Mean of their squares.
    pub second: Vec<f32>,
    /// Steps done.
    pub step: usize,
}

/// Values of all parameters in one row.
pub(in crate::network) fn gather(parameters: &[Parameter]) -> Result<Vec<f32>> {
    let mut row = Vec::new();
    for Parameter { name, var } in parameters {
        with_values(var.as_tensor(), |values| row.extend_from_slice(values))
            .map_err(|e| Error::model(format!("{name} cannot be read")).because(e))?;
    }
    Ok(row)
}

/// Sets all parameters from one row.
pub(in crate::network) fn scatter(row: &[f32], parameters: &[Parameter]) -> Result<()> {
    let mut from = 0;
    for Parameter { name, var } in parameters {
        let values = row[from..from + var.elem_count()].to_vec();
        from += values.len();
        Tensor::from_vec(values, var.shape(), &Device::Cpu)
            .and_then(|tensor| var.set(&tensor))
            .map_err(|e| Error::model(format!("{name} cannot be set")).because(e))?;
    }
    Ok(())
}

impl Optimiser {
    pub fn new(parameters: &[Parameter]) -> Result<Self> {
        let weights = gather(parameters)?;
        let zeros = vec![0.0; weights.len()];
        Ok(Self { average: weights.clone(), weights, first: zeros.clone(), second: zeros, step: 0 })
    }

    /// One step along `grad`; returns the norm of the gradient before clipping.
    pub fn step(&mut self, grad: &[f32], parameters: &[Parameter], pace: Pace) -> f64 {
        self.step += 1;
        let norm = grad.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
        let clip = (pace.clip / (norm + 1e-6)).min(1.0) as f32;
        let rate = pace.rate as f32;
        let power = i32::try_from(self.step).unwrap_or(i32::MAX);
        let (fair1, fair2) = (1.0 / (1.0 - 0.9_f32.powi(power)), 1.0 / (1.0 - 0.999_f32.powi(power)));
        let mut from = 0;
        for Parameter { var, .. } in parameters {
            let decay = if var.dims().len() > 1 { 1.0 - rate * pace.weight_decay as f32 } else { 1.0 };
            let here = from..from + var.elem_count();
            from = here.end;
            let moments = self.first[here.clone()].iter_mut().zip(&mut self.second[here.clone()]);
            let values = self.weights[here.clone()].iter_mut().zip(&grad[here]);
            for ((weight, grad), (first, second)) in values.zip(moments) {
                let g = grad * clip;
                *first = 0.9 * *first + 0.1 * g;
                *second = 0.999 * *second + 0.001 * g * g;
                let push = *first * fair1 / ((*second * fair2).sqrt() + 1e-8);
                *weight = *weight * decay - rate * push;
            }
        }
        let kept = pace.kept as f32;
        for (average, weight) in self.average.iter_mut().zip(&self.weights) {
            *average += (1.0 - kept) * (weight - *average);
        }
        norm
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Var;

    use super::*;

    fn parameter(values: &[f32]) -> Parameter {
        let tensor = Tensor::from_vec(values.to_vec(), values.len(), &Device::Cpu).unwrap();
        Parameter { name: "w".into(), var: Var::from_tensor(&tensor).unwrap() }
    }

    #[test]
    fn finds_the_lowest_point_of_a_bowl() {
        let parameters = [parameter(&[3.0, -2.0])];
        let mut optimiser = Optimiser::new(&parameters).unwrap();
        for step in 0..600 {
            let rate = 0.05 * (1.0 - f64::from(step) / 600.0);
            let grad: Vec<f32> = optimiser.weights.iter().map(|w| 2.0 * (w - 1.0)).collect();
            optimiser.step(&grad, &parameters, Pace { rate, weight_decay: 0.03, clip: 100.0, kept: 0.9 });
        }
        assert!(optimiser.average.iter().all(|w| (w - 1.0).abs() < 0.01), "{:?}", optimiser.average);
    }

    #[test]
    fn the_first_step_is_as_long_as_the_rate() {
        let parameters = [parameter(&[1.0])];
        let pace = Pace { rate: 1e-3, weight_decay: 0.03, clip: 1.0, kept: 0.9 };
        let mut optimiser = Optimiser::new(&parameters).unwrap();
        let norm = optimiser.step(&[-0.4], &parameters, pace);
        assert!((norm - 0.4).abs() < 1e-7 && (optimiser.weights[0] - 1.001).abs() < 1e-6);
    }

    #[test]
    fn parameters_survive_gather_and_scatter() {
        let parameters = [parameter(&[1.0, 2.0]), parameter(&[3.0])];
        scatter(&[4.0, 5.0, 6.0], &parameters).unwrap();
        assert_eq!(gather(&parameters).unwrap(), [4.0, 5.0, 6.0]);
    }
}
