//! Where the network looked, from one forward pass: CBAM's gate of frames x lead graph x rollout of the transformer
//! (Abnar and Zuidema 2020). It is attention, never a cause.

use super::config::{Config, HEADS, LEADS};
use super::heads::Head;
use super::net::Trace;

/// Frames of the map: 80 ms each.
pub const FRAMES: usize = 125;

/// Attention of every head over leads and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Attention {
    /// Gate of each frame over its mean in the record, `[leads, frames]`; zero for missing leads and past the end.
    gate: Vec<f32>,
    /// Share of each lead in each patch's token, followed back through the graph, `[patches, leads]`.
    leads: Vec<f32>,
    /// Share of each patch in each head's class token, `[heads, patches]`.
    patches: Vec<f32>,
}

impl Attention {
    /// `present`: leads with samples; `covered`: share of the 10 s that comes from the recording.
    pub(super) fn new(trace: &Trace, config: &Config, present: &[bool; LEADS], covered: f64) -> Self {
        let frames = config.frames();
        let last = (covered * frames as f64).ceil() as usize;
        let mean = trace.gate.iter().sum::<f32>() / trace.gate.len().max(1) as f32;
        let mut gate: Vec<f32> = trace.gate.iter().map(|gate| gate / mean.max(f32::MIN_POSITIVE)).collect();
        for (lane, present) in gate.chunks_exact_mut(frames).zip(present) {
            lane[if *present { last.min(frames) } else { 0 }..].fill(0.0);
        }
        Self { gate, leads: lead_shares(trace, config), patches: rollout(trace, config) }
    }

    /// Attention of a head: one lane a lead (I, II, III, aVR, aVL, aVF, V1 to V6), 125 frames of 80 ms. Lanes of missing
    /// leads are zero. The scale has no unit; values of one record compare with each other.
    pub fn map(&self, head: Head) -> [[f32; FRAMES]; LEADS] {
        let patches = self.leads.len() / LEADS;
        let each = FRAMES / patches;
        let share = &self.patches[head.index() * patches..(head.index() + 1) * patches];
        std::array::from_fn(|lead| {
            std::array::from_fn(|frame| {
                let patch = (frame / each).min(patches - 1);
                self.gate[lead * FRAMES + frame] * self.leads[patch * LEADS + lead] * share[patch]
            })
        })
    }
}

/// `row (0.5 I + 0.5 mean over heads)`; `heads[count][size, size]` row by row.
fn half_step(row: &[f32], heads: &[f32]) -> Vec<f32> {
    let size = row.len();
    let count = (heads.len() / (size * size)).max(1) as f32;
    let mut out: Vec<f32> = row.iter().map(|value| 0.5 * value).collect();
    for head in heads.chunks_exact(size * size) {
        for (value, from) in row.iter().zip(head.chunks_exact(size)) {
            for (out, p) in out.iter_mut().zip(from) {
                *out += 0.5 * value * p / count;
            }
        }
    }
    out
}

/// Each patch's lead shares, taken back through the graph's layers, last first.
fn lead_shares(trace: &Trace, config: &Config) -> Vec<f32> {
    let one = config.graph_heads * LEADS * LEADS;
    let mut shares = Vec::with_capacity(trace.shares.len());
    for (patch, row) in trace.shares.chunks_exact(LEADS).enumerate() {
        let mut row = row.to_vec();
        for layer in trace.graph.iter().rev() {
            row = half_step(&row, &layer[patch * one..(patch + 1) * one]);
        }
        shares.extend(row);
    }
    shares
}

/// Each class token's row through the transformer's layers, last first; the patches' part, summing to 1.
fn rollout(trace: &Trace, config: &Config) -> Vec<f32> {
    let tokens = HEADS + config.patches();
    let mut shares = Vec::with_capacity(HEADS * config.patches());
    for head in 0..HEADS {
        let mut row = vec![0.0; tokens];
        row[head] = 1.0;
        for layer in trace.transformer.iter().rev() {
            row = half_step(&row, layer);
        }
        let sum = row[HEADS..].iter().sum::<f32>().max(f32::MIN_POSITIVE);
        shares.extend(row[HEADS..].iter().map(|share| share / sum));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One graph layer and one transformer layer of the full size, attention even unless changed.
    fn even() -> (Trace, Config) {
        let config = Config { graph_layers: 1, transformer_layers: 1, ..Config::v1() };
        let tokens = HEADS + config.patches();
        let trace = Trace {
            gate: vec![0.5; LEADS * FRAMES],
            graph: vec![vec![1.0 / LEADS as f32; config.patches() * config.graph_heads * LEADS * LEADS]],
            shares: vec![1.0 / LEADS as f32; config.patches() * LEADS],
            transformer: vec![vec![1.0 / tokens as f32; config.transformer_heads * tokens * tokens]],
        };
        (trace, config)
    }

    #[test]
    fn even_attention_gives_an_even_map() {
        let (trace, config) = even();
        let map = Attention::new(&trace, &config, &[true; LEADS], 1.0).map(Head::Qt);
        let expected = 1.0 / (LEADS * config.patches()) as f32;
        assert!(map.iter().flatten().all(|v| (v / expected - 1.0).abs() < 1e-4));
    }

    #[test]
    fn a_head_that_looks_at_one_patch_has_its_heat_there_and_others_do_not() {
        let (mut trace, config) = even();
        let tokens = HEADS + config.patches();
        for layer in trace.transformer[0].chunks_exact_mut(tokens * tokens) {
            let row = &mut layer[Head::Infarction.index() * tokens..][..tokens];
            row.fill(0.0);
            row[HEADS + 10] = 1.0;
        }
        let attention = Attention::new(&trace, &config, &[true; LEADS], 1.0);
        let map = attention.map(Head::Infarction);
        assert!(map[4][50] > 0.0 && map[4][54] > 0.0);
        assert_eq!((map[4][49], map[4][55]), (0.0, 0.0));
        assert!(attention.map(Head::Qt)[4][49] > 0.0);
    }

    #[test]
    fn a_lead_that_writes_all_has_most_heat_and_missing_leads_none() {
        let (mut trace, config) = even();
        for row in trace.shares.chunks_exact_mut(LEADS) {
            row.fill(0.0);
            row[7] = 1.0;
        }
        let mut present = [true; LEADS];
        present[2] = false;
        let map = Attention::new(&trace, &config, &present, 0.5).map(Head::Abnormal);
        assert!(map[7][0] > 5.0 * map[6][0]);
        assert!(map[2].iter().all(|v| *v == 0.0));
        assert!(map[7][62] > 0.0 && map[7][63] == 0.0);
    }
}
