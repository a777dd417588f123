//! The one road: quality → beats → denoised leads → measurements → rules → network → segments → risk → provenance.

use super::facts::{signal_facts, silent};
use super::model::chosen;
use super::qt::judged;
use super::reading::{Reading, read};
use super::segments::{in_order, of_quality, of_rules};
use super::urgency::risk;
use super::waves::waves;
use super::{Analysis, Prediction, Provenance, Settings, Watch};
use crate::denoise::denoise;
use crate::ecg::Recording;
use crate::error::{Error, Result};
use crate::measure::{Measuring, detect_beats, measure};
use crate::quality::assess;
use crate::rules::{Facts, RULES, apply};

/// Computes everything that is known of a recording. A recording that cannot be read gives an analysis that says so; the only error is a
/// cancelled watch or a model folder that does not fit. The same recording and settings give the same analysis, whatever the number of threads.
pub fn analyze(recording: &Recording, settings: &Settings, watch: &dyn Watch) -> Result<Analysis> {
    let step = |share: f32, words: &str| {
        watch.progress(share, words);
        if watch.cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    };
    step(0.0, "signal quality")?;
    let quality = assess(recording);
    let usable = quality.usable_leads();
    step(0.1, "beats")?;
    let beats = detect_beats(&recording.traces, &usable);
    step(0.15, "waves")?;
    let (beats, waves) = waves(recording, &usable, beats, settings)?;
    let mut signal = signal_facts(recording, &quality);
    signal.silent = silent(recording, &usable, &beats);
    let Measuring { beats, medians, measurements, patterns } =
        measure(&recording.traces, &usable, &beats, &waves, &signal.blind);
    step(0.2, "denoising")?;
    let r_s: Vec<f64> = beats.iter().map(|beat| beat.r_s).collect();
    let denoised = denoise(&recording.traces, &r_s, &settings.denoise);
    step(0.6, "rules")?;
    let facts = Facts {
        beats: &beats,
        waves: &waves,
        measurements: &measurements,
        patterns: &patterns,
        signal: &signal,
        age_years: recording.patient.age_years,
        sex: recording.patient.sex,
    };
    let findings = apply(RULES, &facts);
    step(0.65, "network")?;
    let reading = match chosen(&settings.model)? {
        Ok(model) => read(&model, recording, &quality, (0.65, 0.98), watch)?,
        Err(reason) => Reading::withheld(None, reason),
    };
    let Reading { mut prediction, attention, windows, mut segments } = reading;
    judged(&mut prediction, &facts);
    segments.extend(of_quality(&quality));
    segments.extend(of_rules(&findings, recording));
    let risk = risk(&quality, &findings, &prediction);
    let provenance = provenance(recording, settings, &prediction);
    step(1.0, "done")?;
    Ok(Analysis {
        quality,
        denoised,
        beats,
        waves,
        medians,
        measurements,
        prediction,
        attention,
        windows,
        segments: in_order(segments),
        findings,
        risk,
        provenance,
    })
}

fn provenance(recording: &Recording, settings: &Settings, prediction: &Prediction) -> Provenance {
    let denoise = settings.denoise;
    let options = [
        ("denoise.baseline", denoise.baseline.to_string()),
        ("denoise.morlet", denoise.morlet.to_string()),
        ("denoise.daubechies", denoise.daubechies.to_string()),
        ("denoise.gain", denoise.gain.map_or("judged".to_owned(), |gain| gain.to_string())),
        ("model", settings.model.name().to_owned()),
        ("segmenter", settings.segmenter.name().to_owned()),
    ];
    Provenance {
        program: format!("einthoven {}", env!("CARGO_PKG_VERSION")),
        recording_sha256: recording.fingerprint.to_string(),
        model: prediction.model.clone(),
        options: options.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}
