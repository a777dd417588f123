//! Records made by hand for the tests of the rules: a healthy adult of twelve leads, and small changes to it. No figure here stands for a patient.

use super::{Facts, Finding, RULES, SignalFacts, apply};
use crate::ecg::{Lead, Sex};
use crate::measure::{
    Beat, BeatClass, BeatWaves, Deflection, LeadMeasures, Measured, Measurements, Patterns, Wave, WaveKind, Waves,
};

/// All that rules see, owned.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub beats: Vec<Beat>,
    pub waves: Waves,
    pub measured: Measurements,
    pub patterns: Patterns,
    pub signal: SignalFacts,
    pub age: Option<u16>,
    pub sex: Option<Sex>,
}

/// A deflection that peaks in its middle.
pub(super) fn wave(peak_mv: f64, duration_ms: f64) -> Option<Deflection> {
    Some(Deflection { peak_mv, duration_ms, peak_ms: 0.5 * duration_ms })
}

fn measured(value: f64) -> Measured {
    Measured::new(value, 10)
}

/// R, S, T and P of the healthy heart, mV, in the order of the standard leads.
const HEALTHY: [(Lead, f64, f64, f64, f64); 12] = [
    (Lead::I, 0.7, 0.15, 0.20, 0.07),
    (Lead::II, 1.0, 0.20, 0.30, 0.12),
    (Lead::III, 0.4, 0.20, 0.10, 0.05),
    (Lead::AvR, 0.0, 0.9, -0.25, -0.09),
    (Lead::AvL, 0.3, 0.20, 0.08, 0.03),
    (Lead::AvF, 0.7, 0.20, 0.20, 0.08),
    (Lead::V1, 0.2, 0.8, -0.05, 0.04),
    (Lead::V2, 0.4, 1.2, 0.40, 0.05),
    (Lead::V3, 0.7, 1.0, 0.45, 0.05),
    (Lead::V4, 1.2, 0.6, 0.40, 0.06),
    (Lead::V5, 1.2, 0.3, 0.30, 0.06),
    (Lead::V6, 1.0, 0.1, 0.25, 0.05),
];

fn lead((lead, r_mv, s_mv, t_mv, p_mv): (Lead, f64, f64, f64, f64)) -> LeadMeasures {
    LeadMeasures {
        withheld: None,
        p_mv: Some(p_mv),
        p_range_mv: Some((p_mv.min(0.0), p_mv.max(0.0))),
        p_terminal_mvs: Some(0.0),
        r: (r_mv > 0.0).then(|| wave(r_mv, 40.0)).flatten(),
        s: wave(-s_mv, 30.0),
        qs: r_mv == 0.0,
        r_peak_ms: Some(if matches!(lead, Lead::V1 | Lead::V2 | Lead::V3) { 25.0 } else { 38.0 }),
        qrs_span_mv: Some(r_mv + s_mv),
        qrs_area_mvs: Some(0.02 * (r_mv - s_mv)),
        t_mv: Some(t_mv),
        t_range_mv: Some((t_mv.min(0.0), t_mv.max(0.0))),
        st_j_mv: Some(0.01),
        st_40_mv: Some(0.01),
        st_60_mv: Some(0.02),
        st_80_mv: Some(0.02),
        st_slope_mv_per_s: Some(0.1),
        ..LeadMeasures::none(lead, "")
    }
}

