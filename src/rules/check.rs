//! One comparison of a measured value with a limit: is it met, is it within the measurement's own tolerance, and the words of the evidence.
//!
//! Tolerances are those that IEC 60601-2-25 asks of a measuring program (25 µV or 5 %; 10 ms for P, PR and QRS), 5° for axes and 2 % for rates
//! (our choice).

use std::fmt::Display;

use super::Certainty;

/// How a value is written and how exactly it is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    name: &'static str,
    digits: usize,
    signed: bool,
    absolute: f64,
    relative: f64,
}

/// Heights, mV.
pub(super) const MV: Unit = Unit { name: " mV", digits: 2, signed: false, absolute: 0.025, relative: 0.05 };
/// Heights with their sign, mV.
pub(super) const SIGNED_MV: Unit = Unit { signed: true, ..MV };
/// Durations, ms.
pub(super) const MS: Unit = Unit { name: " ms", digits: 0, signed: false, absolute: 10.0, relative: 0.0 };
/// Durations of a part of the QRS, ms.
pub(super) const PART_MS: Unit = Unit { absolute: 6.0, ..MS };
/// Axes, degrees.
pub(super) const DEGREES: Unit = Unit { name: "°", digits: 0, signed: true, absolute: 5.0, relative: 0.0 };
/// Rates, /min.
pub(super) const PER_MIN: Unit = Unit { name: "/min", digits: 0, signed: false, absolute: 0.0, relative: 0.02 };
/// Products of height and duration, mV·ms.
pub(super) const MV_MS: Unit = Unit { name: " mV·ms", digits: 0, signed: false, absolute: 0.0, relative: 0.05 };
/// Terminal force of P, mm·s.
pub(super) const MM_S: Unit = Unit { name: " mm·s", digits: 3, signed: false, absolute: 0.01, relative: 0.0 };
/// Ratios.
pub(super) const RATIO: Unit = Unit { name: "", digits: 2, signed: false, absolute: 0.0, relative: 0.05 };
/// Counts: exact.
pub(super) const COUNT: Unit = Unit { name: "", digits: 0, signed: false, absolute: 0.0, relative: 0.0 };

impl Unit {
    fn tolerance(self, limit: f64) -> f64 {
        self.absolute.max(self.relative * limit.abs())
    }

    fn number(self, value: f64, digits: usize) -> String {
        let rounded = format!("{value:.digits$}");
        let zero = rounded.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
        match (zero, self.signed) {
            (true, _) => rounded.trim_start_matches('-').to_owned(),
            (false, true) if value > 0.0 => format!("+{rounded}"),
            _ => rounded.replace('-', "−"),
        }
    }

    /// The value in words, e.g. `+0.24 mV`.
    pub(super) fn words(self, value: f64) -> String {
        format!("{}{}", self.number(value, self.digits), self.name)
    }
}

/// A comparison.
#[derive(Debug, Clone)]
pub(super) struct Check {
    /// Does it hold?
    pub met: bool,
    /// Is the value nearer to the limit than it is known?
    pub near: bool,
    /// Value against limit.
    pub words: String,
}

impl Check {
    fn new(name: impl Display, value: f64, sign: &str, limit: f64, unit: Unit, met: bool) -> Self {
        // a value that rounds to its limit is told with one digit more; a limit carries its sign only where it is negative
        let (mut told, against) = (unit.number(value, unit.digits), unit.number(limit, unit.digits));
        if told == against && value != limit {
            told = unit.number(value, unit.digits + 1);
        }
        let words = format!("{name} {told}{} {sign} {}", unit.name, against.trim_start_matches('+'));
        Self { met: met && value.is_finite(), near: (value - limit).abs() < unit.tolerance(limit), words }
    }

    /// value ≥ limit.
    pub(super) fn at_least(name: impl Display, value: f64, limit: f64, unit: Unit) -> Self {
        Self::new(name, value, "≥", limit, unit, value >= limit)
    }

    /// value > limit.
    pub(super) fn above(name: impl Display, value: f64, limit: f64, unit: Unit) -> Self {
        Self::new(name, value, ">", limit, unit, value > limit)
    }

    /// value ≤ limit.
    pub(super) fn at_most(name: impl Display, value: f64, limit: f64, unit: Unit) -> Self {
        Self::new(name, value, "≤", limit, unit, value <= limit)
    }

    /// value < limit.
    pub(super) fn below(name: impl Display, value: f64, limit: f64, unit: Unit) -> Self {
        Self::new(name, value, "<", limit, unit, value < limit)
    }

    /// A comparison without a tolerance, in its own words.
    pub(super) fn plain(met: bool, words: impl Into<String>) -> Self {
        Self { met, near: false, words: words.into() }
    }

    /// The same where met; for comparisons that only count when they hold.
    pub(super) fn held(self) -> Option<Self> {
        self.met.then_some(self)
    }
}

/// Criteria that are met: how sure, and the evidence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    /// Value against limit, one after the other.
    pub words: String,
    /// Borderline where any comparison is.
    pub sure: Certainty,
}

impl Verdict {
    /// All of these hold, or there is no verdict.
    pub(super) fn all(checks: impl IntoIterator<Item = Check>) -> Option<Self> {
        let checks: Vec<Check> = checks.into_iter().collect();
        if checks.is_empty() || checks.iter().any(|check| !check.met) {
            return None;
        }
        let near = checks.iter().any(|check| check.near);
        let words: Vec<String> = checks.into_iter().map(|check| check.words).collect();
        Some(Self { words: words.join("; "), sure: if near { Certainty::Borderline } else { Certainty::Met } })
    }

    /// The same with a further sentence.
    pub(super) fn and(mut self, words: &str) -> Self {
        if !words.is_empty() {
            self.words.push_str("; ");
            self.words.push_str(words);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_value_and_limit_and_never_contradict() {
        assert_eq!(Check::at_least("ST", 0.24, 0.20, SIGNED_MV).words, "ST +0.24 mV ≥ 0.20");
        assert_eq!(Check::below("QRS", 119.6, 120.0, MS).words, "QRS 119.6 ms < 120");
        assert_eq!(Check::at_most("axis", -46.2, -45.0, DEGREES).words, "axis −46° ≤ −45");
        assert_eq!(MV.words(-0.001), "0.00 mV");
    }

    #[test]
    fn borderline_is_within_the_tolerance_and_no_number_is_never_met() {
        let verdict = |value| Verdict::all([Check::above("PR", value, 200.0, MS)]).map(|verdict| verdict.sure);
        assert_eq!(verdict(200.0), None);
        assert_eq!(verdict(205.0), Some(Certainty::Borderline));
        assert_eq!(verdict(211.0), Some(Certainty::Met));
        assert_eq!(verdict(f64::INFINITY), None);
        assert_eq!(Verdict::all([]), None);
    }
}
