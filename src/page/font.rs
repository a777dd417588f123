//! Widths of text in the bundled type (Inter, SIL Open Font License), so that a line breaks alike on screen, PNG and PDF.
//!
//! Metrics and outlines are read by skrifa; there is no kerning and no ligature, in any sink. Wide, thin and joined forms of spaces, hyphens
//! and Latin letters are set as their plain ones. Any other character that the type does not have becomes `□`, never nothing and never a guess
//! at its sound: [`lacks`] says so, and a page that holds one explains it. Scripts that need shaping are not handled.

use std::ops::Range;
use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::{Anchor, Rect, Text, Weight};

/// Inter Regular, as bundled.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Inter SemiBold, as bundled.
pub const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// From the baseline to the top of capitals and accents, in em: what a line of text covers upwards.
pub const ASCENT_EM: f32 = 0.76;
/// From the baseline to the foot of `g`, in em.
pub const DESCENT_EM: f32 = 0.21;
/// Printed for a character that the type does not have.
pub const MISSING: char = '□';

/// One glyph of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its bytes in the text it was laid out from (see [`tidy`]).
    pub range: Range<usize>,
    /// Number in the font.
    pub id: u32,
    /// How far the next one stands to the right, em.
    pub advance_em: f32,
}

/// The bytes of a weight.
pub fn bytes(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => REGULAR,
        Weight::SemiBold => SEMI_BOLD,
    }
}

fn font(weight: Weight) -> &'static FontRef<'static> {
    static FONTS: OnceLock<[FontRef<'static>; 2]> = OnceLock::new();
    let [regular, semi_bold] = FONTS
        .get_or_init(|| [REGULAR, SEMI_BOLD].map(|bytes| FontRef::new(bytes).expect("the bundled fonts are sound")));
    match weight {
        Weight::Regular => regular,
        Weight::SemiBold => semi_bold,
    }
}

/// The plain form of a character: the same letter or sign, only without its special width or joining; `None` = it has no width at all.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        letter if letter.is_control() => ' ',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' => {
            return None;
        }
        '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{2010}' | '\u{2011}' => '-',
        // Full-width Latin letters, digits and signs stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        _ => letter,
    })
}

/// The text as it can be set: plain forms, `□` for what the type lacks.
pub fn tidy(words: &str, weight: Weight) -> String {
    let map = font(weight).charmap();
    let has = |letter: char| map.map(letter).is_some_and(|glyph| glyph != GlyphId::NOTDEF);
    words.chars().filter_map(plain).map(|letter| if has(letter) { letter } else { MISSING }).collect()
}

/// Does the text hold a character that is printed as `□`?
pub fn lacks(words: &str, weight: Weight) -> bool {
    !words.contains(MISSING) && tidy(words, weight).contains(MISSING)
}

