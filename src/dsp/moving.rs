//! Moving mean and moving maximum over a centred window, in linear time; the ends are mirrored with the end sample doubled
//! (numbers as scipy.ndimage's `uniform_filter1d` and `maximum_filter1d`, mode "reflect").

use super::vectors::vectorised;

/// Index into `count` samples after mirroring (… 1 0 | 0 1 2 … n−1 | n−1 n−2 …).
fn mirrored(index: isize, count: usize) -> usize {
    let period = 2 * count as isize;
    let folded = index.rem_euclid(period);
    (if folded < count as isize { folded } else { period - 1 - folded }) as usize
}

/// Mean over `width` samples; an even window reaches one sample further back than ahead. `width` 0 counts as 1.
pub fn moving_mean(samples: &[f32], width: usize, mean: &mut Vec<f32>) {
    let (count, width) = (samples.len(), width.max(1));
    mean.clear();
    if count == 0 {
        return;
    }
    let (back, ahead) = ((width / 2) as isize, (width - 1 - width / 2) as isize);
    let mut sum: f64 = (-back..=ahead).map(|index| f64::from(samples[mirrored(index, count)])).sum();
    let scale = 1.0 / width as f64;
    mean.push((sum * scale) as f32);
    let inner = (back as usize + 1).min(count)..count.saturating_sub(ahead as usize);
    let change = |index: usize| {
        let index = index as isize;
        f64::from(samples[mirrored(index + ahead, count)]) - f64::from(samples[mirrored(index - 1 - back, count)])
    };
    let inner = if inner.is_empty() { count..count } else { inner };
    for index in 1..inner.start {
        sum += change(index);
        mean.push((sum * scale) as f32);
    }
    // no index arithmetic where nothing is mirrored: this loop is most of the time of several filters
    let (gone, come) = (samples[..inner.len()].iter(), samples.iter().skip(inner.start + ahead as usize));
    mean.resize(inner.end, 0.0);
    for ((mean, gone), come) in mean[inner.start..].iter_mut().zip(gone).zip(come) {
        sum += f64::from(*come) - f64::from(*gone);
        *mean = (sum * scale) as f32;
    }
    for index in inner.end..count {
        sum += change(index);
        mean.push((sum * scale) as f32);
    }
}

/// Maximum over `width` samples (odd widths are centred): maxima over one, two, four … samples, and over `width` as two of the longest that overlap.
/// `width` 0 counts as 1; the samples are finite.
pub fn moving_max(samples: &[f32], width: usize, maximum: &mut Vec<f32>) {
    let (count, width) = (samples.len(), width.max(1));
    maximum.clear();
    if count == 0 {
        return;
    }
    let back = width / 2;
    let ahead = width - 1 - back;
    let mut runs = Vec::with_capacity(count + width - 1);
    runs.extend((1..=back as isize).rev().map(|index| samples[mirrored(-index, count)]));
    runs.extend_from_slice(samples);
    runs.extend((0..ahead).map(|index| samples[mirrored((count + index) as isize, count)]));
    let mut length = 1;
    while 2 * length <= width {
        larger(&runs, length, maximum);
        std::mem::swap(&mut runs, maximum);
        length *= 2;
    }
    larger(&runs, width - length, maximum);
}

/// The larger of each sample and the one `apart` samples later.
fn larger(samples: &[f32], apart: usize, larger: &mut Vec<f32>) {
    larger.clear();
    larger.resize(samples.len() - apart, 0.0);
    vectorised(
        #[inline(always)]
        || {
            for ((larger, a), b) in larger.iter_mut().zip(samples).zip(&samples[apart..]) {
                *larger = if a > b { *a } else { *b };
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_to_the_plain_definition(samples in prop::collection::vec(-5.0f32..5.0, 1..60), width in 1usize..90) {
            let (mut mean, mut maximum) = (Vec::new(), Vec::new());
            moving_mean(&samples, width, &mut mean);
            moving_max(&samples, width, &mut maximum);
            for centre in 0..samples.len() {
                let window: Vec<f32> = (0..width)
                    .map(|k| samples[mirrored((centre + k) as isize - (width / 2) as isize, samples.len())])
                    .collect();
                let wanted = window.iter().sum::<f32>() / width as f32;
                prop_assert!((mean[centre] - wanted).abs() < 1e-4);
                prop_assert_eq!(maximum[centre], window.iter().copied().fold(f32::MIN, f32::max));
            }
        }
    }

    #[test]
    fn mirrors_as_scipy_does() {
        // scipy.ndimage.uniform_filter1d([1, 2, 4, 8], 4) and maximum_filter1d(same, 3)
        let (mut mean, mut maximum) = (Vec::new(), Vec::new());
        moving_mean(&[1.0, 2.0, 4.0, 8.0], 4, &mut mean);
        assert_eq!(mean, [1.5, 2.0, 3.75, 5.5]);
        moving_max(&[1.0, 2.0, 4.0, 8.0], 3, &mut maximum);
        assert_eq!(maximum, [2.0, 4.0, 8.0, 8.0]);
    }
}
