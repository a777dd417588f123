//! Studies made by hand, with every part filled or missing as a test wants it. No figure here stands for a patient.

use std::sync::Arc;

use einthoven::analysis::{
    Analysis, AttentionMap, Beat, BeatClass, Certainty, Finding, Head, HeadResult, LeadQuality, Measured, Measurements,
    ModelIdentity, Prediction, Provenance, Quality, Risk, RiskLevel, Segment, SegmentSource, Usable, Waves,
};
use einthoven::denoise::Denoised;
use einthoven::ecg::{Lead, Patient, Recording, Sex, Span, Trace};
use einthoven::review::{Edit, Review, Study, Verdict};

/// Samples per second of every study here.
pub const RATE_HZ: f64 = 500.0;

/// A trace of beats at 70/min with P, QRS and T as bells, and a little hum.
pub fn beats(lead: &Lead, seconds: f64) -> Trace {
    let number = lead.standard_index().unwrap_or(1) as f64;
    let bell = |time_s: f64, centre_s: f64, width_s: f64| (-((time_s - centre_s) / width_s).powi(2) / 2.0).exp();
    let size = (1.3 - 0.13 * number) * if *lead == Lead::AvR { -1.0 } else { 1.0 };
    let sample = |index: usize| {
        let time_s = index as f64 / RATE_HZ;
        let phase_s = time_s % 0.857;
        let wave = 0.12 * bell(phase_s, 0.2, 0.025) - 0.1 * bell(phase_s, 0.345, 0.008)
            + size * bell(phase_s, 0.36, 0.010)
            - 0.25 * bell(phase_s, 0.38, 0.010)
            + 0.25 * size.signum() * bell(phase_s, 0.60, 0.045);
        (wave + 0.015 * (time_s * 50.0 * std::f64::consts::TAU).sin()) as f32
    };
    let samples: Vec<f32> = (0..(seconds * RATE_HZ) as usize).map(sample).collect();
    Trace::new(lead.clone(), RATE_HZ, samples)
}

/// A recording of these leads with a patient.
pub fn recording(leads: &[Lead], seconds: f64) -> Recording {
    let mut recording = Recording::new("wfdb", leads.iter().map(|lead| beats(lead, seconds)).collect());
    recording.fingerprint = "5f2c".repeat(16).into();
    recording.started_at = Some("2026-03-14T09:26:53".parse().expect("a time"));
    recording.device = Some("Recorder 3".to_owned());
    recording.filters = Some("0.05–150 Hz".to_owned());
    recording.patient = Patient {
        name: Some("Ångström, Grüße".to_owned()),
        id: Some("PT-000123".to_owned()),
        birth_date: Some("1957-11-02".parse().expect("a date")),
        age_years: Some(68),
        sex: Some(Sex::Female),
    };
    recording
}

/// The model of every prediction here.
pub fn model() -> ModelIdentity {
    ModelIdentity { id: "foundational-ecgnet-v1".into(), sha256: "9b1e4f07".repeat(8).into() }
}

/// Seven results, arrhythmia over its point.
pub fn prediction() -> Prediction {
    let probability = |head: Head| [0.82, 0.71, 0.12, 0.08, 0.03, 0.21, 0.17][head.index()];
    let result = |head: Head| HeadResult {
        head,
        probability: probability(head),
        operating_point: 0.5,
        high_certainty_point: Some(0.9),
    };
    Prediction {
        model: Some(model()),
        heads: Head::ALL.map(result).to_vec(),
        qt: Some(result(Head::Qt)),
        predicted: vec![Head::Arrhythmia],
        withheld: None,
        notes: Vec::new(),
    }
}

/// A segment of a second and a half.
pub fn segment(start_s: f64, leads: &[Lead], source: SegmentSource) -> Segment {
    let span = Span::new(start_s, start_s + 1.5);
    Segment {
        key: format!("{}:{:.0}-{:.0}", source.name(), span.start_s * 1e3, span.end_s * 1e3),
        span,
        leads: leads.to_vec(),
        score: 0.62,
        source,
        reason: "attention of arrhythmia gathers here".to_owned(),
    }
}

