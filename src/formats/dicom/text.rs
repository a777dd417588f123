//! Texts, names, dates and ages as DICOM writes them.
//!
//! After DICOM PS3.5, section 6.2 (value representations) and PS3.3, C.12.1.1.2 (specific character set).

use encoding_rs::{BIG5, EUC_KR, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1252, WINDOWS_1254};
use encoding_rs::{Encoding, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8};
use jiff::civil::{Date, DateTime, Time};

use super::parse::{DataSet, Tag};
use crate::ecg::{Patient, Sex};

const CHARACTER_SET: Tag = 0x0008_0005;

/// A text in the character set of its file.
pub fn text(set: &DataSet, charset: &'static Encoding, tag: Tag) -> Option<String> {
    let value = set.get(tag)?.value;
    let text = charset.decode_without_bom_handling(value).0;
    Some(text.trim_matches(['\0', ' ']).to_owned()).filter(|text| !text.is_empty())
}

/// The character set that the file names; of several the last that changes anything.
pub fn charset(set: &DataSet) -> &'static Encoding {
    let named = set.code(CHARACTER_SET).unwrap_or_default();
    let mut known = named.split('\\').filter_map(|name| {
        Some(match name.trim().replace("ISO 2022 IR ", "ISO_IR ").as_str() {
            "ISO_IR 192" => UTF_8,
            "ISO_IR 101" => ISO_8859_2,
            "ISO_IR 109" => ISO_8859_3,
            "ISO_IR 110" => ISO_8859_4,
            "ISO_IR 144" => ISO_8859_5,
            "ISO_IR 127" => ISO_8859_6,
            "ISO_IR 126" => ISO_8859_7,
            "ISO_IR 138" => ISO_8859_8,
            "ISO_IR 148" => WINDOWS_1254,
            "ISO_IR 166" => WINDOWS_874,
            "ISO_IR 13" => SHIFT_JIS,
            "ISO_IR 87" | "ISO_IR 159" => ISO_2022_JP,
            "ISO_IR 149" => EUC_KR,
            "GB18030" => GB18030,
            "GBK" | "ISO_IR 58" => GBK,
            "BIG5" => BIG5,
            _ => return None,
        })
    });
    // The default is ASCII; files that use more without saying so mostly mean Latin-1.
    known.next_back().unwrap_or(WINDOWS_1252)
}

/// Name, identifier, birth date, age and sex.
pub fn patient(set: &DataSet, charset: &'static Encoding) -> Patient {
    Patient {
        name: text(set, charset, 0x0010_0010).and_then(|name| person(&name)),
        id: text(set, charset, 0x0010_0020),
        birth_date: set.code(0x0010_0030).and_then(|text| date(&text)),
        age_years: set.code(0x0010_1010).and_then(|text| age_years(&text)),
        sex: match set.code(0x0010_0040).as_deref() {
            Some("F") => Some(Sex::Female),
            Some("M") => Some(Sex::Male),
            _ => None,
        },
    }
}

/// `Muster^Jörg^^Dr` → `Muster, Jörg`: family and given names of the alphabetic group.
fn person(name: &str) -> Option<String> {
    let alphabetic = name.split('=').find(|group| !group.trim().is_empty())?;
    let parts: Vec<&str> = alphabetic.split('^').take(3).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (family, given) = parts.split_first()?;
    Some(if given.is_empty() { (*family).to_owned() } else { format!("{family}, {}", given.join(" ")) })
}

/// `042Y`, `009M`, `003W`, `012D` → whole years.
fn age_years(text: &str) -> Option<u16> {
    let unit = text.chars().next_back()?;
    let number: u16 = text[..text.len() - unit.len_utf8()].trim().parse().ok()?;
    match unit {
        'Y' if number <= 130 => Some(number),
        'M' => Some(number / 12),
        'W' => Some(number / 52),
        'D' => Some(number / 365),
        _ => None,
    }
}

/// `yyyymmdd`, or `yyyy.mm.dd` of old files.
pub fn date(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(|c| *c != '.').collect();
    if digits.len() != 8 || !digits.is_ascii() {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

/// `hhmmss.ffffff`, shortened at will.
pub fn time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let clock: String = clock.chars().filter(|c| *c != ':').collect();
    if !clock.is_ascii() || !(2..=6).contains(&clock.len()) || clock.len() % 2 == 1 {
        return None;
    }
    let part = |at: usize| clock.get(at..at + 2).map_or(Some(0), |two| two.parse().ok());
    let nanos: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
    Time::new(part(0)?, part(2)?, part(4)?, nanos.parse().ok()?).ok()
}

/// `yyyymmddhhmmss.ffffff+zzxx`; the zone is left out, since recordings carry local time.
pub fn date_time(text: &str) -> Option<DateTime> {
    let local = text.split(['+', '-', '&']).next()?;
    Some(date(local.get(..8)?)?.to_datetime(time(local.get(8..)?)?))
}

/// When the waveform begins.
pub fn started_at(set: &DataSet) -> Option<DateTime> {
    let pair = |day: Tag, hour: Tag| Some(date(&set.code(day)?)?.to_datetime(time(&set.code(hour)?)?));
    set.code(0x0008_002a)
        .and_then(|text| date_time(&text))
        .or_else(|| pair(0x0008_0022, 0x0008_0032))
        .or_else(|| pair(0x0008_0023, 0x0008_0033))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ages_and_times_are_read() {
        assert_eq!(person("Muster^Jörg^K^Dr=x").as_deref(), Some("Muster, Jörg K"));
        assert_eq!(person("^^").as_deref(), None);
        let ages = ["042Y", "011M", "030M", "900D", "Y", "", "999Y", "4é"].map(age_years);
        assert_eq!(ages, [Some(42), Some(0), Some(2), Some(2), None, None, None, None]);
        let at = date_time("20210714093000.500+0200").map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2021-07-14T09:30:00.5"));
        assert_eq!(date_time("20210714"), None);
        assert_eq!(date("20211345"), None);
        assert!(time("0930").is_some() && time("9").is_none() && time("é1").is_none());
    }
}
