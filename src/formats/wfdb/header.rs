//! The WFDB header (`.hea`): record line, signal lines or segment lines, comments.
//!
//! After the WFDB Applications Guide, header(5). Dates are taken in either order with the time, and with month names,
//! as the 2020 Challenge wrote them. No signal file is opened here.

use jiff::civil::{Date, DateTime, Time};

use crate::error::{Error, Result};

/// Gain that WFDB assumes where the header states none, units per mV.
pub const DEFAULT_GAIN: f64 = 200.0;

/// Samples of one signal in one frame: beyond it a header is rubbish.
const MOST_SAMPLES_PER_FRAME: usize = 100_000;

/// A parsed header.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Record name.
    pub name: String,
    /// Frames per second.
    pub frame_rate_hz: f64,
    /// Frames (samples per signal at one sample per frame); `None` = not stated.
    pub frames: Option<u64>,
    /// Start, where date and time are stated.
    pub started_at: Option<DateTime>,
    /// Time of day stated without a date.
    pub time_only: Option<Time>,
    /// Signals; empty in a multi-segment header.
    pub signals: Vec<SignalLine>,
    /// Segments; empty in a single record.
    pub segments: Vec<SegmentLine>,
    /// Comment lines without `#`.
    pub comments: Vec<String>,
}

/// One signal of a header.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalLine {
    /// Signal file, `~` = none.
    pub file: String,
    /// Signal format (16, 212, 516, …); 0 = no samples.
    pub format: u16,
    /// Samples in each frame.
    pub samples_per_frame: usize,
    /// Frames that this signal is late in the file.
    pub skew_frames: usize,
    /// Bytes before the first sample.
    pub byte_offset: usize,
    /// Stored units per physical unit; `None` = not calibrated.
    pub gain: Option<f64>,
    /// Stored value of physical zero.
    pub baseline: f64,
    /// Physical unit; `None` = mV by rule.
    pub unit: Option<String>,
    /// First stored value (start of the differences in format 8).
    pub initial: i32,
    /// Sum of all stored values modulo 65536.
    pub checksum: Option<u16>,
    /// Description; empty where there is none.
    pub description: String,
}

/// One segment of a multi-segment header.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentLine {
    /// Record name, `~` = a gap.
    pub name: String,
    /// Length in frames.
    pub frames: u64,
}

/// Does the text look like a header? Decides by the first line that is no comment.
pub fn looks_like_header(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    if head.contains(&0) {
        return false;
    }
    let text = String::from_utf8_lossy(head);
    let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')) else {
        return false;
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let name_fits = words[0].chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    let counts = words.get(1).is_some_and(|word| word.parse::<u64>().is_ok());
    // A table of numbers has numbers only; a header's name may be one, but then a signal line follows.
    let signals = text.lines().map(str::trim).filter(|line| !line.starts_with('#')).nth(1);
    let signal_fits = signals.is_none_or(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.len() >= 2
            && words[1].starts_with(|c: char| c.is_ascii_digit())
            && !words[0].parse::<f64>().is_ok_and(|_| words.len() > 2)
    });
    name_fits && counts && words.len() <= 6 && signal_fits
}

/// Parses a header. Counts are compared with the lines that are there, nothing is allocated for them.
pub fn parse(bytes: &[u8]) -> Result<Header> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut comments = Vec::new();
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            comments.push(comment.trim().to_owned());
        } else if !line.is_empty() {
            lines.push((number + 1, line));
        }
    }
    let Some(((number, record), rest)) = lines.split_first() else {
        return Err(Error::read("the header has no record line"));
    };
    let here = |error: Error, number: usize| error.in_step(format!("header line {number}"));
    let (mut header, multi, declared) = record_line(record).map_err(|error| here(error, *number))?;
    header.comments = comments;
    if rest.len() < declared {
        let what = if multi { "segments" } else { "signals" };
        return Err(Error::read(format!("the header announces {declared} {what} and lists {}", rest.len()))
            .cure("copy the header again: it is cut short or damaged"));
    }
    for (number, line) in &rest[..declared] {
        let parsed = if multi {
            segment_line(line).map(|segment| header.segments.push(segment))
        } else {
            signal_line(line).map(|signal| header.signals.push(signal))
        };
        parsed.map_err(|error| here(error, *number))?;
    }
    if declared == 0 {
        return Err(Error::read("the header lists no signal"));
    }
    Ok(header)
}

