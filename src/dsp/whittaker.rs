//! Whittaker's smoother: the curve nearest to the data whose third differences are small.
//!
//! Whittaker 1923; Eilers, A perfect smoother, Anal. Chem. 2003. The normal equations are banded and positive definite: Cholesky in linear time.
//! The penalty is chosen by the frequency at which the smoother halves the amplitude. Linear phase, no edge filter needed.

/// Order of the differences that are held small.
const ORDER: usize = 3;
/// Binomial coefficients of that difference.
const DIFFERENCE: [f64; ORDER + 1] = [-1.0, 3.0, -3.0, 1.0];

/// A smoother for series of one length and rate.
#[derive(Debug, Clone)]
pub struct Whittaker {
    /// Lower bands of λ DᵀD: `[diagonal, first, second, third]` for each sample.
    penalty: Vec<[f64; ORDER + 1]>,
}

impl Whittaker {
    /// For `count` samples at `rate_hz`, half amplitude at `half_hz`.
    pub fn new(count: usize, rate_hz: f64, half_hz: f64) -> Self {
        let lambda = (2.0 * (std::f64::consts::PI * half_hz / rate_hz).sin()).powi(-2 * ORDER as i32);
        let mut penalty = vec![[0.0; ORDER + 1]; count];
        for start in 0..count.saturating_sub(ORDER) {
            for row in 0..=ORDER {
                for column in 0..=row {
                    penalty[start + column][row - column] += lambda * DIFFERENCE[row] * DIFFERENCE[column];
                }
            }
        }
        Self { penalty }
    }

    /// The smooth curve through `values` with these weights (0 = look away); both of the length given at the start.
    pub fn smooth(&self, values: &[f64], weights: &[f64]) -> Vec<f64> {
        let count = self.penalty.len().min(values.len()).min(weights.len());
        // LDLᵀ: `factor[i]` holds 1/d_i and l_{i+1,i}, l_{i+2,i}, l_{i+3,i}.
        let mut factor = vec![[0.0; ORDER + 1]; count];
        let mut curve: Vec<f64> =
            values.iter().zip(weights).take(count).map(|(value, weight)| value * weight).collect();
        for index in 0..count {
            let mut column = self.penalty[index];
            column[0] += weights[index] + 1e-9; // keeps a stretch without weight solvable
            for back in 1..=ORDER.min(index) {
                let before = factor[index - back];
                let pivot = before[back] / before[0];
                for (row, value) in column.iter_mut().enumerate().take(ORDER + 1 - back) {
                    *value -= pivot * before[back + row];
                }
                curve[index] -= before[back] * curve[index - back];
            }
            let inverse = 1.0 / column[0];
            factor[index] = [inverse, column[1] * inverse, column[2] * inverse, column[3] * inverse];
        }
        for index in (0..count).rev() {
            let mut value = curve[index] * factor[index][0];
            for ahead in 1..=ORDER.min(count - 1 - index) {
                value -= factor[index][ahead] * curve[index + ahead];
            }
            curve[index] = value;
        }
        curve
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> Vec<f64> {
        (0..60).map(|i| (0.3 * i as f64).sin() + 0.01 * i as f64 + if i % 17 == 0 { 0.5 } else { 0.0 }).collect()
    }

    #[test]
    fn agrees_with_a_general_banded_solver() {
        // scipy.linalg.solveh_banded on (W + λ DᵀD) b = W x, 25 Hz, half at 0.8 Hz, weight 0.1 at every seventh sample
        let weights: Vec<f64> = (0..60).map(|i| if i % 7 == 0 { 0.1 } else { 1.0 }).collect();
        let curve = Whittaker::new(60, 25.0, 0.8).smooth(&input(), &weights);
        let golden = [(0, 1.05366996), (1, 0.9321243), (10, 0.12671569), (30, 0.33876299), (59, -0.48573888)];
        for (index, golden) in golden {
            assert!((curve[index] - golden).abs() < 1e-7, "{index}: {} against {golden}", curve[index]);
        }
    }

    #[test]
    fn a_parabola_is_kept_and_gaps_are_bridged() {
        let parabola: Vec<f64> = (0..200).map(|i| 0.001 * (i as f64 - 70.0).powi(2)).collect();
        let weights: Vec<f64> = (0..200).map(|i| if (80..120).contains(&i) { 0.0 } else { 1.0 }).collect();
        let curve = Whittaker::new(200, 25.0, 0.5).smooth(&parabola, &weights);
        assert!(curve.iter().zip(&parabola).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn short_series_do_not_fail() {
        for count in 0..5 {
            assert_eq!(Whittaker::new(count, 25.0, 0.8).smooth(&vec![1.0; count], &vec![1.0; count]).len(), count);
        }
    }
}
