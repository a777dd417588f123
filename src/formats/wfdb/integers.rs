//! The integer codings of WFDB signal files: bytes in, stored values out.
//!
//! After the WFDB Applications Guide, signal(5). Frames, gains and files are not known here; the FLAC codings are in `flac.rs`.

use crate::error::{Error, Result};

/// The stored value that means "no sample", by signal format; `None` where the format has none.
pub fn missing_value(format: u16) -> Option<i32> {
    match format {
        80 | 508 => Some(-128),
        310 | 311 => Some(-512),
        212 => Some(-2048),
        16 | 61 | 160 | 516 => Some(-32_768),
        24 | 524 => Some(-8_388_608),
        32 => Some(i32::MIN),
        _ => None,
    }
}

/// How many samples so many bytes hold, the last group of a packed format included as far as it goes.
fn capacity(format: u16, bytes: usize) -> Result<usize> {
    Ok(match format {
        8 | 80 => bytes,
        16 | 61 | 160 => bytes / 2,
        24 => bytes / 3,
        32 => bytes / 4,
        212 => bytes / 3 * 2 + usize::from(bytes % 3 == 2),
        310 => bytes / 4 * 3 + usize::from(bytes % 4 >= 2),
        311 => bytes / 4 * 3 + [0, 0, 1, 2][bytes % 4],
        _ => {
            return Err(Error::unsupported(format!("signal format {format} is not known"))
                .cure("formats 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516 and 524 are read"));
        }
    })
}

/// Decodes at most `most` samples, as many as the bytes hold. Format 8 gives the differences as they stand.
pub fn decode(format: u16, bytes: &[u8], most: usize) -> Result<Vec<i32>> {
    let count = capacity(format, bytes.len())?.min(most);
    let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    Ok(match format {
        8 => bytes[..count].iter().map(|byte| i32::from(*byte as i8)).collect(),
        80 => bytes[..count].iter().map(|byte| i32::from(*byte) - 128).collect(),
        16 => words(bytes, count).map(|word| i32::from(i16::from_le_bytes(word))).collect(),
        61 => words(bytes, count).map(|word| i32::from(i16::from_be_bytes(word))).collect(),
        160 => words(bytes, count).map(|word| i32::from(u16::from_le_bytes(word)) - 32_768).collect(),
        24 => {
            let triples = bytes.chunks_exact(3).take(count);
            triples.map(|triple| i32::from_le_bytes([0, triple[0], triple[1], triple[2]]) >> 8).collect()
        }
        32 => {
            let quads = bytes.chunks_exact(4).take(count);
            quads.map(|quad| i32::from_le_bytes([quad[0], quad[1], quad[2], quad[3]])).collect()
        }
        212 => decode_212(bytes, count),
        310 => {
            let sample = |index: usize| {
                let at = index / 3 * 4;
                match index % 3 {
                    0 => word(at) >> 1,
                    1 => word(at + 2) >> 1,
                    _ => (word(at) >> 11) | (word(at + 2) >> 11 << 5),
                }
            };
            (0..count).map(|index| signed(sample(index), 10)).collect()
        }
        _ => {
            let sample = |index: usize| {
                let at = index / 3 * 4;
                match index % 3 {
                    0 => word(at),
                    1 => (word(at) >> 10) | u16::from(bytes[at + 2]) << 6,
                    _ => word(at + 2) >> 4,
                }
            };
            (0..count).map(|index| signed(sample(index), 10)).collect()
        }
    })
}

fn words(bytes: &[u8], count: usize) -> impl Iterator<Item = [u8; 2]> {
    bytes.chunks_exact(2).take(count).map(|pair| [pair[0], pair[1]])
}

/// Two samples in three bytes: the middle byte holds the high four bits of both.
fn decode_212(bytes: &[u8], count: usize) -> Vec<i32> {
    let mut samples = Vec::with_capacity(count + 1);
    for group in bytes[..bytes.len().min(count.div_ceil(2) * 3)].chunks(3) {
        if let [low, high, ..] = *group {
            samples.push(signed(u16::from(low) | u16::from(high & 0x0f) << 8, 12));
        }
        if let [_, high, low] = *group {
            samples.push(signed(u16::from(low) | u16::from(high >> 4) << 8, 12));
        }
    }
    samples.truncate(count);
    samples
}

/// The lowest `bits` of a word as two's complement.
fn signed(word: u16, bits: u32) -> i32 {
    let shift = 16 - bits;
    i32::from(((word << shift) as i16) >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_coding_gives_its_values() {
        let cases: [(u16, &[u8], &[i32]); 10] = [
            (8, &[0xff, 0x02], &[-1, 2]),
            (16, &[0x00, 0x80, 0x39, 0x30], &[-32_768, 12_345]),
            (24, &[0x00, 0x00, 0x80, 0xff, 0xff, 0xff], &[-8_388_608, -1]),
            (32, &[0x15, 0xcd, 0x5b, 0x07], &[123_456_789]),
            (61, &[0x30, 0x39], &[12_345]),
            (80, &[0x00, 0x85], &[-128, 5]),
            (160, &[0x01, 0x80], &[1]),
            (212, &[0xe3, 0x33, 0xf3], &[995, 1011]),
            // The third sample, 0b10000_00001, is split over the high bits of both words.
            (310, &[0x02, 0x08, 0xfe, 0x87], &[1, -1, -511]),
            (311, &[0x01, 0xfc, 0x1f, 0x20], &[1, -1, -511]),
        ];
        for (format, bytes, values) in cases {
            assert_eq!(decode(format, bytes, 99).expect("known"), values, "format {format}");
        }
    }

    #[test]
    fn a_group_cut_short_gives_what_is_there() {
        let expected: [(u16, [usize; 9]); 8] = [
            (16, [0, 0, 1, 1, 2, 2, 3, 3, 4]),
            (24, [0, 0, 0, 1, 1, 1, 2, 2, 2]),
            (32, [0, 0, 0, 0, 1, 1, 1, 1, 2]),
            (61, [0, 0, 1, 1, 2, 2, 3, 3, 4]),
            (80, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
            (212, [0, 0, 1, 2, 2, 3, 4, 4, 5]),
            (310, [0, 0, 1, 1, 3, 3, 4, 4, 6]),
            (311, [0, 0, 1, 2, 3, 3, 4, 5, 6]),
        ];
        for (format, counts) in expected {
            for (bytes, count) in counts.into_iter().enumerate() {
                assert_eq!(
                    decode(format, &vec![0x5a; bytes], 99).expect("known").len(),
                    count,
                    "{format}, {bytes} bytes"
                );
                assert_eq!(decode(format, &vec![0x5a; bytes], 1).expect("known").len(), count.min(1));
            }
        }
    }

    #[test]
    fn an_unknown_format_is_named() {
        assert!(decode(99, &[0; 4], 4).expect_err("unknown").to_string().contains("signal format 99"));
    }
}
