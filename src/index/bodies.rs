//! The forward index, read: the words of each passage's body in order, where a search looks closely at few.
//!
//! Words are known by rank, the most frequent by the lowest, but for those that take as many bytes: among them ranks
//! are in the order of the words.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::codes::{self, COMPOUND, Tiers, Unit};
use super::collocations::{Bloom, Collocations};
use super::container::{Container, Part};
use super::error::{Error, Result};
use super::packed::Column;
use super::varint::take;

pub(super) const WORDS: &str = "forward";
pub(super) const STARTS: &str = "forward/starts";
pub(super) const TIERS: &str = "forward/tiers";
pub(super) const COLLOCATIONS: &str = "forward/collocations";
pub(super) const CLASSES: &str = "forward/classes";
pub(super) const FREQUENCIES: &str = "forward/frequencies";

/// Passages of a block: their lengths stand together before them.
pub(super) const BLOCK: u32 = 16;

/// Tells which words of a passage are worth decoding, by the first byte of their codes.
pub struct Sieve {
    by_first: [u8; 256],
    ranks: Bloom,
}

/// Set where a rank that is looked for may begin so; else the number of bytes of a word is all there is to know.
const LOOK: u8 = 0x80;

impl Sieve {
    /// Returns a sieve that keeps these ranks, and some others.
    fn of(ranks: impl Iterator<Item = u32>, tiers: &Tiers) -> Self {
        let mut by_first = std::array::from_fn(|first| codes::len(first as u8) as u8);
        by_first[usize::from(COMPOUND)] = LOOK;
        tiers.for_each_first(|first| by_first[usize::from(first)] |= LOOK);
        let mut sieve = Sieve { by_first, ranks: Bloom::default() };
        let mut code = Vec::new();
        for rank in ranks {
            code.clear();
            codes::put(tiers.code(Unit::Word(rank)), &mut code);
            sieve.by_first[usize::from(code[0])] |= LOOK;
            sieve.ranks.add(rank);
        }
        sieve
    }
}

/// The words of passages, in order.
#[derive(Debug)]
pub(super) struct Forward {
    container: Container,
    words: Part,
    /// Where each block begins; then where the last ends.
    starts: Column,
    tiers: Tiers,
    coded_collocations: Part,
    /// The same unpacked, once a passage is read.
    collocations: OnceLock<Collocations>,
    /// For each rank the number of its class of words, plus one; 0 for none.
    classes: Column,
    /// The same unpacked, once many ask, and how many have asked.
    unpacked: OnceLock<Option<Vec<u32>>>,
    n_asked: AtomicU32,
    /// For each class: the passages that hold one of its words.
    frequencies: Column,
    n_passages: u32,
}

/// The words of passages, by rank, one passage behind the other.
#[derive(Debug, Default)]
pub struct Bodies {
    words: Vec<u32>,
    compounds: Vec<(u32, u32)>,
    /// Where the words and the compounds of each passage end.
    ends: Vec<(usize, usize)>,
}

/// The words of one passage, by rank.
#[derive(Clone, Copy, Debug)]
pub struct Body<'b> {
    /// The word at each position.
    pub words: &'b [u32],
    /// Hyphenated words joined, each with the position where it begins.
    pub compounds: &'b [(u32, u32)],
}

impl Bodies {
    /// Returns the passages' words in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = Body<'_>> {
        (0..self.ends.len()).map(|i| self.get(i))
    }

    /// Returns the words of the passage that was read as number `i`.
    pub fn get(&self, i: usize) -> Body<'_> {
        let (words, compounds) = i.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
        let (words_end, compounds_end) = self.ends[i];
        Body { words: &self.words[words..words_end], compounds: &self.compounds[compounds..compounds_end] }
    }
}

impl Forward {
    pub fn open(container: &Container, n_passages: u32) -> Result<Self> {
        Ok(Forward {
            container: container.clone(),
            words: container.part(WORDS)?.clone(),
            starts: Column::open(container, STARTS, n_passages.div_ceil(BLOCK) as usize + 1)?,
            tiers: Tiers::from_bytes(&container.bytes(TIERS)?)
                .ok_or_else(|| container.damaged(&format!("part `{TIERS}`")))?,
            coded_collocations: container.part(COLLOCATIONS)?.clone(),
            collocations: OnceLock::new(),
            classes: Column::open(container, CLASSES, 0)?,
            unpacked: OnceLock::new(),
            n_asked: AtomicU32::new(0),
            frequencies: Column::open(container, FREQUENCIES, 0)?,
            n_passages,
        })
    }

    /// Returns how words and collocations share the codes.
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// Reads the words of a passage, and puts them behind those read before.
    pub fn read(&self, passage: u32, bodies: &mut Bodies) -> Result<()> {
        let mut rest = self.coded(passage)?;
        let collocations = self.collocations()?;
        let Bodies { words, compounds, ends } = bodies;
        let start = words.len();
        while let Some(&first) = rest.first() {
            if first == COMPOUND {
                let (back, rank) = self.take_compound(&mut rest)?;
                let position = (words.len() - start).checked_sub(back as usize).ok_or_else(|| self.damaged())?;
                compounds.push((position as u32, rank));
                continue;
            }
            match self.tiers.take(&mut rest).ok_or_else(|| self.damaged())? {
                Unit::Word(rank) => words.push(rank),
                Unit::Collocation(number) => {
                    words.extend_from_slice(collocations.get(number).ok_or_else(|| self.damaged())?);
                }
            }
        }
        ends.push((words.len(), compounds.len()));
        Ok(())
    }

