//! The forward index as a builder makes it: the words of each passage in order.
//!
//! Phrases, closeness and common words of the best passages are read there in one go ([`super::bodies`]), where
//! positions kept by term would be sought once for each word and passage.

use std::num::NonZeroU32;

use rayon::prelude::*;

use super::bodies::{BLOCK, CLASSES, COLLOCATIONS, FREQUENCIES, STARTS, TIERS, WORDS};
use super::codes::{self, COMPOUND, Tiers, Unit};
use super::collocations::{self, Cutter};
use super::container::Writer;
use super::error::{Error, Result};
use super::interned::Words;
use super::inverted::{FieldLengths, Tokens};
use super::lexicon::Subjects;
use super::packed;
use super::varint::put;
use crate::analysis::{TermKind, Terms};

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
    /// Adds a passage's terms; its number is the count of those before it.
    pub fn add(&mut self, terms: &Terms) {
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
    }

    /// Returns the ids of the words of the passage added last.
    pub fn last(&self) -> &[u32] {
        &self.last
    }

    /// Adds the passages of another; returns the ids here of its words.
    pub fn append(&mut self, other: &ForwardWriter) -> Vec<u32> {
        let ids: Vec<u32> = other.words.iter().map(|word| self.words.id(word)).collect();
        self.counts.resize(self.words.len(), (0, None));
        for &met in &other.met {
            let (id, (n, word)) = (ids[met as usize], other.counts[met as usize]);
            let (count, known) = &mut self.counts[id as usize];
            if *count == 0 {
                self.met.push(id);
            }
            *count += n;
            if let (None, Some(word)) = (&known, word) {
                *known = NonZeroU32::MIN.checked_add(ids[word.get() as usize - 1]);
            }
        }
        self.lengths.append(&other.lengths);
        for number in 0..other.starts.len() {
            self.starts.push(self.stream.len() as u64);
            let mut rest = other.passage(number);
            while let Some(&first) = rest.first() {
                if first == COMPOUND {
                    self.stream.extend_from_slice(&rest[..2]);
                    rest = &rest[2..];
                }
                let id = codes::take(&mut rest).expect("what was put can be taken");
                codes::put(ids[id as usize], &mut self.stream);
            }
        }
        ids
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
        codes::put(id, &mut self.stream);
        id
    }

    /// Returns the ids of each passage's words.
    pub fn passages(&self) -> impl Iterator<Item = Ids<'_>> {
        (0..self.starts.len()).map(|number| Ids(self.passage(number)))
    }

    /// Returns the coded words of a passage.
    fn passage(&self, number: usize) -> &[u8] {
        let end = self.starts.get(number + 1).map_or(self.stream.len(), |&end| end as usize);
        &self.stream[self.starts[number] as usize..end]
    }

    /// Takes the number of words of each passage.
    pub fn take_lengths(&mut self) -> FieldLengths {
        std::mem::take(&mut self.lengths)
    }

    /// Writes the passages' words, and returns the rank of each; `order` are all ids in the order of the words.
    pub fn finish(self, cut: Cut, order: &[u32], container: &mut Writer) -> Result<Ranks> {
        let ForwardWriter { words, met, .. } = self;
        let ranking = Ranking::of(&cut, &met, order)?;
        let code = |unit: &Option<Unit>| unit.map(|unit| ranking.tiers.code(unit));
        let finals: Vec<Option<u32>> = ranking.units.iter().map(code).collect();
        let pieces: Vec<(Vec<u8>, Vec<usize>)> = cut.pieces.into_par_iter().map(|piece| piece.code(&finals)).collect();
        let (mut coded, mut starts) = (Vec::new(), Vec::new());
        for (piece, places) in pieces {
            starts.extend(places.iter().map(|place| (coded.len() + place) as u32));
            coded.extend(piece);
        }
        starts.push(u32::try_from(coded.len()).map_err(|_| Error::TooLarge)?);
        container.part(WORDS, &coded)?;
        packed::write(STARTS, &starts, container)?;
        container.part(TIERS, &ranking.tiers.to_bytes())?;
        container.part(COLLOCATIONS, &ranking.collocations)?;
        let Ranking { tiers, units, .. } = ranking;
        Ok(Ranks { words, tiers, units })
    }

    /// Learns collocations from some of the passages.
    fn learn(&self) -> Vec<Vec<u32>> {
        /// Words that are enough to learn from, about.
        const SAMPLE: usize = 1 << 20;
        let n_words: u64 = self.counts.iter().map(|&(count, _)| u64::from(count)).sum();
        let scale = (n_words as usize).div_ceil(SAMPLE).max(1);
        let mut runs = Vec::new();
        for number in (0..self.starts.len()).step_by(scale) {
            let mut run = Vec::new();
            let mut rest = self.passage(number);
            while let Some(&first) = rest.first() {
                let is_word = first != COMPOUND;
                rest = if is_word { rest } else { &rest[2..] };
                let id = codes::take(&mut rest).expect("what was put can be taken");
                if is_word {
                    run.push(id);
                } else {
                    runs.push(std::mem::take(&mut run));
                }
            }
            runs.push(run);
        }
        collocations::learn(runs, self.words.len(), scale)
    }

    /// Puts collocations in the place of words.
    pub fn cut(&self) -> Cut {
        let n_words = self.words.len() as u32;
        let learned = self.learn();
        let cutter = Cutter::new(&learned, self.words.len());
        let starts: Vec<usize> = (0..self.starts.len()).step_by(PIECE).collect();
        let cut = |&first: &usize| {
            let (mut stream, mut ends, mut run) = (Vec::new(), Vec::new(), Vec::new());
            let end_run = |run: &mut Vec<u32>, stream: &mut Vec<u8>| {
                let mut rest = &run[..];
                while let Some((&word, behind)) = rest.split_first() {
                    let found = cutter.longest(rest);
                    codes::put(found.map_or(word, |(number, _)| n_words + number), stream);
                    rest = found.map_or(behind, |(_, n)| &rest[n..]);
                }
                run.clear();
            };
            for number in first..self.starts.len().min(first + PIECE) {
                let mut rest = self.passage(number);
                while let Some(&first) = rest.first() {
                    if first == COMPOUND {
                        end_run(&mut run, &mut stream);
                        stream.extend_from_slice(&rest[..2]);
                        rest = &rest[2..];
                        codes::put(codes::take(&mut rest).expect("what was put can be taken"), &mut stream);
                    } else {
                        run.push(codes::take(&mut rest).expect("what was put can be taken"));
                    }
                }
                end_run(&mut run, &mut stream);
                ends.push(stream.len());
            }
            Piece { stream, ends }
        };
        let pieces = starts.par_iter().map(cut).collect();
        Cut { learned, pieces }
    }
}

