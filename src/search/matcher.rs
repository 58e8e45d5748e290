//! Finding the terms of a query in the words of passages: one look at each word, whatever is asked.

use std::ops::Range;

use super::error::Result;
use super::remembered::Words;
use crate::index::{Index, Sieve};

/// Tells where the terms of slots stand in passages.
pub(super) struct Matcher {
    few: Few,
    /// Ranks by hash; at most half of the places are taken.
    table: Vec<Entry>,
    /// The slots that the ranks may fill.
    slots: Vec<u32>,
    /// For each slot where it stands in the passage read last.
    positions: Vec<Vec<u32>>,
}

/// A rank, and where its slots begin and end.
type Entry = (u32, u32, u32);

const FREE: u32 = u32::MAX;

/// Most slots stand not more often in a passage.
const USUAL: usize = 16;

/// A few numbers among many: what is none of them is mostly told so by one look.
pub(super) struct Few([u8; CELLS]);

const CELLS: usize = 4096;

impl Few {
    pub fn of(few: impl Iterator<Item = u32>) -> Self {
        let mut cells = [0; CELLS];
        few.for_each(|number| cells[number as usize % CELLS] = 1);
        Few(cells)
    }

    /// Calls `found` with the places of numbers that may be among the few.
    #[inline]
    pub fn for_each_place(&self, numbers: &[u32], mut found: impl FnMut(usize)) {
        // Without a branch for each: so many are looked at together.
        const LOOK: usize = 64;
        for (numbers, first) in numbers.chunks(LOOK).zip((0..).step_by(LOOK)) {
            let look = |bits: u64, &number: &u32| bits << 1 | u64::from(self.0[number as usize % CELLS]);
            let mut bits = numbers.iter().fold(0, look) << (LOOK - numbers.len());
            while bits != 0 {
                let at = bits.leading_zeros();
                found(first + at as usize);
                bits ^= 1 << 63 >> at;
            }
        }
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
            positions: (0..n_slots).map(|_| Vec::with_capacity(USUAL)).collect(),
        };
        let mut start = 0;
        for same in fillers.chunk_by(|a, b| a.0 == b.0) {
            let (rank, end) = (same[0].0, start + same.len() as u32);
            let mut at = home(&matcher.table, rank);
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

    /// Looks at the words of a passage.
    pub fn read(&mut self, body: &Words) {
        self.positions.iter_mut().for_each(Vec::clear);
        let words = body.words();
        let Matcher { few, table, slots, positions } = self;
        few.for_each_place(words, |position| {
            if let Some(found) = find(table, words[position]) {
                for &slot in &slots[found] {
                    positions[slot as usize].push(position as u32);
                }
            }
        });
        for &[position, rank] in body.compounds() {
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
        let Some(slots) = find(&self.table, rank) else { return };
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

#[inline]
fn home(table: &[Entry], rank: u32) -> usize {
    // Fibonacci hashing (Knuth 1973, 6.4).
    let hash = u64::from(rank).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash >> 32) as usize & (table.len() - 1)
}

/// Returns where the slots of a rank stand.
#[inline]
fn find(table: &[Entry], rank: u32) -> Option<Range<usize>> {
    let mut at = home(table, rank);
    loop {
        let (found, start, end) = table[at];
        if found == rank {
            return Some(start as usize..end as usize);
        }
        if found == FREE {
            return None;
        }
        at = (at + 1) & (table.len() - 1);
    }
}
