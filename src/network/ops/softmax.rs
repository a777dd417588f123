//! Softmax of many short rows, for reading only: the network's last step outside training.

use super::simd::{exp, vectorised};

/// Softmax of each row of `CLASSES` values, in place.
pub fn softmax_rows<const CLASSES: usize>(values: &mut [f32]) {
    vectorised(
        #[inline(always)]
        || {
            let (rows, _) = values.as_chunks_mut::<CLASSES>();
            for row in rows.iter_mut() {
                let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                for value in row {
                    *value -= top;
                }
            }
            for value in rows.as_flattened_mut() {
                *value = exp(*value);
            }
            for row in rows {
                let scale = 1.0 / row.iter().sum::<f32>();
                for value in row {
                    *value *= scale;
                }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_by_itself() {
        let mut values = vec![0.0, 1.0, 2.0, -500.0, 90.0, 0.0];
        softmax_rows::<3>(&mut values);
        let e = std::f32::consts::E;
        let sum = 1.0 + e + e * e;
        let golden = [1.0 / sum, e / sum, e * e / sum, 0.0, 1.0, 0.0];
        assert!(values.iter().zip(golden).all(|(value, golden)| (value - golden).abs() < 1e-6), "{values:?}");
    }
}