impl Made {
    /// A man of 50 in sinus rhythm at 75/min; no rule but that of sinus rhythm speaks.
    pub(super) fn healthy() -> Self {
        let at_s: Vec<f64> = (0..13).map(|beat| 0.5 + 0.8 * f64::from(beat)).collect();
        let mut made = Self {
            beats: Vec::new(),
            waves: Waves::default(),
            measured: Measurements {
                p_ms: measured(100.0),
                pr_ms: measured(160.0),
                qrs_ms: measured(92.0),
                qt_ms: measured(390.0),
                qtc_fridericia_ms: measured(420.0),
                axis_p_deg: measured(50.0),
                axis_qrs_deg: measured(40.0),
                axis_t_deg: measured(40.0),
                ptf_v1_mms: measured(0.01),
                p_share_percent: measured(100.0),
                pr_sd_ms: measured(5.0),
                t_alternans_mv: measured(0.01),
                leads: HEALTHY.into_iter().map(lead).collect(),
                ..Measurements::none("not measured")
            },
            patterns: Patterns::default(),
            signal: SignalFacts { leads: Lead::STANDARD.to_vec(), ..Default::default() },
            age: Some(50),
            sex: Some(Sex::Male),
        };
        made.beat_at(&at_s);
        made
    }

    /// Beats at these times, each with P 160 ms before; the rate follows.
    fn beat_at(&mut self, at_s: &[f64]) {
        self.beats = at_s.iter().map(|r_s| Beat { r_s: *r_s, class: BeatClass::Normal, confidence: 1.0 }).collect();
        self.waves.beats = at_s.iter().enumerate().map(|(beat, r_s)| led(beat, *r_s, Some(160.0))).collect();
        let rr: Vec<f64> = at_s.windows(2).map(|pair| 1000.0 * (pair[1] - pair[0])).collect();
        let mean = rr.iter().sum::<f64>() / rr.len().max(1) as f64;
        self.measured.rr_ms = measured(mean);
        self.measured.heart_rate_bpm = measured(60_000.0 / mean);
    }

    /// Beats at these times.
    pub(super) fn at(mut self, at_s: &[f64]) -> Self {
        self.beat_at(at_s);
        self
    }

    /// Steady beats at this rate.
    pub(super) fn rate(self, rate_bpm: f64) -> Self {
        let at_s: Vec<f64> = (0..13).map(|beat| 0.5 + 60.0 / rate_bpm * f64::from(beat)).collect();
        self.at(&at_s)
    }

    /// The same with other P: PR of each beat, ms, `None` = no P.
    pub(super) fn pr(mut self, pr_ms: impl Fn(usize) -> Option<f64>) -> Self {
        for (beat, waves) in self.waves.beats.iter_mut().enumerate() {
            *waves = led(beat, self.beats[beat].r_s, pr_ms(beat));
        }
        self
    }

    /// No P anywhere.
    pub(super) fn no_p(mut self) -> Self {
        self.measured.p_share_percent = measured(0.0);
        for value in [&mut self.measured.pr_ms, &mut self.measured.pr_sd_ms, &mut self.measured.axis_p_deg] {
            *value = Measured::none("no P");
        }
        self.pr(|_| None)
    }

    /// P waves at these times that no QRS follows.
    pub(super) fn lone(mut self, onset_s: &[f64]) -> Self {
        self.waves.lone_p = onset_s.iter().map(|onset_s| p_at(*onset_s, None)).collect();
        self
    }

    /// Other classes for some beats.
    pub(super) fn class(mut self, class: BeatClass, beats: &[usize]) -> Self {
        beats.iter().for_each(|beat| self.beats[*beat].class = class);
        self
    }

    /// A changed measurement over the record.
    pub(super) fn set(mut self, field: impl Fn(&mut Measurements) -> &mut Measured, value: f64) -> Self {
        *field(&mut self.measured) = measured(value);
        self
    }

    /// A measurement that is not given.
    pub(super) fn none(mut self, field: impl Fn(&mut Measurements) -> &mut Measured) -> Self {
        *field(&mut self.measured) = Measured::none("too noisy");
        self
    }

    /// QRS over all leads, ms.
    pub(super) fn qrs(self, qrs_ms: f64) -> Self {
        self.set(|m| &mut m.qrs_ms, qrs_ms)
    }

    /// Changed leads.
    pub(super) fn leads(mut self, leads: &[Lead], change: impl Fn(&mut LeadMeasures)) -> Self {
        self.measured.leads.iter_mut().filter(|measures| leads.contains(&measures.lead)).for_each(change);
        self
    }

