//! What the columns of a table are: time, a running number, or a signal with its unit; and the rate that a time column gives.

use super::table::Table;
use crate::error::{Error, Result};
use crate::formats::signal::mv_per_unit;

/// Rates that an ECG is sampled at, Hz: wide enough for every device, narrow enough to tell seconds from milliseconds.
const RATES_HZ: std::ops::RangeInclusive<f64> = 25.0..=20_000.0;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Role {
    /// Time of the row.
    Time(TimeUnit),
    /// Running number of the row.
    Number,
    /// Samples.
    Signal,
}

/// Unit of a time column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Not said.
    Unsaid,
}

/// A column with its name taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name without unit.
    pub label: String,
    /// Unit, where the file says it.
    pub unit: Option<String>,
    /// What it holds.
    pub role: Role,
}

/// The columns of a table.
pub fn of(table: &Table, notes: &mut Vec<String>) -> Vec<Column> {
    let Some(header) = &table.header else {
        notes.push("the table has no header row: its leads are unknown and numbered".into());
        let label = |index: usize| format!("ch{}", index + 1);
        return (0..table.columns.len()).map(|i| Column { label: label(i), unit: None, role: Role::Signal }).collect();
    };
    let mut columns: Vec<Column> = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let (label, mut unit) = name_and_unit(name);
        if let Some(below) = table.units.as_ref().and_then(|units| units.get(index)).filter(|unit| !unit.is_empty()) {
            unit = unit.or_else(|| Some(below.trim_matches(['[', ']', '(', ')']).to_owned()));
        }
        let mut role = role_of(&label, unit.as_deref());
        if matches!(role, Role::Time(_)) && columns.iter().any(|column| matches!(column.role, Role::Time(_))) {
            notes.push(format!("{name} is a second time column and is left out"));
            role = Role::Number;
        }
        let label = if label.is_empty() { format!("ch{}", index + 1) } else { label };
        columns.push(Column { label, unit, role });
    }
    columns
}

/// `V1 [mV]`, `V1 (uV)`, `V1_mV`, `V1 mV` → name and unit.
fn name_and_unit(name: &str) -> (String, Option<String>) {
    let name = name.trim();
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some((label, unit)) = name.strip_suffix(close).and_then(|inner| inner.rsplit_once(open))
            && !unit.trim().is_empty()
        {
            return (label.trim().to_owned(), Some(unit.trim().to_owned()));
        }
    }
    // A bare V is a lead name, not volts: only units of two letters are taken from the end of a name.
    match name.rsplit_once(['_', ' ', '/']) {
        Some((label, unit)) if unit.chars().count() >= 2 && (mv_per_unit(unit).is_some() || is_time_unit(unit)) => {
            (label.trim().to_owned(), Some(unit.to_owned()))
        }
        Some((label, "s")) if is_time_name(label) => (label.trim().to_owned(), Some("s".into())),
        _ => (name.to_owned(), None),
    }
}

fn is_time_unit(unit: &str) -> bool {
    matches!(unit.to_lowercase().as_str(), "ms" | "msec" | "milliseconds" | "sec" | "seconds")
}

fn is_time_name(name: &str) -> bool {
    matches!(
        name.trim().to_lowercase().as_str(),
        "time" | "t" | "elapsed time" | "elapsed" | "zeit" | "temps" | "tiempo" | "tempo"
    )
}

fn role_of(label: &str, unit: Option<&str>) -> Role {
    let label = label.to_lowercase();
    let said = unit.map(str::to_lowercase);
    let time_unit = |word: &str| match word {
        "s" | "sec" | "second" | "seconds" => Some(TimeUnit::Seconds),
        "ms" | "msec" | "millisecond" | "milliseconds" => Some(TimeUnit::Milliseconds),
        _ => None,
    };
    match (said.as_deref().and_then(time_unit), time_unit(&label)) {
        (Some(unit), _) => Role::Time(unit),
        (None, Some(unit)) => Role::Time(unit),
        (None, None) if is_time_name(&label) => Role::Time(TimeUnit::Unsaid),
        (None, None) if matches!(label.as_str(), "sample" | "samples" | "sample #" | "index" | "n" | "#") => {
            Role::Number
        }
        _ => Role::Signal,
    }
}

