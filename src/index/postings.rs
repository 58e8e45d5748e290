//! Reading postings: where terms occur, without naming the engine.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{HasLen, InvertedIndexReader, SegmentReader, TERMINATED};

use super::blocks::{BLOCK, Full};
use super::columns::Lengths;
use super::engine::{FIELDS, fields};
use super::headings::{Firsts, Run, RunBlocks, RunPlaces};
use super::interpolative::BitReader;

/// The number after the last passage of any list.
pub const END: u32 = TERMINATED;

/// Where a word's passages in a field are told, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub n_passages: u32,
    /// Of headings, the runs that these are.
    pub n_runs: u32,
    /// In the engine's list; of bodies those that fill blocks.
    pub postings: Range<usize>,
    /// Positions; of bodies, which have none, the passages that do not fill a block.
    pub beside: Range<usize>,
    /// The passages that do not fill a block, then their counts, once they were read.
    pub rest: OnceLock<Arc<[u32]>>,
    /// The runs, once they were read.
    pub runs: OnceLock<Arc<[Run]>>,
}

/// The number of the field of bodies, the only one without positions and runs.
pub(super) const BODY: usize = 0;

/// Returns how many of so many passages of bodies fill blocks, and how many do not.
pub(super) fn shares(n_passages: u32) -> (u32, u32) {
    /// Shorter lists are read whole, and remembered.
    const SHORT: u32 = 1024;
    let n_rest = if n_passages < SHORT { n_passages } else { n_passages % BLOCK as u32 };
    (n_passages - n_rest, n_rest)
}

/// The lists of all words, by field.
pub(super) struct Lists {
    engine: [Arc<InvertedIndexReader>; FIELDS.len()],
    /// The passages of bodies that fill blocks, and the others.
    bodies: [FileSlice; 2],
    /// The same of words that are inflections of one another.
    unions: [FileSlice; 2],
    /// The runs of sections, of titles.
    firsts: [Firsts; FIELDS.len() - 1],
    n_passages: u32,
    /// Whether a block was met that contradicts itself.
    damage: Arc<AtomicBool>,
}

impl Lists {
    pub fn new(
        segment: &SegmentReader,
        bodies: [FileSlice; 2],
        unions: [FileSlice; 2],
        firsts: [Firsts; FIELDS.len() - 1],
    ) -> tantivy::Result<Self> {
        let [body, section, title] = fields().map(|field| segment.inverted_index(field));
        let (engine, n_passages) = ([body?, section?, title?], segment.max_doc());
        Ok(Lists { engine, bodies, unions, firsts, n_passages, damage: Arc::default() })
    }

    /// Returns the number of passages.
    pub fn n_passages(&self) -> u32 {
        self.n_passages
    }

    /// Tells whether a list ended where it should not.
    pub fn are_damaged(&self) -> bool {
        self.damage.load(Ordering::Relaxed)
    }

    /// Returns the number of words of a field in all passages.
    pub fn n_words(&self, field: usize) -> u64 {
        self.engine[field].total_num_tokens()
    }

    /// Opens the list of a word in a field.
    pub fn blocks(&self, field: usize, extent: &Extent) -> io::Result<Blocks> {
        let told = match field {
            BODY => Told::Bodies(self.bodies_in(&self.bodies, extent)?),
            _ => Told::Headings(RunBlocks::new(self.runs(field, extent)?)),
        };
        Ok(Blocks { told, n_passages: extent.n_passages })
    }

    /// Opens the list of a union.
    pub fn union_blocks(&self, extent: &Extent) -> io::Result<Blocks> {
        Ok(Blocks { told: Told::Bodies(self.bodies_in(&self.unions, extent)?), n_passages: extent.n_passages })
    }

    /// Opens the passages of a union, as places that only tell these.
    pub fn union_places(&self, extent: &Extent) -> io::Result<Places> {
        Ok(Places::InBodies { blocks: self.bodies_in(&self.unions, extent)?, at: 0 })
    }

    fn bodies_in(&self, parts: &[FileSlice; 2], extent: &Extent) -> io::Result<BodyBlocks> {
        let n_blocks = shares(extent.n_passages).0 as usize / BLOCK;
        let mut full = None;
        if n_blocks > 0 {
            let bytes = cut(&parts[0], &extent.postings)?;
            let opened = Full::open(bytes, n_blocks, &self.damage).ok_or(io::ErrorKind::UnexpectedEof)?;
            full = Some(Box::new(opened));
        }
        let last_full = full.as_deref().map(Full::last);
        let rest = match extent.rest.get() {
            Some(rest) => Arc::clone(rest),
            None => {
                let rest = self.rest(&parts[1], extent, last_full)?;
                Arc::clone(extent.rest.get_or_init(|| rest.into()))
            }
        };
        Ok(BodyBlocks { at: if full.is_some() { At::Full } else { At::Rest }, full, last_full, rest })
    }

