//! Words by number, each kept once.
//!
//! A build looks up every word of every text here, so a lookup costs one hash and, mostly, one comparison.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

/// Words, numbered in the order of their first appearance.
pub(super) struct Words {
    /// The words, one behind the other, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Where a word is looked up: at its hash, or behind. As many as a power of two, at least half of them empty.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy)]
struct Slot {
    /// Other bits of the hash than those that tell the place: words differ in them, mostly.
    tag: u32,
    id: u32,
}

const EMPTY: Slot = Slot { tag: 0, id: u32::MAX };
const FEWEST_SLOTS: usize = 1 << 12;

impl Default for Words {
    fn default() -> Self {
        Words { text: String::new(), ends: Vec::new(), slots: vec![EMPTY; FEWEST_SLOTS] }
    }
}

impl Words {
    /// Returns the number of a word, which gets one if it is new.
    #[inline]
    pub fn id(&mut self, word: &str) -> u32 {
        let hash = FxBuildHasher.hash_one(word);
        let tag = (hash >> u32::BITS) as u32;
        let mut at = self.place_of(hash);
        loop {
            let slot = self.slots[at];
            if slot.id == EMPTY.id {
                return self.add(word, tag, at);
            }
            if slot.tag == tag && self.bytes(slot.id) == word.as_bytes() {
                return slot.id;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn place_of(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn add(&mut self, word: &str, tag: u32, at: usize) -> u32 {
        let id = self.ends.len() as u32;
        self.text.push_str(word);
        self.ends.push(self.text.len());
        self.slots[at] = Slot { tag, id };
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    fn grow(&mut self) {
        let n_slots = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(n_slots, EMPTY);
        for id in 0..self.ends.len() as u32 {
            let hash = FxBuildHasher.hash_one(self.get(id));
            let mut at = self.place_of(hash);
            while self.slots[at].id != EMPTY.id {
                at = (at + 1) & (n_slots - 1);
            }
            self.slots[at] = Slot { tag: (hash >> u32::BITS) as u32, id };
        }
    }

    #[inline]
    fn range(&self, id: u32) -> std::ops::Range<usize> {
        let id = id as usize;
        id.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[id]
    }

    #[inline]
    fn bytes(&self, id: u32) -> &[u8] {
        &self.text.as_bytes()[self.range(id)]
    }

    /// Returns the word with a number.
    #[inline]
    pub fn get(&self, id: u32) -> &str {
        &self.text[self.range(id)]
    }

    /// Returns how many words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the numbers of all words, in the order of the words' bytes.
    pub fn in_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by_key(|&id| self.bytes(id));
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
