//! What made a result: enough to make it again.

use super::ModelIdentity;

/// Program, model and options.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Program and version, e.g. `einthoven 0.1.0`.
    pub program: String,
    /// SHA-256 of the recording's bytes.
    pub recording_sha256: String,
    /// Model; `None` = none.
    pub model: Option<ModelIdentity>,
    /// Options, as `name=value` in a fixed order.
    pub options: Vec<(String, String)>,
}
