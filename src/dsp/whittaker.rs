//! Whittaker's smoother: the curve nearest to the data whose third differences are small.
//!
//! Whittaker 1923; Eilers, A perfect smoother, Anal. Chem. 2003. The normal equations are banded and positive definite: Cholesky in linear time.
//! The penalty is chosen by the frequency at which the smoother halves the amplitude. Linear phase, no edge filter needed.

use super::vectors::vectorised;

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

    /// The smooth curves through `N` series of the length given at the start, each with its own weights (0 = look away): the steps of one series
    /// wait for each other, those of several do not.
    pub fn smooth_together<const N: usize>(&self, values: &[[f64; N]], weights: &[[f64; N]]) -> Vec<[f64; N]> {
        vectorised(
            #[inline(always)]
            || self.solve(values, weights),
        )
    }

    #[inline(always)]
    fn solve<const N: usize>(&self, values: &[[f64; N]], weights: &[[f64; N]]) -> Vec<[f64; N]> {
        let count = self.penalty.len().min(values.len()).min(weights.len());
        // LDLᵀ: of each column the values under the diagonal before (`below`) and after division by it (`factor`, and 1/d first).
        let mut below = vec![[[0.0; N]; ORDER]; count];
        let mut factor = vec![[[0.0; N]; ORDER + 1]; count];
        let mut curve = vec![[0.0; N]; count];
        for index in 0..count {
            let mut column = self.penalty[index].map(|value| [value; N]);
            let mut right = [0.0; N];
            for lane in 0..N {
                column[0][lane] += weights[index][lane] + 1e-9; // keeps a stretch without weight solvable
                right[lane] = values[index][lane] * weights[index][lane];
            }
            for back in 1..=ORDER.min(index) {
                let (before, divided) = (below[index - back], factor[index - back][back]);
                for (row, column) in column.iter_mut().enumerate().take(ORDER + 1 - back) {
                    for lane in 0..N {
                        column[lane] -= divided[lane] * before[back + row - 1][lane];
                    }
                }
                for lane in 0..N {
                    right[lane] -= divided[lane] * curve[index - back][lane];
                }
            }
            curve[index] = right;
            for lane in 0..N {
                let inverse = 1.0 / column[0][lane];
                factor[index][0][lane] = inverse;
                for row in 1..=ORDER {
                    below[index][row - 1][lane] = column[row][lane];
                    factor[index][row][lane] = column[row][lane] * inverse;
                }
            }
        }
        for index in (0..count).rev() {
            let mut value = curve[index];
            for lane in 0..N {
                value[lane] *= factor[index][0][lane];
            }
            for ahead in 1..=ORDER.min(count - 1 - index) {
                for lane in 0..N {
                    value[lane] -= factor[index][ahead][lane] * curve[index + ahead][lane];
                }
            }
            curve[index] = value;
        }
        curve
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(smoother: &Whittaker, values: &[f64], weights: &[f64]) -> Vec<f64> {
        smoother.smooth_together::<1>(values.as_chunks().0, weights.as_chunks().0).as_flattened().to_vec()
    }

    fn input() -> Vec<f64> {
        (0..60).map(|i| (0.3 * i as f64).sin() + 0.01 * i as f64 + if i % 17 == 0 { 0.5 } else { 0.0 }).collect()
    }

    #[test]
    fn agrees_with_a_general_banded_solver() {
        // scipy.linalg.solveh_banded on (W + λ DᵀD) b = W x, 25 Hz, half at 0.8 Hz, weight 0.1 at every seventh sample
        let weights: Vec<f64> = (0..60).map(|i| if i % 7 == 0 { 0.1 } else { 1.0 }).collect();
        let curve = alone(&Whittaker::new(60, 25.0, 0.8), &input(), &weights);
        let golden = [(0, 1.05366996), (1, 0.9321243), (10, 0.12671569), (30, 0.33876299), (59, -0.48573888)];
        for (index, golden) in golden {
            assert!((curve[index] - golden).abs() < 1e-7, "{index}: {} against {golden}", curve[index]);
        }
    }

    #[test]
    fn several_series_at_once_are_each_its_own() {
        let smoother = Whittaker::new(60, 25.0, 0.8);
        let value = |series: usize, i: usize| input()[(i + 7 * series) % 60];
        let weight = |series: usize, i: usize| if (i + series).is_multiple_of(7) { 0.1 } else { 1.0 };
        let together: Vec<[f64; 4]> = smoother.smooth_together(
            &(0..60).map(|i| std::array::from_fn(|series| value(series, i))).collect::<Vec<_>>(),
            &(0..60).map(|i| std::array::from_fn(|series| weight(series, i))).collect::<Vec<_>>(),
        );
        for series in 0..4 {
            let values: Vec<f64> = (0..60).map(|i| value(series, i)).collect();
            let weights: Vec<f64> = (0..60).map(|i| weight(series, i)).collect();
            let alone = alone(&smoother, &values, &weights);
            assert!(alone.iter().zip(&together).all(|(alone, together)| (alone - together[series]).abs() < 1e-9));
        }
    }

    #[test]
    fn a_parabola_is_kept_and_gaps_are_bridged() {
        let parabola: Vec<f64> = (0..200).map(|i| 0.001 * (i as f64 - 70.0).powi(2)).collect();
        let weights: Vec<f64> = (0..200).map(|i| if (80..120).contains(&i) { 0.0 } else { 1.0 }).collect();
        let curve = alone(&Whittaker::new(200, 25.0, 0.5), &parabola, &weights);
        assert!(curve.iter().zip(&parabola).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn short_series_do_not_fail() {
        for count in 0..5 {
            assert_eq!(alone(&Whittaker::new(count, 25.0, 0.8), &vec![1.0; count], &vec![1.0; count]).len(), count);
        }
    }
}
