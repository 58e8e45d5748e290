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
use super::varint::take;

pub(super) const WORDS: &str = "forward";
pub(super) const STARTS: &str = "forward/starts";
pub(super) const TIERS: &str = "forward/tiers";
pub(super) const COLLOCATIONS: &str = "forward/collocations";
pub(super) const CLASSES: &str = "forward/classes";
pub(super) const FREQUENCIES: &str = "forward/frequencies";

/// Passages of a block: their lengths stand together before them.
pub(super) const BLOCK: u32 = 16;

/// Tells which words of a passage are worth decoding, by the first two bytes of their codes.
pub struct Sieve {
    look: Pairs,
    /// Where two words may stand side by side; a passage without such a place holds nothing of interest.
    seam: Option<Seam>,
}

/// The bytes between which two words may stand side by side.
struct Seam {
    /// The last two of what ends with the first word ...
    before: Pairs,
    /// ... the first two of what begins with the second, or holds both.
    behind: Pairs,
    /// Those of the latter that need nothing before them.
    whole: Pairs,
}

/// A set of pairs of bytes.
#[derive(Clone, Debug)]
struct Pairs(Box<[u64; 1024]>);

impl Pairs {
    fn new() -> Self {
        Pairs(Box::new([0; 1024]))
    }

    /// Adds the pair with which a code begins, or all that may where it is one byte.
    fn add_first(&mut self, code: &[u8]) {
        match *code {
            [first] => (0..=255).for_each(|second| self.add(first, second)),
            [first, second, ..] => self.add(first, second),
            [] => {}
        }
    }

    /// Adds the pair with which a code ends, or all that may where it is one byte.
    fn add_last(&mut self, code: &[u8]) {
        match *code {
            [last] => (0..=255).for_each(|before| self.add(before, last)),
            [.., before, last] => self.add(before, last),
            [] => {}
        }
    }

    fn add(&mut self, first: u8, second: u8) {
        let pair = u16::from_be_bytes([first, second]);
        self.0[usize::from(pair / 64)] |= 1 << (pair % 64);
    }

    #[inline]
    fn has(&self, first: u8, second: u8) -> bool {
        let pair = u16::from_be_bytes([first, second]);
        self.0[usize::from(pair / 64)] & 1 << (pair % 64) != 0
    }
}

