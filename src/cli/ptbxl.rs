//! A folder laid out as PTB-XL: `conditions.csv`, `ptbxl_database.csv`, `scp_statements.csv` and the records they name.
//! Turns it into prepared windows and labels; keeps the windows in a file beside the training, so that a second start is quick.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::batch;
use crate::error::{Error, Result};
use crate::formats::{self, Hints};
use crate::network::input::{SAMPLES, Window};
use crate::network::train::{Examples, in_order};
use crate::network::{HEADS, Head, LEADS};

/// One row of the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number of the record.
    pub id: String,
    /// Number of the patient.
    pub patient: String,
    /// Fold, where the table has one.
    pub fold: Option<u32>,
    /// Path of the header, below the folder.
    pub file: PathBuf,
    /// 0 or 1 a head.
    pub labels: [f32; HEADS],
    /// Statements as the table has them, `CODE:likelihood`.
    pub codes: Vec<String>,
    /// As `labels`, 0.75 where no statement of the head has a likelihood of 80 or more.
    pub targets: [f32; HEADS],
}

fn table(folder: &Path, name: &str) -> Result<(HashMap<String, usize>, Vec<csv::StringRecord>)> {
    let path = folder.join(name);
    let failed = |e: csv::Error| {
        Error::read(format!("{name} cannot be read"))
            .cure("--data needs a folder laid out as PTB-XL with conditions.csv")
            .in_file(path.display().to_string())
            .because(e)
    };
    let mut reader = csv::Reader::from_path(&path).map_err(failed)?;
    let columns = reader.headers().map_err(failed)?.iter().enumerate().map(|(i, name)| (name.to_owned(), i)).collect();
    let rows = reader.records().collect::<std::result::Result<_, _>>().map_err(failed)?;
    Ok((columns, rows))
}

/// The rows of the folder's tables.
///
/// # Errors
/// A table or a column that is missing, a label that is not 0 or 1.
pub fn rows(folder: &Path) -> Result<Vec<Row>> {
    let (columns, conditions) = table(folder, "conditions.csv")?;
    let (names, database) = table(folder, "ptbxl_database.csv")?;
    let column = |columns: &HashMap<String, usize>, name: &str, file: &str| {
        columns.get(name).copied().ok_or_else(|| Error::read(format!("{file} has no column {name}")))
    };
    let (id, file) =
        (column(&names, "ecg_id", "ptbxl_database.csv")?, column(&names, "filename_hr", "ptbxl_database.csv")?);
    let files: HashMap<&str, &str> = database.iter().map(|row| (&row[id], &row[file])).collect();
    let classes = classes(folder)?;
    let at = |name: &str| column(&columns, name, "conditions.csv");
    let (id, patient) = (at("ecg_id")?, at("patient_id")?);
    let (fold, codes) = (columns.get("strat_fold").copied(), columns.get("scp_codes").copied());
    let heads: Vec<usize> = Head::ALL.iter().map(|head| at(head.key())).collect::<Result<_>>()?;
    let mut rows = Vec::with_capacity(conditions.len());
    for (number, row) in conditions.iter().enumerate() {
        let line = |what: String| Error::read(what).in_step(format!("line {}", number + 2)).in_file("conditions.csv");
        let mut labels = [0.0; HEADS];
        for (label, column) in labels.iter_mut().zip(&heads) {
            *label = match &row[*column] {
                "0" => 0.0,
                "1" => 1.0,
                other => return Err(line(format!("a label is \"{other}\", not 0 or 1"))),
            };
        }
        let name =
            files.get(&row[id]).ok_or_else(|| line(format!("record {} is not in ptbxl_database.csv", &row[id])))?;
        rows.push(Row {
            id: row[id].to_owned(),
            patient: row[patient].to_owned(),
            fold: fold.and_then(|fold| row[fold].parse().ok()),
            file: PathBuf::from(format!("{name}.hea")),
            targets: soften(labels, codes.map_or("", |codes| &row[codes]), &classes),
            codes: codes.map_or("", |codes| &row[codes]).split_whitespace().map(str::to_owned).collect(),
            labels,
        });
    }
    Ok(rows)
}

impl Row {
    /// Is this statement made, whatever its likelihood? Form and rhythm statements carry 0.
    pub fn states(&self, code: &str) -> bool {
        self.codes.iter().any(|stated| stated.split(':').next() == Some(code))
    }
}

