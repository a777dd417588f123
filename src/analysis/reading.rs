//! The network's reading of a recording, window by window, joined to one word; plain numbers only: the network itself stands behind [`Reader`].

use super::gather::gathered;
use super::input::{Readable, WindowLeads, bad_stretches, readable};
use super::join::{WindowMap, joined};
use super::prediction::{in_a_sentence, predicted};
use super::segments::key;
use super::windows::{cores, each};
use super::{AttentionMap, HeadResult, ModelIdentity, Prediction, Segment, SegmentSource, Watch, WindowReading};
use crate::ecg::{Recording, Span};
use crate::error::Result;
use crate::network::Head;
use crate::quality::Quality;

/// Recordings longer than this get no map over all of their time (a day of them would fill a gigabyte), s.
const MAPS_UP_TO_S: f64 = 7200.0;

/// What the network says of one window.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// One logit a head.
    pub logits: Vec<f32>,
    /// One raw map a head (12 × 125 values, lead by lead); empty where none is wanted.
    pub maps: Vec<Vec<f32>>,
}

/// A network, as the road sees it.
pub(super) trait Reader: Sync {
    /// Which model.
    fn identity(&self) -> ModelIdentity;

    /// Reads ten seconds; maps only where wanted.
    fn read(&self, leads: &WindowLeads, rate_hz: f64, maps: bool) -> Result<Answer>;

    /// Logits to calibrated results, one a head.
    fn results(&self, logits: &[f32]) -> Vec<HeadResult>;
}

/// All that comes of the network.
pub(super) struct Reading {
    pub prediction: Prediction,
    pub attention: Vec<AttentionMap>,
    pub windows: Vec<WindowReading>,
    pub segments: Vec<Segment>,
}

impl Reading {
    /// No reading, with the reason.
    pub(super) fn withheld(model: Option<ModelIdentity>, reason: impl Into<String>) -> Self {
        let prediction = Prediction::withheld(model, reason);
        Self { prediction, attention: Vec::new(), windows: Vec::new(), segments: Vec::new() }
    }
}

/// Reads the whole recording; progress goes from `share.0` to `share.1`.
pub(super) fn read(
    reader: &dyn Reader,
    recording: &Recording,
    quality: &Quality,
    share: (f32, f32),
    watch: &dyn Watch,
) -> Result<Reading> {
    read_on(cores(), reader, recording, quality, share, watch)
}

fn read_on(
    threads: usize,
    reader: &dyn Reader,
    recording: &Recording,
    quality: &Quality,
    share: (f32, f32),
    watch: &dyn Watch,
) -> Result<Reading> {
    let readable = match readable(recording, quality) {
        Ok(readable) => readable,
        Err(reason) => return Ok(Reading::withheld(Some(reader.identity()), reason)),
    };
    let bad = bad_stretches(quality);
    let maps = readable.end_s <= MAPS_UP_TO_S;
    let answers = each(readable.windows.len(), threads, share, watch, |index| {
        let leads = match readable.window(readable.windows[index], &bad) {
            Ok(leads) => leads,
            Err(reason) => return Ok(Err(reason)),
        };
        let present = std::array::from_fn(|lead| leads[lead].is_some());
        Ok(sound(reader.read(&leads, readable.rate_hz, maps)?).map(|answer| Seen { answer, present }))
    })?;
    Ok(join(reader, &readable, &answers))
}

/// A window that was read.
struct Seen {
    answer: Answer,
    present: [bool; 12],
}

/// An answer that is not a number is no answer.
fn sound(answer: Answer) -> Result<Answer, String> {
    let finite = answer.logits.len() == Head::ALL.len() && answer.logits.iter().all(|logit| logit.is_finite());
    if finite { Ok(answer) } else { Err("the network gave no number".to_owned()) }
}

fn join(reader: &dyn Reader, readable: &Readable, answers: &[Result<Seen, String>]) -> Reading {
    let windows = windows(reader, readable, answers);
    let seen: Vec<&Seen> = answers.iter().flatten().collect();
    if seen.is_empty() {
        let reason = answers.iter().find_map(|answer| answer.as_ref().err()).cloned().unwrap_or_default();
        let reason = if readable.long() { format!("no window can be read; the first: {reason}") } else { reason };
        return Reading { windows, ..Reading::withheld(Some(reader.identity()), reason) };
    }
    // the same order of addition whatever the threads: windows by time, in f64
    let mean =
        |head: usize| seen.iter().map(|seen| f64::from(seen.answer.logits[head])).sum::<f64>() / seen.len() as f64;
    let logits: Vec<f32> = (0..Head::ALL.len()).map(|head| mean(head) as f32).collect();
    let heads = reader.results(&logits);
    let predicted = predicted(&heads);
    let mut notes = readable.notes.clone();
    if readable.long() {
        notes.push(format!("mean of {} windows of ten seconds; single windows may say otherwise", seen.len()));
    }
    if seen.len() < answers.len() {
        notes.push(format!("{} of {} windows could not be read", answers.len() - seen.len(), answers.len()));
    }
    let attention = attention(readable, answers);
    if attention.is_empty() && readable.end_s > MAPS_UP_TO_S {
        notes.push(format!("no attention map over more than {:.0} hours", MAPS_UP_TO_S / 3600.0));
    }
    let segments = segments(&predicted, &attention, &windows, readable);
    let prediction = Prediction { model: Some(reader.identity()), heads, qt: None, predicted, withheld: None, notes };
    Reading { prediction, attention, windows, segments }
}

