//! From measures to a verdict: defects by lead and time, then lead by lead, then over all.

use super::agreement::disagreements;
use super::limits::*;
use super::runs::{flat, missing, saturated};
use super::seconds::{Second, pieces, quantile, range, seconds};
use super::{Defect, DefectKind, LeadQuality, Quality, Usable};
use crate::ecg::{Lead, Recording, Span, Trace};

/// What is usable of a recording. Nothing is repaired; linear in the length.
pub fn assess(recording: &Recording) -> Quality {
    let looked: Vec<Looked> = recording.traces.iter().map(look).collect();
    let mut leads = Vec::with_capacity(looked.len());
    let mut defects = Vec::new();
    for (index, lead) in looked.iter().enumerate() {
        let mut own = lead.defects.clone();
        own.extend(lead.flats.iter().filter(|span| counts(span, index, &looked, &recording.traces)).map(|span| {
            Defect {
                kind: DefectKind::Flat,
                lead: lead.lead.clone(),
                span: *span,
                evidence: format!("within {:.0} µV for {:.1} s", FLAT_MV * 1000.0, span.duration_s()),
            }
        }));
        own.sort_by(by_time);
        leads.push(lead.verdict(&own));
        defects.extend(own);
    }
    defects.sort_by(by_time);
    let mut reasons = reasons(&leads, &defects);
    let usable_lead = |lead: &Lead| leads.iter().any(|own| own.lead == *lead && own.usable != Usable::Unusable);
    reasons.extend(disagreements(recording, usable_lead));
    Quality { usable: overall(&leads, &reasons), reasons, leads, defects }
}

fn by_time(a: &Defect, b: &Defect) -> std::cmp::Ordering {
    a.span.start_s.total_cmp(&b.span.start_s).then(a.span.end_s.total_cmp(&b.span.end_s))
}

/// One lead, looked at by itself.
struct Looked {
    lead: Lead,
    span: Span,
    defects: Vec<Defect>,
    flats: Vec<Span>,
    swing_mv: f32,
    noise_mv: f32,
}

fn look(trace: &Trace) -> Looked {
    let sound_rate = trace.rate_hz.is_finite() && trace.rate_hz > 0.0;
    let mut looked = Looked {
        lead: trace.lead.clone(),
        span: if sound_rate { trace.span() } else { Span::new(0.0, 0.0) },
        defects: Vec::new(),
        flats: Vec::new(),
        swing_mv: 0.0,
        noise_mv: 0.0,
    };
    if !sound_rate || trace.samples_mv.is_empty() {
        return looked;
    }
    let (samples, rate_hz) = (&trace.samples_mv[..], trace.rate_hz);
    let seconds = seconds(samples, rate_hz);
    let mut present: Vec<f32> = samples.iter().copied().filter(|value| value.is_finite()).collect();
    let median_mv = quantile(&mut present, 0.5);
    let of = |values: &dyn Fn(&Second) -> f32| {
        let mut values: Vec<f32> = seconds.iter().filter(|second| second.present > 0.5).map(values).collect();
        quantile(&mut values, 0.5)
    };
    looked.swing_mv = of(&|second| second.swing_mv);
    looked.noise_mv = of(&|second| second.noise_mv);
    let span = |(from, to): (usize, usize)| Span::new(trace.time_s(from), trace.time_s(to));
    let defect = |kind, span: Span, evidence| Defect { kind, lead: trace.lead.clone(), span, evidence };
    for run in missing(samples, rate_hz) {
        looked.defects.push(defect(DefectKind::Missing, span(run), format!("{:.2} s", span(run).duration_s())));
    }
    for run in saturated(samples, rate_hz, median_mv) {
        let peak = samples[run.0..run.1]
            .iter()
            .filter(|v| v.is_finite())
            .fold(0.0_f32, |top, v| if v.abs() > top.abs() { *v } else { top });
        looked.defects.push(defect(DefectKind::Saturated, span(run), format!("{peak:.1} mV")));
    }
    looked.flats = flat(samples, rate_hz).into_iter().map(span).collect();
    let pieces = pieces(samples.len(), rate_hz);
    for kind in [DefectKind::Saturated, DefectKind::Noise, DefectKind::Wander, DefectKind::Mains] {
        let flagged = seconds.iter().map(|second| flag(kind, second, looked.swing_mv)).collect::<Vec<_>>();
        for (from, to) in stretches(&flagged) {
            let worst = flagged[from..to].iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0));
            let words = worst.map(|(_, words)| words.clone()).unwrap_or_default();
            looked.defects.push(defect(kind, span((pieces[from].0, pieces[to - 1].1)), words));
        }
    }
    looked
}

