//! Collocations: words that often stand together, one unit of the forward index.
//!
//! They are learned from a sample by joining frequent pairs again and again (byte pair encoding, Gage 1994,
//! of words); then texts are cut by the longest that fits.

use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::codes::{self, N_TIERS, Tiers, Unit};

/// Words that a collocation may have.
pub(super) const LONGEST: usize = 8;
/// Pairs are joined so often ...
const ROUNDS: usize = 6;
/// ... and so many at once.
const JOINED_AT_ONCE: usize = 2500;
/// What is rarer in the sample is not worth its place.
const LEAST: u32 = 5;

type Map<K, V> = HashMap<K, V, FxBuildHasher>;

/// Returns the collocations of runs of words; `scale` is how many times as long all texts are as these.
pub(super) fn learn(runs: Vec<Vec<u32>>, n_words: usize, scale: usize) -> Vec<Vec<u32>> {
    let mut sample = Sample { runs, units: (0..n_words as u32).map(|word| vec![word]).collect() };
    for _ in 0..ROUNDS {
        let pairs = sample.pairs();
        if pairs.is_empty() {
            break;
        }
        sample.join(&pairs);
    }
    let counts = sample.counts();
    let (singles, cost) = (sample.word_counts(), cost_by_count(&counts));
    let pays = |unit: &usize| {
        let words = &sample.units[*unit];
        let apart: usize = words.iter().map(|&word| cost(singles[word as usize])).sum();
        let saved = apart.saturating_sub(cost(counts[*unit])) * counts[*unit] as usize * scale;
        // It is told in two bytes a word, about.
        counts[*unit] > 0 && saved > 2 * words.len()
    };
    let mut learned: Vec<Vec<u32>> =
        (n_words..sample.units.len()).filter(pays).map(|i| sample.units[i].clone()).collect();
    // The same words may have been joined in more than one way.
    learned.sort_unstable();
    learned.dedup();
    learned
}

/// Returns the number of bytes of a unit's code by its count, as all units' counts are.
fn cost_by_count(counts: &[u32]) -> impl Fn(u32) -> usize {
    let mut sorted = counts.to_owned();
    sorted.sort_unstable_by_key(|&count| Reverse(count));
    let mut n = 0;
    let least = Tiers::shares(sorted.len()).map(|share| {
        n += share;
        if share == 0 { 0 } else { sorted[n - 1] }
    });
    move |count| 1 + least[..N_TIERS - 1].iter().filter(|&&least| count < least).count()
}

/// Texts from which collocations are learned.
struct Sample {
    /// Units one behind the other.
    runs: Vec<Vec<u32>>,
    /// The words of each unit; the first units are words.
    units: Vec<Vec<u32>>,
}

impl Sample {
    /// Returns how often each unit stands by itself.
    fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.units.len()];
        self.runs.iter().flatten().for_each(|&unit| counts[unit as usize] += 1);
        counts
    }

    /// Returns how often each word stands, by itself or in a collocation.
    fn word_counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.units.len()];
        let words = self.runs.iter().flatten().flat_map(|&unit| &self.units[unit as usize]);
        words.for_each(|&word| counts[word as usize] += 1);
        counts
    }

    /// Returns the pairs of units that are worth joining with what that gains, the best first.
    fn pairs(&self) -> Vec<(u64, (u32, u32))> {
        /// The most pairs are rare: they share counters, and only those that may be frequent get their own.
        const SHARED_BITS: u32 = 18;
        let counts = self.counts();
        let frequent = |pair: &&[u32]| pair.iter().all(|&unit| counts[unit as usize] >= LEAST);
        let slot = |pair: &[u32]| {
            let hash = FxBuildHasher.hash_one(pair_key(pair[0], pair[1]));
            hash as usize % (1 << SHARED_BITS)
        };
        let pairs = || self.runs.iter().flat_map(|run| run.windows(2)).filter(frequent);
        let mut shared = vec![0u8; 1 << SHARED_BITS];
        pairs().for_each(|pair| {
            let count = &mut shared[slot(pair)];
            *count = count.saturating_add(1);
        });
        let mut found: Map<u64, u32> = Map::default();
        for pair in pairs().filter(|pair| u32::from(shared[slot(pair)]) >= LEAST) {
            *found.entry(pair_key(pair[0], pair[1])).or_default() += 1;
        }
        let cost = cost_by_count(&counts);
        let n_words = |unit: u32| self.units[unit as usize].len();
        let gain = |(pair, count): (u64, u32)| {
            let (a, b) = ((pair >> 32) as u32, pair as u32);
            let apart = cost(counts[a as usize]) + cost(counts[b as usize]);
            let saved = apart.checked_sub(cost(count))? as u64;
            // What saves nothing may be part of what does.
            let worth = count >= LEAST && n_words(a) + n_words(b) <= LONGEST;
            worth.then_some(((2 * saved + 1) * u64::from(count), (a, b)))
        };
        let mut best: Vec<_> = found.into_iter().filter_map(gain).collect();
        best.sort_unstable_by_key(|&(gain, pair)| (Reverse(gain), pair));
        best.truncate(JOINED_AT_ONCE);
        best
    }

    /// Joins pairs wherever they stand; of two that share a unit the one that gains more.
    fn join(&mut self, pairs: &[(u64, (u32, u32))]) {
        let mut begins = vec![false; self.units.len()];
        let mut joined: Map<u64, (u32, u64)> = Map::default();
        for &(gain, (a, b)) in pairs {
            begins[a as usize] = true;
            joined.insert(pair_key(a, b), (self.units.len() as u32, gain));
            self.units.push([&self.units[a as usize][..], &self.units[b as usize]].concat());
        }
        let at = |run: &[u32], i: usize| match run.get(i..i + 2) {
            Some(&[a, b]) if begins[a as usize] => joined.get(&pair_key(a, b)).copied(),
            _ => None,
        };
        self.runs.par_iter_mut().for_each(|run| {
            let (mut from, mut to) = (0, 0);
            while from < run.len() {
                let here = at(run, from).filter(|(_, gain)| at(run, from + 1).is_none_or(|(_, next)| next <= *gain));
                let (unit, n) = here.map_or((run[from], 1), |(unit, _)| (unit, 2));
                run[to] = unit;
                (from, to) = (from + n, to + 1);
            }
            run.truncate(to);
        });
    }
}

