//! A sorted table of keys and values that is searched where it lies.

use std::cmp::Ordering;

use super::container::{Container, Writer};
use super::error::Result;
use super::sorted::{Sorted, SortedWriter, take_ending, take_key};
use super::varint::{put, take, take_bytes};

/// Writes a table, key after key.
#[derive(Default)]
pub(super) struct TableWriter(SortedWriter);

impl TableWriter {
    /// Adds an entry; keys come in ascending order, each once.
    pub fn add(&mut self, key: &[u8], value: &[u8]) {
        self.0.key(key);
        put(&mut self.0.blocks, value.len() as u64);
        self.0.blocks.extend(value);
    }

    /// Writes the table.
    pub fn finish(self, name: &str, container: &mut Writer) -> Result<()> {
        self.0.finish(name, container)
    }
}

/// A table in a container.
#[derive(Debug)]
pub(super) struct Table(Sorted);

impl Table {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        Sorted::open(container, name).map(Table)
    }

    /// Returns the value of a key.
    pub fn get(&self, wanted: &[u8]) -> Result<Option<&[u8]>> {
        let block = self.0.block_of(wanted)?;
        let Some(mut rest) = self.0.block(block)? else { return Ok(None) };
        let mut key = self.0.first(block)?.to_owned();
        loop {
            let value = take(&mut rest).and_then(|n| take_bytes(&mut rest, n)).ok_or_else(|| self.0.damaged())?;
            match key[..].cmp(wanted) {
                Ordering::Equal => return Ok(Some(value)),
                Ordering::Less if !rest.is_empty() => {
                    take_key(&mut rest, &mut key).ok_or_else(|| self.0.damaged())?;
                }
                _ => return Ok(None),
            }
        }
    }

    /// Tells whether a key begins with these bytes.
    pub fn has_prefix(&self, start: &[u8]) -> Result<bool> {
        let mut block = self.0.block_of(start)?;
        let Some(mut rest) = self.0.block(block)? else { return Ok(false) };
        let mut key = self.0.first(block)?.to_owned();
        while &key[..] < start {
            take(&mut rest).and_then(|n| take_bytes(&mut rest, n)).ok_or_else(|| self.0.damaged())?;
            if rest.is_empty() {
                block += 1;
                return Ok(block < self.0.n_blocks() && self.0.first(block)?.starts_with(start));
            }
            take_key(&mut rest, &mut key).ok_or_else(|| self.0.damaged())?;
        }
        Ok(key.starts_with(start))
    }

    /// Calls `found` with all values, in order of their keys.
    pub fn for_each(&self, found: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut number = 0;
        while let Some(mut rest) = self.0.block(number)? {
            let mut is_first = true;
            while !rest.is_empty() {
                // The first key stands elsewhere; what it shares with the next one is not wanted here.
                let skipped = if is_first { Some(()) } else { take_ending(&mut rest).map(drop) };
                let value = skipped.and_then(|()| take(&mut rest)).and_then(|n| take_bytes(&mut rest, n));
                found(value.ok_or_else(|| self.damaged())?)?;
                is_first = false;
            }
            number += 1;
        }
        Ok(())
    }

    /// Returns the error of a table that contradicts itself.
    pub fn damaged(&self) -> super::Error {
        self.0.damaged()
    }
}
