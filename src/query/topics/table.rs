//! The compact form of topics: a sorted table of names over records, little-endian.
//!
//! ```text
//! version, n_topics, n_names, longest_name   4 × u32
//! record ends                                n_topics × u32, from the first record's begin
//! names                                      n_names × (end u32, topic u32), sorted by name
//! name texts                                 UTF-8, one after the other
//! records                                    postcard, one after the other
//! ```

use super::Topic;
use super::name::{NameKey, Names};
use crate::query::TopicsError;

const VERSION: u32 = 1;

const HEADER: usize = 16;

pub(super) fn write(topics: &[Topic]) -> Vec<u8> {
    let names = Names::new();
    let mut filed: Vec<(NameKey, u32)> = Vec::new();
    let mut longest_name = 0;
    for (topic, i) in topics.iter().zip(0..) {
        filed.push((NameKey::of_key(&topic.key), i));
        for name in topic.names() {
            let words = names.of(name);
            longest_name = longest_name.max(words.len());
            filed.extend(names.filed(&words).into_iter().map(|key| (key, i)));
        }
    }
    filed.sort();
    filed.dedup_by(|later, first| later.0 == first.0);

    let records: Vec<Vec<u8>> =
        topics.iter().map(|topic| postcard::to_stdvec(topic).expect("strings in memory can be written")).collect();
    let mut bytes = Vec::new();
    let mut put = |value: usize| bytes.extend(u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
    put(VERSION as usize);
    put(topics.len());
    put(filed.len());
    put(longest_name);
    let mut end = 0;
    for record in &records {
        end += record.len();
        put(end);
    }
    let mut end = 0;
    for (name, topic) in &filed {
        end += name.as_str().len();
        put(end);
        put(*topic as usize);
    }
    filed.iter().for_each(|(name, _)| bytes.extend(name.as_str().as_bytes()));
    records.iter().for_each(|record| bytes.extend(record));
    bytes
}

/// Checks that the header is of this version and the tables are as long as it says.
pub(super) fn check(bytes: &[u8]) -> Result<(), TopicsError> {
    let whole = u32_at(bytes, 0) == Some(VERSION as usize)
        && bytes.len() >= HEADER
        && texts_start(bytes).checked_add(texts_len(bytes)).is_some_and(|records| {
            let records_len = len(bytes).checked_sub(1).map_or(Some(0), |last| u32_at(bytes, HEADER + 4 * last));
            records_len.and_then(|len| records.checked_add(len)) == Some(bytes.len())
        });
    if whole { Ok(()) } else { Err(TopicsError::Damaged) }
}

pub(super) fn len(bytes: &[u8]) -> usize {
    u32_at(bytes, 4).unwrap_or(0)
}

pub(super) fn longest_name(bytes: &[u8]) -> usize {
    u32_at(bytes, 12).unwrap_or(0)
}

/// Returns the number of the topic with a name.
pub(super) fn find(bytes: &[u8], name: &NameKey) -> Option<usize> {
    let at = first_from(bytes, name)?;
    (name_at(bytes, at)? == name.as_str().as_bytes()).then(|| u32_at(bytes, names_start(bytes) + 8 * at + 4))?
}

/// Tells whether a name begins so.
pub(super) fn has_prefix(bytes: &[u8], start: &NameKey) -> bool {
    let first = first_from(bytes, start).and_then(|at| name_at(bytes, at));
    first.is_some_and(|name| name.starts_with(start.as_str().as_bytes()))
}

/// Tells whether a name that begins so fits.
pub(super) fn any_with_prefix(bytes: &[u8], start: &NameKey, fits: impl Fn(&[u8]) -> bool) -> bool {
    let Some(first) = first_from(bytes, start) else { return false };
    let names = (first..n_names(bytes)).map_while(|at| name_at(bytes, at));
    names.take_while(|name| name.starts_with(start.as_str().as_bytes())).any(fits)
}

/// Returns the place of the first name that is not before this one.
fn first_from(bytes: &[u8], name: &NameKey) -> Option<usize> {
    let (places, texts) = (bytes.get(names_start(bytes)..)?, bytes.get(texts_start(bytes)..)?);
    let name = name.as_str().as_bytes();
    let (mut low, mut high) = (0, n_names(bytes));
    while low < high {
        let middle = low + (high - low) / 2;
        let start = if middle == 0 { 0 } else { u32_at(places, 8 * (middle - 1))? };
        if texts.get(start..u32_at(places, 8 * middle)?)? < name { low = middle + 1 } else { high = middle }
    }
    Some(low)
}

/// Decodes one topic.
pub(super) fn topic(bytes: &[u8], i: usize) -> Option<Topic> {
    if i >= len(bytes) {
        return None;
    }
    let start = if i == 0 { 0 } else { u32_at(bytes, HEADER + 4 * (i - 1))? };
    let end = u32_at(bytes, HEADER + 4 * i)?;
    let records = bytes.get(texts_start(bytes) + texts_len(bytes)..)?;
    postcard::from_bytes(records.get(start..end)?).ok()
}

fn name_at(bytes: &[u8], i: usize) -> Option<&[u8]> {
    let ends = names_start(bytes);
    let start = if i == 0 { 0 } else { u32_at(bytes, ends + 8 * (i - 1))? };
    let end = u32_at(bytes, ends + 8 * i)?;
    bytes.get(texts_start(bytes)..)?.get(start..end)
}

fn n_names(bytes: &[u8]) -> usize {
    u32_at(bytes, 8).unwrap_or(0)
}

fn names_start(bytes: &[u8]) -> usize {
    HEADER + 4 * len(bytes)
}

fn texts_start(bytes: &[u8]) -> usize {
    names_start(bytes) + 8 * n_names(bytes)
}

fn texts_len(bytes: &[u8]) -> usize {
    n_names(bytes).checked_sub(1).and_then(|last| u32_at(bytes, names_start(bytes) + 8 * last)).unwrap_or(0)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}

#[cfg(test)]
mod tests {
    use super::super::Topics;
    use super::*;

    fn sample() -> Vec<Topic> {
        vec![
            Topic {
                key: "cbm".to_owned(),
                label: "confidence-building measure".to_owned(),
                aliases: vec!["CBM".to_owned()],
                ..Topic::default()
            },
            Topic { key: "usaid".to_owned(), label: "USAID".to_owned(), ..Topic::default() },
            Topic { key: "spillover".to_owned(), label: "spill-over effects".to_owned(), ..Topic::default() },
        ]
    }

    #[test]
    fn names_are_found_however_written() {
        let topics = Topics::new(&sample());
        for (typed, key) in [
            ("CBMs", "cbm"),
            ("cbm", "cbm"),
            ("Confidence building measures", "cbm"),
            ("the confidence-building measure", "cbm"),
            ("@CBM", "cbm"),
            ("spillover effect", "spillover"),
            ("spill over effects", "spillover"),
            ("usaid", "usaid"),
        ] {
            assert_eq!(topics.find(typed).map(|topic| topic.key).as_deref(), Some(key), "{typed}");
        }
        for typed in ["US aid", "confidence", "measures", "@", "", "the"] {
            assert_eq!(topics.find(typed), None, "{typed}");
        }
    }

    #[test]
    fn all_come_back() {
        let topics = Topics::new(&sample());
        assert_eq!(Topics::from_bytes(topics.as_bytes()).map(|topics| topics.iter().collect()), Ok(sample()));
        assert!(Topics::default().is_empty());
    }

    #[test]
    fn damage_is_told_and_never_panics() {
        let bytes = write(&sample());
        for cut in 0..bytes.len() {
            assert_eq!(Topics::from_bytes(&bytes[..cut]), Err(TopicsError::Damaged), "cut at {cut}");
        }
        for i in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[i] ^= 0xff;
            if let Ok(topics) = Topics::from_bytes(&bent) {
                topics.find("CBM");
                topics.iter().count();
            }
        }
    }
}
