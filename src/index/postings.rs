//! Reading postings: where terms occur, without naming the engine.

use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::postings::{BlockSegmentPostings, Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::columns::Lengths;
use super::engine::{FIELDS, fields};
use super::interpolative::BitReader;

/// The number after the last passage of any list.
pub const END: u32 = TERMINATED;

/// Where a word's passages in a field are told, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub n_passages: u32,
    /// In the engine's list; of bodies only those that fill blocks.
    pub postings: Range<usize>,
    /// Positions; of bodies, which have none, the passages that do not fill a block.
    pub beside: Range<usize>,
    /// The passages that do not fill a block, then their counts, once they were read.
    pub rest: OnceLock<Arc<[u32]>>,
}

/// The number of the field of bodies, the only one without positions.
pub(super) const BODY: usize = 0;

/// Returns how many passages of a field's list that has so many fill blocks, and how many do not.
pub(super) fn shares(field: usize, n_passages: u32) -> (u32, u32) {
    /// Lists of bodies that are shorter are read whole, and remembered.
    const SHORT: u32 = 1024;
    let is_short = field == BODY && n_passages < SHORT;
    let n_rest = if is_short { n_passages } else { n_passages % BLOCK };
    (n_passages - n_rest, n_rest)
}

/// The lists of all words, by field.
pub(super) struct Lists {
    engine: [Arc<InvertedIndexReader>; FIELDS.len()],
    /// The bytes of the engine's lists.
    postings: [FileSlice; FIELDS.len()],
    /// The passages of bodies that do not fill a block.
    rests: FileSlice,
    n_passages: u32,
}

impl Lists {
    pub fn new(
        segment: &SegmentReader,
        postings: [FileSlice; FIELDS.len()],
        rests: FileSlice,
    ) -> tantivy::Result<Self> {
        let [body, section, title] = fields().map(|field| segment.inverted_index(field));
        Ok(Lists { engine: [body?, section?, title?], postings, rests, n_passages: segment.max_doc() })
    }

    /// Returns the number of passages.
    pub fn n_passages(&self) -> u32 {
        self.n_passages
    }

    /// Returns the number of words of a field in all passages.
    pub fn n_words(&self, field: usize) -> u64 {
        self.engine[field].total_num_tokens()
    }

    /// Opens the list of a word in a field.
    pub fn blocks(&self, field: usize, extent: &Extent) -> io::Result<Blocks> {
        let is_body = field == BODY;
        let n_full = shares(field, extent.n_passages).0;
        let mut blocks = Blocks {
            full: None,
            skips: OwnedBytes::empty(),
            n_skip_bytes: skip_len(!is_body),
            last_full: None,
            rest: Arc::default(),
            at: At::Rest,
            n_passages: extent.n_passages,
        };
        if n_full > 0 {
            let list = self.postings[field].slice(extent.postings.clone()).read_bytes()?;
            blocks.skips = skips(&list, (n_full / BLOCK) as usize * blocks.n_skip_bytes)
                .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            blocks.last_full = blocks.peaks().last().map(|peak| peak.last);
            blocks.full = Some(Box::new(self.engine_list(field, extent)?));
            blocks.at = At::Full;
        }
        blocks.rest = match extent.rest.get() {
            Some(rest) => Arc::clone(rest),
            None => {
                let rest = self.rest(field, extent, blocks.last_full)?;
                Arc::clone(extent.rest.get_or_init(|| rest.into()))
            }
        };
        Ok(blocks)
    }

    fn engine_list(&self, field: usize, extent: &Extent) -> io::Result<BlockSegmentPostings> {
        let doc_freq = if field == BODY { shares(field, extent.n_passages).0 } else { extent.n_passages };
        let info =
            TermInfo { doc_freq, postings_range: extent.postings.clone(), positions_range: extent.beside.clone() };
        self.engine[field].read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)
    }

    /// Reads the passages behind the last that is in a full block, and then their counts.
    fn rest(&self, field: usize, extent: &Extent, last_full: Option<u32>) -> io::Result<Vec<u32>> {
        let n = shares(field, extent.n_passages).1 as usize;
        let first = last_full.map_or(0, |last| last.saturating_add(1));
        if n == 0 {
            return Ok(Vec::new());
        }
        if field == BODY {
            let bytes = self.rests.slice(extent.beside.clone()).read_bytes()?;
            return read_rest(&bytes, n, first, self.n_passages).ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
        let mut list = self.engine_list(field, extent)?;
        list.seek(first);
        Ok([list.docs(), list.freqs()].concat())
    }

    /// Opens the places of a word in a field; those in bodies only tell the passages.
    pub fn places(&self, field: usize, extent: &Extent) -> io::Result<Places> {
        if field == BODY {
            return Ok(Places::InBodies { blocks: self.blocks(field, extent)?, at: 0 });
        }
        let info = TermInfo {
            doc_freq: extent.n_passages,
            postings_range: extent.postings.clone(),
            positions_range: extent.beside.clone(),
        };
        let option = IndexRecordOption::WithFreqsAndPositions;
        let postings = self.engine[field].read_postings_from_terminfo(&info, option)?;
        Ok(Places::Positions(Box::new(postings)))
    }
}

