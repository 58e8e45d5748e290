//! Full blocks of the passages of bodies, in patched widths: what is wider than most stands behind (Zukowski et al. 2006).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::directory::OwnedBytes;

use super::interpolative::BitWriter;
use super::postings::{END, Peak};

/// Entries of a block.
pub(super) const BLOCK: usize = BitPacker4x::BLOCK_LEN;
/// Bytes that tell of a block before all of them: 4 for its last passage, 1 each for length and count of the passage
/// that counts most, 2 for its length.
const SKIP: usize = 8;
/// The width of a block's numbers, or with this of most of them ...
const PATCHED: u8 = 0x80;
/// ... shares a byte.
const WIDTH: u8 = 0x3f;

type Numbers = [u32; BLOCK];

/// Appends a list of passages with counts that fill blocks; `code` tells the length of a passage, and an occurrence
/// counts `weights` by it.
pub(super) fn put(entries: &[(u32, u32)], code: impl Fn(u32) -> u8, weights: &[f32; 256], bytes: &mut Vec<u8>) {
    let packer = BitPacker4x::new();
    let mut blocks = Vec::new();
    let mut next = 0;
    for block in entries.as_chunks::<BLOCK>().0 {
        let start = blocks.len();
        let gaps = block.map(|(passage, _)| {
            let gap = passage - next;
            next = passage + 1;
            gap
        });
        put_numbers(packer, &gaps, &mut blocks);
        put_numbers(packer, &block.map(|(_, count)| count - 1), &mut blocks);
        let worth = |&(passage, count): &(u32, u32)| count as f32 * weights[usize::from(code(passage))];
        let most = block.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)));
        let (most, count) = most.copied().unwrap_or_default();
        bytes.extend((next - 1).to_le_bytes());
        bytes.extend([code(most), u8::try_from(count).unwrap_or(u8::MAX)]);
        // None is longer than its numbers as they are.
        bytes.extend(((blocks.len() - start) as u16).to_le_bytes());
    }
    bytes.extend(blocks);
}

/// Appends the numbers of a block: their width; if some are wider, how many and by how much; then all, cut to that
/// width; then the places of the wider ones, and what was cut off.
fn put_numbers(packer: BitPacker4x, numbers: &Numbers, bytes: &mut Vec<u8>) {
    let width_of = |number: u32| u32::BITS - number.leading_zeros();
    let mut n_of_width = [0; u32::BITS as usize + 1];
    numbers.iter().for_each(|&number| n_of_width[width_of(number) as usize] += 1);
    let widest = n_of_width.iter().rposition(|&n| n > 0).unwrap_or(0);
    let (mut width, mut least, mut n_wider) = (widest, BLOCK / 8 * widest, 0);
    for narrower in (0..widest).rev() {
        n_wider += n_of_width[narrower + 1];
        let cost = BLOCK / 8 * narrower + 2 + n_wider + (n_wider * (widest - narrower)).div_ceil(8);
        if cost < least && widest - narrower < u32::BITS as usize {
            (width, least) = (narrower, cost);
        }
    }
    let (width, more) = (width as u8, (widest - width) as u8);
    let kept = numbers.map(|number| number & ((1u64 << width) - 1) as u32);
    let cut: Vec<(u8, u32)> = (0u8..)
        .zip(numbers)
        .filter(|(_, number)| width_of(**number) > u32::from(width))
        .map(|(at, &number)| (at, number >> width))
        .collect();
    if cut.is_empty() {
        bytes.push(width);
    } else {
        bytes.extend([width | PATCHED, cut.len() as u8, more]);
    }
    let start = bytes.len();
    bytes.resize(start + BLOCK / 8 * usize::from(width), 0);
    packer.compress(&kept, &mut bytes[start..], width);
    bytes.extend(cut.iter().map(|&(at, _)| at));
    let mut bits = BitWriter::default();
    cut.iter().for_each(|&(_, high)| bits.put(high, u32::from(more)));
    let start = bytes.len();
    bytes.extend(bits.finish());
    bytes.resize(start + (cut.len() * usize::from(more)).div_ceil(8), 0);
}

/// How the numbers of a block lie in its bytes.
struct Layout<'b> {
    width: u8,
    packed: &'b [u8],
    /// The places of the wider ones.
    places: &'b [u8],
    /// What was cut off them, and in how many bits each.
    cut: &'b [u8],
    more: u32,
}

