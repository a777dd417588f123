//! The window: a state machine first (`state`, `commands`), panels that read and ask, workers, painting. egui lives nowhere else.
