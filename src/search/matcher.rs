//! Finding the terms of a query in the words of passages: one look at each word, whatever is asked.

use std::ops::Range;

use super::error::Result;
use crate::index::{Body, Index, Sieve};

/// Tells where the terms of slots stand in passages.
pub(super) struct Matcher {
    few: Few,
    /// Ranks by hash, with where their slots begin and end in `slots`; at most half of the places are taken.
    table: Vec<(u32, u32, u32)>,
    /// The slots that the ranks may fill.
    slots: Vec<u32>,
    /// For each slot where it stands in the passage read last.
    positions: Vec<Vec<u32>>,
    /// Positions worth a look.
    worthwhile: Vec<u32>,
}

const FREE: u32 = u32::MAX;

/// A few ranks among many: what is none of them is mostly told so by one bit.
pub(super) struct Few([u64; CELLS]);

const CELLS: usize = 64;

impl Few {
    pub fn of(ranks: impl Iterator<Item = u32>) -> Self {
        let mut bits = [0; CELLS];
        ranks.for_each(|rank| bits[rank as usize / 64 % CELLS] |= 1 << (rank % 64));
        Few(bits)
    }

    /// Tells whether a rank may be one of them.
    #[inline]
    pub fn may_hold(&self, rank: u32) -> bool {
        self.0[rank as usize / 64 % CELLS] & 1 << (rank % 64) != 0
    }
}

impl Matcher {
    /// Returns a matcher of ranks, each with the number of a slot that it fills.
    pub fn new(mut fillers: Vec<(u32, u32)>, n_slots: usize) -> Self {
        fillers.sort_unstable();
        fillers.dedup();
        let n_ranks = fillers.chunk_by(|a, b| a.0 == b.0).count();
        let size = (2 * n_ranks).next_power_of_two().max(2);
        let mut matcher = Matcher {
            few: Few::of(fillers.iter().map(|&(rank, _)| rank)),
            table: vec![(FREE, 0, 0); size],
            slots: fillers.iter().map(|&(_, slot)| slot).collect(),
            positions: vec![Vec::new(); n_slots],
            worthwhile: Vec::new(),
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
        matcher
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
        // Without a branch: a position that is not worth a look is overwritten by the next.
        self.worthwhile.resize(body.words.len().max(self.worthwhile.len()), 0);
        let mut n = 0;
        for (&rank, position) in body.words.iter().zip(0..) {
            self.worthwhile[n] = position;
            n += usize::from(self.few.may_hold(rank));
        }
        for i in 0..n {
            let position = self.worthwhile[i];
            if let Some(slots) = self.find(body.words[position as usize]) {
                for &slot in &self.slots[slots] {
                    self.positions[slot as usize].push(position);
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
