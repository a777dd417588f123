//! FoundationalECGNet in candle: one definition for training and inference; blocks one file each, own CPU operations in `ops/`, training in `train/`.
//!
//! candle is named nowhere else. What leaves this folder is plain numbers.

mod heads;

pub use heads::Head;
