//! Limb leads that are sums of others: III, aVR, aVL and aVF from I and II.
//!
//! Einthoven's law and Goldberger's definitions: III = II − I, aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2.
//! Nothing is derived from leads that differ in rate, start or length, and no chest lead is ever derived.

use super::{Lead, Note, Recording, Trace};

/// Adds those of III, aVR, aVL and aVF that the recording lacks, marked as derived, with a note that names them.
/// Does nothing unless I and II are there with the same rate, start and length.
pub fn add_missing_limb_leads(recording: &mut Recording) {
    let (Some(i), Some(ii)) = (recording.trace(&Lead::I), recording.trace(&Lead::II)) else { return };
    if i.rate_hz != ii.rate_hz || i.start_s != ii.start_s || i.samples_mv.len() != ii.samples_mv.len() {
        return;
    }
    let laws: [(Lead, f32, f32); 4] =
        [(Lead::III, -1.0, 1.0), (Lead::AvR, -0.5, -0.5), (Lead::AvL, 1.0, -0.5), (Lead::AvF, -0.5, 1.0)];
    let missing = laws.into_iter().filter(|(lead, _, _)| recording.trace(lead).is_none());
    let derived: Vec<Trace> = missing
        .map(|(lead, of_i, of_ii)| {
            let pairs = i.samples_mv.iter().zip(ii.samples_mv.iter());
            let samples_mv: Vec<f32> = pairs.map(|(i, ii)| of_i * i + of_ii * ii).collect();
            let trace = Trace::new(lead, i.rate_hz, samples_mv);
            Trace { start_s: i.start_s, derived: true, ..trace }
        })
        .collect();
    if derived.is_empty() {
        return;
    }
    let names: Vec<&str> = derived.iter().map(|trace| trace.lead.name()).collect();
    recording.notes.push(Note::new(format!("{} computed from I and II; not stored in the file", names.join(", "))));
    recording.traces.extend(derived);
}

/// How far the stored leads I, II and III are from Einthoven's law II = I + III: the standard deviation of what is left over,
/// as a share of that of II. Zero in a sound recording, up to rounding; large where gains differ or leads are swapped.
/// `None` unless all three are stored with the same rate, start and length and II is not flat.
pub fn einthoven_deviation(recording: &Recording) -> Option<f64> {
    let stored = |lead: &Lead| recording.trace(lead).filter(|trace| !trace.derived);
    let (i, ii, iii) = (stored(&Lead::I)?, stored(&Lead::II)?, stored(&Lead::III)?);
    let alike = |other: &Trace| {
        other.rate_hz == ii.rate_hz && other.start_s == ii.start_s && other.samples_mv.len() == ii.samples_mv.len()
    };
    if !alike(i) || !alike(iii) {
        return None;
    }
    let triples = i.samples_mv.iter().zip(ii.samples_mv.iter()).zip(iii.samples_mv.iter());
    let (mut rest, mut whole) = (Spread::default(), Spread::default());
    for ((i, ii), iii) in triples.filter(|((i, ii), iii)| i.is_finite() && ii.is_finite() && iii.is_finite()) {
        rest.add(f64::from(*ii) - f64::from(*i) - f64::from(*iii));
        whole.add(f64::from(*ii));
    }
    let whole = whole.deviation();
    (whole > 1e-3).then(|| rest.deviation() / whole)
}

/// Running sums for a standard deviation.
#[derive(Default)]
struct Spread {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn deviation(&self) -> f64 {
        if self.count == 0.0 {
            return 0.0;
        }
        let mean = self.sum / self.count;
        (self.squares / self.count - mean * mean).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording() -> Recording {
        let i = Trace::new(Lead::I, 500.0, vec![0.5, f32::NAN, -0.25]);
        let ii = Trace::new(Lead::II, 500.0, vec![1.5, 1.0, 0.25]);
        Recording::new("test", vec![i, ii])
    }

    #[test]
    fn the_four_follow_einthoven_and_goldberger() {
        let mut recording = recording();
        add_missing_limb_leads(&mut recording);
        let at = |lead: Lead, index: usize| recording.trace(&lead).expect("derived").samples_mv[index];
        assert_eq!([at(Lead::III, 0), at(Lead::AvR, 0), at(Lead::AvL, 0), at(Lead::AvF, 0)], [1.0, -1.0, -0.25, 1.25]);
        assert!(at(Lead::III, 1).is_nan(), "no sample in I, so none in III");
        assert!(recording.traces[2..].iter().all(|trace| trace.derived));
        assert_eq!(recording.notes.len(), 1);
    }

    #[test]
    fn a_stored_lead_is_never_replaced() {
        let mut recording = recording();
        recording.traces.push(Trace::new(Lead::III, 500.0, vec![9.0; 3]));
        add_missing_limb_leads(&mut recording);
        assert_eq!(recording.traces.len(), 6);
        assert_eq!(recording.trace(&Lead::III).expect("stored").samples_mv[0], 9.0);
    }

    #[test]
    fn unequal_leads_give_none() {
        for change in 0..3 {
            let mut recording = recording();
            match change {
                0 => recording.traces[1].rate_hz = 250.0,
                1 => recording.traces[1].start_s = 0.1,
                _ => recording.traces[1].samples_mv = vec![0.0; 2].into(),
            }
            add_missing_limb_leads(&mut recording);
            assert_eq!(recording.traces.len(), 2);
        }
    }

    #[test]
    fn einthovens_law_holds_or_its_breach_is_measured() {
        let wave = |gain: f32| (0..500).map(|at| gain * (at as f32 * 0.1).sin()).collect::<Vec<f32>>();
        let with = |iii: f32| {
            Recording::new(
                "test",
                vec![
                    Trace::new(Lead::I, 500.0, wave(0.4)),
                    Trace::new(Lead::II, 500.0, wave(1.0)),
                    Trace::new(Lead::III, 500.0, wave(iii)),
                ],
            )
        };
        assert!(einthoven_deviation(&with(0.6)).expect("all three") < 1e-6);
        assert!((einthoven_deviation(&with(0.1)).expect("all three") - 0.5).abs() < 1e-3);
        let mut derived = with(0.1);
        derived.traces[2].derived = true;
        assert_eq!(einthoven_deviation(&derived), None);
        assert_eq!(einthoven_deviation(&recording()), None);
    }
}
