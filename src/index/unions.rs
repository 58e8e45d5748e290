//! Lists of words that inflect one another, joined where many passages hold them: a search for a word reads one list
//! in the place of as many as it has inflections, and is told sharply where it counts most.

use std::collections::HashMap;

use super::container::Writer;
use super::dictionary::Extents;
use super::engine::{Coded, Coder};
use super::error::Result;
use super::postings::{BODY, Extent, Lists};
use super::varint::{put, take};

pub(super) const BLOCKS: &str = "unions";
pub(super) const RESTS: &str = "unions/rests";

/// Words that so many passages hold together have a union. Shorter lists are joined as they are read, sooner than
/// room for them would be worth.
pub(super) const LONG: u32 = 1 << 14;

/// The passages whose bodies hold any of some words, with how often they hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Union {
    /// At least two, in order.
    pub words: Vec<String>,
    pub extent: Extent,
}

impl Union {
    /// Appends where the list lies, the number of whose passages is told elsewhere.
    pub fn put(extent: &Extent, bytes: &mut Vec<u8>) {
        for range in [&extent.postings, &extent.beside] {
            put(bytes, range.len() as u64);
            put(bytes, range.start as u64);
        }
    }

    /// Takes where the list of so many passages lies from the front.
    pub fn take(n_passages: u32, bytes: &mut &[u8]) -> Option<Extent> {
        let mut range = || {
            let [len, start] = [take(bytes)?, take(bytes)?].map(usize::try_from);
            let (len, start) = (len.ok()?, start.ok()?);
            Some(start..start.checked_add(len)?)
        };
        Some(Extent { n_passages, postings: range()?, beside: range()?, ..Extent::default() })
    }
}

/// Returns the passages whose bodies hold any of several words, with how often they do; `None` where there is
/// only one, or the passages are too few for a list.
pub(super) fn join<'i>(lists: &Lists, words: impl Iterator<Item = &'i Extents>) -> Result<Option<Vec<(u32, u32)>>> {
    let extents: Vec<&Extent> = words.filter_map(|extents| extents[BODY].as_ref()).collect();
    let n_entries: u64 = extents.iter().map(|extent| u64::from(extent.n_passages)).sum();
    if extents.len() < 2 || n_entries < u64::from(LONG) {
        return Ok(None);
    }
    let mut entries: Vec<(u32, u32)> = Vec::with_capacity(n_entries as usize);
    for extent in extents {
        let mut blocks = lists.blocks(BODY, extent)?;
        while !blocks.passages().is_empty() {
            let (passages, counts) = blocks.entries();
            entries.extend(passages.iter().copied().zip(counts.iter().copied()));
            blocks.advance();
        }
    }
    // The lists are in order by themselves: that makes sorting short.
    entries.sort_by_key(|&(passage, _)| passage);
    entries.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        kept.1 += if is_same { next.1 } else { 0 };
        is_same
    });
    Ok(Some(entries).filter(|entries| entries.len() >= LONG as usize))
}

/// Writes unions, one behind the other.
pub(super) struct UnionWriter<'i> {
    coder: Coder<'i>,
    coded: Coded,
    /// Several languages may inflect the same words.
    known: HashMap<Vec<String>, Extent>,
}

impl<'i> UnionWriter<'i> {
    /// Begins with the coder of bodies.
    pub fn new(coder: Coder<'i>) -> Self {
        UnionWriter { coder, coded: Coded::default(), known: HashMap::new() }
    }

    /// Adds the union of some words, which is told as passages with counts, and returns where it lies.
    pub fn add(&mut self, words: &[String], entries: &[(u32, u32)]) -> Extent {
        if let Some(extent) = self.known.get(words) {
            return extent.clone();
        }
        let extent = self.coder.put_bodies(entries, &mut self.coded);
        self.known.insert(words.to_owned(), extent.clone());
        extent
    }

    /// Writes them.
    pub fn finish(self, container: &mut Writer) -> Result<()> {
        container.part(BLOCKS, &self.coded.postings)?;
        container.part(RESTS, &self.coded.beside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_union_lies_comes_back() {
        let extent = Extent { n_passages: 20_000, postings: 7..70_000, beside: 9..9, ..Extent::default() };
        let mut bytes = Vec::new();
        Union::put(&extent, &mut bytes);
        let mut rest = &bytes[..];
        assert_eq!((Union::take(20_000, &mut rest), rest.len()), (Some(extent), 0));
        assert_eq!(Union::take(20_000, &mut &bytes[..2]), None, "cut short");
    }
}
