//! Medians over rows that lie beside each other, place by place. A column of values is put in order by a fixed network of exchanges,
//! so that sixteen columns go through it at once.

use super::vectors::vectorised;

/// Columns that are put in order together.
const TOGETHER: usize = 16;

/// One row: the place of its first sample, and its samples; one that is not finite counts as none.
pub type Row<'a> = (usize, &'a [f32]);

/// Median over the rows at each of `length` places; NaN where no row has a value. What lies beyond `length` is not looked at.
pub fn column_medians(rows: &[Row<'_>], length: usize) -> Vec<f32> {
    let mut medians = vec![f32::NAN; length];
    let mut columns = vec![[0.0f32; TOGETHER]; rows.len()];
    let order = merge_exchange(rows.len());
    vectorised(
        #[inline(always)]
        || {
            let mut first = 0;
            while first < length {
                let end = (first + TOGETHER).min(length);
                let mut present = [0u32; TOGETHER];
                for (column, row) in columns.iter_mut().zip(rows) {
                    *column = part(row, first, end);
                    for lane in 0..TOGETHER {
                        let there = column[lane].abs() < f32::INFINITY;
                        present[lane] += u32::from(there);
                        // what is not there stands behind all that is
                        column[lane] = if there { column[lane] } else { f32::INFINITY };
                    }
                }
                for &(low, high) in &order {
                    let (a, b) = (columns[low], columns[high]);
                    // fresh arrays: over old values the compiler writes with masks, which is slow
                    let (mut lower, mut upper) = ([0.0; TOGETHER], [0.0; TOGETHER]);
                    for lane in 0..TOGETHER {
                        lower[lane] = if a[lane] < b[lane] { a[lane] } else { b[lane] };
                        upper[lane] = if a[lane] > b[lane] { a[lane] } else { b[lane] };
                    }
                    (columns[low], columns[high]) = (lower, upper);
                }
                for (lane, median) in medians[first..end].iter_mut().enumerate() {
                    if let Some(last) = (present[lane] as usize).checked_sub(1) {
                        let (lower, upper) = (columns[last / 2][lane], columns[last.div_ceil(2)][lane]);
                        *median = lower + 0.5 * (upper - lower);
                    }
                }
                first = end;
            }
        },
    );
    medians
}

/// The samples of a row at the places `first` to before `end`; NaN where it has none.
#[inline(always)]
fn part((start, samples): &Row<'_>, first: usize, end: usize) -> [f32; TOGETHER] {
    let mut part = [f32::NAN; TOGETHER];
    let (from, to) = (first.max(*start), end.min(start + samples.len()));
    if from < to {
        let samples = &samples[from - start..to - start];
        match <&[f32; TOGETHER]>::try_from(samples) {
            Ok(whole) => part = *whole,
            Err(_) => part[from - first..to - first].copy_from_slice(samples),
        }
    }
    part
}

/// Pairs of places to be compared and exchanged, one after the other, to put `count` values in order (merge exchange: Batcher 1968;
/// Knuth, The Art of Computer Programming 3, algorithm 5.2.2M).
fn merge_exchange(count: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let longest = count.next_power_of_two() / 2;
    let mut part = longest;
    while part > 0 {
        let (mut step, mut rest, mut apart) = (longest, 0, part);
        loop {
            pairs.extend((0..count.saturating_sub(apart)).filter(|i| i & part == rest).map(|i| (i, i + apart)));
            if step == part {
                break;
            }
            (apart, step, rest) = (step - part, step / 2, part);
        }
        part /= 2;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::median;
    use super::*;

    #[test]
    fn each_place_has_the_median_of_the_rows_that_reach_it() {
        for count in [0, 1, 2, 3, 5, 12, 24, 25, 40] {
            let samples: Vec<f32> = (0..9000).map(|i| ((i * 37) % 1013) as f32).collect();
            let row = |row: usize| (13 * (row % 5), &samples[210 * row..][..30 + 50 * (row % 3)]);
            let rows: Vec<Row<'_>> = (0..count).map(row).collect();
            for (place, found) in column_medians(&rows, 170).iter().enumerate() {
                let at = |(start, samples): &Row<'_>| place.checked_sub(*start).and_then(|at| samples.get(at).copied());
                let mut values: Vec<f32> = rows.iter().filter_map(at).collect();
                match median(&mut values) {
                    Some(wanted) => assert_eq!(*found, wanted, "{count} rows, {place}"),
                    None => assert!(found.is_nan()),
                }
            }
        }
    }

    #[test]
    fn samples_that_are_none_do_not_count() {
        let rows: [Row<'_>; 3] =
            [(0, &[1.0, f32::NAN, f32::NAN]), (0, &[f32::INFINITY, 5.0, f32::NAN]), (0, &[3.0, 7.0, f32::NAN])];
        let found = column_medians(&rows, 3);
        assert_eq!(found[..2], [2.0, 6.0]);
        assert!(found[2].is_nan());
    }
}
