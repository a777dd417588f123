//! The integration tests, one binary of modules: each further binary would cost a link of the whole library.

mod analysis;
mod beats;
mod cli;
mod denoise;
mod denoise_bench;
mod formats;
mod house;
mod json;
mod measured;
mod network;
mod page;
mod quality;
mod report;
mod rhythms;
mod shared;
mod shown;
mod study;
mod support;
