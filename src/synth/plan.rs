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
}

/// All beats whose R lies from one second before the start to one second after the end.
pub(super) fn plan(spec: &Spec, chance: &mut Chance) -> Vec<Planned> {
    let mean_s = spec.mean_rr_s();
    let mut beats = Vec::new();
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
            Rhythm::VentricularTachycardia => BeatKind::Ventricular,
            Rhythm::Paced => BeatKind::Paced,
            _ if ectopic => BeatKind::Ventricular,
            _ => BeatKind::Conducted,
        };
        beats.push(Planned { r_s, kind, rr_s });
        let next_ectopic = match spec.rhythm {
            Rhythm::Bigeminy => index % 2 == 0,
            Rhythm::PrematureVentricular { every } => (index + 1) % every.max(2) == every.max(2) - 1,
            _ => false,
        };
        let breath = if spec.breathing { 0.02 * (std::f64::consts::TAU * 0.25 * r_s).sin() } else { 0.0 };
        rr_s = mean_s
            * match spec.rhythm {
                Rhythm::AtrialFibrillation => 0.68 + 0.7 * chance.uniform().powf(1.2),
                Rhythm::Paced => 1.0,
                Rhythm::VentricularTachycardia => 1.0 + 0.01 * chance.normal(),
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
