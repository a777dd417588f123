//! Multi-segment records: the segments of a header put end to end, gaps kept as gaps.
//!
//! After header(5) of the WFDB Applications Guide. In a fixed layout every segment has the signals of the first, in order;
//! in a variable layout (first segment of length 0) signals are matched by description, and one that a segment lacks is a gap.

use super::files::Files;
use super::header::{self, Header, SegmentLine};
use super::record::{self, Decoded};
use crate::error::{Cause, Error, Result};
use crate::formats::signal::{MOST_SAMPLES, mv_per_unit};

/// Gaps may be this much longer than what is stored, plus [`GAP_ROOM`]: a header of a hundred bytes may not claim gigabytes.
const GAP_SHARE: usize = 16;
const GAP_ROOM: usize = 50_000_000;

/// Reads all segments; returns the signals of the whole record.
pub fn decode(main: &Header, files: &mut Files, notes: &mut Vec<String>) -> Result<Vec<Decoded>> {
    let mut whole: Option<Whole> = None;
    let mut at = 0usize;
    let variable = main.segments.first().is_some_and(|segment| segment.frames == 0 && segment.name != "~");
    for (index, segment) in main.segments.iter().enumerate() {
        let frames = usize::try_from(segment.frames).unwrap_or(usize::MAX);
        if segment.name != "~" {
            let header = segment_header(main, segment, files)?;
            if index == 0 && variable {
                whole = Some(Whole::new(layout(&header)));
                continue;
            }
            let in_segment = |error: Error| error.in_step(format!("segment {}", segment.name));
            let decoded = record::decode(&header, Some(segment.frames), files, notes).map_err(in_segment)?;
            let whole = whole.get_or_insert_with(|| Whole::new(decoded.iter().map(empty_like).collect()));
            whole.put(&decoded, at, variable).map_err(in_segment)?;
        }
        at = at.saturating_add(frames);
    }
    let Some(mut whole) = whole else {
        return Err(Error::read("every segment of the record is a gap"));
    };
    whole.extend_to(at)?;
    if let Some(stated) = main.frames
        && stated != at as u64
    {
        notes.push(format!(
            "the header states {stated} samples and its segments have {at} together; the segments are shown"
        ));
    }
    Ok(whole.signals)
}

fn segment_header(main: &Header, segment: &SegmentLine, files: &mut Files) -> Result<Header> {
    if segment.name == main.name {
        return Err(Error::read("the record names itself as one of its segments"));
    }
    let file = format!("{}.hea", segment.name);
    let header =
        files.get(&file).and_then(|bytes| header::parse(&bytes)).map_err(|error| error.in_file(file.clone()))?;
    if !header.segments.is_empty() {
        return Err(Error::unsupported("a segment has segments of its own").in_file(file));
    }
    if header.frame_rate_hz != main.frame_rate_hz {
        return Err(Error::read(format!(
            "the segment has {} Hz and the record {} Hz",
            header.frame_rate_hz, main.frame_rate_hz
        ))
        .in_file(file));
    }
    Ok(header)
}

fn layout(header: &Header) -> Vec<Decoded> {
    let lines = header.signals.iter().enumerate();
    lines
        .map(|(index, line)| Decoded {
            label: record::label(line, index),
            unit: line.unit.clone().unwrap_or_else(|| "mV".into()),
            samples_per_frame: line.samples_per_frame,
            values: Vec::new(),
        })
        .collect()
}

fn empty_like(signal: &Decoded) -> Decoded {
    Decoded { values: Vec::new(), ..signal.clone() }
}

/// The record as far as it is put together.
struct Whole {
    signals: Vec<Decoded>,
    stored: usize,
}

impl Whole {
    fn new(signals: Vec<Decoded>) -> Self {
        Self { signals, stored: 0 }
    }

    /// Fills every signal with "no sample" up to a frame.
    fn extend_to(&mut self, frame: usize) -> Result<()> {
        let wanted = self.signals.iter().map(|signal| frame.saturating_mul(signal.samples_per_frame));
        let wanted = wanted.fold(0usize, usize::saturating_add);
        if wanted > MOST_SAMPLES.min(self.stored.saturating_mul(GAP_SHARE).saturating_add(GAP_ROOM)) {
            return Err(Error::new(
                Cause::Limits,
                "the gaps between the segments are too long to be shown as one recording",
            )
            .cure("open the segments one by one"));
        }
        for signal in &mut self.signals {
            signal.values.resize(frame * signal.samples_per_frame, f32::NAN);
        }
        Ok(())
    }

    /// Puts a segment's signals at a frame; signals it lacks stay gaps.
    fn put(&mut self, segment: &[Decoded], frame: usize, by_description: bool) -> Result<()> {
        if !by_description && segment.len() != self.signals.len() {
            return Err(Error::read(format!(
                "the segment has {} signals and the first one {}",
                segment.len(),
                self.signals.len()
            )));
        }
        self.stored += segment.iter().map(|signal| signal.values.len()).sum::<usize>();
        self.extend_to(frame)?;
        let mut taken = vec![false; segment.len()];
        for (index, signal) in self.signals.iter_mut().enumerate() {
            let found = if by_description {
                (0..segment.len()).find(|other| !taken[*other] && segment[*other].label == signal.label)
            } else {
                Some(index)
            };
            let Some(found) = found else { continue };
            taken[found] = true;
            let source = &segment[found];
            if source.samples_per_frame != signal.samples_per_frame {
                return Err(
                    Error::unsupported("a signal changes its sampling rate between segments").on_lead(&signal.label)
                );
            }
            match factor(&source.unit, &signal.unit) {
                Some(factor) if factor != 1.0 => {
                    signal.values.extend(source.values.iter().map(|value| (f64::from(*value) * factor) as f32));
                }
                Some(_) => signal.values.extend_from_slice(&source.values),
                None => {
                    return Err(Error::read(format!("its unit changes from {} to {}", signal.unit, source.unit))
                        .on_lead(&signal.label));
                }
            }
        }
        if let Some(extra) = taken.iter().position(|taken| !taken) {
            return Err(
                Error::read("the segment has a signal that the layout does not list").on_lead(&segment[extra].label)
            );
        }
        Ok(())
    }
}

fn factor(from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    Some(mv_per_unit(from)? / mv_per_unit(to)?)
}