/// Returns a pair as one number, which is hashed and compared in one go.
#[inline(always)]
fn pair_key(a: u32, b: u32) -> u64 {
    u64::from(a) << 32 | u64::from(b)
}

/// Finds the longest collocation that words begin with.
pub(super) struct Cutter {
    /// For each word the node of those that begin with it, or [`NONE`].
    firsts: Vec<u32>,
    /// By node and word.
    nexts: Map<u64, u32>,
    /// For each node the number of the collocation that ends there, or [`NONE`].
    ends: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Cutter {
    pub fn new(collocations: &[Vec<u32>], n_words: usize) -> Self {
        let mut cutter = Cutter { firsts: vec![NONE; n_words], nexts: Map::default(), ends: Vec::new() };
        for (number, words) in (0u32..).zip(collocations) {
            let mut node = NONE;
            for &word in words {
                let Cutter { firsts, nexts, ends } = &mut cutter;
                let place = if node == NONE {
                    &mut firsts[word as usize]
                } else {
                    nexts.entry(pair_key(node, word)).or_insert(NONE)
                };
                if *place == NONE {
                    *place = ends.len() as u32;
                    ends.push(NONE);
                }
                node = *place;
            }
            if let Some(end) = cutter.ends.get_mut(node as usize) {
                *end = number;
            }
        }
        cutter
    }

    /// Returns the number of the longest collocation at the beginning of `words`, and how many these are.
    pub fn longest(&self, words: &[u32]) -> Option<(u32, usize)> {
        let (&first, rest) = words.split_first()?;
        let mut node = self.firsts[first as usize];
        if node == NONE {
            return None;
        }
        let mut found = None;
        for (&word, n) in rest.iter().zip(2..) {
            let Some(&next) = self.nexts.get(&pair_key(node, word)) else { break };
            node = next;
            if self.ends[node as usize] != NONE {
                found = Some((self.ends[node as usize], n));
            }
        }
        found
    }
}

/// Codes collocations, given by the ranks of their words: how many words each shares with the one before (four
/// bits) and how many follow (four bits), and these.
pub(super) fn code<'c>(collocations: impl Iterator<Item = &'c [u32]>, tiers: &Tiers) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut before: &[u32] = &[];
    for ranks in collocations {
        let shared = ranks.iter().zip(before).take_while(|(a, b)| a == b).count();
        bytes.push((shared << 4 | (ranks.len() - shared)) as u8);
        ranks[shared..].iter().for_each(|&rank| codes::put(tiers.code(Unit::Word(rank)), &mut bytes));
        before = ranks;
    }
    bytes
}

/// The collocations of an index.
#[derive(Debug, Default)]
pub(super) struct Collocations {
    /// The ranks of their words, one behind the other.
    words: Vec<u32>,
    ends: Vec<u32>,
    /// Their numbers by the ranks of their words, in order; once many have asked, and how many have.
    by_word: OnceLock<Vec<(u32, u32)>>,
    n_asked: AtomicU32,
}