impl<'b> Layout<'b> {
    /// Takes the numbers of a block from the front of bytes; `None` when these tell none.
    #[inline]
    fn take(bytes: &mut &'b [u8]) -> Option<Self> {
        let (&first, rest) = bytes.split_first()?;
        let width = first & WIDTH;
        let is_patched = first & PATCHED != 0;
        let ([n, more], rest) =
            if is_patched { rest.split_first_chunk().map(|(two, rest)| (*two, rest))? } else { ([0; 2], rest) };
        let more = u32::from(more);
        if u32::from(width) + more > u32::BITS || is_patched && !(1..u32::BITS).contains(&more) {
            return None;
        }
        let (packed, rest) = rest.split_at_checked(BLOCK / 8 * usize::from(width))?;
        let (places, cut) = rest.split_at_checked(usize::from(n))?;
        let (_, rest) = cut.split_at_checked((places.len() * more as usize).div_ceil(8))?;
        *bytes = rest;
        Some(Layout { width, packed, places, cut, more })
    }

    /// Calls `wider` with the place of each wider number, and what was cut off it.
    #[inline]
    fn for_each_wider(&self, mut wider: impl FnMut(usize, u32)) {
        for (i, &place) in self.places.iter().enumerate() {
            let bit = i * self.more as usize;
            // What follows does not matter; at the end of a list there may be too little.
            let eight = match self.cut.get(bit / 8..).and_then(|rest| rest.first_chunk()) {
                Some(eight) => u64::from_le_bytes(*eight),
                None => {
                    (self.cut.iter().skip(bit / 8).take(8)).rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte))
                }
            };
            let high = (eight >> (bit % 8)) as u32 & ((1 << self.more) - 1);
            // From strangers: whatever the place, it is one.
            wider(usize::from(place) % BLOCK, high << self.width);
        }
    }

    /// Reads counts, which are told less one.
    fn read_counts(&self, packer: BitPacker4x, counts: &mut Numbers) {
        packer.decompress(self.packed, counts, self.width);
        self.for_each_wider(|at, high| counts[at] |= high);
        counts.iter_mut().for_each(|count| *count = count.wrapping_add(1));
    }

    /// Reads ascending numbers, the first behind `last`, which are told by what lies between them.
    fn read_ascending(&self, packer: BitPacker4x, last: u32, numbers: &mut Numbers) {
        packer.decompress_strictly_sorted(Some(last), self.packed, numbers, self.width);
        if self.places.is_empty() {
            return;
        }
        // What was cut off a gap is missing from there on: in the row that the number stands in, and in all behind.
        const ROW: usize = 8;
        const FROM: [[u32; ROW]; ROW] = {
            let (mut from, mut i) = ([[0; ROW]; ROW], 0);
            while i < ROW * ROW {
                from[i / ROW][i % ROW] = if i % ROW < i / ROW { 0 } else { u32::MAX };
                i += 1;
            }
            from
        };
        let mut missing_behind = [0u32; BLOCK / ROW + 1];
        let rows = numbers.as_chunks_mut::<ROW>().0;
        self.for_each_wider(|at, high| {
            let row = at / ROW;
            missing_behind[row + 1] = missing_behind[row + 1].wrapping_add(high);
            for (number, from) in rows[row].iter_mut().zip(&FROM[at % ROW]) {
                *number = number.wrapping_add(high & from);
            }
        });
        let mut missing = 0u32;
        for (row, missing_here) in rows.iter_mut().zip(&missing_behind) {
            missing = missing.wrapping_add(*missing_here);
            row.iter_mut().for_each(|number| *number = number.wrapping_add(missing));
        }
    }
}

/// Returns what is told of a block before all of them.
#[inline]
fn peak(&[a, b, c, d, code, count, ..]: &[u8; SKIP]) -> Peak {
    // The largest number stands for all from there on.
    let count = if count == u8::MAX { u32::MAX } else { u32::from(count) };
    Peak { last: u32::from_le_bytes([a, b, c, d]), count, code }
}

/// Full blocks, one at a time.
#[derive(Clone)]
pub(super) struct Full {
    bytes: OwnedBytes,
    n_blocks: usize,
    /// The block at hand, and where it begins.
    at: usize,
    start: usize,
    passages: Numbers,
    /// Of them; none when the block at hand is damaged.
    n: usize,
    counts: Numbers,
    /// Where the bytes of the counts begin, until somebody asks for them.
    counts_start: Option<usize>,
    damage: Arc<AtomicBool>,
}

