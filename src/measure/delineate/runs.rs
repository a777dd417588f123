//! Runs of samples over a threshold, with ends between the samples.

/// A run: from where the values rise over the threshold to where they fall below it, in samples (fractions allowed).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    pub from: f64,
    pub to: f64,
    /// Sum of the values over the threshold line's own samples.
    pub area: f64,
}

impl Run {
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    pub fn mean(&self) -> f64 {
        self.area / self.length().max(1.0)
    }
}

/// Runs of `value(index) > threshold` in `from..to`; holes of up to `hole` samples are bridged.
pub(super) fn runs(value: impl Fn(usize) -> f32, (from, to): (usize, usize), threshold: f32, hole: usize) -> Vec<Run> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut at = from;
    while at < to {
        if value(at) <= threshold {
            at += 1;
            continue;
        }
        let end = (at..to).find(|index| value(*index) <= threshold).unwrap_or(to);
        match found.last_mut() {
            Some(last) if at - last.1 <= hole => last.1 = end,
            _ => found.push((at, end)),
        }
        at = end;
    }
    let crossing = |below: usize, above: usize| {
        let (low, high) = (value(below), value(above));
        let part = if high > low { f64::from((threshold - low) / (high - low)) } else { 0.5 };
        below as f64 + part * (above as f64 - below as f64)
    };
    found
        .into_iter()
        .map(|(first, end)| Run {
            from: if first > from { crossing(first - 1, first) } else { first as f64 },
            to: if end < to { crossing(end, end - 1) } else { end as f64 - 1.0 },
            area: (first..end).map(|index| f64::from(value(index))).sum(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_lie_between_samples_and_holes_are_bridged() {
        let values = [0.0, 0.0, 1.0, 1.0, 0.4, 1.0, 0.0, 0.0, 0.0, 0.8, 0.0];
        let value = |index: usize| values[index];
        let found = runs(value, (0, values.len()), 0.5, 1);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].from, found[0].to), (1.5, 5.5));
        assert!((found[1].from - 8.625).abs() < 1e-6 && (found[1].to - 9.375).abs() < 1e-6);
        assert_eq!(runs(value, (0, values.len()), 0.5, 0).len(), 3);
        assert!(runs(value, (3, 3), 0.5, 0).is_empty());
    }
}
