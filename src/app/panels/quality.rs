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
    let doubtful = quality.leads.iter().filter(|lead| lead.usable != Usable::Good);
    for lead in doubtful {
        let colour = ink(ui, if lead.usable == Usable::Unusable { Ink::RiskHigh } else { Ink::RiskModerate });
        let words = format!("{}: {}, {:.0} % without defect", lead.lead, lead.usable, lead.clean_share * 100.0);
        ui.label(RichText::new(words).size(SMALL).color(colour));
    }
    for note in &analysis.denoised.notes {
        weak(ui, format!("Denoiser: {note}"));
    }
}
