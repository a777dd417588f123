//! Our own CPU operations: f32, channels last, one thread inside. One file each: the fast forward, the backward, a plain
//! version and finite differences in the tests. They replace operations of candle 0.11.1 that are slow, or whose gradient
//! is wrong or silently missing (conv1d, fused layer norm, fused softmax). No block of the network lives here.

mod add;
mod attention;
#[cfg(test)]
mod check;
mod conv1d;
mod elu;
mod fused;
mod gate;
mod gelu;
mod graph;
mod group_norm;
mod layer_norm;
mod linear;
mod matrix;
mod operation;
mod pool;
mod simd;
mod softmax;
mod turned;
mod winograd;

pub(super) use add::add;
pub(super) use attention::{attention, attention_probabilities};
pub(super) use conv1d::Conv1d;
pub(super) use elu::elu;
pub(super) use fused::{LaidOut, conv_norm_gelu, linear_add};
pub(super) use gate::{gate_channels, gate_frames};
pub(super) use gelu::gelu;
pub(super) use graph::{graph_attention, graph_probabilities};
pub(super) use group_norm::group_norm;
pub(super) use layer_norm::layer_norm;
pub(super) use linear::linear;
pub(super) use operation::with_values;
pub(super) use pool::{mean_max_over_channels, mean_max_over_frames};
pub(super) use softmax::softmax_rows;
pub(super) use turned::{Turned, conv1d_turned, linear_turned};
