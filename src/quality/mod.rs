//! What is usable: per lead and stretch of time. Nothing is repaired here and nothing is concluded.

mod agreement;
mod assess;
mod limits;
mod runs;
mod seconds;
mod verdict;

pub use assess::assess;
pub use verdict::{Defect, DefectKind, LeadQuality, Quality, Usable};
