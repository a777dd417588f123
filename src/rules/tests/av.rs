//! PR and P without QRS.

use super::super::made::Made;
use super::*;
use crate::ecg::Lead;
use crate::measure::DeltaWave;

fn pr(pr_ms: f64) -> Made {
    Made::healthy().set(|m| &mut m.pr_ms, pr_ms)
}

#[test]
fn pr_has_its_lines() {
    table(
        "av.pr_long",
        vec![
            ("at the line", pr(200.0), None),
            ("just over", pr(204.0), Some((NEAR, LOW))),
            ("clear", pr(240.0), Some((MET, LOW))),
            ("marked", pr(300.0), None),
            ("not measured", Made::healthy().none(|m| &mut m.pr_ms), None),
            ("child", pr(240.0).who(Some(10), None), None),
        ],
    );
    table(
        "av.pr_marked",
        vec![
            ("under", pr(299.0), None),
            ("at the line", pr(300.0), Some((NEAR, MODERATE))),
            ("clear", pr(340.0), Some((MET, MODERATE))),
        ],
    );
    table(
        "av.pr_short",
        vec![
            ("at the line", pr(120.0), None),
            ("under", pr(114.0), Some((NEAR, LOW))),
            ("clear", pr(100.0), Some((MET, LOW))),
            ("with wide QRS", pr(100.0).qrs(130.0), None),
        ],
    );
    table(
        "av.preexcitation",
        vec![
            ("short and wide", pr(100.0).qrs(130.0), Some((REVIEW, MODERATE))),
            ("short", pr(100.0).qrs(120.0), None),
            ("wide", pr(120.0).qrs(130.0), None),
            ("low atrial", pr(100.0).qrs(130.0).set(|m| &mut m.axis_p_deg, -70.0), None),
        ],
    );
}

#[test]
fn delta_waves_make_preexcitation_and_silence_the_block_that_they_look_like() {
    let delta = |made: Made, leads: &[Lead]| {
        made.leads(leads, |lead| lead.delta = Some(DeltaWave { duration_ms: 36.0, height_mv: 0.3 }))
    };
    let five = [Lead::I, Lead::AvL, Lead::V4, Lead::V5, Lead::V6];
    table(
        "av.preexcitation",
        vec![
            ("all three", delta(pr(100.0).qrs(130.0), &five), Some((MET, MODERATE))),
            ("near its lines", delta(pr(115.0).qrs(125.0), &five), Some((NEAR, MODERATE))),
            ("PR not short", delta(pr(140.0).qrs(110.0), &five), Some((NEAR, MODERATE))),
            ("PR far from short", delta(pr(160.0).qrs(110.0), &five), None),
            ("QRS narrow", delta(pr(140.0).qrs(95.0), &five), None),
            ("four leads", delta(pr(140.0).qrs(110.0), &five[..4]), None),
            ("aVR beside four", delta(pr(140.0).qrs(110.0), &[&five[..4], &[Lead::AvR]].concat()), None),
        ],
    );
    let left = pr(130.0).lbbb();
    assert!(left.says("conduction.lbbb"));
    let both = delta(left, &five);
    assert!(!both.says("conduction.lbbb") && !both.says("conduction.ivcd"), "{:?}", both.codes());
    assert!(evidence(&both, "av.preexcitation").contains("delta wave in I, aVL, V4, V5, V6"));
}

/// P every 0.8 s from 0.3 s on; `conducted` gives the PR of each, ms, or that it is not conducted.
fn atria(conducted: &[Option<f64>]) -> Made {
    let p_s = |index: usize| 0.3 + 0.8 * index as f64;
    let at_s: Vec<f64> = conducted
        .iter()
        .enumerate()
        .filter_map(|(index, pr)| Some(p_s(index) + pr.as_ref()? / 1000.0 + 0.04))
        .collect();
    let pr: Vec<f64> = conducted.iter().copied().flatten().collect();
    let lone: Vec<f64> = (0..conducted.len()).filter(|index| conducted[*index].is_none()).map(p_s).collect();
    Made::healthy().at(&at_s).pr(|beat| Some(pr[beat])).lone(&lone)
}

