//! Which passages, and which of their words, are worth decoding: told by the bytes of their codes.

use super::codes::{COMPOUND, Tiers, Unit};
use super::collocations::Collocations;

/// A hyphenated word has fewer parts, mostly.
const FEW_PARTS: u8 = 8;

/// What codes stand for.
#[derive(Clone, Copy)]
pub(super) struct Units<'i> {
    pub tiers: &'i Tiers,
    pub collocations: &'i Collocations,
}

/// Tells which words of a passage are worth decoding, by the first two bytes of their codes.
pub struct Sieve {
    look: Pairs,
    /// Where two words may stand side by side; a passage without such a place holds nothing of interest.
    seam: Option<Seam>,
}

impl Sieve {
    /// Returns a sieve that keeps these ranks, and some others. With a `seam` it may keep nothing of passages in
    /// which no word of the first kind stands before one of the second.
    pub(super) fn of(
        ranks: impl Iterator<Item = u32>,
        seam: Option<[&[u32]; 2]>,
        units: Units<'_>,
        steps: &Steps,
    ) -> Self {
        let mut look = steps.look.clone();
        let ranks: Vec<u32> = ranks.collect();
        ranks.iter().for_each(|&rank| look.add_first(&units.tiers.bytes(Unit::Word(rank))));
        for (_, number) in units.collocations.with(&ranks) {
            look.add_first(&units.tiers.bytes(Unit::Collocation(number)));
        }
        Sieve { look, seam: seam.map(|[first, second]| Seam::of(first, second, units)) }
    }

    /// Tells whether a passage may hold something of interest.
    pub(super) fn may_keep(&self, coded: &[u8]) -> bool {
        self.seam.as_ref().is_none_or(|seam| seam.may_be_in(coded))
    }

    /// Tells whether what begins with these bytes is worth decoding.
    #[inline]
    pub(super) fn keeps(&self, first: u8, second: u8) -> bool {
        self.look.has(first, second)
    }
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

impl Seam {
    fn of(first: &[u32], second: &[u32], Units { tiers, collocations }: Units<'_>) -> Self {
        let mut seam = Seam { before: Pairs::new(), behind: Pairs::new(), whole: Pairs::new() };
        first.iter().for_each(|&rank| seam.before.add_last(&tiers.bytes(Unit::Word(rank))));
        for (rank, number) in collocations.with(first) {
            let (words, code) = (collocations.get(number).unwrap_or_default(), tiers.bytes(Unit::Collocation(number)));
            if words.last() == Some(&rank) {
                seam.before.add_last(&code);
            }
            if words.windows(2).any(|pair| pair[0] == rank && second.contains(&pair[1])) {
                seam.add_whole(&code);
            }
        }
        second.iter().for_each(|&rank| seam.behind.add_first(&tiers.bytes(Unit::Word(rank))));
        for (rank, number) in collocations.with(second) {
            if collocations.get(number).and_then(<[u32]>::first) == Some(&rank) {
                seam.behind.add_first(&tiers.bytes(Unit::Collocation(number)));
            }
        }
        // A joined word stands behind the last of its parts, and may be either of the two.
        (0..=255).for_each(|back| seam.behind.add(COMPOUND, back));
        for &rank in first.iter().chain(second) {
            let first_byte = tiers.bytes(Unit::Word(rank))[0];
            (0..FEW_PARTS).for_each(|back| seam.add_whole(&[back, first_byte]));
        }
        (FEW_PARTS..=255).for_each(|back| seam.whole.add(COMPOUND, back));
        seam
    }

    fn add_whole(&mut self, code: &[u8]) {
        self.whole.add_first(code);
        self.behind.add_first(code);
    }

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

/// How codes are passed over, by their first two bytes.
#[derive(Debug)]
pub(super) struct Steps {
    /// Words of what begins so, less one: most of it stays nought, and memory that nobody writes to costs nothing.
    n_more: Box<[u8; 1 << 16]>,
    /// What more than two bytes tell, and joined words.
    look: Pairs,
}

impl Steps {
    pub fn of(Units { tiers, collocations }: Units<'_>) -> Self {
        let mut n_more: Box<[u8; 1 << 16]> = vec![0; 1 << 16].try_into().unwrap_or_else(|_| Box::new([0; 1 << 16]));
        let mut look = Pairs::new();
        (0..=255).for_each(|back| look.add(COMPOUND, back));
        for (number, words) in (0..).zip(collocations.iter()) {
            let code = tiers.bytes(Unit::Collocation(number));
            let n = (words.len() as u8).saturating_sub(1);
            match code[..] {
                [first] => {
                    let start = usize::from(first) << 8;
                    n_more[start..start + 256].fill(n);
                }
                [first, second] => n_more[usize::from(u16::from_be_bytes([first, second]))] = n,
                _ => look.add_first(&code),
            }
        }
        Steps { n_more, look }
    }

    /// Returns the number of words of what begins with these bytes, unless more must be read to tell.
    #[inline]
    pub fn n_words(&self, first: u8, second: u8) -> u32 {
        1 + u32::from(self.n_more[usize::from(u16::from_be_bytes([first, second]))])
    }
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

#[cfg(test)]
mod tests {
    use super::super::codes;
    use super::*;

    #[test]
    fn a_seam_is_found_wherever_two_words_stand_side_by_side() {
        // Words 0 to 9 are one byte each, the next two; collocations [1, 2] one, [3, 4, 20] and [20, 5] two.
        let tiers = Tiers::of([10, 30, 0, 0], [1, 2, 0, 0]).expect("there is room");
        let told: [&[u32]; 3] = [&[1, 2], &[3, 4, 20], &[20, 5]];
        let collocations = Collocations::read(&super::super::collocations::code(told.into_iter(), &tiers), &tiers)
            .expect("it is whole");
        let units = Units { tiers: &tiers, collocations: &collocations };
        let steps = Steps::of(units);
        let (word, joined) = (Unit::Word, Unit::Collocation);
        type Case<'c> = (&'c [u32], &'c [u32], &'c [Unit], bool);
        let cases: [Case<'_>; 10] = [
            (&[6], &[7], &[word(6), word(7)], true),
            (&[8], &[9], &[word(9), word(8)], false),
            (&[8], &[9], &[word(8), word(20), word(9)], false),
            // These might be a joined word: only reading tells.
            (&[6], &[7], &[word(7), word(6)], true),
            (&[1], &[2], &[word(9), joined(0)], true),
            (&[2], &[3], &[joined(0), joined(1)], true),
            (&[20], &[5], &[joined(2)], true),
            (&[20], &[21], &[joined(1), word(21)], true),
            (&[4], &[21], &[joined(1), word(21)], false),
            (&[8, 6], &[21, 7], &[word(9), word(6), word(7)], true),
        ];
        for (first, second, passage, holds) in cases {
            let mut coded = Vec::new();
            passage.iter().for_each(|&unit| codes::put(tiers.code(unit), &mut coded));
            let sieve = Sieve::of(first.iter().chain(second).copied(), Some([first, second]), units, &steps);
            assert_eq!(sieve.may_keep(&coded), holds, "{first:?} {second:?} in {passage:?}");
        }
        // A joined word between them, and one that is the first of them.
        for (first, second, coded) in [(6, 7, [6, COMPOUND, 2, 9, 7]), (9, 7, [6, 7, COMPOUND, 2, 9])] {
            assert!(
                Sieve::of([first, second].into_iter(), Some([&[first], &[second]]), units, &steps).may_keep(&coded)
            );
        }
    }
}
