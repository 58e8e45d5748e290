//! The words of an index with where each field's postings and positions of them lie.
//!
//! tantivy's own dictionary is read whole when it is opened; this one costs what a lookup touches.

use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxBuildHasher;

use super::codes::{N_TIERS, Tiers};
use super::container::{Container, Writer};
use super::engine::{FIELDS, number};
use super::error::Result;
use super::forms::Form;
use super::postings::{BODY, Extent, shares};
use super::sorted::{Sorted, SortedWriter, Stands};
use super::symbols::Written;
use super::varint::{put, skip, take};
use super::walk::Walk;
use crate::memory::Memory;
use crate::query::Field;

pub(super) const N_FIELDS: usize = FIELDS.len();
const NAME: &str = "words";

/// A word's mask tells by its lowest bits which fields have it, and from here on one more than the tier of its
/// rank, 0 when it has none; or that it joins the parts of a hyphenated one: what follows tells ...
pub(super) const TIER_SHIFT: u32 = 3;
pub(super) const TIER: u8 = 0b111;
pub(super) const JOINED: u8 = 7;
/// ... and from here on how it is written most often.
pub(super) const FORM_SHIFT: u32 = 6;

/// Where a word is found, for each field that has it.
pub(super) type Extents = [Option<Extent>; N_FIELDS];

/// Writes a dictionary, word after word.
pub(super) struct DictionaryWriter {
    sorted: SortedWriter,
    tiers: Tiers,
    /// For each field: where the postings and the positions of its next word begin.
    next: [[usize; 2]; N_FIELDS],
    /// For each tier of ranks: how many words before are in it.
    n_ranked: [u32; N_TIERS],
}

impl DictionaryWriter {
    /// Begins a dictionary of words that have ranks in these tiers.
    pub fn new(tiers: Tiers) -> Self {
        DictionaryWriter { sorted: SortedWriter::default(), tiers, next: Default::default(), n_ranked: [0; N_TIERS] }
    }

    /// Adds a word; words come in ascending order of their bytes, each once, and the postings and
    /// positions of a field one behind the other. The rank is that of the forward index, which also
    /// tells how the word is written most often.
    /// Of a hyphenated word joined, `parts` are the lengths of its parts but the last.
    pub fn add(&mut self, word: &[u8], extents: &Extents, ranked: Option<(u32, Form<&str>)>, parts: &[u8]) {
        let stands = self.sorted.key(word);
        let blocks = &mut self.sorted.blocks;
        if stands == Stands::First {
            self.n_ranked.iter().for_each(|&n| put(blocks, u64::from(n)));
            self.next.as_flattened().iter().for_each(|&at| put(blocks, at as u64));
        }
        let mask = extents.iter().enumerate().fold(0, |mask, (i, info)| mask | (u8::from(info.is_some()) << i));
        let (tier, form, spelled) = match ranked {
            None => (0, 0, None),
            Some((rank, form)) => {
                let tier = self.tiers.of_rank(rank);
                assert_eq!(rank, self.tiers.first_ranks()[tier] + self.n_ranked[tier], "ranks follow words");
                self.n_ranked[tier] += 1;
                let (form, spelled) = match form {
                    Form::Title => (1, None),
                    Form::Capitals => (2, None),
                    Form::Spelled(spelled) => (3, Some(spelled)),
                    Form::Plain | Form::Usual | Form::End => (0, None),
                };
                (tier as u8 + 1, form, spelled)
            }
        };
        if parts.is_empty() {
            blocks.push(mask | tier << TIER_SHIFT | form << FORM_SHIFT);
        } else {
            blocks.extend([mask | JOINED << TIER_SHIFT | form << FORM_SHIFT, tier]);
            put(blocks, parts.len() as u64);
            blocks.extend(parts);
        }
        if let Some(spelled) = spelled {
            put(blocks, spelled.len() as u64);
            blocks.extend(spelled.as_bytes());
        }
        for (field, (extent, next)) in extents.iter().zip(&mut self.next).enumerate() {
            let Some(extent) = extent else { continue };
            assert_eq!([extent.postings.start, extent.beside.start], *next, "lists lie one behind the other");
            *next = [extent.postings.end, extent.beside.end];
            let [n_postings, n_beside] = [extent.postings.len(), extent.beside.len()];
            if field != BODY {
                [extent.n_passages, extent.n_runs].iter().for_each(|&n| put(blocks, u64::from(n)));
                [n_postings, n_beside].iter().for_each(|&n| put(blocks, n as u64));
            } else if !put_few(extent.n_passages, n_beside, blocks) {
                put_many(extent.n_passages, blocks);
                let (n_full, n_rest) = shares(extent.n_passages);
                (n_full > 0).then(|| put(blocks, n_postings as u64));
                (n_rest > 0).then(|| put(blocks, n_beside as u64));
            }
        }
    }

