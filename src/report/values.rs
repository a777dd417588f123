//! What is measured, in words: the same rows for screen and paper.

use super::limits::{Limit, Place, limit};
use crate::analysis::{LeadMeasures, Measured, Measurements, Named};
use crate::ecg::Patient;

/// One measurement over the record.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueRow {
    /// Key in the JSON.
    pub key: &'static str,
    /// Name.
    pub name: &'static str,
    /// The value with its unit, or why there is none.
    pub words: Result<String, String>,
    /// The value, where there is one.
    pub value: Option<f64>,
    /// How many beats it rests on.
    pub beats: usize,
    /// Decimals that its unit bears.
    pub digits: usize,
    /// The usual limits, where some are held.
    pub limit: Option<Limit>,
}

impl ValueRow {
    /// Where the value lies against its limits.
    pub fn place(&self) -> Option<Place> {
        Some(self.limit?.place(self.value?))
    }
}

/// Every measurement over the record, in the order of tables.
pub fn value_rows(measurements: &Measurements, patient: &Patient) -> Vec<ValueRow> {
    let row = |named: Named| {
        let digits = digits(named.unit);
        let (words, beats) = match named.value {
            Measured::Value { value, beats } => (Ok(number(*value, digits, named.unit)), *beats),
            Measured::NoResult { reason } => (Err(reason.to_string()), 0),
        };
        let limit = limit(named.key, patient);
        ValueRow { key: named.key, name: named.name, words, value: named.value.value(), beats, digits, limit }
    };
    measurements.named().into_iter().map(row).collect()
}

/// Decimals that a unit bears.
fn digits(unit: &str) -> usize {
    match unit {
        "mV" => 2,
        "mm·s" => 3,
        _ => 0,
    }
}

/// `92 ms`, `71/min`, `−12°`; a zero has no sign.
fn number(value: f64, digits: usize, unit: &str) -> String {
    let shown = format!("{value:.digits$}");
    let shown = if shown.trim_start_matches(['-', '0', '.']).is_empty() { shown.replace('-', "") } else { shown };
    let space = if matches!(unit, "/min" | "°") { "" } else { " " };
    format!("{}{space}{unit}", shown.replace('-', "−"))
}

/// Headings of the lead table; all but the first in mV.
pub const LEAD_COLUMNS: [&str; 8] = ["Lead", "P", "Q", "R", "S", "T", "ST J", "J+60"];

/// A lead's row of the table: its name and the waves, `–` for a wave that is not there; or why nothing was measured.
pub fn lead_row(lead: &LeadMeasures) -> (String, Result<[String; 7], String>) {
    let name = lead.lead.name().to_owned();
    if let Some(reason) = &lead.withheld {
        return (name, Err(reason.to_string()));
    }
    let peak = |wave: Option<crate::analysis::Deflection>| wave.map(|wave| wave.peak_mv);
    let cells = [lead.p_mv, peak(lead.q), peak(lead.r), peak(lead.s), lead.t_mv, lead.st_j_mv, lead.st_60_mv];
    let cell = |value: Option<f64>| match value {
        Some(value) if value.is_finite() => number(value, 2, "").trim_end().to_owned(),
        _ => "–".to_owned(),
    };
    (name, Ok(cells.map(cell)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    #[test]
    fn numbers_bear_the_decimals_of_their_unit() {
        assert_eq!(number(92.4, 0, "ms"), "92 ms");
        assert_eq!(number(-12.0, 0, "°"), "−12°");
        assert_eq!(number(-0.001, 2, "mV"), "0.00 mV");
        assert_eq!(number(0.034, 3, "mm·s"), "0.034 mm·s");
    }

    #[test]
    fn what_was_not_measured_says_why() {
        let rows = value_rows(&Measurements::none("too few beats"), &Patient::default());
        assert!(rows.iter().all(|row| row.words == Err("too few beats".to_owned()) && row.place().is_none()));
        assert_eq!(lead_row(&LeadMeasures::none(Lead::V1, "lead off")), ("V1".to_owned(), Err("lead off".to_owned())));
    }
}