#[test]
fn blocks_are_named_by_pr_and_by_what_is_not_conducted() {
    let w = |ms: f64| Some(ms);
    let wenckebach =
        [w(160.0), w(220.0), w(260.0), None, w(160.0), w(220.0), w(260.0), None, w(160.0), w(220.0), w(260.0)];
    let mobitz = [w(160.0), w(162.0), w(158.0), None, w(160.0), w(161.0), w(160.0), w(160.0), w(159.0)];
    let two: Vec<Option<f64>> = (0..12).map(|index| (index % 2 == 0).then_some(160.0)).collect();
    let high = [w(160.0), w(160.0), None, None, w(160.0), w(160.0), w(160.0), None, w(160.0)];
    for (code, conducted, level) in [
        ("av.wenckebach", &wenckebach[..], MODERATE),
        ("av.mobitz", &mobitz[..], HIGH),
        ("av.two_to_one_block", &two[..], HIGH),
        ("av.high_grade_block", &high[..], CRITICAL),
    ] {
        let made = atria(conducted);
        let told: Vec<&str> = made.codes().into_iter().filter(|code| code.starts_with("av.")).collect();
        assert_eq!(told, [code]);
        let finding = made.said(code).expect("told");
        assert_eq!((finding.level, finding.certainty), (level, MET), "{finding:?}");
        assert!(finding.span.is_some());
        assert!(!made.says("rhythm.unnamed"), "{:?}", made.codes());
    }
    let slow = atria(&two).said("rhythm.sinus").expect("sinus, whatever the ventricles do");
    assert!(slow.statement.starts_with("Sinus rhythm, ventricular rate 3"), "{}", slow.statement);
    assert_eq!(slow.level, HIGH);
    assert!(atria(&mobitz).said("av.mobitz").is_some_and(|f| f.statement.contains("Mobitz II")));
    let doubtful = {
        let mut made = atria(&mobitz);
        made.waves.lone_p.iter_mut().for_each(|wave| wave.confidence = 0.2);
        made
    };
    assert!(!doubtful.codes().iter().any(|code| code.starts_with("av.")), "a doubtful P is no block");
}

#[test]
fn a_lone_p_without_pr_around_it_has_no_type() {
    let w = |ms: f64| Some(ms);
    let one = [w(160.0), w(200.0), w(160.0), None, w(175.0), w(160.0), w(160.0)];
    table("av.block_untyped", vec![("PR differ without growing", atria(&one), Some((REVIEW, MODERATE)))]);
}

/// QRS slower than P, P at 85/min with a phase that runs.
fn independent(escape_s: f64) -> Made {
    let at_s: Vec<f64> = (0..9).map(|beat| 1.0 + escape_s * f64::from(beat)).collect();
    let p_s: Vec<f64> = (0..18).map(|p| 0.1 + 0.71 * f64::from(p)).collect();
    let led = |r_s: f64| p_s.iter().copied().rfind(|p| (0.08..0.45).contains(&(r_s - 0.04 - p)));
    let led_by: Vec<Option<f64>> = at_s.iter().map(|r_s| led(*r_s)).collect();
    let lone: Vec<f64> = p_s.iter().copied().filter(|p| !led_by.contains(&Some(*p)) && *p < at_s[8]).collect();
    let beats = at_s.clone();
    Made::healthy().at(&at_s).pr(|beat| led_by[beat].map(|p| 1000.0 * (beats[beat] - 0.04 - p))).lone(&lone)
}

#[test]
fn p_and_qrs_that_are_independent_are_complete_block() {
    let found = independent(1.55).said("av.complete_block").expect("independent");
    assert_eq!(found.level, CRITICAL, "{found:?}");
    assert!(found.evidence.contains("QRS 39/min < 60"), "{}", found.evidence);
    assert!(!independent(1.55).says("rhythm.unnamed") && !independent(1.55).says("rhythm.sinus_bradycardia"));
    assert!(!Made::healthy().says("av.complete_block"));
}
