//! Fitting a calibration: Platt's scale and offset per head (Platt 1999) by Newton's method, and operating points.
//! To be called with records that the network was not trained on and that are not reported.

use super::calibration::{Calibration, HeadCalibration, OperatingPoint};
use super::config::HEADS;
use super::figures::{Counts, order};
use super::heads::Head;

/// Heads with a point of high certainty, at this specificity.
const CERTAIN: [Head; 2] = [Head::Infarction, Head::Arrhythmia];
const CERTAIN_SPECIFICITY: f64 = 0.95;

/// A head with fewer positives stays as the network gives it.
const FEWEST_POSITIVES: usize = 10;

/// The calibration of these records.
pub fn calibrate(logits: &[[f32; HEADS]], labels: &[[f32; HEADS]], fitted_on: &str) -> Calibration {
    let column = |head: usize| -> Vec<bool> { labels.iter().map(|row| row[head] > 0.5).collect() };
    let mut found = Calibration { fitted_on: fitted_on.to_owned(), ..Calibration::default() };
    for HeadFit { head, scale, offset } in (0..HEADS).filter_map(|head| fit(head, logits, &column(head))) {
        found.heads[head] = HeadCalibration { scale, offset, ..found.heads[head].clone() };
    }
    // the points are of what is shown: no condition more probable than "abnormal"
    let shown: Vec<[f32; HEADS]> = logits.iter().map(|row| found.probabilities(row)).collect();
    for head in Head::ALL {
        let (labels, scores): (Vec<bool>, Vec<f64>) =
            (column(head.index()), shown.iter().map(|row| f64::from(row[head.index()])).collect());
        if labels.iter().filter(|label| **label).count() < FEWEST_POSITIVES {
            continue;
        }
        let display = best_point(&labels, &scores, |counts| Some(counts.sensitivity()? + counts.specificity()?));
        let certain = CERTAIN.contains(&head).then(|| specific_point(&labels, &scores)).flatten();
        if let Some(display) = display {
            let high_certainty = certain.map(|certain| certain.max(display) as f32);
            found.heads[head.index()].operating_point = OperatingPoint { display: display as f32, high_certainty };
        }
    }
    found
}

struct HeadFit {
    head: usize,
    scale: f64,
    offset: f64,
}

/// Logistic regression of the labels on one head's logits; `None` with too few of a class, or if the slope is not positive.
fn fit(head: usize, logits: &[[f32; HEADS]], labels: &[bool]) -> Option<HeadFit> {
    let positives = labels.iter().filter(|label| **label).count();
    if positives < FEWEST_POSITIVES || labels.len() - positives < FEWEST_POSITIVES {
        return None;
    }
    let z: Vec<f64> = logits.iter().map(|row| f64::from(row[head])).collect();
    let mean = z.iter().sum::<f64>() / z.len() as f64;
    let deviation = (z.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / z.len() as f64).sqrt().max(1e-9);
    let unit: Vec<f64> = z.iter().map(|v| (v - mean) / deviation).collect();
    let (mut a, mut b) = (1.0_f64, 0.0_f64);
    for _ in 0..100 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
        for (u, label) in unit.iter().zip(labels) {
            let p = 1.0 / (1.0 + (-(a * u + b)).exp());
            let (error, w) = (p - f64::from(u8::from(*label)), p * (1.0 - p));
            ga += error * u;
            gb += error;
            haa += w * u * u;
            hab += w * u;
            hbb += w;
        }
        let determinant = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        // a step of more than one standard deviation can overshoot
        (a, b) = (a - da.clamp(-1.0, 1.0), b - db.clamp(-1.0, 1.0));
        if da.abs() + db.abs() < 1e-10 {
            break;
        }
    }
    let (scale, offset) = (a / deviation, b - a * mean / deviation);
    (scale.is_finite() && offset.is_finite() && scale > 0.0).then_some(HeadFit { head, scale, offset })
}

/// Thresholds halfway between neighbouring scores, rising.
fn thresholds(scores: &[f64]) -> Vec<f64> {
    let sorted: Vec<f64> = order(scores).into_iter().map(|record| scores[record]).collect();
    sorted.windows(2).filter(|pair| pair[0] < pair[1]).map(|pair| 0.5 * (pair[0] + pair[1])).collect()
}