/// How bad a second is in this respect (measured over limit) with the words, where it is over the limit.
fn flag(kind: DefectKind, second: &Second, usual_mv: f32) -> Option<(f32, String)> {
    if second.present < 0.5 {
        return None;
    }
    match kind {
        DefectKind::Saturated => (second.swing_mv > SWING_MV)
            .then(|| (second.swing_mv / SWING_MV, format!("swing {:.1} mV > {SWING_MV:.0} mV", second.swing_mv))),
        DefectKind::Noise => {
            let limit = NOISE_MV.min((NOISE_SHARE * usual_mv).max(NOISE_LEAST_MV));
            (second.noise_mv > limit).then(|| {
                let (noise, limit) = (second.noise_mv * 1000.0, limit * 1000.0);
                (noise / limit, format!("noise {noise:.0} µV rms > {limit:.0} µV"))
            })
        }
        DefectKind::Wander => {
            let step = second.swing_mv > STEP_RATIO * usual_mv && second.swing_mv > STEP_MV;
            if step {
                let ratio = second.swing_mv / usual_mv.max(0.01);
                let words = format!("step of {:.1} mV, {ratio:.0} times the usual swing", second.swing_mv);
                return Some((second.swing_mv / STEP_MV, words));
            }
            (second.wander_mv > WANDER_MV).then(|| {
                (
                    second.wander_mv / WANDER_MV,
                    format!("baseline moves {:.1} mV > {WANDER_MV:.0} mV in 3 s", second.wander_mv),
                )
            })
        }
        DefectKind::Mains => (second.mains_mv > MAINS_MV).then(|| {
            let (hum, limit) = (second.mains_mv * 1000.0, MAINS_MV * 1000.0);
            (hum / limit, format!("hum {hum:.0} µV > {limit:.0} µV"))
        }),
        DefectKind::Missing | DefectKind::Flat => None,
    }
}

/// Neighbouring flagged pieces as one.
fn stretches<T>(flagged: &[Option<T>]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (index, _) in flagged.iter().enumerate().filter(|(_, flag)| flag.is_some()) {
        match out.last_mut() {
            Some(last) if last.1 == index => last.1 = index + 1,
            _ => out.push((index, index + 1)),
        }
    }
    out
}

/// Is a flat stretch of a lead a fault? Yes when another lead beats meanwhile (its range there is like its usual swing: between two beats every clean
/// lead is flat), or when it is longer than any pause that is likely.
fn counts(flat: &Span, lead: usize, looked: &[Looked], traces: &[Trace]) -> bool {
    let beats = |(other, trace): (&Looked, &Trace)| {
        let usual_mv = other.swing_mv.max(FLAT_MV);
        range(trace.slice(*flat).iter().copied().filter(|value| value.is_finite())) > 0.5 * usual_mv
    };
    let others = looked.iter().zip(traces).enumerate().filter(|(index, _)| *index != lead);
    flat.duration_s() > ALL_FLAT_S || others.map(|(_, other)| other).any(beats)
}

impl Looked {
    fn verdict(&self, defects: &[Defect]) -> LeadQuality {
        let length_s = self.span.duration_s();
        let mut lost_s = 0.0;
        let mut until_s = f64::NEG_INFINITY;
        for defect in defects {
            let from_s = defect.span.start_s.max(until_s);
            lost_s += (defect.span.end_s - from_s).max(0.0);
            until_s = until_s.max(defect.span.end_s);
        }
        let clean_share = if length_s > 0.0 { (1.0 - lost_s / length_s).clamp(0.0, 1.0) as f32 } else { 0.0 };
        let usable = match clean_share {
            share if share < UNUSABLE_SHARE || length_s < SHORTEST_S => Usable::Unusable,
            share if share < LIMITED_SHARE => Usable::Limited,
            _ => Usable::Good,
        };
        // half the swing is the height of its largest wave
        let ratio = 0.5 * self.swing_mv / self.noise_mv;
        let snr_db = (ratio.is_finite() && ratio > 0.0).then(|| 20.0 * ratio.log10());
        LeadQuality { lead: self.lead.clone(), usable, snr_db, clean_share }
    }
}

fn reasons(leads: &[LeadQuality], defects: &[Defect]) -> Vec<String> {
    if leads.is_empty() {
        return vec!["there is no ECG lead".into()];
    }
    let mut reasons = Vec::new();
    for usable in [Usable::Unusable, Usable::Limited] {
        for lead in leads.iter().filter(|lead| lead.usable == usable) {
            let mut kinds: Vec<&str> = Vec::new();
            for defect in defects.iter().filter(|defect| defect.lead == lead.lead) {
                if !kinds.contains(&defect.kind.words()) {
                    kinds.push(defect.kind.words());
                }
            }
            if kinds.is_empty() {
                reasons.push(format!("lead {} {usable}: shorter than a second", lead.lead));
                continue;
            }
            let (kinds, lost) = (kinds.join(", "), 100.0 * (1.0 - lead.clean_share));
            reasons.push(format!("lead {} {usable}: {kinds} in {lost:.0} % of its time", lead.lead));
        }
    }
    reasons
}

fn overall(leads: &[LeadQuality], reasons: &[String]) -> Usable {
    let lost = leads.iter().filter(|lead| lead.usable == Usable::Unusable).count();
    if lost == leads.len() || (leads.len() >= 8 && 3 * lost > leads.len()) {
        Usable::Unusable
    } else if reasons.is_empty() {
        Usable::Good
    } else {
        Usable::Limited
    }
}