/// The glyphs of a tidy line.
pub fn glyphs(tidy_words: &str, weight: Weight) -> Vec<Glyph> {
    let font = font(weight);
    let (map, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
    let glyph = |(start, letter): (usize, char)| {
        let id = map.map(letter).unwrap_or_default();
        let advance_em = metrics.advance_width(id).unwrap_or(0.0);
        Glyph { range: start..start + letter.len_utf8(), id: id.to_u32(), advance_em }
    };
    tidy_words.char_indices().map(glyph).collect()
}

/// Draws a glyph's outline, in em, y upwards.
pub fn outline(id: u32, weight: Weight, pen: &mut impl OutlinePen) {
    if let Some(outline) = font(weight).outline_glyphs().get(GlyphId::new(id)) {
        // A glyph that cannot be drawn leaves its room empty; the bundled fonts have none.
        let _ = outline.draw(DrawSettings::unhinted(Size::new(1.0), LocationRef::default()), pen);
    }
}

/// Width of a line, mm, at a size (em) in mm.
pub fn width_mm(words: &str, size_mm: f32, weight: Weight) -> f32 {
    let font = font(weight);
    let (map, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
    let advance = |letter: char| {
        let id = map.map(letter).or_else(|| map.map(MISSING)).unwrap_or_default();
        metrics.advance_width(id).unwrap_or(0.0)
    };
    words.chars().filter_map(plain).map(advance).sum::<f32>() * size_mm
}

/// The box that a line of text covers.
pub fn bounds(text: &Text) -> Rect {
    let width_mm = width_mm(&text.words, text.size_mm, text.weight);
    let x_mm = match text.anchor {
        Anchor::Left => text.at.x_mm,
        Anchor::Centre => text.at.x_mm - width_mm / 2.0,
        Anchor::Right => text.at.x_mm - width_mm,
    };
    Rect::new(x_mm, text.at.y_mm - ASCENT_EM * text.size_mm, width_mm, (ASCENT_EM + DESCENT_EM) * text.size_mm)
}

/// The words, cut with `…` where they are wider than there is room.
pub fn elide(words: &str, size_mm: f32, weight: Weight, room_mm: f32) -> String {
    if width_mm(words, size_mm, weight) <= room_mm {
        return words.to_owned();
    }
    let mut kept = words.to_owned();
    while kept.pop().is_some() {
        let cut = format!("{}…", kept.trim_end());
        if width_mm(&cut, size_mm, weight) <= room_mm {
            return cut;
        }
    }
    String::new()
}

/// The words in lines no wider than the room: broken at spaces, a word that is wider by itself anywhere.
pub fn lines(words: &str, size_mm: f32, weight: Weight, room_mm: f32) -> Vec<String> {
    let fits = |line: &str| width_mm(line, size_mm, weight) <= room_mm;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_pages_print_is_in_the_type() {
        let words = "Grüße Ångström µV ≥ ≤ × · – — … − ± ° ▲ ◆ ● ■ □ ▼ aVR QTc(F) 3×4+1R";
        for weight in [Weight::Regular, Weight::SemiBold] {
            assert_eq!(tidy(words, weight), words);
        }
        assert_eq!(tidy("王\tx", Weight::Regular), "□ x");
        assert!(lacks("王", Weight::Regular) && !lacks("Wörter, ñ, ł, ž", Weight::SemiBold));
    }

    #[test]
    fn special_forms_are_set_as_their_plain_ones() {
        let words = "Ａｂ１\u{3000}a\u{2011}b\u{200b}c\u{202f}5\u{feff}";
        assert_eq!(tidy(words, Weight::Regular), "Ab1 a-bc 5");
        assert_eq!(width_mm(words, 3.0, Weight::Regular), width_mm("Ab1 a-bc 5", 3.0, Weight::Regular));
    }

    #[test]
    fn width_grows_with_size_and_is_the_sum_of_the_glyphs() {
        let sum: f32 = glyphs("QRS 92 ms", Weight::Regular).iter().map(|glyph| glyph.advance_em).sum();
        assert!((width_mm("QRS 92 ms", 3.0, Weight::Regular) - sum * 3.0).abs() < 1e-4);
        assert!(width_mm("王", 3.0, Weight::Regular) > 0.0);
    }

    #[test]
    fn a_cut_says_that_it_is_one() {
        let cut = elide("a very long patient name", 3.0, Weight::Regular, 20.0);
        assert!(cut.ends_with('…') && width_mm(&cut, 3.0, Weight::Regular) <= 20.0, "{cut}");
        assert_eq!(elide("short", 3.0, Weight::Regular, 50.0), "short");
    }

    proptest! {
        #[test]
        fn lines_fit_and_lose_no_letter(words in "[a-zA-Zµ ]{0,120}", room_mm in 8.0_f32..80.0) {
            let lines = lines(&words, 3.0, Weight::Regular, room_mm);
            for line in &lines {
                prop_assert!(width_mm(line, 3.0, Weight::Regular) <= room_mm);
            }
            let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&words));
        }
    }
}
