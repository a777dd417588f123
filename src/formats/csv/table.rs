//! From text to columns of numbers: encoding, delimiter, decimal sign, header and unit rows, ragged rows.
//!
//! What a column means is decided in `columns.rs`.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// How much of the file is looked at to recognise a table.
const HEAD: usize = 8192;

/// Rows of a kind that are told one by one; more are counted.
const ROWS_NAMED: usize = 3;

/// A table of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns; `None` = no header row.
    pub header: Option<Vec<String>>,
    /// Units from a row of their own below the header.
    pub units: Option<Vec<String>>,
    /// Values by column, NaN = empty cell.
    pub columns: Vec<Vec<f64>>,
    /// Most decimals a column's numbers are written with.
    pub decimals: Vec<u32>,
}

/// Is it a table of numbers, and has it a header row? Looks at the beginning only.
pub fn sniff(bytes: &[u8]) -> Option<bool> {
    let text = decode(&bytes[..bytes.len().min(HEAD)])?;
    let mut lines: Vec<&str> = content(&text).collect();
    if bytes.len() > HEAD {
        lines.pop(); // cut
    }
    let dialect = Dialect::of(&lines)?;
    let first = dialect.split(lines.first()?);
    let named = first.iter().any(|field| !field.is_empty() && dialect.number(field).is_none());
    (lines.len() > 1 + usize::from(named)).then_some(named)
}

/// The text: UTF-8, UTF-16 with byte order mark, or else Windows-1252; `None` where it holds control characters.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0,
        // A cut at the end of the bytes looked at is no reason to doubt UTF-8.
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) if error.error_len().is_none() => String::from_utf8_lossy(&bytes[..error.valid_up_to()]),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    };
    let binary = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    (!binary).then_some(text)
}

/// Lines that are neither empty nor comments.
fn content(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.trim_end_matches('\r'))
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// What separates fields, and whether a comma may be the decimal sign.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Dialect {
    delimiter: Option<char>,
}

impl Dialect {
    /// The first delimiter under which the later rows are numbers in the same number of columns.
    fn of(lines: &[&str]) -> Option<Self> {
        let rows = &lines[lines.len().min(2).saturating_sub(usize::from(lines.len() < 3))..];
        let rows = if rows.is_empty() { lines } else { rows };
        let rows = &rows[..rows.len().min(40)];
        let fits = |dialect: &Dialect, least: usize| {
            let numeric = rows.iter().filter(|line| {
                let fields = dialect.split(line);
                let numbers = fields.iter().filter(|field| dialect.number(field).is_some()).count();
                numbers > 0
                    && fields.len() >= least
                    && fields.iter().all(|field| field.is_empty() || dialect.number(field).is_some())
            });
            numeric.count() * 2 > rows.len()
        };
        let candidates = ['\t', ';', ',', ' '].map(|delimiter| Dialect { delimiter: Some(delimiter) });
        let several = candidates.into_iter().find(|dialect| fits(dialect, 2));
        several.or_else(|| Some(Dialect { delimiter: None }).filter(|dialect| fits(dialect, 1)))
    }

    fn split<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let strip = |field: &'a str| field.trim().trim_matches(['"', '\'']).trim();
        match self.delimiter {
            None => vec![strip(line)],
            Some(' ') => line.split_whitespace().map(strip).collect(),
            Some(delimiter) => {
                let mut fields = Vec::new();
                let (mut start, mut quoted) = (0, false);
                for (at, c) in line.char_indices() {
                    if c == '"' {
                        quoted = !quoted;
                    } else if c == delimiter && !quoted {
                        fields.push(strip(&line[start..at]));
                        start = at + c.len_utf8();
                    }
                }
                fields.push(strip(&line[start..]));
                fields
            }
        }
    }

    /// A number; where the comma does not separate fields it may be the decimal sign. "NaN" and the like are numbers without value.
    fn number(&self, field: &str) -> Option<f64> {
        if matches!(field, "NaN" | "nan" | "NAN" | "NA" | "null" | "-") {
            return Some(f64::NAN);
        }
        // Infinity and hexadecimal are no samples.
        if !field.starts_with(|c: char| c.is_ascii_digit() || "+-.,".contains(c)) {
            return None;
        }
        let value = match field.parse::<f64>() {
            Ok(value) => value,
            Err(_) if self.delimiter != Some(',') && !field.contains('.') => {
                field.replacen(',', ".", 1).parse().ok()?
            }
            Err(_) => return None,
        };
        value.is_finite().then_some(value)
    }
}

