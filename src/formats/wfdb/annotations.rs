//! Annotation files in the MIT format (`.atr`, `.qrs`, `.q1c`, any name): words of two bytes, intervals and types.
//!
//! After the WFDB Applications Guide, annot(5), and its table of annotation codes. The AHA format is not read.

use crate::error::{Error, Result};

/// One stored mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Position in ticks.
    pub tick: i64,
    /// Symbol of the annotation code.
    pub symbol: String,
    /// Subtype field.
    pub subtype: i8,
    /// Channel field.
    pub channel: u8,
    /// Number field.
    pub number: i8,
    /// Auxiliary text.
    pub text: Option<String>,
}

/// What an annotation file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marks {
    /// The marks in the order of the file.
    pub marks: Vec<Mark>,
    /// Ticks per second, where the file states them; else the frame rate of the record holds.
    pub ticks_per_second: Option<f64>,
}

/// Symbols of the annotation codes 0 to 41 as WFDB prints them; a space is a code without meaning.
const SYMBOLS: &[u8; 42] = b" NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";

const SKIP: u8 = 59;
const NUMBER: u8 = 60;
const SUBTYPE: u8 = 61;
const CHANNEL: u8 = 62;
const AUX: u8 = 63;
const NOTE: u8 = 22;
const LAST_TYPE: u8 = 49;

/// Parses an annotation file. Strict, because the bytes alone tell it from other files: it ends with a zero word,
/// nothing but zeros follows, and reserved types do not occur.
pub fn parse(bytes: &[u8]) -> Result<Marks> {
    let mut reader = Words { bytes, at: 0 };
    let mut marks: Vec<(u8, Mark)> = Vec::new();
    let (mut tick, mut channel, mut number) = (0i64, 0u8, 0i8);
    loop {
        let place = reader.at as u64;
        let bad = |what: String| Error::read(what).at_byte(place);
        let word = reader.word().ok_or_else(|| bad("the annotation file ends without its end mark".into()))?;
        let (code, interval) = ((word >> 10) as u8, word & 0x3ff);
        let last = marks.last_mut().map(|(_, mark)| mark);
        match code {
            0 if interval == 0 => break,
            SKIP => {
                let (Some(high), Some(low)) = (reader.word(), reader.word()) else {
                    return Err(bad("the annotation file ends inside a long interval".into()));
                };
                tick = tick.saturating_add(i64::from((u32::from(high) << 16 | u32::from(low)) as i32));
            }
            NUMBER => {
                number = interval as i8;
                last.map(|mark| mark.number = number);
            }
            SUBTYPE => {
                last.map(|mark| mark.subtype = interval as i8);
            }
            CHANNEL => {
                channel = interval as u8;
                last.map(|mark| mark.channel = channel);
            }
            AUX => {
                let text = reader
                    .take(usize::from(interval))
                    .ok_or_else(|| bad("the annotation file ends inside a text".into()))?;
                let text = encoding_rs::mem::decode_latin1(text);
                let text = text.trim_end_matches('\0');
                last.map(|mark| mark.text = Some(text.to_owned()).filter(|text| !text.is_empty()));
            }
            // Type 0 is "no annotation": only its interval counts (writers put it after a stated tick rate).
            0 => tick = tick.saturating_add(i64::from(interval)),
            1..=LAST_TYPE => {
                tick = tick.saturating_add(i64::from(interval));
                let mark = Mark { tick, symbol: symbol(code), subtype: 0, channel, number, text: None };
                marks.push((code, mark));
            }
            _ => return Err(bad(format!("annotation type {code} does not exist"))),
        }
    }
    if bytes[reader.at..].iter().any(|byte| *byte != 0) {
        return Err(Error::read("bytes follow the end mark of the annotation file").at_byte(reader.at as u64));
    }
    Ok(with_definitions(marks))
}

/// Takes out the notes at the start that state the tick rate or define symbols.
fn with_definitions(marks: Vec<(u8, Mark)>) -> Marks {
    let mut found = Marks::default();
    let mut own: Vec<(u8, String)> = Vec::new();
    let mut defining = false;
    for (code, mut mark) in marks {
        let text = mark.text.as_deref().unwrap_or_default();
        if code == NOTE && mark.tick == 0 {
            if let Some(rate) = text.strip_prefix("## time resolution:") {
                found.ticks_per_second = rate.trim().parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
                continue;
            }
            if text.starts_with("## annotation type definitions") {
                defining = true;
                continue;
            }
            if text.starts_with("## end of definitions") {
                defining = false;
                continue;
            }
            if defining {
                let mut words = text.split_whitespace();
                if let (Some(Ok(code)), Some(symbol)) = (words.next().map(str::parse), words.next()) {
                    own.push((code, symbol.to_owned()));
                }
                continue;
            }
        }
        if let Some((_, symbol)) = own.iter().find(|(defined, _)| *defined == code) {
            mark.symbol.clone_from(symbol);
        }
        found.marks.push(mark);
    }
    found
}

fn symbol(code: u8) -> String {
    match SYMBOLS.get(usize::from(code)) {
        Some(symbol) if *symbol != b' ' => char::from(*symbol).to_string(),
        _ => format!("[{code}]"),
    }
}

struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Words<'_> {
    fn word(&mut self) -> Option<u16> {
        let pair = self.bytes.get(self.at..self.at + 2)?;
        self.at += 2;
        Some(u16::from_le_bytes([pair[0], pair[1]]))
    }

    /// So many bytes, padded to an even number in the file.
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let taken = self.bytes.get(self.at..self.at + count)?;
        self.at = (self.at + count + count % 2).min(self.bytes.len());
        Some(taken)
    }
}
