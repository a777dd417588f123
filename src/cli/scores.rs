//! Readings of labelled records, and the figures of merit of a model on them, as a table that is also Markdown.

use std::path::Path;

use super::ptbxl::{self, Row};
use crate::error::Result;
use crate::network::figures::{
    Counts, FIVE, Figure, auroc_weighted, average_precision, brier, calibration_error, macro_of_five, order,
    patient_draws,
};
use crate::network::train::in_order;
use crate::network::{HEADS, Head, Network, Window};

/// Draws of patients for the intervals.
const DRAWS: usize = 2000;

/// Readings of some records, beside their labels.
pub struct Read {
    pub patients: Vec<String>,
    pub labels: Vec<[f32; HEADS]>,
    pub logits: Vec<[f32; HEADS]>,
    pub probabilities: Vec<[f32; HEADS]>,
}

/// All figures of one head.
pub struct HeadFigures {
    pub head: Head,
    pub positives: usize,
    pub auroc: Option<Figure>,
    pub average_precision: Option<Figure>,
    pub sensitivity: Option<Figure>,
    pub specificity: Option<Figure>,
    pub positive_value: Option<Figure>,
    pub negative_value: Option<Figure>,
    pub f1: Option<Figure>,
    pub calibration_error: Option<f64>,
    pub brier: Option<f64>,
}

/// All figures of some records.
pub struct Report {
    pub records: usize,
    pub patients: usize,
    pub heads: Vec<HeadFigures>,
    pub macro_auroc: Option<Figure>,
    pub macro_precision: Option<Figure>,
}

/// Reads every row's record with the network.
pub fn read(network: &Network, data: &Path, rows: &[Row]) -> Result<Read> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let windows = ptbxl::windows(data, rows, threads, None)?;
    read_windows(network, rows, &windows, threads)
}

/// As [`read`], from prepared windows.
pub fn read_windows(network: &Network, rows: &[Row], windows: &[Option<Vec<f32>>], threads: usize) -> Result<Read> {
    let readings = in_order(threads, rows.len(), |row| -> Result<Option<([f32; HEADS], [f32; HEADS])>> {
        let Some(window) = &windows[row] else { return Ok(None) };
        let reading = network.read(&Window::from_inputs(window.clone())?)?;
        Ok(Some((reading.logits, reading.probabilities)))
    });
    let mut read = Read { patients: Vec::new(), labels: Vec::new(), logits: Vec::new(), probabilities: Vec::new() };
    for (row, reading) in rows.iter().zip(readings) {
        if let Some((logits, probabilities)) = reading? {
            read.patients.push(row.patient.clone());
            read.labels.push(row.labels);
            read.logits.push(logits);
            read.probabilities.push(probabilities);
        }
    }
    Ok(read)
}

/// One head's labels and shown probabilities.
fn column(read: &Read, head: usize) -> (Vec<bool>, Vec<f64>) {
    let labels = read.labels.iter().map(|row| row[head] > 0.5).collect();
    (labels, read.probabilities.iter().map(|row| f64::from(row[head])).collect())
}

/// A figure of labels, scores, weights and the order of the scores.
type Merit = fn(&[bool], &[f64], &[f64], &[usize]) -> Option<f64>;

