//! Age and sex from the comment lines of a header, where a line names the field: `Age: 76`, `Sex: Female`, `<age>: 51  <sex>: F`.
//!
//! Numbers without a field name ("69 M 1085") are not interpreted, and diagnoses in comments are no data of this program.

use crate::ecg::{Patient, Sex};

/// Oldest age taken for true; some sets write 300 for "over 89".
const OLDEST_YEARS: u16 = 120;

/// What the comments say of the patient; two lines that disagree say nothing.
pub fn patient(comments: &[String]) -> Patient {
    let mut ages: Vec<u16> = fields(comments, "age").filter_map(|value| value.parse().ok()).collect();
    let mut sexes: Vec<Sex> =
        fields(comments, "sex").chain(fields(comments, "gender")).filter_map(|v| sex(&v)).collect();
    ages.dedup();
    sexes.dedup();
    Patient {
        age_years: (ages.len() == 1).then(|| ages[0]).filter(|age| *age <= OLDEST_YEARS),
        sex: (sexes.len() == 1).then(|| sexes[0]),
        ..Patient::default()
    }
}

fn sex(word: &str) -> Option<Sex> {
    match word.to_ascii_lowercase().as_str() {
        "f" | "female" => Some(Sex::Female),
        "m" | "male" => Some(Sex::Male),
        _ => None,
    }
}

/// The words after `name:` or `<name>:`.
fn fields<'a>(comments: &'a [String], name: &'a str) -> impl Iterator<Item = String> + 'a {
    comments.iter().filter_map(move |line| {
        let lower = line.to_ascii_lowercase();
        let marked = format!("<{name}>:");
        let rest = match lower.find(&marked) {
            Some(at) => &lower[at + marked.len()..],
            None => lower.strip_prefix(name)?.trim_start().strip_prefix(':')?,
        };
        rest.split_whitespace().next().map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> (Option<u16>, Option<Sex>) {
        let patient = patient(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        (patient.age_years, patient.sex)
    }

    #[test]
    fn named_fields_are_read() {
        assert_eq!(read(&["Age: 76", "Sex: Male"]), (Some(76), Some(Sex::Male)));
        assert_eq!(read(&["<age>: 51", "<sex>: F"]), (Some(51), Some(Sex::Female)));
        assert_eq!(read(&["<age>: 25  <sex>: M  <diagnoses>: (none)"]), (Some(25), Some(Sex::Male)));
    }

    #[test]
    fn what_is_not_clear_stays_unknown() {
        assert_eq!(read(&["69 M 1085 1629 x1"]), (None, None));
        assert_eq!(read(&["Age: 300", "Sex: Unknown"]), (None, None));
        assert_eq!(read(&["Age: NaN", "Age: 5", "Age: 6"]), (None, None));
        assert_eq!(read(&["agents: 5"]), (None, None));
    }
}