/// The record line: header so far, multi-segment?, number of lines that must follow.
fn record_line(line: &str) -> Result<(Header, bool, usize)> {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let number = |word: &str, what: &str| {
        word.parse::<u64>().map_err(|_| Error::read(format!("{what} is {word:?}, not a number")))
    };
    let (name, segments) = match name.split_once('/') {
        Some((name, count)) => (name, Some(number(count, "the number of segments")?)),
        None => (name, None),
    };
    let Some(signals) = words.next() else {
        return Err(Error::read("the number of signals is missing"));
    };
    let signals = number(signals, "the number of signals")?;
    let frame_rate_hz = match words.next() {
        None => 250.0,
        Some(word) => {
            let rate = word.split(['/', '(']).next().unwrap_or_default();
            rate.parse::<f64>()
                .ok()
                .filter(|rate| rate.is_finite() && *rate > 0.0)
                .ok_or_else(|| Error::read(format!("the sampling rate is {word:?}, not a positive number")))?
        }
    };
    let frames = match words.next() {
        None => None,
        Some(word) => Some(number(word, "the number of samples")?).filter(|frames| *frames > 0),
    };
    let (mut date, mut time) = (None, None);
    for word in words {
        date = date.or_else(|| parse_date(word));
        time = time.or_else(|| parse_time(word));
    }
    let header = Header {
        name: name.to_owned(),
        frame_rate_hz,
        frames,
        started_at: date.zip(time).map(|(date, time): (Date, Time)| date.to_datetime(time)),
        time_only: if date.is_none() { time } else { None },
        signals: Vec::new(),
        segments: Vec::new(),
        comments: Vec::new(),
    };
    let declared = segments.unwrap_or(signals);
    Ok((header, segments.is_some(), usize::try_from(declared).unwrap_or(usize::MAX)))
}

fn segment_line(line: &str) -> Result<SegmentLine> {
    let mut words = line.split_whitespace();
    let (name, frames) = (words.next().unwrap_or_default(), words.next());
    let frames = frames
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| Error::read(format!("the segment {name} has no length")))?;
    Ok(SegmentLine { name: name.to_owned(), frames })
}

fn signal_line(line: &str) -> Result<SignalLine> {
    let mut rest = line;
    let mut word = || {
        let trimmed = rest.trim_start();
        let end = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
        let (word, after) = trimmed.split_at(end);
        rest = after;
        (!word.is_empty()).then_some(word)
    };
    let file = word().unwrap_or_default().to_owned();
    let coding = word().ok_or_else(|| Error::read(format!("the signal in {file} has no format")))?;
    let gain = word();
    let _adc_resolution = word();
    let adc_zero = word().and_then(|word| word.parse::<f64>().ok()).filter(|zero| zero.is_finite());
    let initial = word().and_then(|word| word.parse::<i32>().ok());
    // Printed signed by some writers and unsigned by others: compared modulo 65536.
    let checksum = word().and_then(|word| word.parse::<i64>().ok()).map(|sum| sum as u16);
    let _block_size = word();
    let description = rest.trim().to_owned();
    let (format, samples_per_frame, skew_frames, byte_offset) = coding_field(coding)
        .ok_or_else(|| Error::read(format!("the signal format {coding:?} is not one WFDB knows")))?;
    let (gain, baseline, unit) = gain_field(gain.unwrap_or("0"))
        .ok_or_else(|| Error::read(format!("the gain {:?} is not a number", gain.unwrap_or_default())))?;
    let adc_zero = adc_zero.unwrap_or(0.0);
    Ok(SignalLine {
        file,
        format,
        samples_per_frame,
        skew_frames,
        byte_offset,
        gain: (gain != 0.0).then_some(gain),
        baseline: baseline.unwrap_or(adc_zero),
        unit,
        initial: initial.unwrap_or(adc_zero as i32),
        checksum,
        description,
    })
}

/// `format[xSPF][:skew][+offset]`
fn coding_field(word: &str) -> Option<(u16, usize, usize, usize)> {
    let (mut samples_per_frame, mut skew, mut offset) = (1, 0, 0);
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let format = word[..end].parse().ok()?;
    let mut rest = &word[end..];
    while let Some(mark) = rest.chars().next() {
        let body = &rest[mark.len_utf8()..];
        let end = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        let value: usize = body[..end].parse().ok()?;
        match mark {
            'x' => samples_per_frame = value,
            ':' => skew = value,
            '+' => offset = value,
            _ => return None,
        }
        rest = &body[end..];
    }
    (1..=MOST_SAMPLES_PER_FRAME).contains(&samples_per_frame).then_some((format, samples_per_frame, skew, offset))
}

/// `gain[(baseline)][/unit]`
fn gain_field(word: &str) -> Option<(f64, Option<f64>, Option<String>)> {
    let (number, unit) = match word.split_once('/') {
        Some((number, unit)) => (number, Some(unit.to_owned()).filter(|unit| !unit.is_empty())),
        None => (word, None),
    };
    let (gain, baseline) = match number.split_once('(') {
        Some((gain, baseline)) => (gain, Some(baseline.trim_end_matches(')').parse::<f64>().ok()?)),
        None => (number, None),
    };
    let gain: f64 = gain.parse().ok()?;
    (gain.is_finite() && baseline.is_none_or(f64::is_finite)).then_some((gain, baseline, unit))
}

