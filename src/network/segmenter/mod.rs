//! The wave segmenter: a small U-Net over all leads that says, sample by sample, how probable P, QRS and T are.
//!
//! After "Generalizing electrocardiogram delineation: training CNNs with synthetic data augmentation" (Jimenez-Perez 2021: U-Net, pixel-wise
//! classes, augmentation) with three departures: it is told where the beats are, leads share their weights and see the mean of all leads at
//! the coarsest scale, and it is small enough for twelve leads in a few milliseconds. Plain numbers in, plain probabilities out: what
//! they mean for a wave is decided where waves are measured.

mod distort;
mod examples;
mod input;
mod net;
mod reader;
mod sizes;
mod train;

pub use examples::{Class, Example, UNKNOWN};
pub use input::RATE_HZ;
pub use reader::{LeadSignal, Segmentation, Segmenter};
pub use sizes::Sizes;
pub use train::{Moment, Recipe, train};
