//! Keys in ascending order with something about each, in blocks: what tables and the dictionary share.
//!
//! A key is told by what it shares with the one before it. A lookup is a binary search over the
//! blocks' first keys, then a walk through one block: whatever the number of keys, few chunks of the
//! file are touched.

use std::ops::Range;

use super::container::{Container, Part, Writer};
use super::error::Result;
use super::varint::{put, take, take_bytes};

/// Keys of a block: few enough to walk through, enough to share their beginnings.
const BLOCK: usize = 32;
/// Bytes that a block's place takes.
const START: usize = 16;

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
    /// For each block: where it begins in `blocks`, where its first key begins in `firsts`.
    starts: Vec<u8>,
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
            put(&mut self.blocks, shared as u64);
            put(&mut self.blocks, (key.len() - shared) as u64);
            self.blocks.extend(&key[shared..]);
        }
        key.clone_into(&mut self.last);
        self.n_keys += 1;
        if first { Stands::First } else { Stands::Behind }
    }

    fn start_block(&mut self) {
        self.starts.extend((self.blocks.len() as u64).to_le_bytes());
        self.starts.extend((self.firsts.len() as u64).to_le_bytes());
    }

    /// Writes three parts, `name`, `name/firsts` and `name/starts`.
    pub fn finish(mut self, name: &str, container: &mut Writer) -> Result<()> {
        self.start_block();
        container.part(name, &self.blocks)?;
        container.part(&format!("{name}/firsts"), &self.firsts)?;
        container.part(&format!("{name}/starts"), &self.starts)
    }
}

/// Blocks of keys in a container.
#[derive(Debug)]
pub(super) struct Sorted {
    container: Container,
    name: &'static str,
    blocks: Part,
    firsts: Part,
    starts: Part,
    n_blocks: usize,
}

impl Sorted {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        let part = |ending| container.part(&format!("{name}{ending}")).cloned();
        let (blocks, firsts, starts) = (part("")?, part("/firsts")?, part("/starts")?);
        // One place more than blocks.
        let n_blocks = (starts.n_bytes() / START).checked_sub(1);
        let n_blocks = n_blocks.ok_or_else(|| container.damaged(&format!("part `{name}/starts`")))?;
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
        let at = |block: usize| self.starts.u64_at(block * START / 8 + column);
        let range = at(block).and_then(|start| Ok(start as usize..at(block + 1)? as usize));
        range.map_err(|error| self.container.broken(&error))
    }

    /// Returns the error of a block that contradicts itself.
    pub fn damaged(&self) -> super::Error {
        self.container.damaged(&format!("part `{}`", self.name))
    }
}

/// Takes a key that is no block's first from the front; `key` holds the one before it.
#[inline]
pub(super) fn take_key(rest: &mut &[u8], key: &mut Vec<u8>) -> Option<()> {
    let shared = take(rest)? as usize;
    let n = take(rest)?;
    let ending = take_bytes(rest, n)?;
    if shared > key.len() {
        return None;
    }
    key.truncate(shared);
    key.extend(ending);
    Some(())
}
