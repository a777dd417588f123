//! The sample that is part of the program: a synthetic recording made by `ecg synth`, read as any other file.

use super::{Hints, Sisters, open_bytes};
use crate::ecg::Recording;
use crate::error::{Error, Result};

static HEADER: &[u8] = include_bytes!("../../assets/sample/sample.hea");
static SIGNALS: &[u8] = include_bytes!("../../assets/sample/sample.dat");

struct Embedded;

impl Sisters for Embedded {
    fn sister(&self, name: &str) -> Result<Vec<u8>> {
        match name {
            "sample.dat" => Ok(SIGNALS.to_vec()),
            _ => Err(Error::read(format!("the sample has no file {name}"))),
        }
    }

    fn names(&self, _stem: &str) -> Vec<String> {
        Vec::new()
    }
}

/// The embedded sample: ten seconds of a synthetic 12-lead recording with premature ventricular beats, muscle noise and wander.
pub fn sample() -> Result<Recording> {
    open_bytes("sample.hea", HEADER, &Embedded, &Hints::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Kind, Noise, NoiseKind, Spec, generate};

    /// `ecg synth -o assets/sample/sample.hea --kind premature-ventricular --seed 7 --noise muscle=18 --noise wander=6`
    #[test]
    fn the_sample_is_what_the_generator_makes() {
        let recipe = Kind::PrematureVentricular.spec(7);
        let noise = vec![Noise::snr_db(NoiseKind::Muscle, 18.0), Noise::snr_db(NoiseKind::Wander, 6.0)];
        let made = generate(&Spec { noise, ..recipe }).recording;
        let read = sample().expect("embedded");
        assert_eq!(read.traces.len(), 12);
        for (read, made) in read.traces.iter().zip(&made.traces) {
            assert_eq!(read.lead, made.lead);
            let worst =
                read.samples_mv.iter().zip(made.samples_mv.iter()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-4, "{}: {worst} mV", read.lead);
        }
    }
}
