//! The median over beats, sample by sample.

/// More rows are sorted column by column.
const MOST_TOGETHER: usize = 24;

/// Median of each column over the rows that have a value there.
pub(super) fn middle(rows: Vec<Vec<f32>>, length: usize) -> Vec<f32> {
    if rows.len() > MOST_TOGETHER {
        let mut column = Vec::with_capacity(rows.len());
        let mut of_column = |index: usize| {
            column.clear();
            column.extend(rows.iter().map(|row| row[index]).filter(|value| value.is_finite()));
            crate::dsp::median(&mut column).unwrap_or(f32::NAN)
        };
        return (0..length).map(&mut of_column).collect();
    }
    // stretches in which the same rows have values
    let mut changes = vec![false; length];
    for row in &rows {
        for (change, pair) in changes.iter_mut().skip(1).zip(row.windows(2)) {
            *change |= pair[0].is_finite() != pair[1].is_finite();
        }
    }
    let starts = (0..length).filter(|index| *index == 0 || changes[*index]);
    let ends = (1..=length).filter(|index| *index == length || changes[*index]);
    let mut middle = Vec::with_capacity(length);
    for (from, to) in starts.zip(ends) {
        let mut present: Vec<Vec<f32>> =
            rows.iter().filter(|row| row[from].is_finite()).map(|row| row[from..to].to_vec()).collect();
        match present.is_empty() {
            true => middle.resize(to, f32::NAN),
            false => middle.extend(traded(&mut present)),
        }
    }
    middle
}

/// Median of all columns at once: the rows trade values until the upper half is in order. At least one row; all values finite.
fn traded(rows: &mut Vec<Vec<f32>>) -> Vec<f32> {
    let count = rows.len();
    for sorted in 0..=count / 2 {
        for lower in 0..count - 1 - sorted {
            let (low, high) = rows.split_at_mut(lower + 1);
            for (low, high) in low[lower].iter_mut().zip(&mut high[0]) {
                (*low, *high) = if *low < *high { (*low, *high) } else { (*high, *low) };
            }
        }
    }
    let mut middle = rows.swap_remove(count / 2);
    if count.is_multiple_of(2) {
        for (high, low) in middle.iter_mut().zip(&rows[count / 2 - 1]) {
            *high = low + 0.5 * (*high - low);
        }
    }
    middle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_columns_at_once_or_one_by_one_is_the_same() {
        for count in [1, 2, 3, 10, 11, 24, 25] {
            let rows: Vec<Vec<f32>> =
                (0..count).map(|row| (0..50).map(|at| ((row * 37 + at * 11) as f32).sin()).collect()).collect();
            let golden: Vec<f32> = (0..50)
                .map(|at| crate::dsp::median(&mut rows.iter().map(|row| row[at]).collect::<Vec<_>>()).unwrap())
                .collect();
            assert_eq!(middle(rows.clone(), 50), golden, "{count} rows");
            let mut holed = rows;
            holed[0][7] = f32::NAN;
            let found = middle(holed, 50);
            assert_eq!(found[8..], golden[8..]);
            assert_eq!(found[7].is_nan(), count == 1);
        }
    }
}
