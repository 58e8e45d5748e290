//! The forward index: the words of each passage in order, where a search looks closely at few.
//!
//! Phrases, closeness and common words of the best passages are read here in one go, where positions
//! kept by term would be sought once for each word and passage.
//!
//! Words are known by rank, the most frequent by the lowest. A rank takes 1 byte for the 190 most frequent
//! words, 2 for the next 15,000, then 3 or 4 (a dense code by rank, after Brisaboa et al. 2007). Among
//! those that take as many bytes, ranks are in the order of the words: the dictionary need not tell them.

use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::container::{Container, Part, Writer};
use super::error::{Error, Result};
use super::interned::Words;
use super::inverted::{FieldLengths, Tokens};
use super::lexicon::Subjects;
use super::packed::{self, Column};
use crate::analysis::{TermKind, Terms};

/// Ranks below are one byte.
const ONE: u32 = 190;
/// Stands before a hyphenated word's joined form: a byte for how many words back it begins, then its rank.
const COMPOUND: u8 = 190;
/// First bytes from here on begin two bytes ...
const TWO_FROM: u8 = 191;
/// ... from here on three ...
const THREE_FROM: u8 = 251;
/// ... and this one four.
const FOUR: u8 = 255;
const TWO: u32 = ONE + ((THREE_FROM - TWO_FROM) as u32) * 256;
const THREE: u32 = TWO + ((FOUR - THREE_FROM) as u32) * 65_536;

/// Groups of ranks that take as many bytes.
pub(super) const N_TIERS: usize = 4;
const TIERS: [u32; N_TIERS] = [0, ONE, TWO, THREE];

/// Returns the group of a rank.
pub(super) fn tier_of(rank: u32) -> usize {
    TIERS.partition_point(|&first| first <= rank) - 1
}

/// Returns the first rank of each group.
pub(super) fn first_of_tiers() -> [u32; N_TIERS] {
    TIERS
}

fn put_rank(rank: u32, out: &mut Vec<u8>) {
    if rank < ONE {
        out.push(rank as u8);
    } else if rank < TWO {
        let [.., high, low] = (rank - ONE).to_be_bytes();
        out.extend([TWO_FROM + high, low]);
    } else if rank < THREE {
        let [_, high, middle, low] = (rank - TWO).to_be_bytes();
        out.extend([THREE_FROM + high, middle, low]);
    } else {
        let [_, high, middle, low] = rank.to_be_bytes();
        out.extend([FOUR, high, middle, low]);
    }
}

/// Takes a rank from the beginning of `bytes`; `None` when they end in its middle.
#[inline]
fn take_rank(bytes: &mut &[u8]) -> Option<u32> {
    let (&first, rest) = bytes.split_first()?;
    if u32::from(first) < ONE {
        *bytes = rest;
        return Some(u32::from(first));
    }
    let (rank, n) = match first {
        FOUR => (u32::from_be_bytes([0, *rest.first()?, *rest.get(1)?, *rest.get(2)?]), 3),
        THREE_FROM.. => (TWO + u32::from_be_bytes([0, first - THREE_FROM, *rest.first()?, *rest.get(1)?]), 2),
        _ => (ONE + u32::from_be_bytes([0, 0, first.wrapping_sub(TWO_FROM), *rest.first()?]), 1),
    };
    *bytes = &rest[n..];
    Some(rank)
}

/// Tells which words of a passage are worth decoding, by the first byte of their ranks.
pub struct Sieve([u8; 256]);

/// Set where a rank that is looked for begins so; else the number of bytes is all there is to know.
const LOOK: u8 = 0x80;

impl Sieve {
    /// Returns a sieve that keeps these ranks, and some others.
    pub fn of(ranks: impl Iterator<Item = u32>) -> Self {
        let mut sieve = Sieve(std::array::from_fn(|first| match first as u8 {
            FOUR => 4,
            THREE_FROM.. => 3,
            TWO_FROM.. => 2,
            COMPOUND => LOOK,
            _ => 1,
        }));
        let mut code = Vec::new();
        for rank in ranks {
            code.clear();
            put_rank(rank, &mut code);
            sieve.0[usize::from(code[0])] |= LOOK;
        }
        sieve
    }
}

/// Collects the words of passages.
#[derive(Default)]
pub(super) struct ForwardWriter {
    pub words: Words,
    /// Of each word how often it stands in a body, and for one in capitals which word these stand for.
    counts: Vec<(u32, Option<NonZeroU32>)>,
    /// The words of bodies, in the order of their first appearance there.
    met: Vec<u32>,
    /// Coded as in the end, with ids for ranks.
    stream: Vec<u8>,
    starts: Vec<u64>,
    lengths: FieldLengths,
    /// The words of the passage added last, by id.
    last: Vec<u32>,
}

