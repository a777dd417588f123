//! Where every lane stands: which lead, which cell, which stretch of time. No marks are made here.
//!
//! A lane's share of the height is fixed by the number of rows; speed and gain are never changed to fit.
//! Time runs on over the columns of a sheet, as on a printed twelve-lead ECG.

use std::sync::Arc;

use super::layout::{Layout, Sheet, Signals};
use crate::ecg::{Lead, Recording, Span};
use crate::page::{Rect, Weight, font};

/// Size of lead names, mm.
pub(super) const NAME_MM: f32 = 3.2;
/// Room above the lanes for the title.
pub(super) const TITLE_MM: f32 = 5.5;
/// Room below the lanes for seconds and the footer.
const FOOTER_MM: f32 = 9.5;
/// Room for the legend of a heat map.
const LEGEND_MM: f32 = 5.0;
/// Between the halves of a comparison.
const HALF_GAP_MM: f32 = 4.0;
/// Where a lane's median stands in its height: R waves are taller than S waves are deep.
const MIDDLE: f32 = 0.55;
/// With fewer of the standard leads than this, a recording is shown by its own leads.
const STANDARD_FROM: usize = 6;

/// One lead's strip.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Number of the trace in the recording; `None` = the lead was not recorded.
    pub trace: Option<usize>,
    /// Lead name as printed.
    pub name: Arc<str>,
    /// What it shows.
    pub signals: Signals,
    /// Does it stand in the denoised half, or show a denoised signal?
    pub denoised: bool,
    /// Where the trace is drawn, mm.
    pub cell: Rect,
    /// Where the lane's middle (its median) stands, mm from the top of the page.
    pub zero_y_mm: f32,
    /// Time at the cell's left edge, s.
    pub start_s: f64,
    /// Millimetres for each second.
    pub mm_per_s: f32,
    /// Left of it stand its name and the calibration pulse.
    pub first_in_row: bool,
}

impl Lane {
    /// Where a moment stands, mm from the left of the page.
    pub fn x_mm(&self, time_s: f64) -> f32 {
        self.cell.x_mm + ((time_s - self.start_s) * f64::from(self.mm_per_s)) as f32
    }

    /// The moment at a place, s.
    pub fn time_s(&self, x_mm: f32) -> f64 {
        self.start_s + f64::from(x_mm - self.cell.x_mm) / f64::from(self.mm_per_s)
    }

    /// The time it shows.
    pub fn span(&self) -> Span {
        Span::new(self.start_s, self.time_s(self.cell.right_mm()))
    }
}

/// A titled sheet of grid paper with its lanes.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it shows.
    pub signals: Signals,
    /// Grid paper, gutter included.
    pub paper: Rect,
    /// Width of the gutter at its left.
    pub gutter_mm: f32,
    /// Do lead names stand in the gutter (else at the top left of the cells)?
    pub names_in_gutter: bool,
    /// Lanes, row by row.
    pub lanes: Vec<Lane>,
}

/// Everything placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// One block, or two in a comparison.
    pub blocks: Vec<Block>,
    /// Room of the seconds and the footer, below the paper.
    pub footer: Rect,
}

impl Arrangement {
    /// Every lane.
    pub fn lanes(&self) -> impl Iterator<Item = &Lane> {
        self.blocks.iter().flat_map(|block| &block.lanes)
    }
}

/// A lead of the sheet: its name and its trace, where recorded.
type Entry = (Arc<str>, Option<usize>);

/// Places the lanes of a view in its area (top left corner 0, 0): the same places that [`super::lanes`] paints.
pub fn arrange(recording: &Recording, layout: &Layout) -> Arrangement {
    arrange_in(recording, layout, Rect::new(0.0, 0.0, layout.width_mm, layout.height_mm))
}