/// All figures, of the probabilities as they are shown.
pub fn report(network: &Network, read: &Read) -> Report {
    let patients: Vec<&str> = read.patients.iter().map(String::as_str).collect();
    let draws = patient_draws(&patients, DRAWS, 1);
    let records = patients.len();
    let columns: Vec<(Vec<bool>, Vec<f64>)> = (0..HEADS).map(|head| column(read, head)).collect();
    let orders: Vec<Vec<usize>> = columns.iter().map(|(_, scores)| order(scores)).collect();
    let heads = Head::ALL.map(|head| {
        let (labels, scores) = &columns[head.index()];
        let order = &orders[head.index()];
        let point = f64::from(network.operating_point(head).display);
        let counted = |figure: fn(&Counts) -> Option<f64>| {
            Figure::new(records, &draws, |weights| figure(&Counts::at(labels, scores, weights, point)))
        };
        let ones = vec![1.0; records];
        HeadFigures {
            head,
            positives: labels.iter().filter(|label| **label).count(),
            auroc: Figure::new(records, &draws, |weights| auroc_weighted(labels, scores, weights, order)),
            average_precision: Figure::new(records, &draws, |weights| {
                average_precision(labels, scores, weights, order)
            }),
            sensitivity: counted(Counts::sensitivity),
            specificity: counted(Counts::specificity),
            positive_value: counted(Counts::positive_value),
            negative_value: counted(Counts::negative_value),
            f1: counted(Counts::f1),
            calibration_error: calibration_error(labels, scores, &ones, order),
            brier: brier(labels, scores, &ones),
        }
    });
    let mean = |figure: Merit| {
        Figure::new(records, &draws, |weights| {
            let all: Vec<Option<f64>> = columns
                .iter()
                .zip(&orders)
                .map(|((labels, scores), order)| figure(labels, scores, weights, order))
                .collect();
            macro_of_five(&all)
        })
    };
    let mut ids = patients.clone();
    ids.sort_unstable();
    ids.dedup();
    Report {
        records,
        patients: ids.len(),
        heads: heads.into_iter().collect(),
        macro_auroc: mean(auroc_weighted),
        macro_precision: mean(average_precision),
    }
}

/// A figure with its interval, or a dash.
pub fn shown(figure: Option<Figure>) -> String {
    match figure {
        Some(Figure { value, interval: Some((low, high)) }) => format!("{value:.3} ({low:.3}–{high:.3})"),
        Some(Figure { value, interval: None }) => format!("{value:.3}"),
        None => "–".into(),
    }
}

fn plain(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| format!("{value:.3}"))
}

/// The figures as a table that is also Markdown.
pub fn table(report: &Report) -> String {
    let mut lines = vec![
        format!(
            "{} records of {} patients; 95 % intervals over patients, {DRAWS} draws",
            report.records, report.patients
        ),
        String::new(),
        "| head | positive | AUROC | average precision | ECE | Brier |".to_owned(),
        "| --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for row in report.heads.iter().filter(|row| row.head != Head::Qt) {
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {} |",
            row.head.key(),
            row.positives,
            shown(row.auroc),
            shown(row.average_precision),
            plain(row.calibration_error),
            plain(row.brier)
        ));
    }
    lines.push(format!(
        "| **mean of five** | | **{}** | {} | {} | |",
        shown(report.macro_auroc),
        shown(report.macro_precision),
        plain(mean_error(report))
    ));
    lines.push(String::new());
    lines.push("At the operating points:".to_owned());
    lines.push(String::new());
    lines.push("| head | sensitivity | specificity | PPV | NPV | F1 |".to_owned());
    lines.push("| --- | --- | --- | --- | --- | --- |".to_owned());
    for row in report.heads.iter().filter(|row| row.head != Head::Qt) {
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {} |",
            row.head.key(),
            shown(row.sensitivity),
            shown(row.specificity),
            shown(row.positive_value),
            shown(row.negative_value),
            shown(row.f1)
        ));
    }
    lines.join("\n")
}

fn mean_error(report: &Report) -> Option<f64> {
    let errors: Vec<Option<f64>> = report.heads.iter().map(|row| row.calibration_error).collect();
    FIVE.iter().map(|head| errors.get(*head).copied().flatten()).sum::<Option<f64>>().map(|sum| sum / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_without_a_value_are_a_dash() {
        assert_eq!(shown(None), "–");
        assert_eq!(shown(Some(Figure { value: 0.5, interval: None })), "0.500");
        let with = Figure { value: 0.91234, interval: Some((0.89, 0.93)) };
        assert_eq!(shown(Some(with)), "0.912 (0.890–0.930)");
    }

    #[test]
    fn the_table_leaves_qt_out_and_keeps_the_rest() {
        let head = |head| HeadFigures {
            head,
            positives: 3,
            auroc: None,
            average_precision: None,
            sensitivity: None,
            specificity: None,
            positive_value: None,
            negative_value: None,
            f1: None,
            calibration_error: Some(0.1),
            brier: None,
        };
        let heads = Head::ALL.map(head).into_iter().collect();
        let report = Report { records: 9, patients: 8, heads, macro_auroc: None, macro_precision: None };
        let text = table(&report);
        assert!(!text.contains("| qt |") && text.contains("| hypertrophy |"));
        assert!(text.contains("| **mean of five** | | **–** | – | 0.100 | |"));
    }
}