impl ForwardWriter {
    /// Adds a passage's terms; its number is the count of those before it. Returns the ids of its words.
    pub fn add(&mut self, terms: &Terms) -> &[u32] {
        self.starts.push(self.stream.len() as u64);
        self.lengths.add(terms.len(), 1);
        self.last.clear();
        let mut pending = None;
        let mut next = 0;
        for (text, kind, position) in terms.iter() {
            match kind {
                TermKind::Word => {
                    self.put_word(pending.replace(text));
                    next = position + 1;
                }
                TermKind::Acronym => self.put_capitals(text, pending.take()),
                TermKind::Compound => {
                    self.put_word(pending.take());
                    // One that began further back is too long to be a word.
                    if let Ok(back) = u8::try_from(next - position) {
                        self.stream.extend([COMPOUND, back]);
                        self.put(text);
                    }
                }
            }
        }
        self.put_word(pending);
        &self.last
    }

    fn put_word(&mut self, word: Option<&str>) {
        if let Some(word) = word {
            let id = self.put(word);
            self.last.push(id);
        }
    }

    /// The capitals stand for the word, too.
    fn put_capitals(&mut self, capitals: &str, word: Option<&str>) {
        let id = self.put(capitals);
        self.last.push(id);
        if let (None, Some(word)) = (self.counts[id as usize].1, word) {
            let word = self.words.id(word);
            self.counts[id as usize].1 = NonZeroU32::MIN.checked_add(word);
        }
    }

    fn put(&mut self, word: &str) -> u32 {
        let id = self.words.id(word);
        if self.counts.len() <= id as usize {
            self.counts.resize(id as usize + 1, (0, None));
        }
        let count = &mut self.counts[id as usize].0;
        if *count == 0 {
            self.met.push(id);
        }
        *count += 1;
        put_rank(id, &mut self.stream);
        id
    }

    /// Calls `found` with the ids of each passage's words.
    pub fn for_each(&self, found: &mut dyn FnMut(&[u32])) {
        let mut ids = Vec::new();
        for number in 0..self.starts.len() {
            ids.clear();
            let mut rest = self.passage(number);
            while let Some(&first) = rest.first() {
                let is_word = first != COMPOUND;
                rest = if is_word { rest } else { &rest[2..] };
                let id = take_rank(&mut rest).expect("what was put can be taken");
                ids.extend(is_word.then_some(id));
            }
            found(&ids);
        }
    }

    /// Returns the coded words of a passage.
    fn passage(&self, number: usize) -> &[u8] {
        let end = self.starts.get(number + 1).map_or(self.stream.len(), |&end| end as usize);
        &self.stream[self.starts[number] as usize..end]
    }

    /// Returns the words' ids by rank; `order` are all ids in the order of the words.
    fn by_rank(&self, order: &[u32]) -> Vec<u32> {
        let mut places = vec![0; order.len()];
        (0u32..).zip(order).for_each(|(place, &id)| places[id as usize] = place);
        // Words of headings only have no rank.
        let mut by_rank = self.met.clone();
        // Ties stay in the order of appearance.
        by_rank.sort_by_key(|&id| std::cmp::Reverse(self.counts[id as usize].0));
        let mut rest = &mut by_rank[..];
        for (tier, first) in TIERS.iter().enumerate() {
            let n = TIERS.get(tier + 1).map_or(rest.len(), |next| ((next - first) as usize).min(rest.len()));
            let (of_tier, behind) = rest.split_at_mut(n);
            of_tier.sort_unstable_by_key(|&id| places[id as usize]);
            rest = behind;
        }
        by_rank
    }

    /// Takes the number of words of each passage.
    pub fn take_lengths(&mut self) -> FieldLengths {
        std::mem::take(&mut self.lengths)
    }

    /// Writes the passages' words, and returns the rank of each; `order` are all ids in the order of the words.
    pub fn finish(self, order: &[u32], container: &mut Writer) -> Result<Ranks> {
        let by_rank = self.by_rank(order);
        let mut ranks = vec![None; order.len()];
        (0u32..).zip(&by_rank).for_each(|(rank, &id)| ranks[id as usize] = Some(rank));
        let mut words = Vec::with_capacity(self.stream.len());
        let mut ends = vec![0];
        for number in 0..self.starts.len() {
            let mut rest = self.passage(number);
            while let Some(&first) = rest.first() {
                if first == COMPOUND {
                    words.extend(&rest[..2]);
                    rest = &rest[2..];
                }
                let id = take_rank(&mut rest).expect("what was put can be taken");
                put_rank(ranks[id as usize].expect("it stands in a body"), &mut words);
            }
            ends.push(u32::try_from(words.len()).map_err(|_| Error::TooLarge)?);
        }
        container.part(WORDS, &words)?;
        packed::write(ENDS, &ends, container)?;
        Ok(Ranks { words: self.words, ranks, n_ranks: by_rank.len() })
    }
}

impl Tokens for ForwardWriter {
    const PLACED: bool = false;

    fn for_each(&self, found: &mut impl FnMut(u32, u32, u32)) {
        for number in 0..self.starts.len() {
            let mut rest = self.passage(number);
            while let Some(&first) = rest.first() {
                if first == COMPOUND {
                    rest = &rest[2..];
                }
                let id = take_rank(&mut rest).expect("what was put can be taken");
                found(number as u32, id, 0);
                if let Some(word) = self.counts[id as usize].1 {
                    found(number as u32, word.get() - 1, 0);
                }
            }
        }
    }
}

