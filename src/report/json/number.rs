//! Numbers as the JSON has them: a fixed number of digits, never NaN.

use serde_json::{Value, json};

/// A number with this many digits; null where it is not finite.
pub(super) fn number(value: f64, digits: i32) -> Value {
    let scale = 10_f64.powi(digits);
    let rounded = (value * scale).round() / scale;
    // Minus zero would print as `-0.0`.
    if rounded.is_finite() { json!(rounded + 0.0) } else { Value::Null }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_never_nan() {
        assert_eq!(number(0.123_456, 4).to_string(), "0.1235");
        assert_eq!(number(-0.000_01, 4).to_string(), "0.0");
        assert_eq!(number(f64::NAN, 4), Value::Null);
        assert_eq!(number(f64::from(0.82_f32), 4).to_string(), "0.82");
    }
}
