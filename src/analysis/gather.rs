//! Where attention gathers: stretches that hold more of a map than their share of time. Attention, never cause.

use super::facts::names;
use super::join::FRAME_S;
use super::prediction::in_a_sentence;
use super::segments::key;
use super::{AttentionMap, Segment, SegmentSource};
use crate::ecg::{Lead, Span};

/// Levels are taken within such stretches, s: what is much in one part of a long recording need not be in another.
const TILE_S: f64 = 10.0;
/// A column counts from this many times the tile's mean on.
const OVER_MEAN: f64 = 1.25;
/// Stretches nearer than this are one, s.
const NEAR_S: f64 = 0.25;
/// Shorter stretches are not told, s.
const SHORTEST_S: f64 = 0.3;
/// At most so many in a tile, the fullest first.
const MOST: usize = 8;
/// Leads with this many times an equal share are named, up to [`MOST_LEADS`].
const LEAD_OVER_EQUAL: f64 = 1.25;
const MOST_LEADS: usize = 4;

/// The stretches of a map, tile by tile, where `counts` holds for the tile.
pub(super) fn gathered(map: &AttentionMap, counts: impl Fn(Span) -> bool) -> Vec<Segment> {
    let Some(frames) = map.lanes.first().map(|(_, lane)| lane.len()) else { return Vec::new() };
    let column = |frame: usize| map.lanes.iter().map(|(_, lane)| f64::from(lane[frame])).sum::<f64>();
    let columns: Vec<f64> = (0..frames).map(column).collect();
    let tile = (TILE_S / FRAME_S).round() as usize;
    let mut out = Vec::new();
    let mut from = 0;
    while from < frames {
        // a last piece of less than half a tile belongs to the one before it
        let to = if frames - from < tile + tile / 2 { frames } else { from + tile };
        let span = Span::new(from as f64 * FRAME_S, to as f64 * FRAME_S);
        if counts(span) {
            out.extend(in_tile(map, &columns, from, to));
        }
        from = to;
    }
    out
}

fn in_tile(map: &AttentionMap, columns: &[f64], from: usize, to: usize) -> Vec<Segment> {
    let total: f64 = columns[from..to].iter().sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let limit = OVER_MEAN * total / (to - from) as f64;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for frame in (from..to).filter(|frame| columns[*frame] > limit) {
        match runs.last_mut() {
            Some(last) if (frame - last.1) as f64 * FRAME_S <= NEAR_S => last.1 = frame + 1,
            _ => runs.push((frame, frame + 1)),
        }
    }
    let share = |run: &(usize, usize)| columns[run.0..run.1].iter().sum::<f64>() / total;
    runs.retain(|(start, end)| (end - start) as f64 * FRAME_S >= SHORTEST_S);
    runs.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.cmp(b)));
    runs.truncate(MOST);
    runs.sort_unstable();
    runs.iter().map(|run| segment(map, *run, share(run), (run.1 - run.0) as f64 / (to - from) as f64)).collect()
}

fn segment(map: &AttentionMap, (start, end): (usize, usize), share: f64, of_time: f64) -> Segment {
    let span = Span::new(start as f64 * FRAME_S, end as f64 * FRAME_S);
    let mut leads: Vec<(&Lead, f64)> =
        map.lanes.iter().map(|(lead, lane)| (lead, lane[start..end].iter().map(|v| f64::from(*v)).sum())).collect();
    let total: f64 = leads.iter().map(|(_, part)| part).sum();
    let equal = total / leads.len() as f64;
    leads.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut named: Vec<Lead> =
        leads.iter().filter(|(_, part)| *part >= LEAD_OVER_EQUAL * equal).map(|(lead, _)| (*lead).clone()).collect();
    named.truncate(MOST_LEADS);
    if named.is_empty() {
        named = leads.iter().map(|(lead, _)| (*lead).clone()).collect();
    }
    let place = if named.len() > MOST_LEADS { "no lead above the others".to_owned() } else { names(&named) };
    let condition = in_a_sentence(map.head);
    let reason = format!(
        "the network's attention for {condition} gathers here ({place}): {:.0} % of the map in {:.0} % of the time",
        100.0 * share,
        100.0 * of_time
    );
    let key = key(&format!("attention.{}", map.head.key()), span);
    Segment { key, span, leads: named, score: share as f32, source: SegmentSource::Attention, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Head;

    fn map(seconds: usize, hot: &[(Lead, f64, f64)]) -> AttentionMap {
        let frames = (seconds as f64 / FRAME_S) as usize;
        let lanes = Lead::STANDARD.map(|lead| {
            let lane: Vec<f32> = (0..frames)
                .map(|frame| {
                    let time_s = (frame as f64 + 0.5) * FRAME_S;
                    let inside = hot.iter().any(|(name, from, to)| *name == lead && (*from..*to).contains(&time_s));
                    if inside { 1.0 } else { 0.05 }
                })
                .collect();
            (lead, lane.into())
        });
        let span = Span::new(0.0, frames as f64 * FRAME_S);
        AttentionMap { head: Head::Infarction, span, lanes: lanes.to_vec(), full_scale: 1.0 }
    }

    #[test]
    fn a_hot_place_is_found_with_its_leads() {
        let map = map(10, &[(Lead::V2, 4.0, 4.8), (Lead::V3, 4.0, 4.4), (Lead::V2, 8.0, 8.08)]);
        let segments = gathered(&map, |_| true);
        assert_eq!(segments.len(), 1, "one frame is too short: {segments:?}");
        let segment = &segments[0];
        assert!((segment.span.start_s - 4.0).abs() < 0.09 && (segment.span.end_s - 4.8).abs() < 0.09);
        assert_eq!(segment.leads, [Lead::V2, Lead::V3]);
        assert!(
            segment.reason.starts_with("the network's attention for myocardial infarction gathers here (V2, V3): ")
        );
        assert_eq!(segment.key, "attention.mi-4000-4800");
        assert!(segment.score > 0.0 && segment.score <= 1.0);
    }

    #[test]
    fn an_even_map_gathers_nowhere_and_a_tile_that_does_not_count_is_left_out() {
        assert!(gathered(&map(10, &[]), |_| true).is_empty());
        let two = map(20, &[(Lead::I, 3.0, 4.0), (Lead::I, 13.0, 14.0)]);
        assert_eq!(gathered(&two, |_| true).len(), 2);
        assert_eq!(gathered(&two, |tile| tile.start_s > 5.0).len(), 1);
    }

    #[test]
    fn no_more_than_eight_in_ten_seconds() {
        let hot: Vec<(Lead, f64, f64)> =
            (0..12).map(|k| (Lead::II, 0.8 * f64::from(k), 0.8 * f64::from(k) + 0.4)).collect();
        assert_eq!(gathered(&map(10, &hot), |_| true).len(), MOST);
    }
}
