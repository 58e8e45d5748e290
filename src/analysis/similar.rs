//! Near-duplicates: passages that say the same in nearly the same words.
//!
//! A signature is the set of a passage's word shingles, hashed: for passages it is exact, for texts
//! of more than `MOST` shingles the lowest hashes stand for all. Shingles whose hash is low are
//! the same random sample in every text; two texts that share enough of the sample are compared in
//! full. MinHash bands would find texts of like size only, the common sample also finds a pull
//! quote inside its paragraph.

use std::cmp::Reverse;
use std::collections::HashMap;

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// Words in a shingle.
const WORDS: usize = 5;

/// The most shingles of a signature. A passage has at most some 300.
const MOST: usize = 4_096;

/// Two texts are copies when they share this part of all their shingles (Jaccard) ...
const MIN_JACCARD: f64 = 0.5;

/// ... or when this part of the smaller's shingles stands in the larger.
const MIN_CONTAINED: f64 = 0.75;

/// The fewest shingles whose containment means something: a phrase of seven words may stand anywhere.
const MIN_SHINGLES: usize = 8;

/// Hashes below this are the sample: one in four.
const SAMPLE: u32 = 1 << SAMPLE_BITS;
const SAMPLE_BITS: u32 = 30;

/// How many texts with a shingle are tried as originals. A shingle of more texts is a formula
/// ("of the General Assembly of the"), and copies share others.
const TRIED: usize = 16;

/// A text reduced to what tells copies: its hashed shingles, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature(Box<[u32]>);

impl AsRef<[u32]> for Signature {
    fn as_ref(&self) -> &[u32] {
        &self.0
    }
}

/// Many signatures, which take as much memory as their hashes, and give it back at once.
#[derive(Debug, Default)]
pub struct Signatures {
    hashes: Vec<u32>,
    ends: Vec<usize>,
}

impl Signatures {
    /// Adds a signature.
    pub fn push(&mut self, signature: &[u32]) {
        self.hashes.extend(signature);
        self.ends.push(self.hashes.len());
    }

    /// Adds those of another.
    pub fn append(&mut self, other: &Signatures) {
        let n = self.hashes.len();
        self.hashes.extend(&other.hashes);
        self.ends.extend(other.ends.iter().map(|end| n + end));
    }

    /// Returns them in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.hashes[start..end])
    }
}

/// Two texts of which one is a copy of the other or stands in it, as indices of their signatures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The one with more shingles; of two equal ones the first.
    pub larger: u32,
    pub smaller: u32,
    /// The part of all shingles that both have.
    pub jaccard: f64,
    /// The part of the smaller's shingles that the larger has.
    pub contained: f64,
}

/// Returns the signature of a text, given as its terms.
///
/// ```
/// # use polisearch::analysis::similar::{groups, signature};
/// let body = "in 2010 the two countries negotiated a transit agreement with urging from the United States";
/// let quote = "the two countries negotiated a transit agreement with urging from the United States";
/// let other = "in 2010 the two countries closed the border to traders from the north for three months";
/// let signatures = [body, quote, other].map(|text| signature(text.split(' ')));
/// assert_eq!(groups(&signatures), [Some(0), Some(0), None]);
/// ```
pub fn signature<'a>(terms: impl Iterator<Item = &'a str>) -> Signature {
    Signature(Signer::default().sign(terms.map(|term| hash(term.bytes()))).into())
}

/// Makes signatures, one after the other in the same memory.
#[derive(Debug, Default)]
pub struct Signer {
    hashes: Vec<u64>,
    shingles: Vec<u32>,
}

impl Signer {
    /// Returns the signature of a text, given as the [`hash`]es of its terms.
    pub fn sign(&mut self, hashes: impl Iterator<Item = u64>) -> &[u32] {
        let Signer { hashes: kept, shingles } = self;
        kept.clear();
        // A text of less than a shingle is one.
        kept.resize(WORDS - 1, 0);
        kept.extend(hashes);
        let n_terms = kept.len() - (WORDS - 1);
        let first = n_terms.clamp(1, WORDS) - 1;
        shingles.clear();
        shingles.extend(kept[first..].windows(WORDS).filter_map(|window| window.first_chunk()).map(mix));
        shingles.sort_unstable();
        shingles.dedup();
        shingles.truncate(MOST);
        shingles
    }
}