impl Full {
    /// Opens a list of at least one block; `None` when the bytes are too few. Damage that is met later is noted.
    pub fn open(bytes: OwnedBytes, n_blocks: usize, damage: &Arc<AtomicBool>) -> Option<Self> {
        let start = n_blocks.checked_mul(SKIP).filter(|&n| n_blocks > 0 && n <= bytes.len())?;
        let damage = Arc::clone(damage);
        let mut full = Full {
            bytes,
            n_blocks,
            at: 0,
            start,
            passages: [0; BLOCK],
            n: 0,
            counts: [0; BLOCK],
            counts_start: None,
            damage,
        };
        full.read(0);
        Some(full)
    }

    fn skip(&self, block: usize) -> &[u8; SKIP] {
        self.bytes[block * SKIP..].first_chunk().expect("there is room for all when it is opened")
    }

    fn peak_of(&self, block: usize) -> Peak {
        peak(self.skip(block))
    }

    fn last_of(&self, block: usize) -> u32 {
        let [a, b, c, d, ..] = *self.skip(block);
        u32::from_le_bytes([a, b, c, d])
    }

    fn len_of(&self, block: usize) -> usize {
        let [.., low, high] = *self.skip(block);
        usize::from(u16::from_le_bytes([low, high]))
    }

    /// Returns the last passage of all blocks.
    pub fn last(&self) -> u32 {
        self.last_of(self.n_blocks - 1)
    }

