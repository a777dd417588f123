//! What is usable: per lead and stretch of time. Nothing is repaired here and nothing is concluded.

mod verdict;

pub use verdict::{Defect, DefectKind, LeadQuality, Quality, Usable};