/// Returns for each signature the index of the original that it is a copy of.
///
/// An original that has copies names itself; a text without copies has none. The largest text of a
/// group is its original, the first of equals. A copy is always a copy of its original, never only
/// of another copy, so that two different quotes from one passage are not taken for each other.
pub fn groups(signatures: &[impl AsRef<[u32]>]) -> Vec<Option<u32>> {
    let signatures = &parts_of(signatures)[..];
    let distinct = Distinct::of(signatures);
    let mut best: Vec<Option<Pair>> = vec![None; signatures.len()];
    // Originals come before their copies, so each is settled when a copy asks for it.
    for pair in distinct.pairs(signatures) {
        let is_original = best[pair.larger as usize].is_none();
        let is_better = best[pair.smaller as usize].is_none_or(|old| pair.contained > old.contained);
        if is_original && is_better {
            best[pair.smaller as usize] = Some(pair);
        }
    }
    let original = |i: u32| best[i as usize].map_or(i, |pair| pair.larger);
    let originals: Vec<Option<u32>> = distinct.first.iter().map(|first| first.map(original)).collect();
    let mut n_members = vec![0u32; signatures.len()];
    originals.iter().flatten().for_each(|&i| n_members[i as usize] += 1);
    originals.into_iter().map(|original| original.filter(|&i| n_members[i as usize] > 1)).collect()
}

/// Returns the pairs of copies, those of identical texts among them.
///
/// Ordered by the smaller of the two, largest first. Of a text in many copies, each copy is paired
/// with the largest and the first, not with all others.
pub fn pairs(signatures: &[impl AsRef<[u32]>]) -> Vec<Pair> {
    let signatures = &parts_of(signatures)[..];
    let distinct = Distinct::of(signatures);
    let mut pairs = distinct.pairs(signatures);
    let identical = distinct.first.iter().enumerate().filter_map(|(i, &first)| {
        let (larger, smaller) = (first?, u32::try_from(i).ok()?);
        (larger != smaller).then_some(Pair { larger, smaller, jaccard: 1.0, contained: 1.0 })
    });
    pairs.extend(identical);
    pairs
}

fn parts_of(signatures: &[impl AsRef<[u32]>]) -> Vec<&[u32]> {
    signatures.iter().map(AsRef::as_ref).collect()
}

/// The texts that differ from all before them.
struct Distinct {
    /// For each signature the first that is equal; empty ones have none.
    first: Vec<Option<u32>>,
    /// The distinct ones, largest first: a text's rank is its place here.
    by_rank: Vec<u32>,
}

impl Distinct {
    fn of(signatures: &[&[u32]]) -> Self {
        let mut seen = HashMap::with_capacity_and_hasher(signatures.len(), FxBuildHasher);
        let mut by_rank = Vec::new();
        let first = (0u32..).zip(signatures).map(|(i, &signature)| {
            let first = *seen.entry(signature).or_insert(i);
            if first == i && !signature.is_empty() {
                by_rank.push(i);
            }
            (!signature.is_empty()).then_some(first)
        });
        let first = first.collect();
        by_rank.sort_by_key(|&i| (Reverse(signatures[i as usize].len()), i));
        Distinct { first, by_rank }
    }

    /// Returns the pairs of copies among distinct texts, ordered by the smaller's rank.
    fn pairs(&self, signatures: &[&[u32]]) -> Vec<Pair> {
        let sample = Sample::of(signatures, &self.by_rank);
        let find = |rank: u32| {
            let smaller = self.by_rank[rank as usize];
            let candidates = sample.candidates(signatures[smaller as usize], rank);
            candidates.into_iter().filter_map(move |candidate| {
                let larger = self.by_rank[candidate as usize];
                compare(larger, smaller, signatures)
            })
        };
        let n = u32::try_from(self.by_rank.len()).expect("signatures are counted in 32 bits");
        (0..n).into_par_iter().flat_map_iter(find).collect()
    }
}

/// The sampled shingles that several texts have, to look up who has one.
struct Sample {
    repeated: Repeated,
    /// A hash above the rank of a text that has it, ascending: of one hash the largest texts first.
    entries: Vec<u64>,
    /// Where the hashes with the same first bits begin.
    starts: Vec<usize>,
}

/// How many first bits of a sampled hash lead to its entries at once.
const PREFIX_BITS: u32 = 18;

