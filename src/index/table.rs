//! A sorted table of keys and values that is searched where it lies.

use tantivy::directory::OwnedBytes;

use super::container::{Container, Writer};
use super::error::Result;

/// Writes a table, key after key.
#[derive(Default)]
pub(super) struct TableWriter {
    offsets: Vec<u8>,
    entries: Vec<u8>,
}

impl TableWriter {
    /// Adds an entry; keys come in ascending order, each once.
    pub fn add(&mut self, key: &[u8], value: &[u8]) {
        self.offsets.extend((self.entries.len() as u64).to_le_bytes());
        self.entries.extend((key.len() as u32).to_le_bytes());
        self.entries.extend(key);
        self.entries.extend(value);
    }

    /// Writes the table as two parts, `name` and `name/offsets`.
    pub fn finish(mut self, name: &str, container: &mut Writer) -> Result<()> {
        self.offsets.extend((self.entries.len() as u64).to_le_bytes());
        container.part(name, &self.entries)?;
        container.part(&format!("{name}/offsets"), &self.offsets)
    }
}

/// A table in a container.
#[derive(Debug)]
pub(super) struct Table {
    container: Container,
    name: &'static str,
    offsets: String,
    n_entries: usize,
}

impl Table {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        let offsets = format!("{name}/offsets");
        let n_entries = (container.part(&offsets)?.n_bytes() / 8)
            .checked_sub(1)
            .ok_or_else(|| container.damaged(&format!("part `{offsets}`")))?;
        container.part(name)?;
        Ok(Table { container: container.clone(), name, offsets, n_entries })
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.n_entries
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &[u8]) -> Result<Option<OwnedBytes>> {
        let (mut low, mut high) = (0, self.n_entries);
        while low < high {
            let middle = (low + high) / 2;
            let (found, value) = self.entry(middle)?;
            match found[..].cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(value)),
            }
        }
        Ok(None)
    }

    fn entry(&self, i: usize) -> Result<(OwnedBytes, OwnedBytes)> {
        let broken = |error: std::io::Error| self.container.broken(&error);
        let offsets = self.container.part(&self.offsets)?;
        let range = offsets.u64_at(i).map_err(broken)? as usize..offsets.u64_at(i + 1).map_err(broken)? as usize;
        let entry = self.container.part(self.name)?.bytes_at(range).map_err(broken)?;
        let damaged = || self.container.damaged(&format!("part `{}`", self.name));
        let key_len = entry.get(..4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
        let key_end = key_len.map(|len| 4 + len as usize).filter(|&end| end <= entry.len()).ok_or_else(damaged)?;
        Ok((entry.slice(4..key_end), entry.slice(key_end..entry.len())))
    }
}
