//! What the window tells its reader: a list that stands below the toolbar and never covers a trace.

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something was done.
    Done,
    /// Something to know.
    Warning,
    /// Something was asked and could not be done.
    Error,
}

impl Level {
    /// The word before the message; colour alone tells nothing.
    pub fn word(self) -> &'static str {
        match self {
            Level::Done => "Done",
            Level::Warning => "Note",
            Level::Error => "Problem",
        }
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Names it, for dismissal.
    pub id: u64,
    /// How much it matters.
    pub level: Level,
    /// The sentence.
    pub words: String,
}