/// The ids of a passage's words, in order.
pub(super) struct Ids<'s>(&'s [u8]);

impl Iterator for Ids<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        while *self.0.first()? == COMPOUND {
            self.0 = &self.0[2..];
            codes::take(&mut self.0)?;
        }
        codes::take(&mut self.0)
    }
}

/// The passages by words and collocations.
pub(super) struct Cut {
    /// The words of the collocations, which are numbered behind the words.
    learned: Vec<Vec<u32>>,
    pieces: Vec<Piece>,
}

/// Passages that are one piece of work: some blocks, but for the last.
const PIECE: usize = 256 * BLOCK as usize;

/// Passages one behind the other, and where each ends.
struct Piece {
    stream: Vec<u8>,
    ends: Vec<usize>,
}

impl Piece {
    fn passages(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.stream[start..end])
    }

    /// Returns the passages' blocks with the final codes of units, and where each block begins.
    fn code(self, finals: &[Option<u32>]) -> (Vec<u8>, Vec<usize>) {
        let (mut coded, mut starts) = (Vec::with_capacity(self.stream.len()), Vec::new());
        let (mut lengths, mut block) = (Vec::new(), Vec::new());
        for (number, mut rest) in (1..).zip(self.passages()) {
            let start = block.len();
            while let Some(&first) = rest.first() {
                if first == COMPOUND {
                    block.extend_from_slice(&rest[..2]);
                    rest = &rest[2..];
                }
                let id = codes::take(&mut rest).expect("what was put can be taken");
                codes::put(finals[id as usize].expect("it stands in a body"), &mut block);
            }
            put(&mut lengths, (block.len() - start) as u64);
            if number % BLOCK as usize == 0 || number == self.ends.len() {
                starts.push(coded.len());
                coded.append(&mut lengths);
                coded.append(&mut block);
            }
        }
        (coded, starts)
    }
}

impl Cut {
    fn passages(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().flat_map(Piece::passages)
    }

    /// Returns how often each of `n` units stands.
    fn counts(&self, n: usize) -> Vec<u32> {
        let mut counts = vec![0; n];
        for mut rest in self.passages() {
            while let Some(&first) = rest.first() {
                rest = if first == COMPOUND { &rest[2..] } else { rest };
                counts[codes::take(&mut rest).expect("what was put can be taken") as usize] += 1;
            }
        }
        counts
    }
}

/// How words and collocations are known in the end.
struct Ranking {
    tiers: Tiers,
    /// For each word, then for each collocation, by id.
    units: Vec<Option<Unit>>,
    /// The collocations, coded.
    collocations: Vec<u8>,
}

