//! The structure of a DICOM file: preamble, file meta group, elements, sequences, in the four transfer syntaxes that waveforms use.
//!
//! After DICOM PS3.5 (sections 6.2, 7, annex A) and PS3.10 (section 7). Elements are slices of the file: no stated length is ever
//! allocated, which is why this is ours and not a general library's. What the elements mean is not known here.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::error::{Cause, Error, Result};

/// A tag: group in the high half, element in the low.
pub type Tag = u32;

const ITEM: Tag = 0xfffe_e000;
const ITEM_END: Tag = 0xfffe_e00d;
const SEQUENCE_END: Tag = 0xfffe_e0dd;
const TRANSFER_SYNTAX: Tag = 0x0002_0010;
const UNDEFINED: u32 = u32::MAX;

/// Sequences in sequences: more is an attack, not a file.
const DEEPEST: usize = 32;

/// A deflated file may grow to this much and no further.
const LARGEST_INFLATED: u64 = 2 << 30;

/// How elements are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Syntax {
    /// Does each element state its value representation?
    pub explicit: bool,
    /// Most significant byte first?
    pub big_endian: bool,
}

const IMPLICIT: Syntax = Syntax { explicit: false, big_endian: false };
const EXPLICIT: Syntax = Syntax { explicit: true, big_endian: false };
const BIG: Syntax = Syntax { explicit: true, big_endian: true };

/// One element; the value of a sequence is its items.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// Its tag.
    pub tag: Tag,
    /// Its value, as written.
    pub value: &'a [u8],
    syntax: Syntax,
}

/// A set of elements.
#[derive(Debug, Clone)]
pub struct DataSet<'a> {
    /// How its values are written.
    pub syntax: Syntax,
    elements: Vec<Element<'a>>,
}

/// How surely the bytes begin a DICOM file: by the mark, by the first element, or not at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Opening {
    /// `DICM` at byte 128; the meta group follows.
    Marked,
    /// The meta group at the start.
    Meta,
    /// Group 0008 at the start, implicit little endian.
    Bare,
}

/// What the file begins with.
pub fn opening(bytes: &[u8]) -> Option<Opening> {
    if bytes.get(128..132) == Some(b"DICM") {
        return Some(Opening::Marked);
    }
    if bytes.get(..6) == Some(&[2, 0, 0, 0, b'U', b'L']) {
        return Some(Opening::Meta);
    }
    let word = |at: usize| bytes.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let long = |at: usize| bytes.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
    let (group, element, length) = (word(0)?, word(2)?, long(4)? as usize);
    let next = word(8usize.checked_add(length)?)?;
    (group == 8 && element <= 0x0100 && length <= 64 && (next == 8 || next == 0x10)).then_some(Opening::Bare)
}

/// The bytes of the data set, inflated where they are deflated, and how they are written.
pub fn body(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, Syntax)> {
    let start = match opening(bytes) {
        Some(Opening::Marked) => 132,
        Some(Opening::Meta) => 0,
        Some(Opening::Bare) => return Ok((Cow::Borrowed(bytes), IMPLICIT)),
        None => return Err(Error::read("this is not a DICOM file")),
    };
    let mut cursor = Cursor { bytes, at: start, syntax: EXPLICIT };
    let mut name = None;
    while bytes.get(cursor.at..cursor.at + 2) == Some(&[2, 0]) {
        let element = cursor.element(0)?;
        if element.tag == TRANSFER_SYNTAX {
            name = Some(String::from_utf8_lossy(element.value).trim_matches(['\0', ' ']).to_owned());
        }
    }
    let rest = &bytes[cursor.at..];
    match name.as_deref() {
        Some("1.2.840.10008.1.2") => Ok((Cow::Borrowed(rest), IMPLICIT)),
        Some("1.2.840.10008.1.2.1") => Ok((Cow::Borrowed(rest), EXPLICIT)),
        Some("1.2.840.10008.1.2.2") => Ok((Cow::Borrowed(rest), BIG)),
        Some("1.2.840.10008.1.2.1.99") => Ok((Cow::Owned(inflate(rest)?), EXPLICIT)),
        Some(other) => Err(Error::unsupported(format!("the transfer syntax {other} is not one that waveforms use"))
            .cure("export it as explicit little endian")),
        None => Err(Error::read("the file meta group names no transfer syntax")),
    }
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut inflated = Vec::new();
    let bad = |error: std::io::Error| Error::read("the deflated part of the file is damaged or cut").because(error);
    DeflateDecoder::new(bytes).take(LARGEST_INFLATED + 1).read_to_end(&mut inflated).map_err(bad)?;
    if inflated.len() as u64 > LARGEST_INFLATED {
        return Err(Error::new(Cause::Limits, "the file inflates to more than 2 GB"));
    }
    Ok(inflated)
}

impl<'a> DataSet<'a> {
    /// Parses the elements of one level; sequences stay slices until asked for.
    pub fn parse(bytes: &'a [u8], syntax: Syntax) -> Result<Self> {
        let mut cursor = Cursor { bytes, at: 0, syntax };
        let mut elements = Vec::new();
        while cursor.at < bytes.len() {
            // Some writers pad the end of the file.
            if bytes[cursor.at] == 0 && bytes[cursor.at..].iter().all(|byte| *byte == 0) {
                break;
            }
            elements.push(cursor.element(0)?);
        }
        Ok(Self { syntax, elements })
    }

