//! Words and collocations as bytes, the most frequent in the fewest.
//!
//! A dense code by frequency (after Brisaboa et al. 2007): codes below 140 are one byte, the next 28,160 two, then
//! three or four. Of the codes of as many bytes the first stand for words, in the order of the words, so that the
//! dictionary need not tell them; the others for collocations.

/// Codes below are one byte.
const ONE: u32 = 140;
/// Stands before a hyphenated word's joined form: a byte for how many words back it begins, then its code.
pub(super) const COMPOUND: u8 = ONE as u8;
/// First bytes from here on begin two bytes ...
const TWO_FROM: u8 = COMPOUND + 1;
/// ... from here on three ...
const THREE_FROM: u8 = 251;
/// ... and this one four.
const FOUR: u8 = 255;

/// Groups of codes that take as many bytes.
pub(super) const N_TIERS: usize = 4;
const FIRSTS: [u32; N_TIERS] = [0, ONE, TWO, THREE];
const TWO: u32 = ONE + ((THREE_FROM - TWO_FROM) as u32) * 256;
const THREE: u32 = TWO + ((FOUR - THREE_FROM) as u32) * 65_536;
/// No code is as high.
const END: u32 = THREE + (1 << 24);

/// Returns the first code of a group, or of that behind the last.
fn first_of(tier: usize) -> u32 {
    FIRSTS.get(tier).copied().unwrap_or(END)
}

/// Appends a code.
#[inline]
pub(super) fn put(code: u32, out: &mut Vec<u8>) {
    let after = |first: u32| (code - first).to_be_bytes();
    if code < ONE {
        out.push(code as u8);
    } else if code < TWO {
        let [.., high, low] = after(ONE);
        out.extend_from_slice(&[TWO_FROM + high, low]);
    } else if code < THREE {
        let [_, high, middle, low] = after(TWO);
        out.extend_from_slice(&[THREE_FROM + high, middle, low]);
    } else {
        let [_, high, middle, low] = after(THREE);
        out.extend_from_slice(&[FOUR, high, middle, low]);
    }
}

/// Returns the number of bytes of a code by its first.
#[inline]
pub(super) fn len(first: u8) -> usize {
    1 + usize::from(first >= TWO_FROM) + usize::from(first >= THREE_FROM) + usize::from(first == FOUR)
}

/// Takes a code from the beginning of `bytes`, as its group and its place there; `None` when they end in its middle.
#[inline]
fn split(bytes: &mut &[u8]) -> Option<(usize, u32)> {
    let (&first, rest) = bytes.split_first()?;
    if u32::from(first) < ONE {
        *bytes = rest;
        return Some((0, u32::from(first)));
    }
    let byte = |i: usize| rest.get(i).copied();
    let (tier, place) = match first {
        FOUR => (3, u32::from_be_bytes([0, byte(0)?, byte(1)?, byte(2)?])),
        THREE_FROM.. => (2, u32::from_be_bytes([0, first - THREE_FROM, byte(0)?, byte(1)?])),
        _ => (1, u32::from_be_bytes([0, 0, first.wrapping_sub(TWO_FROM), byte(0)?])),
    };
    *bytes = &rest[tier..];
    Some((tier, place))
}

/// Takes a code from the beginning of `bytes`; `None` when they end in its middle.
#[inline]
pub(super) fn take(bytes: &mut &[u8]) -> Option<u32> {
    split(bytes).map(|(tier, place)| FIRSTS[tier] + place)
}

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// The word of a rank.
    Word(u32),
    /// The collocation with a number.
    Collocation(u32),
}

/// How words and collocations share the codes: for each group the ranks, and the numbers, that begin it; then all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tiers {
    words: [u32; N_TIERS + 1],
    collocations: [u32; N_TIERS + 1],
}

impl Tiers {
    /// Bytes that tell them.
    pub const LEN: usize = 2 * N_TIERS * 4;

    /// Returns the tiers of so many words and collocations in each; `None` when one has too many.
    pub fn of(n_words: [u32; N_TIERS], n_collocations: [u32; N_TIERS]) -> Option<Self> {
        let mut tiers = Tiers::default();
        for (tier, (words, collocations)) in n_words.into_iter().zip(n_collocations).enumerate() {
            let room = first_of(tier + 1) - first_of(tier);
            if words.checked_add(collocations)? > room {
                return None;
            }
            tiers.words[tier + 1] = tiers.words[tier] + words;
            tiers.collocations[tier + 1] = tiers.collocations[tier] + collocations;
        }
        Some(tiers)
    }

