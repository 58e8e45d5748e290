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
    /// The numbers, by the hashes of the words.
    ids: HashTable<u32>,
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
        let Words { list, ids } = self;
        let hash = FxBuildHasher.hash_one(word);
        let is_it = |&id: &u32| list.bytes(id) == word.as_bytes();
        match ids.entry(hash, is_it, |&id| FxBuildHasher.hash_one(list.get(id))) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let id = list.ends.len() as u32;
                place.insert(id);
                list.text.push_str(word);
                list.ends.push(list.text.len());
                id
            }
        }
    }

    /// Makes room for so many more words.
    pub fn reserve(&mut self, n: usize) {
        let Words { list, ids } = self;
        list.ends.reserve(n);
        ids.reserve(n, |&id| FxBuildHasher.hash_one(list.get(id)));
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
}
