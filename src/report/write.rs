//! Short words for marks that every sheet makes: a line of text, a rule, a fill.

use crate::page::{Anchor, Ink, Mark, Page, Point, Rect, Text, Weight};

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size_mm: f32,
    pub ink: Ink,
    pub weight: Weight,
    pub anchor: Anchor,
}

impl Style {
    /// Regular text from the left.
    pub const fn text(size_mm: f32) -> Self {
        Self { size_mm, ink: Ink::Text, weight: Weight::Regular, anchor: Anchor::Left }
    }

    /// Secondary text.
    pub const fn weak(size_mm: f32) -> Self {
        Self { ink: Ink::TextWeak, ..Self::text(size_mm) }
    }

    /// Semi-bold text.
    pub const fn bold(size_mm: f32) -> Self {
        Self { weight: Weight::SemiBold, ..Self::text(size_mm) }
    }

    /// Anchored elsewhere.
    pub const fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

pub(super) fn text(page: &mut Page, x_mm: f32, y_mm: f32, words: &str, style: Style) {
    if words.is_empty() {
        return;
    }
    let Style { size_mm, ink, weight, anchor } = style;
    page.push(Mark::Text(Text { at: Point::new(x_mm, y_mm), words: words.into(), size_mm, ink, weight, anchor }));
}

pub(super) fn line(page: &mut Page, from: (f32, f32), to: (f32, f32), ink: Ink, width_mm: f32) {
    page.push(Mark::Line { from: Point::new(from.0, from.1), to: Point::new(to.0, to.1), ink, width_mm });
}

pub(super) fn fill(page: &mut Page, rect: Rect, ink: Ink) {
    page.push(Mark::Fill { rect, ink });
}
