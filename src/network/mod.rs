//! FoundationalECGNet in candle: one definition for training and inference; blocks one file each, own CPU operations in `ops/`, training in `train/`.
//!
//! candle is named nowhere else. What leaves this folder is plain numbers.

mod attention;
mod calibration;
mod cbam;
mod config;
mod dropout;
pub mod figures;
mod fit;
mod gat;
mod heads;
pub mod input;
mod layers;
mod net;
mod ops;
mod reader;
mod readout;
pub mod segmenter;
mod stem;
pub mod train;
mod transformer;
mod weights;

pub use attention::{Attention, FRAMES};
pub use calibration::{Calibration, HeadCalibration, OperatingPoint};
pub use config::{Config, HEADS, LEADS};
pub use fit::calibrate;
pub use heads::Head;
pub use input::Window;
pub use reader::{Network, Reading};
