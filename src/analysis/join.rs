//! Maps of windows made one, and scaled for the eye: overlaps averaged, 1 = the record's 99 % quantile.

use std::sync::Arc;

use super::AttentionMap;
use crate::dsp::quantile;
use crate::ecg::{Lead, Span};
use crate::network::Head;

/// Columns of a map in ten seconds.
pub(super) const FRAMES: usize = 125;
/// Time of one column, s.
pub(super) const FRAME_S: f64 = 0.08;
const LEADS: usize = 12;

/// The raw map of one head in one window: twelve lanes of [`FRAMES`] values, lead by lead; lanes of absent leads are zero.
pub(super) struct WindowMap<'a> {
    /// The window.
    pub span: Span,
    /// 12 × 125 values.
    pub values: &'a [f32],
    /// Which leads were read.
    pub present: [bool; LEADS],
}

/// One map over all windows up to `end_s`; `None` where there is nothing to show.
pub(super) fn joined(head: Head, windows: &[WindowMap], end_s: f64) -> Option<AttentionMap> {
    let frames = (end_s / FRAME_S - 1e-6).ceil().max(1.0) as usize;
    let mut sum = vec![0.0_f32; LEADS * frames];
    let mut count = vec![0_u16; LEADS * frames];
    for window in windows.iter().filter(|window| window.values.len() == LEADS * FRAMES) {
        for lead in (0..LEADS).filter(|lead| window.present[*lead]) {
            for (frame, value) in window.values[lead * FRAMES..(lead + 1) * FRAMES].iter().enumerate() {
                let centre_s = window.span.start_s + (frame as f64 + 0.5) * FRAME_S;
                let place = (centre_s / FRAME_S) as usize;
                if place < frames && value.is_finite() {
                    sum[lead * frames + place] += value;
                    count[lead * frames + place] += 1;
                }
            }
        }
    }
    for (value, count) in sum.iter_mut().zip(&count) {
        *value /= f32::from((*count).max(1));
    }
    let mut seen: Vec<f32> = sum.iter().zip(&count).filter(|(_, count)| **count > 0).map(|(value, _)| *value).collect();
    let full_scale = quantile(&mut seen, 0.99).filter(|scale| *scale > 0.0)?;
    let lanes = (0..LEADS)
        .filter(|lead| windows.iter().any(|window| window.present[*lead]))
        .map(|lead| {
            let lane = &sum[lead * frames..(lead + 1) * frames];
            let lane: Arc<[f32]> = lane.iter().map(|value| (value / full_scale).clamp(0.0, 1.0)).collect();
            (Lead::STANDARD[lead].clone(), lane)
        })
        .collect();
    Some(AttentionMap { head, span: Span::new(0.0, frames as f64 * FRAME_S), lanes, full_scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_are_averaged_and_absent_leads_have_no_lane() {
        let mut present = [true; LEADS];
        present[2] = false;
        let (one, two) = (vec![1.0_f32; LEADS * FRAMES], vec![3.0_f32; LEADS * FRAMES]);
        let windows = [
            WindowMap { span: Span::new(0.0, 10.0), values: &one, present },
            WindowMap { span: Span::new(5.0, 15.0), values: &two, present },
        ];
        let map = joined(Head::Infarction, &windows, 15.0).expect("a map");
        assert_eq!(map.lanes.len(), 11);
        assert!(map.lane(&Lead::III).is_none());
        let lane = map.lane(&Lead::V2).expect("present");
        let raw = |time_s: f64| lane[(time_s / FRAME_S) as usize] * map.full_scale;
        assert!((raw(2.0) - 1.0).abs() < 1e-5 && (raw(7.0) - 2.0).abs() < 1e-5 && (raw(14.0) - 3.0).abs() < 1e-5);
        assert_eq!(map.span.end_s, lane.len() as f64 * FRAME_S);
    }

    #[test]
    fn a_short_recording_keeps_its_part_and_an_empty_map_is_none() {
        let values = vec![1.0_f32; LEADS * FRAMES];
        let window = [WindowMap { span: Span::new(0.0, 10.0), values: &values, present: [true; LEADS] }];
        let map = joined(Head::Abnormal, &window, 4.0).expect("a map");
        assert_eq!(map.lanes[0].1.len(), 50);
        let zero = vec![0.0_f32; LEADS * FRAMES];
        let window = [WindowMap { span: Span::new(0.0, 10.0), values: &zero, present: [true; LEADS] }];
        assert_eq!(joined(Head::Abnormal, &window, 10.0), None);
    }
}
