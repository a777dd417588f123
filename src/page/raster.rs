//! A page as pixels and as a PNG, on the CPU by tiny-skia: the same bits on every machine of a kind, no window, no graphics card.
//!
//! Grid lines are laid as whole pixels, so that none is lost or blurred. The file says its own resolution (pHYs).

use std::collections::HashMap;

use skrifa::outline::OutlinePen;
use tiny_skia::{FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Stroke, Transform};

use super::{Heat, Ink, Mark, Page, Palette, Point, Rect, Rgba, Text, TraceMark, Weight, font};
use super::{heat_at, heat_colour, thin};
use crate::error::{Error, Result};

/// More pixels than this are refused.
const MOST_PIXELS: f64 = 120e6;

/// Opaque pixels, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, alpha (always 255) of each pixel.
    pub rgba: Vec<u8>,
}

/// The page as a PNG of this resolution.
pub fn png(page: &Page, palette: Palette, dpi: f32) -> Result<Vec<u8>> {
    let raster = raster(page, palette, dpi)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    let rgb: Vec<u8> = raster.rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let refused = |error: png::EncodingError| Error::write("the picture could not be encoded").because(error);
    let mut writer = encoder.write_header().map_err(refused)?;
    writer.write_image_data(&rgb).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(bytes)
}

/// The page as pixels of this resolution, on paper.
pub fn raster(page: &Page, palette: Palette, dpi: f32) -> Result<Raster> {
    let scale = dpi / 25.4;
    let (width, height) = ((page.width_mm * scale).round().max(1.0), (page.height_mm * scale).round().max(1.0));
    let pixels = f64::from(width) * f64::from(height);
    let too_large = || {
        Error::new(crate::error::Cause::Limits, format!("a picture of {width} × {height} pixels is too large"))
            .cure("choose fewer dots per inch")
    };
    // The test is written so that NaN fails it too.
    if !(scale > 0.0 && pixels <= MOST_PIXELS) {
        return Err(too_large());
    }
    let mut pixmap = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    let Rgba(r, g, b, _) = palette.colour(Ink::Paper);
    pixmap.fill(tiny_skia::Color::from_rgba8(r, g, b, 255));
    let mut painter = Painter { pixmap, palette, scale, outlines: HashMap::new() };
    painter.marks(&page.marks, page.rect());
    // Opaque, so premultiplied and straight colours are the same.
    let (width, height) = (painter.pixmap.width(), painter.pixmap.height());
    Ok(Raster { width, height, rgba: painter.pixmap.take() })
}

struct Painter {
    pixmap: Pixmap,
    palette: Palette,
    scale: f32,
    outlines: HashMap<(Weight, u32), Option<Path>>,
}

impl Painter {
    fn marks(&mut self, marks: &[Mark], clip: Rect) {
        for mark in marks {
            match mark {
                Mark::Grid { rect } => self.grid(rect, clip),
                Mark::Trace(trace) => self.trace(trace, clip),
                Mark::Line { from, to, ink, width_mm } => self.stroke(&[*from, *to], *ink, *width_mm, clip),
                Mark::Fill { rect, ink } => {
                    let colour = self.palette.colour(*ink);
                    self.rectangle(*rect, colour, clip);
                }
                Mark::Shape { corners, ink } => self.shape(corners, *ink, clip),
                Mark::Text(text) => self.text(text, clip),
                Mark::Heat(heat) => self.heat(heat, clip),
                Mark::Group { clip: inner, marks, .. } => {
                    if let Some(both) = inner.map_or(Some(clip), |inner| inner.intersection(&clip)) {
                        self.marks(marks, both);
                    }
                }
            }
        }
    }

