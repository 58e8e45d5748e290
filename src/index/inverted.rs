//! From the words of each passage to the passages of each word.
//!
//! Passages come with their words as numbers, so that nothing is hashed, and each list is as long as
//! counting says: words are taken in their order, as many at once as memory allows, and each time all
//! passages are gone through. The lists are coded by the engine, on all threads.

use std::ops::Range;

use rayon::prelude::*;

use super::engine::{Coded, Coder};
use super::error::Result;
use super::interned::Words;
use crate::analysis::Terms;

/// The words of a field, passage after passage, or run after run of passages.
pub(super) trait Tokens {
    /// Whether places within passages are wanted, or only counts.
    const PLACED: bool;

    /// Calls `found` with the passage or run, the word and its position of each token, in order.
    fn for_each(&self, found: &mut impl FnMut(u32, u32, u32));

    /// Returns how many tokens each of `n` words has.
    fn counts(&self, n: usize) -> Vec<u32> {
        let mut counts = vec![0; n];
        self.for_each(&mut |_, word, _| counts[word as usize] += 1);
        counts
    }
}

/// How many words a field has, and in each passage.
#[derive(Default)]
pub(super) struct FieldLengths {
    /// For each passage, in the engine's code.
    pub codes: Vec<u8>,
    pub n_words: u64,
}

impl FieldLengths {
    /// Adds so many passages of so many words each.
    pub fn add(&mut self, n_words: usize, n_passages: usize) {
        let code = tantivy::fieldnorm::FieldNormReader::fieldnorm_to_id(n_words as u32);
        self.codes.resize(self.codes.len() + n_passages, code);
        self.n_words += (n_words * n_passages) as u64;
    }

    /// Adds the passages of another.
    pub fn append(&mut self, other: &FieldLengths) {
        self.codes.extend(&other.codes);
        self.n_words += other.n_words;
    }
}

/// Words of a field that passages one behind the other share, a *run*: their section, their title.
#[derive(Default)]
pub(super) struct Shared {
    words: Vec<(u32, u32)>,
    /// For each run: its first passage, and where its words begin.
    runs: Vec<(u32, usize)>,
    n_passages: u32,
}

impl Shared {
    /// Sets the words of the passages that are added from here on.
    pub fn set(&mut self, terms: &Terms, words: &mut Words) {
        self.set_words(terms.iter().map(|(text, _, position)| (words.id(text), position)));
    }

    fn set_words(&mut self, words: impl Iterator<Item = (u32, u32)>) {
        if let Some((_, start)) = self.runs.pop_if(|(first, _)| *first == self.n_passages) {
            self.words.truncate(start);
        }
        let start = self.words.len();
        self.words.extend(words);
        match self.runs.last() {
            Some(&(_, before)) if self.words[before..start] == self.words[start..] => self.words.truncate(start),
            _ => self.runs.push((self.n_passages, start)),
        }
    }

    /// Adds a passage.
    pub fn add(&mut self) {
        self.n_passages += 1;
    }

    /// Adds the passages of another, in which words had numbers for which they have these.
    pub fn append(&mut self, other: &Shared, ids: &[u32]) {
        for (passages, words) in other.runs() {
            self.set_words(words.iter().map(|&(word, position)| (ids[word as usize], position)));
            self.n_passages += passages.len() as u32;
        }
    }

    /// Returns the first passage of each run, and the number of all passages.
    pub fn firsts(&self) -> Vec<u32> {
        let firsts = self.runs().map(|(passages, _)| passages.start);
        firsts.chain([self.n_passages]).collect()
    }

    /// Returns for each run its passages and its words.
    fn runs(&self) -> impl Iterator<Item = (Range<u32>, &[(u32, u32)])> {
        self.runs.iter().enumerate().map(|(i, &(first, start))| {
            let (end, words_end) = self.runs.get(i + 1).copied().unwrap_or((self.n_passages, self.words.len()));
            (first..end, &self.words[start..words_end])
        })
    }

    pub fn lengths(&self) -> FieldLengths {
        let mut lengths = FieldLengths::default();
        self.runs().for_each(|(passages, words)| lengths.add(words.len(), passages.len()));
        lengths
    }
}

impl Tokens for Shared {
    const PLACED: bool = true;

    fn for_each(&self, found: &mut impl FnMut(u32, u32, u32)) {
        for (run, (passages, words)) in (0..).zip(self.runs()) {
            // The last one may be set for none.
            if !passages.is_empty() {
                words.iter().for_each(|&(word, position)| found(run, word, position));
            }
        }
    }
}

/// The lists of a field, coded.
#[derive(Default)]
pub(super) struct Inverted {
    /// In the order of the words.
    pub coded: Coded,
    pub lengths: FieldLengths,
    /// The first passage of each run that the lists name, and the number of all passages; empty where they name
    /// passages.
    pub firsts: Vec<u32>,
}

/// The place of no token.
const NOT_HERE: u32 = u32::MAX;
/// Bytes that the lists of words take which are made at once, unless told otherwise.
const MEMORY: usize = 256 << 20;

/// Inverts a field whose passages are told by `firsts`. `order` are the words in their order, `memory` the bytes that
/// uncoded lists may take.
pub(super) fn invert<T: Tokens>(
    tokens: &T,
    firsts: Vec<u32>,
    lengths: FieldLengths,
    order: &[u32],
    memory: Option<usize>,
) -> Result<Inverted> {
    let n_tokens = tokens.counts(order.len());
    let room = (memory.unwrap_or(MEMORY) / if T::PLACED { 8 } else { 4 }).min(NOT_HERE as usize);
    let mut inverted = Inverted { lengths, firsts, ..Inverted::default() };
    let mut rest = order;
    while !rest.is_empty() {
        let mut used = 0;
        let fits = |&&word: &&u32| {
            used += n_tokens[word as usize] as usize;
            used <= room
        };
        let n = rest.iter().take_while(fits).count().max(1);
        let (batch, behind) = rest.split_at(n);
        rest = behind;
        Lists::of(tokens, batch, &n_tokens).code::<T>(&mut inverted)?;
    }
    Ok(inverted)
}

