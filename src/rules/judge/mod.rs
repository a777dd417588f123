//! What several families need to know of a record before they speak: exchanged electrodes, the atria against the ventricles, the rhythm,
//! patterns, bundle branches, voltage. Judgements make no findings; the families do.

pub(super) mod atrial;
pub(super) mod bundle;
pub(super) mod fibrillation;
pub(super) mod intervals;
pub(super) mod limbs;
pub(super) mod patterns;
pub(super) mod rhythm;
pub(super) mod voltage;