pub(super) fn arrange_in(recording: &Recording, layout: &Layout, area: Rect) -> Arrangement {
    let leads = entries(recording);
    let standard = leads.iter().filter(|(name, _)| Lead::parse(name).standard_index().is_some()).count() >= 12;
    let sheet = match layout.sheet {
        Sheet::ThreeByFourRhythm | Sheet::SixByTwo if !standard => Sheet::TwelveByOne,
        sheet => sheet,
    };
    let below_mm = FOOTER_MM + if layout.heat.is_some() { LEGEND_MM } else { 0.0 };
    let height_mm = (area.height_mm - TITLE_MM - below_mm).floor().max(1.0);
    let rows = rows(sheet, &leads);
    let halves: Vec<(Signals, Rect)> = match sheet {
        Sheet::Compare => {
            let width_mm = ((area.width_mm - HALF_GAP_MM) / 2.0).floor().max(1.0);
            let right = if layout.show == Signals::Raw { Signals::Denoised } else { layout.show };
            let place = |x_mm| Rect::new(x_mm, area.y_mm + TITLE_MM, width_mm, height_mm);
            vec![(Signals::Raw, place(area.x_mm)), (right, place(area.x_mm + width_mm + HALF_GAP_MM))]
        }
        _ => {
            let paper = Rect::new(area.x_mm, area.y_mm + TITLE_MM, area.width_mm.floor().max(1.0), height_mm);
            vec![(layout.show, paper)]
        }
    };
    let blocks = halves.into_iter().map(|(signals, paper)| block(signals, paper, &rows, sheet, layout)).collect();
    let footer_y_mm = area.y_mm + TITLE_MM + height_mm;
    Arrangement { blocks, footer: Rect::new(area.x_mm, footer_y_mm, area.width_mm, below_mm) }
}

/// The twelve standard leads (missing ones named) and then any others; with few of the twelve, the recording's own leads.
fn entries(recording: &Recording) -> Vec<Entry> {
    let own = |index: usize| -> Entry { (Arc::from(recording.traces[index].lead.name()), Some(index)) };
    let place = |lead: &Lead| recording.traces.iter().position(|trace| trace.lead == *lead);
    let standard = Lead::STANDARD.map(|lead| place(&lead));
    if standard.iter().flatten().count() < STANDARD_FROM {
        return (0..recording.traces.len()).map(own).collect();
    }
    let others = (0..recording.traces.len()).filter(|index| !standard.contains(&Some(*index)));
    let twelve = Lead::STANDARD.iter().zip(standard).map(|(lead, index)| (Arc::from(lead.name()), index));
    twelve.chain(others.map(own)).collect()
}

/// Rows of columns of leads.
fn rows(sheet: Sheet, leads: &[Entry]) -> Vec<Vec<Entry>> {
    let columns = |rows: usize| (0..rows).map(move |row| leads[row..12].iter().step_by(rows).cloned().collect());
    match sheet {
        Sheet::ThreeByFourRhythm => columns(3).chain([vec![leads[1].clone()]]).collect(),
        Sheet::SixByTwo => columns(6).collect(),
        Sheet::Compare | Sheet::TwelveByOne => leads.iter().map(|lead| vec![lead.clone()]).collect(),
    }
}

