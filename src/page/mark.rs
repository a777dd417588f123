//! The marks a page is made of.

use std::sync::Arc;

use super::Ink;

/// A place in mm.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// From the left, mm.
    pub x_mm: f32,
    /// From the top, mm.
    pub y_mm: f32,
}

impl Point {
    /// A place.
    pub fn new(x_mm: f32, y_mm: f32) -> Self {
        Self { x_mm, y_mm }
    }
}

/// An upright rectangle in mm.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge, mm.
    pub x_mm: f32,
    /// Top edge, mm.
    pub y_mm: f32,
    /// Width, mm.
    pub width_mm: f32,
    /// Height, mm.
    pub height_mm: f32,
}

impl Rect {
    /// A rectangle from its top left corner and size.
    pub fn new(x_mm: f32, y_mm: f32, width_mm: f32, height_mm: f32) -> Self {
        Self { x_mm, y_mm, width_mm, height_mm }
    }

    /// Right edge, mm.
    pub fn right_mm(&self) -> f32 {
        self.x_mm + self.width_mm
    }

    /// Bottom edge, mm.
    pub fn bottom_mm(&self) -> f32 {
        self.y_mm + self.height_mm
    }

    /// What the two share, where they share something.
    pub fn intersection(&self, other: &Rect) -> Option<Rect> {
        let (left, top) = (self.x_mm.max(other.x_mm), self.y_mm.max(other.y_mm));
        let (right, bottom) = (self.right_mm().min(other.right_mm()), self.bottom_mm().min(other.bottom_mm()));
        (left < right && top < bottom).then(|| Rect::new(left, top, right - left, bottom - top))
    }

    /// Is the point inside?
    pub fn contains(&self, at: Point) -> bool {
        (self.x_mm..self.right_mm()).contains(&at.x_mm) && (self.y_mm..self.bottom_mm()).contains(&at.y_mm)
    }
}

/// Which side of the text its place names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The place is the left end of the baseline.
    #[default]
    Left,
    /// The place is the middle of the baseline.
    Centre,
    /// The place is the right end of the baseline.
    Right,
}

/// Weight of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weight {
    /// Text.
    #[default]
    Regular,
    /// Lead names, headings.
    SemiBold,
}

/// What a group stands for, so that a click finds data through the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Id {
    /// Nothing to find.
    #[default]
    None,
    /// A lane of a lead.
    Lead {
        /// Lead name.
        lead: Arc<str>,
        /// The denoised lane?
        denoised: bool,
    },
    /// A beat by number.
    Beat(usize),
    /// A segment by number.
    Segment(usize),
    /// A named part ("header", "risk").
    Part(&'static str),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Where the baseline is.
    pub at: Point,
    /// The words; one line.
    pub words: Arc<str>,
    /// Height of the type (em), mm.
    pub size_mm: f32,
    /// Ink.
    pub ink: Ink,
    /// Weight.
    pub weight: Weight,
    /// Anchor.
    pub anchor: Anchor,
}

/// Samples joined by a line. Thinned by the sink to what its resolution can show; never smoothed. NaN breaks the line.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceMark {
    /// Samples in mV, the whole trace, shared.
    pub samples_mv: Arc<[f32]>,
    /// First sample drawn.
    pub first: usize,
    /// One past the last sample drawn.
    pub end: usize,
    /// Where sample `first` would stand at 0 mV.
    pub origin: Point,
    /// Millimetres to the right for each sample.
    pub mm_per_sample: f32,
    /// Millimetres upwards for each mV.
    pub mm_per_mv: f32,
    /// Ink.
    pub ink: Ink,
    /// Width of the line, mm.
    pub width_mm: f32,
}

/// A strip of heat: values 0 to 1 spread evenly over a rectangle from left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// Where.
    pub rect: Rect,
    /// Values 0 to 1, left to right; NaN = nothing there.
    pub values: Arc<[f32]>,
    /// 0 (invisible) to 1.
    pub opacity: f32,
}

/// One thing on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Millimetre paper: fine lines each mm, strong ones each 5 mm, both from the rectangle's top left corner.
    Grid {
        /// Where.
        rect: Rect,
    },
    /// A trace.
    Trace(TraceMark),
    /// A straight line.
    Line {
        /// From.
        from: Point,
        /// To.
        to: Point,
        /// Ink.
        ink: Ink,
        /// Width, mm.
        width_mm: f32,
    },
    /// A filled rectangle.
    Fill {
        /// Where.
        rect: Rect,
        /// Ink.
        ink: Ink,
    },
    /// A filled polygon (badge shapes); corners in order.
    Shape {
        /// Corners.
        corners: Vec<Point>,
        /// Ink.
        ink: Ink,
    },
    /// Text.
    Text(Text),
    /// A strip of the heat map.
    Heat(Heat),
    /// Marks that belong together, clipped to a rectangle where one is given.
    Group {
        /// What it stands for.
        id: Id,
        /// Clip.
        clip: Option<Rect>,
        /// The marks.
        marks: Vec<Mark>,
    },
}