    /// Writes the dictionary.
    pub fn finish(self, container: &mut Writer) -> Result<()> {
        self.sorted.finish(NAME, container)
    }
}

/// Most words stand in so few bodies: the number of these shares a byte with the length of their list.
pub(super) const FEW: u32 = 4;
/// The number of more bodies takes a byte that begins here ...
pub(super) const MANY: u8 = 0x80;
/// ... or follows this one.
pub(super) const MORE: u8 = 0xff;

/// Puts a number of bodies and the length of their list if both are small.
fn put_few(n_passages: u32, len: usize, bytes: &mut Vec<u8>) -> bool {
    let fits = (1..=FEW).contains(&n_passages) && len < usize::from(MANY) / FEW as usize;
    if fits {
        bytes.push((len as u32 * FEW + n_passages - 1) as u8);
    }
    fits
}

/// Puts another number of bodies.
fn put_many(n_passages: u32, bytes: &mut Vec<u8>) {
    match n_passages.checked_sub(FEW + 1) {
        Some(n) if n < u32::from(MORE - MANY) => bytes.push(MANY + n as u8),
        _ => {
            bytes.push(MORE);
            put(bytes, u64::from(n_passages));
        }
    }
}

/// The dictionary of a container.
#[derive(Debug)]
pub(super) struct Dictionary {
    pub(super) sorted: Sorted,
    pub(super) tiers: Tiers,
    /// Words looked up before, there or not: many queries ask for the same.
    known: Memory<Box<[u8]>, Option<Arc<Entry>>>,
    /// Words looked up by rank.
    written: Memory<u32, Arc<Written>>,
    /// Tells most words that are not there, once many were asked for.
    filter: OnceLock<Option<Filter>>,
    n_missed: AtomicUsize,
}

/// Bits of the hashes of all words.
#[derive(Debug)]
struct Filter(Vec<u64>);

impl Filter {
    /// Reads what is left of a walk over so many blocks of words.
    fn read(mut walk: Walk<'_>, n_blocks: usize) -> Result<Filter> {
        const BITS_OF_A_BLOCK: usize = 1 << 9;
        let mut filter = Filter(vec![0; (n_blocks * BITS_OF_A_BLOCK / 64).next_power_of_two()]);
        while walk.advance()? {
            let (cell, bit) = filter.place(walk.word());
            filter.0[cell] |= bit;
        }
        Ok(filter)
    }

    fn place(&self, word: &[u8]) -> (usize, u64) {
        let hash = FxBuildHasher.hash_one(word);
        ((hash >> 6) as usize & (self.0.len() - 1), 1 << (hash % 64))
    }

    fn may_hold(&self, word: &[u8]) -> bool {
        let (cell, bit) = self.place(word);
        self.0[cell] & bit != 0
    }
}

/// Words that are remembered, at most.
const REMEMBERED: usize = 1 << 16;

/// What is known of a word.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub extents: Extents,
    /// Its rank in the forward index.
    pub rank: Option<u32>,
    /// Of a hyphenated word joined the lengths of its parts but the last.
    pub parts: Box<[u8]>,
}

impl Entry {
    /// Returns where the word is found in a field.
    pub fn extent(&self, field: Field) -> Option<&Extent> {
        self.extents[number(field)].as_ref()
    }
}

impl Dictionary {
    /// Opens the dictionary of words that have ranks in these tiers.
    pub fn open(container: &Container, tiers: &Tiers) -> Result<Self> {
        let (known, written) = (Memory::new(REMEMBERED), Memory::new(REMEMBERED));
        let (sorted, tiers) = (Sorted::open(container, NAME)?, *tiers);
        Ok(Dictionary { sorted, tiers, known, written, filter: OnceLock::new(), n_missed: AtomicUsize::new(0) })
    }

