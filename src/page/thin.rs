//! Thinning: what a trace looks like at a resolution. The one function for screen, PNG and PDF.
//!
//! A column of the device keeps the highest and the lowest of its samples, so no R wave loses height and nothing is averaged;
//! neighbouring columns share a sample, else steep strokes break apart. Below about two samples a column the samples themselves
//! come back. NaN ends a run. Nothing is smoothed here, and nothing is coloured.

use super::{Point, TraceMark};

/// One column of the device and the extremes of the trace inside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Left edge of the column, mm.
    pub left_mm: f32,
    /// Right edge of the column, mm.
    pub right_mm: f32,
    /// The highest sample, at its own time.
    pub top: Point,
    /// The lowest sample, at its own time.
    pub bottom: Point,
}

/// A trace at a resolution, in runs without a gap.
#[derive(Debug, Clone, PartialEq)]
pub enum Thinned {
    /// Few samples a column: the samples, to be joined. A run of one sample holds it twice.
    Samples(Vec<Vec<Point>>),
    /// Many samples a column: their extremes, to be filled column by column.
    Columns(Vec<Vec<Column>>),
}

impl Thinned {
    /// The runs as lines through true samples, for sinks that stroke.
    pub fn lines(self) -> Vec<Vec<Point>> {
        match self {
            Thinned::Samples(runs) => runs,
            Thinned::Columns(runs) => runs.iter().map(|run| line_through(run)).collect(),
        }
    }

    /// How many points or columns it holds.
    pub fn len(&self) -> usize {
        match self {
            Thinned::Samples(runs) => runs.iter().map(Vec::len).sum(),
            Thinned::Columns(runs) => runs.iter().map(Vec::len).sum(),
        }
    }

    /// Nothing to draw?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Thins a trace to a device with this many columns to the mm (dpi / 25.4; pixels per mm on the screen).
pub fn thin(trace: &TraceMark, columns_per_mm: f32) -> Thinned {
    let end = trace.end.min(trace.samples_mv.len());
    let first = trace.first.min(end);
    let samples = &trace.samples_mv[first..end];
    let place = |index: usize| Point {
        x_mm: trace.origin.x_mm + index as f32 * trace.mm_per_sample,
        y_mm: trace.origin.y_mm - samples[index] * trace.mm_per_mv,
    };
    let columns_per_sample = trace.mm_per_sample * columns_per_mm;
    let runs = runs_without_gap(samples);
    if !(columns_per_sample > 0.0 && columns_per_sample < 0.5) {
        let joined = runs.map(|(start, end)| {
            let mut points: Vec<Point> = (start..end).map(place).collect();
            if let [only] = points[..] {
                points.push(only);
            }
            points
        });
        return Thinned::Samples(joined.collect());
    }
    Thinned::Columns(runs.map(|(start, end)| columns_of(start, end, columns_per_mm, place)).collect())
}

/// The stretches of finite samples, as half-open ranges.
fn runs_without_gap(samples: &[f32]) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + samples[from..].iter().position(|value| value.is_finite())?;
        let length = samples[start..].iter().position(|value| !value.is_finite()).unwrap_or(samples.len() - start);
        from = start + length;
        Some((start, from))
    })
}

fn columns_of(start: usize, end: usize, columns_per_mm: f32, place: impl Fn(usize) -> Point) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut number = i64::MIN;
    let mut before: Option<Point> = None;
    for index in start..end {
        let point = place(index);
        let here = (point.x_mm * columns_per_mm).floor();
        if here as i64 != number {
            number = here as i64;
            columns.push(Column {
                left_mm: here / columns_per_mm,
                right_mm: (here + 1.0) / columns_per_mm,
                top: point,
                bottom: point,
            });
            // The shared sample: the last of the column before belongs to this one too.
            if let (Some(shared), Some(column)) = (before, columns.last_mut()) {
                stretch(column, shared);
            }
        } else if let Some(column) = columns.last_mut() {
            stretch(column, point);
        }
        before = Some(point);
    }
    columns
}

fn stretch(column: &mut Column, point: Point) {
    if point.y_mm < column.top.y_mm {
        column.top = point;
    }
    if point.y_mm > column.bottom.y_mm {
        column.bottom = point;
    }
}

