//! `CARD.md` of a model: written by `ecg evaluate --card` from the model's own files and the figures just measured.

use std::fmt::Write as _;
use std::path::Path;

use super::output;
use super::ptbxl::{self, Row};
use super::scores::{self, Report, shown};
use crate::error::{Error, Result};
use crate::network::figures::{auroc, macro_of_five};
use crate::network::input::SAMPLES;
use crate::network::train::Recipe;
use crate::network::{HEADS, Head, LEADS, Network};

/// What a change of the input does to the score of the selection fold.
pub struct Robustness {
    change: &'static str,
    macro_auroc: Option<f64>,
}

/// F1 that the paper's abstract states (arXiv 2509.08961v1); nothing for the others.
const CLAIMED: [(Head, &str); 4] =
    [(Head::Abnormal, "99 %"), (Head::Arrhythmia, "98.9 %"), (Head::Conduction, "99 %"), (Head::Hypertrophy, "99 %")];

/// Scores of the selection fold with leads lost or the gain wrong.
///
/// # Errors
/// No record can be read.
pub fn robustness(network: &Network, data: &Path, selection: &[Row]) -> Result<Vec<Robustness>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let windows = ptbxl::windows(data, selection, threads, None)?;
    type Change = fn(usize, f32) -> f32;
    let changes: [(&'static str, Change); 6] = [
        ("none", |_, v| v),
        ("V3 lost", |lead, v| if lead == 8 { 0.0 } else { v }),
        ("all chest leads lost", |lead, v| if lead >= 6 { 0.0 } else { v }),
        ("lead II alone", |lead, v| if lead == 1 { v } else { 0.0 }),
        ("gain x 0.8", |_, v| 0.8 * v),
        ("gain x 1.25", |_, v| 1.25 * v),
    ];
    let mut rows = Vec::new();
    for (change, f) in changes {
        let changed: Vec<Option<Vec<f32>>> = windows
            .iter()
            .map(|window| {
                let window = window.as_ref()?;
                debug_assert_eq!(window.len(), LEADS * SAMPLES);
                Some(window.iter().enumerate().map(|(i, v)| f(i / SAMPLES, *v)).collect())
            })
            .collect();
        let read = scores::read_windows(network, selection, &changed, threads)?;
        let by_head: Vec<Option<f64>> = (0..HEADS)
            .map(|head| {
                let labels: Vec<bool> = read.labels.iter().map(|row| row[head] > 0.5).collect();
                let scores: Vec<f64> = read.probabilities.iter().map(|row| f64::from(row[head])).collect();
                auroc(&labels, &scores)
            })
            .collect();
        rows.push(Robustness { change, macro_auroc: macro_of_five(&by_head) });
    }
    Ok(rows)
}

/// Writes the card, and notes that the fold was opened for these weights.
///
/// # Errors
/// The model's recipe or curve cannot be read, the card cannot be written.
pub fn write(
    folder: &Path,
    network: &Network,
    report: &Report,
    fold: u32,
    robustness: impl Fn() -> Result<Vec<Robustness>>,
) -> Result<()> {
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name))
            .map_err(|e| Error::model(format!("the model's {name} cannot be read")).because(e))
    };
    let recipe = Recipe::parse(&read("recipe.toml")?)?;
    let curve = read("curve.csv")?;
    let opened = note_opening(folder, network, report, fold)?;
    let text = text(network, report, (fold, opened), &recipe, &curve, &robustness()?);
    output::file(&folder.join("CARD.md"), text.as_bytes())?;
    output::line(&format!("the card is {}", folder.join("CARD.md").display()))
}

/// Adds a line to `openings.csv` and counts those of this fold and these weights.
fn note_opening(folder: &Path, network: &Network, report: &Report, fold: u32) -> Result<usize> {
    let path = folder.join("openings.csv");
    let mut text = std::fs::read_to_string(&path).unwrap_or_else(|_| "weights_sha256,fold,macro_of_five\n".into());
    let value = report.macro_auroc.map_or(String::new(), |figure| format!("{:.4}", figure.value));
    let _ = writeln!(text, "{},{fold},{value}", network.sha256());
    output::file(&path, text.as_bytes())?;
    Ok(text.lines().filter(|line| line.starts_with(&format!("{},{fold},", network.sha256()))).count())
}