/// Results of each window; none where there is only one, as it says what the whole says.
fn windows(reader: &dyn Reader, readable: &Readable, answers: &[Result<Seen, String>]) -> Vec<WindowReading> {
    if !readable.long() {
        return Vec::new();
    }
    let spans = readable.windows.iter().copied();
    spans
        .zip(answers)
        .map(|(span, answer)| match answer {
            Ok(seen) => WindowReading { span, heads: without_qt(reader.results(&seen.answer.logits)), withheld: None },
            Err(reason) => WindowReading { span, heads: Vec::new(), withheld: Some(reason.clone()) },
        })
        .collect()
}

/// QT is measured over the whole recording.
fn without_qt(mut heads: Vec<HeadResult>) -> Vec<HeadResult> {
    heads.retain(|result| result.head != Head::Qt);
    heads
}

fn attention(readable: &Readable, answers: &[Result<Seen, String>]) -> Vec<AttentionMap> {
    let map = |head: &Head| {
        let of = |(span, answer): (&Span, &'_ Result<Seen, String>)| {
            let seen = answer.as_ref().ok()?;
            Some((*span, seen.answer.maps.get(head.index())?.as_slice().to_vec(), seen.present))
        };
        let parts: Vec<_> = readable.windows.iter().zip(answers).filter_map(of).collect();
        let windows: Vec<WindowMap> =
            parts.iter().map(|(span, values, present)| WindowMap { span: *span, values, present: *present }).collect();
        joined(*head, &windows, readable.end_s)
    };
    Head::ALL.iter().filter_map(map).collect()
}

/// Segments of the leading stated condition (the map of "abnormal" where it is none of the five); none for a normal reading.
fn segments(
    predicted: &[Head],
    attention: &[AttentionMap],
    windows: &[WindowReading],
    readable: &Readable,
) -> Vec<Segment> {
    let Some(leading) = predicted.first() else { return Vec::new() };
    let leading = if *leading == Head::Other { Head::Abnormal } else { *leading };
    if let Some(map) = attention.iter().find(|map| map.head == leading) {
        return gathered(map, |tile| !readable.long() || windows.iter().any(|window| speaks(window, leading, tile)));
    }
    positive_stretches(leading, windows)
}

/// Is the head over its operating point in a window that shares most of this tile?
fn speaks(window: &WindowReading, head: Head, tile: Span) -> bool {
    let shared_s = window.span.intersection(&tile).map_or(0.0, |span| span.duration_s());
    shared_s >= 4.9 && positive(window, head).is_some()
}

fn positive(window: &WindowReading, head: Head) -> Option<&HeadResult> {
    window.heads.iter().find(|result| result.head == head && result.positive())
}

