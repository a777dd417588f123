//! Figures of merit from labels and scores: AUROC, average precision, calibration error, counts at a threshold, and
//! their intervals by drawing patients anew (percentile bootstrap). Plain numbers in and out; every record has a weight,
//! so that a patient drawn twice counts twice.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Places of the five scored heads in the outputs: abnormal, arrhythmia, conduction, infarction, hypertrophy.
pub const FIVE: [usize; 5] = [0, 1, 2, 3, 5];

/// Area under the receiver operating curve (Mann-Whitney, ties count half). `None` unless both classes are there.
pub fn auroc(labels: &[bool], scores: &[f64]) -> Option<f64> {
    auroc_weighted(labels, scores, &vec![1.0; labels.len()], &order(scores))
}

/// Indices by rising score.
pub fn order(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(a.cmp(b)));
    order
}

/// AUROC in which a record counts `weights` times; `order` as [`order`] gives it.
pub fn auroc_weighted(labels: &[bool], scores: &[f64], weights: &[f64], order: &[usize]) -> Option<f64> {
    let (mut below, mut wins, mut positives) = (0.0, 0.0, 0.0);
    let mut at = 0;
    while at < order.len() {
        let score = scores[order[at]];
        let (mut here_positive, mut here_negative) = (0.0, 0.0);
        while at < order.len() && scores[order[at]] == score {
            let record = order[at];
            *(if labels[record] { &mut here_positive } else { &mut here_negative }) += weights[record];
            at += 1;
        }
        wins += here_positive * (below + 0.5 * here_negative);
        below += here_negative;
        positives += here_positive;
    }
    (positives > 0.0 && below > 0.0).then(|| wins / (positives * below))
}

/// Mean of the five scored heads; `None` if one of them has no figure.
pub fn macro_of_five(by_head: &[Option<f64>]) -> Option<f64> {
    FIVE.iter().map(|head| by_head.get(*head).copied().flatten()).sum::<Option<f64>>().map(|sum| sum / 5.0)
}

/// Average precision (area under precision over recall, in steps). `None` without positives.
pub fn average_precision(labels: &[bool], scores: &[f64], weights: &[f64], order: &[usize]) -> Option<f64> {
    let (mut found, mut all, mut area) = (0.0, 0.0, 0.0);
    let mut at = order.len();
    while at > 0 {
        let score = scores[order[at - 1]];
        let mut here = 0.0;
        while at > 0 && scores[order[at - 1]] == score {
            at -= 1;
            let record = order[at];
            all += weights[record];
            here += if labels[record] { weights[record] } else { 0.0 };
        }
        found += here;
        if all > 0.0 {
            area += here * found / all;
        }
    }
    (found > 0.0).then(|| area / found)
}

/// Expected calibration error: ten bins of equal count, mean distance of probability from share.
pub fn calibration_error(labels: &[bool], probabilities: &[f64], weights: &[f64], order: &[usize]) -> Option<f64> {
    let total: f64 = weights.iter().sum();
    let mut error = 0.0;
    for bin in 0..10 {
        let part = &order[bin * order.len() / 10..(bin + 1) * order.len() / 10];
        let difference: f64 =
            part.iter().map(|r| weights[*r] * (f64::from(u8::from(labels[*r])) - probabilities[*r])).sum();
        error += difference.abs();
    }
    (total > 0.0).then(|| error / total)
}

/// Mean squared distance of probability from label (Brier 1950).
pub fn brier(labels: &[bool], probabilities: &[f64], weights: &[f64]) -> Option<f64> {
    let total: f64 = weights.iter().sum();
    let rows = labels.iter().zip(probabilities).zip(weights);
    let sum: f64 = rows.map(|((label, p), w)| w * (f64::from(u8::from(*label)) - p).powi(2)).sum();
    (total > 0.0).then(|| sum / total)
}

/// Records on each side of a threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// Positive and called so.
    pub true_positive: f64,
    /// Negative, called positive.
    pub false_positive: f64,
    /// Positive, called negative.
    pub false_negative: f64,
    /// Negative and called so.
    pub true_negative: f64,
}

impl Counts {
    /// Called positive from `threshold` on.
    pub fn at(labels: &[bool], scores: &[f64], weights: &[f64], threshold: f64) -> Self {
        let mut counts = Self::default();
        for ((label, score), weight) in labels.iter().zip(scores).zip(weights) {
            *match (label, *score >= threshold) {
                (true, true) => &mut counts.true_positive,
                (false, true) => &mut counts.false_positive,
                (true, false) => &mut counts.false_negative,
                (false, false) => &mut counts.true_negative,
            } += weight;
        }
        counts
    }

    /// Share of positives found.
    pub fn sensitivity(&self) -> Option<f64> {
        ratio(self.true_positive, self.true_positive + self.false_negative)
    }

    /// Share of negatives left alone.
    pub fn specificity(&self) -> Option<f64> {
        ratio(self.true_negative, self.true_negative + self.false_positive)
    }

    /// Share of positive calls that are right, at this prevalence.
    pub fn positive_value(&self) -> Option<f64> {
        ratio(self.true_positive, self.true_positive + self.false_positive)
    }

    /// Share of negative calls that are right, at this prevalence.
    pub fn negative_value(&self) -> Option<f64> {
        ratio(self.true_negative, self.true_negative + self.false_negative)
    }

