//! The quality verdict against annotators (PhysioNet/CinC 2011, developers' half), and on signals whose fault is known.
//!
//! Thresholds were chosen on the records at even places of the list; the figures asserted are of the odd places.

use einthoven::ecg::{Lead, Recording, Trace};
use einthoven::quality::{DefectKind, Usable, assess};

use crate::shared;

/// Area under the ROC curve: the share of pairs that are in order, ties half.
fn auroc(bad: &[f32], good: &[f32]) -> f64 {
    let pairs = bad.iter().flat_map(|b| good.iter().map(move |g| (b, g)));
    let points: f64 = pairs.map(|(b, g)| if b > g { 1.0 } else { f64::from(u8::from(b == g)) * 0.5 }).sum();
    points / (bad.len() * good.len()) as f64
}

/// Reached on the records not used for choosing limits: see the assertion.
#[test]
fn unacceptable_recordings_are_not_called_good() {
    let Some(folder) = shared::folder("cinc2011") else { return };
    let unacceptable = shared::names(&folder, "RECORDS-unacceptable");
    for (half, checked) in [("chosen on", false), ("checked on", true)] {
        let (mut bad, mut good) = (Vec::new(), Vec::new());
        let mut verdicts = [[0_usize; 3]; 2];
        for (_, name) in
            shared::names(&folder, "RECORDS").iter().enumerate().filter(|(place, _)| (place % 2 == 1) == checked)
        {
            let quality = assess(&shared::record(&folder, name));
            let is_bad = unacceptable.contains(name);
            verdicts[usize::from(is_bad)][quality.usable as usize] += 1;
            if is_bad { &mut bad } else { &mut good }.push(quality.lost_share());
        }
        let share =
            |row: [usize; 3], from: usize| row[from..].iter().sum::<usize>() as f64 / row.iter().sum::<usize>() as f64;
        let (sensitivity, specificity) = (share(verdicts[1], 1), 1.0 - share(verdicts[0], 1));
        let area = auroc(&bad, &good);
        println!("{half}: good, limited, unusable of acceptable {:?}, of unacceptable {:?}", verdicts[0], verdicts[1]);
        println!(
            "{half}: not good: sensitivity {sensitivity:.3}, specificity {specificity:.3}; AUROC of the share lost {area:.3}"
        );
        println!(
            "{half}: unusable: {:.3} of unacceptable, {:.3} of acceptable",
            share(verdicts[1], 2),
            share(verdicts[0], 2)
        );
        if checked {
            assert!(sensitivity >= 0.88 && specificity >= 0.85 && area >= 0.88, "{sensitivity} {specificity} {area}");
            assert!(share(verdicts[0], 2) <= 0.01, "acceptable recordings called unusable");
        }
    }
}

fn beating(lead: Lead, height_mv: f32) -> Trace {
    let samples: Vec<f32> = (0..5000)
        .map(|index| {
            let (phase, ripple) = (index % 400, 0.004 * ((index * 7919) % 13) as f32 / 13.0);
            let wave = |centre: i32, half: f32| (1.0 - ((phase - centre) as f32 / half).abs()).max(0.0);
            height_mv * (wave(60, 20.0) + 0.25 * wave(200, 60.0)) + ripple
        })
        .collect();
    Trace::new(lead, 500.0, samples)
}

fn with(lead: Lead, change: impl Fn(&mut [f32])) -> Recording {
    let mut samples = beating(lead.clone(), 1.0).samples_mv.to_vec();
    change(&mut samples);
    Recording::new("test", vec![Trace::new(lead, 500.0, samples), beating(Lead::V5, 1.5), beating(Lead::V6, 1.2)])
}

fn kinds(recording: &Recording) -> Vec<DefectKind> {
    let mut kinds: Vec<DefectKind> = assess(recording).defects.into_iter().map(|defect| defect.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_clean_recording_is_good_even_with_an_offset() {
    for offset_mv in [0.0, 5.0, -300.0] {
        let recording = with(Lead::II, |samples| samples.iter_mut().for_each(|value| *value += offset_mv));
        let quality = assess(&recording);
        assert_eq!((quality.usable, quality.reasons.len()), (Usable::Good, 0), "{:?}", quality.reasons);
    }
}

#[test]
fn each_fault_is_named_where_it_is() {
    type Fault = (DefectKind, fn(&mut [f32]));
    let faults: [Fault; 6] = [
        (DefectKind::Missing, |s| s[1000..1600].fill(f32::NAN)),
        (DefectKind::Flat, |s| s[1000..2500].fill(0.1)),
        (DefectKind::Saturated, |s| s[1000..1200].fill(80.0)),
        (DefectKind::Noise, |s| {
            s[1000..2500].iter_mut().enumerate().for_each(|(i, v)| *v += if i % 2 == 0 { 0.4 } else { -0.4 })
        }),
        (DefectKind::Wander, |s| {
            s.iter_mut().enumerate().for_each(|(i, v)| *v += 2.0 * (i as f32 / 5000.0 * 18.0).sin())
        }),
        (DefectKind::Mains, |s| {
            s.iter_mut().enumerate().for_each(|(i, v)| *v += 0.3 * (i as f32 / 500.0 * 314.159_27).sin())
        }),
    ];
    for (kind, change) in faults {
        let recording = with(Lead::II, change);
        let quality = assess(&recording);
        assert!(kinds(&recording).contains(&kind), "{kind:?}: {:?}", quality.defects);
        assert!(quality.defects.iter().all(|defect| defect.lead == Lead::II), "{kind:?}: {:?}", quality.defects);
        assert_eq!(quality.usable, Usable::Limited, "{kind:?}");
    }
}

#[test]
fn what_cannot_be_read_is_unusable() {
    let flat = Recording::new("test", Lead::STANDARD.map(|lead| Trace::new(lead, 500.0, vec![0.0; 5000])).to_vec());
    let gone =
        Recording::new("test", Lead::STANDARD.map(|lead| Trace::new(lead, 500.0, vec![f32::NAN; 5000])).to_vec());
    let empty = Recording::new("test", vec![Trace::new(Lead::II, 500.0, Vec::new())]);
    let none = Recording::new("test", Vec::new());
    for recording in [flat, gone, empty, none] {
        let quality = assess(&recording);
        assert_eq!(quality.usable, Usable::Unusable);
        assert!(!quality.reasons.is_empty());
    }
}

#[test]
fn a_pause_of_the_heart_is_no_fault() {
    // every lead silent for four seconds: a pause as far as anyone can tell
    let still = |lead: Lead| {
        let mut samples = beating(lead.clone(), 1.0).samples_mv.to_vec();
        samples[1500..3500].fill(0.0);
        Trace::new(lead, 500.0, samples)
    };
    let recording = Recording::new("test", [Lead::I, Lead::II, Lead::V1].map(still).to_vec());
    assert_eq!(assess(&recording).usable, Usable::Good);
}