impl Sample {
    fn of(signatures: &[&[u32]], by_rank: &[u32]) -> Self {
        let sampled = |&i: &u32| sampled(signatures[i as usize]);
        // Most shingles are of one text only: what is left is soon sorted, and look-ups stay in the cache.
        let repeated = Repeated::of(|| by_rank.iter().flat_map(sampled));
        let mut entries = Vec::new();
        for (rank, hashes) in (0u64..).zip(by_rank.iter().map(sampled)) {
            let hashes = hashes.iter().filter(|&&hash| repeated.may_hold(hash));
            entries.extend(hashes.map(|&hash| u64::from(hash) << 32 | rank));
        }
        entries.par_sort_unstable();
        let holders = entries.chunk_by(|a, b| a >> 32 == b >> 32).filter(|holders| holders.len() > 1);
        let entries: Vec<u64> = holders.flat_map(|holders| holders.iter().take(TRIED)).copied().collect();
        let mut starts = vec![0; (1 << PREFIX_BITS) + 1];
        entries.iter().for_each(|&entry| starts[(entry >> (32 + SAMPLE_BITS - PREFIX_BITS)) as usize + 1] += 1);
        let mut n = 0;
        starts.iter_mut().for_each(|start| {
            n += *start;
            *start = n;
        });
        Sample { repeated, entries, starts }
    }

    /// Returns the ranks of larger texts that share enough of the sample to be worth comparing.
    fn candidates(&self, signature: &[u32], rank: u32) -> Vec<u32> {
        let sampled = sampled(signature);
        let repeated = sampled.iter().filter(|&&hash| self.repeated.may_hold(hash));
        let mut found: Vec<u32> = repeated.flat_map(|&hash| self.holders(hash)).collect();
        found.retain(|&holder| holder < rank);
        found.sort_unstable();
        // Copies share two thirds of the smaller's shingles at least; half of that bears with chance.
        let least = sampled.len() / 3;
        found.chunk_by(|a, b| a == b).filter(|same| same.len() >= least).map(|same| same[0]).collect()
    }

    /// Returns the ranks of the largest texts that have a shingle.
    fn holders(&self, hash: u32) -> impl Iterator<Item = u32> {
        let prefix = (hash >> (SAMPLE_BITS - PREFIX_BITS)) as usize;
        let near = &self.entries[self.starts[prefix]..self.starts[prefix + 1]];
        let from = near.partition_point(|&entry| entry >> 32 < u64::from(hash));
        near[from..].iter().take_while(move |&&entry| entry >> 32 == u64::from(hash)).map(|&entry| entry as u32)
    }
}

/// Tells of hashes whether they were met more than once, in a few bits for each: sometimes it says so of another.
struct Repeated {
    /// A bit for each hash, by its lowest bits.
    bits: Vec<u64>,
}

impl Repeated {
    fn of<'h, I: Iterator<Item = &'h u32>>(hashes: impl Fn() -> I) -> Self {
        /// Slots for each hash: fewer than a quarter of those met once are taken for another.
        const SLOTS: usize = 4;
        let n_slots = (SLOTS * hashes().count()).next_power_of_two().max(u64::BITS as usize);
        let mut met = vec![0u64; n_slots / u64::BITS as usize];
        let mut repeated = Repeated { bits: vec![0; met.len()] };
        for &hash in hashes() {
            let (at, bit) = repeated.place(hash);
            repeated.bits[at] |= met[at] & bit;
            met[at] |= bit;
        }
        repeated
    }

    #[inline]
    fn may_hold(&self, hash: u32) -> bool {
        let (at, bit) = self.place(hash);
        self.bits[at] & bit != 0
    }

    /// Returns where the bit of a hash stands.
    #[inline]
    fn place(&self, hash: u32) -> (usize, u64) {
        let at = (hash / u64::BITS) as usize & (self.bits.len() - 1);
        (at, 1 << (hash % u64::BITS))
    }
}

/// Returns the hashes of a signature that belong to the sample.
fn sampled(signature: &[u32]) -> &[u32] {
    &signature[..signature.partition_point(|&hash| hash < SAMPLE)]
}

