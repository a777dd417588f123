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
}
