//! From millivolts to the network's input: 12 leads, 10 s at 100 Hz, in units of 0.5 mV. The same code in training and
//! use. No scaling per record or lead: voltage is the sign of hypertrophy.

use std::ops::Range;

use crate::dsp::{Pass, Sos, filtfilt_together, median, resample};
use crate::error::{Error, Result};

use super::config::LEADS;

/// Samples a second of the input.
pub const RATE_HZ: f64 = 100.0;

/// Samples of one lead of the input: 10 s.
pub const SAMPLES: usize = 1000;

/// Edge of the high-pass that removes baseline wander (second order, forward and backward).
const HIGH_PASS_HZ: f64 = 0.5;

/// One unit of the input, in mV.
const UNIT_MV: f32 = 0.5;

/// Larger values, in units of the input, are cut.
const LIMIT: f32 = 10.0;

/// Longest stretch without samples that is bridged by a straight line; longer ones are silent.
const LONGEST_BRIDGE_S: f64 = 0.2;

/// Shortest stretch that is read at all.
const SHORTEST_S: f64 = 1.0;

/// Ten seconds of twelve leads, as the network reads them.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    inputs: Vec<f32>,
    present: [bool; LEADS],
    covered: usize,
}

impl Window {
    /// Prepares up to 10 s of samples in mV; what comes after 10 s is not read. Leads in the order I, II, III, aVR, aVL,
    /// aVF, V1 to V6, all starting at the same time; NaN = no sample. A missing lead (or one without any sample) is
    /// silent and flagged, a shorter stretch is filled with silence.
    ///
    /// # Errors
    /// No lead with samples, less than 1 s of samples, a rate outside 50 to 100,000 Hz, leads of unlike length.
    pub fn prepare(leads: [Option<&[f32]>; LEADS], rate_hz: f64) -> Result<Self> {
        if !(50.0..=100_000.0).contains(&rate_hz) {
            return Err(Error::unsupported(format!("the network cannot read {rate_hz} samples a second"))
                .cure("give a recording of 50 Hz or more"));
        }
        let longest = (10.0 * rate_hz).round() as usize;
        let lengths: Vec<usize> = leads.iter().flatten().map(|samples| samples.len().min(longest)).collect();
        let length = lengths.iter().copied().max().unwrap_or(0);
        if lengths.iter().any(|other| *other != length) {
            return Err(Error::read("the leads of one window differ in length"));
        }
        let filter = Sos::butterworth(2, Pass::High(HIGH_PASS_HZ), rate_hz)
            .filter(|_| length as f64 >= SHORTEST_S * rate_hz)
            .ok_or_else(|| Error::missing("less than one second of signal").cure("give a longer stretch"))?;
        let mut window =
            Self { inputs: vec![0.0; LEADS * SAMPLES], present: [false; LEADS], covered: covered(length, rate_hz) };
        let levelled: Vec<(usize, Levelled)> =
            (0..LEADS).filter_map(|lead| Some((lead, Levelled::new(&leads[lead]?[..length], rate_hz)?))).collect();
        for group in levelled.chunks(TOGETHER) {
            let beside: Vec<[f64; TOGETHER]> = (0..length)
                .map(|at| std::array::from_fn(|lane| group.get(lane).map_or(0.0, |(_, lead)| lead.samples_mv[at])))
                .collect();
            let filtered = filtfilt_together(&filter, &beside, (2.0 * rate_hz).round() as usize);
            for (lane, (lead, levelled)) in group.iter().enumerate() {
                let filtered: Vec<f32> = filtered.iter().map(|beside| beside[lane] as f32).collect();
                let into = &mut window.inputs[lead * SAMPLES..(lead + 1) * SAMPLES];
                fill(into, &filtered, rate_hz, &levelled.gaps);
                window.present[*lead] = true;
            }
        }
        if window.present.contains(&true) { Ok(window) } else { Err(Error::missing("no lead holds any sample")) }
    }

