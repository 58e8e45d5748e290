//! The words of an index with where each field's postings and positions of them lie.
//!
//! tantivy's own dictionary is read whole when it is opened; this one costs what a lookup touches.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use tantivy::postings::TermInfo;

use super::container::{Container, Writer};
use super::engine::FIELDS;
use super::error::Result;
use super::sorted::{Sorted, SortedWriter, Stands, take_key};
use super::varint::{put, take};
use crate::memory::Memory;

const N_FIELDS: usize = FIELDS.len();
const NAME: &str = "words";

/// Set in a word's mask of fields when it has a rank.
const RANKED: u8 = 0x80;

/// Where a word is found, for each field that has it.
pub(super) type Infos = [Option<TermInfo>; N_FIELDS];

/// Writes a dictionary, word after word.
#[derive(Default)]
pub(super) struct DictionaryWriter {
    sorted: SortedWriter,
    /// For each field: where the postings and the positions of its next word begin.
    next: [[usize; 2]; N_FIELDS],
}

impl DictionaryWriter {
    /// Adds a word; words come in ascending order of their bytes, each once, and the postings and
    /// positions of a field one behind the other. The rank is that of the forward index.
    pub fn add(&mut self, word: &[u8], infos: &Infos, rank: Option<u32>) {
        let stands = self.sorted.key(word);
        let blocks = &mut self.sorted.blocks;
        if stands == Stands::First {
            self.next.as_flattened().iter().for_each(|&at| put(blocks, at as u64));
        }
        let mask = infos.iter().enumerate().fold(0, |mask, (i, info)| mask | (u8::from(info.is_some()) << i));
        blocks.push(mask | if rank.is_some() { RANKED } else { 0 });
        if let Some(rank) = rank {
            put(blocks, u64::from(rank));
        }
        for (info, next) in infos.iter().zip(&mut self.next) {
            let Some(info) = info else { continue };
            let found = [info.postings_range.start, info.positions_range.start];
            assert_eq!(found, *next, "the engine writes words one behind the other");
            *next = [info.postings_range.end, info.positions_range.end];
            put(blocks, u64::from(info.doc_freq));
            put(blocks, info.postings_range.len() as u64);
            put(blocks, info.positions_range.len() as u64);
        }
    }

    /// Writes the dictionary.
    pub fn finish(self, container: &mut Writer) -> Result<()> {
        self.sorted.finish(NAME, container)
    }
}

/// The dictionary of a container.
#[derive(Debug)]
pub(super) struct Dictionary {
    sorted: Sorted,
    /// Words looked up before, there or not: many queries ask for the same.
    known: Memory<Box<[u8]>, Option<Arc<Entry>>>,
}

/// Words that are remembered, at most.
const REMEMBERED: usize = 1 << 16;

/// What is known of a word.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub infos: Infos,
    /// Its rank in the forward index.
    pub rank: Option<u32>,
}

impl Dictionary {
    pub fn open(container: &Container) -> Result<Self> {
        Ok(Dictionary { sorted: Sorted::open(container, NAME)?, known: Memory::new(REMEMBERED) })
    }

    /// Returns what is known of a word.
    pub fn find(&self, word: &[u8]) -> Result<Option<Arc<Entry>>> {
        if let Some(entry) = self.known.recall(word) {
            return Ok(entry);
        }
        let entry = self.walk_to(word)?.map(Arc::new);
        self.known.keep(word.into(), &entry, 1);
        Ok(entry)
    }

    fn walk_to(&self, word: &[u8]) -> Result<Option<Entry>> {
        let mut walk = Walk::new(self, self.sorted.block_of(word)?);
        if walk.begin_block()? {
            while walk.read()? {
                match walk.word.as_slice().cmp(word) {
                    Ordering::Less => {}
                    Ordering::Equal => return Ok(Some(walk.entry())),
                    Ordering::Greater => break,
                }
            }
        }
        Ok(None)
    }

