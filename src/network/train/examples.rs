//! Records as training sees them: prepared windows, labels, and softened targets.

use crate::error::{Error, Result};
use crate::network::config::{HEADS, LEADS};

/// Prepared records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Examples {
    /// Samples of one lead.
    pub samples: usize,
    /// `[record, lead, sample]` in units of 0.5 mV, row by row.
    pub inputs: Vec<f32>,
    /// 0 or 1 a head, in the order of the outputs.
    pub labels: Vec<[f32; HEADS]>,
    /// As `labels`, but 0.75 where the statement itself was unsure.
    pub targets: Vec<[f32; HEADS]>,
}

impl Examples {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The input of one record, lead by lead.
    pub fn input(&self, record: usize) -> &[f32] {
        let one = LEADS * self.samples;
        &self.inputs[record * one..(record + 1) * one]
    }

    /// Adds a record.
    pub fn push(&mut self, input: &[f32], label: [f32; HEADS], target: [f32; HEADS]) {
        self.inputs.extend_from_slice(input);
        self.labels.push(label);
        self.targets.push(target);
    }

    /// Share of positive records per head, kept off 0 and 1.
    pub fn shares(&self) -> [f64; HEADS] {
        std::array::from_fn(|head| {
            let positive = self.labels.iter().filter(|label| label[head] > 0.5).count() as f64;
            (positive / self.len().max(1) as f64).clamp(1e-4, 1.0 - 1e-4)
        })
    }

    /// # Errors
    /// Sizes that contradict each other, or too few records for one batch.
    pub fn check(&self, samples: usize, least: usize) -> Result<()> {
        if self.samples != samples || self.inputs.len() != self.len() * LEADS * samples {
            return Err(Error::model(format!("the examples have {} samples a lead, not {samples}", self.samples)));
        }
        if self.targets.len() != self.len() || self.len() < least {
            return Err(Error::missing(format!("{} records are too few, {least} are needed", self.len())));
        }
        Ok(())
    }
}
