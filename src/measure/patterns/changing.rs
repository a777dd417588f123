//! Fast beats in a row that change their shape from beat to beat: what a polymorphic tachycardia is told by.

use super::super::shapes::Shapes;
use super::super::{Beat, BeatClass};

/// Beats nearer than this are fast, s (100/min).
const FAST_S: f64 = 0.6;
/// So many beats in a row …
const ROW: usize = 4;
/// … have at least so many shapes between them (two take turns in bigeminy and in bidirectional tachycardia).
const SHAPES: usize = 3;
/// A shape that so large a share of all beats has is the record's own: its beats are of no such row, and the others are where they are ventricular.
const OWN: f64 = 1.0 / 3.0;

/// Fast beats that change their shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changing {
    /// Number of the first beat.
    pub first: usize,
    /// Number of the last beat.
    pub last: usize,
    /// Shapes between them.
    pub shapes: usize,
}

/// The stretches, by time: fast beats in a row, none of the record's own shape, of which every four have three shapes or more.
pub(super) fn changing(beats: &[Beat], shapes: &Shapes) -> Vec<Changing> {
    if shapes.group.len() < beats.len() {
        return Vec::new();
    }
    let of_group = |group: usize| shapes.group.iter().filter(|other| **other == Some(group)).count();
    let own = shapes.dominant.filter(|group| of_group(*group) as f64 >= OWN * beats.len() as f64);
    let different = |first: usize, last: usize| -> usize {
        let mut groups: Vec<usize> = shapes.group[first..=last].iter().flatten().copied().collect();
        groups.sort_unstable();
        groups.dedup();
        groups.len()
    };
    let ventricular = |beat: usize| own.is_none() || beats[beat].class == BeatClass::VentricularEctopic;
    let other = |beat: usize| shapes.group[beat].is_some() && shapes.group[beat] != own && ventricular(beat);
    let mut out: Vec<Changing> = Vec::new();
    for first in 0..(beats.len() + 1).saturating_sub(ROW) {
        let last = first + ROW - 1;
        let fast = beats[first..=last].windows(2).all(|pair| pair[1].r_s - pair[0].r_s < FAST_S);
        if !fast || !(first..=last).all(other) || different(first, last) < SHAPES {
            continue;
        }
        match out.last_mut() {
            Some(before) if before.last >= first => before.last = last,
            _ => out.push(Changing { first, last, shapes: 0 }),
        }
    }
    for run in &mut out {
        run.shapes = different(run.first, run.last);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    fn found(rr_s: f64, groups: &[usize]) -> Vec<Changing> {
        let beats: Vec<Beat> = (0..groups.len())
            .map(|beat| {
                let class = if groups[beat] == 0 { BeatClass::Normal } else { BeatClass::VentricularEctopic };
                Beat { r_s: rr_s * beat as f64, class, confidence: 1.0 }
            })
            .collect();
        let group = groups.iter().map(|group| Some(*group)).collect();
        changing(&beats, &Shapes { group, dominant: Some(0), ..Default::default() })
    }

    #[test]
    fn three_shapes_in_four_fast_beats_change() {
        let run = [0, 0, 0, 0, 0, 1, 2, 3, 1, 4, 0, 0, 0, 0, 0];
        assert_eq!(found(0.3, &run), [Changing { first: 5, last: 9, shapes: 4 }]);
        assert_eq!(found(0.3, &[0, 1, 2, 3, 4, 0, 5, 1]), [Changing { first: 0, last: 7, shapes: 6 }], "throughout");
        assert_eq!(found(0.8, &run), [], "slow");
    }

    #[test]
    fn one_shape_two_in_turns_and_too_few_do_not() {
        assert_eq!(found(0.3, &[0; 12]), []);
        assert_eq!(found(0.3, &[0, 1, 0, 1, 0, 1, 0, 1]), []);
        assert_eq!(found(0.3, &[0, 0, 0, 1, 2, 0, 0, 1, 3, 0, 0]), [], "couplets of several shapes");
        assert_eq!(found(0.3, &[0, 1, 2]), []);
        assert_eq!(changing(&[], &Shapes::default()), []);
    }
}
