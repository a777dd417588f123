//! Butterworth filters in second-order sections, and filtering with zero phase.
//!
//! Design: analogue prototype, frequency transform, bilinear transform with prewarping (Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 7).
//! Zero phase: forward and backward with steady-state start values and odd extension of the ends (Gustafsson 1996 describes the method).
//! Numbers agree with scipy's `butter(..., output="sos")` and `sosfiltfilt`. No notch and no elliptic design here.

use rustfft::num_complex::Complex64;

use super::vectors::vectorised;

/// What a filter lets through; edges in hertz are the −3 dB points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pass {
    /// Below the edge.
    Low(f64),
    /// Above the edge.
    High(f64),
    /// Between the edges.
    Band(f64, f64),
}

/// One section: `[b0, b1, b2, a1, a2]`, a0 being 1.
type Section = [f64; 5];

/// A filter as a cascade of second-order sections.
#[derive(Debug, Clone, PartialEq)]
pub struct Sos {
    sections: Vec<Section>,
}

impl Sos {
    /// Butterworth filter of this order (a band pass has twice as many poles). `None` where an edge is not inside (0, rate / 2),
    /// the edges of a band are not in order, or the order is 0.
    pub fn butterworth(order: usize, pass: Pass, rate_hz: f64) -> Option<Sos> {
        let inside = |edge_hz: f64| edge_hz > 0.0 && edge_hz < 0.5 * rate_hz;
        let fits = match pass {
            Pass::Low(edge_hz) | Pass::High(edge_hz) => inside(edge_hz),
            Pass::Band(low_hz, high_hz) => inside(low_hz) && inside(high_hz) && low_hz < high_hz,
        };
        if !fits || order == 0 {
            return None;
        }
        let warp = |edge_hz: f64| 2.0 * (std::f64::consts::PI * edge_hz / rate_hz).tan();
        let mut sections = Vec::new();
        for index in 0..order.div_ceil(2) {
            let angle = std::f64::consts::PI * (2 * index + order + 1) as f64 / (2 * order) as f64;
            let real = 2 * index + 1 == order;
            let pole = if real { Complex64::new(-1.0, 0.0) } else { Complex64::from_polar(1.0, angle) };
            match pass {
                Pass::Low(edge_hz) => sections.push(one_edge(pole * warp(edge_hz), real, -1.0, 1.0)),
                Pass::High(edge_hz) => sections.push(one_edge(warp(edge_hz) / pole, real, 1.0, -1.0)),
                Pass::Band(low_hz, high_hz) => {
                    let (low, high) = (warp(low_hz), warp(high_hz));
                    let half = pole * (0.5 * (high - low));
                    let root = (half * half - low * high).sqrt();
                    let centre = Complex64::from_polar(1.0, 2.0 * (0.5 * (low * high).sqrt()).atan());
                    let pairs = if real {
                        vec![(half + root, half - root)]
                    } else {
                        vec![(half + root, (half + root).conj()), (half - root, (half - root).conj())]
                    };
                    for (first, second) in pairs {
                        sections.push(two_poles(bilinear(first), bilinear(second), [1.0, 0.0, -1.0], centre));
                    }
                }
            }
        }
        Some(Sos { sections })
    }

    /// Padding that scipy's `sosfiltfilt` takes by default: three times the length of the transfer function.
    pub fn default_pad(&self) -> usize {
        let first_order = |at: usize| self.sections.iter().filter(|section| section[at] == 0.0).count();
        3 * (2 * self.sections.len() + 1 - first_order(2).min(first_order(4)))
    }

    /// One pass over `N` series, in place, starting as if the first sample had always been there.
    #[inline(always)]
    fn run<const N: usize>(&self, samples: &mut [[f64; N]]) {
        let Some(&first) = samples.first() else { return };
        let mut level = first;
        for &[b0, b1, b2, a1, a2] in &self.sections {
            let (mut settled, mut z1, mut z2) = ([0.0; N], [0.0; N], [0.0; N]);
            for lane in 0..N {
                settled[lane] = level[lane] * (b0 + b1 + b2) / (1.0 + a1 + a2);
                z2[lane] = b2 * level[lane] - a2 * settled[lane];
                z1[lane] = b1 * level[lane] - a1 * settled[lane] + z2[lane];
            }
            for sample in samples.iter_mut() {
                let input = *sample;
                for lane in 0..N {
                    let output = b0 * input[lane] + z1[lane];
                    z1[lane] = b1 * input[lane] - a1 * output + z2[lane];
                    z2[lane] = b2 * input[lane] - a2 * output;
                    sample[lane] = output;
                }
            }
            level = settled;
        }
    }
}

/// Analogue pole to the z plane, for the rate 1 (prewarped edges carry the factor 2).
fn bilinear(pole: Complex64) -> Complex64 {
    (2.0 + pole) / (2.0 - pole)
}

/// Low or high pass: all zeros at `zero` (−1 or 1); gain 1 at `unit` (1 or −1).
fn one_edge(pole: Complex64, real: bool, zero: f64, unit: f64) -> Section {
    let first = bilinear(pole);
    let at = Complex64::new(unit, 0.0);
    if real {
        let gain = (at - first).re / (unit - zero);
        [gain, -zero * gain, 0.0, -first.re, 0.0]
    } else {
        two_poles(first, first.conj(), [1.0, -2.0 * zero, 1.0], at)
    }
}

