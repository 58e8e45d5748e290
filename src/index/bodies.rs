//! The forward index, read: the words of each passage's body in order, where a search looks closely at few.
//!
//! Words are known by rank, the most frequent by the lowest, but for those that take as many bytes: among them ranks
//! are in the order of the words.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::codes::{self, COMPOUND, Tiers, Unit};
use super::collocations::Collocations;
use super::container::{Container, Part};
use super::error::{Error, Result};
use super::packed::Column;
use super::sieve::{Sieve, Steps, Units};
use super::varint::take_short;

pub(super) const WORDS: &str = "forward";
pub(super) const STARTS: &str = "forward/starts";
pub(super) const TIERS: &str = "forward/tiers";
pub(super) const COLLOCATIONS: &str = "forward/collocations";
pub(super) const CLASSES: &str = "forward/classes";
pub(super) const FREQUENCIES: &str = "forward/frequencies";

/// Passages of a block: their lengths stand together before them.
pub(super) const BLOCK: u32 = 16;

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
    /// What words of passages are passed over by, once one is sifted.
    steps: OnceLock<Steps>,
    /// For each rank twice the number of its class of words, and 1 more if it has one.
    classes: Column,
    /// The same unpacked, once many ask, as the class and one more, 0 for none; and how many have asked.
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

    /// Makes room for other passages.
    pub fn clear(&mut self) {
        self.words.clear();
        self.compounds.clear();
        self.ends.clear();
    }

    /// Returns the words of all passages, one behind the other.
    pub fn all_words(&self) -> &[u32] {
        &self.words
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
        let tiers = Tiers::from_bytes(&container.bytes(TIERS)?);
        let tiers = tiers.ok_or_else(|| container.damaged(&format!("part `{TIERS}`")))?;
        let classes = Column::open(container, CLASSES, 0)?;
        if classes.len() != tiers.n_words() {
            return Err(container.damaged(&format!("part `{CLASSES}`")));
        }
        Ok(Forward {
            container: container.clone(),
            words: container.part(WORDS)?.clone(),
            starts: Column::open(container, STARTS, n_passages.div_ceil(BLOCK) as usize + 1)?,
            tiers,
            coded_collocations: container.part(COLLOCATIONS)?.clone(),
            collocations: OnceLock::new(),
            steps: OnceLock::new(),
            classes,
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
        let (start, end) = self.starts.pair(block)?;
        let mut rest = self.words.slice(start as usize..end as usize).map_err(|error| self.container.broken(&error))?;
        let wanted = passage % BLOCK;
        let (mut start, mut len) = (0, 0);
        for i in 0..BLOCK.min(self.n_passages - block * BLOCK) {
            let n = take_short(&mut rest).and_then(|n| usize::try_from(n).ok()).ok_or_else(|| self.damaged())?;
            start = usize::checked_add(start, if i < wanted { n } else { 0 }).ok_or_else(|| self.damaged())?;
            len = if i == wanted { n } else { len };
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

    /// Returns a [sieve](Sieve::of) of these ranks, and of a seam.
    pub fn sieve(&self, ranks: impl Iterator<Item = u32>, seam: Option<[&[u32]; 2]>) -> Result<Sieve> {
        Ok(Sieve::of(ranks, seam, self.units()?, self.steps()?))
    }

    fn units(&self) -> Result<Units<'_>> {
        Ok(Units { tiers: &self.tiers, collocations: self.collocations()? })
    }

    fn steps(&self) -> Result<&Steps> {
        if let Some(steps) = self.steps.get() {
            return Ok(steps);
        }
        let steps = Steps::of(self.units()?);
        Ok(self.steps.get_or_init(|| steps))
    }

    /// Calls `found` with the position and rank of the words of a passage that a sieve keeps, and of its
    /// hyphenated words joined; the positions of the latter are behind those of words told before.
    pub fn sift(&self, passage: u32, sieve: &Sieve, mut found: impl FnMut(u32, u32)) -> Result<()> {
        let coded = self.coded(passage)?;
        if !sieve.may_keep(coded) {
            return Ok(());
        }
        let (collocations, steps) = (self.collocations()?, self.steps()?);
        let (mut at, mut position) = (0, 0);
        while at < coded.len() {
            if let Some(&[first, second]) = coded.get(at..at + 2)
                && !sieve.keeps(first, second)
            {
                position += steps.n_words(first, second);
                at += codes::len(first);
                continue;
            }
            let mut rest = &coded[at..];
            if rest[0] == COMPOUND {
                let (back, rank) = self.take_compound(&mut rest)?;
                found(u32::checked_sub(position, back).ok_or_else(|| self.damaged())?, rank);
            } else {
                match self.tiers.take(&mut rest).ok_or_else(|| self.damaged())? {
                    Unit::Word(rank) => {
                        found(position, rank);
                        position += 1;
                    }
                    Unit::Collocation(number) => {
                        let words = collocations.get(number).ok_or_else(|| self.damaged())?;
                        (position..).zip(words).for_each(|(position, &rank)| found(position, rank));
                        position += words.len() as u32;
                    }
                }
            }
            at = coded.len() - rest.len();
        }
        if at > coded.len() { Err(self.damaged()) } else { Ok(()) }
    }

    /// Returns the classes of words that tell the subject.
    pub fn classes(&self) -> Classes<'_> {
        /// One query is answered sooner without unpacking, ...
        const MANY: u32 = 8;
        /// ... but for so few words.
        const FEW: u32 = 1 << 16;
        if self.classes.len() > FEW && self.n_asked.load(Ordering::Relaxed) < MANY {
            self.n_asked.fetch_add(1, Ordering::Relaxed);
            return Classes { packed: &self.classes, unpacked: None };
        }
        let unpacked = self.unpacked.get_or_init(|| {
            let mut classes = self.classes.unpack().ok()?;
            classes.iter_mut().for_each(|told| *told = if *told & 1 == 1 { (*told >> 1) + 1 } else { 0 });
            Some(classes)
        });
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
        if let Some(classes) = self.unpacked {
            return classes.get(rank as usize)?.checked_sub(1);
        }
        let told = self.packed.get(rank).ok()?;
        (told & 1 == 1).then_some(told >> 1)
    }
}