    /// Reads the passages of bodies behind the last that is in a full block, and then their counts.
    fn rest(&self, part: &FileSlice, extent: &Extent, last_full: Option<u32>) -> io::Result<Vec<u32>> {
        let n = shares(extent.n_passages).1 as usize;
        let first = last_full.map_or(0, |last| last.saturating_add(1));
        if n == 0 {
            return Ok(Vec::new());
        }
        let bytes = cut(part, &extent.beside)?;
        read_rest(&bytes, n, first, self.n_passages).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Reads the runs of passages whose heading has a word.
    fn runs(&self, field: usize, extent: &Extent) -> io::Result<Arc<[Run]>> {
        /// Longer lists are read anew.
        const REMEMBERED: usize = 1 << 16;
        if let Some(runs) = extent.runs.get() {
            return Ok(Arc::clone(runs));
        }
        let with = IndexRecordOption::WithFreqs;
        let mut list = self.engine[field].read_block_postings_from_terminfo(&info(extent), with)?;
        let mut runs = Vec::new();
        let mut free_from = 0;
        while !list.docs().is_empty() {
            for (&number, &count) in list.docs().iter().zip(list.freqs()) {
                let passages = self.firsts[field - 1].passages_of(number);
                let fits = |range: &Range<u32>| free_from <= range.start && range.start < range.end;
                let passages = passages.filter(fits).filter(|range| range.end <= self.n_passages);
                let passages = passages.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
                free_from = passages.end;
                runs.push(Run { number, passages, count });
            }
            list.advance();
        }
        let runs: Arc<[Run]> = runs.into();
        Ok(if runs.len() <= REMEMBERED { Arc::clone(extent.runs.get_or_init(|| runs)) } else { runs })
    }

    /// Opens the places of a word in a field; those in bodies only tell the passages.
    pub fn places(&self, field: usize, extent: &Extent) -> io::Result<Places> {
        if field == BODY {
            return Ok(Places::InBodies { blocks: self.bodies_in(&self.bodies, extent)?, at: 0 });
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let positions = self.engine[field].read_postings_from_terminfo(&info(extent), option)?;
        Ok(Places::InHeadings(Box::new(RunPlaces::new(self.runs(field, extent)?, positions))))
    }
}

/// Reads some bytes of a part.
fn cut(part: &FileSlice, range: &Range<usize>) -> io::Result<OwnedBytes> {
    if range.end > part.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    part.slice(range.clone()).read_bytes()
}

/// Tells the engine where a list of runs is.
fn info(extent: &Extent) -> TermInfo {
    let Extent { n_runs, postings, beside, .. } = extent;
    TermInfo { doc_freq: *n_runs, postings_range: postings.clone(), positions_range: beside.clone() }
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
    told: Told,
    n_passages: u32,
}

#[derive(Clone)]
enum Told {
    Bodies(BodyBlocks),
    Headings(RunBlocks),
}

/// The passages of a body's word.
#[derive(Clone)]
pub struct BodyBlocks {
    /// The blocks that are full.
    full: Option<Box<Full>>,
    /// The last passage of the last of them.
    last_full: Option<u32>,
    /// The passages behind them, then their counts.
    rest: Arc<[u32]>,
    at: At,
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

impl Blocks {
    /// Returns for each full block, in their order, the passage in which the term counts most.
    pub fn peaks(&self) -> impl Iterator<Item = Peak> + '_ {
        let full = match &self.told {
            Told::Bodies(bodies) => bodies.full.as_deref(),
            Told::Headings(_) => None,
        };
        full.into_iter().flat_map(Full::peaks)
    }

    /// Returns the passages that are in no full block, as runs `first..=last` whose passages have one count.
    pub fn runs(&self) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        let (rest, runs): (&[u32], &[Run]) = match &self.told {
            Told::Bodies(bodies) => (&bodies.rest, &[]),
            Told::Headings(headings) => (&[], headings.runs()),
        };
        let (passages, counts) = rest.split_at(rest.len() / 2);
        let rest = passages.iter().zip(counts).map(|(&passage, &count)| (passage, passage, count));
        rest.chain(runs.iter().map(|run| (run.passages.start, run.passages.end - 1, run.count)))
    }

    /// Returns the passages of the block at hand, ascending; none when the list is at its end.
    #[inline]
    pub fn passages(&self) -> &[u32] {
        match &self.told {
            Told::Bodies(bodies) => bodies.passages(),
            Told::Headings(headings) => &headings.passages,
        }
    }

    /// Returns the passages of the block at hand, and how often the term occurs in each.
    #[inline]
    pub fn entries(&mut self) -> (&[u32], &[u32]) {
        match &mut self.told {
            Told::Bodies(bodies) => bodies.entries(),
            Told::Headings(headings) => (&headings.passages, &headings.counts),
        }
    }

    /// Goes on to the next block.
    pub fn advance(&mut self) {
        match &mut self.told {
            Told::Bodies(bodies) => bodies.advance(),
            Told::Headings(headings) => headings.advance(),
        }
    }

    /// Goes on to the next block but for full ones that end before `end` and whose peaks are `low`.
    #[inline]
    pub fn advance_over(&mut self, end: u32, low: impl Fn(&Peak) -> bool) {
        if let Told::Bodies(BodyBlocks { full: Some(full), at: At::Full, .. }) = &mut self.told {
            full.pass_over(end, low);
        }
        self.advance();
    }

    /// Goes on to the block that holds the first passage at or behind `target`; returns its index.
    pub fn seek(&mut self, target: u32) -> usize {
        match &mut self.told {
            Told::Bodies(bodies) => bodies.seek(target),
            Told::Headings(headings) => headings.seek(target),
        }
    }

    /// Returns the number of passages in the whole list.
    pub fn n_passages(&self) -> u32 {
        self.n_passages
    }
}

impl BodyBlocks {
    #[inline]
    fn passages(&self) -> &[u32] {
        match (self.at, &self.full) {
            (At::Full, Some(full)) => full.passages(),
            (At::Rest, _) => &self.rest[..self.rest.len() / 2],
            _ => &[],
        }
    }

