//! A part of the validation's output: words, tables that are also Markdown, and the same figures as JSON.

use serde_json::Value;

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these column heads.
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&word| word.to_owned()).collect(), rows: Vec::new() }
    }

    /// One more row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// As Markdown, the columns aligned.
    fn text(&self) -> String {
        let width = |column: usize| {
            let cells = std::iter::once(&self.head).chain(&self.rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let padded = |row: &[String]| {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
            format!("| {} |", cells.join(" | "))
        };
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat((*width).max(3))).collect();
        let mut lines = vec![padded(&self.head), padded(&rule)];
        lines.extend(self.rows.iter().map(|row| padded(row)));
        lines.join("\n")
    }
}

/// A part: what was scored, how, and the figures.
#[derive(Debug, Clone)]
pub struct Section {
    title: String,
    key: &'static str,
    parts: Vec<String>,
    json: Value,
}

impl Section {
    /// A part with its title, its key in the JSON and its figures there.
    pub fn new(title: impl Into<String>, key: &'static str, json: Value) -> Self {
        Self { title: title.into(), key, parts: Vec::new(), json }
    }

    /// A paragraph.
    pub fn words(&mut self, words: impl Into<String>) {
        self.parts.push(words.into());
    }

    /// A table.
    pub fn table(&mut self, table: &Table) {
        self.parts.push(table.text());
    }

    /// All of it as Markdown.
    pub fn text(&self) -> String {
        format!("## {}\n\n{}\n", self.title, self.parts.join("\n\n"))
    }

    /// Key and figures for the JSON.
    pub fn json(&self) -> (&'static str, &Value) {
        (self.key, &self.json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_markdown_with_aligned_columns() {
        let mut table = Table::new(&["point", "n"]);
        table.row(vec!["T end".into(), "1752".into()]);
        let mut section = Section::new("Waves", "waves", Value::Null);
        section.words("How.");
        section.table(&table);
        assert_eq!(section.text(), "## Waves\n\nHow.\n\n| point | n    |\n| ----- | ---- |\n| T end | 1752 |\n");
    }
}
