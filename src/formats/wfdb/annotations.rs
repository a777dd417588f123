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
                if let Some(mark) = last {
                    mark.number = number;
                }
            }
            SUBTYPE => {
                if let Some(mark) = last {
                    mark.subtype = interval as i8;
                }
            }
            CHANNEL => {
                channel = interval as u8;
                if let Some(mark) = last {
                    mark.channel = channel;
                }
            }
            AUX => {
                let text = reader
                    .take(usize::from(interval))
                    .ok_or_else(|| bad("the annotation file ends inside a text".into()))?;
                let text = encoding_rs::mem::decode_latin1(text);
                let text = text.trim_end_matches('\0');
                if let Some(mark) = last {
                    mark.text = Some(text.to_owned()).filter(|text| !text.is_empty());
                }
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

/// The bytes of an annotation file. Symbols that have no code become notes (`"`) with the symbol as text.
pub fn encode(marks: &Marks) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut word = |code: u8, interval: u16| bytes.extend_from_slice(&(u16::from(code) << 10 | interval).to_le_bytes());
    if let Some(rate) = marks.ticks_per_second {
        word(NOTE, 0);
        text(&mut word, &format!("## time resolution: {rate}"));
    }
    let (mut tick, mut channel, mut number) = (0i64, 0u8, 0i8);
    for mark in &marks.marks {
        let mut interval = mark.tick.saturating_sub(tick).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        tick = tick.saturating_add(interval);
        if !(0..=0x3ff).contains(&interval) {
            let long = interval as i32 as u32;
            word(SKIP, 0);
            word((long >> 26) as u8, (long >> 16) as u16 & 0x3ff);
            word((long >> 10 & 0x3f) as u8, long as u16 & 0x3ff);
            interval = 0;
        }
        let code = code(&mark.symbol);
        word(code.unwrap_or(NOTE), interval as u16);
        if mark.subtype != 0 {
            word(SUBTYPE, u16::from(mark.subtype as u8));
        }
        if mark.channel != channel {
            channel = mark.channel;
            word(CHANNEL, u16::from(channel));
        }
        if mark.number != number {
            number = mark.number;
            word(NUMBER, u16::from(number as u8));
        }
        match (code, &mark.text) {
            (Some(_), None) => {}
            (Some(_), Some(words)) => text(&mut word, words),
            (None, None) => text(&mut word, &mark.symbol),
            (None, Some(words)) => text(&mut word, &format!("{}: {words}", mark.symbol)),
        }
    }
    word(0, 0);
    bytes
}

fn code(symbol: &str) -> Option<u8> {
    let numbered = symbol.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|code| code.parse().ok());
    let known = SYMBOLS.iter().position(|known| *known != b' ' && symbol.as_bytes() == [*known]).map(|at| at as u8);
    known.or(numbered.filter(|code| (1..=LAST_TYPE).contains(code)))
}

/// Latin-1, padded to whole words; what Latin-1 has not becomes a question mark.
fn text(word: &mut impl FnMut(u8, u16), words: &str) {
    let latin: Vec<u8> = words.chars().take(0x3ff).map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    word(AUX, latin.len() as u16);
    for pair in latin.chunks(2) {
        let both = u16::from_le_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]);
        word((both >> 10) as u8, both & 0x3ff);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(tick: i64, symbol: &str) -> Mark {
        Mark { tick, symbol: symbol.into(), subtype: 0, channel: 0, number: 0, text: None }
    }

    #[test]
    fn a_file_as_wfdb_writes_it() {
        // The start of a real kind of file: rhythm note at 18, beat at 77, a long interval, number and channel kept, end.
        let bytes: Vec<u8> = [
            28 << 10 | 18,
            63 << 10 | 3,
            u16::from_le_bytes(*b"(N"),
            0,
            1 << 10 | 59,
            59 << 10,
            1,
            0,
            5 << 10,
            62 << 10 | 1,
            60 << 10 | 2,
            61 << 10 | 0xff,
            40 << 10 | 7,
            0,
        ]
        .into_iter()
        .flat_map(u16::to_le_bytes)
        .collect();
        let found = parse(&bytes).expect("sound").marks;
        assert_eq!((found[0].tick, &*found[0].symbol, found[0].text.as_deref()), (18, "+", Some("(N")));
        assert_eq!((found[1].tick, &*found[1].symbol), (77, "N"));
        assert_eq!((found[2].tick, &*found[2].symbol), (77 + 65_536, "V"));
        assert_eq!((found[2].channel, found[2].number, found[2].subtype), (1, 2, -1));
        assert_eq!(
            (found[3].channel, found[3].number, found[3].subtype),
            (1, 2, 0),
            "channel and number stay, subtype does not"
        );
        assert_eq!(&*found[3].symbol, ")");
    }

    #[test]
    fn tick_rate_and_own_symbols_are_not_marks() {
        let notes =
            ["## time resolution: 1000", "## annotation type definitions", "42 Z zebra", "## end of definitions"];
        let mut marks: Vec<Mark> =
            notes.iter().map(|note| Mark { text: Some((*note).into()), ..mark(0, "\"") }).collect();
        marks.push(mark(500, "[42]"));
        let found = parse(&encode(&Marks { marks, ticks_per_second: None })).expect("sound");
        assert_eq!(found.ticks_per_second, Some(1000.0));
        assert_eq!(found.marks, [mark(500, "Z")]);
    }

    #[test]
    fn other_files_are_not_taken_for_annotations() {
        let cases: [&[u8]; 5] = [b"", b"hello, world\n", &[0, 4], &[0, 0, 1, 0], &[0, 0xc8, 0, 0]];
        for bytes in cases {
            assert!(parse(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(parse(&[0, 0, 0, 0]).expect("no marks"), Marks::default());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            fields in proptest::collection::vec((-5_000_000i64..90_000_000, 1u8..42, any::<i8>(), any::<u8>(), any::<i8>(), "[ -~]{0,9}"), 0..40),
            ticks_per_second in proptest::option::of(1.0f64..5000.0),
        ) {
            let marks = fields.into_iter().filter(|(_, code, ..)| SYMBOLS[usize::from(*code)] != b' ').map(|(tick, code, subtype, channel, number, text)| {
                // A note at time zero may be a definition, and is told apart by its text only.
                Mark { tick, symbol: symbol(code), subtype, channel, number, text: Some(text).filter(|text| !text.is_empty() && !text.starts_with("##")) }
            });
            let marks = Marks { marks: marks.collect(), ticks_per_second };
            prop_assert_eq!(parse(&encode(&marks)).expect("own bytes"), marks);
        }

        #[test]
        fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&bytes);
        }
    }
}
