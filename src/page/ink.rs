//! Inks by name, and the palettes that give them colour: dark screen, light screen, print.

/// What a mark is drawn with; a palette gives the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The paper.
    Paper,
    /// Fine grid, each mm (translucent: it darkens a heat map too).
    GridMinor,
    /// Strong grid, each 5 mm.
    GridMajor,
    /// The raw trace.
    Trace,
    /// The denoised trace.
    TraceDenoised,
    /// The difference raw − denoised.
    TraceDifference,
    /// Text.
    Text,
    /// Secondary text.
    TextWeak,
    /// Rules and frames.
    Rule,
    /// Calibration pulse.
    Calibration,
    /// Selection and cursor.
    Accent,
    /// A flagged stretch.
    Segment,
    /// Marks of waves: calm beside the trace.
    Wave,
    /// Panels behind text, table stripes.
    Panel,
    /// Risk Low.
    RiskLow,
    /// Risk Moderate.
    RiskModerate,
    /// Risk High.
    RiskHigh,
    /// Risk Critical.
    RiskCritical,
    /// Risk Indeterminate.
    RiskIndeterminate,
}

impl Ink {
    /// Every ink.
    pub const ALL: [Ink; 19] = [
        Ink::Paper,
        Ink::GridMinor,
        Ink::GridMajor,
        Ink::Trace,
        Ink::TraceDenoised,
        Ink::TraceDifference,
        Ink::Text,
        Ink::TextWeak,
        Ink::Rule,
        Ink::Calibration,
        Ink::Accent,
        Ink::Segment,
        Ink::Wave,
        Ink::Panel,
        Ink::RiskLow,
        Ink::RiskModerate,
        Ink::RiskHigh,
        Ink::RiskCritical,
        Ink::RiskIndeterminate,
    ];
}

/// Red, green, blue, alpha, 0 to 255, not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgba(pub u8, pub u8, pub u8, pub u8);

impl Rgba {
    /// Relative luminance (WCAG 2.2), alpha ignored.
    pub fn luminance(self) -> f32 {
        let linear = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio (WCAG 2.2), 1 to 21.
    pub fn contrast(self, other: Rgba) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// Where a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// A light screen.
    #[default]
    Light,
    /// A dark screen.
    Dark,
    /// Paper, always light.
    Print,
}

impl Palette {
    /// The colour of an ink.
    pub fn colour(self, ink: Ink) -> Rgba {
        match self {
            Palette::Dark => dark(ink),
            Palette::Light | Palette::Print => light(ink),
        }
    }
}

fn light(ink: Ink) -> Rgba {
    match ink {
        Ink::Paper => Rgba(255, 253, 250, 255),
        Ink::GridMinor => Rgba(200, 48, 48, 40),
        Ink::GridMajor => Rgba(200, 48, 48, 84),
        Ink::Trace => Rgba(16, 18, 24, 255),
        Ink::TraceDenoised => Rgba(16, 56, 128, 255),
        Ink::TraceDifference => Rgba(128, 58, 12, 255),
        Ink::Text => Rgba(22, 26, 34, 255),
        Ink::TextWeak => Rgba(84, 92, 106, 255),
        Ink::Rule => Rgba(176, 182, 192, 255),
        Ink::Calibration => Rgba(16, 18, 24, 255),
        Ink::Accent => Rgba(0, 92, 158, 255),
        Ink::Segment => Rgba(0, 114, 178, 40),
        Ink::Wave => Rgba(20, 110, 88, 255),
        Ink::Panel => Rgba(240, 242, 246, 255),
        Ink::RiskLow => Rgba(32, 104, 72, 255),
        Ink::RiskModerate => Rgba(138, 88, 0, 255),
        Ink::RiskHigh => Rgba(176, 64, 0, 255),
        Ink::RiskCritical => Rgba(158, 16, 48, 255),
        Ink::RiskIndeterminate => Rgba(80, 86, 98, 255),
    }
}

fn dark(ink: Ink) -> Rgba {
    match ink {
        Ink::Paper => Rgba(18, 21, 27, 255),
        Ink::GridMinor => Rgba(232, 120, 120, 26),
        Ink::GridMajor => Rgba(232, 120, 120, 58),
        Ink::Trace => Rgba(234, 238, 244, 255),
        Ink::TraceDenoised => Rgba(140, 198, 255, 255),
        Ink::TraceDifference => Rgba(255, 184, 120, 255),
        Ink::Text => Rgba(230, 234, 240, 255),
        Ink::TextWeak => Rgba(158, 168, 182, 255),
        Ink::Rule => Rgba(64, 72, 84, 255),
        Ink::Calibration => Rgba(234, 238, 244, 255),
        Ink::Accent => Rgba(96, 178, 255, 255),
        Ink::Segment => Rgba(86, 180, 233, 44),
        Ink::Wave => Rgba(104, 200, 168, 255),
        Ink::Panel => Rgba(30, 34, 42, 255),
        Ink::RiskLow => Rgba(96, 196, 148, 255),
        Ink::RiskModerate => Rgba(240, 188, 80, 255),
        Ink::RiskHigh => Rgba(255, 146, 82, 255),
        Ink::RiskCritical => Rgba(255, 112, 132, 255),
        Ink::RiskIndeterminate => Rgba(170, 178, 190, 255),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_and_text_stand_out_from_the_paper() {
        for palette in [Palette::Light, Palette::Dark, Palette::Print] {
            let paper = palette.colour(Ink::Paper);
            for ink in Ink::ALL {
                let contrast = palette.colour(ink).contrast(paper);
                let wanted = match ink {
                    Ink::Trace | Ink::TraceDenoised | Ink::TraceDifference | Ink::Calibration | Ink::Text => 7.0,
                    Ink::TextWeak | Ink::Accent | Ink::Wave => 4.5,
                    Ink::RiskLow | Ink::RiskModerate | Ink::RiskHigh | Ink::RiskCritical | Ink::RiskIndeterminate => {
                        4.5
                    }
                    _ => 1.0,
                };
                assert!(contrast >= wanted, "{palette:?} {ink:?}: {contrast:.2}");
            }
        }
    }
}
