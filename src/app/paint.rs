//! Paints a [`Page`] on the screen through one transform: millimetres to points, edges on whole pixels.
//!
//! [`prepare`] makes meshes once a page, place and palette; [`Painting::paint`] hands them over each frame, so that a frame in which only the
//! cursor moves costs the cursor. Traces are thinned by the one function of `page`; a dense trace is a mesh of column rectangles with soft ends
//! (measured: twice to thirty times cheaper than lines, and no R wave loses height), a sparse one a line through its samples.

use std::sync::Arc;

use egui::epaint::{Mesh, PathShape, PathStroke, TessellationOptions, Tessellator, WHITE_UV};
use egui::{Align2, Color32, FontFamily, FontId, Painter, Pos2, Rect, Shape, pos2, vec2};

use super::theme::{colour, semi_bold};
use crate::page::{Anchor, Column, Heat, Ink, Mark, Page, Palette, Point, Text, Thinned, TraceMark, Weight, font};
use crate::page::{heat_at, heat_colour, thin};

/// From millimetres on the page to points on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    /// Where the page's top left corner stands, points, on a whole pixel.
    pub origin: Pos2,
    /// Points to the mm.
    pub points_per_mm: f32,
    /// Pixels to the point.
    pub pixels_per_point: f32,
}

impl Transform {
    /// A transform whose origin is moved to the nearest whole pixel.
    pub fn new(origin: Pos2, points_per_mm: f32, pixels_per_point: f32) -> Self {
        let mut transform = Self { origin, points_per_mm, pixels_per_point };
        transform.origin = pos2(transform.snap(origin.x), transform.snap(origin.y));
        transform
    }

    /// To the nearest edge of a pixel.
    pub fn snap(&self, points: f32) -> f32 {
        (points * self.pixels_per_point).round() / self.pixels_per_point
    }

    /// A place.
    pub fn at(&self, point: Point) -> Pos2 {
        self.origin + vec2(point.x_mm, point.y_mm) * self.points_per_mm
    }

    /// A rectangle.
    pub fn rect(&self, rect: crate::page::Rect) -> Rect {
        Rect::from_min_size(
            self.at(Point::new(rect.x_mm, rect.y_mm)),
            vec2(rect.width_mm, rect.height_mm) * self.points_per_mm,
        )
    }

    /// The place on the page under a place on the screen.
    pub fn back(&self, at: Pos2) -> Point {
        let mm = (at - self.origin) / self.points_per_mm;
        Point::new(mm.x, mm.y)
    }

    fn pixel(&self) -> f32 {
        1.0 / self.pixels_per_point
    }
}

/// A page made ready to paint.
pub struct Painting {
    items: Vec<(Option<Rect>, Item)>,
}

enum Item {
    Mesh(Arc<Mesh>),
    Text { at: Pos2, align: Align2, words: Arc<str>, font: FontId, colour: Color32 },
}

impl Painting {
    /// Hands the page to a painter.
    pub fn paint(&self, painter: &Painter) {
        for (clip, item) in &self.items {
            let painter = match clip {
                Some(clip) => &painter.with_clip_rect(clip.intersect(painter.clip_rect())),
                None => painter,
            };
            match item {
                Item::Mesh(mesh) => {
                    painter.add(Shape::Mesh(Arc::clone(mesh)));
                }
                // Laid each frame: egui keeps the glyphs, and may move them in its texture.
                Item::Text { at, align, words, font, colour } => {
                    painter.text(*at, *align, words, font.clone(), *colour);
                }
            }
        }
    }

    /// How many corners its meshes have.
    #[cfg(test)]
    fn vertices(&self) -> usize {
        let count = |item: &Item| if let Item::Mesh(mesh) = item { mesh.vertices.len() } else { 0 };
        self.items.iter().map(|(_, item)| count(item)).sum()
    }
}

/// Makes a page ready.
pub fn prepare(page: &Page, transform: Transform, palette: Palette) -> Painting {
    let mut maker = Maker { transform, palette, items: Vec::new(), mesh: Mesh::default(), clip: None };
    maker.marks(&page.marks, None);
    maker.flush();
    Painting { items: maker.items }
}

struct Maker {
    transform: Transform,
    palette: Palette,
    items: Vec<(Option<Rect>, Item)>,
    mesh: Mesh,
    clip: Option<Rect>,
}

impl Maker {
    fn ink(&self, ink: Ink) -> Color32 {
        colour(self.palette.colour(ink))
    }

    /// Marks of one clip share a mesh, in their order.
    fn flush(&mut self) {
        if !self.mesh.is_empty() {
            self.items.push((self.clip, Item::Mesh(Arc::new(std::mem::take(&mut self.mesh)))));
        }
    }

