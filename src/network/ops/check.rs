//! For tests: gradients against finite differences, and agreement with another way to compute the same.

use candle_core::{Device, Result, Tensor, Var};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seeded numbers in -1..1.
pub fn random(shape: &[usize], seed: u64) -> Tensor {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| rng.random::<f32>() * 2.0 - 1.0).collect();
    Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

fn weighted_sum(output: &Tensor) -> f64 {
    let weights = numbers(&random(output.dims(), 99));
    numbers(output).iter().zip(weights).map(|(&a, b)| f64::from(a) * f64::from(b)).sum()
}

/// Gradients of a random weighted sum of the output, one a input.
pub fn gradients(shapes: &[&[usize]], f: impl Fn(&[Tensor]) -> Result<Tensor>) -> Vec<Vec<f32>> {
    let vars: Vec<Var> =
        shapes.iter().zip(7..).map(|(shape, seed)| Var::from_tensor(&random(shape, seed)).unwrap()).collect();
    let output = f(&vars.iter().map(|var| var.as_tensor().clone()).collect::<Vec<_>>()).unwrap();
    let loss = (output.contiguous().unwrap() * random(output.dims(), 99)).unwrap().sum_all().unwrap();
    let grads = loss.backward().unwrap();
    vars.iter().map(|var| numbers(grads.get(var).expect("every input has a gradient"))).collect()
}

/// Panics unless the gradients agree with central differences within 0.3 % of the largest.
pub fn finite_differences(shapes: &[&[usize]], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    let exact = gradients(shapes, &f);
    let inputs: Vec<Tensor> = shapes.iter().zip(7..).map(|(shape, seed)| random(shape, seed)).collect();
    const STEP: f32 = 4e-3;
    for (which, exact) in exact.iter().enumerate() {
        let base = numbers(&inputs[which]);
        let largest = exact.iter().fold(0.05_f32, |a, b| a.max(b.abs()));
        for at in (0..base.len()).step_by(1 + base.len() / 40) {
            let value = |delta: f32| {
                let mut moved = base.clone();
                moved[at] += delta;
                let mut inputs = inputs.clone();
                inputs[which] = Tensor::from_vec(moved, shapes[which], &Device::Cpu).unwrap();
                weighted_sum(&f(&inputs).unwrap())
            };
            let difference = ((value(STEP) - value(-STEP)) / f64::from(2.0 * STEP)) as f32;
            let error = (difference - exact[at]).abs() / largest;
            assert!(error < 3e-3, "input {which}, value {at}: gradient {}, difference {difference}", exact[at]);
        }
    }
}

/// Panics unless both give the same output and the same gradients.
pub fn agree(
    shapes: &[&[usize]],
    ours: impl Fn(&[Tensor]) -> Result<Tensor>,
    other: impl Fn(&[Tensor]) -> Result<Tensor>,
) {
    let inputs: Vec<Tensor> = shapes.iter().zip(7..).map(|(shape, seed)| random(shape, seed)).collect();
    let (a, b) = (ours(&inputs).unwrap(), other(&inputs).unwrap());
    assert_eq!(a.dims(), b.dims());
    close(&numbers(&a), &numbers(&b), "output");
    for (which, (a, b)) in gradients(shapes, ours).iter().zip(gradients(shapes, other)).enumerate() {
        close(a, &b, &format!("gradient of input {which}"));
    }
}

fn close(a: &[f32], b: &[f32], what: &str) {
    let largest = b.iter().fold(0.1_f32, |a, b| a.max(b.abs()));
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= 2e-5 * largest, "{what}, value {at}: {a} against {b}");
    }
}
