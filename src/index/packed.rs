//! Columns of numbers, in blocks each of which takes as many bits as its numbers differ, read where they lie.

use std::ops::Range;

use super::container::{Container, Part, Writer};
use super::error::{Error, Result};

/// Numbers of a block; one of so many bits fills so many times eight bytes.
const BLOCK: usize = 64;
/// What is told of a block, eight bytes: its least number, then from here on how many bits its numbers have ...
const WIDTH: u32 = 32;
/// ... and from here on where it begins, in eights of bytes.
const START: u32 = 38;

/// Writes a column: the blocks, what is told of each, the number of numbers.
pub(super) fn write(name: &str, numbers: &[u32], container: &mut Writer) -> Result<()> {
    container.part(name, &pack(numbers).ok_or(Error::TooLarge)?)
}

/// Returns a column's bytes; `None` when that is too large.
fn pack(numbers: &[u32]) -> Option<Vec<u8>> {
    let (mut bytes, mut blocks) = (Vec::new(), Vec::new());
    for block in numbers.chunks(BLOCK) {
        let (least, most) = block.iter().fold((u32::MAX, 0), |(low, high), &n| (low.min(n), high.max(n)));
        let width = u32::BITS - (most - least).leading_zeros();
        let start = bytes.len() as u64 / 8;
        if start >> (u64::BITS - START) != 0 {
            return None;
        }
        blocks.extend((u64::from(least) | u64::from(width) << WIDTH | start << START).to_le_bytes());
        let (mut bits, mut n_bits) = (0u64, 0);
        for number in (0..BLOCK).map(|i| block.get(i).map_or(0, |number| number - least)) {
            bits |= u64::from(number) << n_bits;
            n_bits += width;
            if n_bits >= u32::BITS {
                bytes.extend((bits as u32).to_le_bytes());
                (bits, n_bits) = (bits >> u32::BITS, n_bits - u32::BITS);
            }
        }
    }
    bytes.extend(blocks);
    bytes.extend(u32::try_from(numbers.len()).ok()?.to_le_bytes());
    // Eight bytes can be read from wherever a number begins.
    bytes.extend([0; 4]);
    Some(bytes)
}

/// A column of a container.
#[derive(Debug)]
pub(super) struct Column {
    container: Container,
    part: Part,
    n: u32,
    /// Where it is told of the blocks.
    blocks: usize,
}

/// What is told of a block.
#[derive(Clone, Copy)]
struct Block {
    least: u32,
    width: usize,
    start: usize,
}

impl Block {
    /// Returns the number that begins at a bit, of which eight bytes hold it; `None` when none is so large.
    #[inline(always)]
    fn number(self, eight: u64, bit: usize) -> Option<u32> {
        let above = eight >> (bit % 8) & ((1 << self.width) - 1);
        // More than 32 bits come from strangers, and may be too many to be added.
        u32::try_from(above).ok()?.checked_add(self.least)
    }
}

impl Column {
    /// Opens a column of at least `n` numbers.
    pub fn open(container: &Container, name: &str, n: usize) -> Result<Self> {
        let part = container.part(name)?.clone();
        let damaged = || container.damaged(&format!("part `{name}`"));
        let end = part.n_bytes().checked_sub(8).ok_or_else(damaged)?;
        let told = part.eight_at(end).map_err(|error| container.broken(&error))? as u32;
        let blocks = end.checked_sub((told as usize).div_ceil(BLOCK) * 8).ok_or_else(damaged)?;
        if (told as usize) < n {
            return Err(damaged());
        }
        Ok(Column { container: container.clone(), part, n: told, blocks })
    }

    /// Returns the number of numbers.
    pub fn len(&self) -> u32 {
        self.n
    }

    /// Returns all numbers.
    pub fn unpack(&self) -> Result<Vec<u32>> {
        let mut numbers = Vec::new();
        for i in (0..self.n).step_by(BLOCK) {
            let Block { least, width, start } = self.block_of(i)?;
            let bytes = self.part.slice(start..start + 8 * width).map_err(|error| self.container.broken(&error))?;
            let mut words = [0; u32::BITS as usize + 1];
            if width >= words.len() {
                return Err(self.broken());
            }
            words.iter_mut().zip(bytes.as_chunks().0).for_each(|(word, bytes)| *word = u64::from_le_bytes(*bytes));
            numbers.extend((0..BLOCK.min((self.n - i) as usize)).map(|at| {
                let (word, bit) = (at * width / 64, at * width % 64);
                let two = u128::from(words[word]) | u128::from(words[word + 1]) << 64;
                least.wrapping_add((two >> bit) as u32 & ((1u64 << width) - 1) as u32)
            }));
        }
        Ok(numbers)
    }