/// An analysis of the recording with every part filled.
pub fn analysis(recording: &Recording) -> Analysis {
    let smooth = |trace: &Trace| {
        let samples = &trace.samples_mv;
        let around = |index: usize| {
            let window = &samples[index.saturating_sub(5)..(index + 5).min(samples.len())];
            window.iter().sum::<f32>() / window.len() as f32
        };
        Trace { samples_mv: (0..samples.len()).map(around).collect(), ..trace.clone() }
    };
    let wave = |number: usize| -> Arc<[f32]> {
        let value = |cell: usize| (-((cell as f32 - 60.0 - 8.0 * number as f32) / 9.0).powi(2)).exp();
        (0..250).map(value).collect()
    };
    let lanes = recording.traces.iter().enumerate();
    let map = |head| AttentionMap {
        head,
        span: Span::new(0.0, 10.0),
        lanes: lanes.clone().map(|(number, trace)| (trace.lead.clone(), wave(number))).collect(),
        full_scale: 0.0374,
    };
    let value = |value: f64| Measured::new(value, 11);
    Analysis {
        quality: Quality {
            usable: Usable::Limited,
            reasons: vec!["mains hum in V4".to_owned()],
            leads: recording
                .traces
                .iter()
                .map(|trace| LeadQuality {
                    lead: trace.lead.clone(),
                    usable: Usable::Good,
                    snr_db: Some(21.5),
                    clean_share: 1.0,
                })
                .collect(),
            defects: Vec::new(),
        },
        denoised: Denoised {
            traces: recording.traces.iter().map(smooth).collect(),
            method: "baseline 0.8 Hz · Morlet 12–100 Hz · db6".to_owned(),
            notes: Vec::new(),
        },
        beats: (0..11)
            .map(|beat| Beat { r_s: 0.36 + 0.857 * f64::from(beat), class: BeatClass::Normal, confidence: 0.97 })
            .collect(),
        measurements: Measurements {
            heart_rate_bpm: value(70.01),
            rr_ms: value(857.0),
            rr_min_ms: value(855.0),
            rr_max_ms: value(859.0),
            rr_sd_ms: Measured::none("fewer than 12 beats"),
            ..Measurements::none("not measured")
        },
        waves: Waves::default(),
        medians: None,
        prediction: prediction(),
        attention: Head::ALL.map(map).to_vec(),
        windows: Vec::new(),
        segments: vec![
            segment(2.0, &[Lead::II, Lead::V1], SegmentSource::Attention),
            segment(6.5, &[Lead::V4], SegmentSource::Quality),
        ],
        findings: vec![Finding {
            code: "rate.normal",
            statement: "rate 70 /min".to_owned(),
            leads: Vec::new(),
            span: None,
            evidence: "70 /min, 50 to 100".to_owned(),
            source: "AHA/ACCF/HRS 2009",
            certainty: Certainty::Met,
            level: RiskLevel::Low,
            supports: &[],
        }],
        risk: Risk {
            level: RiskLevel::Moderate,
            at_least: None,
            reasons: vec!["network suggests arrhythmia 0.71 (operating point 0.50), no rule supports it".to_owned()],
        },
        provenance: Provenance {
            program: "einthoven 0.1.0".to_owned(),
            recording_sha256: recording.fingerprint.to_string(),
            model: Some(model()),
            options: vec![("baseline".to_owned(), "on".to_owned())],
        },
    }
}

/// A study of a recording, analysed, not reviewed.
pub fn study_of(recording: Recording) -> Study {
    let analysis = analysis(&recording);
    Study {
        file: "records/00001.hea".to_owned(),
        analysis: Some(Arc::new(analysis)),
        recording: Arc::new(recording),
        review: Review::default(),
    }
}

/// Twelve leads, ten seconds, everything known.
pub fn full() -> Study {
    study_of(recording(&Lead::STANDARD, 10.0))
}

/// As [`full`], with a reviewer and a decision.
pub fn reviewed() -> Study {
    let mut study = full();
    let at = "2026-03-15T10:00:00Z".parse().expect("a time");
    let key = study.analysis.as_ref().map(|analysis| analysis.segments[0].key.clone()).unwrap_or_default();
    study.review.apply(at, Edit::Decide { segment: key.clone(), verdict: Some(Verdict::Accepted) });
    study.review.apply(at, Edit::Note { segment: key, note: "short run, compare with an earlier ECG".to_owned() });
    study.review.apply(at, Edit::Impression("Sinus rhythm with a short run".to_owned()));
    study.review.apply(at, Edit::Reviewer(Some("Dr. M. Keller".to_owned())));
    study
}

/// The same study with another analysis.
pub fn with(mut study: Study, change: impl FnOnce(&mut Analysis)) -> Study {
    if let Some(analysis) = &mut study.analysis {
        change(Arc::make_mut(analysis));
    }
    study
}
