//! A recording as a table: a time column and one column a lead, units in the header, empty cells where no sample is.
//!
//! Patient, marks and notes are not in a table; leads computed from others are left out, since a reader computes them again.

use std::fmt::Write as _;

use crate::ecg::Recording;
use crate::error::{Error, Result};
use crate::formats::signal::Stored;

/// The bytes of the table. All signals must have one rate.
pub fn table(recording: &Recording) -> Result<Vec<u8>> {
    let signals = Stored::of(recording);
    let Some(rate_hz) = signals.first().map(|signal| signal.rate_hz) else {
        return Err(Error::write("the recording holds no signal"));
    };
    if let Some(other) = signals.iter().find(|signal| signal.rate_hz != rate_hz) {
        return Err(Error::write(format!(
            "a table has one rate, and the recording has {rate_hz} Hz and {} Hz ({})",
            other.rate_hz, other.label
        ))
        .cure("write it as wfdb"));
    }
    rows(&signals, rate_hz).map_err(|error| Error::write("the table cannot be written").because(error))
}

fn rows(signals: &[Stored], rate_hz: f64) -> Result<Vec<u8>, std::fmt::Error> {
    let mut text = String::from("time [s]");
    for signal in signals {
        let label = signal.label.replace(['"', '\n', '\r'], " ");
        let quote = if label.contains([',', ';']) { "\"" } else { "" };
        write!(text, ",{quote}{label} [{}]{quote}", signal.unit)?;
    }
    text.push('\n');
    let rows = signals.iter().map(|signal| signal.first_index() + signal.values.len()).max().unwrap_or(0);
    for row in 0..rows {
        let time_s = row as f64 / rate_hz;
        // Six decimals place a sample of a whole rate exactly; other rates need all digits to be found again.
        if rate_hz.fract() == 0.0 {
            write!(text, "{time_s:.6}")?;
        } else {
            write!(text, "{time_s}")?;
        }
        for signal in signals {
            text.push(',');
            if let Some(value) = signal.at(row) {
                write!(text, "{value}")?;
            }
        }
        text.push('\n');
    }
    Ok(text.into_bytes())
}
