//! Counts and errors as validation tables give them: sensitivity, positive predictive value, F1, mean and standard deviation.

use serde_json::{Value, json};

/// Found and missed of what is marked, and what was found besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Marked and found.
    pub found: usize,
    /// Marked and not found.
    pub missed: usize,
    /// Found and not marked.
    pub extra: usize,
}

impl Counts {
    /// Adds another record's counts.
    pub fn add(&mut self, other: Counts) {
        self.found += other.found;
        self.missed += other.missed;
        self.extra += other.extra;
    }

    /// Share of the marked that is found.
    pub fn sensitivity(&self) -> Option<f64> {
        ratio(self.found, self.found + self.missed)
    }

    /// Share of the found that is marked.
    pub fn predictive_value(&self) -> Option<f64> {
        ratio(self.found, self.found + self.extra)
    }

    /// Harmonic mean of both.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.found, 2 * self.found + self.missed + self.extra)
    }

    /// For the JSON.
    pub fn json(&self) -> Value {
        json!({
            "marked": self.found + self.missed,
            "found": self.found,
            "missed": self.missed,
            "extra": self.extra,
            "sensitivity": rounded(self.sensitivity(), 5),
            "positive_predictive_value": rounded(self.predictive_value(), 5),
            "f1": rounded(self.f1(), 5),
        })
    }
}

/// `part / whole`; `None` of nothing.
pub fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Standard deviation with n − 1; `None` of fewer than two.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

/// Largest distance from zero; `None` of nothing.
pub fn largest(values: &[f64]) -> Option<f64> {
    values.iter().map(|value| value.abs()).max_by(f64::total_cmp)
}

/// The middle value, the mean of both middle ones; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let high = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { high } else { (sorted[middle - 1] + high) / 2.0 })
}

/// A number for the JSON.
pub fn rounded(value: Option<f64>, digits: i32) -> Value {
    let scale = 10_f64.powi(digits);
    value.map_or(Value::Null, |value| json!((value * scale).round() / scale + 0.0))
}

/// A share as a percentage with two digits, a dash where there is none.
pub fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{:.2} %", 100.0 * share))
}

/// A time in ms with its sign, a dash where there is none.
pub fn signed(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{:+.1}", value + 0.0))
}

/// A spread in ms, a dash where there is none.
pub fn plain(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.1}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_counts() {
        let counts = Counts { found: 8, missed: 2, extra: 0 };
        assert_eq!((counts.sensitivity(), counts.predictive_value()), (Some(0.8), Some(1.0)));
        assert_eq!(counts.f1(), Some(16.0 / 18.0));
        assert_eq!(Counts::default().f1(), None);
    }

    #[test]
    fn figures_of_values() {
        let values = [1.0, 2.0, 3.0, -6.0];
        assert_eq!((mean(&values), largest(&values), median(&values)), (Some(0.0), Some(6.0), Some(1.5)));
        assert_eq!(deviation(&[2.0, 4.0, 6.0]), Some(2.0));
        assert_eq!((deviation(&[1.0]), mean(&[]), median(&[])), (None, None, None));
    }

    #[test]
    fn nothing_shows_as_a_dash() {
        assert_eq!((percent(None), signed(None), plain(None)), ("–".into(), "–".into(), "–".into()));
        assert_eq!((percent(Some(0.98765)), signed(Some(-0.0))), ("98.77 %".into(), "+0.0".into()));
    }
}