    /// The element with this tag.
    pub fn get(&self, tag: Tag) -> Option<&Element<'a>> {
        self.elements.iter().find(|element| element.tag == tag)
    }

    /// The items of a sequence; none where it is absent.
    pub fn items(&self, tag: Tag) -> Result<Vec<DataSet<'a>>> {
        let Some(element) = self.get(tag) else { return Ok(Vec::new()) };
        let mut cursor = Cursor { bytes: element.value, at: 0, syntax: element.syntax };
        let mut items = Vec::new();
        while cursor.at < element.value.len() {
            let (mark, length) = cursor.item_header()?;
            match mark {
                ITEM => {
                    let value = if length == UNDEFINED { cursor.until(ITEM_END, 0)? } else { cursor.take(length)? };
                    items.push(DataSet::parse(value, element.syntax)?);
                }
                SEQUENCE_END => break,
                _ => return Err(Error::read("a sequence holds something that is no item").in_step(shown(tag))),
            }
        }
        Ok(items)
    }

    /// The first item of a sequence.
    pub fn first_item(&self, tag: Tag) -> Result<Option<DataSet<'a>>> {
        Ok(self.items(tag)?.into_iter().next())
    }

    /// A text of the basic character set, trimmed; `None` where it is absent or empty.
    pub fn code(&self, tag: Tag) -> Option<String> {
        let value = self.get(tag)?.value;
        let text = String::from_utf8_lossy(value);
        Some(text.trim_matches(['\0', ' ']).to_owned()).filter(|text| !text.is_empty())
    }

    /// A decimal string, the first of several.
    pub fn decimal(&self, tag: Tag) -> Option<f64> {
        self.code(tag)?.split('\\').next()?.trim().parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// An unsigned number of two or four bytes, the first of several.
    pub fn unsigned(&self, tag: Tag) -> Option<u32> {
        let value = self.get(tag)?.value;
        match value.len() {
            2 => Some(u32::from(self.words(value)[0])),
            4.. => self.longs(value).first().copied(),
            _ => None,
        }
    }

    /// Numbers of two bytes.
    pub fn words(&self, value: &[u8]) -> Vec<u16> {
        let pairs = value.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
        pairs
            .map(|pair| if self.syntax.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
            .collect()
    }

    /// Numbers of four bytes.
    pub fn longs(&self, value: &[u8]) -> Vec<u32> {
        let fours = value.chunks_exact(4).map(|four| [four[0], four[1], four[2], four[3]]);
        fours
            .map(|four| if self.syntax.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
            .collect()
    }
}

/// `(5400,1010)`
pub fn shown(tag: Tag) -> String {
    format!("element ({:04X},{:04X})", tag >> 16, tag & 0xffff)
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    syntax: Syntax,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: u32) -> Result<&'a [u8]> {
        let end = self.at.checked_add(length as usize).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| {
            let left = self.bytes.len() - self.at;
            Error::read(format!("the file ends early: {length} bytes are announced and {left} are left"))
                .cure("copy the file again from where it was recorded")
        })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn short(&mut self) -> Result<u16> {
        let pair = self.take(2)?;
        let pair = [pair[0], pair[1]];
        Ok(if self.syntax.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    }

    fn long(&mut self) -> Result<u32> {
        let four = self.take(4)?;
        let four = [four[0], four[1], four[2], four[3]];
        Ok(if self.syntax.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    fn tag(&mut self) -> Result<Tag> {
        Ok(Tag::from(self.short()?) << 16 | Tag::from(self.short()?))
    }

    fn item_header(&mut self) -> Result<(Tag, u32)> {
        Ok((self.tag()?, self.long()?))
    }

    fn element(&mut self, depth: usize) -> Result<Element<'a>> {
        let tag = self.tag()?;
        self.element_after(tag, depth).map_err(|error| error.in_step(shown(tag)))
    }

    fn element_after(&mut self, tag: Tag, depth: usize) -> Result<Element<'a>> {
        let mut syntax = self.syntax;
        let length = if self.syntax.explicit {
            let kind = self.take(2)?;
            if !kind.iter().all(u8::is_ascii_uppercase) {
                return Err(Error::read("the structure of the file is damaged: a value representation is no letters"));
            }
            match kind {
                b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT"
                | b"UV" => {
                    self.short()?;
                    let length = self.long()?;
                    if kind == b"UN" && length == UNDEFINED {
                        syntax = IMPLICIT;
                    }
                    length
                }
                _ => u32::from(self.short()?),
            }
        } else {
            self.long()?
        };
        let value = if length == UNDEFINED {
            let mut inner = Cursor { bytes: self.bytes, at: self.at, syntax };
            let value = inner.until(SEQUENCE_END, depth + 1)?;
            self.at = inner.at;
            value
        } else {
            self.take(length)?
        };
        Ok(Element { tag, value, syntax })
    }

    /// Everything up to a delimiter of the same level; the delimiter is passed over.
    fn until(&mut self, end: Tag, depth: usize) -> Result<&'a [u8]> {
        if depth > DEEPEST {
            return Err(Error::read("its sequences are nested too deeply"));
        }
        let start = self.at;
        loop {
            let here = self.at;
            let tag = self.tag()?;
            if tag == end {
                self.long()?;
                return Ok(&self.bytes[start..here]);
            }
            match tag {
                ITEM => {
                    let length = self.long()?;
                    if length == UNDEFINED {
                        self.until(ITEM_END, depth + 1)?;
                    } else {
                        self.take(length)?;
                    }
                }
                _ if tag >> 16 == 0xfffe => return Err(Error::read("a sequence ends where none is open")),
                _ => {
                    self.element_after(tag, depth)?;
                }
            }
        }
    }
}
