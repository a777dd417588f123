//! A trained segmenter ready for use: a model's folder, or the one embedded in the program.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use candle_core::{Device, Result as Candle, Tensor};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::network::ops::{add, softmax_rows, with_values};
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

/// So many leads go through the network at a time.
const TOGETHER: usize = 3;

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
    parameters: usize,
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
        let (net, parameters) = Net::new(Weights::read(weights)?, &sizes)?;
        let parameters = parameters.iter().map(|parameter| parameter.var.elem_count()).sum();
        let sha256 = Sha256::digest(weights).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { net, id: sizes.id, sha256, parameters })
    }

    /// Name of the model: that of its folder.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many numbers were learnt.
    pub fn parameters(&self) -> usize {
        self.parameters
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
            let probabilities = self
                .piece(&rows, &near, (first, end))
                .map_err(|e| Error::model("the wave segmenter failed").because(e))?;
            for ((into, row), probabilities) in found.iter_mut().zip(&rows).zip(&probabilities) {
                let (classes, _) = probabilities.as_chunks::<CLASSES>();
                let kept = &classes[done - first..until.min(row.len()).max(done) - first];
                into.extend(kept.iter().map(|[_, p, qrs, t]| [*p, *qrs, *t]));
            }
            done = until;
        }
        let mut found = found.into_iter();
        let leads = signals.iter().map(|signal| signal.as_ref().and_then(|_| found.next()).unwrap_or_default());
        Ok(Segmentation { leads: leads.collect() })
    }
    /// Probabilities of every class for the samples `first..end` of each lead. A few leads go through at a time, so that what lies between
    /// two steps stays in the cache.
    fn piece(&self, rows: &[&[f32]], near: &[f32], (first, end): (usize, usize)) -> Candle<Vec<Vec<f32>>> {
        let mut coded = Vec::with_capacity(rows.len().div_ceil(TOGETHER));
        let mut sum: Option<Tensor> = None;
        for rows in rows.chunks(TOGETHER) {
            let parts: Vec<&[f32]> = rows.iter().map(|row| row.get(first..).unwrap_or_default()).collect();
            let (values, length) = interleaved(&parts, &near[first..end]);
            let group = self.net.encode(&Tensor::from_vec(values, (rows.len(), length, VALUES), &Device::Cpu)?)?;
            for lead in 0..rows.len() {
                let coarse = group.coarse.narrow(0, lead, 1)?;
                sum = Some(sum.map_or(Ok(coarse.clone()), |sum| add(&sum, &coarse))?);
            }
            coded.push(group);
        }
        let Some(sum) = sum else { return Ok(Vec::new()) };
        let context = self.net.context(&sum.affine(1.0 / rows.len() as f64, 0.0)?)?;
        let mut found = Vec::with_capacity(rows.len());
        for group in coded {
            let mut classes = with_values(&self.net.decode(group, &context)?, <[f32]>::to_vec)?;
            softmax_rows::<CLASSES>(&mut classes);
            let length = (end - first).div_ceil(GRAIN) * GRAIN;
            found.extend(classes.chunks_exact(length * CLASSES).map(<[f32]>::to_vec));
        }
        Ok(found)
    }
}
