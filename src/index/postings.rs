//! Reading postings: where terms occur, without naming the engine.

use tantivy::postings::{BlockSegmentPostings, Postings as _, SegmentPostings};
use tantivy::{DocSet, TERMINATED};

/// The number after the last passage of any list.
pub const END: u32 = TERMINATED;

/// The passages that hold a term in a field, with counts, a block at a time.
pub struct Blocks(pub(super) BlockSegmentPostings);

impl Blocks {
    /// Returns the passages of the block at hand, ascending; none when the list is at its end.
    pub fn passages(&self) -> &[u32] {
        self.0.docs()
    }

    /// Returns how often the term occurs in each passage of the block at hand.
    pub fn counts(&self) -> &[u32] {
        self.0.freqs()
    }

    /// Goes on to the next block.
    pub fn advance(&mut self) {
        self.0.advance();
    }

    /// Goes on to the block that holds the first passage at or behind `target`; returns its index.
    pub fn seek(&mut self, target: u32) -> usize {
        self.0.seek(target)
    }

    /// Returns the number of passages in the whole list.
    pub fn n_passages(&self) -> u32 {
        self.0.doc_freq()
    }
}

/// The places where a term occurs in a field.
pub struct Places(pub(super) SegmentPostings);

impl Places {
    /// Returns the passage at hand, or [`END`].
    pub fn passage(&self) -> u32 {
        self.0.doc()
    }

    /// Goes on to the first passage at or behind `target`, which may be the one at hand.
    pub fn seek(&mut self, target: u32) -> u32 {
        if self.0.doc() >= target { self.0.doc() } else { self.0.seek(target) }
    }

    /// Goes on to the next passage.
    pub fn advance(&mut self) -> u32 {
        self.0.advance()
    }

    /// Returns how often the term stands in the passage at hand.
    pub fn count(&self) -> u32 {
        self.0.term_freq()
    }

    /// Appends the positions of the term in the passage at hand, ascending.
    pub fn append_positions(&mut self, positions: &mut Vec<u32>) {
        // A file may claim what it likes; no passage holds a word so often.
        const MOST: u32 = 1 << 22;
        if self.count() > MOST {
            return;
        }
        self.0.append_positions_with_offset(0, positions);
    }
}
