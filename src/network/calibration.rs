//! From logits to probabilities, and the points that statements are held against; `calibration.json` in a model's folder.
//! Platt scaling per head, fitted on fold 8.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::config::HEADS;
use super::heads::Head;

/// Points of one head, in calibrated probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// From here on a head is stated (largest sum of sensitivity and specificity on fold 8).
    pub display: f32,
    /// From here on it is stated with high certainty (95 % specificity on fold 8), where that is set.
    pub high_certainty: Option<f32>,
}

/// One head's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadCalibration {
    /// Key of the head.
    pub head: String,
    /// Factor of the logit (one over the temperature).
    pub scale: f64,
    /// Added to it.
    pub offset: f64,
    /// Its points.
    pub operating_point: OperatingPoint,
}

/// All heads, and what they were fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// In words.
    pub fitted_on: String,
    /// In the order of the outputs.
    pub heads: Vec<HeadCalibration>,
}

impl Default for Calibration {
    /// Probabilities as the network gives them, points at one half.
    fn default() -> Self {
        let heads = Head::ALL.map(|head| HeadCalibration {
            head: head.key().to_owned(),
            scale: 1.0,
            offset: 0.0,
            operating_point: OperatingPoint { display: 0.5, high_certainty: None },
        });
        Self { fitted_on: "nothing".into(), heads: heads.to_vec() }
    }
}

impl Calibration {
    /// Reads and checks `calibration.json`.
    ///
    /// # Errors
    /// Not JSON, other heads than the network's, numbers out of range.
    pub fn parse(text: &str) -> Result<Self> {
        let found: Self =
            serde_json::from_str(text).map_err(|e| Error::model("the calibration cannot be read").because(e))?;
        let known = found.heads.iter().map(|head| head.head.as_str()).eq(Head::ALL.iter().map(|head| head.key()));
        let sound = found.heads.iter().all(|head| {
            let point = head.operating_point;
            let within = |p: f32| (0.0..=1.0).contains(&p);
            head.scale.is_finite()
                && head.scale > 0.0
                && head.offset.is_finite()
                && within(point.display)
                && point.high_certainty.is_none_or(within)
        });
        if known && sound { Ok(found) } else { Err(Error::model("the calibration does not fit the network's heads")) }
    }

    /// The text of `calibration.json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Probability of each head as shown: calibrated, and no condition more probable than "abnormal".
    pub fn probabilities(&self, logits: &[f32; HEADS]) -> [f32; HEADS] {
        let each: [f32; HEADS] = std::array::from_fn(|head| {
            let z = self.heads[head].scale * f64::from(logits[head]) + self.heads[head].offset;
            (1.0 / (1.0 + (-z).exp())) as f32
        });
        each.map(|p| p.min(each[Head::Abnormal.index()]))
    }

    /// Points of a head.
    pub fn operating_point(&self, head: Head) -> OperatingPoint {
        self.heads[head.index()].operating_point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_its_file_and_refuses_another() {
        let calibration = Calibration::default();
        assert_eq!(Calibration::parse(&calibration.to_json()).unwrap(), calibration);
        let mut fewer = calibration.clone();
        fewer.heads.pop();
        assert!(Calibration::parse(&fewer.to_json()).is_err());
        let mut upside_down = calibration;
        upside_down.heads[2].scale = -1.0;
        assert!(Calibration::parse(&upside_down.to_json()).is_err());
    }

    #[test]
    fn no_condition_is_more_probable_than_abnormal() {
        let p = Calibration::default().probabilities(&[-1.0, 3.0, -3.0, 0.0, 0.0, 9.0, 0.0]);
        assert!(p.iter().all(|v| *v <= p[0]));
        assert_eq!(p[1], p[0]);
        assert!((p[2] - 0.047_425_87).abs() < 1e-6);
    }
}
