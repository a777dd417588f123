//! Training, from plain arrays: the recipe, augmentation, loss, optimiser, and the loop that reads down one page.
//! No file of recordings is opened here; the command line hands the examples in.

pub(in crate::network) mod augment;
mod curve;
mod examples;
mod loss;
pub(in crate::network) mod optimiser;
mod parallel;
pub(in crate::network) mod recipe;
mod run;
pub(in crate::network) mod state;

pub use curve::EpochRow;
pub use examples::Examples;
pub use parallel::in_order;
pub use recipe::Recipe;
pub use run::{Moment, train};
