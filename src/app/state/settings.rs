//! What a reader sets once and finds again: scale, sheet, colours, recent files, calibrated monitors.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::report::{Sheet, Signals};

/// The paper speeds that can be chosen, mm/s.
pub const SPEEDS_MM_S: [f32; 7] = [5.0, 10.0, 12.5, 25.0, 50.0, 100.0, 200.0];

/// The gains that can be chosen, mm/mV.
pub const GAINS_MM_MV: [f32; 5] = [2.5, 5.0, 10.0, 20.0, 40.0];

/// How many recent files are kept.
pub const RECENT: usize = 12;

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Paper of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaperSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    Letter,
}

/// Everything that is kept between two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Size of text, 1 = normal.
    pub text_scale: f32,
    /// Paper speed, mm/s.
    pub speed_mm_s: f32,
    /// Gain, mm/mV.
    pub gain_mm_mv: f32,
    /// Sheet.
    #[serde(with = "sheet_name")]
    pub sheet: Sheet,
    /// What is drawn in a lane of a sheet that does not set both side by side.
    #[serde(with = "signals_name")]
    pub signals: Signals,
    /// Is the side panel open?
    pub side: bool,
    /// Is the heat map on?
    pub heat: bool,
    /// How strong it is drawn, 0 to 1.
    pub heat_opacity: f32,
    /// Are onsets and offsets of waves marked?
    pub waves: bool,
    /// Paper of the report.
    pub paper: PaperSize,
    /// The name last used to confirm.
    pub reviewer: String,
    /// Files opened, the last one first.
    pub recent: Vec<PathBuf>,
    /// Points per mm by monitor, as calibrated by the reader.
    pub monitors: BTreeMap<String, f32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            text_scale: 1.0,
            speed_mm_s: 25.0,
            gain_mm_mv: 10.0,
            sheet: Sheet::Compare,
            signals: Signals::Raw,
            side: true,
            heat: false,
            heat_opacity: 0.6,
            waves: false,
            paper: PaperSize::A4,
            reviewer: String::new(),
            recent: Vec::new(),
            monitors: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// The same with every value inside what can be chosen: a file edited by hand never breaks the window.
    pub fn tidy(mut self) -> Self {
        self.speed_mm_s = nearest(&SPEEDS_MM_S, self.speed_mm_s);
        self.gain_mm_mv = nearest(&GAINS_MM_MV, self.gain_mm_mv);
        self.text_scale = if self.text_scale.is_finite() { self.text_scale.clamp(0.75, 2.0) } else { 1.0 };
        self.heat_opacity = if self.heat_opacity.is_finite() { self.heat_opacity.clamp(0.05, 1.0) } else { 0.6 };
        self.recent.truncate(RECENT);
        self.monitors.retain(|_, points_per_mm| (0.5..60.0).contains(points_per_mm));
        self
    }

    /// Puts a file first among the recent ones.
    pub fn remember(&mut self, path: PathBuf) {
        self.recent.retain(|other| *other != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}

/// The value of a ladder that is nearest.
pub fn nearest(ladder: &[f32], value: f32) -> f32 {
    let distance = |step: &f32| (step - value).abs();
    ladder.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(value)
}

/// So many steps up or down a ladder, held at its ends.
pub fn step(ladder: &[f32], value: f32, steps: isize) -> f32 {
    let here = ladder.iter().position(|rung| *rung == nearest(ladder, value)).unwrap_or(0);
    ladder[here.saturating_add_signed(steps).min(ladder.len() - 1)]
}

/// Sheets with their names in settings and scripts.
pub const SHEETS: [(&str, Sheet); 4] = [
    ("compare", Sheet::Compare),
    ("12x1", Sheet::TwelveByOne),
    ("3x4", Sheet::ThreeByFourRhythm),
    ("6x2", Sheet::SixByTwo),
];

/// Signals with their names in settings and scripts, in the order that one key walks.
pub const SIGNALS: [(&str, Signals); 4] = [
    ("raw", Signals::Raw),
    ("denoised", Signals::Denoised),
    ("overlay", Signals::Overlay),
    ("difference", Signals::Difference),
];

/// What comes after these signals: a comparison always has raw on its left, so its right half skips it.
pub fn next_signals(sheet: Sheet, here: Signals) -> Signals {
    let here = if sheet == Sheet::Compare && here == Signals::Raw { Signals::Denoised } else { here };
    let at = SIGNALS.iter().position(|(_, signals)| *signals == here).unwrap_or(0);
    match SIGNALS[(at + 1) % SIGNALS.len()].1 {
        Signals::Raw if sheet == Sheet::Compare => Signals::Denoised,
        next => next,
    }
}

/// Reads and writes a value by its name in a list.
macro_rules! by_name {
    ($module:ident, $type:ty, $list:expr) => {
        mod $module {
            use serde::{Deserialize, Deserializer, Serializer};

            pub fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                let name = $list.iter().find(|(_, other)| other == value).map_or("", |(name, _)| *name);
                serializer.serialize_str(name)
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let name = String::deserialize(deserializer)?;
                Ok($list.iter().find(|(other, _)| *other == name).map_or_else(Default::default, |(_, value)| *value))
            }
        }
    };
}

by_name!(sheet_name, crate::report::Sheet, super::SHEETS);
by_name!(signals_name, crate::report::Signals, super::SIGNALS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ladders_hold_at_their_ends() {
        assert_eq!(step(&SPEEDS_MM_S, 25.0, 1), 50.0);
        assert_eq!(step(&SPEEDS_MM_S, 200.0, 1), 200.0);
        assert_eq!(step(&GAINS_MM_MV, 2.5, -3), 2.5);
        assert_eq!(nearest(&GAINS_MM_MV, 11.0), 10.0);
    }

    #[test]
    fn settings_come_back_from_their_text() {
        let mut settings = Settings { theme: Theme::Dark, speed_mm_s: 50.0, ..Settings::default() };
        settings.remember("a.hea".into());
        settings.remember("b.hea".into());
        settings.remember("a.hea".into());
        settings.monitors.insert("left ×1.25".into(), 5.5);
        let text = toml::to_string(&settings).expect("writes");
        assert_eq!(toml::from_str::<Settings>(&text).expect("reads"), settings);
        assert_eq!(settings.recent, [PathBuf::from("a.hea"), PathBuf::from("b.hea")]);
    }

    #[test]
    fn the_right_half_of_a_comparison_never_shows_raw() {
        let mut signals = Signals::Raw;
        for _ in 0..5 {
            signals = next_signals(Sheet::Compare, signals);
            assert_ne!(signals, Signals::Raw);
        }
        assert_eq!(next_signals(Sheet::TwelveByOne, Signals::Difference), Signals::Raw);
    }

    #[test]
    fn nonsense_in_the_file_becomes_what_can_be_chosen() {
        let read: Settings =
            toml::from_str("speed_mm_s = 31\ngain_mm_mv = nan\ntext_scale = 99\nsheet = \"no such\"").expect("reads");
        let tidy = read.tidy();
        assert_eq!((tidy.speed_mm_s, tidy.text_scale), (25.0, 2.0));
        assert!(GAINS_MM_MV.contains(&tidy.gain_mm_mv) && tidy.sheet == Sheet::Compare);
    }
}