    /// Returns what is known of a word.
    pub fn find(&self, word: &[u8]) -> Result<Option<Arc<Entry>>> {
        if let Some(entry) = self.known.recall(word) {
            return Ok(entry);
        }
        if self.lacks(word) {
            return Ok(None);
        }
        let entry = self.walk_to(word)?.map(Arc::new);
        self.known.keep(word.into(), &entry, 1);
        Ok(entry)
    }

    /// Tells of most words that are not there, without a look for them.
    fn lacks(&self, word: &[u8]) -> bool {
        if let Some(filter) = self.filter.get() {
            return filter.as_ref().is_some_and(|filter| !filter.may_hold(word));
        }
        // So many looks take about as long as one at all words.
        if self.n_missed.fetch_add(1, Relaxed) == self.sorted.n_blocks() {
            let read = self.walk_from(b"").and_then(|walk| Filter::read(walk, self.sorted.n_blocks()));
            let _ = self.filter.set(read.ok());
        }
        false
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

    /// Returns the words with these ranks; those nobody asked for before are read block by block.
    pub fn written(&self, ranks: &[u32]) -> Result<Vec<Arc<Written>>> {
        let mut known = self.written.recall_all(ranks.iter().copied());
        let unknown = ranks.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(&rank, _)| rank);
        let mut sought: Vec<u32> = unknown.collect();
        sought.sort_unstable();
        sought.dedup();
        let found = self.walk_to_ranks(&sought)?;
        sought.iter().zip(&found).for_each(|(&rank, word)| self.written.keep(rank, word, 1));
        for (known, rank) in known.iter_mut().zip(ranks).filter(|(known, _)| known.is_none()) {
            *known = sought.binary_search(rank).ok().map(|i| Arc::clone(&found[i]));
        }
        known.into_iter().collect::<Option<_>>().ok_or_else(|| self.sorted.damaged())
    }

    /// Returns the words with these ranks, which are in ascending order, each once.
    fn walk_to_ranks(&self, ranks: &[u32]) -> Result<Vec<Arc<Written>>> {
        let mut places = Vec::with_capacity(ranks.len());
        let (mut tier, mut block) = (0, 0);
        for (i, &rank) in ranks.iter().enumerate() {
            let before = std::mem::replace(&mut tier, self.tiers.of_rank(rank));
            block = self.block_of_rank(rank, tier, if tier == before { block } else { 0 })?;
            places.push((block, rank, i));
        }
        places.sort_unstable();
        let mut found = vec![None; ranks.len()];
        let mut walk = Walk::new(self, 0);
        for places in places.chunk_by(|a, b| a.0 == b.0) {
            walk.next_block = places[0].0;
            let mut n_left = places.len();
            let mut is_more = walk.begin_block()?;
            while is_more && n_left > 0 && walk.read_word()? {
                let rank = walk.rank;
                if let Ok(at) = places.binary_search_by_key(&rank, |place| Some(place.1)) {
                    found[places[at].2] = walk.written().map(Arc::new);
                    n_left -= 1;
                }
                is_more = walk.take_places().is_some();
            }
        }
        found.into_iter().collect::<Option<_>>().ok_or_else(|| self.sorted.damaged())
    }

    /// Returns the one block, not before `block`, that can hold the word of a rank.
    fn block_of_rank(&self, rank: u32, tier: usize, block: usize) -> Result<usize> {
        let begins_after = |block: usize| Ok::<_, super::Error>(self.first_rank(block, tier)? > rank);
        // Words sought side by side are near each other.
        let (mut low, mut step) = (block, 1);
        while low + step < self.sorted.n_blocks() && !begins_after(low + step)? {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(self.sorted.n_blocks());
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if begins_after(middle)? { high = middle } else { low = middle }
        }
        Ok(low)
    }

    /// Returns the rank of the first word of a tier in a block or behind it.
    fn first_rank(&self, block: usize, tier: usize) -> Result<u32> {
        let mut rest = self.sorted.block(block)?.unwrap_or_default();
        let n = skip(&mut rest, tier).and_then(|()| take(&mut rest));
        let n = n.and_then(|n| u32::try_from(n).ok()).and_then(|n| n.checked_add(self.tiers.first_ranks()[tier]));
        n.ok_or_else(|| self.sorted.damaged())
    }

    /// Returns a walk over all words from `word` on.
    pub fn walk_from(&self, word: &[u8]) -> Result<Walk<'_>> {
        let mut walk = Walk::new(self, self.sorted.block_of(word)?);
        walk.from = word.to_owned();
        Ok(walk)
    }
}
