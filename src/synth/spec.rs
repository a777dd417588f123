//! What a synthetic recording shall be.

use super::{Noise, Rhythm};

/// Form of the conducted beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Septal q, R, terminal s; upright T.
    Normal,
    /// Broad notched R to the left and back, no septal vector, T opposite.
    LeftBundleBranchBlockLike,
    /// Normal first part, late vector to the right and front (rSR' in V1, broad S in I and V6).
    RightBundleBranchBlockLike,
    /// All waves at a third.
    LowVoltage,
    /// Tall R to the left and back, T turned over in the left leads.
    Hypertrophy,
    /// Initial vector upward for a third of the QRS: Q in II, III, aVF.
    InferiorInfarction,
    /// P at a quarter of its height.
    LowP,
}

/// A recipe; the same recipe gives the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Length, s.
    pub duration_s: f64,
    /// Samples per second.
    pub rate_hz: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Mean ventricular rate.
    pub heart_rate_bpm: f64,
    /// Onset of P to onset of QRS, ms.
    pub pr_ms: f64,
    /// Duration of QRS, ms.
    pub qrs_ms: f64,
    /// Onset of QRS to end of T at the mean rate, ms; single beats follow the RR before them by the cube root.
    pub qt_ms: f64,
    /// Height of the ST vector at J, mV; upward in the leads of `st_axis_deg`, downward opposite.
    pub st_mv: f64,
    /// Frontal direction of the ST vector, degrees.
    pub st_axis_deg: f64,
    /// Frontal axis of the main QRS vector, degrees.
    pub axis_deg: f64,
    /// Rhythm.
    pub rhythm: Rhythm,
    /// Form of the conducted beats.
    pub shape: Shape,
    /// Breathing: 0.25 Hz, QRS ±8 %, P ±8 %, T ±4 %, axis ±4°.
    pub breathing: bool,
    /// What is added to the clean signal, in this order.
    pub noise: Vec<Noise>,
}

impl Default for Spec {
    /// Ten seconds of sinus rhythm at 68 per minute, 500 Hz, normal shape, no noise.
    fn default() -> Self {
        Self {
            duration_s: 10.0,
            rate_hz: 500.0,
            seed: 1,
            heart_rate_bpm: 68.0,
            pr_ms: 160.0,
            qrs_ms: 92.0,
            qt_ms: 384.0,
            st_mv: 0.0,
            st_axis_deg: 75.0,
            axis_deg: 50.0,
            rhythm: Rhythm::Sinus,
            shape: Shape::Normal,
            breathing: true,
            noise: Vec::new(),
        }
    }
}

impl Spec {
    /// Mean time between two beats, s.
    pub fn mean_rr_s(&self) -> f64 {
        60.0 / self.heart_rate_bpm.clamp(10.0, 400.0)
    }
}
