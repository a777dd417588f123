//! Synthetic 12-lead recordings with exact truth: for the embedded sample, for tests, and as `ecg synth`.
//!
//! Every wave has an onset, a peak and an end that are known to the sample; noise is added after, and the clean signal is kept.
//! A picture of a heart, not a model of one: it tests programs, it teaches no medicine, and no model that names
//! findings is trained on it.

mod generate;
mod kind;
mod noise;
mod plan;
mod rhythm;
mod spec;
mod waves;

pub use generate::{Synthetic, TrueBeat, TrueWave, Truth, generate};
pub use kind::Kind;
pub use noise::{Level, Noise, NoiseKind};
pub use rhythm::{BeatKind, Rhythm};
pub use spec::{Shape, Spec};
