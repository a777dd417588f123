//! The pattern family: rhythms that are told by what goes on between and across beats, and pacing spikes without their beat.
//!
//! Definitions: ESC 2022 on ventricular arrhythmia (Zeppenfeld), ESC 2019 on supraventricular tachycardia (Brugada); capture and sensing as commonly
//! defined; levels after critical-value lists. The numbers that stand for "regular", "changing" and "no QRS" are stated with the measures (`measure/patterns/`).

use super::case::Case;
use super::check::MS;
use super::judge::rhythm::Rhythm;
use super::leads::names;
use super::qt::line_ms as qt_line_ms;
use super::rate::leveled;
use super::rule::Rule;
use super::{Certainty, Condition, Finding, RiskLevel};
use crate::ecg::Span;
use crate::measure::{BeatClass, FlutterWaves, LoneSpike};

const ARRHYTHMIA: &[Condition] = &[Condition::Arrhythmia];
const PACING: &[Condition] = &[Condition::Arrhythmia, Condition::Other];
const FIBRILLATION: &str =
    "ventricular flutter and fibrillation: no QRS, waves of one or of changing shape (ESC 2022); critical-value lists";
const POLYMORPHIC: &str = "polymorphic ventricular tachycardia: QRS changes from beat to beat, > 100/min; with long QT torsades de pointes \
                           (ESC 2022)";
const FLUTTER: &str = "ESC 2019: regular atrial waves, 240 to 350/min, slower under drugs; levels as for fibrillation";
const MULTIFOCAL: &str =
    "three or more shapes of P, PR and RR vary; tachycardia above 100/min (ESC 2019); below it, wandering pacemaker";
const CAPTURE: &str = "pacing spike without QRS, more than once (common definition); critical-value lists";
const SENSE: &str = "pacing spike in the ST-T of a beat (common definition, no single source)";

/// The family.
pub(super) static RULES: &[Rule] = &[
    Rule::new("rhythm.ventricular_fibrillation", FIBRILLATION, ARRHYTHMIA, no_qrs).any_age(),
    Rule::new("rhythm.polymorphic_tachycardia", POLYMORPHIC, &[Condition::Arrhythmia, Condition::Qt], polymorphic),
    Rule::new("rhythm.atrial_flutter", FLUTTER, ARRHYTHMIA, flutter),
    Rule::new("rhythm.multifocal_atrial", MULTIFOCAL, ARRHYTHMIA, multifocal),
    Rule::new("pacing.no_capture", CAPTURE, PACING, no_capture),
    Rule::new("pacing.no_sense", SENSE, PACING, no_sense),
];

/// More places than this are told by the first ones.
const TOLD: usize = 20;

fn more(count: usize) -> String {
    if count > TOLD { format!("; the first {TOLD} of {count}") } else { String::new() }
}

fn no_qrs(rule: &Rule, case: &Case) -> Vec<Finding> {
    let all = &case.facts.patterns.no_qrs;
    let of = |found: &crate::measure::NoQrs| {
        let (start_s, length_s) = (found.span.start_s, found.span.duration_s());
        let statement = format!(
            "Consider ventricular flutter or fibrillation, a fast polymorphic tachycardia, or an artefact: waves without \
             QRS at {start_s:.1} s"
        );
        let evidence = format!(
            "{:.0} waves/min for {length_s:.0} s in {} of {} leads, and no QRS stands out of them{}",
            found.per_min,
            found.leads,
            found.of_leads,
            more(all.len())
        );
        let sure = if found.of_leads < 2 { Certainty::Review } else { Certainty::Met };
        rule.finding(statement, evidence).at(Some(found.span)).level(RiskLevel::Critical).sure(sure)
    };
    all.iter().take(TOLD).map(of).collect()
}

fn polymorphic(rule: &Rule, case: &Case) -> Vec<Finding> {
    let beats = case.facts.beats;
    let qtc = case.facts.measurements.qtc_fridericia_ms.value();
    let long = qtc.filter(|qtc| *qtc >= qt_line_ms(case.facts.sex));
    let of = |(first, last, shapes): &(usize, usize, usize)| {
        let span = Span::new(beats[*first].r_s - 0.1, beats[*last].r_s + 0.1);
        let count = last - first + 1;
        let rate = 60.0 * (count - 1) as f64 / (beats[*last].r_s - beats[*first].r_s).max(0.01);
        let named = match long {
            Some(_) => "torsades de pointes",
            None => "polymorphic ventricular tachycardia",
        };
        let statement = format!(
            "Consider {named}: wide QRS that change from beat to beat, {rate:.0}/min, at {:.1} s",
            span.start_s
        );
        let qt = qtc.map_or_else(
            || "QT of other beats not measured".to_owned(),
            |qtc| format!("QTcF {qtc:.0} ms{}", if long.is_some() { " (long)" } else { "" }),
        );
        let evidence =
            format!("{count} beats of {shapes} shapes; {rate:.0}/min > 100; {qt}{}", more(case.many_shapes.len()));
        rule.finding(statement, evidence).at(Some(span)).level(RiskLevel::Critical)
    };
    case.many_shapes.iter().take(TOLD).map(of).collect()
}

