//! The parts of the window, one file each. A panel reads the state and pushes commands; it changes nothing and starts nothing.
//!
//! [`PANELS`] is the one list: the window and the side panel lay it out, the tests walk it. A new panel is one file and one entry.

mod bar;
mod dialogs;
mod file;
mod findings;
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
mod recordings;
mod risk;
mod segments;
mod side;
mod spectrum;
mod status;
mod trend;

#[cfg(all(test, feature = "panel-tests"))]
mod tests;

pub use dialogs::show as show_dialog;
pub use part::{Panel, Place};
#[cfg(all(test, feature = "panel-tests"))]
pub use side::WIDTH as SIDE_WIDTH;
pub use side::show as show_side;

use super::state::{Level, State, Tab};

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
    Panel { name: "recordings", place: Place::Top, shown: |state| !state.documents.is_empty(), show: recordings::show },
    Panel { name: "messages", place: Place::Top, shown: |state| state.has_message(Level::Done), show: messages::show },
    Panel { name: "status", place: Place::Bottom, shown: always, show: status::show },
    Panel { name: "overview", place: Place::Bottom, shown: overview::shown, show: overview::show },
    Panel { name: "risk", place: Place::Pinned, shown: open, show: risk::show },
    Panel { name: "impression", place: Place::Tab(Tab::Reading), shown: open, show: impression::show },
    Panel { name: "prediction", place: Place::Tab(Tab::Reading), shown: analysed, show: prediction::show },
    Panel { name: "findings", place: Place::Tab(Tab::Reading), shown: analysed, show: findings::show },
    Panel { name: "reasons", place: Place::Tab(Tab::Reading), shown: risk::any, show: risk::reasons },
    Panel { name: "segments", place: Place::Tab(Tab::Segments), shown: analysed, show: segments::show },
    Panel { name: "measured", place: Place::Tab(Tab::Measurements), shown: analysed, show: measured::show },
    Panel { name: "trend", place: Place::Tab(Tab::Measurements), shown: trend::shown, show: trend::show },
    Panel { name: "heat map", place: Place::Tab(Tab::Signal), shown: analysed, show: heat::show },
    Panel { name: "quality", place: Place::Tab(Tab::Signal), shown: analysed, show: quality::show },
    Panel { name: "spectrum", place: Place::Tab(Tab::Signal), shown: open, show: spectrum::show },
    Panel { name: "file", place: Place::Tab(Tab::Signal), shown: open, show: file::show },
    Panel { name: "lanes", place: Place::Centre, shown: always, show: lanes::show },
];
