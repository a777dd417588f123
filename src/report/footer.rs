//! What stands under the lanes: seconds, scale and filters as they ran, the legend of the heat map.

use super::arrange::{Arrangement, Block};
use super::layout::Layout;
use super::write::{Style, line, text};
use crate::analysis::AttentionMap;
use crate::page::{Anchor, Heat, Ink, Mark, Page, Rect, Weight, font};
use crate::review::Study;

/// Size of the footer's type, mm.
const SIZE_MM: f32 = 2.6;

pub(super) fn draw(page: &mut Page, study: &Study, layout: &Layout, arrangement: &Arrangement, shifted: bool) {
    let long = study.recording.duration_s() >= 60.0;
    for block in &arrangement.blocks {
        seconds(page, block, long);
    }
    let area = arrangement.footer;
    let words = scale_line(study, layout, shifted);
    let words = font::elide(&words, SIZE_MM, Weight::Regular, area.width_mm - 2.0);
    text(page, area.x_mm + 1.0, area.y_mm + 7.8, &words, Style::text(SIZE_MM));
    if let Some(heat) = layout.heat {
        let map = study.analysis.as_ref().and_then(|analysis| analysis.map(heat.head));
        match map {
            Some(map) => legend(page, map, heat.opacity, area.x_mm + 1.0, area.y_mm + 12.6, area.width_mm - 2.0),
            None => {
                let words = "Heat map: none, the network has given no prediction";
                text(page, area.x_mm + 1.0, area.y_mm + 12.6, words, Style::weak(SIZE_MM));
            }
        }
    }
}

/// `25 mm/s  10 mm/mV  raw: …  denoised: …`, from what the file says and what ran.
fn scale_line(study: &Study, layout: &Layout, shifted: bool) -> String {
    let (speed, gain) = layout.scale();
    let raw = study.recording.filters.as_deref().unwrap_or("filter unknown");
    let mut words = format!("{speed} mm/s   {gain} mm/mV   raw: {raw}");
    if let Some(analysis) = &study.analysis {
        let method = analysis.denoised.method.as_str();
        words.push_str("   denoised: ");
        words.push_str(if method.is_empty() { "nothing ran" } else { method });
    }
    if shifted {
        words.push_str("   each lead around its median");
    }
    words
}

/// Times under the columns of a block, as far apart as they can be read.
fn seconds(page: &mut Page, block: &Block, long: bool) {
    let Some(first) = block.lanes.first() else { return };
    let step_s = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 3600.0]
        .into_iter()
        .find(|step_s| step_s * first.mm_per_s >= if long { 18.0 } else { 12.0 })
        .unwrap_or(7200.0);
    let foot_mm = block.paper.bottom_mm();
    let end_mm = block.lanes.iter().map(|lane| lane.cell.right_mm()).fold(first.cell.right_mm(), f32::max);
    let mut number = (first.start_s / f64::from(step_s)).ceil();
    loop {
        let time_s = number * f64::from(step_s);
        let x_mm = first.x_mm(time_s);
        if x_mm > end_mm + 0.01 || !x_mm.is_finite() {
            return;
        }
        line(page, (x_mm, foot_mm), (x_mm, foot_mm + 0.9), Ink::TextWeak, 0.15);
        let words = clock(time_s, long);
        let width_mm = font::width_mm(&words, 2.3, Weight::Regular);
        if x_mm + width_mm / 2.0 <= block.paper.right_mm() {
            text(page, x_mm, foot_mm + 3.4, &words, Style::weak(2.3).anchor(Anchor::Centre));
        }
        number += 1.0;
    }
}

/// `7 s`, or `1:02:07` in long recordings.
pub(super) fn clock(time_s: f64, long: bool) -> String {
    if !long {
        return format!("{time_s:.0} s");
    }
    let sign = if time_s < 0.0 { "−" } else { "" };
    let whole = time_s.abs().round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

/// The colours with their numbers, whose attention it is and by which method.
pub(super) fn legend(page: &mut Page, map: &AttentionMap, opacity: f32, x_mm: f32, y_mm: f32, room_mm: f32) {
    let bar = Rect::new(x_mm + 4.0, y_mm - 2.2, 32.0, 2.6);
    text(page, x_mm, y_mm, "0", Style::text(SIZE_MM));
    let values: Vec<f32> = (0..64).map(|step| step as f32 / 63.0).collect();
    page.push(Mark::Heat(Heat { rect: bar, values: values.into(), opacity }));
    line(page, (bar.x_mm, bar.bottom_mm()), (bar.right_mm(), bar.bottom_mm()), Ink::Rule, 0.12);
    text(page, bar.right_mm() + 2.0, y_mm, "1", Style::text(SIZE_MM));
    let words = format!("{}   {}   1 = {:.3}", map.head.words(), AttentionMap::METHOD, map.full_scale);
    let from_mm = bar.right_mm() + 7.0;
    let words = font::elide(&words, SIZE_MM, Weight::Regular, (x_mm + room_mm - from_mm).max(0.0));
    text(page, from_mm, y_mm, &words, Style::text(SIZE_MM));
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_read_as_clocks_in_long_recordings() {
        assert_eq!(clock(7.0, false), "7 s");
        assert_eq!(clock(67.0, true), "1:07");
        assert_eq!(clock(3727.0, true), "1:02:07");
        assert_eq!(clock(-3.0, true), "−0:03");
    }
}