impl Seam {
    /// Tells whether the words may stand side by side in these bytes.
    fn may_be_in(&self, coded: &[u8]) -> bool {
        let fits = |at: usize, first: u8, second: u8| {
            let is_behind = || match coded[..at] {
                [] => false,
                [last] => self.before.has(0, last),
                [.., before, last] => self.before.has(before, last),
            };
            self.whole.has(first, second) || is_behind()
        };
        let mut pairs = coded.windows(2).enumerate();
        let found = pairs.any(|(at, pair)| self.behind.has(pair[0], pair[1]) && fits(at, pair[0], pair[1]));
        // The last byte may be a code by itself.
        let mut last = coded.last().into_iter();
        found || last.any(|&last| self.behind.has(last, 0) && fits(coded.len() - 1, last, 0))
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

/// A hyphenated word has fewer parts, mostly.
const FEW_PARTS: u8 = 8;

/// How codes are passed over, by their first two bytes.
#[derive(Debug)]
struct Steps {
    /// Words of what begins so.
    n_words: Box<[u8; 1 << 16]>,
    /// What more than two bytes tell, and joined words.
    look: Pairs,
}

impl Steps {
    fn of(collocations: &Collocations, tiers: &Tiers) -> Self {
        let mut n_words: Box<[u8; 1 << 16]> = vec![1; 1 << 16].try_into().unwrap_or_else(|_| Box::new([1; 1 << 16]));
        let mut look = Pairs::new();
        (0..=255).for_each(|back| look.add(COMPOUND, back));
        let mut code = Vec::new();
        for (number, words) in (0..).zip(collocations.iter()) {
            code.clear();
            codes::put(tiers.code(Unit::Collocation(number)), &mut code);
            match code[..] {
                [first] => {
                    let start = usize::from(first) << 8;
                    n_words[start..start + 256].fill(words.len() as u8);
                }
                [first, second] => n_words[usize::from(u16::from_be_bytes([first, second]))] = words.len() as u8,
                _ => look.add_first(&code),
            }
        }
        Steps { n_words, look }
    }
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
            let n = match *rest {
                // Lengths have one byte or two, as chance will have it: without a branch.
                [first, second, ..] if first & second < 0x80 => {
                    let has_second = usize::from(first >> 7);
                    rest = &rest[1 + has_second..];
                    usize::from(first & 0x7f) | (has_second * usize::from(second)) << 7
                }
                _ => take(&mut rest).and_then(|n| usize::try_from(n).ok()).ok_or_else(|| self.damaged())?,
            };
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

    /// Returns a sieve that keeps these ranks, and some others. With a `seam` it may keep nothing of passages in
    /// which no word of the first kind stands before one of the second.
    pub fn sieve(&self, ranks: impl Iterator<Item = u32>, seam: Option<[&[u32]; 2]>) -> Result<Sieve> {
        let (collocations, steps) = (self.collocations()?, self.steps()?);
        let mut look = steps.look.clone();
        for rank in ranks {
            look.add_first(&self.code(Unit::Word(rank)));
            collocations.with(rank).for_each(|number| look.add_first(&self.code(Unit::Collocation(number))));
        }
        let seam = seam.map(|[first, second]| {
            let mut seam = Seam { before: Pairs::new(), behind: Pairs::new(), whole: Pairs::new() };
            let mut add_whole = |code: &[u8], behind: &mut Pairs| {
                seam.whole.add_first(code);
                behind.add_first(code);
            };
            for &rank in first {
                seam.before.add_last(&self.code(Unit::Word(rank)));
                for number in collocations.with(rank) {
                    let (words, code) =
                        (collocations.get(number).unwrap_or_default(), self.code(Unit::Collocation(number)));
                    if words.last() == Some(&rank) {
                        seam.before.add_last(&code);
                    }
                    if words.windows(2).any(|pair| pair[0] == rank && second.contains(&pair[1])) {
                        add_whole(&code, &mut seam.behind);
                    }
                }
            }
            for &rank in second {
                seam.behind.add_first(&self.code(Unit::Word(rank)));
                for number in collocations.with(rank) {
                    if collocations.get(number).and_then(<[u32]>::first) == Some(&rank) {
                        seam.behind.add_first(&self.code(Unit::Collocation(number)));
                    }
                }
            }
            // A joined word stands behind the last of its parts, and may be either of the two.
            (0..=255).for_each(|back| seam.behind.add(COMPOUND, back));
            for &rank in first.iter().chain(second) {
                let first_byte = self.code(Unit::Word(rank))[0];
                (0..FEW_PARTS).for_each(|back| add_whole(&[back, first_byte], &mut seam.behind));
            }
            (FEW_PARTS..=255).for_each(|back| seam.whole.add(COMPOUND, back));
            seam
        });
        Ok(Sieve { look, seam })
    }

    fn code(&self, unit: Unit) -> Vec<u8> {
        let mut code = Vec::with_capacity(4);
        codes::put(self.tiers.code(unit), &mut code);
        code
    }

    fn steps(&self) -> Result<&Steps> {
        if let Some(steps) = self.steps.get() {
            return Ok(steps);
        }
        let steps = Steps::of(self.collocations()?, &self.tiers);
        Ok(self.steps.get_or_init(|| steps))
    }

    /// Calls `found` with the position and rank of the words of a passage that a sieve keeps, and of its
    /// hyphenated words joined; the positions of the latter are behind those of words told before.
    pub fn sift(&self, passage: u32, sieve: &Sieve, mut found: impl FnMut(u32, u32)) -> Result<()> {
        let coded = self.coded(passage)?;
        if sieve.seam.as_ref().is_some_and(|seam| !seam.may_be_in(coded)) {
            return Ok(());
        }
        let (collocations, steps) = (self.collocations()?, self.steps()?);
        let (mut at, mut position) = (0, 0);
        while at < coded.len() {
            if let Some(&[first, second]) = coded.get(at..at + 2)
                && !sieve.look.has(first, second)
            {
                position += u32::from(steps.n_words[usize::from(u16::from_be_bytes([first, second]))]);
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