fn text(
    network: &Network,
    report: &Report,
    (fold, opened): (u32, usize),
    recipe: &Recipe,
    curve: &str,
    robustness: &[Robustness],
) -> String {
    let epochs = curve.lines().count().saturating_sub(1);
    let points: String = Head::ALL.iter().filter(|head| **head != Head::Qt).fold(String::new(), |mut text, head| {
        let point = network.operating_point(*head);
        let certain = point.high_certainty.map_or("–".to_owned(), |p| format!("{p:.3}"));
        let _ = writeln!(text, "| {} | {:.3} | {certain} |", head.key(), point.display);
        text
    });
    let claimed: String = CLAIMED.iter().fold(String::new(), |mut text, (head, claim)| {
        let ours = report.heads.iter().find(|row| row.head == *head).and_then(|row| row.f1);
        let _ = writeln!(text, "| {} | {claim} | {} |", head.words(), shown(ours));
        text
    });
    let changes: String = robustness.iter().fold(String::new(), |mut text, row| {
        let value = row.macro_auroc.map_or("–".into(), |value| format!("{value:.3}"));
        let _ = writeln!(text, "| {} | {value} |", row.change);
        text
    });
    let shown_curve: String = curve
        .lines()
        .skip(1)
        .enumerate()
        .filter(|(i, _)| *i == 1 || (i + 1) % 4 == 0 || i + 1 == epochs)
        .filter_map(|(_, line)| {
            let columns: Vec<&str> = line.split(',').collect();
            Some(format!("| {} | {} | {} |\n", columns.first()?, columns.get(1)?, columns.get(3)?))
        })
        .collect();
    let times = if opened == 1 { "once".to_owned() } else { format!("{opened} times") };
    format!(
        "# {id}

Written by `ecg evaluate --card`; do not edit. Weights SHA-256 `{sha}`.

FoundationalECGNet as the abstract of arXiv 2509.08961v1 names its parts: CBAM, graph attention over the leads, time-series
transformer; normal or abnormal first, then the conditions. The paper gives no layer sizes and no label map: all sizes
(`config.json`, 585,038 parameters) and the label map are ours. We depart from it in that several conditions may hold at once.

**For research and teaching. Not a medical device. Not for diagnosis or treatment, not for monitoring, not for children
or paced rhythms without a reader, not for fewer than twelve leads without saying so, and never as the only reading.**

## Data

PTB-XL (Wagner et al., Scientific Data 7:154, 2020), licence CC BY 4.0, a subset of 2,680 records of 2,604 patients at 500 Hz.
Folds 1–7 train, fold 8 selects and calibrates, fold 9 reports; no patient is in two folds. Inputs: ten seconds, 0.5 Hz
zero-phase high-pass, 100 Hz, no scaling per record. Labels are those of the data set's statements by our map; about a
quarter of them was never validated by a human.

## Training

Seed {seed}, batch {batch}, AdamW at {rate}, schedule of {schedule} epochs. The weights are the running average after epoch
{epochs}, the last that was trained: training always leaves its last epoch, none is picked by its score. The whole recipe is in
`recipe.toml`, the whole curve in `curve.csv`.

| epoch | loss | fold 8, mean AUROC of five |
| --- | --- | --- |
{shown_curve}
## Figures, fold {fold}

The fold was opened {times} for these weights (`openings.csv`). Figures are of the probabilities as shown: Platt scaling
fitted on {fitted}; no condition above \"abnormal\". {table}

Operating points (largest sensitivity + specificity on fold 8) and points of high certainty (95 % specificity on fold 8):

| head | stated from | high certainty from |
| --- | --- | --- |
{points}
QT is trained (eight positive records in all folds) but never scored and never shown as a finding: QT is measured.
Positive and negative predictive values hold for the prevalence of this data, not for the reader's.

## Beside the paper's claim

The paper's abstract states F1 over data sets that it does not name. We did not reach it and do not claim it.

| | F1 claimed by the paper | F1 here, at the operating point |
| --- | --- | --- |
{claimed}
## Robustness

Mean AUROC of the five heads on fold 8 with a change to the input:

| change | fold 8 |
| --- | --- |
{changes}
With fewer than twelve leads the reading must say what is missing.

## Attention

The map is CBAM's time gate x lead graph x transformer rollout, from the forward pass itself. It shows where the network
looked, never a cause. It has not yet passed tests of deletion, insertion and planted artefacts, and no claim rests on it.
In ablations with a twin of this network, graph attention gave no gain in accuracy (-0.003 on fold 8, inside the noise of
a seed, about 0.005) and CBAM +0.006; graph attention is kept because the paper names it and because it gives the lead view.
",
        id = network.id(),
        sha = network.sha256(),
        seed = recipe.seed,
        schedule = recipe.epochs,
        batch = recipe.batch,
        rate = recipe.learning_rate,
        fitted = network.calibration().fitted_on,
        table = scores::table(report),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_claims_four_heads_and_no_more() {
        assert!(CLAIMED.iter().all(|(head, _)| ![Head::Infarction, Head::Qt, Head::Other].contains(head)));
    }
}
