//! The integration tests, one binary of modules: each further binary would cost a link of the whole library.

mod beats;
mod formats;
mod house;
mod quality;
mod shared;
