//! The parts of the window, one file each. A panel reads the state and pushes commands; it changes nothing and starts nothing.
//!
//! [`PANELS`] is the one list: the window lays it out, the tests walk it. A new panel is one file and one entry.

mod bar;
mod dialogs;
mod heat;
mod impression;
mod lanes;
mod measured;
mod menu;
mod messages;
mod overview;
mod part;
mod prediction;
mod quality;
mod risk;
mod segments;
mod spectrum;
mod status;
mod tabs;

#[cfg(all(test, feature = "panel-tests"))]
mod tests;

pub use dialogs::show as show_dialog;
pub use part::{Panel, Place, set_fold};

use super::state::{Level, State};

fn always(_: &State) -> bool {
    true
}

fn open(state: &State) -> bool {
    state.document().is_some_and(|document| document.study.is_some())
}

fn analysed(state: &State) -> bool {
    state.document().and_then(|document| document.study.as_ref()).is_some_and(|study| study.analysis.is_some())
}

/// Every panel, from the edges of the window inwards.
pub static PANELS: &[Panel] = &[
    Panel { name: "menu", place: Place::Top, shown: always, show: menu::show },
    Panel { name: "toolbar", place: Place::Top, shown: always, show: bar::show },
    Panel { name: "recordings", place: Place::Top, shown: |state| !state.documents.is_empty(), show: tabs::show },
    Panel { name: "messages", place: Place::Top, shown: |state| state.has_message(Level::Done), show: messages::show },
    Panel { name: "status", place: Place::Bottom, shown: always, show: status::show },
    Panel { name: "overview", place: Place::Bottom, shown: overview::shown, show: overview::show },
    Panel { name: "risk", place: Place::Side, shown: open, show: risk::show },
    Panel { name: "prediction", place: Place::Side, shown: analysed, show: prediction::show },
    Panel { name: "segments", place: Place::Side, shown: analysed, show: segments::show },
    Panel { name: "impression", place: Place::Side, shown: open, show: impression::show },
    Panel { name: "heat map", place: Place::Side, shown: analysed, show: heat::show },
    Panel { name: "measured", place: Place::Side, shown: analysed, show: measured::show },
    Panel { name: "spectrum", place: Place::Side, shown: open, show: spectrum::show },
    Panel { name: "signal and file", place: Place::Side, shown: open, show: quality::show },
    Panel { name: "lanes", place: Place::Centre, shown: always, show: lanes::show },
];
