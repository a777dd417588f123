//! The window's icon, drawn on a page as all else is: a beat on a square of ECG paper.

use crate::error::Result;
use crate::page::{Ink, Mark, Page, Palette, Point, Raster, Rect, TraceMark, raster};

/// Pixels along a side.
pub const PIXELS: u32 = 256;
/// Squares of the paper along a side; a square is a millimetre.
const SQUARES: f32 = 10.0;

/// The drawing.
pub fn page() -> Page {
    let mut page = Page::new(SQUARES, SQUARES);
    page.push(Mark::Fill { rect: page.rect(), ink: Ink::Paper });
    page.push(Mark::Grid { rect: page.rect() });
    // P, QRS and T in tenths of the height, from left to right: a shape, no patient's.
    let corners = [(0.0, 0.0), (1.4, 0.0), (2.0, 0.7), (2.6, 0.0), (3.3, 0.0), (3.7, -0.8), (4.4, 5.6), (5.1, -2.0)];
    let tail = [(5.5, 0.0), (6.4, 0.0), (7.4, 1.6), (8.4, 0.0), (10.0, 0.0)];
    let corners: Vec<(f32, f32)> = corners.into_iter().chain(tail).collect();
    let height = |x: f32| {
        let pair = corners.windows(2).find(|pair| x <= pair[1].0).unwrap_or(&corners[corners.len() - 2..]);
        pair[0].1 + (pair[1].1 - pair[0].1) * (x - pair[0].0) / (pair[1].0 - pair[0].0)
    };
    let samples_mv: Vec<f32> = (0_u16..=200).map(|index| height(f32::from(index) / 20.0)).collect();
    page.push(Mark::Trace(TraceMark {
        first: 0,
        end: samples_mv.len(),
        samples_mv: samples_mv.into(),
        origin: Point::new(0.0, 6.6),
        mm_per_sample: 0.05,
        mm_per_mv: 1.0,
        ink: Ink::Accent,
        width_mm: 0.62,
    }));
    for (x_mm, y_mm, width_mm, height_mm) in [
        (0.0, 0.0, SQUARES, 0.3),
        (0.0, SQUARES - 0.3, SQUARES, 0.3),
        (0.0, 0.0, 0.3, SQUARES),
        (SQUARES - 0.3, 0.0, 0.3, SQUARES),
    ] {
        page.push(Mark::Fill { rect: Rect::new(x_mm, y_mm, width_mm, height_mm), ink: Ink::Accent });
    }
    page
}

/// The icon's pixels.
///
/// # Errors
/// Where no picture of this size can be made.
pub fn pixels() -> Result<Raster> {
    raster(&page(), Palette::Print, PIXELS as f32 * 25.4 / SQUARES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file stands for the packages; `UPDATE_SNAPSHOTS=1` writes it anew.
    #[test]
    fn the_file_is_the_drawing() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icon/einthoven-256.png");
        let bytes = crate::page::png(&page(), Palette::Print, PIXELS as f32 * 25.4 / SQUARES).expect("a small page");
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, &bytes).expect("written");
        }
        assert!(std::fs::read(&path).expect("the icon stands there") == bytes, "the icon has changed");
        let raster = pixels().expect("a small page");
        assert_eq!((raster.width, raster.height), (PIXELS, PIXELS));
    }
}
