//! A window with one analysed recording, made by hand, for tests of commands and panels.

use std::sync::Arc;

use super::{Command, Done, Settings, State};
use crate::analysis::{
    AttentionMap, Certainty, Finding, Head, HeadResult, ModelIdentity, Prediction, Risk, RiskLevel, Segment,
    SegmentSource, Unwatched, analyze,
};
use crate::ecg::{Lead, Recording, Span, Trace};

/// Twelve leads, ten seconds, a narrow peak each second.
pub fn sample_recording() -> Recording {
    let peak = |lead: usize, index: usize| {
        let from_peak_s = (index % 500) as f32 / 500.0 - 0.5;
        (1.0 - 0.1 * lead as f32) * (-(from_peak_s / 0.012).powi(2)).exp()
    };
    let trace = |(lead, name): (usize, &Lead)| {
        let samples: Vec<f32> = (0..5000).map(|index| peak(lead, index)).collect();
        Trace::new(name.clone(), 500.0, samples)
    };
    let mut recording = Recording::new("test", Lead::STANDARD.iter().enumerate().map(trace).collect());
    recording.fingerprint = "f00d".into();
    recording
}

/// A segment of the network's attention.
fn segment(start_s: f64, leads: &[Lead]) -> Segment {
    let span = Span::new(start_s, start_s + 0.8);
    let key = format!("attention-{:.0}", start_s * 1000.0);
    let reason = "attention gathers here".to_owned();
    Segment { key, span, leads: leads.to_vec(), score: 0.5, source: SegmentSource::Attention, reason }
}

/// What a reading of it could be: the program's own, with a prediction, segments and findings put in by hand.
pub fn sample_analysis(recording: &Recording) -> crate::analysis::Analysis {
    let mut analysis = analyze(recording, &crate::analysis::Settings::default(), &Unwatched).expect("not cancelled");
    let heads = Head::ALL.map(|head| HeadResult {
        head,
        probability: if head == Head::Abnormal || head == Head::Conduction { 0.81 } else { 0.12 },
        operating_point: 0.5,
        high_certainty_point: Some(0.9),
    });
    analysis.prediction = Prediction {
        model: Some(ModelIdentity { id: "test-model".into(), sha256: "0123456789abcdef".into() }),
        heads: heads.to_vec(),
        qt: Some(heads[Head::Qt.index()]),
        predicted: vec![Head::Conduction],
        withheld: None,
        notes: Vec::new(),
    };
    let lanes = |_: &Lead| -> Arc<[f32]> { (0..250).map(|index| (index % 25) as f32 / 24.0).collect() };
    analysis.attention = vec![AttentionMap {
        head: Head::Conduction,
        span: Span::new(0.0, 10.0),
        lanes: Lead::STANDARD.iter().map(|lead| (lead.clone(), lanes(lead))).collect(),
        full_scale: 0.02,
    }];
    analysis.segments = vec![segment(1.0, &[Lead::V1]), segment(4.0, &[Lead::II, Lead::V5]), segment(8.0, &[Lead::V1])];
    analysis.risk = Risk {
        level: RiskLevel::Moderate,
        at_least: None,
        reasons: vec![
            "network: conduction disorder 0.81, operating point 0.50".into(),
            "pause: RR 2.3 s (2.0 s)".into(),
        ],
    };
    let finding = |statement: &str, leads: &[Lead], span| Finding {
        code: "test.finding",
        statement: statement.into(),
        leads: leads.to_vec(),
        span,
        evidence: "RR 2.3 s (2.0 s)".into(),
        source: "a guideline",
        certainty: Certainty::Met,
        level: RiskLevel::Moderate,
        supports: &[],
    };
    analysis.findings =
        vec![finding("Pause", &[], Some(Span::new(7.0, 9.0))), finding("Wide QRS", &[Lead::V1, Lead::V6], None)];
    analysis
}

/// The window after the sample was opened and read, lanes showing five seconds.
pub fn sample_state() -> State {
    let mut state = State::new(Settings::default());
    state.apply(Command::OpenSample);
    let document = state.active.expect("just opened");
    let recording = Arc::new(sample_recording());
    let analysis = Arc::new(sample_analysis(&recording));
    state.absorb(Done::Opened { document, result: Ok(recording) });
    let revision = state.document().expect("open").revision;
    state.absorb(Done::Analyzed { document, revision, result: Ok(analysis) });
    state.apply(Command::Laid(Arc::default(), 5.0));
    state.apply(Command::SelectSegment(1));
    state
}
