//! What of the signal is usable, and what the denoiser said.

use egui::{RichText, Ui};

use super::part::{heading, weak};
use super::prediction::analysis;
use crate::analysis::Usable;
use crate::app::state::{Command, State};
use crate::app::theme::{SMALL, ink};
use crate::page::Ink;

/// Shows the section.
pub fn show(ui: &mut Ui, state: &State, _out: &mut Vec<Command>) {
    let Some(analysis) = analysis(state) else { return };
    let quality = &analysis.quality;
    heading(ui, &format!("Signal: {}", quality.usable));
    for reason in &quality.reasons {
        ui.add(egui::Label::new(RichText::new(reason).size(SMALL)).wrap());
    }
    for usable in [Usable::Unusable, Usable::Limited] {
        let leads: Vec<String> = quality
            .leads
            .iter()
            .filter(|lead| lead.usable == usable)
            .map(|lead| format!("{} ({:.0} %)", lead.lead, lead.clean_share * 100.0))
            .collect();
        if !leads.is_empty() {
            let colour = ink(ui, if usable == Usable::Unusable { Ink::RiskHigh } else { Ink::RiskModerate });
            let words = RichText::new(format!("{usable} (time without defect): {}", leads.join(", ")));
            ui.add(egui::Label::new(words.size(SMALL).color(colour)).wrap());
        }
    }
    for note in &analysis.denoised.notes {
        weak(ui, format!("Denoiser: {note}"));
    }
}
