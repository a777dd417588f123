//! `ecg formats`: the list of formats.

use super::output;
use crate::error::Result;
use crate::formats::FORMATS;

/// Runs it.
pub fn run() -> Result<()> {
    output::line(&table())
}

/// The table, one row a format; README holds the same rows.
fn table() -> String {
    let mut rows = vec![format!("{:<8} {:<12} {:<24} {}", "name", "", "endings", "title")];
    rows.extend(FORMATS.iter().map(|format| {
        let way = if format.writes() { "read, write" } else { "read" };
        let endings = format.extensions().join(" ");
        format!("{:<8} {way:<12} {endings:<24} {}", format.name(), format.title())
    }));
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_format_has_a_row() {
        assert_eq!(super::table().lines().count(), crate::formats::FORMATS.len() + 1);
    }
}
