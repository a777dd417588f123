//! When the beats of a recipe come, and of which kind they are.

use super::noise::Chance;
use super::{BeatKind, Rhythm, Spec};

/// A beat to be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub r_s: f64,
    pub kind: BeatKind,
    /// RR before it, s.
    pub rr_s: f64,
    /// Its number, from 0 on.
    pub number: usize,
    /// A spike that the heart does not follow: no waves.
    pub lost: bool,
}

/// All beats whose R lies from one second before the start to one second after the end.
pub(super) fn plan(spec: &Spec, chance: &mut Chance) -> Vec<Planned> {
    let mean_s = spec.mean_rr_s();
    let mut beats = Vec::new();
    if spec.rhythm == Rhythm::VentricularFibrillation {
        return beats;
    }
    let mut r_s = -1.0 + mean_s * chance.uniform();
    let (mut rr_s, mut paused) = (mean_s, false);
    for index in 0.. {
        if r_s > spec.duration_s + 1.0 || !r_s.is_finite() {
            break;
        }
        let ectopic = match spec.rhythm {
            Rhythm::Bigeminy => index % 2 == 1,
            Rhythm::PrematureVentricular { every } => index % every.max(2) == every.max(2) - 1,
            _ => false,
        };
        let kind = match spec.rhythm {
            Rhythm::VentricularTachycardia | Rhythm::PolymorphicTachycardia => BeatKind::Ventricular,
            Rhythm::Paced | Rhythm::LostCapture { .. } => BeatKind::Paced,
            _ if ectopic => BeatKind::Ventricular,
            _ => BeatKind::Conducted,
        };
        let lost = matches!(spec.rhythm, Rhythm::LostCapture { every } if index % every.max(2) == every.max(2) - 1);
        beats.push(Planned { r_s, kind, rr_s, number: index, lost });
        let next_ectopic = match spec.rhythm {
            Rhythm::Bigeminy => index % 2 == 0,
            Rhythm::PrematureVentricular { every } => (index + 1) % every.max(2) == every.max(2) - 1,
            _ => false,
        };
        let breath = if spec.breathing { 0.02 * (std::f64::consts::TAU * 0.25 * r_s).sin() } else { 0.0 };
        rr_s = mean_s
            * match spec.rhythm {
                Rhythm::AtrialFibrillation => 0.68 + 0.7 * chance.uniform().powf(1.2),
                Rhythm::Paced | Rhythm::LostCapture { .. } => 1.0,
                Rhythm::VentricularTachycardia => 1.0 + 0.01 * chance.normal(),
                Rhythm::PolymorphicTachycardia => 1.0 + 0.06 * chance.normal(),
                Rhythm::MultifocalAtrial => 0.7 + 0.6 * chance.uniform(),
                // whole atrial cycles, as many as the mean rate asks for, give or take one
                Rhythm::AtrialFlutter { per_min, .. } => {
                    let cycle_s = 60.0 / per_min.clamp(100.0, 600.0);
                    let usual = (mean_s / cycle_s).round().clamp(3.0, 20.0);
                    let conducted = usual - 1.0 + (3.0 * chance.uniform()).floor();
                    (conducted + 0.1 * chance.normal()) * cycle_s / mean_s
                }
                _ if next_ectopic => 0.64,
                _ if ectopic => 1.36,
                _ => 1.0 + breath + 0.008 * chance.normal(),
            };
        if let Rhythm::Pause { pause_s } = spec.rhythm
            && !paused
            && r_s > 0.45 * spec.duration_s
        {
            (rr_s, paused) = (pause_s, true);
        }
        rr_s = rr_s.max(0.15);
        r_s += rr_s;
    }
    beats
}
