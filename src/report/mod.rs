//! Sheets that lay a study on pages (12×1, 3×4+1R, segments …), and the JSON. What to show stands here; how marks are painted stands in `page`.

mod arrange;
mod footer;
mod lanes;
mod layout;
mod write;

pub use arrange::{Arrangement, Block, Lane, arrange};
pub use lanes::lanes;
pub use layout::{HeatLayer, Layout, Sheet, Signals};
