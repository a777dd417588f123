//! P waves that are found here and there, with little certainty or at no constant place before the QRS, are no P waves: fibrillation and flutter
//! look like that. Judged over some beats together; a rhythm may change in a long recording.

use super::super::classes::median;
use super::{LeadWaves, Wave, WaveKind};

/// Beats judged together; fewer than [`FEW`] are not judged.
const BLOCK: usize = 12;
const FEW: usize = 4;
/// Share of lead-beats with a P below which there is none.
const RARE: f64 = 0.30;
/// Below this share they must at least be sure: mean probability.
const MANY: (f64, f64) = (0.78, 0.48);
/// … which one or two leads need not be: they may simply show P badly.
const LEADS_FOR_DOUBT: usize = 3;
/// Where RR is irregular (median distance from its median, as a share) PR must be constant, s.
const IRREGULAR: f64 = 0.08;
const CONSTANT_PR_S: f64 = 0.018;
/// … and P must be in so many lead-beats: flutter waves are taken for P here and there.
const MANY_IF_IRREGULAR: f64 = 0.5;

/// Takes doubtful P waves out. Limits chosen on LUDB (12 of its 100 records have no P).
pub(super) fn drop_doubtful(leads: &mut [LeadWaves], beats_s: &[f64]) {
    let blocks = (beats_s.len() / BLOCK).max(1);
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for block in 0..blocks {
        let first = block * BLOCK;
        let end = if block + 1 == blocks { beats_s.len() } else { first + BLOCK };
        if end - first >= FEW && doubtful(leads, beats_s, first, end) {
            let from_s = if first == 0 { f64::MIN } else { beats_s[first - 1] };
            taken.push((from_s, if end == beats_s.len() { f64::MAX } else { beats_s[end - 1] }));
        }
    }
    for lead in leads {
        lead.waves.retain(|wave| {
            let next = taken.partition_point(|(_, to_s)| *to_s < wave.peak_s);
            wave.kind != WaveKind::P || taken.get(next).is_none_or(|(from_s, _)| wave.peak_s <= *from_s)
        });
    }
}

fn doubtful(leads: &[LeadWaves], beats_s: &[f64], first: usize, end: usize) -> bool {
    let inside = |wave: &&Wave| wave.beat.is_some_and(|beat| (first..end).contains(&beat));
    let (mut count, mut sure, mut away_s) = (0_usize, 0.0, Vec::new());
    for lead in leads {
        // waves lie by time: those of these beats are near them
        let near = |time_s: f64| lead.waves.partition_point(|wave| wave.onset_s < time_s);
        let part = &lead.waves[near(beats_s[first] - 2.0)..near(beats_s[end - 1] + 1.0)];
        let of = |kind: WaveKind| part.iter().filter(inside).filter(move |wave| wave.kind == kind);
        let onset_s = |beat| of(WaveKind::Qrs).find(|qrs| qrs.beat == beat).map(|qrs| qrs.onset_s);
        let pr_s: Vec<f64> = of(WaveKind::P).filter_map(|p| Some(onset_s(p.beat)? - p.onset_s)).collect();
        count += of(WaveKind::P).count();
        sure += of(WaveKind::P).map(|p| f64::from(p.confidence)).sum::<f64>();
        if let Some(usual_s) = median(pr_s.clone()) {
            away_s.extend(pr_s.iter().map(|pr| (pr - usual_s).powi(2)));
        }
    }
    if count == 0 {
        return false;
    }
    let share = count as f64 / (leads.len() * (end - first)) as f64;
    let spread_s = (away_s.iter().sum::<f64>() / away_s.len().max(1) as f64).sqrt();
    let rr_s: Vec<f64> = beats_s[first..end].windows(2).map(|pair| pair[1] - pair[0]).collect();
    let usual_s = median(rr_s.clone()).unwrap_or(1.0);
    let irregular = median(rr_s.iter().map(|rr| (rr - usual_s).abs()).collect()).unwrap_or(0.0) > IRREGULAR * usual_s;
    share < RARE
        || leads.len() >= LEADS_FOR_DOUBT && share < MANY.0 && sure / (count as f64) < MANY.1
        || share < MANY_IF_IRREGULAR && irregular
        || share < 0.9 && irregular && spread_s > CONSTANT_PR_S
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    /// Twelve beats; P of this confidence before those that `has` says, at these distances from QRS onset.
    fn leads(rr_s: f64, confidence: f32, has: impl Fn(usize) -> Option<f64>) -> (Vec<LeadWaves>, Vec<f64>) {
        let beats_s: Vec<f64> = (0..12).map(|beat| 1.0 + rr_s * beat as f64).collect();
        let wave = |kind, onset_s: f64, confidence, beat| Wave {
            kind,
            onset_s,
            peak_s: onset_s + 0.04,
            offset_s: onset_s + 0.08,
            confidence,
            beat: Some(beat),
        };
        let mut waves = Vec::new();
        for (beat, r_s) in beats_s.iter().enumerate() {
            if let Some(pr_s) = has(beat) {
                waves.push(wave(WaveKind::P, r_s - 0.04 - pr_s, confidence, beat));
            }
            waves.push(wave(WaveKind::Qrs, r_s - 0.04, 1.0, beat));
        }
        ([Lead::II, Lead::V1, Lead::V5].map(|lead| LeadWaves { lead, waves: waves.clone() }).to_vec(), beats_s)
    }

    fn left(rr_s: f64, confidence: f32, has: impl Fn(usize) -> Option<f64>) -> usize {
        let (mut leads, beats_s) = leads(rr_s, confidence, has);
        drop_doubtful(&mut leads, &beats_s);
        leads[0].waves.iter().filter(|wave| wave.kind == WaveKind::P).count()
    }

    #[test]
    fn constant_and_sure_p_stay_rare_or_unsure_ones_go() {
        assert_eq!(left(0.8, 0.9, |_| Some(0.16)), 12);
        assert_eq!(left(0.8, 0.9, |beat| (beat % 2 == 0).then_some(0.16)), 6, "every other beat ectopic");
        assert_eq!(left(0.8, 0.9, |beat| (beat % 5 == 0).then_some(0.16)), 0);
        assert_eq!(left(0.8, 0.45, |beat| (beat % 2 == 0).then_some(0.16)), 0);
        assert_eq!(left(0.8, 0.45, |_| Some(0.16)), 12);
    }
}
