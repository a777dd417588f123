//! Waves of each beat over all leads: the earliest onset and the latest offset that the leads support (AHA 2009 part III). One lead alone, or a
//! lead far from all others, decides nothing where many leads are read.

use super::{BeatWaves, LeadWaves, Wave, WaveKind};

/// A wave is there where at least this share of the leads shows it: P, QRS, T.
const SHARE: [f64; 3] = [0.34, 0.25, 0.25];
/// An end so far from the middle of all leads is an outlier, s: P, QRS, T.
const FAR_S: [f64; 3] = [0.045, 0.045, 0.080];

/// Of six leads and more the end is the mean of so many outermost ones: P, QRS, T. Chosen on synthetic records with exact ends.
const MEAN_OF: [usize; 3] = [6, 9, 3];

/// One entry a beat, and the P waves that belong to no beat.
pub(super) fn over_leads(leads: &[LeadWaves], beats_s: &[f64]) -> (Vec<BeatWaves>, Vec<Wave>) {
    let mut of_beats: Vec<[Vec<&Wave>; 3]> = beats_s.iter().map(|_| Default::default()).collect();
    let mut lone: Vec<&Wave> = Vec::new();
    for wave in leads.iter().flat_map(|lead| &lead.waves) {
        match wave.beat.and_then(|beat| of_beats.get_mut(beat)) {
            Some(kinds) => kinds[wave.kind as usize].push(wave),
            None => lone.push(wave),
        }
    }
    let joined = |kind: WaveKind, waves: &[&Wave], beat: Option<usize>| {
        let enough = (SHARE[kind as usize] * leads.len() as f64).ceil().max(1.0) as usize;
        (waves.len() >= enough).then(|| join(kind, waves, beat))
    };
    let beats: Vec<BeatWaves> = of_beats
        .iter()
        .enumerate()
        .map(|(beat, [p, qrs, t])| BeatWaves {
            p: joined(WaveKind::P, p, Some(beat)),
            qrs: joined(WaveKind::Qrs, qrs, Some(beat)),
            t: joined(WaveKind::T, t, Some(beat)),
        })
        .collect();
    lone.sort_by(|a, b| a.peak_s.total_cmp(&b.peak_s));
    let mut groups: Vec<Vec<&Wave>> = Vec::new();
    for wave in lone {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| wave.onset_s < last.offset_s) => group.push(wave),
            _ => groups.push(vec![wave]),
        }
    }
    let inside_a_beat = |wave: &Wave| {
        let near = beats_s.partition_point(|r_s| *r_s < wave.peak_s);
        [near.checked_sub(1), Some(near)]
            .into_iter()
            .flatten()
            .filter_map(|beat| beats.get(beat))
            .flat_map(|beat| [beat.p, beat.qrs])
            .flatten()
            .any(|other| other.onset_s < wave.offset_s && wave.onset_s < other.offset_s)
    };
    let lone_p = groups.iter().filter_map(|group| joined(WaveKind::P, group, None)).filter(|wave| !inside_a_beat(wave));
    let lone_p = lone_p.collect();
    (beats, lone_p)
}

fn join(kind: WaveKind, waves: &[&Wave], beat: Option<usize>) -> Wave {
    let far_s = FAR_S[kind as usize];
    let most = MEAN_OF[kind as usize];
    let onset_s = outer(waves.iter().map(|wave| -wave.onset_s).collect(), far_s, most).map_or(f64::NAN, |end| -end);
    let offset_s = outer(waves.iter().map(|wave| wave.offset_s).collect(), far_s, most).unwrap_or(f64::NAN);
    let mut peaks: Vec<f64> = waves.iter().map(|wave| wave.peak_s).collect();
    peaks.sort_by(f64::total_cmp);
    let confidence = waves.iter().map(|wave| wave.confidence).sum::<f32>() / waves.len() as f32;
    Wave { kind, onset_s, peak_s: peaks[peaks.len() / 2], offset_s, confidence, beat }
}

/// The latest end without outliers; of many leads the mean of the latest ones, as one lead's late end is its noise.
fn outer(mut ends: Vec<f64>, far_s: f64, most: usize) -> Option<f64> {
    ends.sort_by(f64::total_cmp);
    let middle = *ends.get(ends.len() / 2)?;
    let kept: Vec<f64> = ends.into_iter().filter(|end| *end - middle <= far_s).collect();
    let count = match kept.len() {
        0..=2 => 1,
        3..=5 => 2,
        _ => most,
    };
    let last = &kept[kept.len().saturating_sub(count)..];
    Some(last.iter().sum::<f64>() / last.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::Lead;

    fn lead(lead: Lead, waves: &[(WaveKind, f64, f64, Option<usize>)]) -> LeadWaves {
        let wave = |&(kind, onset_s, offset_s, beat): &(WaveKind, f64, f64, Option<usize>)| Wave {
            kind,
            onset_s,
            peak_s: 0.5 * (onset_s + offset_s),
            offset_s,
            confidence: 1.0,
            beat,
        };
        LeadWaves { lead, waves: waves.iter().map(wave).collect() }
    }

    #[test]
    fn global_ends_lie_outside_most_leads_and_an_outlier_decides_nothing() {
        let mut leads: Vec<LeadWaves> = Lead::STANDARD
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let early = 0.001 * i as f64;
                lead(name.clone(), &[(WaveKind::Qrs, 0.96 - early, 1.05 + early, Some(0))])
            })
            .collect();
        leads[4].waves[0].offset_s = 1.35;
        let (beats, lone) = over_leads(&leads, &[1.0]);
        let qrs = beats[0].qrs.expect("found");
        assert!((qrs.onset_s - 0.953).abs() < 2e-4, "{qrs:?}");
        assert!((qrs.offset_s - 1.0568).abs() < 2e-4, "{qrs:?}");
        assert!(beats[0].p.is_none() && lone.is_empty());
    }

    #[test]
    fn a_p_in_few_leads_is_none_and_one_in_many_may_stand_alone() {
        let p = |beat| (WaveKind::P, 0.8, 0.9, beat);
        let leads: Vec<LeadWaves> = Lead::STANDARD
            .iter()
            .enumerate()
            .map(|(i, name)| {
                lead(name.clone(), if i < 3 { &[] } else { std::slice::from_ref(&(WaveKind::P, 2.0, 2.1, None)) })
            })
            .collect();
        let (_, lone) = over_leads(&leads, &[1.0, 3.0]);
        assert_eq!(lone.len(), 1);
        let few: Vec<LeadWaves> = Lead::STANDARD
            .iter()
            .enumerate()
            .map(|(i, name)| {
                lead(name.clone(), if i < 3 { std::slice::from_ref(&(WaveKind::P, 0.8, 0.9, Some(0))) } else { &[] })
            })
            .collect();
        assert!(over_leads(&few, &[1.0]).0[0].p.is_none());
        let one = [lead(Lead::II, &[p(Some(0))])];
        assert!(over_leads(&one, &[1.0]).0[0].p.is_some(), "one lead alone speaks for itself");
    }
}
