//! Beats that the waves do not bear out: where no lead shows a QRS, there is no beat.

use super::{Beat, Waves};

/// A detection as sure as this stands even where no QRS could be bounded.
const SURE: f32 = 0.999;
/// A QRS that is no surer than this bears nothing out.
const BORNE_OUT: f32 = 0.75;

/// The beats that have a QRS in the leads, or are sure without; `waves` in the order of the beats.
pub fn confirmed(beats: &[Beat], waves: &Waves) -> Vec<Beat> {
    let stands = |(beat, found): &(&Beat, Option<&super::BeatWaves>)| {
        beat.confidence >= SURE || found.is_none_or(|found| found.qrs.is_some_and(|qrs| qrs.confidence >= BORNE_OUT))
    };
    let found = (0..beats.len()).map(|index| waves.beats.get(index));
    beats.iter().zip(found).filter(stands).map(|(beat, _)| *beat).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{BeatClass, BeatWaves, Wave, WaveKind};

    #[test]
    fn a_doubtful_beat_without_qrs_goes_and_a_sure_one_stays() {
        let beat = |confidence| Beat { r_s: 1.0, class: BeatClass::Unclassified, confidence };
        let qrs =
            Wave { kind: WaveKind::Qrs, onset_s: 0.9, peak_s: 1.0, offset_s: 1.1, confidence: 1.0, beat: Some(0) };
        let waves = Waves {
            beats: vec![BeatWaves { qrs: Some(qrs), ..Default::default() }, BeatWaves::default(), BeatWaves::default()],
            ..Default::default()
        };
        let kept = confirmed(&[beat(0.5), beat(0.5), beat(0.9995)], &waves);
        assert_eq!(kept.iter().map(|beat| beat.confidence).collect::<Vec<_>>(), [0.5, 0.9995]);
    }
}
