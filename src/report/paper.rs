//! The paper of a report: sizes, a flow that breaks lines and pages, and what stands at the foot of every page.

use super::write::{Style, fill, line, text};
use crate::page::{Anchor, Ink, Mark, Page, Point, Rect, Weight, font};

/// Size of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PaperSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 215.9 × 279.4 mm.
    Letter,
}

impl PaperSize {
    /// Width and height, upright, mm.
    pub fn upright_mm(self) -> (f32, f32) {
        match self {
            PaperSize::A4 => (210.0, 297.0),
            PaperSize::Letter => (215.9, 279.4),
        }
    }

    pub(super) fn upright(self) -> Page {
        let (width_mm, height_mm) = self.upright_mm();
        Page::new(width_mm, height_mm)
    }

    pub(super) fn lying(self) -> Page {
        let (width_mm, height_mm) = self.upright_mm();
        Page::new(height_mm, width_mm)
    }
}

/// Margin of upright pages, mm.
pub(super) const MARGIN_MM: f32 = 16.0;
/// Margin of pages that hold 10 s at 25 mm/s, mm: Letter has no more to give.
pub(super) const ECG_MARGIN_MM: f32 = 7.0;
/// Room at the foot of every page, mm.
pub(super) const FOOT_MM: f32 = 16.0;
/// Body text, mm.
pub(super) const BODY_MM: f32 = 3.1;
/// Text of an item stands so far from its dot's margin.
const ITEM_INDENT_MM: f32 = 3.4;
/// Lines of an item that the end of a page does not part.
const KEPT_LINES: usize = 6;

/// Upright pages, written from top to bottom.
pub(super) struct Flow {
    size: PaperSize,
    done: Vec<Page>,
    pub page: Page,
    pub y_mm: f32,
}

impl Flow {
    pub fn new(size: PaperSize) -> Self {
        Self { size, done: Vec::new(), page: size.upright(), y_mm: MARGIN_MM }
    }

    pub fn left_mm(&self) -> f32 {
        MARGIN_MM
    }

    pub fn right_mm(&self) -> f32 {
        self.page.width_mm - MARGIN_MM
    }

    pub fn width_mm(&self) -> f32 {
        self.right_mm() - self.left_mm()
    }

    /// Breaks the page where less than this is left. Returns whether it did.
    pub fn need(&mut self, height_mm: f32) -> bool {
        let full = self.y_mm + height_mm > self.page.height_mm - FOOT_MM;
        if full {
            let next = self.size.upright();
            self.done.push(std::mem::replace(&mut self.page, next));
            self.y_mm = MARGIN_MM + 8.0;
        }
        full
    }

    pub fn space(&mut self, height_mm: f32) {
        self.y_mm += height_mm;
    }

    /// A heading with a rule under it, kept with what follows.
    pub fn heading(&mut self, words: &str) {
        self.need(16.0);
        self.space(3.2);
        text(&mut self.page, MARGIN_MM, self.y_mm + 3.0, words, Style::bold(3.5));
        let (left, right, y_mm) = (self.left_mm(), self.right_mm(), self.y_mm + 4.8);
        line(&mut self.page, (left, y_mm), (right, y_mm), Ink::Rule, 0.2);
        self.space(6.6);
    }

    /// Lines of text from a place to the right margin.
    pub fn paragraph(&mut self, indent_mm: f32, words: &str, style: Style) {
        let room_mm = self.width_mm() - indent_mm;
        let step_mm = style.size_mm * 1.45;
        for words in font::lines(words, style.size_mm, style.weight, room_mm) {
            self.need(step_mm);
            text(&mut self.page, MARGIN_MM + indent_mm, self.y_mm + style.size_mm, &words, style);
            self.space(step_mm);
        }
    }

