//! Named recipes: the records that the denoiser's bench and the other tests stand on.

use super::{Rhythm, Shape, Spec};

/// A named recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the variants are the names
pub enum Kind {
    Normal,
    NormalSteepAxis,
    StUp,
    StDown,
    WideQrs,
    LowP,
    Fast,
    Slow,
    AtrialFibrillation,
    PrematureVentricular,
    Pause,
    Hypertrophy,
    LowVoltage,
    LongQt,
    Bigeminy,
    Paced,
    LeftBundleBranchBlockLike,
    RightBundleBranchBlockLike,
    InferiorInfarction,
    VentricularTachycardia,
}

impl Kind {
    /// All, in the order of reports.
    pub const ALL: [Kind; 20] = [
        Kind::Normal,
        Kind::NormalSteepAxis,
        Kind::StUp,
        Kind::StDown,
        Kind::WideQrs,
        Kind::LowP,
        Kind::Fast,
        Kind::Slow,
        Kind::AtrialFibrillation,
        Kind::PrematureVentricular,
        Kind::Pause,
        Kind::Hypertrophy,
        Kind::LowVoltage,
        Kind::LongQt,
        Kind::Bigeminy,
        Kind::Paced,
        Kind::LeftBundleBranchBlockLike,
        Kind::RightBundleBranchBlockLike,
        Kind::InferiorInfarction,
        Kind::VentricularTachycardia,
    ];

    /// Name for commands and reports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Normal => "normal",
            Kind::NormalSteepAxis => "normal-steep-axis",
            Kind::StUp => "st-up",
            Kind::StDown => "st-down",
            Kind::WideQrs => "wide-qrs",
            Kind::LowP => "low-p",
            Kind::Fast => "fast",
            Kind::Slow => "slow",
            Kind::AtrialFibrillation => "atrial-fibrillation",
            Kind::PrematureVentricular => "premature-ventricular",
            Kind::Pause => "pause",
            Kind::Hypertrophy => "hypertrophy",
            Kind::LowVoltage => "low-voltage",
            Kind::LongQt => "long-qt",
            Kind::Bigeminy => "bigeminy",
            Kind::Paced => "paced",
            Kind::LeftBundleBranchBlockLike => "lbbb-like",
            Kind::RightBundleBranchBlockLike => "rbbb-like",
            Kind::InferiorInfarction => "inferior-infarction",
            Kind::VentricularTachycardia => "ventricular-tachycardia",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its recipe; the seed moves rate and phases a little, so that three seeds are three records.
    pub fn spec(self, seed: u64) -> Spec {
        let sway = 1.0 + 0.06 * ((seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / (1u64 << 24) as f64 - 0.5);
        let at = |rate_bpm: f64| {
            let heart_rate_bpm = rate_bpm * sway;
            Spec { seed, heart_rate_bpm, qt_ms: 398.0 * (60.0 / heart_rate_bpm).cbrt(), ..Spec::default() }
        };
        let normal = at(68.0);
        match self {
            Kind::Normal => normal,
            Kind::NormalSteepAxis => Spec { axis_deg: 82.0, pr_ms: 140.0, ..at(76.0) },
            Kind::StUp => Spec { st_mv: 0.25, ..normal },
            Kind::StDown => Spec { st_mv: -0.2, ..normal },
            Kind::WideQrs => Spec { qrs_ms: 140.0, qt_ms: normal.qt_ms + 30.0, ..normal },
            Kind::LowP => Spec { shape: Shape::LowP, ..normal },
            Kind::Fast => Spec { pr_ms: 120.0, ..at(132.0) },
            Kind::Slow => at(43.0),
            Kind::AtrialFibrillation => Spec { rhythm: Rhythm::AtrialFibrillation, ..at(88.0) },
            Kind::PrematureVentricular => Spec { rhythm: Rhythm::PrematureVentricular { every: 5 }, ..at(72.0) },
            Kind::Pause => Spec { rhythm: Rhythm::Pause { pause_s: 2.6 }, ..normal },
            Kind::Hypertrophy => Spec { shape: Shape::Hypertrophy, qrs_ms: 104.0, axis_deg: 5.0, ..normal },
            Kind::LowVoltage => Spec { shape: Shape::LowVoltage, ..at(84.0) },
            Kind::LongQt => Spec { qt_ms: normal.qt_ms + 130.0, ..at(62.0) },
            Kind::Bigeminy => Spec { rhythm: Rhythm::Bigeminy, ..at(74.0) },
            Kind::Paced => Spec { rhythm: Rhythm::Paced, qrs_ms: 160.0, qt_ms: 450.0, axis_deg: -70.0, ..at(70.0) },
            Kind::LeftBundleBranchBlockLike => Spec {
                shape: Shape::LeftBundleBranchBlockLike,
                qrs_ms: 152.0,
                qt_ms: normal.qt_ms + 40.0,
                axis_deg: -5.0,
                ..normal
            },
            Kind::RightBundleBranchBlockLike => {
                Spec { shape: Shape::RightBundleBranchBlockLike, qrs_ms: 142.0, qt_ms: normal.qt_ms + 30.0, ..normal }
            }
            Kind::InferiorInfarction => Spec { shape: Shape::InferiorInfarction, axis_deg: 10.0, ..normal },
            Kind::VentricularTachycardia => Spec {
                rhythm: Rhythm::VentricularTachycardia,
                qrs_ms: 160.0,
                qt_ms: 305.0,
                axis_deg: -100.0,
                ..at(170.0)
            },
        }
    }
}