    fn marks(&mut self, marks: &[Mark], clip: Option<Rect>) {
        for mark in marks {
            if self.clip != clip {
                self.flush();
                self.clip = clip;
            }
            match mark {
                Mark::Grid { rect } => self.grid(*rect),
                Mark::Trace(trace) => self.trace(trace),
                Mark::Line { from, to, ink, width_mm } => self.line(*from, *to, self.ink(*ink), *width_mm),
                Mark::Fill { rect, ink } => self.fill(self.transform.rect(*rect), self.ink(*ink)),
                Mark::Shape { corners, ink } => {
                    let points = corners.iter().map(|corner| self.transform.at(*corner)).collect();
                    let shape = PathShape::convex_polygon(points, self.ink(*ink), PathStroke::NONE);
                    self.tessellate(shape.into());
                }
                Mark::Text(text) => {
                    self.flush();
                    self.text(text, clip);
                }
                Mark::Heat(heat) => self.heat(heat),
                Mark::Group { clip: inner, marks, .. } => {
                    let inner = inner.map(|rect| self.transform.rect(rect));
                    let both = match (clip, inner) {
                        (Some(outer), Some(inner)) => Some(outer.intersect(inner)),
                        (outer, inner) => inner.or(outer),
                    };
                    self.marks(marks, both);
                }
            }
        }
    }

    fn fill(&mut self, rect: Rect, colour: Color32) {
        let snap = |at: Pos2| pos2(self.transform.snap(at.x), self.transform.snap(at.y));
        self.mesh.add_colored_rect(Rect::from_min_max(snap(rect.min), snap(rect.max)), colour);
    }

    /// Rectangles a whole pixel wide on whole pixels: no line is blurred and none is dropped.
    fn grid(&mut self, rect: crate::page::Rect) {
        let (transform, area) = (self.transform, self.transform.rect(rect));
        let (pixel, mm) = (transform.pixel(), transform.points_per_mm);
        for (every, ink) in [(1_usize, Ink::GridMinor), (5, Ink::GridMajor)] {
            if every as f32 * mm * transform.pixels_per_point < 3.0 {
                continue; // so dense that it would be a wash
            }
            let colour = self.ink(ink);
            let lines = |length_mm: f32| (0..=(length_mm + 1e-3) as usize).step_by(every);
            for index in lines(rect.width_mm) {
                let x = transform.snap(area.left() + index as f32 * mm);
                self.mesh
                    .add_colored_rect(Rect::from_min_size(pos2(x, area.top()), vec2(pixel, area.height())), colour);
            }
            for index in lines(rect.height_mm) {
                let y = transform.snap(area.top() + index as f32 * mm);
                self.mesh
                    .add_colored_rect(Rect::from_min_size(pos2(area.left(), y), vec2(area.width(), pixel)), colour);
            }
        }
    }

    fn line(&mut self, from: Point, to: Point, colour: Color32, width_mm: f32) {
        let (from, to) = (self.transform.at(from), self.transform.at(to));
        let width = (width_mm * self.transform.points_per_mm).max(self.transform.pixel());
        if from.x == to.x || from.y == to.y {
            // Upright and level lines stand on whole pixels.
            let half = 0.5 * width;
            let rect = Rect::from_two_pos(from, to).expand2(vec2(half, half));
            let min = pos2(self.transform.snap(rect.left()), self.transform.snap(rect.top()));
            let whole = |length: f32| self.transform.snap(length).max(self.transform.pixel());
            self.mesh
                .add_colored_rect(Rect::from_min_size(min, vec2(whole(rect.width()), whole(rect.height()))), colour);
        } else {
            self.tessellate(Shape::line_segment([from, to], egui::Stroke::new(width, colour)));
        }
    }

    fn text(&mut self, text: &Text, clip: Option<Rect>) {
        let at = self.transform.at(text.at);
        let (align, size) = (
            match text.anchor {
                Anchor::Left => Align2::LEFT_BOTTOM,
                Anchor::Centre => Align2::CENTER_BOTTOM,
                Anchor::Right => Align2::RIGHT_BOTTOM,
            },
            text.size_mm * self.transform.points_per_mm,
        );
        let family = if text.weight == Weight::SemiBold { semi_bold() } else { FontFamily::Proportional };
        // egui places rows, pages place baselines: a row ends this far below its baseline.
        let at = at + vec2(0.0, font::DESCENT_EM * size);
        let item = Item::Text {
            at,
            align,
            words: text.words.clone(),
            font: FontId::new(size, family),
            colour: self.ink(text.ink),
        };
        self.items.push((clip, item));
    }

    fn heat(&mut self, heat: &Heat) {
        let rect = self.transform.rect(heat.rect);
        let steps = heat.values.len().clamp(1, 2048);
        let mesh = &mut self.mesh;
        for step in 0..=steps {
            let share = step as f32 / steps as f32;
            let colour = colour(heat_colour(heat_at(&heat.values, share), heat.opacity));
            let x = rect.left() + share * rect.width();
            mesh.colored_vertex(pos2(x, rect.top()), colour);
            mesh.colored_vertex(pos2(x, rect.bottom()), colour);
            if step > 0 {
                let last = mesh.vertices.len() as u32;
                mesh.add_triangle(last - 4, last - 3, last - 2);
                mesh.add_triangle(last - 3, last - 2, last - 1);
            }
        }
    }

