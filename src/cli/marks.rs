//! Waves as people have marked them in annotation files: LUDB's one file a lead, QTDB's `q1c`. Used to train and to validate.
//!
//! LUDB (Kalyakulina 2020): `(` onset, `p` `N` `t` peak, `)` offset in a file a lead. QTDB (Laguna 1997): the same signs in one file for both
//! leads, where the number of a bracket says the wave (0 P, 1 QRS, 2 T, 3 U) and a T onset is often missing.

use crate::analysis::WaveKind;
use crate::ecg::{Annotation, Recording};

/// One marked wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marked {
    /// Which wave; `None` = a U wave.
    pub kind: Option<WaveKind>,
    /// Start, where it is marked, s.
    pub onset_s: Option<f64>,
    /// Peak, s.
    pub peak_s: f64,
    /// End, where it is marked, s.
    pub offset_s: Option<f64>,
}

impl Marked {
    /// First and last moment that is marked.
    pub fn extent_s(&self) -> (f64, f64) {
        (self.onset_s.unwrap_or(self.peak_s), self.offset_s.unwrap_or(self.peak_s))
    }
}

/// Waves by time from the marks of one source (`q1c`), or of one lead's file.
pub fn waves<'a>(annotations: impl Iterator<Item = &'a Annotation>) -> Vec<Marked> {
    let mut sorted: Vec<&Annotation> = annotations.collect();
    sorted.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    let kind = |symbol: &str| match symbol {
        "p" => Some(Some(WaveKind::P)),
        "N" => Some(Some(WaveKind::Qrs)),
        "t" => Some(Some(WaveKind::T)),
        "u" => Some(None),
        _ => None,
    };
    let mut found: Vec<Marked> = Vec::new();
    for (at, mark) in sorted.iter().enumerate() {
        let Some(kind) = kind(&mark.symbol) else { continue };
        let beside = |index: Option<usize>, symbol: &str| {
            let other = sorted.get(index?)?;
            (&*other.symbol == symbol).then_some(other.time_s)
        };
        let onset_s = beside(at.checked_sub(1), "(");
        let offset_s = beside(Some(at + 1), ")");
        // a second T peak (biphasic) belongs to the T before it
        if let Some(last) = found.last_mut()
            && last.kind == kind
            && last.offset_s.is_none()
            && onset_s.is_none()
            && mark.time_s - last.peak_s < 0.3
        {
            last.offset_s = offset_s;
            continue;
        }
        found.push(Marked { kind, onset_s, peak_s: mark.time_s, offset_s });
    }
    found
}

/// Waves of each trace of an LUDB record, in the order of its traces.
pub fn lead_by_lead(recording: &Recording) -> Vec<Vec<Marked>> {
    let of = |lead: &crate::ecg::Lead| {
        let name = lead.name().to_ascii_lowercase();
        waves(recording.annotations.iter().filter(|mark| mark.source.eq_ignore_ascii_case(&name)))
    };
    recording.traces.iter().map(|trace| of(&trace.lead)).collect()
}

/// Waves of one annotator for all leads.
pub fn of_source(recording: &Recording, source: &str) -> Vec<Marked> {
    waves(recording.annotations.iter().filter(|mark| &*mark.source == source))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(time_s: f64, symbol: &str) -> Annotation {
        Annotation {
            time_s,
            tick: 0,
            lead: None,
            symbol: symbol.into(),
            subtype: 0,
            channel: 0,
            number: 0,
            text: None,
            source: "ii".into(),
        }
    }

    #[test]
    fn brackets_belong_to_the_peak_between_them() {
        let marks = [
            mark(0.1, "("),
            mark(0.15, "p"),
            mark(0.2, ")"),
            mark(0.3, "("),
            mark(0.35, "N"),
            mark(0.4, ")"),
            mark(0.6, "t"),
            mark(0.65, "t"),
            mark(0.7, ")"),
            mark(0.8, "u"),
        ];
        let found = waves(marks.iter());
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].extent_s(), (0.1, 0.2));
        assert_eq!(found[2], Marked { kind: Some(WaveKind::T), onset_s: None, peak_s: 0.6, offset_s: Some(0.7) });
        assert_eq!((found[3].kind, found[3].extent_s()), (None, (0.8, 0.8)));
    }
}