    /// Returns for each block, in their order, the passage in which the term counts most.
    pub fn peaks(&self) -> impl Iterator<Item = Peak> + '_ {
        self.bytes.as_chunks::<SKIP>().0.iter().take(self.n_blocks).map(peak)
    }

    /// Reads a block, which begins at `start`.
    fn read(&mut self, block: usize) {
        self.at = block;
        (self.n, self.counts_start) = (0, None);
        match self.take() {
            Some(()) => self.n = BLOCK,
            None => self.damage.store(true, Ordering::Relaxed),
        }
    }

    fn take(&mut self) -> Option<()> {
        let last = self.at.checked_sub(1).map_or(u32::MAX, |before| self.last_of(before));
        let end = self.start + self.len_of(self.at);
        let mut bytes = self.bytes.get(self.start..)?;
        Layout::take(&mut bytes)?.read_ascending(BitPacker4x::new(), last, &mut self.passages);
        let counts_start = self.bytes.len() - bytes.len();
        self.counts_start = Some(counts_start);
        let last = self.last_of(self.at);
        (self.passages[BLOCK - 1] == last && last < END && counts_start <= end).then_some(())
    }

    /// Reads the counts of the block at hand, which begin at `start`.
    fn read_counts(&mut self, start: usize) {
        let end = self.start + self.len_of(self.at);
        let mut bytes = self.bytes.get(start..).unwrap_or_default();
        let layout = Layout::take(&mut bytes).filter(|_| self.bytes.len() - bytes.len() <= end);
        match layout {
            Some(layout) => layout.read_counts(BitPacker4x::new(), &mut self.counts),
            None => {
                self.n = 0;
                self.damage.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Returns the passages of the block at hand.
    #[inline]
    pub fn passages(&self) -> &[u32] {
        &self.passages[..self.n]
    }

    /// Returns the passages of the block at hand, and how often the term occurs in each of them.
    #[inline]
    pub fn entries(&mut self) -> (&[u32], &[u32]) {
        // Who only wants to know whether a passage is there has no need of them.
        if let Some(start) = self.counts_start.take() {
            self.read_counts(start);
        }
        (&self.passages[..self.n], &self.counts[..self.n])
    }

    /// Goes on to the last of the blocks behind the one at hand that end before `end` and whose peaks are `low`,
    /// without a look at its passages.
    #[inline]
    pub fn pass_over(&mut self, end: u32, low: impl Fn(&Peak) -> bool) {
        while self.at + 1 < self.n_blocks && self.last_of(self.at + 1) < end && low(&self.peak_of(self.at + 1)) {
            self.start += self.len_of(self.at);
            self.at += 1;
        }
    }

    /// Goes on to the next block; tells whether there is one.
    pub fn advance(&mut self) -> bool {
        let is_more = self.at + 1 < self.n_blocks;
        if is_more {
            self.start += self.len_of(self.at);
            self.read(self.at + 1);
        }
        is_more
    }

    /// Goes on to the block that holds the first passage at or behind `target`, which is not behind the last; returns
    /// its index.
    pub fn seek(&mut self, target: u32) -> usize {
        let mut block = self.at;
        while block + 1 < self.n_blocks && self.last_of(block) < target {
            self.start += self.len_of(block);
            block += 1;
        }
        if block != self.at {
            self.read(block);
        }
        self.passages().partition_point(|&passage| passage < target)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(bytes: Vec<u8>, n_blocks: usize) -> (Option<Full>, Arc<AtomicBool>) {
        let damage = Arc::default();
        (Full::open(OwnedBytes::new(bytes), n_blocks, &damage), damage)
    }

    /// Returns passages with counts, from the gaps between them.
    fn entries(gaps: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut next = 0;
        let mut entry = |&(gap, count): &(u32, u32)| {
            next += gap + 1;
            (next - 1, count)
        };
        gaps.iter().map(&mut entry).collect()
    }

    #[test]
    fn what_few_numbers_need_is_not_paid_by_all() {
        let numbers: Numbers = std::array::from_fn(|i| if i == 77 { 1 << 20 } else { i as u32 % 8 });
        let mut bytes = Vec::new();
        put_numbers(BitPacker4x::new(), &numbers, &mut bytes);
        assert_eq!(bytes.len(), 3 + 128 * 3 / 8 + 1 + 3);
        for widest in [0, 1, u32::MAX] {
            let numbers: Numbers = std::array::from_fn(|i| if i % 50 == 0 { widest } else { 0 });
            let (mut bytes, mut read) = (Vec::new(), [7; BLOCK]);
            put_numbers(BitPacker4x::new(), &numbers, &mut bytes);
            let mut rest = &bytes[..];
            let layout = Layout::take(&mut rest).expect("it is whole");
            layout.read_counts(BitPacker4x::new(), &mut read);
            assert_eq!((read, rest.len()), (numbers.map(|number| number.wrapping_add(1)), 0));
        }
    }

    #[test]
    fn damage_ends_the_list_and_is_noted() {
        let list = entries(&[(3, 1); 3 * BLOCK]);
        let mut bytes = Vec::new();
        put(&list, |_| 0, &[1.0; 256], &mut bytes);
        // The length of the second block.
        bytes[SKIP + 6] = 1;
        let (full, damage) = open(bytes, 3);
        let mut full = full.expect("it is long enough");
        assert!(!full.passages().is_empty() && !damage.load(Ordering::Relaxed));
        assert!(full.advance() && full.passages().is_empty() && damage.load(Ordering::Relaxed));
        assert!(open(vec![0; SKIP], 2).0.is_none(), "too short");
    }

    proptest! {
        #[test]
        fn blocks_come_back(
            gaps in proptest::collection::vec((0u32..1 << 20, 1u32..1 << 10), 3 * BLOCK),
            (shift, count_shift) in (0u32..20, 0u32..10),
            targets in proptest::collection::vec(any::<proptest::sample::Index>(), 1..9),
        ) {
            let gaps: Vec<(u32, u32)> = gaps.iter().map(|&(gap, n)| (gap >> shift, (n >> count_shift).max(1))).collect();
            let list = entries(&gaps);
            let mut bytes = Vec::new();
            put(&list, |passage| passage as u8, &[1.0; 256], &mut bytes);
            let mut full = open(bytes, 3).0.expect("it is whole");
            let mut sought = full.clone();
            let most: Vec<u32> = list.chunks(BLOCK).filter_map(|block| block.iter().map(|&(_, count)| count).max()).collect();
            for (peak, (most, block)) in full.peaks().zip(most.iter().zip(list.chunks(BLOCK))) {
                prop_assert_eq!(peak.count, if *most < 255 { *most } else { u32::MAX });
                prop_assert_eq!(Some(peak.last), block.last().map(|&(last, _)| last));
            }
            let mut read = Vec::new();
            loop {
                let (passages, counts) = full.entries();
                read.extend(passages.iter().copied().zip(counts.iter().copied()));
                if !full.advance() { break }
            }
            prop_assert_eq!(&read, &list);
            let mut targets: Vec<u32> = targets.iter().map(|index| index.get(&list).0).collect();
            targets.sort_unstable();
            for target in targets {
                let at = sought.seek(target);
                prop_assert_eq!(sought.passages().get(at), Some(&target));
            }
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in any::<Vec<u8>>(), n_blocks in 0usize..5, target in any::<u32>()) {
            if let Some(mut full) = open(bytes, n_blocks).0 {
                let mut sought = full.clone();
                while full.advance() {
                    full.entries();
                }
                let at = sought.seek(target);
                prop_assert!(at <= BLOCK);
            }
        }

        #[test]
        fn any_numbers_are_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut rest = &bytes[..];
            let packer = BitPacker4x::new();
            while let Some(layout) = Layout::take(&mut rest) {
                layout.read_counts(packer, &mut [0; BLOCK]);
                layout.read_ascending(packer, 7, &mut [0; BLOCK]);
            }
        }
    }
}
