//! Training, from plain arrays: the recipe, augmentation, loss, optimiser, and the loop that reads down one page.
//! No file of recordings is opened here; the command line hands the examples in.

mod augment;
mod examples;
mod loss;
mod optimiser;
mod parallel;
mod recipe;
mod run;
mod state;

pub use examples::Examples;
pub use parallel::in_order;
pub use recipe::Recipe;
pub use run::{Moment, train};
pub use state::EpochRow;
