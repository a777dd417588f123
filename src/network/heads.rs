//! The network's outputs.

/// One output of the network; several may hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Head {
    /// Any abnormal statement.
    Abnormal,
    /// Arrhythmia.
    Arrhythmia,
    /// Conduction disorder.
    Conduction,
    /// Myocardial infarction.
    Infarction,
    /// QT abnormality: trained on a handful of records, never scored; corroborates only.
    Qt,
    /// Hypertrophy.
    Hypertrophy,
    /// Abnormal, but none of the five.
    Other,
}

impl Head {
    /// All heads, in the order of the logits.
    pub const ALL: [Head; 7] = [
        Head::Abnormal,
        Head::Arrhythmia,
        Head::Conduction,
        Head::Infarction,
        Head::Qt,
        Head::Hypertrophy,
        Head::Other,
    ];

    /// The five conditions of the paper.
    pub const CONDITIONS: [Head; 5] =
        [Head::Arrhythmia, Head::Conduction, Head::Infarction, Head::Qt, Head::Hypertrophy];

    /// Key in the JSON and column in the label table.
    pub fn key(self) -> &'static str {
        match self {
            Head::Abnormal => "abnormal",
            Head::Arrhythmia => "arrhythmia",
            Head::Conduction => "conduction",
            Head::Infarction => "mi",
            Head::Qt => "qt",
            Head::Hypertrophy => "hypertrophy",
            Head::Other => "other",
        }
    }

    /// In words, for the page.
    pub fn words(self) -> &'static str {
        match self {
            Head::Abnormal => "Abnormal",
            Head::Arrhythmia => "Arrhythmia",
            Head::Conduction => "Conduction disorder",
            Head::Infarction => "Myocardial infarction",
            Head::Qt => "QT abnormality",
            Head::Hypertrophy => "Hypertrophy",
            Head::Other => "Other abnormality",
        }
    }

    /// Place in the logits.
    pub fn index(self) -> usize {
        self as usize
    }
}