    /// A window of prepared values, `[lead, sample]` in units of 0.5 mV, as [`Window::inputs`] gives them.
    ///
    /// # Errors
    /// Another number of values than 12 x 1,000.
    pub fn from_inputs(inputs: Vec<f32>) -> Result<Self> {
        if inputs.len() != LEADS * SAMPLES {
            return Err(Error::model(format!("a window has {} values, not {}", LEADS * SAMPLES, inputs.len())));
        }
        let present = std::array::from_fn(|lead| inputs[lead * SAMPLES..][..SAMPLES].iter().any(|value| *value != 0.0));
        Ok(Self { inputs, present, covered: SAMPLES })
    }

    /// `[lead, sample]` in units of 0.5 mV, row by row.
    pub fn inputs(&self) -> &[f32] {
        &self.inputs
    }

    /// Which leads hold samples.
    pub fn present(&self) -> &[bool; LEADS] {
        &self.present
    }

    /// Samples of each lead that come from the recording; the rest is filled with silence.
    pub fn covered(&self) -> usize {
        self.covered
    }
}

fn covered(length: usize, rate_hz: f64) -> usize {
    ((length as f64 / rate_hz * RATE_HZ).ceil() as usize).min(SAMPLES)
}

/// Leads that are filtered together.
const TOGETHER: usize = 4;

/// A lead without its level and with its gaps bridged, and the gaps too long for that.
struct Levelled {
    samples_mv: Vec<f64>,
    gaps: Vec<Range<usize>>,
}

impl Levelled {
    /// `None` where the lead holds no sample.
    fn new(samples_mv: &[f32], rate_hz: f64) -> Option<Self> {
        let mut known: Vec<f32> = samples_mv.iter().copied().filter(|v| v.is_finite()).collect();
        let level = median(&mut known)?;
        let (mut bridged, gaps) = bridge(samples_mv, (LONGEST_BRIDGE_S * rate_hz) as usize);
        bridged.iter_mut().for_each(|value| *value -= f64::from(level));
        Some(Self { samples_mv: bridged, gaps })
    }
}

/// Fills a lead's place in the window; gaps stay silent.
fn fill(into: &mut [f32], filtered_mv: &[f32], rate_hz: f64, gaps: &[Range<usize>]) {
    let resampled = resample(filtered_mv, rate_hz, RATE_HZ);
    for (into, value) in into.iter_mut().zip(resampled) {
        *into = (value / UNIT_MV).clamp(-LIMIT, LIMIT);
    }
    for gap in gaps {
        let at = |sample: usize| (sample as f64 / rate_hz * RATE_HZ).round() as usize;
        let to = at(gap.end).min(into.len());
        into[at(gap.start).min(to)..to].fill(0.0);
    }
}

