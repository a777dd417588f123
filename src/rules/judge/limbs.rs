//! Exchanged limb electrodes and dextrocardia, by the algebra of the leads (Batchvarov 2007, Europace 9:1081; Rosen 2014; notes in each arm).
//!
//! Specificity comes first: exchanges are rare (about 2 % of records), so P, QRS and T must all agree where they can be seen.

use super::super::check::{Check, SIGNED_MV, Verdict};
use super::super::leads::Leads;
use crate::ecg::Lead;
use crate::measure::{LeadMeasures, Measurements};

/// What is exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Exchange {
    /// Right and left arm.
    RaLa,
    /// Right arm and left leg.
    RaLl,
    /// Right arm and right leg: II is the difference of the two legs.
    RaRl,
    /// Left arm and right leg: III is the difference of the two legs.
    LaRl,
    /// Heart on the right side.
    Dextrocardia,
}

/// Smaller waves have no sign, mV.
const WAVE_MV: f64 = 0.03;
/// A lead between the two legs shows less than this, mV.
const FLAT_MV: f64 = 0.1;
/// The other limb leads then show at least this, mV.
const LIVELY_MV: f64 = 0.3;

/// The exchange that the leads suggest, with its evidence.
pub(in super::super) fn judge(measurements: &Measurements) -> Option<(Exchange, Verdict)> {
    let leads = Leads::new(measurements, true);
    flat(&leads).or_else(|| inverted_two(&leads)).or_else(|| inverted_one(&leads))
}

/// Net QRS: its area, or R − S where no area was measured. The sign alone is used.
fn net(lead: &LeadMeasures) -> Option<f64> {
    lead.qrs_area_mvs.or_else(|| Some(lead.r_mv()? - lead.s_mv()?))
}

/// P, QRS and T all negative; P may be absent (fibrillation), then `absent` must hold beside it.
fn inverted(lead: &LeadMeasures, absent: bool) -> Option<String> {
    let p = match lead.p_mv {
        Some(p_mv) if p_mv <= -WAVE_MV => format!("P {}", SIGNED_MV.words(p_mv)),
        None if absent => "no P".to_owned(),
        _ => return None,
    };
    let t_mv = lead.t_mv.filter(|t_mv| *t_mv <= -WAVE_MV)?;
    let qrs = net(lead).filter(|net| *net < 0.0).map(|_| "net QRS negative")?;
    Some(format!("{} inverted: {p}, {qrs}, T {}", lead.lead, SIGNED_MV.words(t_mv)))
}

/// RA/LA turns I over; so does a heart on the right, but then R falls from V1 to V6.
fn inverted_one(leads: &Leads) -> Option<(Exchange, Verdict)> {
    let upright = leads.get(&Lead::AvR).is_some_and(|avr| net(avr).is_some_and(|net| net > 0.0));
    let words = inverted(leads.get(&Lead::I)?, upright)?;
    let (first, last) = (leads.get(&Lead::V1), leads.get(&Lead::V6).or_else(|| leads.get(&Lead::V5))?);
    let (r, s) = (last.r_mv()?, last.s_mv()?);
    let first_r = first.and_then(LeadMeasures::r_mv);
    let falls = first_r.is_some_and(|first_r| r < first_r) && s > r;
    if falls {
        let told = first_r.map_or(String::new(), |r| SIGNED_MV.words(r));
        let words = format!("{words}; R falls from {told} in V1 to {} in {}", SIGNED_MV.words(r), last.lead);
        return Some((Exchange::Dextrocardia, Verdict::all([Check::plain(true, words)])?));
    }
    let words = format!("{words}; R > S in {}, as usual", last.lead);
    (r > s && r >= LIVELY_MV)
        .then(|| Verdict::all([Check::plain(true, words)]).map(|verdict| (Exchange::RaLa, verdict)))?
}

/// RA/LL: I becomes −III, II becomes −II, III becomes −I, aVR and aVF change places. With the arms exchanged aVF keeps its sign.
fn inverted_two(leads: &Leads) -> Option<(Exchange, Verdict)> {
    let words = inverted(leads.get(&Lead::II)?, false)?;
    let (avr, foot) = (leads.get(&Lead::AvR)?, inverted(leads.get(&Lead::AvF)?, false)?);
    let upright = net(avr)? > 0.0 && avr.t_mv? > 0.0 && avr.p_mv? > 0.0;
    let words = format!("{words}; {foot}; P, QRS and T upright in aVR");
    upright.then(|| Verdict::all([Check::plain(true, words)]).map(|verdict| (Exchange::RaLl, verdict)))?
}

/// One bipolar lead shows the difference of the two legs: nearly nothing, P and T included.
fn flat(leads: &Leads) -> Option<(Exchange, Verdict)> {
    let [one, two, three] = leads.every([Lead::I, Lead::II, Lead::III])?;
    let lively = |lead: &LeadMeasures| lead.qrs_span_mv.is_some_and(|span| span >= LIVELY_MV);
    let still = |wave: Option<f64>| wave.is_none_or(|mv| mv.abs() < 0.5 * FLAT_MV);
    let of = |lead: &LeadMeasures, exchange| {
        let span_mv = lead.qrs_span_mv?;
        let check = Check::below(format!("QRS peak to peak {}", lead.lead), span_mv, FLAT_MV, SIGNED_MV);
        let quiet = still(lead.p_mv) && still(lead.t_mv);
        Verdict::all([Check { near: false, ..check }, Check::plain(quiet, "P and T flat there")])
            .map(|verdict| (exchange, verdict))
    };
    if lively(one) && lively(three) {
        return of(two, Exchange::RaRl);
    }
    if lively(one) && lively(two) { of(three, Exchange::LaRl) } else { None }
}
