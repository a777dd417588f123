//! What the reader asks to see: sheet, scale, signals, heat. Plain data; lengths are lengths on paper, so a speed or gain is never bent to fit.

use crate::analysis::Head;

/// How lanes are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sheet {
    /// Raw on the left, denoised on the right, one lane a lead.
    #[default]
    Compare,
    /// One lane a lead over the whole width.
    TwelveByOne,
    /// Three rows of four leads, and lead II as rhythm strip.
    ThreeByFourRhythm,
    /// Six rows of two leads.
    SixByTwo,
}

impl Sheet {
    /// Every sheet.
    pub const ALL: [Sheet; 4] = [Sheet::Compare, Sheet::TwelveByOne, Sheet::ThreeByFourRhythm, Sheet::SixByTwo];

    /// Name for menus.
    pub fn name(self) -> &'static str {
        match self {
            Sheet::Compare => "Raw | denoised",
            Sheet::TwelveByOne => "12×1",
            Sheet::ThreeByFourRhythm => "3×4+1R",
            Sheet::SixByTwo => "6×2",
        }
    }
}

/// Which signals are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Signals {
    /// As stored.
    #[default]
    Raw,
    /// After the denoiser.
    Denoised,
    /// Denoised over raw.
    Overlay,
    /// Raw − denoised: what the denoiser took away.
    Difference,
}

impl Signals {
    /// Title above the lanes.
    pub fn title(self) -> &'static str {
        match self {
            Signals::Raw => "Raw",
            Signals::Denoised => "Denoised",
            Signals::Overlay => "Denoised over raw",
            Signals::Difference => "Raw − denoised",
        }
    }
}

/// The heat map behind the traces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatLayer {
    /// Whose attention.
    pub head: Head,
    /// 0 (invisible) to 1.
    pub opacity: f32,
}

/// One view of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Arrangement.
    pub sheet: Sheet,
    /// Time at the left edge, s from the start of the recording.
    pub start_s: f64,
    /// Width of the area, mm.
    pub width_mm: f32,
    /// Height of the area, mm.
    pub height_mm: f32,
    /// Paper speed, mm/s.
    pub speed_mm_per_s: f32,
    /// Gain of every lead, mm/mV.
    pub gain_mm_per_mv: f32,
    /// Signals; in [`Sheet::Compare`] those of the right half, where `Raw` means denoised.
    pub show: Signals,
    /// Heat map; `None` = off.
    pub heat: Option<HeatLayer>,
    /// Cursor, s.
    pub cursor_s: Option<f64>,
    /// Number of the selected segment.
    pub selected: Option<usize>,
    /// Number of the selected finding.
    pub finding: Option<usize>,
    /// Marks at the onsets and offsets of P, QRS and T.
    pub waves: bool,
}

impl Layout {
    /// A view of this size at 25 mm/s and 10 mm/mV from the start, raw and denoised side by side.
    pub fn new(width_mm: f32, height_mm: f32) -> Self {
        Self {
            sheet: Sheet::default(),
            start_s: 0.0,
            width_mm,
            height_mm,
            speed_mm_per_s: 25.0,
            gain_mm_per_mv: 10.0,
            show: Signals::default(),
            heat: None,
            cursor_s: None,
            selected: None,
            finding: None,
            waves: false,
        }
    }

    /// A scale that cannot be drawn (zero, negative, not a number) becomes the usual one.
    pub(super) fn scale(&self) -> (f32, f32) {
        let usable = |value: f32, usual: f32| if value.is_finite() && value > 0.0 { value } else { usual };
        (usable(self.speed_mm_per_s, 25.0), usable(self.gain_mm_per_mv, 10.0))
    }
}
