//! Who was recorded, as far as the file says.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Sex as stored in the file; unknown is `None` where this is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// What the file says of the patient. What it does not say stays `None`; nothing is guessed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Patient {
    /// Name as stored.
    pub name: Option<String>,
    /// Identifier as stored.
    pub id: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Age in whole years at the time of recording, where the file states it.
    pub age_years: Option<u16>,
    /// Sex.
    pub sex: Option<Sex>,
}