    /// Harmonic mean of sensitivity and positive value.
    pub fn f1(&self) -> Option<f64> {
        ratio(2.0 * self.true_positive, 2.0 * self.true_positive + self.false_positive + self.false_negative)
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Weights of the records in each of `draws` samples of patients, drawn with replacement from this seed.
pub fn patient_draws(patients: &[&str], draws: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut ids: Vec<&str> = patients.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let place: Vec<usize> = patients.iter().map(|patient| ids.binary_search(patient).unwrap_or(0)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let draw = |_| {
        let mut times = vec![0.0; ids.len()];
        for _ in 0..ids.len() {
            times[rng.random_range(0..ids.len())] += 1.0;
        }
        place.iter().map(|patient| times[*patient]).collect()
    };
    if ids.is_empty() { Vec::new() } else { (0..draws).map(draw).collect() }
}

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// On the records as they are.
    pub value: f64,
    /// 2.5 % and 97.5 % of the draws in which it exists.
    pub interval: Option<(f64, f64)>,
}

impl Figure {
    /// `figure` on the records as they are, and on every draw. `None` where it does not exist.
    pub fn new(records: usize, draws: &[Vec<f64>], figure: impl Fn(&[f64]) -> Option<f64>) -> Option<Self> {
        let value = figure(&vec![1.0; records])?;
        let mut all: Vec<f64> = draws.iter().filter_map(|weights| figure(weights)).collect();
        all.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (all.len() - 1) as f64;
            let (low, part) = (place.floor() as usize, place.fract());
            all[low] + part * (all[(low + 1).min(all.len() - 1)] - all[low])
        };
        Some(Self { value, interval: (!all.is_empty()).then(|| (at(0.025), at(0.975))) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auroc_of_known_orders() {
        let labels = [false, false, true, true];
        assert_eq!(auroc(&labels, &[0.1, 0.2, 0.3, 0.4]), Some(1.0));
        assert_eq!(auroc(&labels, &[0.4, 0.3, 0.2, 0.1]), Some(0.0));
        assert_eq!(auroc(&labels, &[0.1, 0.1, 0.1, 0.1]), Some(0.5));
        assert_eq!(auroc(&labels, &[0.1, 0.4, 0.35, 0.8]), Some(0.75)); // scikit-learn's example
        assert_eq!(auroc(&[true, true], &[0.1, 0.2]), None);
    }

    #[test]
    fn a_weight_of_two_is_the_record_twice() {
        let (labels, scores) = ([true, false, true, false], [0.7, 0.6, 0.5, 0.4]);
        let weighted = auroc_weighted(&labels, &scores, &[1.0, 2.0, 1.0, 0.0], &order(&scores));
        assert_eq!(weighted, auroc(&[true, false, false, true], &[0.7, 0.6, 0.6, 0.5]));
    }

    #[test]
    fn average_precision_of_known_orders() {
        let (labels, ones) = ([false, false, true, true], [1.0; 4]);
        let of = |scores: &[f64]| average_precision(&labels, scores, &ones, &order(scores));
        assert!((of(&[0.1, 0.4, 0.35, 0.8]).unwrap() - 0.833_333_333).abs() < 1e-8); // scikit-learn's example
        assert_eq!(of(&[0.1, 0.2, 0.3, 0.4]), Some(1.0));
        assert_eq!(of(&[0.5; 4]), Some(0.5));
        assert_eq!(average_precision(&[false], &[0.1], &[1.0], &[0]), None);
    }

    #[test]
    fn calibration_figures_of_a_perfect_and_a_useless_forecast() {
        let labels: Vec<bool> = (0..100).map(|i| i % 2 == 0).collect();
        let (ones, even) = (vec![1.0; 100], vec![0.5; 100]);
        let perfect: Vec<f64> = labels.iter().map(|l| f64::from(u8::from(*l))).collect();
        assert_eq!(calibration_error(&labels, &perfect, &ones, &order(&perfect)), Some(0.0));
        assert_eq!(calibration_error(&labels, &even, &ones, &order(&even)), Some(0.0));
        assert_eq!((brier(&labels, &perfect, &ones), brier(&labels, &even, &ones)), (Some(0.0), Some(0.25)));
        let sure = vec![0.9; 100];
        assert!((calibration_error(&labels, &sure, &ones, &order(&sure)).unwrap() - 0.4).abs() < 1e-9);
    }

    #[test]
    fn counts_add_up() {
        let labels = [true, true, false, false, false];
        let counts = Counts::at(&labels, &[0.9, 0.2, 0.8, 0.1, 0.5], &[1.0; 5], 0.5);
        assert_eq!(counts.sensitivity(), Some(0.5));
        assert_eq!(counts.specificity(), Some(1.0 / 3.0));
        assert_eq!(counts.positive_value(), Some(1.0 / 3.0));
        assert_eq!(counts.negative_value(), Some(0.5));
        assert_eq!(counts.f1(), Some(0.4));
        assert_eq!(Counts::default().f1(), None);
    }

    #[test]
    fn records_of_one_patient_are_drawn_together() {
        let draws = patient_draws(&["a", "b", "a", "c"], 200, 1);
        assert!(draws.iter().all(|weights| weights[0] == weights[2]));
        assert!(draws.iter().all(|weights| weights[0] + weights[1] + weights[3] == 3.0));
        assert!(draws.iter().any(|weights| weights[1] == 0.0));
        assert_eq!(draws, patient_draws(&["a", "b", "a", "c"], 200, 1));
        assert!(patient_draws(&[], 5, 1).is_empty());
    }

    #[test]
    fn the_interval_of_a_mean_is_about_two_standard_errors_wide() {
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let names: Vec<String> = (0..400).map(|i| i.to_string()).collect();
        let patients: Vec<&str> = names.iter().map(String::as_str).collect();
        let mean = |weights: &[f64]| Some(values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / 400.0);
        let figure = Figure::new(400, &patient_draws(&patients, 1000, 3), mean).unwrap();
        let (low, high) = figure.interval.unwrap();
        assert_eq!(figure.value, 0.5);
        assert!((high - low - 2.0 * 1.96 * 0.025).abs() < 0.015, "{low} {high}");
    }
}