    fn paint(colour: Rgba, smooth: bool) -> Paint<'static> {
        let mut paint = Paint { anti_alias: smooth, ..Paint::default() };
        paint.set_color_rgba8(colour.0, colour.1, colour.2, colour.3);
        paint
    }

    /// A mask, only where something reaches over the clip.
    fn mask(&self, clip: Rect, reach: Rect) -> Option<Mask> {
        let inside = clip.x_mm <= reach.x_mm
            && clip.y_mm <= reach.y_mm
            && reach.right_mm() <= clip.right_mm()
            && reach.bottom_mm() <= clip.bottom_mm();
        if inside {
            return None;
        }
        let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
        let rect = self.pixels(clip)?;
        mask.fill_path(&PathBuilder::from_rect(rect), FillRule::Winding, false, Transform::identity());
        Some(mask)
    }

    fn pixels(&self, rect: Rect) -> Option<tiny_skia::Rect> {
        let scale = self.scale;
        tiny_skia::Rect::from_ltrb(
            rect.x_mm * scale,
            rect.y_mm * scale,
            rect.right_mm() * scale,
            rect.bottom_mm() * scale,
        )
    }

    fn rectangle(&mut self, rect: Rect, colour: Rgba, clip: Rect) {
        let Some(rect) = rect.intersection(&clip).and_then(|rect| self.pixels(rect)) else { return };
        self.pixmap.fill_rect(rect, &Self::paint(colour, true), Transform::identity(), None);
    }

    /// Whole pixels: sharp, and none lost.
    fn grid(&mut self, rect: &Rect, clip: Rect) {
        let Some(shown) = rect.intersection(&clip) else { return };
        let scale = self.scale;
        for (step_mm, width_mm, ink) in [(1.0, 0.1, Ink::GridMinor), (5.0, 0.18, Ink::GridMajor)] {
            if step_mm * scale < 3.0 {
                continue;
            }
            let paint = Self::paint(self.palette.colour(ink), false);
            let width = (width_mm * scale).round().max(1.0);
            let round = |mm: f32| (mm * scale).round();
            let mut lay = |x: f32, y: f32, w: f32, h: f32| {
                if let Some(rect) = tiny_skia::Rect::from_xywh(x, y, w, h) {
                    self.pixmap.fill_rect(rect, &paint, Transform::identity(), None);
                }
            };
            let skip = |number: i32| step_mm == 1.0 && number % 5 == 0;
            let (left, top) = (round(shown.x_mm), round(shown.y_mm));
            let (right, bottom) = (round(shown.right_mm()), round(shown.bottom_mm()));
            for number in (0..=(rect.width_mm / step_mm + 1e-3) as i32).filter(|number| !skip(*number)) {
                let x = rect.x_mm + number as f32 * step_mm;
                if x >= shown.x_mm - 1e-3 && x <= shown.right_mm() + 1e-3 {
                    lay(round(x), top, width, bottom - top);
                }
            }
            for number in (0..=(rect.height_mm / step_mm + 1e-3) as i32).filter(|number| !skip(*number)) {
                let y = rect.y_mm + number as f32 * step_mm;
                if y >= shown.y_mm - 1e-3 && y <= shown.bottom_mm() + 1e-3 {
                    lay(left, round(y), right - left, width);
                }
            }
        }
    }

    fn trace(&mut self, trace: &TraceMark, clip: Rect) {
        for line in thin(trace, self.scale).lines() {
            self.stroke(&line, trace.ink, trace.width_mm, clip);
        }
    }

    fn stroke(&mut self, points: &[Point], ink: Ink, width_mm: f32, clip: Rect) {
        let scale = self.scale;
        let mut builder = PathBuilder::with_capacity(points.len(), points.len());
        for (number, point) in points.iter().enumerate() {
            let (x, y) = (point.x_mm * scale, point.y_mm * scale);
            // A dot is a line to its own place: a hair longer, so that its caps are drawn.
            let x = if number == 1 && points[0] == *point { x + 0.01 } else { x };
            if number == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
        }
        let Some(path) = builder.finish() else { return };
        let stroke = Stroke {
            width: (width_mm * scale).max(1.0),
            line_join: LineJoin::Round,
            line_cap: LineCap::Round,
            ..Stroke::default()
        };
        let mask = self.mask(clip, reach(points, width_mm));
        let paint = Self::paint(self.palette.colour(ink), true);
        self.pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), mask.as_ref());
    }

    fn shape(&mut self, corners: &[Point], ink: Ink, clip: Rect) {
        let scale = self.scale;
        let mut builder = PathBuilder::new();
        for (number, point) in corners.iter().enumerate() {
            let (x, y) = (point.x_mm * scale, point.y_mm * scale);
            if number == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
        }
        builder.close();
        let Some(path) = builder.finish() else { return };
        let mask = self.mask(clip, reach(corners, 0.0));
        let paint = Self::paint(self.palette.colour(ink), true);
        self.pixmap.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), mask.as_ref());
    }

    fn text(&mut self, text: &Text, clip: Rect) {
        let bounds = font::bounds(text);
        let mask = self.mask(clip, bounds);
        let paint = Self::paint(self.palette.colour(text.ink), true);
        let size = text.size_mm * self.scale;
        let (mut x, y) = (bounds.x_mm * self.scale, text.at.y_mm * self.scale);
        for glyph in font::glyphs(&font::tidy(&text.words, text.weight), text.weight) {
            let outline = self.outlines.entry((text.weight, glyph.id)).or_insert_with(|| {
                let mut pen = Pen(PathBuilder::new());
                font::outline(glyph.id, text.weight, &mut pen);
                pen.0.finish()
            });
            if let Some(outline) = outline {
                let place = Transform::from_row(size, 0.0, 0.0, size, x, y);
                self.pixmap.fill_path(outline, &paint, FillRule::Winding, place, mask.as_ref());
            }
            x += glyph.advance_em * size;
        }
    }

    /// One pixel column after another, so that the strip has no seams.
    fn heat(&mut self, heat: &Heat, clip: Rect) {
        let scale = self.scale;
        let Some(shown) = heat.rect.intersection(&clip) else { return };
        let (left, right) = ((shown.x_mm * scale).round() as i32, (shown.right_mm() * scale).round() as i32);
        let (top, bottom) = ((shown.y_mm * scale).round(), (shown.bottom_mm() * scale).round());
        let Some(mut strip) = u32::try_from(right - left).ok().and_then(|width| Pixmap::new(width, 1)) else { return };
        for (number, pixel) in strip.pixels_mut().iter_mut().enumerate() {
            let middle_mm = (left as f32 + number as f32 + 0.5) / scale;
            let share = (middle_mm - heat.rect.x_mm) / heat.rect.width_mm;
            let Rgba(r, g, b, a) = heat_colour(heat_at(&heat.values, share), heat.opacity);
            *pixel = tiny_skia::ColorU8::from_rgba(r, g, b, a).premultiply();
        }
        for row in top as i32..bottom as i32 {
            self.pixmap.draw_pixmap(left, row, strip.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
        }
    }
}

