//! A walk over the words of a dictionary.

use std::ops::Range;

use super::codes::N_TIERS;
use super::dictionary::{Dictionary, Entry, FEW, FORM_SHIFT, JOINED, MANY, MORE, N_FIELDS, TIER, TIER_SHIFT};
use super::error::Result;
use super::forms::{Form, write};
use super::postings::{BODY, Extent, shares};
use super::sorted::take_key;
use super::symbols::Written;
use super::varint::{take, take_bytes};

/// A walk over words in ascending order.
pub(super) struct Walk<'d> {
    dictionary: &'d Dictionary,
    pub(super) from: Vec<u8>,
    pub(super) next_block: usize,
    /// What is left of the block at hand; its first word is already in `word` when `is_first`.
    rest: &'d [u8],
    is_first: bool,
    pub(super) word: Vec<u8>,
    mask: u8,
    pub(super) rank: Option<u32>,
    /// For each tier of ranks that of its next word.
    next_ranks: [u32; N_TIERS],
    /// How the word is spelled most often, when its mask tells no other form.
    spelled: &'d [u8],
    parts: &'d [u8],
    n_passages: [u32; N_FIELDS],
    n_runs: [u32; N_FIELDS],
    /// For each field: the ranges of its postings and of its positions.
    ranges: [[Range<usize>; 2]; N_FIELDS],
}

impl<'d> Walk<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, next_block: usize) -> Self {
        Walk {
            dictionary,
            from: Vec::new(),
            next_block,
            rest: &[],
            is_first: false,
            word: Vec::new(),
            mask: 0,
            rank: None,
            next_ranks: [0; N_TIERS],
            spelled: &[],
            parts: &[],
            n_passages: [0; N_FIELDS],
            n_runs: [0; N_FIELDS],
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
    pub(super) fn begin_block(&mut self) -> Result<bool> {
        let sorted = &self.dictionary.sorted;
        let Some(block) = sorted.block(self.next_block)? else { return Ok(false) };
        sorted.first(self.next_block)?.clone_into(&mut self.word);
        self.next_block += 1;
        self.rest = block;
        self.is_first = true;
        for (next, first) in self.next_ranks.iter_mut().zip(self.dictionary.tiers.first_ranks()) {
            let n = take(&mut self.rest).and_then(|n| u32::try_from(n).ok());
            *next = n.and_then(|n| n.checked_add(first)).ok_or_else(|| sorted.damaged())?;
        }
        for range in self.ranges.as_flattened_mut() {
            let start = take(&mut self.rest).ok_or_else(|| sorted.damaged())? as usize;
            *range = start..start;
        }
        Ok(true)
    }

    /// Reads the next word of the block at hand; tells whether there is one.
    pub(super) fn read(&mut self) -> Result<bool> {
        Ok(self.read_word()? && self.take_places().map(|()| true).ok_or_else(|| self.damaged())?)
    }

    /// Reads the next word of the block at hand, and leaves where it is found; tells whether there is one.
    pub(super) fn read_word(&mut self) -> Result<bool> {
        if self.rest.is_empty() {
            return Ok(false);
        }
        self.take_word().map(|()| true).ok_or_else(|| self.damaged())
    }

    fn take_word(&mut self) -> Option<()> {
        if !std::mem::take(&mut self.is_first) {
            take_key(&mut self.rest, &mut self.word)?;
        }
        let (&mask, rest) = self.rest.split_first()?;
        (self.mask, self.rest) = (mask, rest);
        self.rank = None;
        self.parts = &[];
        let mut tier = mask >> TIER_SHIFT & TIER;
        if tier == JOINED {
            (tier, self.rest) = self.rest.split_first().map(|(&tier, rest)| (tier, rest))?;
            let n = take(&mut self.rest)?;
            self.parts = take_bytes(&mut self.rest, n)?;
        }
        if let Some(tier) = tier.checked_sub(1) {
            let next = self.next_ranks.get_mut(usize::from(tier))?;
            self.rank = Some(*next);
            *next = next.checked_add(1)?;
        }
        if mask >> FORM_SHIFT == 3 {
            let n = take(&mut self.rest)?;
            self.spelled = take_bytes(&mut self.rest, n)?;
        }
        Some(())
    }

    /// Takes where the word at hand is found.
    pub(super) fn take_places(&mut self) -> Option<()> {
        let mask = self.mask;
        for i in (0..N_FIELDS).filter(|i| mask & (1 << i) != 0) {
            let lens = if i == BODY { self.take_body()? } else { self.take_heading(i)? };
            for (range, len) in self.ranges[i].iter_mut().zip(lens) {
                *range = range.end..range.end.checked_add(len)?;
            }
        }
        Some(())
    }

    /// Takes the number of passages, and returns the lengths of their list.
    #[inline]
    fn take_body(&mut self) -> Option<[usize; 2]> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        if byte < MANY {
            self.n_passages[BODY] = u32::from(byte) % FEW + 1;
            return Some([0, usize::from(byte) / FEW as usize]);
        }
        let n_passages = match byte {
            MORE => u32::try_from(take(&mut self.rest)?).ok()?,
            _ => FEW + 1 + u32::from(byte - MANY),
        };
        self.n_passages[BODY] = n_passages;
        let (n_full, n_rest) = shares(n_passages);
        let mut len = |n: u32| if n > 0 { usize::try_from(take(&mut self.rest)?).ok() } else { Some(0) };
        Some([len(n_full)?, len(n_rest)?])
    }

    fn take_heading(&mut self, field: usize) -> Option<[usize; 2]> {
        self.n_passages[field] = u32::try_from(take(&mut self.rest)?).ok()?;
        self.n_runs[field] = u32::try_from(take(&mut self.rest)?).ok()?;
        let mut len = || usize::try_from(take(&mut self.rest)?).ok();
        Some([len()?, len()?])
    }

    fn damaged(&self) -> super::Error {
        self.dictionary.sorted.damaged()
    }

    /// Returns the word at hand as folded and as most often written; `None` when that is no text.
    pub(super) fn written(&self) -> Option<Written> {
        let word = std::str::from_utf8(&self.word).ok()?;
        let form = match self.mask >> FORM_SHIFT {
            0 => Form::Plain,
            1 => Form::Title,
            2 => Form::Capitals,
            _ => Form::Spelled(std::str::from_utf8(self.spelled).ok()?),
        };
        let usual = match form {
            Form::Plain => None,
            form => {
                let mut usual = String::with_capacity(word.len());
                write(word, &form, &mut usual)?;
                Some(usual.into())
            }
        };
        Some(Written { word: word.into(), usual })
    }

    pub(super) fn entry(&self) -> Entry {
        let extent = |field: usize| {
            let [postings, beside] = self.ranges[field].clone();
            (self.mask & (1 << field) != 0).then(|| Extent {
                n_passages: self.n_passages[field],
                n_runs: self.n_runs[field],
                postings,
                beside,
                ..Extent::default()
            })
        };
        Entry { extents: std::array::from_fn(extent), rank: self.rank, parts: self.parts.into() }
    }
}
