//! FoundationalECGNet in candle: one definition for training and inference; blocks one file each, own CPU operations in `ops/`, training in `train/`.
//!
//! candle is named nowhere else. What leaves this folder is plain numbers.

mod cbam;
mod config;
mod dropout;
pub mod figures;
mod gat;
mod heads;
mod layers;
mod net;
mod ops;
mod readout;
mod stem;
pub mod train;
mod transformer;
mod weights;

pub use config::{Config, HEADS, LEADS};
pub use heads::Head;