    /// Returns how many numbers of a column that ascends come before the first for which `before` is false.
    pub fn partition_point(&self, before: impl Fn(u32) -> bool + Copy) -> Result<u32> {
        // The least of a block is its first.
        let n_blocks = self.n.div_ceil(BLOCK as u32);
        let least = |block: u32| self.eight(self.blocks + block as usize * 8).map(|told| told as u32);
        let block = partition_point(0..n_blocks, |block| Ok(before(least(block)?)))?;
        let Some(first) = block.checked_sub(1).map(|block| block * BLOCK as u32) else { return Ok(0) };
        let block = self.block_of(first)?;
        let last = self.n.min(first + BLOCK as u32);
        partition_point(first..last, |i| Ok(before(self.get_in(block, i)?)))
    }

    /// Returns the number at index `i`.
    #[inline]
    pub fn get(&self, i: u32) -> Result<u32> {
        self.get_in(self.block_of(i)?, i)
    }

    /// Returns the numbers at index `i` and the next one.
    #[inline]
    pub fn pair(&self, i: u32) -> Result<(u32, u32)> {
        let block = self.block_of(i)?;
        let number = self.get_in(block, i)?;
        let next = i.saturating_add(1);
        let is_last = (next as usize).is_multiple_of(BLOCK) || next >= self.n;
        Ok((number, if is_last { self.get(next)? } else { self.get_in(block, next)? }))
    }

    #[inline(always)]
    fn block_of(&self, i: u32) -> Result<Block> {
        if i >= self.n {
            return Err(self.broken());
        }
        let told = self.eight(self.blocks + i as usize / BLOCK * 8)?;
        let width = (told >> WIDTH) as usize & ((1 << (START - WIDTH)) - 1);
        Ok(Block { least: told as u32, width, start: (told >> START) as usize * 8 })
    }

    #[inline(always)]
    fn get_in(&self, block: Block, i: u32) -> Result<u32> {
        let bit = i as usize % BLOCK * block.width;
        let number = block.number(self.eight(block.start + bit / 8)?, bit);
        number.ok_or_else(|| self.broken())
    }

    #[inline(always)]
    fn eight(&self, at: usize) -> Result<u64> {
        match self.part.eight_at(at) {
            Ok(eight) => Ok(eight),
            Err(error) => Err(self.container.broken(&error)),
        }
    }

    #[cold]
    fn broken(&self) -> Error {
        self.container.broken(&self.part.is_broken(" contradicts itself"))
    }
}

/// Returns the first of some numbers for which `before` is false, or that behind all.
#[inline]
pub(super) fn partition_point(numbers: Range<u32>, before: impl Fn(u32) -> Result<bool>) -> Result<u32> {
    let Range { start: mut low, end: mut high } = numbers;
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle)? { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use tantivy::directory::OwnedBytes;

    use super::super::container::Trust;
    use super::*;

    /// Opens a container with one part.
    fn with_part(bytes: &[u8]) -> Container {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut writer = Writer::new(file.reopen().expect("it is there"), file.path()).expect("room");
        writer.part("numbers", bytes).expect("room");
        writer.finish().expect("room");
        let bytes = std::fs::read(file.path()).expect("it is there");
        Container::from_bytes(OwnedBytes::new(bytes), Path::new("memory"), Trust::Nothing).expect("it is whole")
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec(any::<u32>(), 0..200), shift in 0u32..32) {
            let numbers: Vec<u32> = numbers.into_iter().map(|number| number >> shift).collect();
            let container = with_part(&pack(&numbers).expect("it is small"));
            let column = Column::open(&container, "numbers", numbers.len()).expect("it is whole");
            prop_assert_eq!(column.unpack().expect("it is whole"), numbers.clone());
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            let ascending = with_part(&pack(&sorted).expect("it is small"));
            let ascending = Column::open(&ascending, "numbers", 0).expect("it is whole");
            for number in numbers.iter().chain([&0, &u32::MAX]) {
                let found = ascending.partition_point(|other| other < *number).expect("it is whole");
                prop_assert_eq!(found as usize, sorted.partition_point(|other| other < number));
            }
            for (i, pair) in (0u32..).zip(numbers.windows(2)) {
                prop_assert_eq!((column.get(i).expect("whole"), column.pair(i).expect("whole")), (pair[0], (pair[0], pair[1])));
            }
            prop_assert!(column.get(numbers.len() as u32).is_err());
            prop_assert!(Column::open(&container, "numbers", numbers.len() + 1).is_err());
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in any::<Vec<u8>>(), at in any::<u32>()) {
            if let Ok(column) = Column::open(&with_part(&bytes), "numbers", 0) {
                let last = column.len().saturating_sub(1);
                let _ = (column.get(0), column.pair(last), column.pair(at.min(last)));
                let _ = column.partition_point(|number| number < at);
                if last < 1 << 20 {
                    let _ = column.unpack();
                }
            }
        }
    }
}
