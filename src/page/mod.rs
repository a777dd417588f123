//! What a page is: a size in millimetres and a list of marks. Screen, PDF, PNG and tests read the same list.
//!
//! Here live the marks, the inks by name, the thinning of traces, font metrics and the sinks `pdf`, `raster` (PNG) and `listing` (text for tests).
//! A page knows no recording, no window and no analysis: sheets (`report`) lay it out, sinks paint it.

mod cividis;
pub mod font;
mod ink;
mod listing;
mod mark;
mod pdf;
mod raster;
mod thin;

pub use cividis::{cividis, heat_at, heat_colour};
pub use ink::{Ink, Palette, Rgba};
pub use listing::listing;
pub use mark::{Anchor, Heat, Id, Mark, Point, Rect, Text, TraceMark, Weight};
pub use pdf::{About, pdf};
pub use raster::{Raster, png, raster};
pub use thin::{Column, Thinned, thin};

/// A drawing in millimetres, x to the right, y downwards from the top left corner.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Width in mm.
    pub width_mm: f32,
    /// Height in mm.
    pub height_mm: f32,
    /// Marks, painted in this order.
    pub marks: Vec<Mark>,
}

impl Page {
    /// An empty page.
    pub fn new(width_mm: f32, height_mm: f32) -> Self {
        Self { width_mm, height_mm, marks: Vec::new() }
    }

    /// The whole page as a rectangle.
    pub fn rect(&self) -> Rect {
        Rect { x_mm: 0.0, y_mm: 0.0, width_mm: self.width_mm, height_mm: self.height_mm }
    }

    /// Adds a mark.
    pub fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// Adds a group that clips what `fill` draws; it closes by itself.
    pub fn group(&mut self, id: Id, clip: Option<Rect>, fill: impl FnOnce(&mut Page)) {
        let mut inner = Page::new(self.width_mm, self.height_mm);
        fill(&mut inner);
        self.marks.push(Mark::Group { id, clip, marks: inner.marks });
    }

    /// The innermost group with an id under a point, so that a click finds its data through the page.
    pub fn hit(&self, at: Point) -> Option<&Id> {
        fn search(marks: &[Mark], at: Point) -> Option<&Id> {
            marks.iter().rev().find_map(|mark| match mark {
                Mark::Group { id, clip, marks } if clip.is_none_or(|clip| clip.contains(at)) => {
                    search(marks, at).or_else(|| (clip.is_some() && *id != Id::None).then_some(id))
                }
                _ => None,
            })
        }
        search(&self.marks, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_finds_the_innermost_group() {
        let mut page = Page::new(100.0, 50.0);
        page.group(Id::Lead { lead: "V2".into(), denoised: false }, Some(Rect::new(10.0, 10.0, 20.0, 20.0)), |page| {
            page.group(Id::Segment(3), Some(Rect::new(15.0, 15.0, 5.0, 5.0)), |_| {});
        });
        assert_eq!(page.hit(Point::new(16.0, 16.0)), Some(&Id::Segment(3)));
        assert_eq!(page.hit(Point::new(11.0, 11.0)), Some(&Id::Lead { lead: "V2".into(), denoised: false }));
        assert_eq!(page.hit(Point::new(1.0, 1.0)), None);
    }
}