/// The rate that a time column gives, Hz. Steps must be equal; `decimals` says how exactly the times are written.
pub fn clock(times: &[f64], decimals: u32, unit: TimeUnit, notes: &mut Vec<String>) -> Result<f64> {
    let wrong = |what: String| {
        Error::read(what)
            .in_step("time column")
            .cure("give equal steps, or take the column out and tell the rate (--rate)")
    };
    let known: Vec<(usize, f64)> = times.iter().copied().enumerate().filter(|(_, time)| time.is_finite()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Err(wrong("it holds no time".into()));
    };
    let steps = (last.0 - first.0) as f64;
    let length = last.1 - first.1;
    if steps < 1.0 || length <= 0.0 {
        return Err(wrong("its times do not rise".into()));
    }
    let step = length / steps;
    let written = 0.1f64.powi(decimals.min(15) as i32);
    for (index, time) in &known {
        let should = first.1 + (index - first.0) as f64 * step;
        if (time - should).abs() > 0.1 * step + written {
            return Err(wrong(format!(
                "its steps are not equal: row {} has {time} where {should:.6} is due",
                index + 1
            )));
        }
    }
    let per_second = match unit {
        TimeUnit::Seconds => 1.0,
        TimeUnit::Milliseconds => 1000.0,
        TimeUnit::Unsaid => {
            let readings = [(1.0, "seconds"), (1000.0, "milliseconds")];
            let mut fitting = readings.iter().filter(|(per_second, _)| RATES_HZ.contains(&(per_second / step)));
            let (Some((per_second, name)), None) = (fitting.next(), fitting.next()) else {
                return Err(wrong(format!(
                    "it does not say its unit, and steps of {step} fit neither seconds nor milliseconds"
                )));
            };
            notes.push(format!("the time column does not say its unit; its steps of {step:.6} can only be {name}"));
            *per_second
        }
    };
    if first.1 != 0.0 {
        notes.push(format!("the time column begins at {}; times are shown from 0", first.1));
    }
    let rate = per_second / step;
    if !RATES_HZ.contains(&rate) && !(1.0..=1e6).contains(&rate) {
        return Err(wrong(format!("it gives {rate} samples per second")));
    }
    // The rate is known no better than the times are written: a whole number within that is the rate.
    let doubt = rate * (written / length + 1e-9);
    Ok(if (rate - rate.round()).abs() <= doubt { rate.round() } else { rate })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(times: &[f64], decimals: u32, unit: TimeUnit) -> Result<f64> {
        clock(times, decimals, unit, &mut Vec::new())
    }

    #[test]
    fn names_and_units_come_apart() {
        let cases = [
            ("I [mV]", "I", Some("mV")),
            ("V1 (uV)", "V1", Some("uV")),
            ("aVR_mV", "aVR", Some("mV")),
            ("V1 mV", "V1", Some("mV")),
            ("time_s", "time", Some("s")),
            ("Lead V", "Lead V", None),
            ("ABP [mmHg]", "ABP", Some("mmHg")),
            ("[]", "[]", None),
        ];
        for (name, label, unit) in cases {
            assert_eq!(name_and_unit(name), (label.to_owned(), unit.map(str::to_owned)), "{name}");
        }
        assert_eq!(role_of("ms", None), Role::Time(TimeUnit::Milliseconds));
        assert_eq!(role_of("time", Some("ms")), Role::Time(TimeUnit::Milliseconds));
        assert_eq!(role_of("Sample", None), Role::Number);
        assert_eq!(role_of("I", Some("mV")), Role::Signal);
    }

    #[test]
    fn rounded_times_give_the_exact_rate() {
        let times: Vec<f64> = (0..3600).map(|i| (f64::from(i) / 360.0 * 1e6).round() / 1e6).collect();
        assert_eq!(rate(&times, 6, TimeUnit::Seconds).expect("equal steps"), 360.0);
        let times: Vec<f64> = (0..3600).map(|i| (f64::from(i) / 360.0 * 1e3).round() / 1e3).collect();
        assert_eq!(rate(&times, 3, TimeUnit::Unsaid).expect("equal steps"), 360.0);
        let times: Vec<f64> = (0..100).map(|i| f64::from(i) / 62.4725).collect();
        assert!((rate(&times, 15, TimeUnit::Seconds).expect("equal steps") - 62.4725).abs() < 1e-9);
    }

    #[test]
    fn milliseconds_are_told_from_seconds_by_what_is_possible() {
        assert_eq!(rate(&[0.0, 2.0, 4.0], 0, TimeUnit::Unsaid).expect("only ms fits"), 500.0);
        assert_eq!(rate(&[0.0, 0.002, 0.004], 3, TimeUnit::Unsaid).expect("only s fits"), 500.0);
        assert!(rate(&[0.0, 3600.0, 7200.0], 0, TimeUnit::Unsaid).is_err());
    }

    #[test]
    fn gaps_and_falling_times_are_refused() {
        for times in [&[0.0, 0.002, 0.004, 0.1, 0.102][..], &[0.0, 0.0], &[1.0, 0.5], &[f64::NAN]] {
            assert!(rate(times, 3, TimeUnit::Seconds).is_err(), "{times:?}");
        }
    }
}
