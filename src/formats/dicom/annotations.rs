//! Marks and statements of a DICOM waveform (Waveform Annotation Sequence): points in time, and the device's free text.
//!
//! After DICOM PS3.3, C.10.10 (waveform annotation module). Measurements without a place are not marks and are left out:
//! what is measured here is measured on the samples.

use std::sync::Arc;

use encoding_rs::Encoding;

use super::parse::{DataSet, Tag};
use super::text;
use super::waveform::Group;
use crate::ecg::Annotation;
use crate::error::Result;

const ANNOTATIONS: Tag = 0x0040_b020;
const CONCEPT: Tag = 0x0040_a043;
const CODE_MEANING: Tag = 0x0008_0104;
const CHANNELS: Tag = 0x0040_a0b0;
const POSITIONS: Tag = 0x0040_a132;
const TEXT: Tag = 0x0070_0006;

/// The marks on the groups that are shown, by time. `shown[i]` tells whether group i is.
pub fn of(set: &DataSet, charset: &'static Encoding, groups: &[Group], shown: &[bool]) -> Result<Vec<Annotation>> {
    let source: Arc<str> = "dicom".into();
    let mut found = Vec::new();
    for item in set.items(ANNOTATIONS)? {
        let concept = item.first_item(CONCEPT)?.and_then(|code| text::text(&code, charset, CODE_MEANING));
        let words = text::text(&item, charset, TEXT);
        let channels = item.get(CHANNELS).map(|element| item.words(element.value)).unwrap_or_default();
        // Groups and channels count from 1; channel 0 means all.
        let group_index = channels.first().map_or(0, |group| usize::from(*group).saturating_sub(1));
        let (Some(group), Some(true)) = (groups.get(group_index), shown.get(group_index)) else { continue };
        let lead = match channels.as_slice() {
            [_, channel] if *channel > 0 => group.leads.get(usize::from(*channel) - 1).and_then(Option::as_ref),
            _ => None,
        };
        let mark = |tick: i64, symbol: Arc<str>| Annotation {
            time_s: group.start_s + tick as f64 / group.rate_hz,
            tick,
            lead: lead.map(|lead| Arc::from(lead.name())),
            symbol,
            subtype: 0,
            channel: channels.get(1).map_or(0, |channel| (*channel).min(255) as u8),
            number: 0,
            text: words.clone().map(Arc::from),
            source: Arc::clone(&source),
        };
        let positions = item.get(POSITIONS).map(|element| item.longs(element.value)).unwrap_or_default();
        match (positions.is_empty(), &words, &concept) {
            // Positions count from 1.
            (false, _, _) => {
                let symbol: Arc<str> = concept.as_deref().unwrap_or("mark").into();
                found.extend(positions.iter().map(|at| mark(i64::from(*at) - 1, Arc::clone(&symbol))));
            }
            // A statement on the whole recording.
            (true, Some(_), None) => found.push(mark(0, "\"".into())),
            _ => {}
        }
    }
    found.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    Ok(found)
}
