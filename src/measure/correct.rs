//! QT corrected for rate, four ways. All equal QT at 60 per minute.

/// Bazett 1920: QT / √RR.
pub(super) fn bazett(qt_ms: f64, rr_s: f64) -> f64 {
    qt_ms / rr_s.sqrt()
}

/// Fridericia 1920: QT / ∛RR.
pub(super) fn fridericia(qt_ms: f64, rr_s: f64) -> f64 {
    qt_ms / rr_s.cbrt()
}

/// Framingham, Sagie 1992: QT + 154 (1 − RR), with QT in ms.
pub(super) fn framingham(qt_ms: f64, rr_s: f64) -> f64 {
    qt_ms + 154.0 * (1.0 - rr_s)
}

/// Hodges 1983: QT + 1.75 (rate − 60).
pub(super) fn hodges(qt_ms: f64, rr_s: f64) -> f64 {
    qt_ms + 1.75 * (60.0 / rr_s - 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_equal_qt_at_sixty_and_order_as_published() {
        for formula in [bazett, fridericia, framingham, hodges] {
            assert_eq!(formula(400.0, 1.0), 400.0);
            assert!(formula(400.0, 0.6) > 400.0 && formula(400.0, 1.4) < 400.0);
        }
        // 100/min: Bazett corrects most
        assert!((bazett(340.0, 0.6) - 438.9).abs() < 0.1);
        assert!((fridericia(340.0, 0.6) - 403.1).abs() < 0.1);
        assert!((framingham(340.0, 0.6) - 401.6).abs() < 0.1);
        assert!((hodges(340.0, 0.6) - 410.0).abs() < 0.1);
    }
}
