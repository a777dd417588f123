//! One open recording: its study, how far its reading is, and where the reader stands in it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::{Finding, Head, Segment};
use crate::ecg::Recording;
use crate::formats::Hints;
use crate::review::Study;

/// Names a document for as long as the window lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub u64);

/// How far the reading is.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Not asked.
    Idle,
    /// On a worker.
    Running {
        /// 0 to 1.
        share: f32,
        /// What is being done.
        step: String,
    },
    /// The analysis stands in the study.
    Done,
    /// The reader stopped it.
    Cancelled,
    /// It could not be done, and why.
    Failed(String),
}

/// Where the reader stands in a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Second at the left edge of the lanes.
    pub start_s: f64,
    /// Seconds that the lanes show, as the canvas last told.
    pub visible_s: f64,
    /// Selected segment, by number.
    pub segment: Option<usize>,
    /// Selected finding of the rules, by number.
    pub finding: Option<usize>,
    /// The head whose attention is shown; `None` = the one that decides.
    pub head: Option<Head>,
    /// The note being typed for the selected segment.
    pub note: Option<String>,
    /// The reader's own impression as it is being typed.
    pub impression: Option<String>,
}

impl Default for View {
    fn default() -> Self {
        Self { start_s: 0.0, visible_s: 10.0, segment: None, finding: None, head: None, note: None, impression: None }
    }
}

/// The whole recording in few columns, for the strip below the lanes.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Lead it shows.
    pub lead: String,
    /// Seconds it covers.
    pub duration_s: f64,
    /// Lowest and highest value of each column, mV; NaN = nothing there.
    pub columns_mv: Vec<(f32, f32)>,
}

impl Overview {
    /// Columns kept: more than the widest screen has pixels.
    pub const COLUMNS: usize = 4096;

    /// The overview of a recording: lead II, else its first trace. Low and high of every column, nothing averaged.
    pub fn of(recording: &Recording) -> Option<Self> {
        let trace = recording.trace(&crate::ecg::Lead::II).or_else(|| recording.traces.first())?;
        let samples = &trace.samples_mv;
        let columns = Self::COLUMNS.min(samples.len());
        let columns_mv = (0..columns).map(|column| {
            let (start, end) = (column * samples.len() / columns, (column + 1) * samples.len() / columns);
            samples[start..(end + 1).min(samples.len())]
                .iter()
                .filter(|value| value.is_finite())
                .fold((f32::NAN, f32::NAN), |(low, high), value| (low.min(*value), high.max(*value)))
        });
        Some(Self {
            lead: trace.lead.name().to_owned(),
            duration_s: recording.duration_s(),
            columns_mv: columns_mv.collect(),
        })
    }
}

/// One open recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its name in the window.
    pub id: DocumentId,
    /// Where it came from; `None` = the built-in sample.
    pub path: Option<PathBuf>,
    /// Facts the reader gave.
    pub hints: Hints,
    /// `None` = still being opened.
    pub study: Option<Study>,
    /// How far its reading is.
    pub reading: Reading,
    /// Counts the readings asked for: an answer to an older one is dropped.
    pub revision: u64,
    /// Counts every change that a page could show.
    pub changes: u64,
    /// Where the reader stands.
    pub view: View,
    /// For the strip below the lanes.
    pub overview: Option<Arc<Overview>>,
}

impl Document {
    /// A document whose file is still being opened.
    pub fn opening(id: DocumentId, path: Option<PathBuf>, hints: Hints) -> Self {
        Self {
            id,
            path,
            hints,
            study: None,
            reading: Reading::Idle,
            revision: 0,
            changes: 0,
            view: View::default(),
            overview: None,
        }
    }

    /// The word on its tab.
    pub fn name(&self) -> String {
        match &self.path {
            Some(path) => {
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
            }
            None => "sample".to_owned(),
        }
    }

    /// Its recording, once open.
    pub fn recording(&self) -> Option<&Arc<Recording>> {
        self.study.as_ref().map(|study| &study.recording)
    }

    /// Its segments, once read.
    pub fn segments(&self) -> &[Segment] {
        self.study.as_ref().and_then(|study| study.analysis.as_ref()).map_or(&[], |analysis| &analysis.segments)
    }

    /// What the rules find, once read.
    pub fn findings(&self) -> &[Finding] {
        self.study.as_ref().and_then(|study| study.analysis.as_ref()).map_or(&[], |analysis| &analysis.findings)
    }

    /// The selected segment.
    pub fn selected(&self) -> Option<&Segment> {
        self.segments().get(self.view.segment?)
    }

    /// The head whose attention is shown: the chosen one, else the leading one, else Abnormal.
    pub fn heat_head(&self) -> Head {
        let analysis = self.study.as_ref().and_then(|study| study.analysis.as_ref());
        let stated = || analysis.map(|analysis| analysis.prediction.leading());
        let chosen = self.view.head.or_else(stated).unwrap_or(Head::Abnormal);
        match analysis {
            Some(analysis) if analysis.map(chosen).is_none() => {
                analysis.attention.first().map_or(chosen, |map| map.head)
            }
            _ => chosen,
        }
    }

    /// Length of the recording, s.
    pub fn duration_s(&self) -> f64 {
        self.recording().map_or(0.0, |recording| recording.duration_s())
    }

    /// Keeps the left edge inside the recording.
    pub fn scroll_to(&mut self, start_s: f64) {
        let last = (self.duration_s() - self.view.visible_s).max(0.0);
        self.view.start_s = if start_s.is_finite() { start_s.clamp(0.0, last) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecg::{Lead, Trace};

    #[test]
    fn the_overview_keeps_the_tips_and_the_gaps() {
        let mut samples = vec![0.0_f32; 100_000];
        samples[77_777] = 2.5;
        samples[10_000..20_000].fill(f32::NAN);
        let recording = Recording::new("test", vec![Trace::new(Lead::II, 250.0, samples)]);
        let overview = Overview::of(&recording).expect("one trace");
        assert_eq!(overview.columns_mv.len(), Overview::COLUMNS);
        assert!(overview.columns_mv.iter().any(|(_, high)| *high == 2.5));
        assert!(overview.columns_mv.iter().any(|(low, _)| low.is_nan()));
        assert_eq!(Overview::of(&Recording::new("test", vec![])), None);
    }

    #[test]
    fn the_left_edge_stays_inside() {
        let mut document = Document::opening(DocumentId(1), None, Hints::default());
        let recording = Recording::new("test", vec![Trace::new(Lead::II, 100.0, vec![0.0; 3000])]);
        document.study =
            Some(Study { file: "x".into(), recording: recording.into(), analysis: None, review: Default::default() });
        for (asked, got) in [(-5.0, 0.0), (12.0, 12.0), (99.0, 20.0), (f64::NAN, 0.0)] {
            document.scroll_to(asked);
            assert_eq!(document.view.start_s, got);
        }
    }
}
