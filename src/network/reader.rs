//! A trained network ready for use: weights of a model's folder, or those embedded in the program.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use candle_core::{Device, Tensor};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

use super::attention::{Attention, FRAMES};
use super::calibration::{Calibration, OperatingPoint};
use super::config::{Config, HEADS, LEADS};
use super::dropout::Dropout;
use super::heads::Head;
use super::input::{RATE_HZ, SAMPLES, Window};
use super::net::{Net, Trace};
use super::ops::with_values;
use super::weights::Weights;

const CONFIG: &str = include_str!("../../models/foundational-ecgnet-v1/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../models/foundational-ecgnet-v1/weights.safetensors");
const CALIBRATION: &str = include_str!("../../models/foundational-ecgnet-v1/calibration.json");

/// FoundationalECGNet with its weights. One thread reads one window; many threads may share it.
pub struct Network {
    net: Net,
    config: Config,
    calibration: Calibration,
    sha256: String,
}

/// What the network says of one window. It suggests; it never decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Raw outputs, in the order of [`Head::ALL`].
    pub logits: [f32; HEADS],
    /// Calibrated probabilities as shown, in the same order; none is above that of "abnormal".
    pub probabilities: [f32; HEADS],
    /// Where it looked.
    pub attention: Attention,
}

impl Network {
    /// The model embedded in the program, parsed once.
    ///
    /// # Errors
    /// The program was built without trained weights.
    pub fn embedded() -> Result<Arc<Self>> {
        static EMBEDDED: OnceLock<std::result::Result<Arc<Network>, String>> = OnceLock::new();
        if WEIGHTS.is_empty() {
            return Err(Error::model("no trained weights are embedded").cure("name a model's folder with --model"));
        }
        let parsed = EMBEDDED.get_or_init(|| {
            Self::from_parts(CONFIG, WEIGHTS, Some(CALIBRATION)).map(Arc::new).map_err(|e| e.to_string())
        });
        parsed.clone().map_err(Error::model)
    }