fn reach(points: &[Point], width_mm: f32) -> Rect {
    let fold =
        |value: fn(&Point) -> f32, start: f32, pick: fn(f32, f32) -> f32| points.iter().map(value).fold(start, pick);
    let (left, right) = (fold(|point| point.x_mm, f32::MAX, f32::min), fold(|point| point.x_mm, f32::MIN, f32::max));
    let (top, bottom) = (fold(|point| point.y_mm, f32::MAX, f32::min), fold(|point| point.y_mm, f32::MIN, f32::max));
    Rect::new(left - width_mm, top - width_mm, right - left + 2.0 * width_mm, bottom - top + 2.0 * width_mm)
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, -y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, -y);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, -cy, x, -y);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.cubic_to(ax, -ay, bx, -by, x, -y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raster: &Raster, x: u32, y: u32) -> [u8; 3] {
        let start = ((y * raster.width + x) * 4) as usize;
        [raster.rgba[start], raster.rgba[start + 1], raster.rgba[start + 2]]
    }

    #[test]
    fn a_fill_stands_where_its_millimetres_say() {
        let mut page = Page::new(20.0, 10.0);
        page.push(Mark::Fill { rect: Rect::new(5.0, 2.0, 4.0, 3.0), ink: Ink::Trace });
        let raster = raster(&page, Palette::Print, 254.0).expect("a small page");
        assert_eq!((raster.width, raster.height), (200, 100));
        let (paper, trace) = ([255, 253, 250], [16, 18, 24]);
        assert_eq!(
            [at(&raster, 49, 30), at(&raster, 50, 30), at(&raster, 89, 30), at(&raster, 90, 30)],
            [paper, trace, trace, paper]
        );
        assert_eq!(
            [at(&raster, 60, 19), at(&raster, 60, 20), at(&raster, 60, 49), at(&raster, 60, 50)],
            [paper, trace, trace, paper]
        );
    }

    #[test]
    fn a_group_clips_what_it_holds() {
        let mut page = Page::new(20.0, 10.0);
        page.group(super::super::Id::None, Some(Rect::new(0.0, 0.0, 10.0, 10.0)), |page| {
            page.push(Mark::Line {
                from: Point::new(2.0, 5.0),
                to: Point::new(18.0, 5.0),
                ink: Ink::Trace,
                width_mm: 1.0,
            });
        });
        let raster = raster(&page, Palette::Print, 254.0).expect("a small page");
        assert_eq!(at(&raster, 99, 50), [16, 18, 24]);
        assert_eq!(at(&raster, 101, 50), [255, 253, 250]);
    }

    #[test]
    fn the_file_says_its_resolution_and_too_much_is_refused() {
        let page = Page::new(20.0, 10.0);
        let bytes = png(&page, Palette::Dark, 300.0).expect("a small page");
        let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().expect("a PNG");
        let dims = reader.info().pixel_dims.expect("pHYs");
        assert_eq!((dims.xppu, dims.yppu), (11_811, 11_811));
        assert_eq!((reader.info().width, reader.info().height), (236, 118));
        for dpi in [1e9, f32::NAN, 0.0, -72.0] {
            assert!(png(&page, Palette::Print, dpi).is_err(), "{dpi}");
        }
    }
}