/// Statement to the place of the head that its superclass sets.
fn classes(folder: &Path) -> Result<HashMap<String, usize>> {
    if !folder.join("scp_statements.csv").exists() {
        return Ok(HashMap::new());
    }
    let (columns, rows) = table(folder, "scp_statements.csv")?;
    let Some(class) = columns.get("diagnostic_class").copied() else { return Ok(HashMap::new()) };
    let head = |class: &str| match class {
        "CD" => Some(Head::Conduction),
        "MI" => Some(Head::Infarction),
        "HYP" => Some(Head::Hypertrophy),
        _ => None,
    };
    Ok(rows.iter().filter_map(|row| Some((row[0].to_owned(), head(&row[class])?.index()))).collect())
}

/// 0.75 for a positive head whose best statement has a likelihood below 80.
fn soften(labels: [f32; HEADS], codes: &str, classes: &HashMap<String, usize>) -> [f32; HEADS] {
    let mut best = [0.0_f64; HEADS];
    for (code, likelihood) in codes.split_whitespace().filter_map(|code| code.rsplit_once(':')) {
        if let (Some(head), Ok(likelihood)) = (classes.get(code), likelihood.parse::<f64>()) {
            best[*head] = best[*head].max(likelihood);
        }
    }
    let mut targets = labels;
    for (target, best) in targets.iter_mut().zip(best) {
        if *target > 0.5 && best > 0.0 && best < 80.0 {
            *target = 0.75;
        }
    }
    targets
}

/// The window of one record.
///
/// # Errors
/// As the reader of the file, and [`Window::prepare`].
pub fn window(path: &Path) -> Result<Window> {
    let recording = formats::open(path, &Hints::default())?;
    let rate_hz = recording.common_rate_hz().ok_or_else(|| Error::unsupported("the leads differ in rate"))?;
    let leads = recording.standard().map(|trace| trace.map(|trace| &trace.samples_mv[..]));
    Window::prepare(leads, rate_hz).map_err(|e| e.in_file(path.display().to_string()))
}

/// Windows of all rows, in their order, read on `threads` threads under a progress bar; `None` where a record cannot be
/// read (said on the error stream). With `cache`, kept in that file and taken from it when it holds these records.
///
/// # Errors
/// No record can be read.
pub fn windows(folder: &Path, rows: &[Row], threads: usize, cache: Option<&Path>) -> Result<Vec<Option<Vec<f32>>>> {
    if let Some(found) = cache.and_then(|cache| kept(cache, rows)) {
        return Ok(found);
    }
    let bar = batch::progress(rows.len(), "reading");
    let results = in_order(threads, rows.len(), |row| {
        let result = window(&folder.join(&rows[row].file)).map(|window| window.inputs().to_vec());
        bar.inc(1);
        result
    });
    bar.finish_and_clear();
    let mut windows = Vec::with_capacity(rows.len());
    for (row, result) in rows.iter().zip(results) {
        if let Err(error) = &result {
            eprintln!("ecg: record {}: {error}", row.id);
        }
        windows.push(result.ok());
    }
    if windows.iter().all(Option::is_none) {
        return Err(Error::missing("no record of the folder can be read").in_file(folder.display().to_string()));
    }
    if let Some(cache) = cache.filter(|_| windows.iter().all(Option::is_some)) {
        keep(cache, rows, &windows)?;
    }
    Ok(windows)
}

/// First bytes of a kept file: what it is, then the record numbers, then the values.
const KEPT: &str = "prepared windows 1, 12 x 1000 f32 little-endian";

fn title(rows: &[Row]) -> String {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    format!("{KEPT}\n{}\n", ids.join(" "))
}

fn keep(cache: &Path, rows: &[Row], windows: &[Option<Vec<f32>>]) -> Result<()> {
    let mut bytes = title(rows).into_bytes();
    for window in windows.iter().flatten() {
        bytes.extend(window.iter().flat_map(|value| value.to_le_bytes()));
    }
    std::fs::write(cache, bytes)
        .map_err(|e| Error::write("prepared windows cannot be kept").in_file(cache.display().to_string()).because(e))
}

