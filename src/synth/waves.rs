//! Waves as heart vectors: one-sided raised cosines with exact onset and end, and the way from vector to leads.
//!
//! Leads from the vector by Dower's matrix (Dower, Machado, Osborne 1980: Frank X left, Y down, Z back). A wave is designed by its size and angle in
//! the frontal plane (lead I = size · cos angle, lead II = size · cos(angle − 60°)) and its Z part. III, aVR, aVL, aVF follow from I and II.

use super::plan::Planned;
use super::{BeatKind, Rhythm, Shape, Spec};

/// Rows of Dower's matrix for I, II, V1 … V6.
pub(super) const DOWER: [[f64; 3]; 8] = [
    [0.632, -0.235, 0.059],
    [0.235, 1.066, -0.132],
    [-0.515, 0.157, -0.917],
    [0.044, 0.164, -1.387],
    [0.882, 0.098, -1.277],
    [1.213, 0.127, -0.601],
    [1.125, 0.127, -0.086],
    [0.831, 0.076, 0.230],
];

/// Which interval a wave belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    P,
    Spike,
    Qrs,
    St,
    T,
}

/// One wave: nothing before `onset_s` and after `end_s`, full size from `peak_s` to `leave_s`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wave {
    pub part: Part,
    pub onset_s: f64,
    pub peak_s: f64,
    pub leave_s: f64,
    pub end_s: f64,
    pub vector_mv: [f64; 3],
}

impl Wave {
    /// Height at a time, 0 to 1.
    pub(super) fn height(&self, time_s: f64) -> f64 {
        let rise = |place: f64| 0.5 - 0.5 * (std::f64::consts::PI * place).cos();
        if time_s <= self.onset_s || time_s >= self.end_s {
            0.0
        } else if time_s < self.peak_s {
            rise((time_s - self.onset_s) / (self.peak_s - self.onset_s))
        } else if time_s <= self.leave_s {
            1.0
        } else {
            rise((self.end_s - time_s) / (self.end_s - self.leave_s))
        }
    }
}

/// The vector whose lead I and II are those of an ideal frontal vector.
fn vector(size_mv: f64, angle_deg: f64, z_mv: f64) -> [f64; 3] {
    let lead_i = size_mv * angle_deg.to_radians().cos() - DOWER[0][2] * z_mv;
    let lead_ii = size_mv * (angle_deg - 60.0).to_radians().cos() - DOWER[1][2] * z_mv;
    let ([a, b, _], [c, d, _]) = (DOWER[0], DOWER[1]);
    let scale = 1.0 / (a * d - b * c);
    [(d * lead_i - b * lead_ii) * scale, (a * lead_ii - c * lead_i) * scale, z_mv]
}

/// Parts of a QRS: onset, peak, end as shares of its duration; size in mV, angle from the axis in degrees, Z in mV.
type QrsPart = (f64, f64, f64, f64, f64, f64);

const NORMAL: &[QrsPart] = &[
    (0.0, 0.18, 0.40, 0.16, 110.0, -0.28),
    (0.12, 0.45, 0.78, 1.15, 0.0, 0.50),
    (0.55, 0.76, 1.0, 0.28, -150.0, 0.28),
];
const LEFT_BLOCK: &[QrsPart] = &[(0.0, 0.30, 0.62, 0.85, 10.0, 0.75), (0.32, 0.66, 1.0, 0.95, -5.0, 0.85)];
const RIGHT_BLOCK: &[QrsPart] = &[
    (0.0, 0.12, 0.27, 0.16, 110.0, -0.28),
    (0.08, 0.30, 0.54, 1.10, 0.0, 0.45),
    (0.45, 0.70, 1.0, 0.42, 135.0, -0.75),
];
const INFARCTION: &[QrsPart] = &[
    (0.0, 0.22, 0.48, 0.42, -100.0, -0.20),
    (0.25, 0.52, 0.80, 1.05, 0.0, 0.45),
    (0.58, 0.78, 1.0, 0.20, -150.0, 0.22),
];
const ECTOPIC: &[QrsPart] = &[(0.0, 0.38, 0.78, 1.35, 0.0, 0.75), (0.40, 0.70, 1.0, 0.55, 25.0, -0.20)];

/// Angle of P, degrees, and what its PR is longer by, ms, of four atrial foci.
const FOCI: [(f64, f64); 4] = [(58.0, 0.0), (-70.0, -25.0), (150.0, 30.0), (20.0, 45.0)];

/// What the axis turns by from beat to beat of a polymorphic tachycardia, degrees.
const TWIST_DEG: f64 = 38.0;