    #[inline]
    fn entries(&mut self) -> (&[u32], &[u32]) {
        match (self.at, &mut self.full) {
            (At::Full, Some(full)) => full.entries(),
            (At::Rest, _) => self.rest.split_at(self.rest.len() / 2),
            _ => (&[], &[]),
        }
    }

    fn advance(&mut self) {
        self.at = match (self.at, &mut self.full) {
            (At::Full, Some(full)) => {
                if full.advance() {
                    At::Full
                } else {
                    At::Rest
                }
            }
            (At::Full, None) => At::Rest,
            (At::Rest | At::End, _) => At::End,
        };
    }

    fn seek(&mut self, target: u32) -> usize {
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
}

/// Returns how many of ascending passages come before `target`, mostly few.
#[inline]
fn n_below(passages: &[u32], target: u32) -> usize {
    const FEW: usize = 8;
    let Some(few) = passages.first_chunk::<FEW>().filter(|few| few[FEW - 1] >= target) else {
        return passages.partition_point(|&passage| passage < target);
    };
    let mut n = 0;
    for &passage in few {
        n += usize::from(passage < target);
    }
    n
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

/// Returns what an occurrence counts by the weights by which peaks are told, by the code of the passage's length:
/// BM25's part of length with the b of [`Ranking`](crate::search::Ranking) for bodies, where they are sharpest. `mean`
/// is the mean length as it stands.
pub(super) fn peak_weights(mean: f32) -> [f32; 256] {
    const B: f32 = 0.7;
    std::array::from_fn(|code| 1.0 / (1.0 - B + B * Lengths::words(code as u8) as f32 / mean))
}

/// The places where a term occurs in a field.
pub enum Places {
    InHeadings(Box<RunPlaces>),
    /// Positions in bodies are told by the forward index.
    InBodies {
        blocks: BodyBlocks,
        /// The entry at hand of the block at hand.
        at: usize,
    },
}

impl Places {
    /// Returns the passage at hand, or [`END`].
    pub fn passage(&self) -> u32 {
        match self {
            Places::InHeadings(places) => places.passage,
            Places::InBodies { blocks, at } => blocks.passages().get(*at).copied().unwrap_or(END),
        }
    }

    /// Goes on to the first passage at or behind `target`, which may be the one at hand.
    pub fn seek(&mut self, target: u32) -> u32 {
        if self.passage() >= target {
            return self.passage();
        }
        match self {
            Places::InHeadings(places) => places.seek(target),
            Places::InBodies { blocks, at } => match blocks.passages().last() {
                Some(&last) if last >= target => *at += n_below(&blocks.passages()[*at..], target),
                _ => *at = blocks.seek(target),
            },
        }
        self.passage()
    }

    /// Returns the first passage behind the one at hand where other positions may be told.
    pub fn end(&self) -> u32 {
        match self {
            Places::InHeadings(places) => places.end(),
            Places::InBodies { .. } => self.passage().saturating_add(1),
        }
    }

    /// Returns how often the term stands in the passage at hand.
    pub fn count(&mut self) -> u32 {
        match self {
            Places::InHeadings(places) => places.count(),
            Places::InBodies { blocks, at } => blocks.entries().1.get(*at).copied().unwrap_or(0),
        }
    }

    /// Appends the positions of the term in the passage at hand, ascending; none in bodies.
    pub fn append_positions(&mut self, positions: &mut Vec<u32>) {
        if let Places::InHeadings(places) = self {
            places.append_positions(positions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_passed_over_near_and_far() {
        let passages: Vec<u32> = (0..40).map(|i| 3 * i).collect();
        for (from, target) in [0, 30, 36, 40].into_iter().flat_map(|from| (0..130).map(move |target| (from, target))) {
            let rest = &passages[from..];
            assert_eq!(n_below(rest, target), rest.partition_point(|&passage| passage < target), "{from} {target}");
        }
    }
}