/// The samples with gaps bridged by straight lines (ends hold the nearest value), and the gaps longer than `longest`.
fn bridge(samples: &[f32], longest: usize) -> (Vec<f64>, Vec<Range<usize>>) {
    let mut out: Vec<f64> = samples.iter().map(|v| f64::from(*v)).collect();
    let mut gaps = Vec::new();
    let mut at = 0;
    while at < out.len() {
        if out[at].is_finite() {
            at += 1;
            continue;
        }
        let end = (at..out.len()).find(|i| out[*i].is_finite()).unwrap_or(out.len());
        let before = at.checked_sub(1).map(|i| out[i]);
        let after = out.get(end).copied();
        let (from, to) = (before.or(after).unwrap_or(0.0), after.or(before).unwrap_or(0.0));
        let steps = (end - at + 1) as f64;
        for (step, value) in out[at..end].iter_mut().enumerate() {
            *value = from + (to - from) * (step + 1) as f64 / steps;
        }
        if end - at > longest {
            gaps.push(at..end);
        }
        at = end;
    }
    (out, gaps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 1.2 Hz and its tenth harmonic around an offset, lead by lead larger.
    fn signal(lead: usize, length: usize, rate_hz: f64) -> Vec<f32> {
        let wave = |t: f64| (7.54 * t).sin() + 0.3 * (75.4 * t).sin();
        (0..length).map(|i| (1.5 + 0.1 * (lead + 1) as f64 * wave(i as f64 / rate_hz)) as f32).collect()
    }

    fn window(rate_hz: f64, length: usize) -> Window {
        let leads: Vec<Vec<f32>> = (0..LEADS).map(|lead| signal(lead, length, rate_hz)).collect();
        Window::prepare(std::array::from_fn(|lead| Some(&leads[lead][..])), rate_hz).unwrap()
    }

    #[test]
    fn voltage_survives_and_offset_does_not() {
        let window = window(500.0, 5000);
        for lead in 0..LEADS {
            let middle = &window.inputs()[lead * SAMPLES + 200..lead * SAMPLES + 800];
            let mean = middle.iter().sum::<f32>() / 600.0;
            let top = middle.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
            let expected = 0.1 * (lead + 1) as f32 / UNIT_MV;
            assert!(mean.abs() < 0.05 * expected, "lead {lead}: mean {mean}");
            assert!((0.9..1.35).contains(&(top / expected)), "lead {lead}: {top} of {expected}");
        }
    }

    #[test]
    fn the_rate_of_the_recording_does_not_matter() {
        let (a, b) = (window(500.0, 5000), window(1000.0, 10_000));
        // near the ends the filters lean on the last sample, which the two rates have at other times
        for (at, (a, b)) in a.inputs().iter().zip(b.inputs()).enumerate() {
            let inside = (100..SAMPLES - 100).contains(&(at % SAMPLES));
            assert!((a - b).abs() < if inside { 0.03 } else { 0.15 }, "{at}: {a} {b}");
        }
    }

    #[test]
    fn missing_and_short_leads_are_silent_and_flagged() {
        let (full, empty) = (signal(3, 1500, 500.0), vec![f32::NAN; 1500]);
        let mut leads = [None; LEADS];
        leads[1] = Some(&full[..]);
        leads[2] = Some(&empty[..]);
        let window = Window::prepare(leads, 500.0).unwrap();
        assert_eq!(window.present().iter().filter(|p| **p).count(), 1);
        assert_eq!(window.covered(), 300);
        assert!(window.inputs()[SAMPLES..SAMPLES + 300].iter().any(|v| *v != 0.0));
        assert!(window.inputs()[SAMPLES + 300..].iter().all(|v| *v == 0.0));
    }

    #[test]
    fn short_gaps_are_bridged_and_long_ones_silent() {
        let mut samples = signal(5, 5000, 500.0);
        samples[1000..1050].fill(f32::NAN);
        samples[3000..3500].fill(f32::NAN);
        let mut leads = [None; LEADS];
        leads[0] = Some(&samples[..]);
        let window = Window::prepare(leads, 500.0).unwrap();
        assert!(window.inputs().iter().all(|v| v.is_finite()));
        assert!(window.inputs()[600..700].iter().all(|v| *v == 0.0));
        assert!(window.inputs()[200..210].iter().any(|v| *v != 0.0));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let two = [0.1_f32; 2];
        let mut leads = [None; LEADS];
        assert!(Window::prepare(leads, 500.0).is_err());
        leads[0] = Some(&two[..]);
        assert!(Window::prepare(leads, 500.0).unwrap_err().to_string().contains("one second"));
        for rate_hz in [0.0, -5.0, f64::NAN, f64::INFINITY, 10.0] {
            assert!(Window::prepare(leads, rate_hz).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_samples_give_finite_bounded_input(
            samples in prop::collection::vec(prop_oneof![4 => -1e6_f32..1e6, 1 => Just(f32::NAN)], 500..900),
            rate_hz in 60.0..400.0_f64,
        ) {
            let mut leads = [None; LEADS];
            leads[7] = Some(&samples[..]);
            let window = Window::prepare(leads, rate_hz).unwrap();
            prop_assert!(window.inputs().iter().all(|v| v.is_finite() && v.abs() <= LIMIT));
        }
    }
}
