//! Delineation: where waves start and end, lead by lead and over all leads. Two methods stand side by side: from the probabilities of a
//! learned segmenter (handed in as plain numbers: no network is known here), and from slopes alone, which needs nothing but the signal.

mod derivative;
mod doubtful;
mod global;
mod probabilities;
mod runs;

use super::spikes::{after_spike, spikes};
use super::waves::{BeatWaves, LeadWaves, Wave, WaveKind, Waves};
use crate::ecg::Trace;

/// Probabilities of P, QRS and T, sample by sample, as a segmenter gives them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segmentation {
    /// Samples a second.
    pub rate_hz: f64,
    /// Time of the first sample, s.
    pub start_s: f64,
    /// One row a trace: `[P, QRS, T]` a sample; empty where the trace was not read.
    pub leads: Vec<Vec<[f32; 3]>>,
}

/// There must be signal for so long before and after a wave, s.
const BESIDE_S: f64 = 0.012;

/// Was all of the wave recorded? One that the end of the record or a gap cuts has no known end.
fn whole(trace: &Trace, wave: &Wave) -> bool {
    let recorded = |time_s: f64| {
        let place = (time_s - trace.start_s) * trace.rate_hz;
        place >= 0.0 && trace.samples_mv.get(place as usize).is_some_and(|value| value.is_finite())
    };
    recorded(wave.onset_s - BESIDE_S) && recorded(wave.offset_s + BESIDE_S)
}

/// Waves of the traces that may be used, beat by beat. With a segmentation from its probabilities, else (and for traces it has not read) from slopes.
///
/// `beats_s` are the R points by time, `usable` in the order of `traces` (shorter = the rest may).
pub fn delineate(traces: &[Trace], usable: &[bool], beats_s: &[f64], segmentation: Option<&Segmentation>) -> Waves {
    let may = |index: usize| usable.get(index).copied().unwrap_or(true);
    let used: Vec<&Trace> =
        traces.iter().enumerate().filter(|(index, _)| may(*index)).map(|(_, trace)| trace).collect();
    let spikes = spikes(&used, beats_s);
    let mut leads: Vec<LeadWaves> = traces
        .iter()
        .enumerate()
        .filter(|(index, _)| may(*index))
        .map(|(index, trace)| {
            let row = segmentation.map(|found| (found, found.leads.get(index).map_or(&[][..], Vec::as_slice)));
            let mut waves = match row {
                Some((found, row)) if !row.is_empty() => {
                    probabilities::waves(trace, row, found.rate_hz, found.start_s, beats_s)
                }
                _ => derivative::waves(trace, beats_s),
            };
            waves.retain(|wave| whole(trace, wave));
            for wave in waves.iter_mut().filter(|wave| wave.kind == WaveKind::Qrs) {
                let spike = wave.beat.and_then(|beat| spikes[beat]).filter(|spike| spike.end_s < wave.offset_s);
                wave.onset_s = after_spike(wave.onset_s, spike);
                wave.peak_s = wave.peak_s.max(wave.onset_s);
            }
            waves.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
            LeadWaves { lead: trace.lead.clone(), waves }
        })
        .collect();
    doubtful::drop_doubtful(&mut leads, beats_s);
    let (beats, lone_p) = global::over_leads(&leads, beats_s);
    Waves { leads, beats, lone_p, spikes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    #[test]
    fn a_wave_that_the_end_or_a_gap_cuts_is_not_told() {
        let mut samples_mv = vec![0.0_f32; 500];
        samples_mv[300..320].fill(f32::NAN);
        let trace = Trace::new(Lead::II, 250.0, samples_mv);
        let wave = |onset_s: f64, offset_s: f64| Wave {
            kind: WaveKind::T,
            onset_s,
            peak_s: 0.5 * (onset_s + offset_s),
            offset_s,
            beat: Some(0),
            confidence: 1.0,
        };
        for (onset_s, offset_s, told) in [
            (0.5, 0.8, true),
            (0.004, 0.3, false),
            (1.75, 1.996, false),
            (1.75, 1.98, true),
            (1.0, 1.196, false),
            (1.284, 1.5, false),
        ] {
            assert_eq!(whole(&trace, &wave(onset_s, offset_s)), told, "{onset_s} to {offset_s} s");
        }
    }
}