/// The lowest threshold with the largest merit.
fn best_point(labels: &[bool], scores: &[f64], merit: impl Fn(Counts) -> Option<f64>) -> Option<f64> {
    let ones = vec![1.0; labels.len()];
    let mut best: Option<(f64, f64)> = None;
    for threshold in thresholds(scores) {
        let value = merit(Counts::at(labels, scores, &ones, threshold))?;
        if best.is_none_or(|(most, _)| value > most + 1e-12) {
            best = Some((value, threshold));
        }
    }
    best.map(|(_, threshold)| threshold)
}

/// The lowest threshold with the wanted specificity.
fn specific_point(labels: &[bool], scores: &[f64]) -> Option<f64> {
    let ones = vec![1.0; labels.len()];
    thresholds(scores).into_iter().find(|threshold| {
        Counts::at(labels, scores, &ones, *threshold).specificity().is_some_and(|s| s >= CERTAIN_SPECIFICITY)
    })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Records whose true log odds are 0.5 z - 1 in every head.
    fn drawn(count: usize) -> (Vec<[f32; HEADS]>, Vec<[f32; HEADS]>) {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let logits: Vec<[f32; HEADS]> =
            (0..count).map(|_| std::array::from_fn(|_| rng.random::<f32>() * 12.0 - 6.0)).collect();
        let label = |z: f32, rng: &mut ChaCha8Rng| {
            f32::from(u8::from(rng.random::<f32>() < 1.0 / (1.0 + (1.0 - 0.5 * z).exp())))
        };
        let labels = logits.iter().map(|row| row.map(|z| label(z, &mut rng))).collect();
        (logits, labels)
    }

    #[test]
    fn finds_the_scale_and_offset_that_made_the_labels() {
        let (logits, labels) = drawn(20_000);
        for head in calibrate(&logits, &labels, "drawn").heads {
            assert!((head.scale - 0.5).abs() < 0.03 && (head.offset + 1.0).abs() < 0.08, "{head:?}");
        }
    }

    #[test]
    fn the_certain_point_has_its_specificity_and_lies_above() {
        let (logits, labels) = drawn(2000);
        let calibration = calibrate(&logits, &labels, "drawn");
        for head in CERTAIN {
            let point = calibration.operating_point(head);
            let certain = point.high_certainty.unwrap();
            assert!(certain >= point.display);
            let scores: Vec<f64> =
                logits.iter().map(|row| f64::from(calibration.probabilities(row)[head.index()])).collect();
            let truth: Vec<bool> = labels.iter().map(|row| row[head.index()] > 0.5).collect();
            let counts = Counts::at(&truth, &scores, &vec![1.0; 2000], f64::from(certain));
            assert!(counts.specificity().unwrap() >= 0.949);
        }
        assert_eq!(calibration.operating_point(Head::Qt).high_certainty, None);
    }

    #[test]
    fn a_head_without_positives_stays_as_it_is() {
        let (logits, mut labels) = drawn(300);
        labels.iter_mut().for_each(|row| row[Head::Qt.index()] = 0.0);
        let qt = &calibrate(&logits, &labels, "drawn").heads[Head::Qt.index()];
        assert_eq!((qt.scale, qt.offset, qt.operating_point.display), (1.0, 0.0, 0.5));
    }

    #[test]
    fn classes_that_do_not_overlap_give_finite_numbers() {
        let logits: Vec<[f32; HEADS]> = (0..60).map(|i| [i as f32 - 29.5; HEADS]).collect();
        let labels: Vec<[f32; HEADS]> = (0..60).map(|i| [f32::from(u8::from(i >= 30)); HEADS]).collect();
        let calibration = calibrate(&logits, &labels, "apart");
        let read = Calibration::parse(&calibration.to_json()).unwrap();
        for (read, fitted) in read.heads.iter().zip(&calibration.heads) {
            assert!((read.scale - fitted.scale).abs() < 1e-9 && read.operating_point == fitted.operating_point);
        }
    }
}
