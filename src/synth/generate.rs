//! From recipe to recording: waves, fibrillation, noise, steps of 5 µV, and the truth beside them.

use std::sync::Arc;

use super::noise::Chance;
use super::plan::plan;
use super::waves::{self, DOWER, Part, Wave};
use super::{BeatKind, Rhythm, Spec};
use crate::ecg::{Lead, Recording, Trace};

/// Step of the stored recording, mV.
const STEP_MV: f64 = 0.005;

/// A wave's exact place, s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueWave {
    /// First moment after which it is not zero.
    pub onset_s: f64,
    /// Its largest part's peak.
    pub peak_s: f64,
    /// From here on it is zero.
    pub offset_s: f64,
}

/// A beat's exact truth. A wave is `None` where the beat has none or where it is not wholly inside the recording.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueBeat {
    /// Peak of the main QRS part, s.
    pub r_s: f64,
    /// Kind.
    pub kind: BeatKind,
    /// P.
    pub p: Option<TrueWave>,
    /// QRS (a pacing spike is not part of it).
    pub qrs: Option<TrueWave>,
    /// T, with the ST segment's end.
    pub t: Option<TrueWave>,
}

/// What is true of a synthetic recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Truth {
    /// Beats whose R is inside, by time.
    pub beats: Vec<TrueBeat>,
    /// Pacing spikes that no beat follows, s.
    pub lone_spikes_s: Vec<f64>,
}

impl Truth {
    /// R times, s.
    pub fn r_s(&self) -> Vec<f64> {
        self.beats.iter().map(|beat| beat.r_s).collect()
    }
}

/// A synthetic recording, its clean signal and its truth.
#[derive(Debug, Clone)]
pub struct Synthetic {
    /// As a device would have stored it: with noise, in steps of 5 µV, twelve leads.
    pub recording: Recording,
    /// The twelve leads without noise and steps.
    pub clean: Vec<Trace>,
    /// Beats and waves.
    pub truth: Truth,
}

/// Makes the recording of a recipe. The same recipe gives the same bytes.
pub fn generate(spec: &Spec) -> Synthetic {
    let rate_hz = if spec.rate_hz.is_finite() { spec.rate_hz.clamp(1.0, 100_000.0) } else { 500.0 };
    let count = (spec.duration_s.max(0.0) * rate_hz).round() as usize;
    let beats = plan(spec, &mut Chance::new(spec.seed, 0));

    let mut independent = vec![vec![0.0; count]; DOWER.len()];
    let mut truth = Truth::default();
    for planned in &beats {
        let waves = waves::beat(spec, planned);
        for wave in &waves {
            draw(wave, rate_hz, &mut independent);
        }
        if planned.lost {
            let spikes = waves.iter().filter(|wave| wave.part == Part::Spike).map(|wave| wave.peak_s);
            truth.lone_spikes_s.extend(spikes.filter(|at_s| *at_s >= 0.0 && at_s * rate_hz <= count as f64 - 1.0));
        } else if planned.r_s >= 0.0 && planned.r_s * rate_hz <= count as f64 - 1.0 {
            let end_s = count as f64 / rate_hz;
            let place = |part| whole(&waves, part).filter(|wave| wave.onset_s >= 0.0 && wave.offset_s < end_s);
            truth.beats.push(TrueBeat {
                r_s: planned.r_s,
                kind: planned.kind,
                p: place(Part::P),
                qrs: place(Part::Qrs).map(|wave| TrueWave { peak_s: planned.r_s, ..wave }),
                t: place(Part::T),
            });
        }
    }
    match spec.rhythm {
        Rhythm::AtrialFibrillation => fibrillate(spec, rate_hz, &mut independent),
        Rhythm::AtrialFlutter { per_min, height_mv } => flutter(per_min, height_mv, rate_hz, &mut independent),
        Rhythm::VentricularFibrillation => ventricles_fibrillate(spec, rate_hz, &mut independent),
        _ => {}
    }

    let mut noisy = independent.clone();
    for (at, noise) in spec.noise.iter().enumerate() {
        for (lead, (noisy, clean)) in noisy.iter_mut().zip(&independent).enumerate() {
            let mut chance = Chance::new(spec.seed, 100 + 16 * at as u64 + lead as u64);
            let added = noise.make(clean, rate_hz, &mut chance);
            noisy.iter_mut().zip(added).for_each(|(value, added)| *value += added);
        }
    }
    let stepped = |value: f64| ((value / STEP_MV).round() * STEP_MV) as f32;
    let mut recording = Recording::new("synthetic", twelve(&noisy, rate_hz, stepped));
    recording.fingerprint = Arc::from(format!("synthetic-{}", spec.seed).as_str());
    recording.device = Some("synthetic".to_owned());
    Synthetic { recording, clean: twelve(&independent, rate_hz, |value| value as f32), truth }
}

