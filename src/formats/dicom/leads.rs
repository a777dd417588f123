//! Lead codes of DICOM channels: SCP-ECG `5.6.3-9-n`, MDC `2:n` or n + 131072, else the code's meaning, else the channel's label.
//!
//! After DICOM PS3.16, CID 3001, and the lead numbers of SCP-ECG (EN 1064, table of lead identifications).

use super::parse::DataSet;
use crate::ecg::Lead;
use crate::error::Result;

const CHANNEL_LABEL: u32 = 0x003a_0203;
const CHANNEL_SOURCE: u32 = 0x003a_0208;
const CODE_VALUE: u32 = 0x0008_0100;
const CODE_SCHEME: u32 = 0x0008_0102;
const CODE_MEANING: u32 = 0x0008_0104;

/// Lead and label of a channel; the lead is `None` where nothing names one.
pub fn of_channel(channel: &DataSet, index: usize) -> Result<(Option<Lead>, String)> {
    let source = channel.first_item(CHANNEL_SOURCE)?;
    let field = |tag| source.as_ref().and_then(|source| source.code(tag));
    let label = channel.code(CHANNEL_LABEL);
    let number = field(CODE_VALUE).and_then(|value| number(&field(CODE_SCHEME).unwrap_or_default(), &value));
    let by_number = number.and_then(name).map(Lead::parse);
    let meaning = field(CODE_MEANING);
    let shown = [meaning.clone(), label.clone()].into_iter().flatten().next();
    let by_words = [meaning, label].into_iter().flatten().map(|words| Lead::parse(&words));
    let by_words = by_words.into_iter().find(|lead| lead.standard_index().is_some());
    let lead = by_number.or(by_words);
    let shown = shown.or_else(|| lead.as_ref().map(|lead| lead.name().to_owned()));
    Ok((lead, shown.unwrap_or_else(|| format!("channel {}", index + 1))))
}

/// The SCP lead number in a code.
fn number(scheme: &str, value: &str) -> Option<u32> {
    match scheme {
        "SCPECG" => value.strip_prefix("5.6.3-9-")?.split('-').next()?.parse().ok(),
        "MDC" => match value.strip_prefix("2:") {
            Some(number) => number.parse().ok(),
            None => value.parse::<u32>().ok()?.checked_sub(2 << 16),
        },
        _ => None,
    }
}

fn name(number: u32) -> Option<&'static str> {
    const FIRST: [&str; 19] = [
        "", "I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V2R", "V3R", "V4R", "V5R", "V6R", "V7R", "X", "Y",
        "Z",
    ];
    match number {
        1..=18 => FIRST.get(number as usize).copied(),
        61 => Some("III"),
        62 => Some("aVR"),
        63 => Some("aVL"),
        64 => Some("aVF"),
        66 => Some("V8"),
        67 => Some("V9"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_schemes_name_the_lead() {
        let cases = [
            ("SCPECG", "5.6.3-9-1", Some("I")),
            ("SCPECG", "5.6.3-9-61", Some("III")),
            ("SCPECG", "5.6.3-9-8", Some("V6")),
            ("MDC", "2:3", Some("V1")),
            ("MDC", "131136", Some("aVF")),
            ("MDC", "2:0", None),
            ("MDC", "77", None),
            ("DCM", "109016", None),
        ];
        for (scheme, value, lead) in cases {
            assert_eq!(number(scheme, value).and_then(name), lead, "{scheme} {value}");
        }
    }
}
