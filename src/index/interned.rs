//! Words by number, each kept once.
//!
//! A build looks up every word of every text here; words lie one behind the other, so that none costs an allocation.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;

/// Words, numbered in the order of their first appearance.
#[derive(Default)]
pub(super) struct Words {
    list: List,
    /// The words by their hashes.
    known: HashTable<Known>,
}

/// What tells a word from others, mostly without a look at its text.
#[derive(Clone, Copy)]
struct Known {
    beginning: u64,
    n_bytes: u32,
    id: u32,
}

/// Bytes of a word that its beginning holds.
const BEGINNING: usize = size_of::<u64>();

/// Returns the first bytes of a word as a number, the first the lowest.
#[inline]
fn beginning_of(word: &[u8]) -> u64 {
    if let Some(&first) = word.first_chunk::<BEGINNING>() {
        return u64::from_le_bytes(first);
    }
    // Read twice, bytes in the middle are the same.
    if let (Some(&first), Some(&last)) = (word.first_chunk::<4>(), word.last_chunk::<4>()) {
        let behind = 8 * (word.len() as u32 - 4);
        return u64::from(u32::from_le_bytes(first)) | u64::from(u32::from_le_bytes(last)) << behind;
    }
    word.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Returns the hash of a word with this beginning.
#[inline]
fn hash_of(beginning: u64, word: &[u8]) -> u64 {
    match word.get(BEGINNING..).filter(|rest| !rest.is_empty()) {
        Some(rest) => FxBuildHasher.hash_one((beginning, rest)),
        None => FxBuildHasher.hash_one((beginning, word.len())),
    }
}

/// Words, one behind the other, and where each ends.
#[derive(Default)]
struct List {
    text: String,
    ends: Vec<usize>,
}

impl List {
    #[inline]
    fn range(&self, id: u32) -> Range<usize> {
        let id = id as usize;
        id.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[id]
    }

    #[inline]
    fn get(&self, id: u32) -> &str {
        &self.text[self.range(id)]
    }

    #[inline]
    fn bytes(&self, id: u32) -> &[u8] {
        &self.text.as_bytes()[self.range(id)]
    }
}

impl Words {
    /// Returns the number of a word, which gets one if it is new.
    #[inline]
    pub fn id(&mut self, word: &str) -> u32 {
        let Words { list, known } = self;
        let (beginning, n_bytes) = (beginning_of(word.as_bytes()), word.len() as u32);
        let is_it = |known: &Known| {
            (known.beginning, known.n_bytes) == (beginning, n_bytes)
                && (word.len() <= BEGINNING || list.bytes(known.id) == word.as_bytes())
        };
        let hash = hash_of(beginning, word.as_bytes());
        match known.entry(hash, is_it, |known| hash_of(known.beginning, list.bytes(known.id))) {
            Entry::Occupied(known) => known.get().id,
            Entry::Vacant(place) => {
                let id = list.ends.len() as u32;
                place.insert(Known { beginning, n_bytes, id });
                list.text.push_str(word);
                list.ends.push(list.text.len());
                id
            }
        }
    }

    /// Makes room for so many more words.
    pub fn reserve(&mut self, n: usize) {
        let Words { list, known } = self;
        list.ends.reserve(n);
        known.reserve(n, |known| hash_of(known.beginning, list.bytes(known.id)));
    }

    /// Returns the word with a number.
    #[inline]
    pub fn get(&self, id: u32) -> &str {
        self.list.get(id)
    }

    /// Returns the words in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|id| self.get(id))
    }

    /// Returns how many words there are.
    pub fn len(&self) -> usize {
        self.list.ends.len()
    }

    /// Returns the numbers of all words, in the order of the words' bytes.
    pub fn in_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by_key(|&id| self.list.bytes(id));
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_number_however_many_there_are() {
        let mut words = Words::default();
        let table: Vec<String> = (0..10_000).map(|i| format!("w{}", i * 7)).collect();
        for _ in 0..2 {
            for (id, word) in (0..).zip(&table) {
                assert_eq!(words.id(word), id, "{word}");
            }
        }
        assert_eq!((words.len(), words.get(9_999)), (10_000, "w69993"));
        assert_eq!(words.id(""), 10_000);
        let order: Vec<&str> = words.in_order().into_iter().map(|id| words.get(id)).collect();
        assert!(order.is_sorted() && order.len() == 10_001 && order[0].is_empty());
    }

    #[test]
    fn words_differ_by_any_byte_and_by_their_length() {
        let text = "abcdefghijklmnopqrst";
        let mut table: Vec<String> = vec!["\0".repeat(3), "\0".repeat(4)];
        for n in 0..text.len() {
            table.push(text[..n].to_owned());
            table.extend((0..n).map(|at| format!("{}X{}", &text[..at], &text[at + 1..n])));
        }
        let mut words = Words::default();
        for _ in 0..2 {
            for (id, word) in (0..).zip(&table) {
                assert_eq!((words.id(word), words.get(id)), (id, word.as_str()));
            }
        }
    }
}