/// Returns the passages and then the counts of a list's rest, whose passages lie from `first` on.
fn read_rest(bytes: &[u8], n: usize, first: u32, n_passages: u32) -> Option<Vec<u32>> {
    let mut rest = vec![0; 2 * n];
    let (passages, counts) = rest.split_at_mut(n);
    let mut reader = BitReader::new(bytes);
    reader.take_ascending(passages, first, n_passages.checked_sub(1)?)?;
    for count in counts {
        *count = reader.take_count()?;
    }
    Some(rest)
}

/// The passages that hold a term in a field, with counts, a block at a time.
#[derive(Clone)]
pub struct Blocks {
    /// The blocks that are full.
    full: Option<Box<BlockSegmentPostings>>,
    /// What the engine says of each of them, to pass over it.
    skips: OwnedBytes,
    /// Bytes of it for each block.
    n_skip_bytes: usize,
    /// The last passage of the last of them.
    last_full: Option<u32>,
    /// The passages behind them, then their counts.
    rest: Arc<[u32]>,
    at: At,
    n_passages: u32,
}

/// Which block is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// One that is full.
    Full,
    /// The one that is not.
    Rest,
    End,
}

/// Entries of a full block.
pub(super) const BLOCK: u32 = 128;

/// Returns how many bytes the engine says of a block.
fn skip_len(has_positions: bool) -> usize {
    // The last passage takes 4 bytes, the widths of numbers and of counts 1 each, with positions the sum of
    // the counts 4; then follow length and count of the passage that counts most.
    if has_positions { 12 } else { 8 }
}

impl Blocks {
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

    /// Returns the passages behind the full blocks with their counts.
    pub fn rest(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let (passages, counts) = self.rest.split_at(self.rest.len() / 2);
        passages.iter().copied().zip(counts.iter().copied())
    }

    /// Returns the passages of the block at hand, ascending; none when the list is at its end.
    #[inline]
    pub fn passages(&self) -> &[u32] {
        match (self.at, &self.full) {
            (At::Full, Some(full)) => full.docs(),
            (At::Rest, _) => &self.rest[..self.rest.len() / 2],
            _ => &[],
        }
    }

    /// Returns how often the term occurs in each passage of the block at hand.
    #[inline]
    pub fn counts(&self) -> &[u32] {
        match (self.at, &self.full) {
            (At::Full, Some(full)) => full.freqs(),
            (At::Rest, _) => &self.rest[self.rest.len() / 2..],
            _ => &[],
        }
    }

    /// Goes on to the next block.
    pub fn advance(&mut self) {
        let is_last = self.passages().last().copied() >= self.last_full;
        match (self.at, &mut self.full) {
            (At::Full, Some(full)) if !is_last => full.advance(),
            (At::Full, _) => self.at = At::Rest,
            (At::Rest | At::End, _) => self.at = At::End,
        }
    }

    /// Goes on to the block that holds the first passage at or behind `target`; returns its index.
    pub fn seek(&mut self, target: u32) -> usize {
        if let (At::Full, Some(full)) = (self.at, &mut self.full) {
            if self.last_full >= Some(target) {
                return full.seek(target);
            }
            self.at = At::Rest;
        }
        let at = self.passages().partition_point(|&passage| passage < target);
        if at == self.passages().len() {
            self.at = At::End;
            return 0;
        }
        at
    }

    /// Returns the number of passages in the whole list.
    pub fn n_passages(&self) -> u32 {
        self.n_passages
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
pub enum Places {
    Positions(Box<SegmentPostings>),
    /// Positions in bodies are told by the forward index.
    InBodies {
        blocks: Blocks,
        /// The entry at hand of the block at hand.
        at: usize,
    },
}

impl Places {
    /// Returns the passage at hand, or [`END`].
    pub fn passage(&self) -> u32 {
        match self {
            Places::Positions(postings) => postings.doc(),
            Places::InBodies { blocks, at } => blocks.passages().get(*at).copied().unwrap_or(END),
        }
    }

    /// Goes on to the first passage at or behind `target`, which may be the one at hand.
    pub fn seek(&mut self, target: u32) -> u32 {
        if self.passage() >= target {
            return self.passage();
        }
        match self {
            Places::Positions(postings) => return postings.seek(target),
            Places::InBodies { blocks, at } => match blocks.passages().last() {
                Some(&last) if last >= target => {
                    *at += blocks.passages()[*at..].partition_point(|&other| other < target)
                }
                _ => *at = blocks.seek(target),
            },
        }
        self.passage()
    }

    /// Goes on to the next passage.
    pub fn advance(&mut self) -> u32 {
        match self {
            Places::Positions(postings) => return postings.advance(),
            Places::InBodies { blocks, at } => {
                *at += 1;
                if *at >= blocks.passages().len() {
                    blocks.advance();
                    *at = 0;
                }
            }
        }
        self.passage()
    }

    /// Returns how often the term stands in the passage at hand.
    pub fn count(&self) -> u32 {
        match self {
            Places::Positions(postings) => postings.term_freq(),
            Places::InBodies { blocks, at } => blocks.counts().get(*at).copied().unwrap_or(0),
        }
    }

    /// Appends the positions of the term in the passage at hand, ascending; none in bodies.
    pub fn append_positions(&mut self, positions: &mut Vec<u32>) {
        // A file may claim what it likes; no passage holds a word so often.
        const MOST: u32 = 1 << 22;
        if self.count() > MOST {
            return;
        }
        if let Places::Positions(postings) = self {
            postings.append_positions_with_offset(0, positions);
        }
    }
}
