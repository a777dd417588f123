//! `CARD.md` of the wave segmenter: written by `ecg validate --card` from the model's own files and the sections just measured.

use std::path::Path;

use super::section::Section;
use crate::cli::output;
use crate::error::{Error, Result};
use crate::network::segmenter::{Recipe, Segmenter, Sizes};

/// Every this many epochs a line of the curve is shown.
const SHOWN_EPOCHS: usize = 22;

/// Writes the card into the model's folder; `figures` are of models that did not see the records.
///
/// # Errors
/// A file of the model that cannot be read, the card that cannot be written.
pub fn write(folder: &Path, figures: &[&Section], command: &str) -> Result<()> {
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name)).map_err(|e| {
            Error::model(format!("the model's {name} cannot be read")).in_file(folder.display().to_string()).because(e)
        })
    };
    let segmenter = Segmenter::load(folder)?;
    let sizes = Sizes::parse(&read("config.json")?)?;
    let recipe = Recipe::parse(&read("recipe.toml")?)?;
    let text = text(&segmenter, &sizes, &recipe, &read("curve.csv")?, figures, command);
    output::file(&folder.join("CARD.md"), text.as_bytes())?;
    output::line(&format!("the card is {}", folder.join("CARD.md").display()))
}

fn curve_rows(curve: &str) -> String {
    let rows: Vec<&str> = curve.lines().skip(1).collect();
    let shown = |(at, _): &(usize, &&str)| *at == 0 || (at + 1).is_multiple_of(SHOWN_EPOCHS) || at + 1 == rows.len();
    let row = |(_, line): (usize, &&str)| {
        let mut columns = line.split(',');
        Some(format!("| {} | {} |\n", columns.next()?, columns.next()?))
    };
    rows.iter().enumerate().filter(shown).filter_map(row).collect()
}

fn text(
    segmenter: &Segmenter,
    sizes: &Sizes,
    recipe: &Recipe,
    curve: &str,
    figures: &[&Section],
    command: &str,
) -> String {
    let (id, sha, parameters) = (segmenter.id(), segmenter.sha256(), segmenter.parameters());
    let sizes = format!("channels {:?}, taps {:?}", sizes.channels, sizes.taps);
    let Recipe { seed, epochs, batch, learning_rate, .. } = recipe;
    let curve = curve_rows(curve);
    // a level below the card's own headings
    let figures: Vec<String> = figures.iter().map(|section| format!("#{}", section.text())).collect();
    let figures = figures.join("\n");
    format!(
        "# {id}

Written by `ecg validate --card`; do not edit. Weights SHA-256 `{sha}`.

A small U-Net that says, sample by sample, how probable P, QRS and T are in each lead. It follows \"Generalizing electrocardiogram delineation:
training CNNs with synthetic data augmentation\" (Jimenez-Perez et al., 2021) and departs from it: it is told where the beats are, all leads share
its weights and see the mean of all leads at the coarsest scale, and it is small ({parameters} parameters; {sizes}; `config.json`), so that twelve
leads take a few milliseconds. Where a wave begins and ends is decided from its probabilities by the measuring code, which works without it too.

**For research and teaching. Not a medical device. Not for diagnosis or treatment. It marks waves; it says nothing of disease.**

## Data

- LUDB (Kalyakulina et al., IEEE Access 8:186181, 2020; ODC-By 1.0): 100 records, 12 leads, every P, QRS and T marked lead by lead.
- QT Database (Laguna et al., Computers in Cardiology 24:673, 1997; ODC-By 1.0): 51 records, two leads, the manual marks `q1c`.
- PTB-XL (Wagner et al., Scientific Data 7:154, 2020; CC BY 4.0): records labelled atrial fibrillation in folds 1 to 7, six leads each, which teach
  only where no P is. Folds 8 and 9 were never seen.
- Synthetic records with exact fiducials, made for it by the project's own generator.

Every copy is changed in gain, offset, wander, noise and time. Records are in four folds by their place in `RECORDS` modulo 4. The weights
here learnt from all four; those under `folds/` each left one out, and the figures below are theirs, on the records they left out. The architecture,
the augmentation and the rules that turn probabilities into waves were chosen by the mean over these same folds, so that the figures may be
slightly too good; records of other hospitals were not at hand.

## Training

Seed {seed}, {epochs} epochs, batch {batch}, AdamW at {learning_rate} with a warm start and a cosine decline; the weights are the running
average after the last epoch: none is picked by its score. `recipe.toml` holds every number, `curve.csv` the whole curve.

| epoch | loss |
| --- | --- |
{curve}
To train again: `ecg train --network waves --data ../shared/data --out models/{id}`, and with `--without-fold K` for each fold.

## Figures

Made by `{command}`.

{figures}
## Limits

- Marks of two data sets and of few people: LUDB's onset and end of P and T follow its authors' habits, as do QTDB's, and the two differ.
- Recordings of children, of implanted devices with unusual pulses, and of animals were not trained on.
- Below 100 samples a second it does not read; the slopes alone then mark the waves.
- U waves are not marked; a T that runs into a U or a P is cut where its probability falls.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_shows_its_first_and_last_epoch() {
        let lines: String = (1..=50).map(|epoch| format!("{epoch},0.5,,,,3\n")).collect();
        let rows = curve_rows(&format!("epoch,loss,dice_p,dice_qrs,dice_t,seconds\n{lines}"));
        assert_eq!(rows.lines().count(), 4);
        assert!(rows.starts_with("| 1 | 0.5 |\n| 22 | 0.5 |\n") && rows.ends_with("| 50 | 0.5 |\n"), "{rows}");
    }
}