    /// Returns a walk over all words from `word` on.
    pub fn walk_from(&self, word: &[u8]) -> Result<Walk<'_>> {
        let mut walk = Walk::new(self, self.sorted.block_of(word)?);
        walk.from = word.to_owned();
        Ok(walk)
    }
}

/// A walk over words in ascending order.
pub(super) struct Walk<'d> {
    dictionary: &'d Dictionary,
    from: Vec<u8>,
    next_block: usize,
    /// What is left of the block at hand; its first word is already in `word` when `is_first`.
    rest: &'d [u8],
    is_first: bool,
    word: Vec<u8>,
    mask: u8,
    rank: Option<u32>,
    n_passages: [u32; N_FIELDS],
    /// For each field: the ranges of its postings and of its positions.
    ranges: [[Range<usize>; 2]; N_FIELDS],
}

impl<'d> Walk<'d> {
    fn new(dictionary: &'d Dictionary, next_block: usize) -> Self {
        Walk {
            dictionary,
            from: Vec::new(),
            next_block,
            rest: &[],
            is_first: false,
            word: Vec::new(),
            mask: 0,
            rank: None,
            n_passages: [0; N_FIELDS],
            ranges: Default::default(),
        }
    }

    /// Goes on to the next word; tells whether there is one.
    pub fn advance(&mut self) -> Result<bool> {
        loop {
            while self.read()? {
                if self.word >= self.from {
                    return Ok(true);
                }
            }
            if !self.begin_block()? {
                return Ok(false);
            }
        }
    }

    /// Returns the word at hand.
    pub fn word(&self) -> &[u8] {
        &self.word
    }

    /// Returns the number of passages with the word at hand in a field.
    pub fn n_passages(&self, field: usize) -> u32 {
        if self.mask & (1 << field) != 0 { self.n_passages[field] } else { 0 }
    }

    /// Returns the rank of the word at hand in the forward index.
    pub fn rank(&self) -> Option<u32> {
        self.rank
    }

    /// Turns to the next block; tells whether there is one.
    fn begin_block(&mut self) -> Result<bool> {
        let sorted = &self.dictionary.sorted;
        let Some(block) = sorted.block(self.next_block)? else { return Ok(false) };
        sorted.first(self.next_block)?.clone_into(&mut self.word);
        self.next_block += 1;
        self.rest = block;
        self.is_first = true;
        for range in self.ranges.as_flattened_mut() {
            let start = take(&mut self.rest).ok_or_else(|| sorted.damaged())? as usize;
            *range = start..start;
        }
        Ok(true)
    }

    /// Reads the next word of the block at hand; tells whether there is one.
    fn read(&mut self) -> Result<bool> {
        if self.rest.is_empty() {
            return Ok(false);
        }
        self.read_entry().map(|()| true).ok_or_else(|| self.dictionary.sorted.damaged())
    }

    fn read_entry(&mut self) -> Option<()> {
        if !std::mem::take(&mut self.is_first) {
            take_key(&mut self.rest, &mut self.word)?;
        }
        let (&mask, rest) = self.rest.split_first()?;
        (self.mask, self.rest) = (mask, rest);
        self.rank = None;
        if mask & RANKED != 0 {
            self.rank = Some(u32::try_from(take(&mut self.rest)?).ok()?);
        }
        for i in (0..N_FIELDS).filter(|i| mask & (1 << i) != 0) {
            self.n_passages[i] = u32::try_from(take(&mut self.rest)?).ok()?;
            for range in &mut self.ranges[i] {
                let len = usize::try_from(take(&mut self.rest)?).ok()?;
                *range = range.end..range.end.checked_add(len)?;
            }
        }
        Some(())
    }

    fn entry(&self) -> Entry {
        let info = |field: usize| {
            let [postings, positions] = &self.ranges[field];
            (self.mask & (1 << field) != 0).then(|| TermInfo {
                doc_freq: self.n_passages[field],
                postings_range: postings.clone(),
                positions_range: positions.clone(),
            })
        };
        Entry { infos: std::array::from_fn(info), rank: self.rank }
    }
}
