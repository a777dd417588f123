//! What is measured lead by lead: deflections of the QRS, P, T, ST.

use std::sync::Arc;

use super::{DeltaWave, JWave};
use crate::ecg::Lead;

/// One deflection of a QRS (Q, R, S, R', S'): at least 30 µV for at least 6 ms, observable for 12 ms (minimum wave of IEC 60601-2-25).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deflection {
    /// Signed height of its peak over the level of the QRS onset, mV.
    pub peak_mv: f64,
    /// From its start to its end, ms.
    pub duration_ms: f64,
    /// QRS onset to its peak, ms.
    pub peak_ms: f64,
}

/// Measurements of one lead, on its median beat. `None` = no such wave.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadMeasures {
    /// The lead.
    pub lead: Lead,
    /// Why nothing is measured here; all else is then `None`.
    pub withheld: Option<Arc<str>>,
    /// P: largest signed deflection from the level before P, mV.
    pub p_mv: Option<f64>,
    /// P: the most positive and the most negative value, mV (a biphasic P has both).
    pub p_range_mv: Option<(f64, f64)>,
    /// Terminal negative part of P: depth (mV, ≤ 0) × duration (s); 0 where there is none.
    pub p_terminal_mvs: Option<f64>,
    /// Negative before the first R.
    pub q: Option<Deflection>,
    /// First positive.
    pub r: Option<Deflection>,
    /// First negative after an R; the only negative of a QS complex counts as Q and as S.
    pub s: Option<Deflection>,
    /// Second positive.
    pub r2: Option<Deflection>,
    /// Second negative after an R.
    pub s2: Option<Deflection>,
    /// The QRS has one negative deflection and nothing else.
    pub qs: bool,
    /// A notch or slur in the middle of the QRS.
    pub notched: bool,
    /// QRS onset to the last R peak (intrinsicoid deflection), ms.
    pub r_peak_ms: Option<f64>,
    /// Peak to peak of the QRS, mV.
    pub qrs_span_mv: Option<f64>,
    /// Net area of the QRS, mV·s.
    pub qrs_area_mvs: Option<f64>,
    /// T: largest signed deflection, mV.
    pub t_mv: Option<f64>,
    /// T: the most positive and the most negative value, mV.
    pub t_range_mv: Option<(f64, f64)>,
    /// ST at J, J + 40, J + 60 and J + 80 ms against the level of the QRS onset, mV.
    pub st_j_mv: Option<f64>,
    /// See [`LeadMeasures::st_j_mv`].
    pub st_40_mv: Option<f64>,
    /// See [`LeadMeasures::st_j_mv`].
    pub st_60_mv: Option<f64>,
    /// See [`LeadMeasures::st_j_mv`].
    pub st_80_mv: Option<f64>,
    /// Slope from J to J + 80 ms, mV/s.
    pub st_slope_mv_per_s: Option<f64>,
    /// A slow start of the QRS.
    pub delta: Option<DeltaWave>,
    /// A notch or slur at the end of the QRS.
    pub j_wave: Option<JWave>,
}

impl LeadMeasures {
    /// Nothing measured, with the reason.
    pub fn none(lead: Lead, reason: impl Into<Arc<str>>) -> Self {
        Self {
            lead,
            withheld: Some(reason.into()),
            p_mv: None,
            p_range_mv: None,
            p_terminal_mvs: None,
            q: None,
            r: None,
            s: None,
            r2: None,
            s2: None,
            qs: false,
            notched: false,
            r_peak_ms: None,
            qrs_span_mv: None,
            qrs_area_mvs: None,
            t_mv: None,
            t_range_mv: None,
            st_j_mv: None,
            st_40_mv: None,
            st_60_mv: None,
            st_80_mv: None,
            st_slope_mv_per_s: None,
            delta: None,
            j_wave: None,
        }
    }

    /// Height of the R, 0 where there is none, mV; `None` where nothing is measured.
    pub fn r_mv(&self) -> Option<f64> {
        self.measured().then(|| self.r.map_or(0.0, |wave| wave.peak_mv).max(self.r2.map_or(0.0, |wave| wave.peak_mv)))
    }

    /// Depth of the deepest S (or QS) as a positive number, 0 where there is none, mV; `None` where nothing is measured.
    pub fn s_mv(&self) -> Option<f64> {
        let depth = |wave: Option<Deflection>| wave.map_or(0.0, |wave| -wave.peak_mv);
        self.measured().then(|| depth(self.s).max(depth(self.s2)).max(0.0))
    }

    /// Was the lead measured at all?
    pub fn measured(&self) -> bool {
        self.withheld.is_none() && self.qrs_span_mv.is_some()
    }
}
