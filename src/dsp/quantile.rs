//! Quantiles by selection, in linear time. Linear between order statistics, as numpy's default (Hyndman & Fan 1996, type 7).

/// Fewer values are put in order, which is faster than choosing among them.
const FEW: usize = 20;

/// The `share` quantile (0 to 1) of finite values; the slice is put in another order. `None` of nothing.
pub fn quantile(values: &mut [f32], share: f64) -> Option<f32> {
    let last = values.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let low = place.floor() as usize;
    let part = (place - low as f64) as f32;
    if last < FEW {
        values.sort_unstable_by(f32::total_cmp);
        let value = values[low];
        return Some(if part == 0.0 { value } else { value + part * (values[low + 1] - value) });
    }
    let (_, &mut value, above) = values.select_nth_unstable_by(low, f32::total_cmp);
    if part == 0.0 {
        return Some(value);
    }
    let next = above.iter().copied().fold(f32::INFINITY, f32::min);
    Some(value + part * (next - value))
}

/// The middle of finite values; the slice is put in another order. `None` of nothing.
pub fn median(values: &mut [f32]) -> Option<f32> {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_numpy() {
        let mut x: Vec<f32> = (0..60)
            .map(|i| ((0.3 * i as f64).sin() + 0.01 * i as f64 + if i % 17 == 0 { 0.5 } else { 0.0 }) as f32)
            .collect();
        // numpy.quantile(x, 0.35), numpy.quantile(x, 0.5)
        assert!((quantile(&mut x, 0.35).unwrap() + 0.05883013).abs() < 1e-6);
        assert!((median(&mut x).unwrap() - 0.38679792).abs() < 1e-6);
        assert_eq!(quantile(&mut [], 0.5), None);
    }

    proptest! {
        #[test]
        fn equals_sorting(mut values in prop::collection::vec(-100.0f32..100.0, 1..80), share in 0.0f64..1.0) {
            let mut sorted = values.clone();
            sorted.sort_by(f32::total_cmp);
            let place = share * (sorted.len() - 1) as f64;
            let (low, part) = (place as usize, place.fract() as f32);
            let next = sorted[(low + 1).min(sorted.len() - 1)];
            let wanted = sorted[low] + part * (next - sorted[low]);
            prop_assert!((quantile(&mut values, share).unwrap() - wanted).abs() < 1e-4);
        }
    }
}