    /// Returns how many of the most frequent of `n` units are in each tier.
    pub fn shares(n: usize) -> [usize; N_TIERS] {
        std::array::from_fn(|tier| n.min(first_of(tier + 1) as usize).saturating_sub(first_of(tier) as usize))
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Tiers::LEN] = bytes.try_into().ok()?;
        let number = |i: usize| u32::from_le_bytes(std::array::from_fn(|byte| bytes[i * 4 + byte]));
        Tiers::of(std::array::from_fn(number), std::array::from_fn(|i| number(N_TIERS + i)))
    }

    pub fn to_bytes(self) -> Vec<u8> {
        let counts = |starts: [u32; N_TIERS + 1]| (0..N_TIERS).map(move |i| starts[i + 1] - starts[i]);
        counts(self.words).chain(counts(self.collocations)).flat_map(u32::to_le_bytes).collect()
    }

    /// Returns the number of words.
    pub fn n_words(&self) -> u32 {
        self.words[N_TIERS]
    }

    /// Returns the number of collocations.
    pub fn n_collocations(&self) -> u32 {
        self.collocations[N_TIERS]
    }

    /// Returns the first rank of each tier.
    pub fn first_ranks(&self) -> [u32; N_TIERS] {
        std::array::from_fn(|tier| self.words[tier])
    }

    /// Returns the tier of the word with a rank.
    pub fn of_rank(&self, rank: u32) -> usize {
        tier_in(&self.words, rank)
    }

    /// Returns the code of a unit.
    pub fn code(&self, unit: Unit) -> u32 {
        match unit {
            Unit::Word(rank) => {
                let tier = self.of_rank(rank);
                FIRSTS[tier] + rank - self.words[tier]
            }
            Unit::Collocation(number) => {
                let tier = tier_in(&self.collocations, number);
                FIRSTS[tier] + self.words[tier + 1] - self.words[tier] + number - self.collocations[tier]
            }
        }
    }

    /// Returns the code of a unit as bytes.
    pub fn bytes(&self, unit: Unit) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4);
        put(self.code(unit), &mut bytes);
        bytes
    }

    /// Takes a unit from the beginning of `bytes`; `None` when they end in its middle.
    #[inline]
    pub fn take(&self, bytes: &mut &[u8]) -> Option<Unit> {
        let (tier, place) = split(bytes)?;
        let rank = self.words[tier] + place;
        Some(match rank.checked_sub(self.words[tier + 1]) {
            None => Unit::Word(rank),
            Some(behind) => Unit::Collocation(self.collocations[tier] + behind),
        })
    }
}

/// Returns the tier of a number by those that begin each; the last for one that is too high.
fn tier_in(starts: &[u32; N_TIERS + 1], number: u32) -> usize {
    starts[1..N_TIERS].partition_point(|&next| next <= number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        let codes = [0, 1, ONE - 1, ONE, 250, TWO - 1, TWO, 70_000, THREE - 1, THREE, (1 << 24) - 1];
        let mut bytes = Vec::new();
        codes.iter().for_each(|&code| put(code, &mut bytes));
        assert_eq!(bytes.len(), 3 + 3 * 2 + 3 * 3 + 2 * 4, "frequent words are short");
        let mut rest = &bytes[..];
        for code in codes {
            assert_ne!(rest[0], COMPOUND);
            let n = len(rest[0]);
            assert_eq!((take(&mut &rest[..n]), take(&mut rest)), (Some(code), Some(code)));
        }
        assert_eq!(take(&mut rest), None);
        assert_eq!(take(&mut &[FOUR, 1][..]), None);
    }

    #[test]
    fn words_and_collocations_share_the_codes() {
        let tiers = Tiers::of([100, 0, 70_000, 3], [20, 300, 1, 0]).expect("there is room");
        assert_eq!(Tiers::from_bytes(&tiers.to_bytes()), Some(tiers));
        assert_eq!((tiers.n_words(), tiers.n_collocations()), (70_103, 321));
        let words = (0..tiers.n_words()).map(Unit::Word);
        let units: Vec<Unit> = words.chain((0..tiers.n_collocations()).map(Unit::Collocation)).collect();
        for unit in units {
            let mut bytes = Vec::new();
            put(tiers.code(unit), &mut bytes);
            assert_eq!(tiers.take(&mut &bytes[..]), Some(unit));
        }
        assert_eq!(Tiers::of([ONE, 0, 0, 0], [1, 0, 0, 0]), None);
        assert_eq!(Tiers::shares(150), [140, 10, 0, 0]);
    }
}