fn block(signals: Signals, paper: Rect, rows: &[Vec<Entry>], sheet: Sheet, layout: &Layout) -> Block {
    let (mm_per_s, gain) = layout.scale();
    let names_in_gutter = matches!(sheet, Sheet::Compare | Sheet::TwelveByOne);
    let widest = rows.iter().flatten().map(|(name, _)| font::width_mm(name, NAME_MM, Weight::SemiBold));
    let name_room_mm = if names_in_gutter { widest.fold(5.5, f32::max).min(24.0) + 1.5 } else { 0.0 };
    // Whole strong squares, so that a second starts on a strong line of the paper.
    let gutter_mm = (((name_room_mm + 0.2 * mm_per_s + 2.5) / 5.0).ceil() * 5.0).min(paper.width_mm / 2.0);
    let room_mm = paper.width_mm - gutter_mm;
    let (columns, usual_s) = match sheet {
        Sheet::ThreeByFourRhythm => (4, 2.5),
        Sheet::SixByTwo => (2, 5.0),
        Sheet::Compare | Sheet::TwelveByOne => (1, f32::INFINITY),
    };
    let column_mm = (usual_s * mm_per_s).min(room_mm / columns as f32);
    // The first row has room for its pulse, where lanes are narrow.
    let even_mm = paper.height_mm / rows.len().max(1) as f32;
    let head_mm = (gain + 2.0 - MIDDLE * even_mm).clamp(0.0, 0.1 * paper.height_mm).min(8.0).round();
    let row_mm = (paper.height_mm - head_mm) / rows.len().max(1) as f32;
    let lane = |row: usize, column: usize, entry: &Entry, alone: bool| {
        let width_mm = if alone { column_mm * columns as f32 } else { column_mm };
        let x_mm = paper.x_mm + gutter_mm + column as f32 * column_mm;
        let cell = Rect::new(x_mm, paper.y_mm + head_mm + row as f32 * row_mm, width_mm, row_mm);
        Lane {
            trace: entry.1,
            name: entry.0.clone(),
            signals,
            denoised: signals != Signals::Raw,
            cell,
            // On a line of the paper.
            zero_y_mm: paper.y_mm + head_mm + ((row as f32 + MIDDLE) * row_mm).round(),
            start_s: layout.start_s + f64::from(column as f32 * column_mm) / f64::from(mm_per_s),
            mm_per_s,
            first_in_row: column == 0,
        }
    };
    let lanes = rows.iter().enumerate().flat_map(|(row, entries)| {
        entries.iter().enumerate().map(move |(column, entry)| lane(row, column, entry, entries.len() == 1))
    });
    Block { signals, paper, gutter_mm, names_in_gutter, lanes: lanes.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Trace;

    fn recording(leads: &[Lead]) -> Recording {
        Recording::new("test", leads.iter().map(|lead| Trace::new(lead.clone(), 500.0, vec![0.0; 5000])).collect())
    }

    #[test]
    fn time_runs_on_over_the_columns() {
        let layout = Layout { sheet: Sheet::ThreeByFourRhythm, ..Layout::new(283.0, 170.0) };
        let arrangement = arrange(&recording(&Lead::STANDARD), &layout);
        let lanes = &arrangement.blocks[0].lanes;
        assert_eq!(lanes.len(), 13);
        let starts: Vec<f64> = lanes[..4].iter().map(|lane| lane.start_s).collect();
        assert_eq!(starts, [0.0, 2.5, 5.0, 7.5]);
        let names: Vec<&str> = lanes.iter().map(|lane| &*lane.name).collect();
        assert_eq!(names, ["I", "aVR", "V1", "V4", "II", "aVL", "V2", "V5", "III", "aVF", "V3", "V6", "II"]);
        assert_eq!(lanes[12].span(), Span::new(0.0, 10.0));
        assert_eq!(lanes[0].cell.width_mm, 62.5);
    }

    #[test]
    fn a_comparison_has_every_lead_twice_inside_the_area() {
        let arrangement = arrange(&recording(&Lead::STANDARD), &Layout::new(300.0, 190.0));
        assert_eq!(arrangement.lanes().count(), 24);
        for lane in arrangement.lanes() {
            assert!(lane.cell.x_mm > 0.0 && lane.cell.right_mm() <= 300.0 && lane.cell.bottom_mm() <= 190.0);
            assert!((lane.x_mm(lane.time_s(42.0)) - 42.0).abs() < 1e-3);
        }
    }

    #[test]
    fn few_leads_are_shown_as_they_are_and_missing_ones_are_named() {
        let mut own = recording(&[Lead::Other("MLII".into()), Lead::V1]);
        let layout = Layout { sheet: Sheet::SixByTwo, ..Layout::new(200.0, 100.0) };
        let names = |recording: &Recording| -> Vec<(String, bool)> {
            arrange(recording, &layout).lanes().map(|lane| (lane.name.to_string(), lane.trace.is_some())).collect()
        };
        assert_eq!(names(&own), [("MLII".to_owned(), true), ("V1".to_owned(), true)]);
        own.traces.clear();
        assert!(names(&own).is_empty());
        let limbs = names(&recording(&Lead::STANDARD[..6]));
        assert_eq!(limbs.len(), 12);
        assert!(limbs.contains(&("V6".to_owned(), false)));
    }

    #[test]
    fn no_size_is_too_small() {
        for size_mm in [0.0, 1.0, 12.0] {
            let arrangement = arrange(&recording(&Lead::STANDARD), &Layout::new(size_mm, size_mm));
            assert!(arrangement.lanes().all(|lane| lane.cell.width_mm >= 0.0 && lane.cell.height_mm > 0.0));
        }
    }
}
