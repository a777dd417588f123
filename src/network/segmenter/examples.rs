//! What the segmenter learns from: prepared leads, where the beats are, and a class for each sample that somebody has looked at.

use super::input::{self, RATE_HZ};

/// What a sample belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// No wave.
    None = 0,
    /// P.
    P = 1,
    /// QRS.
    Qrs = 2,
    /// T.
    T = 3,
}

/// Number of classes.
pub(super) const CLASSES: usize = 4;
/// A sample that nobody has marked: it teaches nothing.
pub const UNKNOWN: u8 = u8::MAX;

/// One recording, or a part of one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Example {
    /// Prepared leads, all of the same length.
    pub(super) signals: Vec<Vec<f32>>,
    /// A class or [`UNKNOWN`] for each of their samples.
    pub(super) labels: Vec<Vec<u8>>,
    /// Beats, s from the first sample.
    pub(super) beats_s: Vec<f64>,
    /// Distorted copies that one epoch draws of it.
    pub(super) draws: usize,
}

impl Example {
    /// An example without leads; `beats_s` from the first sample of every lead.
    pub fn new(beats_s: Vec<f64>, draws: usize) -> Self {
        Self { beats_s, draws, ..Self::default() }
    }

    /// Adds a lead in mV. `known_s` are the stretches somebody has marked, `waves` what was found there: class, onset and offset, s from the
    /// first sample; later ones win. A lead without samples, or of another length, is left out; says whether it was taken.
    pub fn push(
        &mut self,
        samples_mv: &[f32],
        rate_hz: f64,
        known_s: &[(f64, f64)],
        waves: &[(Option<Class>, f64, f64)],
    ) -> bool {
        let Some(signal) = input::signal(samples_mv, rate_hz, &self.beats_s) else { return false };
        if self.signals.first().is_some_and(|first| first.len() != signal.len()) {
            return false;
        }
        let mut labels = vec![UNKNOWN; signal.len()];
        let mut paint = |value: u8, (from_s, to_s): (f64, f64)| {
            let place = |time_s: f64| ((time_s * RATE_HZ).round().max(0.0) as usize).min(signal.len());
            let (from, to) = (place(from_s), place(to_s));
            labels[from..to.max(from)].fill(value);
        };
        known_s.iter().for_each(|span| paint(Class::None as u8, *span));
        for (class, from_s, to_s) in waves {
            paint(class.map_or(UNKNOWN, |class| class as u8), (*from_s, *to_s));
        }
        self.signals.push(signal);
        self.labels.push(labels);
        true
    }

    /// Samples of a lead.
    pub fn samples(&self) -> usize {
        self.signals.first().map_or(0, Vec::len)
    }

    /// Leads.
    pub fn leads(&self) -> usize {
        self.signals.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_classes_and_the_rest_stays_unknown() {
        let mut example = Example::new(vec![1.0], 1);
        let samples: Vec<f32> = (0..1000).map(|index| (index as f32 * 0.1).sin()).collect();
        let waves = [(Some(Class::Qrs), 0.9, 1.1), (None, 1.1, 1.2)];
        assert!(example.push(&samples, 500.0, &[(0.5, 1.5)], &waves));
        assert!(!example.push(&samples[..500], 500.0, &[], &[]));
        let labels = &example.labels[0];
        assert_eq!((labels.len(), labels[0], labels[130]), (500, UNKNOWN, Class::None as u8));
        assert_eq!((labels[250], labels[285], labels[310]), (Class::Qrs as u8, UNKNOWN, Class::None as u8));
    }
}