/// Adds a wave to the eight independent leads.
fn draw(wave: &Wave, rate_hz: f64, leads: &mut [Vec<f64>]) {
    let count = leads.first().map_or(0, Vec::len);
    let first = (wave.onset_s * rate_hz).floor().max(0.0) as usize;
    let last = ((wave.end_s * rate_hz).ceil().max(0.0) as usize).min(count);
    for index in first..last {
        let height = wave.height(index as f64 / rate_hz);
        for (lead, row) in leads.iter_mut().zip(&DOWER) {
            lead[index] += height * row.iter().zip(wave.vector_mv).map(|(weight, part)| weight * part).sum::<f64>();
        }
    }
}

/// Fibrillatory waves: three tones around 6 Hz that wax and wane, largest in V1.
fn fibrillate(spec: &Spec, rate_hz: f64, leads: &mut [Vec<f64>]) {
    let tau = std::f64::consts::TAU;
    let mut chance = Chance::new(spec.seed, 1);
    let tones: Vec<[f64; 4]> = (0..3)
        .map(|tone| {
            let hz = 5.2 + 0.9 * tone as f64 + 0.4 * chance.uniform();
            [hz, tau * chance.uniform(), 0.2 + 0.2 * chance.uniform(), tau * chance.uniform()]
        })
        .collect();
    let weights = [0.35, 0.6, 1.0, 0.6, 0.35, 0.25, 0.2, 0.2];
    for (lead, weight) in leads.iter_mut().zip(weights) {
        for (index, value) in lead.iter_mut().enumerate() {
            let time_s = index as f64 / rate_hz;
            let wave = |[hz, phase, slow_hz, slow]: &[f64; 4]| {
                (1.0 + 0.5 * (tau * slow_hz * time_s + slow).sin()) * (tau * hz * time_s + phase).sin()
            };
            *value += 0.03 * weight * tones.iter().map(wave).sum::<f64>();
        }
    }
}

/// Saw-toothed atrial waves of one rate, of this height in II, negative there and upright in V1.
fn flutter(per_min: f64, height_mv: f64, rate_hz: f64, leads: &mut [Vec<f64>]) {
    let weights = [0.1, -1.0, 0.6, 0.3, -0.1, -0.15, -0.2, -0.2];
    // a sine and 0.35 of its overtone reach from -1.27 to 1.27
    let size = height_mv / 2.54;
    for (lead, weight) in leads.iter_mut().zip(weights) {
        for (index, value) in lead.iter_mut().enumerate() {
            let turn = std::f64::consts::TAU * per_min / 60.0 * index as f64 / rate_hz;
            *value += size * weight * (turn.sin() + 0.35 * (2.0 * turn).sin());
        }
    }
}

/// Waves of about 4.5 Hz whose rate and height sway, of another phase in each lead.
fn ventricles_fibrillate(spec: &Spec, rate_hz: f64, leads: &mut [Vec<f64>]) {
    let tau = std::f64::consts::TAU;
    let mut chance = Chance::new(spec.seed, 2);
    for lead in leads.iter_mut() {
        let [phase, slow, wax] = [0; 3].map(|_| tau * chance.uniform());
        for (index, value) in lead.iter_mut().enumerate() {
            let time_s = index as f64 / rate_hz;
            let turn = tau * 4.5 * time_s + 1.5 * (tau * 0.31 * time_s + slow).sin() + phase;
            let height = 0.4 * (1.0 + 0.5 * (tau * 0.23 * time_s + wax).sin());
            *value += height * (turn.sin() + 0.2 * (1.7 * turn + slow).sin());
        }
    }
}

/// From the first onset to the last end of a beat's waves of one part.
fn whole(waves: &[Wave], part: Part) -> Option<TrueWave> {
    waves.iter().filter(|wave| wave.part == part).fold(None, |whole: Option<TrueWave>, wave| {
        let (onset_s, offset_s) = whole.map_or((f64::INFINITY, 0.0), |whole| (whole.onset_s, whole.offset_s));
        Some(TrueWave { onset_s: onset_s.min(wave.onset_s), peak_s: wave.peak_s, offset_s: offset_s.max(wave.end_s) })
    })
}

