//! Filters, transforms, resampling, smoothing: slices in, slices out. Knows no lead, no recording and no unit but "sample" and hertz.
//! What it means for a heart is decided above.

mod atrous;
mod columns;
mod fourier;
mod moving;
mod quantile;
mod resample;
mod sos;
mod vectors;
mod whittaker;

pub use atrous::{Atrous, DB6};
pub use columns::{Row, column_medians};
pub use fourier::{BandPass, complex_plans, fast_length, real_plans, reflect_odd};
pub use moving::{moving_max, moving_mean};
pub use quantile::{median, quantile};
pub use resample::{ratio, resample, resample_poly};
pub use sos::{Pass, Sos, filtfilt, filtfilt_together};
pub(crate) use vectors::{in_vectors, vectorised};
pub use whittaker::Whittaker;