impl Collocations {
    /// Reads what [`code`] made; `None` when that contradicts itself.
    pub fn read(mut bytes: &[u8], tiers: &Tiers) -> Option<Self> {
        let mut read = Collocations::default();
        let mut start = 0;
        while let Some((&counts, rest)) = bytes.split_first() {
            bytes = rest;
            let (shared, more) = (usize::from(counts >> 4), usize::from(counts & 0xf));
            let end = read.words.len();
            if start + shared > end || shared + more > LONGEST {
                return None;
            }
            read.words.extend_from_within(start..start + shared);
            for _ in 0..more {
                let Unit::Word(rank) = tiers.take(&mut bytes)? else { return None };
                read.words.push(rank);
            }
            read.ends.push(read.words.len() as u32);
            start = end;
        }
        (read.ends.len() == tiers.n_collocations() as usize).then_some(read)
    }

    /// Returns the ranks of the words of the collocation with a number.
    #[inline]
    pub fn get(&self, number: u32) -> Option<&[u32]> {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.words.get(start as usize..*self.ends.get(number)? as usize)
    }

    /// Returns the ranks of the words of each, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.words[start as usize..end as usize])
    }

    /// Returns the numbers of those that have one of these words, each once with each, by word.
    pub fn with(&self, ranks: &[u32]) -> Vec<(u32, u32)> {
        /// One query is answered sooner by reading through all.
        const MANY: u32 = 64;
        let mut found = Vec::new();
        if self.by_word.get().is_none() && self.n_asked.fetch_add(1, Ordering::Relaxed) < MANY {
            let bits = ranks.iter().fold(0u64, |bits, rank| bits | 1 << (rank % 64));
            for (&word, at) in self.words.iter().zip(0u32..) {
                if bits & 1 << (word % 64) != 0 && ranks.contains(&word) {
                    found.push((word, self.ends.partition_point(|&end| end <= at) as u32));
                }
            }
            found.sort_unstable();
            found.dedup();
        } else {
            let by_word = self.by_word.get_or_init(|| self.sorted_by_word());
            for &rank in ranks {
                let from = by_word.partition_point(|&(word, _)| word < rank);
                found.extend(by_word[from..].iter().take_while(|&&(word, _)| word == rank));
            }
        }
        found
    }

    fn sorted_by_word(&self) -> Vec<(u32, u32)> {
        let numbered = (0..).zip(self.iter()).flat_map(|(number, words)| words.iter().map(move |&word| (word, number)));
        let mut by_word: Vec<(u32, u32)> = numbered.collect();
        by_word.sort_unstable();
        by_word.dedup();
        by_word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_are_joined() {
        // "0 1 2" often, "3 4" often, 5 and 6 rarely together.
        let run = |words: &[u32]| words.to_vec();
        let mut runs: Vec<Vec<u32>> = (0..200).map(|i| run(&[0, 1, 2, 10 + i, 3, 4])).collect();
        runs.extend([run(&[5, 6]), run(&[5, 6])]);
        let learned = learn(runs, 300, 1);
        assert_eq!(learned, [run(&[0, 1, 2]), run(&[3, 4])]);
        let cutter = Cutter::new(&learned, 300);
        let cases: [(&[u32], _); 5] =
            [(&[0, 1, 2, 3], Some((0, 3))), (&[0, 1], None), (&[3, 4], Some((1, 2))), (&[5, 6], None), (&[], None)];
        for (words, longest) in cases {
            assert_eq!(cutter.longest(words), longest, "{words:?}");
        }
    }

    #[test]
    fn collocations_are_read_back() {
        let tiers = Tiers::of([10, 0, 0, 0], [1, 2, 0, 0]).expect("there is room");
        let all: [&[u32]; 3] = [&[1, 2], &[1, 2, 9], &[4, 1, 2, 9, 9, 9, 9, 9]];
        let bytes = code(all.into_iter(), &tiers);
        let read = Collocations::read(&bytes, &tiers).expect("it is whole");
        (0..).zip(all).for_each(|(number, ranks)| assert_eq!(read.get(number), Some(ranks)));
        assert_eq!(read.get(3), None);
        assert!(read.iter().eq(all));
        // Read through, and once many have asked, sorted.
        for _ in 0..20 {
            for (rank, numbers) in [(1, vec![0, 1, 2]), (9, vec![1, 2]), (4, vec![2]), (3, vec![])] {
                let expected: Vec<_> = numbers.into_iter().map(|number| (rank, number)).collect();
                assert_eq!(read.with(&[rank]), expected);
            }
            assert_eq!(read.with(&[3, 4, 9]), [(4, 2), (9, 1), (9, 2)]);
        }
        // Cut short, too few, more than there are before, too long.
        for bad in [&bytes[..bytes.len() - 1], &bytes[..3], &[0x21, 1], &[0x09, 1, 1, 1, 1, 1, 1, 1, 1, 1]] {
            assert!(Collocations::read(bad, &tiers).is_none(), "{bad:?}");
        }
    }
}
