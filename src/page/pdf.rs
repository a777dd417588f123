//! Pages as PDF/A-2b by krilla: text as text in the bundled type (subset, embedded), traces as vectors, true size.
//!
//! Title, language, date and identity are given, nothing is taken from the clock: the same pages give the same bytes.
//! krilla checks its own output against ISO 19005-2 while it writes; what it finds is an error here, never a silent flaw.

use jiff::civil::DateTime;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point as PdfPoint, Rect as PdfRect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::{DateTime as PdfDateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::{Heat, Ink, Mark, Page, Palette, Point, Rect, Rgba, Text, Weight, font, heat_at, heat_colour, thin};
use crate::error::{Error, Result};

/// Points to the millimetre.
const POINTS_PER_MM: f32 = 72.0 / 25.4;
/// Traces keep their extremes in columns this narrow: 600 dpi, finer than a printer's dot can show of a pen's line.
const COLUMNS_PER_MM: f32 = 600.0 / 25.4;
/// Cells of a strip of heat to the millimetre.
const HEAT_CELLS_PER_MM: f32 = 4.0;

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Title.
    pub title: String,
    /// Program and version.
    pub program: String,
    /// When the report was made, in UTC.
    pub made_at: DateTime,
    /// A name that no other content has, e.g. the hash of what the pages were made from.
    pub identity: String,
}

