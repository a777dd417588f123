//! `ecg evaluate`: how well a model reads the records of a folder laid out as PTB-XL. Prints the figures; fits the
//! calibration on fold 8 when asked; writes the model's card, which nobody writes by hand.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ptbxl::{self, Row};
use super::scores::{read, report, table};
use super::{card, output};
use crate::error::{Error, Result};
use crate::network::{Network, calibrate};

/// Fold that selects and calibrates.
const SELECTION: u32 = 8;

/// Fold that reports.
const REPORT: u32 = 9;

/// Arguments of `ecg evaluate`.
#[derive(clap::Args)]
pub struct Args {
    /// Folder laid out as PTB-XL, with conditions.csv
    #[arg(long)]
    data: PathBuf,
    /// Folder of a model [default: the embedded one]
    #[arg(long)]
    model: Option<PathBuf>,
    /// Fold to report [default: 9 where the table has it, else every record]
    #[arg(long)]
    fold: Option<u32>,
    /// First fit calibration.json of --model on fold 8
    #[arg(long, requires = "model")]
    calibrate: bool,
    /// Write CARD.md of --model; counts as one opening of the fold
    #[arg(long, requires = "model")]
    card: bool,
}

/// Runs it.
pub fn run(args: &Args) -> Result<()> {
    let network = match &args.model {
        Some(folder) => Arc::new(Network::load(folder)?),
        None => Network::embedded()?,
    };
    let rows = ptbxl::rows(&args.data)?;
    let of_fold = |fold: u32| rows.iter().filter(|row| row.fold == Some(fold)).cloned().collect::<Vec<_>>();
    let network = match &args.model {
        Some(folder) if args.calibrate => Arc::new(fitted(folder, &args.data, &of_fold(SELECTION))?),
        _ => network,
    };
    let fold = args.fold.or_else(|| rows.iter().any(|row| row.fold == Some(REPORT)).then_some(REPORT));
    let chosen = fold.map_or_else(|| rows.clone(), of_fold);
    if chosen.is_empty() {
        return Err(Error::missing("the folder holds no record of this fold").cure("choose another with --fold"));
    }
    let report = report(&network, &read(&network, &args.data, &chosen)?);
    let which = fold.map_or("all records".to_owned(), |fold| format!("fold {fold}"));
    output::line(&format!("{} {}, {which}", network.id(), &network.sha256()[..12]))?;
    output::line(&table(&report))?;
    match (&args.model, fold) {
        (Some(folder), Some(fold)) if args.card => card::write(folder, &network, &report, fold, || {
            let selection = of_fold(SELECTION);
            card::robustness(&network, &args.data, &selection)
        }),
        _ => Ok(()),
    }
}

/// Fits the calibration and writes it into the model's folder.
fn fitted(folder: &Path, data: &Path, selection: &[Row]) -> Result<Network> {
    let network = Network::load(folder)?;
    let read = read(&network, data, selection)?;
    let words = format!("PTB-XL fold {SELECTION}, {} records", read.labels.len());
    let calibration = calibrate(&read.logits, &read.labels, &words);
    output::file(&folder.join("calibration.json"), calibration.to_json().as_bytes())?;
    Ok(network.with_calibration(calibration))
}