    /// Returns the words of a passage as they lie in the file.
    fn coded(&self, passage: u32) -> Result<&[u8]> {
        if passage >= self.n_passages {
            return Err(self.damaged());
        }
        let block = passage / BLOCK;
        let range = self.starts.get(block)? as usize..self.starts.get(block + 1)? as usize;
        let mut rest = self.words.slice(range).map_err(|error| self.container.broken(&error))?;
        let (mut start, mut len) = (0, 0);
        for i in 0..BLOCK.min(self.n_passages - block * BLOCK) {
            let n = take(&mut rest).and_then(|n| usize::try_from(n).ok()).ok_or_else(|| self.damaged())?;
            if i < passage % BLOCK {
                start = usize::checked_add(start, n).ok_or_else(|| self.damaged())?;
            } else if i == passage % BLOCK {
                len = n;
            }
        }
        let passage = start.checked_add(len).and_then(|end| rest.get(start..end));
        passage.ok_or_else(|| self.damaged())
    }

    fn collocations(&self) -> Result<&Collocations> {
        if let Some(known) = self.collocations.get() {
            return Ok(known);
        }
        let part = &self.coded_collocations;
        let bytes = part.slice(0..part.n_bytes()).map_err(|error| self.container.broken(&error))?;
        let read = Collocations::read(bytes, &self.tiers);
        let read = read.ok_or_else(|| self.container.damaged(&format!("part `{COLLOCATIONS}`")))?;
        Ok(self.collocations.get_or_init(|| read))
    }

    /// Takes a joined word from the front: how many words back it begins, and its rank.
    fn take_compound(&self, rest: &mut &[u8]) -> Result<(u32, u32)> {
        let back = rest.get(1).map_or(0, |&back| u32::from(back));
        *rest = rest.get(2..).unwrap_or_default();
        match self.tiers.take(rest) {
            Some(Unit::Word(rank)) => Ok((back, rank)),
            Some(Unit::Collocation(_)) | None => Err(self.damaged()),
        }
    }

    /// Returns a sieve that keeps these ranks, and some others.
    pub fn sieve(&self, ranks: impl Iterator<Item = u32>) -> Sieve {
        Sieve::of(ranks, &self.tiers)
    }

    /// Calls `found` with the position and rank of the words of a passage that a sieve keeps, and of its
    /// hyphenated words joined; the positions of the latter are behind those of words told before.
    pub fn sift(&self, passage: u32, sieve: &Sieve, mut found: impl FnMut(u32, u32)) -> Result<()> {
        let mut rest = self.coded(passage)?;
        let collocations = self.collocations()?;
        let mut position = 0;
        while let Some(&first) = rest.first() {
            let entry = sieve.by_first[usize::from(first)];
            if entry & LOOK == 0 {
                rest = rest.get(usize::from(entry)..).ok_or_else(|| self.damaged())?;
                position += 1;
            } else if first == COMPOUND {
                let (back, rank) = self.take_compound(&mut rest)?;
                found(u32::checked_sub(position, back).ok_or_else(|| self.damaged())?, rank);
            } else {
                match self.tiers.take(&mut rest).ok_or_else(|| self.damaged())? {
                    Unit::Word(rank) => {
                        found(position, rank);
                        position += 1;
                    }
                    Unit::Collocation(number) => {
                        let sifted = collocations.sift(number, sieve.ranks).ok_or_else(|| self.damaged())?;
                        (position..).zip(sifted.0).for_each(|(position, &rank)| found(position, rank));
                        position += sifted.1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the classes of words that tell the subject.
    pub fn classes(&self) -> Classes<'_> {
        /// One query is answered sooner without unpacking.
        const MANY: u32 = 8;
        if self.n_asked.load(Ordering::Relaxed) < MANY {
            self.n_asked.fetch_add(1, Ordering::Relaxed);
            return Classes { packed: &self.classes, unpacked: None };
        }
        let unpacked = self.unpacked.get_or_init(|| self.classes.unpack().ok());
        Classes { packed: &self.classes, unpacked: unpacked.as_deref() }
    }

    /// Returns the number of passages with a word of a class.
    pub fn frequency(&self, class: u32) -> Result<u32> {
        self.frequencies.get(class)
    }

    fn damaged(&self) -> Error {
        self.container.damaged("part `forward`")
    }
}

/// The classes of words that tell the subject of a passage, by rank.
#[derive(Clone, Copy, Debug)]
pub struct Classes<'i> {
    packed: &'i Column,
    unpacked: Option<&'i [u32]>,
}

impl Classes<'_> {
    /// Returns the class of a rank, if it tells the subject.
    #[inline]
    pub fn of(&self, rank: u32) -> Option<u32> {
        match self.unpacked {
            Some(classes) => classes.get(rank as usize)?.checked_sub(1),
            None => self.packed.get(rank).ok()?.checked_sub(1),
        }
    }
}
