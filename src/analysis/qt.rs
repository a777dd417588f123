//! QT as a condition: from the measured QT, not from the network, whose training data hold too few long or short QT to teach it.

use super::{HeadResult, Prediction};
use crate::network::Head;
use crate::rules::{Facts, qt_beyond};

/// Scatter of a measured QT about a cardiologist's, ms (standard deviation; `VALIDATION.md`, T end).
const SCATTER_MS: f64 = 20.0;
/// More likely beyond its line than within.
const OPERATING_POINT: f32 = 0.5;

/// Puts the measured QT in the place of the network's own output, which stays beside it in a note.
pub(super) fn judged(prediction: &mut Prediction, facts: &Facts) {
    let own = prediction.head(Head::Qt).copied();
    prediction.heads.retain(|result| result.head != Head::Qt);
    match qt_beyond(facts) {
        Err(reason) => prediction.notes.push(format!("QT is not judged: {reason}")),
        Ok((beyond_ms, words)) => {
            let probability = passed(beyond_ms / SCATTER_MS) as f32;
            let result = HeadResult {
                head: Head::Qt,
                probability,
                operating_point: OPERATING_POINT,
                high_certainty_point: None,
            };
            prediction.qt = Some(result);
            let beside = own.filter(|_| result.positive()).map(|own| {
                let agrees = if own.positive() { "over" } else { "under" };
                format!("; the network's own QT output, {:.2}, is {agrees} its operating point", own.probability)
            });
            prediction.notes.push(format!("QT is judged by measurement: {words}{}", beside.unwrap_or_default()));
            if !prediction.heads.is_empty() {
                let place = prediction.heads.iter().position(|other| other.head.index() > Head::Qt.index());
                prediction.heads.insert(place.unwrap_or(prediction.heads.len()), result);
            }
            if result.positive() {
                prediction.predicted.retain(|head| *head != Head::Other);
                prediction.predicted.push(Head::Qt);
            }
        }
    }
}

/// Share of a normal distribution under so many standard deviations (Abramowitz & Stegun 7.1.26, error below 1.5e-7).
fn passed(deviations: f64) -> f64 {
    let x = deviations.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let tail = t * series.iter().fold(0.0, |sum, term| sum * t + term) * (-x * x).exp();
    if deviations < 0.0 { 0.5 * tail } else { 1.0 - 0.5 * tail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Sex;
    use crate::measure::{Measured, Measurements, Patterns, Waves};
    use crate::rules::SignalFacts;

    /// The word of a network that states `stated`, then judged with this QTc.
    fn after(qtc_ms: Option<f64>, qrs_ms: f64, stated: &[Head], age_years: Option<u16>) -> Prediction {
        let mut measurements = Measurements::none("test");
        measurements.qrs_ms = Measured::new(qrs_ms, 10);
        if let Some(qtc_ms) = qtc_ms {
            measurements.qtc_fridericia_ms = Measured::new(qtc_ms, 10);
        }
        let (waves, signal) = (Waves::default(), SignalFacts::default());
        let sex = Some(Sex::Female);
        let facts = Facts {
            beats: &[],
            waves: &waves,
            measurements: &measurements,
            patterns: &Patterns::default(),
            signal: &signal,
            age_years,
            sex,
        };
        let heads = Head::ALL.map(|head| HeadResult {
            head,
            probability: if stated.contains(&head) { 0.9 } else { 0.1 },
            operating_point: 0.5,
            high_certainty_point: None,
        });
        let mut prediction = Prediction { heads: heads.to_vec(), ..Prediction::withheld(None, "") };
        (prediction.withheld, prediction.predicted) = (None, stated.to_vec());
        judged(&mut prediction, &facts);
        prediction
    }

    #[test]
    fn the_measured_qt_takes_the_place_of_the_networks() {
        let long = after(Some(500.0), 90.0, &[Head::Abnormal], None);
        assert!(long.qt.is_some_and(|qt| (qt.probability - 0.977).abs() < 1e-3), "two deviations over 460: {long:?}");
        assert_eq!(long.heads.iter().map(|result| result.head).collect::<Vec<_>>(), Head::ALL);
        assert!(long.predicted.contains(&Head::Qt) && long.notes[0].contains("network's own QT output"));
        let usual = after(Some(420.0), 90.0, &[Head::Qt], None);
        assert!(usual.qt.is_some_and(|qt| qt.probability < 0.03), "{usual:?}");
        assert!(after(Some(330.0), 90.0, &[], None).predicted == [Head::Qt], "short");
        assert!(after(Some(475.0), 150.0, &[], None).predicted.is_empty(), "JTc 325 of 360 ms");
        assert!(after(Some(530.0), 150.0, &[], None).predicted == [Head::Qt], "JTc 380 of 360 ms");
    }

    #[test]
    fn what_is_not_measured_is_not_judged() {
        for (qtc_ms, age) in [(None, None), (Some(500.0), Some(9))] {
            let none = after(qtc_ms, 90.0, &[Head::Other], age);
            assert!(none.qt.is_none() && none.head(Head::Qt).is_none() && none.predicted == [Head::Other]);
            assert!(none.notes[0].starts_with("QT is not judged: "), "{:?}", none.notes);
        }
    }

    #[test]
    fn the_normal_distribution_is_one() {
        for (deviations, share) in [(-3.0, 0.001_349_9), (0.0, 0.5), (1.0, 0.841_344_7), (2.5, 0.993_790_3)] {
            assert!((passed(deviations) - share).abs() < 1e-6, "{deviations}");
        }
    }
}
