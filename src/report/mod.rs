//! Sheets that lay a study on pages (12×1, 3×4+1R, segments …), and the JSON. What to show stands here; how marks are painted stands in `page`.

mod arrange;
mod centre;
mod first;
mod flagged;
mod focus;
mod footer;
mod json;
mod lanes;
mod layout;
mod limits;
mod measured;
mod pages;
mod paper;
mod values;
mod wave_marks;
mod words;
mod write;

pub use arrange::{Arrangement, Block, Lane, arrange};
pub use first::risk_ink;
pub use json::{SCHEMA, SCHEMA_TEXT, analysis_object, recording_line, recording_object};
pub use lanes::lanes;
pub use layout::{HeatLayer, Layout, Sheet, Signals};
pub use limits::{Edge, Limit, Place, limit, note as limits_note};
pub use pages::{PaperOptions, pages, report_pdf};
pub use paper::PaperSize;
pub use values::{LEAD_COLUMNS, ValueRow, lead_row, value_rows};
pub use words::{DISCLAIMER, signing, statement};
