//! Synthetic 12-lead recordings with exact truth: for the embedded sample, for tests, and as `ecg synth`.