/// The rank of each word that stands in a body.
pub(super) struct Ranks {
    pub words: Words,
    ranks: Vec<Option<u32>>,
    n_ranks: usize,
}

impl Ranks {
    /// Returns the rank of the word with an id.
    pub fn of(&self, id: u32) -> Option<u32> {
        self.ranks[id as usize]
    }

    /// Writes for each rank the class of words that it tells the subject by, and how frequent that is.
    pub fn write_subjects(&self, subjects: &Subjects, container: &mut Writer) -> Result<()> {
        let mut classes = vec![0; self.n_ranks];
        for (id, rank) in (0u32..).zip(&self.ranks) {
            if let Some(rank) = rank {
                classes[*rank as usize] = subjects.of(self.words.get(id)).map_or(0, |class| class + 1);
            }
        }
        packed::write(CLASSES, &classes, container)?;
        packed::write(FREQUENCIES, subjects.frequencies(), container)
    }
}

const WORDS: &str = "forward";
const ENDS: &str = "forward/ends";
const CLASSES: &str = "forward/classes";
const FREQUENCIES: &str = "forward/frequencies";

/// The words of passages, in order.
#[derive(Debug)]
pub(super) struct Forward {
    container: Container,
    words: Part,
    /// Where each passage begins; then where the last ends.
    ends: Column,
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
            ends: Column::open(container, ENDS, n_passages as usize + 1)?,
            classes: Column::open(container, CLASSES, 0)?,
            unpacked: OnceLock::new(),
            n_asked: AtomicU32::new(0),
            frequencies: Column::open(container, FREQUENCIES, 0)?,
            n_passages,
        })
    }

    /// Reads the words of a passage, and puts them behind those read before.
    pub fn read(&self, passage: u32, bodies: &mut Bodies) -> Result<()> {
        let mut rest = self.coded(passage)?;
        let Bodies { words, compounds, ends } = bodies;
        let start = words.len();
        // A word takes a byte at least.
        words.resize(start + rest.len(), 0);
        let mut end = start;
        while let Some(&first) = rest.first() {
            if first == COMPOUND {
                let (back, rank) = self.take_compound(&mut rest)?;
                let position = (end - start).checked_sub(back as usize).ok_or_else(|| self.damaged())?;
                compounds.push((position as u32, rank));
            } else {
                words[end] = take_rank(&mut rest).ok_or_else(|| self.damaged())?;
                end += 1;
            }
        }
        words.truncate(end);
        ends.push((end, compounds.len()));
        Ok(())
    }

    /// Returns the words of a passage as they lie in the file.
    fn coded(&self, passage: u32) -> Result<&[u8]> {
        if passage >= self.n_passages {
            return Err(self.damaged());
        }
        let range = self.ends.get(passage)? as usize..self.ends.get(passage + 1)? as usize;
        self.words.slice(range).map_err(|error| self.container.broken(&error))
    }

    /// Takes a joined word from the front: how many words back it begins, and its rank.
    fn take_compound(&self, rest: &mut &[u8]) -> Result<(u32, u32)> {
        let back = rest.get(1).map_or(0, |&back| u32::from(back));
        *rest = rest.get(2..).unwrap_or_default();
        Ok((back, take_rank(rest).ok_or_else(|| self.damaged())?))
    }

    /// Calls `found` with the position and rank of the words of a passage that a sieve keeps, and of its
    /// hyphenated words joined; the positions of the latter are behind those of words told before.
    pub fn sift(&self, passage: u32, sieve: &Sieve, mut found: impl FnMut(u32, u32)) -> Result<()> {
        let mut rest = self.coded(passage)?;
        let mut position = 0;
        while let Some(&first) = rest.first() {
            let entry = sieve.0[usize::from(first)];
            if entry & LOOK == 0 {
                rest = rest.get(usize::from(entry)..).ok_or_else(|| self.damaged())?;
                position += 1;
            } else if first == COMPOUND {
                let (back, rank) = self.take_compound(&mut rest)?;
                found(u32::checked_sub(position, back).ok_or_else(|| self.damaged())?, rank);
            } else {
                found(position, take_rank(&mut rest).ok_or_else(|| self.damaged())?);
                position += 1;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_read_back() {
        let ranks = [0, 1, ONE - 1, ONE, 250, TWO - 1, TWO, 70_000, THREE - 1, THREE, (1 << 24) - 1];
        let mut bytes = Vec::new();
        ranks.iter().for_each(|&rank| put_rank(rank, &mut bytes));
        assert_eq!(bytes.len(), 3 + 3 * 2 + 3 * 3 + 2 * 4, "frequent words are short");
        let mut rest = &bytes[..];
        for rank in ranks {
            assert_ne!(rest[0], COMPOUND);
            assert_eq!(take_rank(&mut rest), Some(rank));
        }
        assert_eq!(take_rank(&mut rest), None);
        assert_eq!(take_rank(&mut &[FOUR, 1][..]), None);
    }
}
