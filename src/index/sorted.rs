//! Keys in ascending order with something about each, in blocks: what tables and the dictionary share.
//!
//! A key is told by what it shares with the one before it. A lookup is a binary search over the
//! blocks' first keys, then a walk through one block: whatever the number of keys, few chunks of the
//! file are touched.

use std::ops::Range;

use super::container::{Container, Part, Writer};
use super::error::{Error, Result};
use super::packed::{self, Column};
use super::varint::{put, take, take_bytes};

/// Keys of a block: few enough to walk through, enough to share their beginnings.
const BLOCK: usize = 32;
/// Lengths from here on are told behind the byte that two share.
const LONG: u8 = 0xf;

/// Whether a key begins a block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    First,
    Behind,
}

/// Writes keys; what is about a key is appended to `blocks` behind it.
#[derive(Default)]
pub(super) struct SortedWriter {
    pub blocks: Vec<u8>,
    /// First keys of the blocks, one behind the other.
    firsts: Vec<u8>,
    /// Where each block begins in `blocks`, where its first key begins in `firsts`.
    starts: Vec<usize>,
    first_starts: Vec<usize>,
    last: Vec<u8>,
    n_keys: usize,
}

impl SortedWriter {
    /// Adds a key; keys come in ascending order, each once.
    pub fn key(&mut self, key: &[u8]) -> Stands {
        debug_assert!(self.n_keys == 0 || key > &self.last[..], "keys come in order");
        let first = self.n_keys.is_multiple_of(BLOCK);
        if first {
            self.start_block();
            self.firsts.extend(key);
        } else {
            let shared = key.iter().zip(&self.last).take_while(|(a, b)| a == b).count();
            let lens = [shared, key.len() - shared];
            let [high, low] = lens.map(|len| len.min(usize::from(LONG)) as u8);
            self.blocks.push(high << 4 | low);
            for more in lens.iter().filter_map(|len| len.checked_sub(usize::from(LONG))) {
                put(&mut self.blocks, more as u64);
            }
            self.blocks.extend(&key[shared..]);
        }
        key.clone_into(&mut self.last);
        self.n_keys += 1;
        if first { Stands::First } else { Stands::Behind }
    }

    fn start_block(&mut self) {
        self.starts.push(self.blocks.len());
        self.first_starts.push(self.firsts.len());
    }

    /// Writes three parts, `name`, `name/firsts` and `name/starts`.
    pub fn finish(mut self, name: &str, container: &mut Writer) -> Result<()> {
        self.start_block();
        container.part(name, &self.blocks)?;
        container.part(&format!("{name}/firsts"), &self.firsts)?;
        let starts = self.starts.iter().chain(&self.first_starts).map(|&start| u32::try_from(start));
        let starts = starts.collect::<std::result::Result<Vec<u32>, _>>().map_err(|_| Error::TooLarge)?;
        packed::write(&format!("{name}/starts"), &starts, container)
    }
}

/// Blocks of keys in a container.
#[derive(Debug)]
pub(super) struct Sorted {
    container: Container,
    name: &'static str,
    blocks: Part,
    firsts: Part,
    /// Where each block begins and the last one ends, then the same of their first keys.
    starts: Column,
    n_blocks: usize,
}

impl Sorted {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        let part = |ending| container.part(&format!("{name}{ending}")).cloned();
        let (blocks, firsts) = (part("")?, part("/firsts")?);
        let starts = Column::open(container, &format!("{name}/starts"), 2)?;
        let n_blocks = starts.len() as usize / 2 - 1;
        Ok(Sorted { container: container.clone(), name, blocks, firsts, starts, n_blocks })
    }

    /// Returns the number of blocks.
    pub fn n_blocks(&self) -> usize {
        self.n_blocks
    }

    /// Returns the one block that can hold a key.
    pub fn block_of(&self, key: &[u8]) -> Result<usize> {
        let (mut low, mut high) = (0, self.n_blocks);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.first(middle)? <= key { low = middle + 1 } else { high = middle }
        }
        Ok(low.saturating_sub(1))
    }

    /// Returns the bytes of a block, whose first key stands elsewhere; `None` behind the last.
    pub fn block(&self, block: usize) -> Result<Option<&[u8]>> {
        if block >= self.n_blocks {
            return Ok(None);
        }
        let range = self.range(block, 0)?;
        self.blocks.slice(range).map(Some).map_err(|error| self.container.broken(&error))
    }

    /// Returns the first key of a block.
    pub fn first(&self, block: usize) -> Result<&[u8]> {
        let range = self.range(block, 1)?;
        self.firsts.slice(range).map_err(|error| self.container.broken(&error))
    }

    fn range(&self, block: usize, column: usize) -> Result<Range<usize>> {
        let at = column * (self.n_blocks + 1) + block;
        let (start, end) = self.starts.pair(at as u32)?;
        Ok(start as usize..end as usize)
    }

    /// Returns the error of a block that contradicts itself.
    pub fn damaged(&self) -> super::Error {
        self.container.damaged(&format!("part `{}`", self.name))
    }
}

/// Takes a key that is no block's first from the front; `key` holds the one before it.
#[inline(always)]
pub(super) fn take_key(rest: &mut &[u8], key: &mut Vec<u8>) -> Option<()> {
    let (shared, ending) = take_ending(rest)?;
    if shared > key.len() {
        return None;
    }
    key.truncate(shared);
    key.extend(ending);
    Some(())
}

/// Takes a key from the front: how many bytes it shares with the one before, and those that follow.
#[inline(always)]
pub(super) fn take_ending<'b>(rest: &mut &'b [u8]) -> Option<(usize, &'b [u8])> {
    let (&lens, behind) = rest.split_first()?;
    *rest = behind;
    let shared = take_len(lens >> 4, rest)?;
    let n = take_len(lens & LONG, rest)?;
    Some((shared, take_bytes(rest, n as u64)?))
}

#[inline(always)]
fn take_len(len: u8, rest: &mut &[u8]) -> Option<usize> {
    let more = if len == LONG { usize::try_from(take(rest)?).ok()? } else { 0 };
    more.checked_add(usize::from(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_share_their_beginnings() {
        let keys = ["", "a", "abcdefghijklmno", "abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopq~", "b"];
        let mut writer = SortedWriter::default();
        for key in keys {
            writer.key(key.as_bytes());
        }
        let (mut rest, mut key) = (&writer.blocks[..], Vec::new());
        for expected in &keys[1..] {
            assert_eq!(take_key(&mut rest, &mut key), Some(()));
            assert_eq!(key, expected.as_bytes());
        }
        assert!(rest.is_empty());
        assert_eq!(take_key(&mut &[0x10, b'x'][..], &mut Vec::new()), None, "there is nothing to share");
        assert_eq!(take_key(&mut &[0x0f, 0xff][..], &mut Vec::new()), None, "cut short");
    }
}