/// All waves of a beat.
pub(super) fn beat(spec: &Spec, planned: &Planned) -> Vec<Wave> {
    let ventricular = planned.kind != BeatKind::Conducted;
    let throughout = matches!(
        spec.rhythm,
        Rhythm::Paced | Rhythm::LostCapture { .. } | Rhythm::VentricularTachycardia | Rhythm::PolymorphicTachycardia
    );
    let lone = ventricular && !throughout;
    let qrs_s = 1e-3 * if lone { spec.qrs_ms.max(150.0) } else { spec.qrs_ms };
    let turned_deg =
        if spec.rhythm == Rhythm::PolymorphicTachycardia { TWIST_DEG * planned.number as f64 } else { 0.0 };
    let axis_deg = if lone { spec.axis_deg - 140.0 } else { spec.axis_deg + turned_deg };
    let parts = match (ventricular, spec.shape) {
        (true, _) => ECTOPIC,
        (_, Shape::LeftBundleBranchBlockLike) => LEFT_BLOCK,
        (_, Shape::RightBundleBranchBlockLike) => RIGHT_BLOCK,
        (_, Shape::InferiorInfarction) => INFARCTION,
        _ => NORMAL,
    };
    let size: f64 = match spec.shape {
        Shape::LowVoltage => 0.33,
        Shape::Hypertrophy if !ventricular => 1.9,
        _ => 1.0,
    };
    let phase = std::f64::consts::TAU * 0.25 * planned.r_s;
    let breath = if spec.breathing { phase.sin() } else { 0.0 };
    let turn_deg = 4.0 * breath;
    let onset_s = planned.r_s - peak_share(parts) * qrs_s;
    let j_s = onset_s + qrs_s;

    let mut waves = Vec::new();
    let mut add = |part, [onset_s, peak_s, leave_s, end_s]: [f64; 4], vector_mv| {
        waves.push(Wave { part, onset_s, peak_s, leave_s, end_s, vector_mv });
    };

    let fibrillating = matches!(spec.rhythm, Rhythm::AtrialFibrillation | Rhythm::AtrialFlutter { .. });
    if !ventricular && !fibrillating {
        let (angle_deg, longer_ms) = match spec.rhythm {
            Rhythm::MultifocalAtrial => FOCI[(planned.number * planned.number + planned.number / 3) % FOCI.len()],
            _ => (58.0, 0.0),
        };
        let start_s = onset_s - 1e-3 * (spec.pr_ms + longer_ms);
        let length_s = (0.8e-3 * spec.pr_ms).min(0.104);
        let low: f64 = if spec.shape == Shape::LowP { 0.25 } else { 1.0 };
        let height = 0.15 * low * size.min(1.0) * (1.0 + 0.08 * breath);
        let peak_s = start_s + 0.48 * length_s;
        let vector_mv = vector(height, angle_deg + turn_deg, -0.25 * height);
        add(Part::P, [start_s, peak_s, peak_s, start_s + length_s], vector_mv);
    }
    if planned.kind == BeatKind::Paced {
        add(Part::Spike, [onset_s - 0.004, onset_s - 0.003, onset_s - 0.001, onset_s], vector(1.2, -100.0, 0.4));
    }
    if planned.lost {
        return waves;
    }

    let strength = size * (1.0 + 0.08 * breath);
    for &(from, peak, to, part_mv, angle, z_mv) in parts {
        let peak_s = onset_s + peak * qrs_s;
        let vector_mv = vector(part_mv * strength, axis_deg + angle + turn_deg, z_mv * strength);
        add(Part::Qrs, [onset_s + from * qrs_s, peak_s, peak_s, onset_s + to * qrs_s], vector_mv);
    }

    // QT follows the RR before, by the cube root; what is ectopic keeps the mean.
    let follow = if lone { 1.0 } else { (planned.rr_s / spec.mean_rr_s()).clamp(0.5, 1.6).cbrt() };
    let qt_s = (1e-3 * spec.qt_ms * follow + if lone { 0.04 } else { 0.0 }).max(qrs_s + 0.12);
    let end_s = onset_s + qt_s;
    let half_s = (0.5 * (qt_s - qrs_s)).min(0.115);
    let peak_s = end_s - half_s;
    let begin_s = (peak_s - 1.45 * half_s).max(j_s + 0.01);
    let opposite = ventricular || matches!(spec.shape, Shape::LeftBundleBranchBlockLike | Shape::Hypertrophy);
    let height = (1.0 + 0.04 * breath) * if spec.shape == Shape::LowVoltage { 0.10 } else { 0.30 };
    let t_mv = match opposite {
        true => vector(1.1 * height, axis_deg + 180.0, -0.30 - 0.3 * height),
        false => vector(height, 45.0, -0.8 * height),
    };
    add(Part::T, [begin_s, peak_s, peak_s, end_s], t_mv);
    if spec.st_mv != 0.0 {
        let st_mv = vector(spec.st_mv, spec.st_axis_deg, -0.5 * spec.st_mv);
        add(Part::St, [j_s - 0.3 * qrs_s, j_s, peak_s, end_s], st_mv);
    }
    waves
}

/// Where the largest part of a QRS peaks, as a share of its duration.
fn peak_share(parts: &[QrsPart]) -> f64 {
    parts.iter().fold((0.0, 0.0), |best, part| if part.3 > best.0 { (part.3, part.1) } else { best }).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_nothing_outside_and_one_at_its_peak() {
        let wave = Wave { part: Part::T, onset_s: 1.0, peak_s: 1.1, leave_s: 1.2, end_s: 1.4, vector_mv: [0.0; 3] };
        let heights = [0.9, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4].map(|time_s| wave.height(time_s));
        let golden = [0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0];
        assert!(heights.iter().zip(golden).all(|(got, golden)| (got - golden).abs() < 1e-9), "{heights:?}");
    }

    #[test]
    fn frontal_vectors_have_the_axis_asked_for() {
        for angle_deg in [-120.0, -30.0, 0.0, 50.0, 90.0, 170.0] {
            let v = vector(1.5, angle_deg, 0.4);
            let lead = |row: usize| (0..3).map(|k| DOWER[row][k] * v[k]).sum::<f64>();
            let (i, ii) = (lead(0), lead(1));
            let avf = ii - 0.5 * i;
            let axis_deg = (2.0 / 3f64.sqrt() * avf).atan2(i).to_degrees();
            assert!((axis_deg - angle_deg).abs() < 1e-6, "{angle_deg}: {axis_deg}");
        }
    }
}
