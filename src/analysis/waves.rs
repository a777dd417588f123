//! Waves of a recording: the segmenter's probabilities, handed to the delineation as plain numbers.

use std::sync::Arc;

use super::{ModelChoice, Settings};
use crate::ecg::Recording;
use crate::error::Result;
use crate::measure::{Beat, Segmentation, Waves, confirmed, delineate};
use crate::network::segmenter::{LeadSignal, RATE_HZ, Segmenter};

/// The beats that the leads bear out, and the waves of the usable leads. Leads that do not start with the first usable one are read from their slopes.
pub(super) fn waves(
    recording: &Recording,
    usable: &[bool],
    beats: Vec<Beat>,
    settings: &Settings,
) -> Result<(Vec<Beat>, Waves)> {
    let segmenter = match &settings.segmenter {
        ModelChoice::Off => None,
        ModelChoice::Embedded => Segmenter::embedded().ok(),
        ModelChoice::Folder(folder) => Some(Arc::new(Segmenter::load(folder)?)),
    };
    let of = |beats: &[Beat]| -> Result<Waves> {
        let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
        let found = segmenter.as_ref().map(|segmenter| segmentation(segmenter, recording, usable, &r_s)).transpose()?;
        Ok(delineate(&recording.traces, usable, &r_s, found.as_ref()))
    };
    let waves = of(&beats)?;
    let kept = confirmed(&beats, &waves);
    if kept.len() == beats.len() {
        return Ok((beats, waves));
    }
    // the segmenter is told where the beats are: with fewer it sees other waves
    let waves = of(&kept)?;
    Ok((kept, waves))
}

fn segmentation(segmenter: &Segmenter, recording: &Recording, usable: &[bool], r_s: &[f64]) -> Result<Segmentation> {
    let first = recording.traces.iter().zip(usable).find(|(_, usable)| **usable);
    let start_s = first.map_or(0.0, |(trace, _)| trace.start_s);
    let read = |index: usize| usable.get(index).copied().unwrap_or(true) && recording.traces[index].start_s == start_s;
    let places: Vec<usize> = (0..recording.traces.len()).filter(|index| read(*index)).collect();
    let signals: Vec<LeadSignal> = places
        .iter()
        .map(|index| &recording.traces[*index])
        .map(|trace| LeadSignal { samples_mv: &trace.samples_mv, rate_hz: trace.rate_hz })
        .collect();
    let beats_s: Vec<f64> = r_s.iter().map(|r_s| r_s - start_s).collect();
    let mut leads = vec![Vec::new(); recording.traces.len()];
    for (place, row) in places.into_iter().zip(segmenter.read(&signals, &beats_s)?.leads) {
        leads[place] = row;
    }
    Ok(Segmentation { rate_hz: RATE_HZ, start_s, leads })
}
