//! The texts of an index, put together from the words of the forward index and what stands between them.

use std::sync::{Arc, OnceLock};

use super::container::{Container, Part};
use super::error::Result;
use super::symbols::{Symbols, Written};
use super::texts::Records;

/// The texts of a container.
pub(super) struct Texts {
    container: Container,
    records: Records,
    /// Symbols that have a number.
    symbols: Part,
    known: OnceLock<Symbols>,
}

impl Texts {
    /// Opens the texts if there are any.
    pub fn open(container: &Container) -> Result<Option<Self>> {
        if container.part_if_any("texts").is_none() {
            return Ok(None);
        }
        Ok(Some(Texts {
            container: container.clone(),
            records: Records::open(container, "texts")?,
            symbols: container.part("texts/symbols")?.clone(),
            known: OnceLock::new(),
        }))
    }

    /// Returns the text with a number, of these words.
    pub fn text(&self, number: u32, words: &[Arc<Written>]) -> Result<String> {
        let record = self.records.record(number)?;
        self.symbols()?.text(record.bytes(), words).ok_or_else(|| self.records.damaged())
    }

    /// Returns what the index keeps of the text with a number, beside its words.
    pub fn code(&self, number: u32) -> Result<Vec<u8>> {
        Ok(self.records.record(number)?.bytes().to_vec())
    }

    fn symbols(&self) -> Result<&Symbols> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let bytes = self.symbols.bytes_at(0..self.symbols.n_bytes()).map_err(|error| self.container.broken(&error))?;
        let read = Symbols::read(bytes).ok_or_else(|| self.container.damaged("part `texts/symbols`"))?;
        Ok(self.known.get_or_init(|| read))
    }
}