/// The pages as one PDF/A-2b file, in English, with print colours.
pub fn pdf(pages: &[Page], about: &About) -> Result<Vec<u8>> {
    let refused = |what: String| Error::write(format!("the PDF could not be written: {what}"));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_B)
        .finish()
        .map_err(|error| refused(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let type_of = |weight| {
        Font::new(font::bytes(weight).into(), 0).ok_or_else(|| refused("the bundled type is not readable".to_owned()))
    };
    let fonts = [type_of(Weight::Regular)?, type_of(Weight::SemiBold)?];
    for page in pages {
        let size = PageSettings::from_wh(page.width_mm * POINTS_PER_MM, page.height_mm * POINTS_PER_MM);
        let size = size.ok_or_else(|| refused(format!("a page of {} × {} mm", page.width_mm, page.height_mm)))?;
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        Writer { surface: &mut surface, fonts: &fonts }.marks(&page.marks);
        surface.finish();
        sheet.finish();
    }
    document.set_metadata(
        Metadata::new()
            .title(about.title.clone())
            .language("en".to_owned())
            .creator(about.program.clone())
            .creation_date(date(about.made_at))
            .document_id(about.identity.clone()),
    );
    document.finish().map_err(|error| refused(format!("{error:?}")))
}

fn date(at: DateTime) -> PdfDateTime {
    let part = |value: i8| value.unsigned_abs();
    PdfDateTime::new(at.year().unsigned_abs())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

struct Writer<'a, 'b> {
    surface: &'a mut Surface<'b>,
    fonts: &'a [Font; 2],
}

impl Writer<'_, '_> {
    fn marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Grid { rect } => self.grid(rect),
                Mark::Trace(trace) => {
                    let mut path = PathBuilder::new();
                    for run in thin(trace, COLUMNS_PER_MM).lines() {
                        join(&mut path, &run);
                    }
                    self.stroke(path, trace.ink, trace.width_mm);
                }
                Mark::Line { from, to, ink, width_mm } => {
                    let mut path = PathBuilder::new();
                    join(&mut path, &[*from, *to]);
                    self.stroke(path, *ink, *width_mm);
                }
                Mark::Fill { rect, ink } => {
                    let mut path = PathBuilder::new();
                    if let Some(rect) = points(rect) {
                        path.push_rect(rect);
                    }
                    self.fill(path, *ink);
                }
                Mark::Shape { corners, ink } => {
                    let mut path = PathBuilder::new();
                    join(&mut path, corners);
                    path.close();
                    self.fill(path, *ink);
                }
                Mark::Text(text) => self.text(text),
                Mark::Heat(heat) => self.heat(heat),
                Mark::Group { clip: None, marks, .. } => self.marks(marks),
                Mark::Group { clip: Some(clip), marks, .. } => {
                    let mut path = PathBuilder::new();
                    if let Some(rect) = points(clip) {
                        path.push_rect(rect);
                    }
                    if let Some(path) = path.finish().filter(|_| !marks.is_empty()) {
                        self.surface.push_clip_path(&path, &FillRule::NonZero);
                        self.marks(marks);
                        self.surface.pop();
                    }
                }
            }
        }
    }

    fn fill(&mut self, path: PathBuilder, ink: Ink) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill_of(ink)));
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    fn stroke(&mut self, path: PathBuilder, ink: Ink, width_mm: f32) {
        let Fill { paint, opacity, .. } = fill_of(ink);
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint,
            opacity,
            width: width_mm * POINTS_PER_MM,
            line_join: LineJoin::Round,
            line_cap: LineCap::Round,
            ..Stroke::default()
        }));
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    fn grid(&mut self, rect: &Rect) {
        for (step_mm, width_mm, ink) in [(1.0, 0.1, Ink::GridMinor), (5.0, 0.18, Ink::GridMajor)] {
            let mut path = PathBuilder::new();
            let skip = |number: &i32| step_mm == 5.0 || number % 5 != 0;
            for number in (0..=(rect.width_mm / step_mm + 1e-3) as i32).filter(skip) {
                let x_mm = rect.x_mm + number as f32 * step_mm;
                join(&mut path, &[Point::new(x_mm, rect.y_mm), Point::new(x_mm, rect.bottom_mm())]);
            }
            for number in (0..=(rect.height_mm / step_mm + 1e-3) as i32).filter(skip) {
                let y_mm = rect.y_mm + number as f32 * step_mm;
                join(&mut path, &[Point::new(rect.x_mm, y_mm), Point::new(rect.right_mm(), y_mm)]);
            }
            self.stroke(path, ink, width_mm);
        }
    }

    fn text(&mut self, text: &Text) {
        let words = font::tidy(&text.words, text.weight);
        let glyph = |glyph: font::Glyph| KrillaGlyph {
            glyph_id: GlyphId::new(glyph.id),
            text_range: glyph.range,
            x_advance: glyph.advance_em,
            x_offset: 0.0,
            y_offset: 0.0,
            y_advance: 0.0,
            location: None,
        };
        let glyphs: Vec<KrillaGlyph> = font::glyphs(&words, text.weight).into_iter().map(glyph).collect();
        let start = PdfPoint::from_xy(font::bounds(text).x_mm * POINTS_PER_MM, text.at.y_mm * POINTS_PER_MM);
        let font = match text.weight {
            Weight::Regular => self.fonts[0].clone(),
            Weight::SemiBold => self.fonts[1].clone(),
        };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill_of(text.ink)));
        self.surface.draw_glyphs(start, &glyphs, font, &words, text.size_mm * POINTS_PER_MM, false);
    }

    /// A picture one cell high: rectangles side by side would show their seams.
    fn heat(&mut self, heat: &Heat) {
        let cells = (heat.rect.width_mm * HEAT_CELLS_PER_MM).ceil().clamp(1.0, 20_000.0) as u32;
        let cell = |number: u32| {
            let share = (number as f32 + 0.5) / cells as f32;
            let Rgba(r, g, b, a) = heat_colour(heat_at(&heat.values, share), heat.opacity);
            [r, g, b, a]
        };
        let size = Size::from_wh(heat.rect.width_mm * POINTS_PER_MM, heat.rect.height_mm * POINTS_PER_MM);
        let Some(size) = size.filter(|_| !heat.values.is_empty()) else { return };
        let image = Image::from_rgba8((0..cells).flat_map(cell).collect(), cells, 1);
        let corner = (heat.rect.x_mm * POINTS_PER_MM, heat.rect.y_mm * POINTS_PER_MM);
        self.surface.push_transform(&Transform::from_translate(corner.0, corner.1));
        self.surface.draw_image(image, size);
        self.surface.pop();
    }
}

fn fill_of(ink: Ink) -> Fill {
    let Rgba(r, g, b, a) = Palette::Print.colour(ink);
    let opacity = NormalizedF32::new(f32::from(a) / 255.0).unwrap_or(NormalizedF32::ONE);
    Fill { paint: rgb::Color::new(r, g, b).into(), opacity, ..Fill::default() }
}

fn points(rect: &Rect) -> Option<PdfRect> {
    let [x, y, w, h] = [rect.x_mm, rect.y_mm, rect.width_mm, rect.height_mm].map(|mm| mm * POINTS_PER_MM);
    PdfRect::from_xywh(x, y, w, h)
}

fn join(path: &mut PathBuilder, line: &[Point]) {
    for (number, point) in line.iter().enumerate() {
        let (x, y) = (point.x_mm * POINTS_PER_MM, point.y_mm * POINTS_PER_MM);
        // A dot is a line to its own place: a hair longer, so that its caps are drawn.
        let x = if number == 1 && line[0] == *point { x + 0.01 } else { x };
        if number == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
}
