//! The one error of the house: what went wrong, where, and what the person with the file can do about it.
//! Every layer may import it. Doubts that do not stop the work are not errors: they are notes beside the data.

use std::fmt;

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whose fault it is, in the coarsest useful classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The bytes are damaged or contradict themselves.
    Read,
    /// The bytes may be sound, but this program does not know the structure.
    Unsupported,
    /// Something needed is missing and must be told by the reader (rate, unit, …).
    Missing,
    /// Honest data, but more than this program will hold.
    Limits,
    /// Weights or configuration of a model do not fit.
    Model,
    /// A result could not be written.
    Write,
    /// The operating system said no.
    Io,
    /// The work was cancelled by the reader.
    Cancelled,
}

/// Where it happened; every part that is known is filled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// File as the reader knows it.
    pub file: Option<String>,
    /// Step of the work, e.g. "header line 3".
    pub step: Option<String>,
    /// Byte offset in the file.
    pub byte: Option<u64>,
    /// Lead label.
    pub lead: Option<String>,
    /// Time in the recording, in seconds.
    pub time_s: Option<f64>,
}

/// What is wrong, where, and what to do.
#[derive(Debug)]
pub struct Error {
    cause: Cause,
    what: String,
    place: Box<Place>,
    cure: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A new error; `what` is a clause without a full stop, in words of the person who has the file.
    pub fn new(cause: Cause, what: impl Into<String>) -> Self {
        Self { cause, what: what.into(), place: Box::default(), cure: None, source: None }
    }

    /// Damaged or contradictory data.
    pub fn read(what: impl Into<String>) -> Self {
        Self::new(Cause::Read, what)
    }

    /// A structure this program does not know.
    pub fn unsupported(what: impl Into<String>) -> Self {
        Self::new(Cause::Unsupported, what)
    }

    /// A fact that only the reader can give.
    pub fn missing(what: impl Into<String>) -> Self {
        Self::new(Cause::Missing, what)
    }

    /// A model that does not fit.
    pub fn model(what: impl Into<String>) -> Self {
        Self::new(Cause::Model, what)
    }

    /// A result that could not be written.
    pub fn write(what: impl Into<String>) -> Self {
        Self::new(Cause::Write, what)
    }

    /// The reader cancelled.
    pub fn cancelled() -> Self {
        Self::new(Cause::Cancelled, "cancelled")
    }

    /// Names the file; the first name given (the innermost) stays.
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.place.file.get_or_insert(file.into());
        self
    }

    /// Names the step; the innermost stays.
    pub fn in_step(mut self, step: impl Into<String>) -> Self {
        self.place.step.get_or_insert(step.into());
        self
    }

    /// Names the byte offset.
    pub fn at_byte(mut self, byte: u64) -> Self {
        self.place.byte.get_or_insert(byte);
        self
    }

    /// Names the lead.
    pub fn on_lead(mut self, lead: impl Into<String>) -> Self {
        self.place.lead.get_or_insert(lead.into());
        self
    }

    /// Names the time in the recording.
    pub fn at_time_s(mut self, time_s: f64) -> Self {
        self.place.time_s.get_or_insert(time_s);
        self
    }

    /// Says what to do, as an imperative clause.
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure.get_or_insert(cure.into());
        self
    }

    /// Keeps the error that caused this one.
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The class.
    pub fn kind(&self) -> Cause {
        self.cause
    }

    /// Where it happened.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong, without place or cure.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        let place = &self.place;
        let parts = [
            place.step.clone(),
            place.lead.as_ref().map(|lead| format!("lead {lead}")),
            place.time_s.map(|time_s| format!("at {time_s:.3} s")),
            place.byte.map(|byte| format!("byte {byte}")),
        ];
        let known: Vec<String> = parts.into_iter().flatten().collect();
        if !known.is_empty() {
            write!(f, " ({})", known.join(", "))?;
        }
        if let Some(cure) = &self.cure {
            write!(f, "; {cure}")?;
        }
        if let Some(file) = &place.file {
            write!(f, ": {file}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::new(Cause::Io, "the system refused").because(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_where_cure_and_the_file_last() {
        let error = Error::read("the signal file ends early")
            .in_step("signal 2")
            .on_lead("V2")
            .at_byte(1200)
            .cure("copy the file again")
            .in_file("a/100.hea");
        assert_eq!(
            error.to_string(),
            "the signal file ends early (signal 2, lead V2, byte 1200); copy the file again: a/100.hea"
        );
    }

    #[test]
    fn the_innermost_place_stays() {
        let error = Error::read("x").in_file("inner.dat").in_file("outer.hea");
        assert_eq!(error.place().file.as_deref(), Some("inner.dat"));
    }
}