impl Table {
    /// Parses the whole file. Ragged rows are completed with "no sample" and noted; a cell that is no number is an error.
    pub fn parse(bytes: &[u8], notes: &mut Vec<String>) -> Result<Self> {
        let text = decode(bytes).ok_or_else(|| Error::read("the file is not text"))?;
        let head: Vec<&str> = content(&text).take(60).collect();
        let dialect = Dialect::of(&head).ok_or_else(|| {
            Error::read("the file is not a table of numbers")
                .cure("one row a sample, one column a lead, lead names in the first row")
        })?;
        let mut rows = text
            .lines()
            .enumerate()
            .map(|(number, line)| (number + 1, line))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
            .peekable();
        let names_nothing =
            |line: &str| dialect.split(line).iter().all(|f| f.is_empty() || dialect.number(f).is_some());
        let owned = |line: &str| dialect.split(line).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let header = rows.next_if(|(_, line)| !names_nothing(line)).map(|(_, line)| owned(line));
        let units = rows
            .next_if(|(_, line)| header.is_some() && !names_nothing(line) && is_unit_row(&dialect.split(line)))
            .map(|(_, line)| owned(line));
        let width = match (&header, rows.peek()) {
            (Some(header), _) => header.len(),
            (None, Some((_, line))) => dialect.split(line).len(),
            (None, None) => 0,
        };
        let mut table = Self { header, units, columns: vec![Vec::new(); width], decimals: vec![0; width] };
        let mut ragged = Ragged::default();
        let mut signs = (false, false);
        for (number, line) in rows {
            table.push(&dialect, number, line, &mut ragged, &mut signs)?;
        }
        if signs == (true, true) {
            return Err(Error::read("the numbers use both point and comma as decimal sign"));
        }
        if table.columns.first().is_none_or(Vec::is_empty) {
            return Err(Error::read("the table has no rows of numbers"));
        }
        ragged.tell(notes);
        Ok(table)
    }

    fn push(
        &mut self,
        dialect: &Dialect,
        number: usize,
        line: &str,
        ragged: &mut Ragged,
        signs: &mut (bool, bool),
    ) -> Result<()> {
        let mut fields = dialect.split(line);
        let width = self.columns.len();
        // A delimiter at the end of every line makes an empty last field.
        while fields.len() > width && fields.last().is_some_and(|field| field.is_empty()) {
            fields.pop();
        }
        if fields.len() != width {
            ragged.see(number, fields.len(), width);
        }
        for (index, column) in self.columns.iter_mut().enumerate() {
            let field = fields.get(index).copied().unwrap_or_default();
            if field.is_empty() {
                column.push(f64::NAN);
                continue;
            }
            let value = dialect.number(field).ok_or_else(|| {
                let name = self.header.as_ref().and_then(|header| header.get(index)).cloned();
                let name = name.unwrap_or_else(|| format!("column {}", index + 1));
                Error::read(format!("{field:?} is not a number")).in_step(format!("row {number}, {name}"))
            })?;
            column.push(value);
            if let Some(at) = field.rfind(['.', ',']) {
                let sign = if field.as_bytes()[at] == b'.' { &mut signs.0 } else { &mut signs.1 };
                *sign = true;
                let decimals = field[at + 1..].bytes().take_while(u8::is_ascii_digit).count() as u32;
                self.decimals[index] = self.decimals[index].max(decimals);
            }
        }
        Ok(())
    }
}

/// Rows with too few or too many fields.
#[derive(Default)]
struct Ragged {
    seen: Vec<(usize, usize, usize)>,
    count: usize,
}

