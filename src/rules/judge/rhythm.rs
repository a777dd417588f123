//! The leading rhythm of a record, from beats, P waves and QRS. What cannot be named is said to be unnamed, with the reason.
//!
//! Sinus: P before each QRS, of constant PR, axis 0 to 75° (Surawicz & Knilans; 2018 ACC/AHA/HRS for rates). Shares and scatters that stand for
//! "each" and "constant" are ours.

use super::super::Certainty;
use super::super::check::{Check, DEGREES, MS, PER_MIN, Verdict};
use super::super::facts::Facts;
use super::super::leads::Leads;
use super::atrial::{Atrial, Block, p_before};
use super::fibrillation::Stretch;
use super::intervals::{irregular, irregularity, rr_s};
use super::patterns::multifocal;
use crate::ecg::Lead;
use crate::measure::BeatClass;

/// The leading rhythm.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Rhythm {
    /// Neither rate nor rhythm can be told.
    Unmeasured(String),
    /// Most beats are paced.
    Paced(Verdict),
    /// P and QRS independent: told by the AV family.
    Dissociated,
    /// Sinus.
    Sinus(Verdict),
    /// P before each QRS from elsewhere in the atria, at most 100/min.
    Ectopic(Verdict),
    /// Fibrillation over (nearly) the whole record: told stretch by stretch.
    Fibrillation,
    /// Flutter over (nearly) the whole record: told by the pattern family.
    Flutter,
    /// P before each QRS, of three shapes or more, at irregular RR.
    Multifocal(Verdict),
    /// Wide beats that change their shape over (nearly) the whole record: told by the pattern family.
    ManyShapes,
    /// Over 100/min, regular, narrow, not sinus.
    NarrowTachycardia(Verdict),
    /// Over 100/min, wide, not sinus.
    WideTachycardia(Verdict),
    /// Regular, narrow, no P, at most 100/min.
    Junctional(Verdict),
    /// Regular, wide, no P, at most 100/min.
    WideEscape(Verdict),
    /// Measured, but no pattern fits.
    Unnamed(String),
}

impl Rhythm {
    /// Does a statement of the rhythm family name the rate? Not one of doubtful P waves: the rate is sure, whatever leads it.
    pub(in super::super) fn tells_rate(&self) -> bool {
        let unnamed =
            matches!(self, Rhythm::Unmeasured(_) | Rhythm::Unnamed(_) | Rhythm::Paced(_) | Rhythm::Dissociated);
        !unnamed && self.doubtful_sinus().is_none()
    }

    /// Sinus rhythm that the reader must confirm.
    pub(in super::super) fn doubtful_sinus(&self) -> Option<&Verdict> {
        match self {
            Rhythm::Sinus(verdict) if verdict.sure == Certainty::Review => Some(verdict),
            _ => None,
        }
    }

    /// Sinus?
    pub(in super::super) fn sinus(&self) -> bool {
        matches!(self, Rhythm::Sinus(_))
    }
}

/// P before at least this share of the QRS is "each"; down to [`SOME`] it is to be reviewed.
const EACH: f64 = 0.8;
const SOME: f64 = 0.6;
/// P before fewer QRS than this is "no P".
const NO_P: f64 = 0.2;
/// PR is constant up to this standard deviation, ms.
const CONSTANT_MS: f64 = 30.0;
/// The leading share of beats or time.
const MOST: f64 = 0.8;

/// More than half of the beats are paced.
pub(in super::super) fn paced(facts: &Facts) -> bool {
    let paced = facts.beats.iter().filter(|beat| beat.class == BeatClass::Paced).count();
    paced > 0 && 2 * paced >= facts.beats.len()
}