/// Each column's extremes in the order of their times; a sample shared by two columns is passed once.
fn line_through(columns: &[Column]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(columns.len() * 2);
    for column in columns {
        let (one, two) = if column.top.x_mm <= column.bottom.x_mm {
            (column.top, column.bottom)
        } else {
            (column.bottom, column.top)
        };
        for point in [one, two] {
            if points.last().is_none_or(|last| last.x_mm < point.x_mm) {
                points.push(point);
            }
        }
    }
    if let [only] = points[..] {
        points.push(only);
    }
    points
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::page::Ink;

    fn trace(samples_mv: Vec<f32>, mm_per_sample: f32) -> TraceMark {
        TraceMark {
            first: 0,
            end: samples_mv.len(),
            samples_mv: samples_mv.into(),
            origin: Point::new(10.0, 50.0),
            mm_per_sample,
            mm_per_mv: 10.0,
            ink: Ink::Trace,
            width_mm: 0.25,
        }
    }

    #[test]
    fn few_samples_come_back_as_they_are() {
        let Thinned::Samples(runs) = thin(&trace(vec![0.0, 1.0, 0.5], 1.0), 4.0) else { panic!("columns") };
        assert_eq!(runs, vec![vec![Point::new(10.0, 50.0), Point::new(11.0, 40.0), Point::new(12.0, 45.0)]]);
    }

    #[test]
    fn a_gap_breaks_the_line_and_a_lone_sample_stays_a_dot() {
        let samples = vec![0.0, 0.1, f32::NAN, 0.2, f32::NAN, f32::NAN, 0.3, 0.4];
        for columns_per_mm in [4.0, 0.1] {
            let lines = thin(&trace(samples.clone(), 1.0), columns_per_mm).lines();
            assert_eq!(lines.len(), 3, "{columns_per_mm}");
            assert!(lines.iter().all(|line| line.len() >= 2));
        }
    }

    #[test]
    fn a_spike_of_one_sample_keeps_its_height() {
        let mut samples = vec![0.0; 5_000];
        samples[2_345] = 1.5;
        let thinned = thin(&trace(samples, 0.05), 4.0);
        assert!(thinned.len() <= 1_002, "{}", thinned.len());
        let top = thinned.lines().concat().iter().map(|point| point.y_mm).fold(f32::MAX, f32::min);
        assert_eq!(top, 35.0);
    }

    #[test]
    fn a_range_outside_the_samples_is_clipped() {
        let mut mark = trace(vec![0.0; 4], 1.0);
        (mark.first, mark.end) = (2, 99);
        assert_eq!(thin(&mark, 4.0).len(), 2);
        (mark.first, mark.end) = (50, 99);
        assert!(thin(&mark, 4.0).is_empty());
    }

    proptest! {
        #[test]
        fn columns_hold_every_sample_and_touch(samples in prop::collection::vec(-3.0_f32..3.0, 2..400), mm_per_sample in 0.001_f32..0.1) {
            let mark = trace(samples.clone(), mm_per_sample);
            if let Thinned::Columns(runs) = thin(&mark, 4.0) {
                prop_assert_eq!(runs.len(), 1);
                for pair in runs[0].windows(2) {
                    prop_assert!(pair[0].top.y_mm <= pair[1].bottom.y_mm && pair[1].top.y_mm <= pair[0].bottom.y_mm);
                }
                for (index, value) in samples.iter().enumerate() {
                    let (x_mm, y_mm) = (10.0 + index as f32 * mm_per_sample, 50.0 - value * 10.0);
                    let inside = runs[0].iter().any(|column| {
                        column.left_mm <= x_mm + 1e-3 && x_mm <= column.right_mm + 1e-3
                            && column.top.y_mm <= y_mm && y_mm <= column.bottom.y_mm
                    });
                    prop_assert!(inside);
                }
            }
        }

        #[test]
        fn lines_run_forwards_through_true_samples(samples in prop::collection::vec(-3.0_f32..3.0, 2..400)) {
            let mark = trace(samples.clone(), 0.02);
            let line = thin(&mark, 4.0).lines().concat();
            for point in &line {
                let index = ((point.x_mm - 10.0) / 0.02).round() as usize;
                prop_assert!((50.0 - samples[index] * 10.0 - point.y_mm).abs() < 1e-3);
            }
            prop_assert!(line.windows(2).all(|pair| pair[0].x_mm <= pair[1].x_mm));
        }
    }
}