/// Compares two signatures in full.
fn compare(larger: u32, smaller: u32, signatures: &[&[u32]]) -> Option<Pair> {
    let (large, small) = (signatures[larger as usize], signatures[smaller as usize]);
    // Where a signature was cut off, nothing is known beyond its highest hash.
    let known = |hashes: &[u32]| if hashes.len() < MOST { u32::MAX } else { hashes[MOST - 1] };
    let limit = known(large).min(known(small));
    let upto = |hashes: &[u32]| hashes.partition_point(|&hash| hash <= limit);
    let (large, small) = (&large[..upto(large)], &small[..upto(small)]);
    let n_shared = n_shared(large, small);
    let jaccard = n_shared as f64 / (large.len() + small.len() - n_shared).max(1) as f64;
    let contained = n_shared as f64 / small.len().max(1) as f64;
    let is_copy = jaccard >= MIN_JACCARD || (contained >= MIN_CONTAINED && small.len() >= MIN_SHINGLES);
    is_copy.then_some(Pair { larger, smaller, jaccard, contained })
}

/// Counts the hashes that two ascending lists share.
fn n_shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        n += usize::from(a[i] == b[j]);
        let (x, y) = (a[i], b[j]);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    n
}

/// Returns a term's hash, given its bytes: FNV-1a, the same on every machine and in every version.
pub fn hash(term: impl Iterator<Item = u8>) -> u64 {
    term.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Returns the hash of a shingle from those of its terms; the finish is MurmurHash3's.
fn mix(window: &[u64; WORDS]) -> u32 {
    let mut hash =
        window.iter().fold(0, |hash: u64, &term| (hash.rotate_left(23) ^ term).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(texts: &[&str]) -> Vec<Signature> {
        texts.iter().map(|text| signature(text.split_whitespace())).collect()
    }

    /// Returns a text of these numbers as words.
    fn words(numbers: impl Iterator<Item = usize>) -> String {
        numbers.map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn identical_texts_are_copies_of_the_first() {
        assert_eq!(groups(&of(&["a b", "c d", "a b", "", ""])), [Some(0), None, Some(0), None, None]);
    }

    #[test]
    fn a_few_changed_words_make_a_near_copy() {
        let (text, changed) = (words(0..100), words((0..100).map(|n| if n % 40 == 20 { n + 1000 } else { n })));
        let signatures = of(&[&text, &changed, &words(200..300)]);
        assert_eq!(groups(&signatures), [Some(0), Some(0), None]);
        let pairs = pairs(&signatures);
        assert_eq!((pairs[0].larger, pairs[0].smaller), (0, 1));
        assert!((pairs[0].jaccard - 86.0 / 106.0).abs() < 1e-9, "{pairs:?}");
    }

    #[test]
    fn a_quote_belongs_to_the_passage_that_holds_it() {
        let signatures = of(&[&words(10..40), &words(0..150), &words(90..130), &words(140..190)]);
        assert_eq!(groups(&signatures), [Some(1), Some(1), Some(1), None]);
    }

    #[test]
    fn two_quotes_of_a_passage_are_no_copies_of_each_other() {
        let pairs = pairs(&of(&[&words(0..150), &words(10..40), &words(30..70)]));
        assert!(pairs.iter().all(|pair| pair.larger == 0));
    }

    #[test]
    fn long_texts_are_compared_by_their_lowest_hashes() {
        let signatures = of(&[&words(0..20_000), &words(2_000..22_000), &words(15_000..35_000)]);
        assert!(signatures.iter().all(|signature| signature.0.len() == MOST));
        assert_eq!(groups(&signatures), [Some(0), Some(0), None]);
    }

    #[test]
    fn what_was_met_twice_is_never_missed() {
        let hashes: Vec<u32> = (0..5_000).chain(1_000..1_100).map(|n: u32| n.wrapping_mul(0x9e37_79b1) >> 2).collect();
        let repeated = Repeated::of(|| hashes.iter());
        assert!(hashes[1_000..1_100].iter().all(|&hash| repeated.may_hold(hash)));
        let n_mistaken = hashes[..1_000].iter().filter(|&&hash| repeated.may_hold(hash)).count();
        assert!(n_mistaken < 250, "{n_mistaken}");
    }

    #[test]
    fn hashes_never_change() {
        // Stored signatures lose their meaning when this figure changes.
        assert_eq!(*signature(["durand", "line"].into_iter()).0, [1_490_991_917]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn groups_are_stars_around_originals(texts in prop::collection::vec("([ab] ){0,9}", 0..20)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let groups = groups(&of(&texts));
            for group in &groups {
                prop_assert!(group.is_none_or(|original| groups[original as usize] == Some(original)));
            }
        }
    }
}