fn parse_time(word: &str) -> Option<Time> {
    let (clock, fraction) = word.split_once('.').unwrap_or((word, ""));
    let parts: Vec<i8> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let nanos = fraction.chars().take(9).try_fold((0i32, 100_000_000i32), |(sum, weight), c| {
        c.to_digit(10).map(|digit| (sum + digit as i32 * weight, weight / 10))
    })?;
    match parts[..] {
        [hour, minute, second] => Time::new(hour, minute, second, nanos.0).ok(),
        [minute, second] => Time::new(0, minute, second, nanos.0).ok(),
        _ => None,
    }
}

/// `dd/mm/yyyy` as header(5) has it, or `dd-Mon-yyyy` as the 2020 Challenge wrote it.
fn parse_date(word: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> = word.split(['/', '-']).collect();
    let [day, month, year] = parts[..] else { return None };
    let named = MONTHS.iter().position(|name| *name == month.to_ascii_lowercase()).map(|index| index as i8 + 1);
    Date::new(year.parse().ok()?, named.or_else(|| month.parse().ok())?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Header {
        parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_field_is_read() {
        let header = one(
            "r 1 360/720(5) 1000 9:05:01.5 02/03/2004\r\nr.dat 212x4:3+24 100.5(-7)/uV 12 5 -3 -2 0 Lead II x\r\n#Age: 5\r\n",
        );
        let signal = &header.signals[0];
        assert_eq!((header.frame_rate_hz, header.frames), (360.0, Some(1000)));
        assert_eq!(header.started_at.map(|at| at.to_string()).as_deref(), Some("2004-03-02T09:05:01.5"));
        assert_eq!((signal.format, signal.samples_per_frame, signal.skew_frames, signal.byte_offset), (212, 4, 3, 24));
        assert_eq!((signal.gain, signal.baseline, signal.unit.as_deref()), (Some(100.5), -7.0, Some("uV")));
        assert_eq!((signal.initial, signal.checksum, signal.description.as_str()), (-3, Some(65534), "Lead II x"));
        assert_eq!(header.comments, ["Age: 5"]);
    }

    #[test]
    fn what_is_left_out_has_the_defaults_of_the_rule() {
        let header = one("r 1\nr.dat 16");
        let signal = &header.signals[0];
        assert_eq!((header.frame_rate_hz, header.frames, header.started_at), (250.0, None, None));
        assert_eq!((signal.gain, signal.baseline, signal.unit.as_deref(), signal.checksum), (None, 0.0, None, None));
        assert_eq!(one("r 1\nr.dat 16 200 11 1024").signals[0].baseline, 1024.0);
    }

    #[test]
    fn the_date_may_stand_before_the_time_and_name_its_month() {
        let at = one("E1.mat 1 500 5000 05-May-2020 14:50:55\nE1.mat 16+24 1000/mV").started_at;
        assert_eq!(at.map(|at| at.to_string()).as_deref(), Some("2020-05-05T14:50:55"));
        assert!(one("r 1 500 5000 14:50:55\nr.dat 16").time_only.is_some());
    }

    #[test]
    fn nonsense_is_refused_with_its_line() {
        let cases = [
            ("", "no record line"),
            ("r", "number of signals is missing"),
            ("r x", "not a number"),
            ("r 1 -5\nr.dat 16", "not a positive number"),
            ("r 4000000000 250 99999999999", "announces 4000000000 signals and lists 0"),
            ("r 1\nr.dat twelve", "not one WFDB knows"),
            ("r 1\nr.dat 16x0", "not one WFDB knows"),
            ("r 1\nr.dat 16 nan/mV", "is not a number"),
            ("r/2 1\na 100", "announces 2 segments and lists 1"),
            ("r 0", "lists no signal"),
        ];
        for (text, words) in cases {
            let error = parse(text.as_bytes()).expect_err(text).to_string();
            assert!(error.contains(words), "{text:?}: {error}");
        }
    }

    #[test]
    fn headers_are_told_from_tables() {
        assert!(looks_like_header(b"100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n"));
        assert!(looks_like_header(b"#c\nvar/5 2 250 3000 10:00:00 01/02/2020\nvar_layout 0\n~ 500\n"));
        assert!(looks_like_header(b"041s/2 7 125 2000 8:26:04 26/10/1994\n041s01 1000\n"));
        assert!(looks_like_header(b"huge 4000000000 250 99999999999\n"));
        assert!(!looks_like_header(b"0 -2 -2\n4 -8 -12\n-7 7 14\n"));
        assert!(!looks_like_header(b"time,I,II\n0,1,2\n"));
        assert!(!looks_like_header(b"fLaC\0\0\0\x22"));
    }
}