    fn trace(&mut self, trace: &TraceMark) {
        let colour = self.ink(trace.ink);
        let width = (trace.width_mm * self.transform.points_per_mm).max(self.transform.pixel());
        match thin(trace, self.transform.points_per_mm * self.transform.pixels_per_point) {
            Thinned::Samples(runs) => {
                for run in runs {
                    let points = run.iter().map(|point| self.transform.at(*point)).collect();
                    self.tessellate(Shape::line(points, egui::Stroke::new(width, colour)));
                }
            }
            Thinned::Columns(runs) => runs.iter().flatten().for_each(|column| self.column(column, width, colour)),
        }
    }

    /// One column of a dense trace: full between its extremes, half a pixel of fading beyond.
    fn column(&mut self, column: &Column, width: f32, colour: Color32) {
        let (left, right) = (
            self.transform.origin.x + column.left_mm * self.transform.points_per_mm,
            self.transform.origin.x + column.right_mm * self.transform.points_per_mm,
        );
        let (top, bottom) =
            (self.transform.at(column.top).y - 0.5 * width, self.transform.at(column.bottom).y + 0.5 * width);
        let soft = 0.5 * self.transform.pixel();
        let first = self.mesh.vertices.len() as u32;
        for (y, colour) in [
            (top - soft, Color32::TRANSPARENT),
            (top + soft, colour),
            (bottom - soft, colour),
            (bottom + soft, Color32::TRANSPARENT),
        ] {
            for x in [left, right] {
                self.mesh.vertices.push(egui::epaint::Vertex { pos: pos2(x, y), uv: WHITE_UV, color: colour });
            }
        }
        for row in 0..3 {
            let corner = first + 2 * row;
            self.mesh.add_triangle(corner, corner + 1, corner + 2);
            self.mesh.add_triangle(corner + 1, corner + 2, corner + 3);
        }
    }

    fn tessellate(&mut self, shape: Shape) {
        let options = TessellationOptions::default();
        let mut tessellator = Tessellator::new(self.transform.pixels_per_point, options, [1, 1], Vec::new());
        tessellator.tessellate_shape(shape, &mut self.mesh);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transform() -> Transform {
        Transform::new(pos2(10.3, 20.4), 96.0 / 25.4, 1.25)
    }

    fn heights(painting: &Painting) -> (f32, f32) {
        let vertices = painting.items.iter().flat_map(|(_, item)| match item {
            Item::Mesh(mesh) => mesh.vertices.clone(),
            Item::Text { .. } => Vec::new(),
        });
        let visible = vertices.filter(|vertex| vertex.color.a() > 0).map(|vertex| vertex.pos.y);
        visible.fold((f32::MAX, f32::MIN), |(low, high), y| (low.min(y), high.max(y)))
    }

    fn page_of(samples: Vec<f32>, mm_per_sample: f32) -> Page {
        let mut page = Page::new(100.0, 40.0);
        page.push(Mark::Trace(TraceMark {
            first: 0,
            end: samples.len(),
            samples_mv: samples.into(),
            origin: Point::new(0.0, 30.0),
            mm_per_sample,
            mm_per_mv: 10.0,
            ink: Ink::Trace,
            width_mm: 0.28,
        }));
        page
    }

    #[test]
    fn a_millivolt_is_ten_millimetres_in_any_density() {
        for mm_per_sample in [0.01, 0.05, 0.5] {
            let mut samples = vec![0.0; 200];
            samples[100] = 1.0;
            let (top, bottom) = heights(&prepare(&page_of(samples, mm_per_sample), transform(), Palette::Light));
            let (mm, line) = (96.0 / 25.4, 0.28 * 96.0 / 25.4);
            let height_mm = (bottom - top - line) / mm;
            assert!((height_mm - 10.0).abs() < 0.35, "{mm_per_sample}: {height_mm} mm");
        }
    }

    #[test]
    fn a_spike_of_one_sample_in_a_day_is_seen() {
        let mut samples = vec![0.0; 2_000_000];
        samples[1_234_567] = 2.0;
        let painting = prepare(&page_of(samples, 0.000_05), transform(), Palette::Light);
        assert!(painting.vertices() < 10_000, "{}", painting.vertices());
        let (top, bottom) = heights(&painting);
        assert!(bottom - top > 19.0 * 96.0 / 25.4);
    }

    #[test]
    fn grid_lines_stand_on_whole_pixels() {
        let mut page = Page::new(50.0, 20.0);
        page.push(Mark::Grid { rect: page.rect() });
        let painting = prepare(&page, transform(), Palette::Light);
        let Some((_, Item::Mesh(mesh))) = painting.items.first() else { panic!("no mesh") };
        assert_eq!(mesh.vertices.len(), 4 * (51 + 21 + 11 + 5));
        for vertex in &mesh.vertices[..4 * 51] {
            let pixels = vertex.pos.x * 1.25;
            assert!((pixels - pixels.round()).abs() < 1e-3);
        }
    }

    #[test]
    fn places_come_back() {
        let transform = transform();
        let back = transform.back(transform.at(Point::new(12.5, 3.25)));
        assert!((back.x_mm - 12.5).abs() < 1e-4 && (back.y_mm - 3.25).abs() < 1e-4);
    }
}
