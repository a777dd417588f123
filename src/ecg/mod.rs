//! What a recording is: plain data and arithmetic. No I/O, no analysis, no drawing lives here, and nothing is imported.
//!
//! Millivolts are `f32`, times are seconds as `f64` from the start of the recording, NaN means "no sample here".

mod annotation;
mod derive;
mod lead;
mod patient;
mod recording;
mod span;
mod trace;

pub use annotation::Annotation;
pub use derive::{add_missing_limb_leads, einthoven_deviation};
pub use lead::Lead;
pub use patient::{Patient, Sex};
pub use recording::{Note, Recording};
pub use span::Span;
pub use trace::{Channel, Trace};
