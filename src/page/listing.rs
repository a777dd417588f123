//! A page as text, for snapshots: one line a mark, places in mm to a tenth. It says what is where, not what it looks like.

use std::fmt::Write;

use super::{Anchor, Id, Mark, Page, Rect};

/// The page as lines of text.
pub fn listing(page: &Page) -> String {
    let mut out = format!("page {:.1} × {:.1}\n", page.width_mm, page.height_mm);
    list(&page.marks, 1, &mut out);
    out
}

fn list(marks: &[Mark], depth: usize, out: &mut String) {
    for mark in marks {
        let line = match mark {
            Mark::Grid { rect } => format!("grid {}", place(rect)),
            Mark::Trace(trace) => format!(
                "trace {:?} {} samples at {:.1},{:.1} {:.4} mm/sample {} mm/mV",
                trace.ink,
                trace.end - trace.first,
                trace.origin.x_mm,
                trace.origin.y_mm,
                trace.mm_per_sample,
                trace.mm_per_mv
            ),
            Mark::Line { from, to, ink, .. } => {
                format!("line {ink:?} {:.1},{:.1} to {:.1},{:.1}", from.x_mm, from.y_mm, to.x_mm, to.y_mm)
            }
            Mark::Fill { rect, ink } => format!("fill {ink:?} {}", place(rect)),
            Mark::Shape { corners, ink } => format!("shape {ink:?} of {} corners", corners.len()),
            Mark::Text(text) => {
                let anchor = match text.anchor {
                    Anchor::Left => "",
                    Anchor::Centre => " centred",
                    Anchor::Right => " to the left of",
                };
                format!("text{anchor} {:.1},{:.1} {:?}", text.at.x_mm, text.at.y_mm, text.words)
            }
            Mark::Heat(heat) => format!("heat {} values {} at {}", heat.values.len(), place(&heat.rect), heat.opacity),
            Mark::Group { id, clip, .. } => {
                let id = match id {
                    Id::None => String::new(),
                    Id::Lead { lead, denoised } => format!(" lead {lead}{}", if *denoised { " denoised" } else { "" }),
                    Id::Beat(number) => format!(" beat {number}"),
                    Id::Segment(number) => format!(" segment {number}"),
                    Id::Part(name) => format!(" {name}"),
                };
                let clip = clip.map(|clip| format!(" in {}", place(&clip))).unwrap_or_default();
                format!("group{id}{clip}")
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:width$}{line}", "", width = depth * 2);
        if let Mark::Group { marks, .. } = mark {
            list(marks, depth + 1, out);
        }
    }
}

fn place(rect: &Rect) -> String {
    format!("{:.1},{:.1} {:.1}×{:.1}", rect.x_mm, rect.y_mm, rect.width_mm, rect.height_mm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Ink, Point};

    #[test]
    fn groups_are_indented_and_named() {
        let mut page = Page::new(20.0, 10.0);
        page.group(Id::Lead { lead: "V2".into(), denoised: true }, Some(Rect::new(1.0, 2.0, 3.0, 4.0)), |page| {
            page.push(Mark::Line {
                from: Point::new(0.0, 1.0),
                to: Point::new(2.0, 1.0),
                ink: Ink::Rule,
                width_mm: 0.1,
            });
        });
        assert_eq!(
            listing(&page),
            "page 20.0 × 10.0\n  group lead V2 denoised in 1.0,2.0 3.0×4.0\n    line Rule 0.0,1.0 to 2.0,1.0\n"
        );
    }
}
