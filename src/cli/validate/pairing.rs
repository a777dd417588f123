//! Pairs of marked and found moments: one to one, the nearest first, within a window (EC57 matches beats within 150 ms).

/// Half of the window of a match, s.
pub const WITHIN_S: f64 = 0.150;

/// Pairs (index of the marked, index of the found) within the window, by the index of the marked. No moment is used twice.
pub fn pairs(marked_s: &[f64], found_s: &[f64]) -> Vec<(usize, usize)> {
    let mut by_time: Vec<usize> = (0..found_s.len()).collect();
    by_time.sort_by(|a, b| found_s[*a].total_cmp(&found_s[*b]));
    let mut near: Vec<(f64, usize, usize)> = Vec::new();
    for (m, time_s) in marked_s.iter().enumerate() {
        let from = by_time.partition_point(|f| found_s[*f] < time_s - WITHIN_S);
        let inside = by_time[from..].iter().take_while(|f| found_s[**f] <= time_s + WITHIN_S);
        near.extend(inside.map(|f| ((found_s[*f] - time_s).abs(), m, *f)));
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut marked_used, mut found_used) = (vec![false; marked_s.len()], vec![false; found_s.len()]);
    let mut pairs = Vec::new();
    for (_, m, f) in near {
        if !marked_used[m] && !found_used[f] {
            (marked_used[m], found_used[f]) = (true, true);
            pairs.push((m, f));
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_comes_first_and_each_is_used_once() {
        assert_eq!(pairs(&[1.0, 2.0, 3.0], &[0.2, 1.1, 2.14, 2.01, 3.16]), [(0, 1), (1, 3)]);
        assert_eq!(pairs(&[1.0, 1.1], &[1.09]), [(1, 0)]);
        assert_eq!(pairs(&[1.0], &[1.151, 0.851]), [(0, 1)]);
        assert_eq!(pairs(&[], &[1.0]), []);
    }
}