    /// A model's folder: `config.json`, `weights.safetensors`, and `calibration.json` where there is one (without it,
    /// probabilities are as the network gives them and every operating point is one half).
    ///
    /// # Errors
    /// A file that is missing, damaged, or of another network.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            std::fs::read(folder.join(name)).map_err(|e| {
                Error::model(format!("the model's {name} cannot be read"))
                    .cure("give a folder that `ecg train` has written")
                    .in_file(folder.display().to_string())
                    .because(e)
            })
        };
        let text = |name: &str| {
            String::from_utf8(read(name)?).map_err(|_| Error::model(format!("the model's {name} is no text")))
        };
        let calibrated = folder.join("calibration.json").exists();
        let calibration = if calibrated { Some(text("calibration.json")?) } else { None };
        Self::from_parts(&text("config.json")?, &read("weights.safetensors")?, calibration.as_deref())
            .map_err(|e| e.in_file(folder.display().to_string()))
    }

    fn from_parts(config: &str, weights: &[u8], calibration: Option<&str>) -> Result<Self> {
        let config = Config::parse(config)?;
        if config.samples != SAMPLES || config.rate_hz as f64 != RATE_HZ || config.frames() != FRAMES {
            return Err(Error::model("the model reads another length or rate than this program prepares"));
        }
        let (net, _) = Net::new(Weights::read(weights)?, &config)?;
        let calibration = calibration.map_or_else(|| Ok(Calibration::default()), Calibration::parse)?;
        Ok(Self { net, config, calibration, sha256: hexadecimal(&Sha256::digest(weights)) })
    }

    /// Name of the model: that of its folder.
    pub fn id(&self) -> &str {
        &self.config.id
    }

    /// SHA-256 of the weights' file, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The points that a head's probability is held against.
    pub fn operating_point(&self, head: Head) -> OperatingPoint {
        self.calibration.operating_point(head)
    }

    /// The calibration in use.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Takes another calibration.
    pub fn with_calibration(mut self, calibration: Calibration) -> Self {
        self.calibration = calibration;
        self
    }

    /// Reads one window, on this thread alone.
    ///
    /// # Errors
    /// The arithmetic failed (not for any window that [`Window`] lets through).
    pub fn read(&self, window: &Window) -> Result<Reading> {
        let mut trace = Trace::default();
        let logits =
            self.forward(window, &mut trace).map_err(|e| Error::model("the network cannot read").because(e))?;
        let covered = window.covered() as f64 / SAMPLES as f64;
        Ok(Reading {
            logits,
            probabilities: self.calibration.probabilities(&logits),
            attention: Attention::new(&trace, &self.config, window.present(), covered),
        })
    }

    fn forward(&self, window: &Window, trace: &mut Trace) -> candle_core::Result<[f32; HEADS]> {
        let x = Tensor::from_slice(window.inputs(), (1, LEADS, SAMPLES), &Device::Cpu)?;
        let logits = self.net.forward(&x, &mut Dropout::Off, Some(trace))?;
        with_values(&logits, |values| std::array::from_fn(|head| values[head]))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::weights;
    use super::*;

    /// A folder with drawn weights of the released sizes.
    pub fn drawn_model(seed: u64) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let (_, parameters) = Net::new(Weights::drawn(seed), &Config::v1()).unwrap();
        let tensors: Vec<(String, Vec<usize>, Vec<f32>)> = parameters
            .iter()
            .map(|p| (p.name.clone(), p.var.dims().to_vec(), p.var.flatten_all().unwrap().to_vec1().unwrap()))
            .collect();
        let bytes =
            weights::serialise(tensors.iter().map(|(name, shape, values)| (&name[..], &shape[..], &values[..])));
        std::fs::write(folder.path().join("weights.safetensors"), bytes.unwrap()).unwrap();
        std::fs::write(folder.path().join("config.json"), Config::v1().to_json()).unwrap();
        folder
    }

    fn window() -> Window {
        let inputs = (0..LEADS * SAMPLES).map(|i| (i as f32 * 0.05).sin()).collect();
        Window::from_inputs(inputs).unwrap()
    }

    #[test]
    fn the_same_folder_reads_the_same() {
        let folder = drawn_model(1);
        let (a, b) = (Network::load(folder.path()).unwrap(), Network::load(folder.path()).unwrap());
        assert_eq!(a.sha256(), b.sha256());
        assert_eq!(a.sha256().len(), 64);
        assert_eq!(a.id(), "foundational-ecgnet-v1");
        let reading = a.read(&window()).unwrap();
        assert_eq!(reading, b.read(&window()).unwrap());
        assert!(reading.logits.iter().all(|z| z.is_finite()));
    }

    #[test]
    fn many_threads_share_one_network() {
        let network = Network::load(drawn_model(1).path()).unwrap();
        let expected = network.read(&window()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert_eq!(network.read(&window()).unwrap(), expected));
            }
        });
    }

    #[test]
    fn a_folder_that_does_not_fit_says_so() {
        let folder = drawn_model(1);
        let bytes = std::fs::read(folder.path().join("weights.safetensors")).unwrap();
        for broken in [&b""[..], &bytes[..1000], &[7; 64][..]] {
            std::fs::write(folder.path().join("weights.safetensors"), broken).unwrap();
            let message = Network::load(folder.path()).err().unwrap().to_string();
            assert!(message.contains("weights"), "{message}");
        }
        let other = Config { token_width: 64, ..Config::v1() };
        std::fs::write(folder.path().join("weights.safetensors"), bytes).unwrap();
        std::fs::write(folder.path().join("config.json"), other.to_json()).unwrap();
        assert!(Network::load(folder.path()).err().unwrap().to_string().contains("shape"));
        assert!(Network::load(Path::new("/nowhere")).is_err());
    }
}