fn kept(cache: &Path, rows: &[Row]) -> Option<Vec<Option<Vec<f32>>>> {
    let bytes = std::fs::read(cache).ok()?;
    let values = bytes.strip_prefix(title(rows).as_bytes())?;
    let one = 4 * LEADS * SAMPLES;
    (values.len() == rows.len() * one).then(|| {
        let read = |bytes: &[u8]| bytes.as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect();
        values.chunks_exact(one).map(|window| Some(read(window))).collect()
    })
}

/// The rows whose fold is wanted, with their windows.
pub fn examples(rows: &[Row], windows: &[Option<Vec<f32>>], wanted: impl Fn(Option<u32>) -> bool) -> Examples {
    let mut examples = Examples { samples: SAMPLES, ..Examples::default() };
    for (row, window) in rows.iter().zip(windows) {
        if let Some(window) = window.as_ref().filter(|_| wanted(row.fold)) {
            examples.push(window, row.labels, row.targets);
        }
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsure_statements_soften_their_head_only() {
        let classes = HashMap::from([("IMI".to_owned(), 3), ("LVH".to_owned(), 5), ("AMI".to_owned(), 3)]);
        let labels = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0];
        assert_eq!(soften(labels, "IMI:50 LVH:100 SR:0", &classes), [1.0, 0.0, 0.0, 0.75, 0.0, 1.0, 0.0]);
        assert_eq!(soften(labels, "IMI:50 AMI:80 LVH:15", &classes), [1.0, 0.0, 0.0, 1.0, 0.0, 0.75, 0.0]);
        assert_eq!(soften(labels, "", &classes), labels);
    }

    #[test]
    fn kept_windows_come_back_and_others_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let row = |id: &str| Row {
            id: id.into(),
            patient: "p".into(),
            fold: Some(1),
            codes: Vec::new(),
            file: "x.hea".into(),
            labels: [0.0; HEADS],
            targets: [0.0; HEADS],
        };
        let (rows, cache) = ([row("1"), row("2")], folder.path().join("windows"));
        let windows = vec![Some(vec![0.5; LEADS * SAMPLES]), Some(vec![-0.25; LEADS * SAMPLES])];
        keep(&cache, &rows, &windows).unwrap();
        assert_eq!(kept(&cache, &rows), Some(windows));
        assert_eq!(kept(&cache, &[row("1"), row("3")]), None);
    }

    fn folder(conditions: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("conditions.csv", conditions);
        write("ptbxl_database.csv", "ecg_id,age,filename_hr\n7,50,records500/00000/00007_hr\n8,60,b/00008_hr\n");
        write("scp_statements.csv", ",description,diagnostic_class\nIMI,inferior,MI\nSR,sinus,\n");
        folder
    }

    const COLUMNS: &str =
        "ecg_id,patient_id,strat_fold,abnormal,arrhythmia,conduction,mi,qt,hypertrophy,other,scp_codes\n";

    #[test]
    fn the_tables_are_joined() {
        let folder = folder(&format!("{COLUMNS}8,p2,9,0,0,0,0,0,0,0,SR:0\n7,p1,3,1,0,0,1,0,0,0,IMI:50 SR:0\n"));
        let rows = rows(folder.path()).unwrap();
        assert_eq!((rows[0].fold, rows[0].file.as_path()), (Some(9), Path::new("b/00008_hr.hea")));
        assert_eq!(rows[1].labels, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(rows[1].targets, [1.0, 0.0, 0.0, 0.75, 0.0, 0.0, 0.0]);
        assert_eq!(rows[1].patient, "p1");
    }

    #[test]
    fn tables_that_do_not_fit_say_where() {
        let message = |conditions: &str| rows(folder(conditions).path()).unwrap_err().to_string();
        assert!(message("ecg_id,patient_id\n7,p1\n").contains("no column abnormal"));
        assert!(message(&format!("{COLUMNS}7,p1,3,x,0,0,0,0,0,0,\n")).contains("line 2"));
        assert!(message(&format!("{COLUMNS}9,p1,3,1,0,0,0,0,0,0,\n")).contains("record 9"));
        assert!(rows(Path::new("/nowhere")).unwrap_err().to_string().contains("conditions.csv"));
    }

    #[test]
    fn a_table_without_folds_is_read() {
        let text = format!("{COLUMNS}7,p1,,1,0,0,1,0,0,0,IMI:50\n").replace(",strat_fold", "").replace("p1,,", "p1,");
        assert_eq!(rows(folder(&text).path()).unwrap()[0].fold, None);
    }
}