    /// ST at J of some leads, horizontal, mV.
    pub(super) fn st(self, leads: &[Lead], st_mv: f64) -> Self {
        self.leads(leads, |lead| {
            for value in [&mut lead.st_j_mv, &mut lead.st_40_mv, &mut lead.st_60_mv, &mut lead.st_80_mv] {
                *value = Some(st_mv);
            }
            lead.st_slope_mv_per_s = Some(0.0);
        })
    }

    /// A lead that is not measured.
    pub(super) fn withheld(self, leads: &[Lead]) -> Self {
        self.leads(leads, |lead| *lead = LeadMeasures::none(lead.lead.clone(), "too noisy"))
    }

    /// The patient.
    pub(super) fn who(mut self, age: Option<u16>, sex: Option<Sex>) -> Self {
        (self.age, self.sex) = (age, sex);
        self
    }

    /// Left bundle branch block by every definition.
    pub(super) fn lbbb(self) -> Self {
        self.qrs(150.0)
            .leads(&[Lead::I, Lead::AvL, Lead::V5, Lead::V6], |lead| {
                (lead.q, lead.s, lead.notched, lead.r_peak_ms) = (None, None, true, Some(75.0));
                lead.r = wave(0.8, 120.0);
                lead.qrs_area_mvs = Some(0.06);
            })
            .leads(&[Lead::V1, Lead::V2, Lead::V3], |lead| {
                (lead.q, lead.r, lead.s) = (None, wave(0.1, 20.0), wave(-1.2, 110.0));
                lead.qrs_area_mvs = Some(-0.08);
            })
    }

    /// Right bundle branch block.
    pub(super) fn rbbb(self, qrs_ms: f64) -> Self {
        self.qrs(qrs_ms)
            .leads(&[Lead::V1], |lead| {
                (lead.r, lead.s, lead.r2) = (wave(0.2, 25.0), wave(-0.4, 30.0), wave(0.6, 55.0));
                lead.r_peak_ms = Some(80.0);
            })
            .leads(&[Lead::I, Lead::V6], |lead| lead.s = wave(-0.3, 60.0))
    }

    /// Every statement.
    pub(super) fn say(&self) -> Vec<Finding> {
        apply(RULES, &self.facts())
    }

    /// The facts.
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            beats: &self.beats,
            waves: &self.waves,
            measurements: &self.measured,
            patterns: &self.patterns,
            signal: &self.signal,
            age_years: self.age,
            sex: self.sex,
        }
    }

    /// The statement of a rule.
    pub(super) fn said(&self, code: &str) -> Option<Finding> {
        assert!(RULES.iter().flat_map(|family| family.iter()).any(|rule| rule.code == code), "no rule {code}");
        self.say().into_iter().find(|finding| finding.code == code)
    }

    /// Does the rule speak?
    pub(super) fn says(&self, code: &str) -> bool {
        self.said(code).is_some()
    }

    /// Codes of all that speak.
    pub(super) fn codes(&self) -> Vec<&'static str> {
        self.say().into_iter().map(|finding| finding.code).collect()
    }
}

fn of(kind: WaveKind, onset_s: f64, duration_s: f64, beat: Option<usize>) -> Wave {
    let (peak_s, offset_s) = (onset_s + 0.5 * duration_s, onset_s + duration_s);
    Wave { kind, onset_s, peak_s, offset_s, confidence: 0.9, beat }
}

fn p_at(onset_s: f64, beat: Option<usize>) -> Wave {
    of(WaveKind::P, onset_s, 0.1, beat)
}

fn led(beat: usize, r_s: f64, pr_ms: Option<f64>) -> BeatWaves {
    BeatWaves {
        p: pr_ms.map(|pr_ms| p_at(r_s - 0.04 - pr_ms / 1000.0, Some(beat))),
        qrs: Some(of(WaveKind::Qrs, r_s - 0.04, 0.09, Some(beat))),
        t: Some(of(WaveKind::T, r_s + 0.15, 0.2, Some(beat))),
    }
}