/// The leading rhythm.
pub(in super::super) fn judge(
    facts: &Facts,
    leads: &Leads,
    atrial: &Atrial,
    fibrillation: &[Stretch],
    many_shapes: &[(usize, usize, usize)],
) -> Rhythm {
    let measured = &facts.measurements;
    let Some(rate) = measured.heart_rate_bpm.value() else {
        return Rhythm::Unmeasured(measured.heart_rate_bpm.reason().unwrap_or("not measured").to_owned());
    };
    let count = facts.beats.iter().filter(|beat| beat.class == BeatClass::Paced).count();
    let paced_words = format!("{count} of {} beats paced", facts.beats.len());
    if let Some(verdict) = Verdict::all([Check::plain(paced(facts), paced_words)]) {
        return Rhythm::Paced(verdict);
    }
    let block = atrial.block.as_ref().map(|found| found.block);
    if block == Some(Block::Complete) {
        return Rhythm::Dissociated;
    }
    let whole_s = facts.beats.last().zip(facts.beats.first()).map_or(0.0, |(last, first)| last.r_s - first.r_s);
    if fibrillation.iter().map(|stretch| stretch.span.duration_s()).sum::<f64>() >= MOST * whole_s
        && whole_s > 0.0
        && fibrillation.iter().all(|stretch| stretch.enough)
    {
        return Rhythm::Fibrillation;
    }
    let flutter_s: f64 = facts.patterns.flutter.iter().map(|stretch| stretch.span.duration_s()).sum();
    if flutter_s >= MOST * whole_s && whole_s > 0.0 {
        return Rhythm::Flutter;
    }
    let changing: usize = many_shapes.iter().map(|(first, last, _)| last - first + 1).sum();
    if changing as f64 >= MOST * facts.beats.len() as f64 && changing > 0 {
        return Rhythm::ManyShapes;
    }
    if let Some(verdict) = multifocal(facts) {
        return Rhythm::Multifocal(verdict);
    }
    let before = p_before(facts, 0..facts.beats.len());
    let share = before.map(|(share, _)| share).or_else(|| Some(measured.p_share_percent.value()? / 100.0));
    let Some(share) = share else {
        let why = measured.p_share_percent.reason().unwrap_or("not measured");
        return Rhythm::Unnamed(format!("P waves: {why}"));
    };
    let scatter_ms = before.and_then(|(_, sd)| sd).or_else(|| measured.pr_sd_ms.value());
    let dropped = matches!(block, Some(Block::Wenckebach | Block::Untyped));
    let constant = dropped || scatter_ms.is_none_or(|sd| sd <= CONSTANT_MS);
    let told = format!("P before {:.0} % of QRS", 100.0 * share);
    if share >= SOME && constant {
        let found = led_by_p(leads, share, told.clone());
        if let Some(found) = found {
            return match found {
                Rhythm::Ectopic(verdict) if rate > 100.0 => Rhythm::NarrowTachycardia(verdict).of_width(facts, rate),
                other => other,
            };
        }
    }
    let rr_s = rr_s(facts, facts.beats);
    let Some(ratio) = irregularity(&rr_s) else { return Rhythm::Unnamed("too few RR to judge".to_owned()) };
    if irregular(&rr_s) {
        return Rhythm::Unnamed(format!("RR differ from beat to beat by {:.0} %; {told}", 100.0 * ratio));
    }
    let told = format!("RR differ from beat to beat by {:.0} % ≤ 10 %; {told}", 100.0 * ratio);
    if share > NO_P && (rate <= 100.0 || share >= SOME) {
        return Rhythm::Unnamed(told);
    }
    match Verdict::all([Check::plain(true, told)]) {
        Some(verdict) => Rhythm::Junctional(verdict).of_width(facts, rate),
        None => Rhythm::Unnamed(String::new()),
    }
}

/// P before the QRS: from the sinus, from elsewhere, or not to be told.
fn led_by_p(leads: &Leads, share: f64, told: String) -> Option<Rhythm> {
    let each = Check { near: false, ..Check::plain(true, told) };
    let review = |verdict: Verdict| Verdict { sure: Certainty::Review, ..verdict };
    let checked = |verdict: Verdict| if share >= EACH { verdict } else { review(verdict) };
    let p_mv = |lead: &Lead| leads.get(lead).and_then(|measures| measures.p_mv);
    let Some(axis) = leads.axis_p_deg() else {
        let upright = p_mv(&Lead::II).is_some_and(|p_mv| p_mv > 0.0);
        let words = if upright { "P upright in II; its axis is not measured" } else { "axis of P is not measured" };
        return Verdict::all([each]).map(|verdict| Rhythm::Sinus(review(verdict.and(words))));
    };
    let words = Check::plain(true, format!("axis of P {} within 0…75°", DEGREES.words(axis)));
    if (0.0..=75.0).contains(&axis) {
        return Verdict::all([each, words]).map(|verdict| Rhythm::Sinus(checked(verdict)));
    }
    if (-15.0..=90.0).contains(&axis) {
        let words =
            Check { near: true, ..Check::plain(true, format!("axis of P {} near 0…75°", DEGREES.words(axis))) };
        return Verdict::all([each, words]).map(|verdict| Rhythm::Sinus(checked(verdict)));
    }
    let inferior = [Lead::II, Lead::III, Lead::AvF].iter().filter_map(&p_mv).filter(|p_mv| *p_mv < 0.0).count();
    let words = format!("axis of P {} outside 0…75°, P negative in {inferior} of II, III, aVF", DEGREES.words(axis));
    Verdict::all([each, Check::plain(true, words)]).map(|verdict| Rhythm::Ectopic(checked(verdict)))
}

impl Rhythm {
    /// Narrow or wide, slow or fast: for rhythms that the sinus does not lead.
    fn of_width(self, facts: &Facts, rate: f64) -> Self {
        let (Rhythm::Junctional(verdict) | Rhythm::NarrowTachycardia(verdict)) = self else { return self };
        let Some(qrs_ms) = facts.measurements.qrs_ms.value() else {
            return Rhythm::Unnamed(format!("{}; width of QRS not measured", verdict.words));
        };
        let (wide, fast) = (Check::at_least("QRS", qrs_ms, 120.0, MS), Check::above("rate", rate, 100.0, PER_MIN));
        let width = if wide.met { wide } else { Check::below("QRS", qrs_ms, 120.0, MS) };
        let is_wide = qrs_ms >= 120.0;
        let near = width.near || (fast.met && fast.near);
        let sure = if near && verdict.sure == Certainty::Met { Certainty::Borderline } else { verdict.sure };
        let rate_words = if fast.met { format!("{}; ", fast.words) } else { String::new() };
        let verdict = Verdict { words: format!("{rate_words}{}; {}", width.words, verdict.words), sure };
        match (is_wide, fast.met) {
            (true, true) => Rhythm::WideTachycardia(verdict),
            (false, true) => Rhythm::NarrowTachycardia(verdict),
            (true, false) => Rhythm::WideEscape(verdict),
            (false, false) => Rhythm::Junctional(verdict),
        }
    }
}