fn flutter(rule: &Rule, case: &Case) -> Vec<Finding> {
    let all = &case.facts.patterns.flutter;
    let of = |found: &FlutterWaves| {
        let inside: Vec<f64> =
            case.facts.beats.iter().map(|beat| beat.r_s).filter(|r_s| found.span.contains(*r_s)).collect();
        let between_s = inside.last().zip(inside.first()).map_or(0.0, |(last, first)| last - first);
        let rate = 60.0 * inside.len().saturating_sub(1) as f64 / between_s.max(0.01);
        let statement = format!(
            "Consider atrial flutter with variable conduction, {rate:.0}/min: regular atrial waves at {:.0}/min",
            found.per_min
        );
        let evidence = format!(
            "waves of {:.2} mV in {} make up {:.0} % of the signal where the ventricles are left out; {:.1} waves a beat{}; whether \
             it is new is not known",
            found.height_mv,
            names(&found.leads),
            100.0 * found.share,
            found.per_min / rate.max(1.0),
            more(all.len())
        );
        let least = if rate > 110.0 { RiskLevel::High } else { RiskLevel::Moderate };
        let sure = if found.leads.len() < 2 { Certainty::Review } else { Certainty::Met };
        let finding = rule.finding(statement, evidence).at(Some(found.span)).on(found.leads.clone()).sure(sure);
        leveled(finding, rate, least)
    };
    all.iter().take(TOLD).map(of).collect()
}

fn multifocal(rule: &Rule, case: &Case) -> Vec<Finding> {
    let rate = case.facts.measurements.heart_rate_bpm.value();
    let (Rhythm::Multifocal(verdict), Some(rate)) = (&case.rhythm, rate) else { return Vec::new() };
    let (name, least) = match rate > 100.0 {
        true => ("multifocal atrial tachycardia", RiskLevel::Moderate),
        false => ("a wandering atrial pacemaker", RiskLevel::Low),
    };
    let statement = format!("Consider {name}, {rate:.0}/min: P of several shapes");
    vec![leveled(rule.finding(statement, verdict.words.clone()).sure(verdict.sure), rate, least)]
}

/// A spike earlier than this after a QRS meets a heart that cannot answer, s; within this time after it a QRS is its answer.
const DEAF_S: f64 = 0.35;

/// Spikes that the ventricles should have answered.
fn unanswered<'a>(case: &Case<'a>) -> Vec<&'a LoneSpike> {
    let hidden = |at_s: f64| case.facts.signal.blind.iter().any(|blind| blind.contains(at_s));
    let alone = |spike: &&LoneSpike| {
        let ready = spike.after_qrs_s.is_none_or(|after_s| after_s > DEAF_S);
        ready && spike.before_qrs_s.is_none_or(|before_s| before_s > DEAF_S) && !spike.paces_atria
    };
    case.facts.patterns.lone_spikes.iter().filter(alone).filter(|spike| !hidden(spike.at_s)).collect()
}

/// Beats that follow a spike.
fn paced(case: &Case) -> usize {
    case.facts.beats.iter().filter(|beat| beat.class == BeatClass::Paced).count()
}

fn no_capture(rule: &Rule, case: &Case) -> Vec<Finding> {
    let lone = unanswered(case);
    let paced = paced(case);
    // without a beat that follows a spike the spikes may be something else: more of them are asked for
    let (least, sure) = if paced > 0 { (2, Certainty::Met) } else { (3, Certainty::Review) };
    let Some(first) = lone.first().filter(|_| lone.len() >= least) else { return Vec::new() };
    let (start_s, end_s) = (first.at_s, lone.last().map_or(first.at_s, |last| last.at_s));
    let told: Vec<String> = lone.iter().take(5).map(|spike| format!("{:.1}", spike.at_s)).collect();
    let dots = if lone.len() > told.len() { " …" } else { "" };
    let evidence = format!(
        "{} spikes at {}{dots} s, no QRS within {} after them; {paced} beats follow a spike",
        lone.len(),
        told.join(", "),
        MS.words(1000.0 * DEAF_S)
    );
    let finding = rule.finding("Consider failure to capture: pacing spikes without QRS", evidence);
    vec![finding.at(Some(Span::new(start_s, end_s + 0.1))).level(RiskLevel::Critical).sure(sure)]
}

fn no_sense(rule: &Rule, case: &Case) -> Vec<Finding> {
    let early = |spike: &&LoneSpike| spike.after_qrs_s.is_some_and(|after_s| after_s <= DEAF_S);
    let found: Vec<&LoneSpike> = case.facts.patterns.lone_spikes.iter().filter(early).collect();
    let least = if paced(case) > 0 { 2 } else { 3 };
    let Some(first) = found.first().filter(|_| found.len() >= least) else { return Vec::new() };
    let deaf = MS.words(1000.0 * DEAF_S);
    let evidence = format!("{} spikes within {deaf} after a QRS onset, the first at {:.1} s", found.len(), first.at_s);
    let finding = rule.finding("Consider failure to sense: pacing spikes in ST or T", evidence);
    let end_s = found.last().map_or(first.at_s, |last| last.at_s);
    vec![finding.at(Some(Span::new(first.at_s, end_s + 0.1))).level(RiskLevel::Moderate).sure(Certainty::Review)]
}
