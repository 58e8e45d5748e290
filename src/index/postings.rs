//! Reading postings: where terms occur, without naming the engine.

use tantivy::directory::OwnedBytes;
use tantivy::postings::{BlockSegmentPostings, Postings as _, SegmentPostings};
use tantivy::{DocSet, TERMINATED};

use super::columns::Lengths;

/// The number after the last passage of any list.
pub const END: u32 = TERMINATED;

/// The passages that hold a term in a field, with counts, a block at a time.
#[derive(Clone)]
pub struct Blocks {
    entries: BlockSegmentPostings,
    /// What the engine says of each block that is full, to pass over it.
    skips: OwnedBytes,
    /// Bytes of it for each block.
    n_skip_bytes: usize,
}

/// Entries of a full block.
pub(super) const BLOCK: u32 = 128;

impl Blocks {
    /// Opens a list from the engine's own reader and its bytes in the file.
    pub(super) fn new(entries: BlockSegmentPostings, list: OwnedBytes, has_positions: bool) -> Self {
        // The last passage takes 4 bytes, the widths of numbers and of counts 1 each, with positions the sum of
        // the counts 4; then follow length and count of the passage that counts most.
        let n_skip_bytes = if has_positions { 12 } else { 8 };
        let n_blocks = entries.doc_freq() / BLOCK;
        let skips = if n_blocks == 0 { None } else { skips(&list, n_blocks as usize * n_skip_bytes) };
        Blocks { entries, skips: skips.unwrap_or_else(OwnedBytes::empty), n_skip_bytes }
    }

    /// Returns for each full block, in their order, the passage in which the term counts most.
    pub fn peaks(&self) -> impl Iterator<Item = Peak> + '_ {
        self.skips.chunks_exact(self.n_skip_bytes).map(|skip| {
            let (last, [.., code, count]) = (u32::from_le_bytes([skip[0], skip[1], skip[2], skip[3]]), skip) else {
                return Peak { last: END, count: u32::MAX, code: 0 };
            };
            // The largest number stands for all from there on.
            let count = if *count == u8::MAX { u32::MAX } else { u32::from(*count) };
            Peak { last, count, code: *code }
        })
    }

    /// Returns the passages of the block at hand, ascending; none when the list is at its end.
    pub fn passages(&self) -> &[u32] {
        self.entries.docs()
    }

    /// Returns how often the term occurs in each passage of the block at hand.
    pub fn counts(&self) -> &[u32] {
        self.entries.freqs()
    }

    /// Goes on to the next block.
    pub fn advance(&mut self) {
        self.entries.advance();
    }

    /// Goes on to the block that holds the first passage at or behind `target`; returns its index.
    pub fn seek(&mut self, target: u32) -> usize {
        self.entries.seek(target)
    }

    /// Returns the number of passages in the whole list.
    pub fn n_passages(&self) -> u32 {
        self.entries.doc_freq()
    }
}

/// Takes what the engine says of blocks from the beginning of a list; `None` when that is cut short.
fn skips(list: &OwnedBytes, n_bytes: usize) -> Option<OwnedBytes> {
    // Its length stands before: seven bits a byte, the lowest first, the last one marked.
    let n = list.iter().take(10).position(|byte| byte & 0x80 != 0)? + 1;
    let range = n..n.checked_add(n_bytes)?;
    list.get(range.clone()).map(|_| list.slice(range))
}

/// A block of a list, by the passage in which the term counts most there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// The last passage of the block.
    pub last: u32,
    /// How often the term stands there.
    pub count: u32,
    /// The code of its length.
    pub code: u8,
}

/// Returns what an occurrence counts by the weights by which the engine tells peaks, by the code of the
/// passage's length: BM25's part of length with b = 0.75. `mean` is the mean length as it stands.
pub(super) fn peak_weights(mean: f32) -> [f32; 256] {
    const B: f32 = 0.75;
    std::array::from_fn(|code| 1.0 / (1.0 - B + B * Lengths::words(code as u8) as f32 / mean))
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
