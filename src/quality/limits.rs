//! The limits that make a stretch a defect and a lead unusable, in one place.
//!
//! Flat: clinic practice, 10 µV for a second. The others were chosen on every second record of the half of PhysioNet/CinC 2011 set-a that the
//! developers hold (so that "not good" follows the annotators' "unacceptable") and checked on the rest; `tests/suite/quality.rs` has the figures.

/// A range under this, for [`FLAT_S`], is no living signal, mV.
pub(super) const FLAT_MV: f32 = 0.010;
/// How long a lead must be flat while another lives, s.
pub(super) const FLAT_S: f64 = 1.0;
/// How long when all leads are flat together: shorter may be a pause of the heart, s.
pub(super) const ALL_FLAT_S: f64 = 6.0;
/// No heart gives more around its baseline, mV.
pub(super) const BEYOND_MV: f32 = 10.0;
/// Swing within a second that no heart gives, mV.
pub(super) const SWING_MV: f32 = 8.0;
/// A swing so many times the lead's usual one, and over [`STEP_MV`], is a step or a knock, not a beat.
pub(super) const STEP_RATIO: f32 = 6.0;
/// See [`STEP_RATIO`], mV.
pub(super) const STEP_MV: f32 = 2.0;
/// Identical samples at the lead's own extreme for so long are the amplifier's rail, s.
pub(super) const RAIL_S: f64 = 0.060;
/// A rail lies at least so far from the lead's median, mV.
pub(super) const RAIL_MV: f32 = 1.0;
/// Noise faster than 25 Hz, mV (standard deviation).
pub(super) const NOISE_MV: f32 = 0.15;
/// Noise may also be strong for a small QRS: this share of the usual swing …
pub(super) const NOISE_SHARE: f32 = 0.12;
/// … when it is at least this, mV.
pub(super) const NOISE_LEAST_MV: f32 = 0.03;
/// Baseline range over three seconds, mV.
pub(super) const WANDER_MV: f32 = 2.0;
/// Amplitude of mains hum, mV.
pub(super) const MAINS_MV: f32 = 0.10;
/// A shorter lead cannot be judged, s.
pub(super) const SHORTEST_S: f64 = 1.0;
/// A lead with less of its time clean is unusable.
pub(super) const UNUSABLE_SHARE: f32 = 0.5;
/// A lead with less of its time clean is limited (so one bad second in a day changes no verdict).
pub(super) const LIMITED_SHARE: f32 = 0.98;
/// Leads that should sum to zero miss it by more than this …
pub(super) const DISAGREE_MV: f32 = 0.050;
/// … in more than this share of their samples (a skew of one sample misses it at each QRS only).
pub(super) const DISAGREE_SHARE: f64 = 0.10;
