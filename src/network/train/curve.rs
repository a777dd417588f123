//! The curve of a training: one row an epoch, and its file.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::network::config::Config;

use super::recipe::Recipe;

/// One line of the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
    /// From 1.
    pub epoch: usize,
    /// Mean loss of the steps.
    pub loss: f64,
    /// Largest norm of a gradient before clipping.
    pub largest_gradient: f64,
    /// Mean AUROC of the five scored heads on the selection records, averaged weights.
    pub macro_auroc: f64,
    /// AUROC of each head, in the order of the outputs; `None` where one class is missing.
    pub auroc: Vec<Option<f64>>,
    /// Wall time.
    pub seconds: f64,
}

/// Everything besides the optimiser's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Saved {
    pub curve: Vec<EpochRow>,
    pub config: Config,
    pub recipe: Recipe,
}

/// The text of `curve.csv`.
pub(super) fn curve_csv(curve: &[EpochRow], config: &Config) -> String {
    let mut text = format!("epoch,loss,largest_gradient,macro_of_five,{},seconds\n", config.outputs.join(","));
    for row in curve {
        let heads: Vec<String> =
            row.auroc.iter().map(|auroc| auroc.map_or(String::new(), |auroc| format!("{auroc:.4}"))).collect();
        let _ = writeln!(
            text,
            "{},{:.5},{:.3},{:.4},{},{:.1}",
            row.epoch,
            row.loss,
            row.largest_gradient,
            row.macro_auroc,
            heads.join(","),
            row.seconds
        );
    }
    text
}