/// Section from a conjugate (or real) pair and its numerator; gain 1 at a point of the unit circle.
fn two_poles(first: Complex64, second: Complex64, numerator: [f64; 3], at: Complex64) -> Section {
    let (a1, a2) = (-(first + second).re, (first * second).re);
    let value = |c: [f64; 3]| (c[0] * at * at + c[1] * at + c[2]).norm();
    let gain = value([1.0, a1, a2]) / value(numerator);
    [gain * numerator[0], gain * numerator[1], gain * numerator[2], a1, a2]
}

/// Forward and backward through the filter: zero phase, twice the attenuation. The ends are extended by `pad` samples, mirrored in the end points
/// (never more than the length minus one). Samples must be finite.
pub fn filtfilt(sos: &Sos, samples: &[f64], pad: usize) -> Vec<f64> {
    filtfilt_together::<1>(sos, samples.as_chunks().0, pad).as_flattened().to_vec()
}

/// [`filtfilt`] of `N` series of one length, side by side: the samples of one wait for each other, the series do not.
pub fn filtfilt_together<const N: usize>(sos: &Sos, samples: &[[f64; N]], pad: usize) -> Vec<[f64; N]> {
    let count = samples.len();
    if count == 0 {
        return Vec::new();
    }
    let pad = pad.min(count - 1);
    let (first, last) = (samples[0], samples[count - 1]);
    let mirrored = |end: [f64; N], at: usize| std::array::from_fn(|lane| 2.0 * end[lane] - samples[at][lane]);
    let mut work: Vec<[f64; N]> = Vec::with_capacity(count + 2 * pad);
    work.extend((1..=pad).rev().map(|back| mirrored(first, back)));
    work.extend_from_slice(samples);
    work.extend((1..=pad).map(|back| mirrored(last, count - 1 - back)));
    for _ in 0..2 {
        vectorised(
            #[inline(always)]
            || sos.run(&mut work),
        );
        work.reverse();
    }
    work.truncate(count + pad);
    work.drain(..pad);
    work
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The input of all golden numbers of this room.
    fn input() -> Vec<f64> {
        (0..60).map(|i| (0.3 * i as f64).sin() + 0.01 * i as f64 + if i % 17 == 0 { 0.5 } else { 0.0 }).collect()
    }

    fn assert_at(got: &[f64], golden: [f64; 5]) {
        for (index, golden) in [0, 1, 10, 30, 59].into_iter().zip(golden) {
            assert!((got[index] - golden).abs() < 5e-9, "sample {index}: {} against {golden}", got[index]);
        }
    }

    #[test]
    fn agrees_with_scipy() {
        // scipy: sosfiltfilt(butter(2, 0.5, "high", fs=100, output="sos"), x, padtype="odd", padlen=20)
        let high = Sos::butterworth(2, Pass::High(0.5), 100.0).unwrap();
        assert!((high.sections[0][0] - 0.97803048).abs() < 1e-8 && (high.sections[0][4] - 0.95654368).abs() < 1e-8);
        assert_at(&filtfilt(&high, &input(), 20), [-0.03789362, -0.21857208, -0.1563927, 0.59355712, -0.10914043]);
        // butter(3, [5, 15], "band", fs=100), padlen=21 (the default for three sections)
        let band = Sos::butterworth(3, Pass::Band(5.0, 15.0), 100.0).unwrap();
        assert_eq!(band.default_pad(), 21);
        assert_at(&filtfilt(&band, &input(), 21), [-0.04434321, -0.09945356, 0.11726008, 0.09685467, 0.00134936]);
        // butter(5, 20, fs=100), padlen=21
        let low = Sos::butterworth(5, Pass::Low(20.0), 100.0).unwrap();
        assert_at(&filtfilt(&low, &input(), 21), [0.4999534, 0.45620157, 0.25440576, 0.68106686, -0.32274478]);
    }

    #[test]
    fn several_series_at_once_are_each_its_own() {
        let band = Sos::butterworth(3, Pass::Band(5.0, 15.0), 100.0).unwrap();
        let series = |lane: usize| -> Vec<f64> { input().iter().map(|value| value * (lane as f64 - 1.5)).collect() };
        let beside: Vec<[f64; 4]> = (0..60).map(|at| std::array::from_fn(|lane| series(lane)[at])).collect();
        let together = filtfilt_together(&band, &beside, 21);
        for lane in 0..4 {
            let alone = filtfilt(&band, &series(lane), 21);
            assert!(alone.iter().zip(&together).all(|(alone, together)| (alone - together[lane]).abs() < 1e-12));
        }
    }

    #[test]
    fn a_level_passes_a_low_pass_and_not_a_high_pass() {
        let level = vec![2.5; 300];
        let low = Sos::butterworth(4, Pass::Low(40.0), 500.0).unwrap();
        let high = Sos::butterworth(2, Pass::High(0.5), 500.0).unwrap();
        assert!(filtfilt(&low, &level, 50).iter().all(|v| (v - 2.5).abs() < 1e-9));
        assert!(filtfilt(&high, &level, 50).iter().all(|v| v.abs() < 1e-9));
    }

    #[test]
    fn edges_that_cannot_be_are_refused() {
        for pass in [Pass::Low(0.0), Pass::Low(250.0), Pass::High(f64::NAN), Pass::Band(20.0, 10.0)] {
            assert_eq!(Sos::butterworth(2, pass, 500.0), None);
        }
        assert!(filtfilt(&Sos::butterworth(1, Pass::Low(9.0), 100.0).unwrap(), &[1.0], 10)[0] == 1.0);
    }
}