/// Where there is no map: the windows in which the head is over its operating point, neighbours made one.
fn positive_stretches(head: Head, windows: &[WindowReading]) -> Vec<Segment> {
    let mut stretches: Vec<(Span, f32, f32)> = Vec::new();
    for window in windows {
        let Some(result) = positive(window, head) else { continue };
        match stretches.last_mut() {
            Some((span, highest, _)) if window.span.start_s <= span.end_s => {
                span.end_s = window.span.end_s;
                *highest = highest.max(result.probability);
            }
            _ => stretches.push((window.span, result.probability, result.operating_point)),
        }
    }
    let segment = |(span, highest, point): (Span, f32, f32)| Segment {
        key: key(&format!("attention.{}", head.key()), span),
        span,
        leads: crate::ecg::Lead::STANDARD.to_vec(),
        score: highest,
        source: SegmentSource::Attention,
        reason: format!(
            "the network suggests {} in these windows: probability up to {highest:.2} (operating point {point:.2})",
            in_a_sentence(head)
        ),
    };
    stretches.into_iter().map(segment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Unwatched;
    use crate::ecg::{Lead, Trace};
    use crate::quality::assess;

    /// Says "conduction" by the mean of V1 in the window, looks at V1 and V2 in the first second.
    struct Fake;

    impl Reader for Fake {
        fn identity(&self) -> ModelIdentity {
            ModelIdentity { id: "fake".into(), sha256: "0".into() }
        }

        fn read(&self, leads: &WindowLeads, _rate_hz: f64, maps: bool) -> Result<Answer> {
            let first = leads[6].as_ref().map_or(f32::NAN, |samples| samples[0]);
            let mut logits = vec![-3.0; 7];
            (logits[0], logits[2]) = (first * 10.0, first * 20.0);
            let mut map = vec![0.01; 1500];
            for lead in [6, 7] {
                map[lead * 125..lead * 125 + 12].fill(1.0);
            }
            Ok(Answer { logits, maps: if maps { vec![map; 7] } else { Vec::new() } })
        }

        fn results(&self, logits: &[f32]) -> Vec<HeadResult> {
            let result = |(head, logit): (&Head, &f32)| HeadResult {
                head: *head,
                probability: 1.0 / (1.0 + (-logit).exp()),
                operating_point: 0.5,
                high_certainty_point: None,
            };
            Head::ALL.iter().zip(logits).map(result).collect()
        }
    }

    /// Twelve beating leads; V1 carries a level that grows by `level` a minute from `start`.
    fn recording(duration_s: f64, start: f32, level: f32) -> Recording {
        let rate_hz = 250.0;
        let trace = |lead: Lead| {
            let shift = if lead == Lead::V1 { level } else { 0.0 };
            let samples: Vec<f32> = (0..(duration_s * rate_hz) as usize)
                .map(|i| {
                    let time_s = i as f64 / rate_hz;
                    let beat = (1.0 - (time_s % 0.8 - 0.3).abs() / 0.04).max(0.0) as f32;
                    start + beat + shift * (time_s / 60.0) as f32 + 0.02 * ((i * 7919) % 13) as f32 / 13.0
                })
                .collect();
            Trace::new(lead, rate_hz, samples)
        };
        Recording::new("test", Lead::STANDARD.map(trace).to_vec())
    }

    fn reading(recording: &Recording, threads: usize) -> Reading {
        let quality = assess(recording);
        read_on(threads, &Fake, recording, &quality, (0.0, 1.0), &Unwatched).expect("no error")
    }

    #[test]
    fn one_window_states_a_condition_and_where_it_looked() {
        let reading = reading(&recording(10.0, 0.2, 0.0), 1);
        assert_eq!(reading.prediction.predicted, [Head::Conduction]);
        assert!(reading.windows.is_empty() && reading.attention.len() == 7);
        assert_eq!(reading.segments[0].leads, [Lead::V1, Lead::V2]);
        assert!(reading.segments[0].reason.contains("attention for conduction disorder"));
    }

    #[test]
    fn a_normal_reading_flags_nothing() {
        let reading = reading(&recording(10.0, -0.2, 0.0), 1);
        assert!(reading.prediction.predicted.is_empty() && reading.segments.is_empty());
        assert_eq!(reading.prediction.abnormal(), Some(false));
    }

    #[test]
    fn long_recordings_are_read_in_windows_whatever_the_threads() {
        let long = recording(60.0, -0.3, 1.0);
        let one = reading(&long, 1);
        for threads in [2, 5] {
            let more = reading(&long, threads);
            assert_eq!((&one.prediction, &one.windows), (&more.prediction, &more.windows));
            assert_eq!((&one.attention, &one.segments), (&more.attention, &more.segments));
        }
        assert_eq!(one.windows.len(), 11);
        assert_eq!(one.windows[0].heads.len(), 6, "QT is measured");
        assert!(one.prediction.notes[0].starts_with("mean of 11 windows"));
    }

    #[test]
    fn too_few_leads_are_withheld_with_the_model_named() {
        let mut few = recording(10.0, 0.0, 0.0);
        few.traces.truncate(6);
        let reading = reading(&few, 1);
        assert!(reading.prediction.withheld.as_deref().is_some_and(|reason| reason.starts_with("fewer leads")));
        assert!(reading.prediction.model.is_some() && reading.prediction.heads.is_empty());
    }

    #[test]
    fn stretches_of_positive_windows_stand_in_for_a_map() {
        let result = |probability| HeadResult {
            head: Head::Arrhythmia,
            probability,
            operating_point: 0.5,
            high_certainty_point: None,
        };
        let window = |start: f64, probability| WindowReading {
            span: Span::new(start, start + 10.0),
            heads: vec![result(probability)],
            withheld: None,
        };
        let windows = [window(0.0, 0.2), window(5.0, 0.8), window(10.0, 0.9), window(30.0, 0.6)];
        let stretches = positive_stretches(Head::Arrhythmia, &windows);
        let spans: Vec<Span> = stretches.iter().map(|segment| segment.span).collect();
        assert_eq!(spans, [Span::new(5.0, 20.0), Span::new(30.0, 40.0)]);
    }
}
