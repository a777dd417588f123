//! The FLAC codings of WFDB (508, 516, 524): one FLAC channel for each signal of the file.
//!
//! After signal(5) of the WFDB Applications Guide. The stream's own sampling rate means nothing; decoding is `claxon`'s.

use std::io::Cursor;

use claxon::FlacReader;
use claxon::frame::FrameReader;

use crate::error::{Error, Result};

/// The channels of a FLAC stream, and whether it ended before its time or was damaged.
pub struct Channels {
    /// Stored values of each channel, all of one length.
    pub values: Vec<Vec<i32>>,
    /// What stopped the decoding early, if anything did.
    pub damage: Option<String>,
}

/// Decodes at most `most` samples a channel. Samples before a damaged block are kept.
pub fn decode(bytes: &[u8], channels: usize, bits: u32, most: usize) -> Result<Channels> {
    let mut reader = FlacReader::new(Cursor::new(bytes))
        .map_err(|error| Error::read("the signal file is not a FLAC stream that can be read").because(error))?;
    let info = reader.streaminfo();
    if info.channels as usize != channels {
        return Err(Error::read(format!(
            "the FLAC stream holds {} channels and the header lists {channels} signals in it",
            info.channels
        )));
    }
    if info.bits_per_sample > bits {
        return Err(Error::read(format!(
            "the FLAC stream has {} bits a sample, more than its signal format allows ({bits})",
            info.bits_per_sample
        )));
    }
    let announced = usize::try_from(info.samples.unwrap_or(0)).unwrap_or(usize::MAX);
    // A stream may announce anything: room is made for what so many bytes plausibly hold, the rest grows as it comes.
    let room = announced.min(most).min(bytes.len().saturating_mul(8) / channels.max(1));
    let mut values: Vec<Vec<i32>> = (0..channels).map(|_| Vec::with_capacity(room)).collect();
    let damage = fill(&mut reader.blocks(), &mut values, most);
    let decoded = values.first().map_or(0, Vec::len);
    let short = (damage.is_none() && decoded < announced.min(most))
        .then(|| format!("the FLAC stream announces {announced} samples and holds {decoded}"));
    Ok(Channels { values, damage: damage.or(short) })
}

fn fill(
    blocks: &mut FrameReader<&mut claxon::input::BufferedReader<Cursor<&[u8]>>>,
    values: &mut [Vec<i32>],
    most: usize,
) -> Option<String> {
    let mut buffer = Vec::new();
    while values.first().is_some_and(|first| first.len() < most) {
        let block = match blocks.read_next_or_eof(buffer) {
            Ok(Some(block)) => block,
            Ok(None) => return None,
            Err(error) => return Some(format!("the FLAC stream is damaged or cut ({error})")),
        };
        if block.channels() as usize != values.len() {
            return Some("the FLAC stream changes its number of channels".into());
        }
        for (index, channel) in values.iter_mut().enumerate() {
            let samples = block.channel(index as u32);
            channel.extend_from_slice(&samples[..samples.len().min(most - channel.len())]);
        }
        buffer = block.into_buffer();
    }
    None
}