    /// A line with a small square before it.
    pub fn item(&mut self, words: &str) {
        // kept whole, as far as it is short: no line stands alone on the next page
        let lines = font::lines(words, BODY_MM, Style::text(BODY_MM).weight, self.width_mm() - ITEM_INDENT_MM).len();
        self.need(BODY_MM * 1.45 * lines.min(KEPT_LINES) as f32);
        let dot = Rect::new(MARGIN_MM + 0.6, self.y_mm + 1.6, 0.9, 0.9);
        fill(&mut self.page, dot, Ink::TextWeak);
        self.paragraph(ITEM_INDENT_MM, words, Style::text(BODY_MM));
        self.space(0.4);
    }

    pub fn finish(mut self) -> Vec<Page> {
        self.done.push(self.page);
        self.done
    }
}

/// Patient line at the head (from the second page), number, ruler and signing at the foot.
pub(super) fn furnish(pages: &mut [Page], patient_line: &str, signing: &str) {
    let count = pages.len();
    for (number, page) in pages.iter_mut().enumerate() {
        let lying = page.width_mm > page.height_mm;
        let margin_mm = if lying { ECG_MARGIN_MM } else { MARGIN_MM };
        let (left, right) = (margin_mm, page.width_mm - margin_mm);
        if number > 0 {
            let y_mm = if lying { ECG_MARGIN_MM + 2.6 } else { MARGIN_MM - 2.0 };
            let words = font::elide(patient_line, 2.8, Weight::Regular, right - left);
            text(page, left, y_mm, &words, Style::text(2.8));
        }
        let base_mm = page.height_mm - 7.0;
        line(page, (left, base_mm - 5.2), (right, base_mm - 5.2), Ink::Rule, 0.2);
        ruler(page, left, base_mm - 2.2);
        text(page, left + 53.0, base_mm, "50 mm: print at 100 %", Style::weak(2.4));
        let words = format!("page {} of {count}", number + 1);
        let number_mm = font::width_mm(&words, 2.6, Weight::Regular);
        text(page, right, base_mm, &words, Style::text(2.6).anchor(Anchor::Right));
        let room_mm = right - number_mm - 6.0 - (left + 84.0);
        // The first page says it at its head.
        let signing = if number > 0 { font::elide(signing, 2.6, Weight::SemiBold, room_mm) } else { String::new() };
        text(page, left + 84.0, base_mm, &signing, Style::bold(2.6));
        if lacks(&page.marks) {
            text(page, left + 84.0, base_mm + 2.4, LACKING, Style::weak(2.2));
        }
    }
}

/// Said on a page that could not print all that it was given.
const LACKING: &str = "□: a character that this report's type does not have; the recording and the JSON have it";

fn lacks(marks: &[Mark]) -> bool {
    marks.iter().any(|mark| match mark {
        Mark::Text(text) => font::lacks(&text.words, text.weight),
        Mark::Group { marks, .. } => lacks(marks),
        _ => false,
    })
}

/// 50 mm with a tick each 10: shows whether the paper is true.
fn ruler(page: &mut Page, x_mm: f32, y_mm: f32) {
    line(page, (x_mm, y_mm), (x_mm + 50.0, y_mm), Ink::Text, 0.2);
    for tick in 0_u8..=5 {
        let x_mm = x_mm + f32::from(tick) * 10.0;
        let length_mm = if tick % 5 == 0 { 2.2 } else { 1.4 };
        line(page, (x_mm, y_mm), (x_mm, y_mm + length_mm), Ink::Text, 0.2);
    }
}

/// A polygon around a place.
pub(super) fn polygon(page: &mut Page, centre: Point, radius_mm: f32, corners: usize, turn: f32, ink: Ink) {
    let corner = |number: usize| {
        let angle = (turn + number as f32 / corners as f32) * std::f32::consts::TAU;
        Point::new(centre.x_mm + radius_mm * angle.sin(), centre.y_mm - radius_mm * angle.cos())
    };
    page.push(Mark::Shape { corners: (0..corners).map(corner).collect(), ink });
}
