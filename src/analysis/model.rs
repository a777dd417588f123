//! The network behind [`Reader`]: which one is asked for, and its answers as plain numbers.

use std::sync::Arc;

use super::input::WindowLeads;
use super::prediction::SWITCHED_OFF;
use super::reading::{Answer, Reader};
use super::{HeadResult, ModelChoice, ModelIdentity};
use crate::error::Result;
use crate::network::{Head, Network, Window};

/// The network asked for, or the reason why there is none. A folder that does not fit is an error: it was asked for by name.
pub(super) fn chosen(choice: &ModelChoice) -> Result<Result<Model, String>> {
    match choice {
        ModelChoice::Off => Ok(Err(SWITCHED_OFF.to_owned())),
        ModelChoice::Folder(folder) => Ok(Ok(Model(Arc::new(Network::load(folder)?)))),
        ModelChoice::Embedded => Ok(Network::embedded().map(Model).map_err(|error| error.what().to_owned())),
    }
}

/// A network that reads.
pub(super) struct Model(Arc<Network>);

impl Reader for Model {
    fn identity(&self) -> ModelIdentity {
        ModelIdentity { id: self.0.id().into(), sha256: self.0.sha256().into() }
    }

    fn read(&self, leads: &WindowLeads, rate_hz: f64, maps: bool) -> Result<Answer> {
        let leads = std::array::from_fn(|index| leads[index].as_deref());
        let reading = self.0.read(&Window::prepare(leads, rate_hz)?)?;
        let map = |head: &Head| reading.attention.map(*head).concat();
        let maps = if maps { Head::ALL.iter().map(map).collect() } else { Vec::new() };
        Ok(Answer { logits: reading.logits.to_vec(), maps })
    }

    fn results(&self, logits: &[f32]) -> Vec<HeadResult> {
        let logits = std::array::from_fn(|head| logits.get(head).copied().unwrap_or(f32::NAN));
        let probabilities = self.0.calibration().probabilities(&logits);
        let result = |head: &Head| {
            let point = self.0.operating_point(*head);
            HeadResult {
                head: *head,
                probability: probabilities[head.index()],
                operating_point: point.display,
                high_certainty_point: point.high_certainty,
            }
        };
        Head::ALL.iter().map(result).collect()
    }
}