impl Ragged {
    fn see(&mut self, row: usize, fields: usize, width: usize) {
        self.count += 1;
        if self.seen.len() < ROWS_NAMED {
            self.seen.push((row, fields, width));
        }
    }

    fn tell(self, notes: &mut Vec<String>) {
        notes.extend(self.seen.iter().map(|(row, fields, width)| {
            let fate = if fields < width {
                "the missing ones are shown as no sample"
            } else {
                "the further ones are left out"
            };
            format!("row {row} has {fields} fields instead of {width}: {fate}")
        }));
        if self.count > self.seen.len() {
            notes.push(format!("{} more rows have a wrong number of fields", self.count - self.seen.len()));
        }
    }
}

fn is_unit_row(fields: &[&str]) -> bool {
    const TIMES: [&str; 5] = ["s", "ms", "sec", "seconds", "hh:mm:ss.mmm"];
    fields.iter().all(|field| {
        let field = field.trim_matches(['[', ']', '(', ')']);
        field.is_empty() || TIMES.contains(&field) || crate::formats::signal::mv_per_unit(field).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Table, Vec<String>) {
        let mut notes = Vec::new();
        let table = Table::parse(text.as_bytes(), &mut notes).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        (table, notes)
    }

    #[test]
    fn delimiters_and_decimal_signs_are_found() {
        let texts = [
            "t,a\n0.5,1\n1.5,-2\n2.5,3e1\n",
            "t;a\r\n0,5;1\r\n1,5;-2\r\n2,5;30\r\n",
            "t\ta\n0,5\t1\n1,5\t-2\n2,5\t30\n",
            "# c\nt a\n 0.5  1\n1.5 -2\n2.5 30",
            "\u{feff}\"t\";\"a\"\n\"0,5\";1;\n1,5;-2;\n2,5;30;\n",
        ];
        for text in texts {
            let (table, notes) = parse(text);
            assert_eq!(table.header.as_deref(), Some(&["t".to_owned(), "a".to_owned()][..]), "{text:?}");
            assert_eq!(table.columns, [[0.5, 1.5, 2.5], [1.0, -2.0, 30.0]], "{text:?}");
            assert_eq!(notes, Vec::<String>::new(), "{text:?}");
        }
    }

    #[test]
    fn utf_16_is_read() {
        let text = "I [µV]\n1\n2\n3\n";
        let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let table = Table::parse(&bytes, &mut Vec::new()).expect("UTF-16");
        assert_eq!((table.header, table.columns), (Some(vec!["I [µV]".into()]), vec![vec![1.0, 2.0, 3.0]]));
    }

    #[test]
    fn ragged_rows_are_told_and_filled() {
        let (table, notes) = parse("a,b\n1,2\n3\n4,5,6\n7,8\n");
        assert!(table.columns[1][1].is_nan());
        assert_eq!(table.columns[0], [1.0, 3.0, 4.0, 7.0]);
        assert_eq!(notes.len(), 2);
        assert!(notes[0].starts_with("row 3 has 1 fields instead of 2"), "{notes:?}");
    }

    #[test]
    fn words_among_numbers_are_refused_with_their_place() {
        let error = Table::parse(b"a,b\n1,2\n3,x\n4,5\n6,7\n", &mut Vec::new()).expect_err("x is no number");
        assert_eq!(error.to_string(), "\"x\" is not a number (row 3, b)");
    }

    #[test]
    fn tables_are_recognised() {
        assert_eq!(sniff(b"time,I\n0,1\n0.1,2\n"), Some(true));
        assert_eq!(sniff(b"0 -2 -2\n4 -8 -12\n-7 7 14\n"), Some(false));
        assert_eq!(sniff(b"time,I\n"), None);
        assert_eq!(sniff(&(0..=255u8).collect::<Vec<_>>()), None);
        assert_eq!(sniff(b"Dear colleague,\nthank you for the ECG, it was normal.\nRegards\n"), None);
        assert_eq!(sniff(b""), None);
    }
}
