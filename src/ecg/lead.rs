//! Lead names, and how the many spellings of files map to them.

use std::fmt;
use std::sync::Arc;

/// A lead. The twelve standard leads have their own names; any other keeps the file's label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the variants are the names
pub enum Lead {
    I,
    II,
    III,
    AvR,
    AvL,
    AvF,
    V1,
    V2,
    V3,
    V4,
    V5,
    V6,
    /// Any other lead, by the label it has in the file ("V3R", "V7", "MLII", "X").
    Other(Arc<str>),
}

impl Lead {
    /// The twelve standard leads in the order of every page and of the network.
    pub const STANDARD: [Lead; 12] = [
        Lead::I,
        Lead::II,
        Lead::III,
        Lead::AvR,
        Lead::AvL,
        Lead::AvF,
        Lead::V1,
        Lead::V2,
        Lead::V3,
        Lead::V4,
        Lead::V5,
        Lead::V6,
    ];

    /// Reads a label as files write it: `I`, `Lead I`, `LEAD_I`, `MDC_ECG_LEAD_I`, `I\0`, `Lead I (Einthoven)`, `AVR`, `avr`, `ECG V1`.
    /// What is none of the twelve is kept as it stands.
    pub fn parse(label: &str) -> Lead {
        let tidy: String = label.chars().filter(|c| !c.is_control()).collect();
        let tidy = tidy.trim();
        let mut upper = tidy.to_ascii_uppercase();
        if let Some(open) = upper.find('(') {
            upper.truncate(open);
        }
        let mut core = upper.trim();
        for prefix in ["MDC_ECG_LEAD_", "MDC_ECG_", "LEAD_", "LEAD ", "ECG ", "ECG_", "EKG ", "LEAD"] {
            if let Some(rest) = core.strip_prefix(prefix)
                && !rest.trim().is_empty()
            {
                core = rest.trim();
            }
        }
        match core {
            "I" | "DI" | "D1" => Lead::I,
            "II" | "DII" | "D2" => Lead::II,
            "III" | "DIII" | "D3" => Lead::III,
            "AVR" => Lead::AvR,
            "AVL" => Lead::AvL,
            "AVF" => Lead::AvF,
            "V1" => Lead::V1,
            "V2" => Lead::V2,
            "V3" => Lead::V3,
            "V4" => Lead::V4,
            "V5" => Lead::V5,
            "V6" => Lead::V6,
            _ => Lead::Other(Arc::from(if tidy.is_empty() { "unnamed" } else { tidy })),
        }
    }

    /// The name as pages print it: `aVR` with this capitalisation.
    pub fn name(&self) -> &str {
        match self {
            Lead::I => "I",
            Lead::II => "II",
            Lead::III => "III",
            Lead::AvR => "aVR",
            Lead::AvL => "aVL",
            Lead::AvF => "aVF",
            Lead::V1 => "V1",
            Lead::V2 => "V2",
            Lead::V3 => "V3",
            Lead::V4 => "V4",
            Lead::V5 => "V5",
            Lead::V6 => "V6",
            Lead::Other(label) => label,
        }
    }

    /// Place among the twelve standard leads, 0 to 11.
    pub fn standard_index(&self) -> Option<usize> {
        Lead::STANDARD.iter().position(|lead| lead == self)
    }

    /// One of the six limb leads?
    pub fn is_limb(&self) -> bool {
        self.standard_index().is_some_and(|index| index < 6)
    }
}

impl fmt::Display for Lead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl serde::Serialize for Lead {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Lead {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Lead::parse(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_files_give_the_same_lead() {
        let cases = [
            (&["I", "Lead I", "MDC_ECG_LEAD_I", "I\0", "i ", "Lead I (Einthoven)", "LEAD_I"][..], Lead::I),
            (&["aVR", "AVR", "avr", "MDC_ECG_LEAD_AVR", "Lead aVR"], Lead::AvR),
            (&["V1", "v1", "ECG V1", "Lead V1"], Lead::V1),
        ];
        for (labels, lead) in cases {
            for label in labels {
                assert_eq!(Lead::parse(label), lead, "{label:?}");
            }
        }
        assert_eq!(Lead::parse(" MLII "), Lead::Other("MLII".into()));
        assert_eq!(Lead::parse("V3R").name(), "V3R");
        assert_eq!(Lead::parse("\0"), Lead::Other("unnamed".into()));
    }

    #[test]
    fn every_standard_name_reads_back() {
        for (index, lead) in Lead::STANDARD.iter().enumerate() {
            assert_eq!(Lead::parse(lead.name()), *lead);
            assert_eq!(lead.standard_index(), Some(index));
        }
    }
}
