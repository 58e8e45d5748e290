//! Finding the terms of a query in the words of passages: one look at each word, whatever is asked.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::error::Result;
use super::ways::Slot;
use crate::index::{Body, Index, Sieve};

/// Tells where the terms of slots stand in passages.
pub(super) struct Matcher {
    /// Ranks by hash, with where their slots begin and end in `slots`; at most half of the places are taken.
    table: Vec<(u32, u32, u32)>,
    /// The slots that the ranks may fill.
    slots: Vec<u16>,
    /// For each slot where it stands in the passage read last.
    positions: Vec<Vec<u32>>,
}

const FREE: u32 = u32::MAX;

/// Collects what a matcher looks for.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    known: FxHashMap<&'a Slot, usize>,
    slots: Vec<&'a Slot>,
}

impl<'a> Wanted<'a> {
    /// Adds a slot and returns its number, which an equal one shares.
    pub fn add(&mut self, slot: &'a Slot) -> usize {
        *self.known.entry(slot).or_insert_with(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        })
    }

    /// Returns a matcher of the slots.
    pub fn matcher(self, index: &Index) -> Result<Matcher> {
        let mut fillers: Vec<(u32, u16)> = Vec::new();
        for (slot, number) in self.slots.iter().zip(0..) {
            for term in slot.iter() {
                fillers.extend(index.ranks(term)?.into_iter().flatten().map(|rank| (rank, number)));
            }
        }
        fillers.sort_unstable();
        fillers.dedup();
        let n_ranks = fillers.chunk_by(|a, b| a.0 == b.0).count();
        let size = (2 * n_ranks).next_power_of_two().max(2);
        let mut matcher = Matcher {
            table: vec![(FREE, 0, 0); size],
            slots: fillers.iter().map(|&(_, slot)| slot).collect(),
            positions: vec![Vec::new(); self.slots.len()],
        };
        let mut start = 0;
        for same in fillers.chunk_by(|a, b| a.0 == b.0) {
            let (rank, end) = (same[0].0, start + same.len() as u32);
            let mut at = matcher.home(rank);
            while matcher.table[at].0 != FREE {
                at = (at + 1) & (size - 1);
            }
            matcher.table[at] = (rank, start, end);
            start = end;
        }
        Ok(matcher)
    }
}

impl Matcher {
    /// Returns a matcher whose slots are numbered as these are.
    pub fn of_slots(index: &Index, slots: &[Slot]) -> Result<Matcher> {
        let wanted = Wanted { slots: slots.iter().collect(), ..Wanted::default() };
        wanted.matcher(index)
    }

    /// Returns the ranks that are looked for, in no order.
    pub fn ranks(&self) -> impl Iterator<Item = u32> {
        self.table.iter().map(|&(rank, ..)| rank).filter(|&rank| rank != FREE)
    }

    #[inline]
    fn home(&self, rank: u32) -> usize {
        // Fibonacci hashing (Knuth 1973, 6.4).
        let hash = u64::from(rank).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash >> 32) as usize & (self.table.len() - 1)
    }

    #[inline]
    fn find(&self, rank: u32) -> Option<Range<usize>> {
        let mut at = self.home(rank);
        loop {
            let (found, start, end) = self.table[at];
            if found == rank {
                return Some(start as usize..end as usize);
            }
            if found == FREE {
                return None;
            }
            at = (at + 1) & (self.table.len() - 1);
        }
    }

    /// Looks at the words of a passage.
    pub fn read(&mut self, body: Body<'_>) {
        self.positions.iter_mut().for_each(Vec::clear);
        for (position, &rank) in body.words.iter().enumerate() {
            if let Some(slots) = self.find(rank) {
                for &slot in &self.slots[slots] {
                    self.positions[slot as usize].push(position as u32);
                }
            }
        }
        for &(position, rank) in body.compounds {
            self.put(position, rank);
        }
    }

    /// Looks at the words of a passage that a sieve of [`Matcher::ranks`] keeps: faster where few are
    /// looked for.
    pub fn sift(&mut self, index: &Index, passage: u32, sieve: &Sieve) -> Result<()> {
        self.positions.iter_mut().for_each(Vec::clear);
        Ok(index.sift(passage, sieve, |position, rank| self.put(position, rank))?)
    }

    fn put(&mut self, position: u32, rank: u32) {
        let Some(slots) = self.find(rank) else { return };
        for &slot in &self.slots[slots] {
            let positions = &mut self.positions[slot as usize];
            if positions.last().is_none_or(|&last| last < position) {
                positions.push(position);
            } else if let Err(at) = positions.binary_search(&position) {
                positions.insert(at, position);
            }
        }
    }

    /// Returns where each slot stands in the passage read last, ascending.
    pub fn all_positions(&self) -> &[Vec<u32>] {
        &self.positions
    }

    /// Returns where a slot stands in the passage read last, ascending.
    pub fn positions(&self, slot: usize) -> &[u32] {
        &self.positions[slot]
    }
}
