//! What passages are weighed by: the settings, and BM25F's parts.

use std::cmp::Ordering;

use crate::index::Lengths;
use crate::paper::Kind;
use crate::query::Field;

/// How passages are weighed. All of it is settable; the defaults are measured over four public
/// collections and the judged needs of the seed papers together (`just eval`), not by collection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
    /// How soon more occurrences of a word stop to count.
    pub k1: f32,
    /// How much longer fields are held against a passage, from 0 to 1, by field.
    pub b: ByField,
    /// How much an occurrence counts, by field.
    pub weight: ByField,
    /// How much a passage that lacks part of the query is marked down, from 0 (not) to 1.
    pub coverage: f32,
    /// How much neighbouring words of the query add when they stand close together.
    pub proximity: f32,
    /// How much a word exactly as it was typed adds.
    pub as_typed: f32,
    /// How much words that the best passages share add; 0 leaves the query alone.
    pub feedback: f32,
    /// What the words of a topic's names near each other weigh beside the name itself.
    pub near: f32,
    /// What each word of a name that was typed weighs beside the name itself.
    pub parts: f32,
    /// What words of like meaning weigh beside the word itself.
    pub synonyms: f32,
    /// How much kinds of passages other than body text are marked down, from 0 (not) to 1.
    pub kinds: f32,
    /// What a number near by adds where one is asked for, as a share of the best score.
    pub numbers: f32,
    /// Of at most so many things asked for, passages that hold all come before those that lack one;
    /// of more, a passage that lacks one may well be the better answer.
    pub whole_first: u32,
}

/// A number for each field of a passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByField {
    pub body: f32,
    pub section: f32,
    pub title: f32,
}

impl ByField {
    pub(super) fn of(&self, field: Field) -> f32 {
        match field {
            Field::Body => self.body,
            Field::Section => self.section,
            Field::Title => self.title,
        }
    }
}

impl Default for Ranking {
    fn default() -> Self {
        Ranking {
            k1: 1.2,
            b: ByField { body: 0.7, section: 0.7, title: 0.7 },
            weight: ByField { body: 1.0, section: 2.0, title: 2.0 },
            coverage: 0.02,
            proximity: 0.65,
            as_typed: 0.3,
            feedback: 3.0,
            near: 0.5,
            parts: 0.3,
            synonyms: 0.3,
            kinds: 1.0,
            numbers: 1.0,
            whole_first: 3,
        }
    }
}

impl Ranking {
    /// Tells whether the second look changes anything.
    pub(super) fn looks_again(&self) -> bool {
        self.proximity != 0.0 || self.as_typed != 0.0 || self.feedback != 0.0
    }
}

/// A passage on its way to being a hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub passage: u32,
    pub score: f32,
    /// Bits of the groups it holds.
    pub held: u64,
    /// Place of its id among all: breaks ties.
    pub rank_of_id: u32,
}

impl Candidate {
    /// Orders better ones first.
    pub fn better_first(&self, other: &Candidate) -> Ordering {
        self.place().cmp(&other.place())
    }

    /// Returns a number that is smaller for a better one.
    pub fn place(&self) -> u64 {
        // The order of [`f32::total_cmp`].
        let bits = self.score.to_bits();
        let ascending = if bits >> 31 == 0 { bits | 1 << 31 } else { !bits };
        u64::from(!ascending) << 32 | u64::from(self.rank_of_id)
    }
}

/// The fields in the order in which they are read.
pub(super) const FIELDS: [Field; 3] = [Field::Body, Field::Section, Field::Title];

/// Returns how rare something is that `n` of `total` passages hold (Robertson and Zaragoza 2009, 3.2,
/// in the form that is never negative).
pub(super) fn idf(total: u32, n: u32) -> f32 {
    let (total, n) = (total.max(n) as f32, n as f32);
    (1.0 + (total - n + 0.5) / (n + 0.5)).ln()
}

/// Returns how much passages count against body text, by the number of their kind.
pub(super) fn kind_weights(strength: f32) -> [f32; 256] {
    const WEIGHTS: [(Kind, f32); 7] = [
        (Kind::Body, 1.0),
        (Kind::PullQuote, 0.9),
        (Kind::Caption, 0.7),
        (Kind::Table, 0.8),
        (Kind::HeadingMatter, 0.6),
        (Kind::References, 0.5),
        (Kind::BackMatter, 0.9),
    ];
    let mut weights = [1.0; 256];
    WEIGHTS.iter().for_each(|&(kind, weight)| weights[kind as usize] = 1.0 - strength * (1.0 - weight));
    weights
}

/// What a passage that lacks part of the query keeps of its score.
pub(super) struct Coverage {
    shares: Vec<f32>,
    strength: f32,
    positive: u64,
}

impl Coverage {
    pub fn new(weights: &[f32], positive: u64, strength: f32) -> Self {
        let total: f32 = weights.iter().sum();
        let shares = weights.iter().map(|weight| if total > 0.0 { weight / total } else { 0.0 }).collect();
        Coverage { shares, strength, positive }
    }

    /// Returns the least that any passage keeps.
    pub fn least(&self) -> f32 {
        1.0 - self.strength.max(0.0)
    }

    pub fn of(&self, held: u64) -> f32 {
        if held & self.positive == self.positive {
            return 1.0;
        }
        let mut share = 0.0;
        let mut bits = held & self.positive;
        while bits != 0 {
            share += self.shares[bits.trailing_zeros() as usize];
            bits &= bits - 1;
        }
        1.0 - self.strength * (1.0 - share)
    }
}

pub(super) fn weights_by_length(ranking: &Ranking, field: Field, mean: f32) -> [f32; 256] {
    let (b, weight) = (ranking.b.of(field), ranking.weight.of(field));
    std::array::from_fn(|code| weight / (1.0 - b + b * Lengths::words(code as u8) as f32 / mean))
}
