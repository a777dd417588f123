//! A trained segmenter ready for use: a model's folder, or the one embedded in the program.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use candle_core::{Device, Tensor};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::network::ops::with_values;
use crate::network::weights::Weights;

use super::examples::CLASSES;
use super::input::{GRAIN, RATE_HZ, VALUES, interleaved, nearness, signal};
use super::net::Net;
use super::sizes::Sizes;

const SIZES: &str = include_str!("../../../models/wave-segmenter-v1/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../../models/wave-segmenter-v1/weights.safetensors");

/// Longer recordings are read in pieces of this length …
const PIECE_S: usize = 40;
/// … of which so much at both ends is left to the neighbours.
const SHARED_S: usize = 2;

/// One lead's samples.
#[derive(Debug, Clone, Copy)]
pub struct LeadSignal<'a> {
    /// Samples in mV, NaN = no sample.
    pub samples_mv: &'a [f32],
    /// Samples a second.
    pub rate_hz: f64,
}

/// Probabilities of P, QRS and T at [`RATE_HZ`], from the first sample on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segmentation {
    /// `[P, QRS, T]` for each sample of each lead; a lead that could not be read is empty.
    pub leads: Vec<Vec<[f32; 3]>>,
}

/// The wave segmenter with its weights. One thread reads one recording; many threads may share it.
pub struct Segmenter {
    net: Net,
    id: String,
    sha256: String,
}

impl Segmenter {
    /// The model embedded in the program, parsed once.
    ///
    /// # Errors
    /// The program was built without trained weights.
    pub fn embedded() -> Result<Arc<Self>> {
        static EMBEDDED: OnceLock<std::result::Result<Arc<Segmenter>, String>> = OnceLock::new();
        if WEIGHTS.is_empty() {
            return Err(Error::model("no trained wave segmenter is embedded"));
        }
        let parsed = EMBEDDED.get_or_init(|| Self::from_parts(SIZES, WEIGHTS).map(Arc::new).map_err(|e| e.to_string()));
        parsed.clone().map_err(Error::model)
    }

    /// A model's folder: `config.json` and `weights.safetensors`.
    ///
    /// # Errors
    /// A file that is missing, damaged, or of another network.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            std::fs::read(folder.join(name)).map_err(|e| {
                Error::model(format!("the segmenter's {name} cannot be read"))
                    .cure("give a folder that `ecg train` has written")
                    .in_file(folder.display().to_string())
                    .because(e)
            })
        };
        let sizes = String::from_utf8(read("config.json")?)
            .map_err(|_| Error::model("the segmenter's config.json is no text"))?;
        Self::from_parts(&sizes, &read("weights.safetensors")?).map_err(|e| e.in_file(folder.display().to_string()))
    }

    fn from_parts(sizes: &str, weights: &[u8]) -> Result<Self> {
        let sizes = Sizes::parse(sizes)?;
        let (net, _) = Net::new(Weights::read(weights)?, &sizes)?;
        let sha256 = Sha256::digest(weights).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { net, id: sizes.id, sha256 })
    }

    /// Name of the model: that of its folder.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// SHA-256 of the weights' file, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Reads the leads of one recording, which start together; `beats_s` from their first sample. Any length in linear time, on this thread alone.
    ///
    /// # Errors
    /// None in use: a failure of the network's own arithmetic.
    pub fn read(&self, leads: &[LeadSignal<'_>], beats_s: &[f64]) -> Result<Segmentation> {
        let signals: Vec<Option<Vec<f32>>> =
            leads.iter().map(|lead| signal(lead.samples_mv, lead.rate_hz, beats_s)).collect();
        let rows: Vec<&[f32]> = signals.iter().flatten().map(Vec::as_slice).collect();
        let longest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let near = nearness(beats_s, longest);
        let mut found: Vec<Vec<[f32; 3]>> = rows.iter().map(|row| Vec::with_capacity(row.len())).collect();
        let rate = RATE_HZ as usize;
        let (piece, shared) = (PIECE_S * rate / GRAIN * GRAIN, SHARED_S * rate);
        let mut done = 0;
        while done < longest {
            let first = done.saturating_sub(shared) / GRAIN * GRAIN;
            let end = (first + piece).min(longest);
            let until = if end == longest { longest } else { end - shared };
            let part = |row: &&[f32]| -> Vec<f32> {
                (first..end).map(|index| row.get(index).copied().unwrap_or(0.0)).collect()
            };
            let parts: Vec<Vec<f32>> = rows.iter().map(part).collect();
            let parts: Vec<&[f32]> = parts.iter().map(Vec::as_slice).collect();
            let (values, length) = interleaved(&parts, &near[first..end]);
            let failed = |e| Error::model("the wave segmenter failed").because(e);
            let x = Tensor::from_vec(values, (parts.len(), length, VALUES), &Device::Cpu).map_err(failed)?;
            let logits = self.net.forward(&x).map_err(failed)?;
            with_values(&logits, |logits| {
                for (lead, (into, row)) in found.iter_mut().zip(&rows).enumerate() {
                    let lead = &logits[lead * length * CLASSES..];
                    let until = until.min(row.len());
                    into.extend(
                        (done..until).map(|index| probabilities(&lead[(index - first) * CLASSES..][..CLASSES])),
                    );
                }
            })
            .map_err(failed)?;
            done = until;
        }
        let mut found = found.into_iter();
        let leads = signals.iter().map(|signal| signal.as_ref().and_then(|_| found.next()).unwrap_or_default());
        Ok(Segmentation { leads: leads.collect() })
    }
}

/// Softmax without the class "none".
fn probabilities(logits: &[f32]) -> [f32; 3] {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let parts: [f32; CLASSES] = std::array::from_fn(|class| (logits[class] - top).exp());
    let scale = 1.0 / parts.iter().sum::<f32>();
    [parts[1] * scale, parts[2] * scale, parts[3] * scale]
}
