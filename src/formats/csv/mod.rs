//! Tables as text (CSV, TSV): one column a lead, one row a sample.
//!
//! There is no standard, so the file must say what its numbers are: lead names in a header row, the unit in brackets (`V1 [mV]`),
//! a time column in equal steps. What it does not say, the reader must ([`super::Hints`]); rate and unit are never guessed.
//! Other exports that happen to be text (Apple, OpenSignals) are formats of their own.

mod columns;
mod table;
mod write;

use super::format::{RATE, UNIT};
use super::{Format, Hints, Input, Likelihood};
use crate::ecg::{Note, Recording};
use crate::error::{Error, Result};
use crate::formats::signal::{self, Signal};
use columns::{Column, Role, TimeUnit};
use table::Table;

/// The format.
pub struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn title(&self) -> &'static str {
        "CSV or TSV table"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "txt"]
    }

    fn sniff(&self, input: &Input) -> Likelihood {
        match table::sniff(input.bytes) {
            Some(true) => Likelihood::Likely,
            Some(false) => Likelihood::Maybe,
            None => Likelihood::No,
        }
    }

    fn read(&self, input: &Input) -> Result<Recording> {
        let mut notes = Vec::new();
        let table = Table::parse(input.bytes, &mut notes)?;
        let columns = columns::of(&table, &mut notes);
        let signals: Vec<(usize, &Column)> =
            columns.iter().enumerate().filter(|(_, column)| column.role == Role::Signal).collect();
        let time = columns.iter().enumerate().find_map(|(index, column)| match column.role {
            Role::Time(unit) => Some((index, unit)),
            _ => None,
        });
        ask_for_missing(&table, &signals, time.is_some(), &input.hints)?;
        let rate_hz = match time {
            Some((index, unit)) => rate_of(&table, index, unit, &input.hints, &mut notes)?,
            None => input.hints.rate_hz.unwrap_or_default(),
        };
        let mut recording = Recording::new("csv", Vec::new());
        for (index, column) in signals {
            let told = if column.unit.is_none() { input.hints.mv_per_unit } else { None };
            let scale = told.unwrap_or(1.0);
            let values = table.columns[index].iter().map(|value| (value * scale) as f32).collect();
            let unit = column.unit.clone().unwrap_or_else(|| "mV".into());
            let label = column.label.clone();
            signal::add(&mut recording, Signal { label, lead: None, unit: Some(unit), rate_hz, start_s: 0.0, values });
        }
        recording.notes = notes.into_iter().map(Note::new).collect();
        Ok(recording)
    }

    fn writes(&self) -> bool {
        true
    }

    fn write(&self, recording: &Recording, stem: &str) -> Result<Vec<(String, Vec<u8>)>> {
        Ok(vec![(format!("{stem}.csv"), write::table(recording)?)])
    }
}

/// Says which facts only the reader can give, all at once.
fn ask_for_missing(table: &Table, signals: &[(usize, &Column)], has_time: bool, hints: &Hints) -> Result<()> {
    let usable = |value: Option<f64>| value.is_some_and(|value| value.is_finite() && value > 0.0);
    if signals.is_empty() {
        return Err(Error::read("the table has no column of samples"));
    }
    let without: Vec<&str> = signals.iter().filter(|(_, c)| c.unit.is_none()).map(|(_, c)| c.label.as_str()).collect();
    let rate = !has_time && !usable(hints.rate_hz);
    let unit = !without.is_empty() && !usable(hints.mv_per_unit);
    let (what, flags) = match (rate, unit) {
        (false, false) => return Ok(()),
        (true, false) => (format!("its {RATE}"), "--rate 500"),
        (false, true) => (format!("the {UNIT}"), "--unit mV"),
        (true, true) => (format!("its {RATE} or the {UNIT}"), "--rate 500 --unit mV"),
    };
    let columns =
        if unit && table.header.is_some() { format!(" (columns {})", without.join(", ")) } else { String::new() };
    let header = if table.header.is_none() { "; it has no header row either, so its leads stay unnamed" } else { "" };
    Err(Error::missing(format!("the table does not say {what}{columns}{header}")).cure(format!(
        "tell it ({flags} on the command line), or add it to the file: a time column gives the rate, a header such as \"I [mV]\" the unit"
    )))
}

/// The rate that a time column gives, in Hz.
fn rate_of(table: &Table, index: usize, unit: TimeUnit, hints: &Hints, notes: &mut Vec<String>) -> Result<f64> {
    let clock = columns::clock(&table.columns[index], table.decimals[index], unit, notes)?;
    if let Some(told) = hints.rate_hz
        && (told - clock).abs() > 1e-3 * clock
    {
        notes.push(format!("the time column gives {clock} Hz; the {told} Hz that were told are not used"));
    }
    Ok(clock)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::NoSisters;

    fn read(text: &str, hints: Hints) -> Result<Recording> {
        Csv.read(&Input { name: "t.csv", bytes: text.as_bytes(), sisters: &NoSisters, hints })
    }

    fn rows(head: &str, row: impl Fn(usize) -> String) -> String {
        let rows: Vec<String> = (0..50).map(row).collect();
        format!("{head}\n{}\n", rows.join("\n"))
    }

    #[test]
    fn each_missing_fact_is_named_and_only_those() {
        let plain = rows("I,II", |i| format!("{i},{i}"));
        let cases = [
            (
                plain.clone(),
                Hints::default(),
                &["sampling rate", "unit of its samples (columns I, II)", "--rate 500 --unit mV"][..],
            ),
            (
                plain.clone(),
                Hints { rate_hz: Some(500.0), mv_per_unit: None },
                &["the unit of its samples", "(--unit mV "],
            ),
            (plain.clone(), Hints { rate_hz: None, mv_per_unit: Some(1.0) }, &["its sampling rate;", "(--rate 500 "]),
            (plain.clone(), Hints { rate_hz: Some(f64::NAN), mv_per_unit: Some(0.0) }, &["--rate 500 --unit mV"]),
            (rows("I [mV]", |i| format!("0.{i}")), Hints::default(), &["its sampling rate;"]),
        ];
        for (text, hints, words) in cases {
            let error = read(&text, hints).expect_err("a fact is missing");
            assert_eq!(error.kind(), crate::error::Cause::Missing);
            let flags =
                (words.iter().any(|word| word.contains("rate")), words.iter().any(|word| word.contains("unit")));
            assert_eq!(Hints::asked_by(&error), flags, "{error}");
            for word in words {
                assert!(error.to_string().contains(word), "{word:?} not in: {error}");
            }
        }
    }

    #[test]
    fn what_is_told_is_used_and_what_the_file_says_comes_first() {
        let told = Hints { rate_hz: Some(400.0), mv_per_unit: Some(1e-3) };
        let recording = read(&rows("I;II (V)", |i| format!("{i};0,00{i}")), told).expect("all is known");
        assert_eq!(recording.traces[0].rate_hz, 400.0);
        assert_eq!((recording.traces[0].samples_mv[7], recording.traces[1].samples_mv[7]), (0.007, 7.0));
        let recording =
            read(&rows("time [s],I [mV]", |i| format!("{:.3},1", i as f64 / 250.0)), told).expect("says all");
        assert_eq!(recording.traces[0].rate_hz, 250.0);
        assert!(recording.notes.iter().any(|note| note.text.contains("400 Hz that were told")));
    }
}