impl Ranking {
    /// Ranks the words that were met, and the collocations; `order` are all ids in the order of the words.
    fn of(cut: &Cut, met: &[u32], order: &[u32]) -> Result<Self> {
        let Cut { learned, .. } = cut;
        let n_words = order.len();
        let mut places = vec![0u32; n_words];
        (0u32..).zip(order).for_each(|(place, &id)| places[id as usize] = place);
        let counts = cut.counts(n_words + learned.len());
        // Words of headings only have no rank, collocations that do not stand anywhere no number.
        let used = (n_words as u32..).take(learned.len()).filter(|&id| counts[id as usize] > 0);
        let mut rest: Vec<u32> = met.iter().copied().chain(used).collect();
        // Ties stay in the order of appearance.
        rest.sort_by_key(|&id| std::cmp::Reverse(counts[id as usize]));
        let (mut ranked, mut numbered) = (Vec::new(), Vec::new());
        let shares = Tiers::shares(rest.len());
        let mut rest = &rest[..];
        let n_of_tiers = shares.map(|share| {
            let (of_tier, behind) = rest.split_at(share);
            rest = behind;
            let (words, collocations): (Vec<u32>, Vec<u32>) = of_tier.iter().partition(|&&id| (id as usize) < n_words);
            let n = [words.len() as u32, collocations.len() as u32];
            ranked.extend(sorted_by_key(words, |id| places[id as usize]));
            // They were learned in the order of the ids of their words.
            numbered.extend(sorted_by_key(collocations, |id| id));
            n
        });
        let tiers = rest.is_empty().then(|| Tiers::of(n_of_tiers.map(|n| n[0]), n_of_tiers.map(|n| n[1]))).flatten();
        let tiers = tiers.ok_or(Error::TooLarge)?;
        let mut units = vec![None; n_words + learned.len()];
        (0u32..).zip(&ranked).for_each(|(rank, &id)| units[id as usize] = Some(Unit::Word(rank)));
        let mut ranks = Vec::new();
        for (number, &id) in (0u32..).zip(&numbered) {
            units[id as usize] = Some(Unit::Collocation(number));
            let words = &learned[id as usize - n_words];
            ranks.push(words.iter().filter_map(|&word| rank_of(units[word as usize])).collect::<Vec<u32>>());
        }
        let collocations = collocations::code(ranks.iter().map(Vec::as_slice), &tiers);
        Ok(Ranking { tiers, units, collocations })
    }
}

fn sorted_by_key(mut ids: Vec<u32>, key: impl Fn(u32) -> u32) -> Vec<u32> {
    ids.sort_unstable_by_key(|&id| key(id));
    ids
}

fn rank_of(unit: Option<Unit>) -> Option<u32> {
    match unit {
        Some(Unit::Word(rank)) => Some(rank),
        Some(Unit::Collocation(_)) | None => None,
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
                let id = codes::take(&mut rest).expect("what was put can be taken");
                found(number as u32, id, 0);
                if let Some(word) = self.counts[id as usize].1 {
                    found(number as u32, word.get() - 1, 0);
                }
            }
        }
    }

    fn counts(&self, n: usize) -> Vec<u32> {
        let mut counts = vec![0; n];
        for (id, &(count, word)) in self.counts.iter().enumerate() {
            counts[id] += count;
            if let Some(word) = word {
                counts[word.get() as usize - 1] += count;
            }
        }
        counts
    }
}

/// The rank of each word that stands in a body.
pub(super) struct Ranks {
    pub words: Words,
    pub tiers: Tiers,
    /// For each word, by id; behind them the collocations.
    units: Vec<Option<Unit>>,
}

impl Ranks {
    /// Returns the rank of the word with an id.
    pub fn of(&self, id: u32) -> Option<u32> {
        rank_of(self.units[id as usize])
    }

    /// Writes for each rank the class of words that it tells the subject by, and how frequent that is.
    pub fn write_subjects(&self, subjects: &Subjects, container: &mut Writer) -> Result<()> {
        let mut classes = vec![None; self.tiers.n_words() as usize];
        for (id, unit) in (0u32..).zip(&self.units) {
            if let Some(rank) = rank_of(*unit) {
                classes[rank as usize] = subjects.of(self.words.get(id));
            }
        }
        // Numbers side by side are near each other: a word without a class repeats the one before it.
        let mut last = 0;
        let tell = |class: Option<u32>| {
            last = class.unwrap_or(last);
            last << 1 | u32::from(class.is_some())
        };
        let classes: Vec<u32> = classes.into_iter().map(tell).collect();
        packed::write(CLASSES, &classes, container)?;
        packed::write(FREQUENCIES, subjects.frequencies(), container)
    }
}