/// The twelve leads from I, II, V1 … V6.
fn twelve(leads: &[Vec<f64>], rate_hz: f64, store: impl Fn(f64) -> f32) -> Vec<Trace> {
    let limb = |weights: [f64; 2]| -> Vec<f32> {
        leads[0].iter().zip(&leads[1]).map(|(i, ii)| store(weights[0] * i + weights[1] * ii)).collect()
    };
    let mut rows = vec![
        limb([1.0, 0.0]),
        limb([0.0, 1.0]),
        limb([-1.0, 1.0]),
        limb([-0.5, -0.5]),
        limb([1.0, -0.5]),
        limb([-0.5, 1.0]),
    ];
    rows.extend(leads[2..].iter().map(|lead| lead.iter().map(|value| store(*value)).collect()));
    Lead::STANDARD.iter().cloned().zip(rows).map(|(lead, samples)| Trace::new(lead, rate_hz, samples)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Kind, Noise, NoiseKind};

    #[test]
    fn the_same_recipe_gives_the_same_bytes_and_another_seed_others() {
        let spec = Spec { noise: vec![Noise::snr_db(NoiseKind::Muscle, 10.0)], ..Kind::AtrialFibrillation.spec(3) };
        let (first, second) = (generate(&spec), generate(&spec));
        assert_eq!(first.recording, second.recording);
        assert_ne!(first.recording.traces, generate(&Spec { seed: 4, ..spec }).recording.traces);
    }

    #[test]
    fn every_kind_has_beats_waves_and_a_quiet_line_where_truth_says_so() {
        for kind in Kind::ALL {
            let made = generate(&kind.spec(1));
            assert_eq!(made.recording.traces.len(), 12);
            assert_eq!(made.recording.common_rate_hz(), Some(500.0));
            assert!(made.truth.beats.len() >= 6, "{}: {} beats", kind.name(), made.truth.beats.len());
            if kind == Kind::AtrialFibrillation {
                continue;
            }
            for pair in made.truth.beats.windows(2) {
                let (Some(t), Some(next)) = (pair[0].t, pair[1].p.or(pair[1].qrs)) else { continue };
                assert!(t.offset_s <= next.onset_s + 0.06, "{}: T runs far into the next beat", kind.name());
                for trace in &made.clean {
                    let quiet =
                        trace.slice(crate::ecg::Span { start_s: t.offset_s + 0.002, end_s: next.onset_s - 0.007 });
                    assert!(quiet.iter().all(|value| *value == 0.0), "{} {}", kind.name(), trace.lead);
                }
            }
        }
    }

    #[test]
    fn intervals_are_those_of_the_recipe() {
        let spec = Spec { pr_ms: 200.0, qrs_ms: 120.0, qt_ms: 420.0, breathing: false, ..Spec::default() };
        let made = generate(&spec);
        let beat = &made.truth.beats[3];
        let (p, qrs, t) = (beat.p.unwrap(), beat.qrs.unwrap(), beat.t.unwrap());
        assert!((qrs.onset_s - p.onset_s - 0.2).abs() < 1e-9 && (qrs.offset_s - qrs.onset_s - 0.12).abs() < 1e-9);
        assert!((t.offset_s - qrs.onset_s - 0.42).abs() < 0.01, "QT follows RR by a little");
    }

    #[test]
    fn st_has_the_height_asked_for_and_limb_leads_obey_their_laws() {
        let spec = Spec { st_mv: 0.3, st_axis_deg: 60.0, breathing: false, ..Spec::default() };
        let made = generate(&spec);
        let j_s = made.truth.beats[2].qrs.unwrap().offset_s;
        // At 60 degrees lead II sees the whole vector.
        assert!((made.clean[1].value_at_mv(j_s + 0.002).unwrap() - 0.3).abs() < 0.01);
        let [i, ii, iii, avr] = [0, 1, 2, 3].map(|lead| &made.clean[lead].samples_mv);
        for at in 0..i.len() {
            assert!((iii[at] - (ii[at] - i[at])).abs() < 1e-6 && (avr[at] + 0.5 * (i[at] + ii[at])).abs() < 1e-6);
        }
    }

    #[test]
    fn noise_has_the_strength_asked_for() {
        for kind in [NoiseKind::White, NoiseKind::Muscle, NoiseKind::Wander, NoiseKind::Mains { hz: 50.0 }] {
            let spec = Spec { noise: vec![Noise::snr_db(kind, 6.0)], ..Spec::default() };
            let made = generate(&spec);
            let power = |values: &mut dyn Iterator<Item = f32>| {
                let values: Vec<f64> = values.map(f64::from).collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
            };
            let (clean, noisy) = (&made.clean[7].samples_mv, &made.recording.traces[7].samples_mv);
            let noise = power(&mut noisy.iter().zip(clean.iter()).map(|(a, b)| a - b));
            let snr_db = 10.0 * (power(&mut clean.iter().copied()) / noise).log10();
            assert!((snr_db - 6.0).abs() < 0.5, "{kind:?}: {snr_db}");
        }
    }

    #[test]
    fn odd_recipes_do_not_fail() {
        for (duration_s, rate_hz, heart_rate_bpm) in [(0.0, 500.0, 60.0), (0.01, 100.0, 0.0), (3.0, 257.3, 1e9)] {
            let made = generate(&Spec { duration_s, rate_hz, heart_rate_bpm, ..Spec::default() });
            assert_eq!(made.recording.traces.len(), 12);
        }
    }
}
