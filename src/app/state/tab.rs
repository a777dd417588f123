//! The four tabs of the side panel, as plain data.

/// A tab of the side panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// The reader's impression, the network's word, what the rules find.
    #[default]
    Reading,
    /// The flagged stretches and what is decided of them.
    Segments,
    /// What is measured.
    Measurements,
    /// Heat map, quality, spectrum, what the file says.
    Signal,
}

impl Tab {
    /// Every tab, in the order of the row, with the command that shows it.
    pub const ALL: [(Tab, &'static str); 4] = [
        (Tab::Reading, "tab-reading"),
        (Tab::Segments, "tab-segments"),
        (Tab::Measurements, "tab-measurements"),
        (Tab::Signal, "tab-signal"),
    ];

    /// The word on it.
    pub fn words(self) -> &'static str {
        match self {
            Tab::Reading => "Reading",
            Tab::Segments => "Segments",
            Tab::Measurements => "Measurements",
            Tab::Signal => "Signal",
        }
    }
}