/// The tokens of some words, word after word.
struct Lists {
    passages: Vec<u32>,
    positions: Vec<u32>,
    /// Where the tokens of each word end.
    ends: Vec<usize>,
}

impl Coded {
    /// Puts lists behind those coded before.
    fn append(&mut self, other: Coded) {
        let [n_postings, n_beside] = [self.postings.len(), self.beside.len()];
        let behind = |range: Range<usize>, n: usize| n + range.start..n + range.end;
        self.extents.extend(other.extents.into_iter().map(|extent| {
            let mut extent = extent?;
            extent.postings = behind(extent.postings, n_postings);
            extent.beside = behind(extent.beside, n_beside);
            Some(extent)
        }));
        self.postings.extend(other.postings);
        self.beside.extend(other.beside);
    }
}

/// Lists that are coded as one piece of parallel work.
const CODED_AT_ONCE: usize = 4096;

impl Lists {
    fn of<T: Tokens>(tokens: &T, batch: &[u32], n_tokens: &[u32]) -> Self {
        let mut next = vec![NOT_HERE; n_tokens.len()];
        let mut n = 0;
        let mut end = |&word: &u32| {
            next[word as usize] = n as u32;
            n += n_tokens[word as usize] as usize;
            n
        };
        let ends = batch.iter().map(&mut end).collect();
        let mut lists = Lists { passages: vec![0; n], positions: vec![0; if T::PLACED { n } else { 0 }], ends };
        tokens.for_each(&mut |passage, word, position| {
            let next = &mut next[word as usize];
            if *next != NOT_HERE {
                lists.passages[*next as usize] = passage;
                if T::PLACED {
                    lists.positions[*next as usize] = position;
                }
                *next += 1;
            }
        });
        lists
    }

    fn tokens(&self, i: usize) -> Range<usize> {
        i.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[i]
    }

    /// Codes the lists and puts them behind those coded before.
    fn code<T: Tokens>(&self, inverted: &mut Inverted) -> Result<()> {
        let starts: Vec<usize> = (0..self.ends.len()).step_by(CODED_AT_ONCE).collect();
        let coder = Coder::new(inverted, T::PLACED)?;
        let code = |&start: &usize| {
            let list = |i| {
                let tokens = self.tokens(i);
                let positions = if T::PLACED { &self.positions[tokens.clone()] } else { &[] };
                (&self.passages[tokens], positions)
            };
            coder.code((start..self.ends.len().min(start + CODED_AT_ONCE)).map(list))
        };
        let coded = starts.par_iter().map(code).collect::<Result<Vec<Coded>>>()?;
        coded.into_iter().for_each(|coded| inverted.coded.append(coded));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_does_not_change_the_lists() {
        let (mut words, mut titles) = (Words::default(), Shared::default());
        for (title, n_passages) in [("trade and trade", 2), ("", 1), ("and talks", 300)] {
            titles.set(&Terms::of(title), &mut words);
            (0..n_passages).for_each(|_| titles.add());
        }
        let order = words.in_order();
        let lists = |memory| invert(&titles, titles.firsts(), titles.lengths(), &order, memory).expect("memory");
        let (whole, word_by_word) = (lists(None), lists(Some(1)));
        let (whole_coded, coded) = (&whole.coded, word_by_word.coded);
        assert_eq!((&whole_coded.postings, &whole_coded.beside), (&coded.postings, &coded.beside));
        assert_eq!(whole_coded.extents, coded.extents);
        // and, talks, trade
        let counts: Vec<u32> = whole.coded.extents.iter().flatten().map(|extent| extent.n_passages).collect();
        assert_eq!((counts, whole.lengths.n_words), (vec![302, 300, 2], 2 * 3 + 300 * 2));
        let runs: Vec<u32> = whole.coded.extents.iter().flatten().map(|extent| extent.n_runs).collect();
        assert_eq!((runs, whole.firsts), (vec![2, 1, 1], vec![0, 2, 3, 303]));
        assert_eq!(whole.lengths.codes[..4], [3, 3, 0, 2]);
    }

    #[test]
    fn runs_have_passages_and_differ() {
        let (mut words, mut sections) = (Words::default(), Shared::default());
        for (section, n_passages) in [("", 0), ("trade", 2), ("", 0), ("trade", 1), ("talks", 0), ("", 1), ("trade", 0)]
        {
            sections.set(&Terms::of(section), &mut words);
            (0..n_passages).for_each(|_| sections.add());
        }
        let lists = invert(&sections, sections.firsts(), sections.lengths(), &words.in_order(), None).expect("memory");
        let told = lists.coded.extents.iter().map(|extent| extent.as_ref().map(|e| (e.n_runs, e.n_passages)));
        assert_eq!(told.collect::<Vec<_>>(), [None, Some((1, 3))], "talks, trade");
        assert_eq!(sections.firsts()[..2], [0, 3]);
    }

    #[test]
    fn a_word_of_no_passage_has_no_list() {
        let mut words = Words::default();
        let titles = Shared::default();
        words.id("trade");
        let lists = invert(&titles, titles.firsts(), titles.lengths(), &words.in_order(), None).expect("memory");
        assert_eq!(lists.coded.extents, [None]);
    }
}
