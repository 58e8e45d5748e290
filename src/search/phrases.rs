//! Where phrases were found, kept for the next query that asks for them.

use std::sync::Arc;

use super::error::Result;
use super::phrase;
use super::ways::{Slot, Way};
use crate::index::Index;
use crate::memory::Memory;
use crate::query::Field;

/// The passages that hold a phrase in a field, ascending, with how often.
#[derive(Debug, Default)]
pub(super) struct Passages {
    numbers: Vec<u32>,
    counts: Vec<u32>,
}

impl Passages {
    /// Adds a passage, unless the phrase stands nowhere in it.
    pub fn add(&mut self, passage: u32, count: u32) {
        if count > 0 {
            self.numbers.push(passage);
            self.counts.push(count);
        }
    }

    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    pub fn counts(&self) -> &[u32] {
        &self.counts
    }
}

/// Passages that are remembered, at most, over all phrases: 32 MiB.
const REMEMBERED: usize = 1 << 22;

/// What makes a phrase: field, terms, words that may stand between.
type Key = (Field, Vec<Slot>, u32);

/// Finds phrases, each once.
pub(super) struct Phrases<'i> {
    index: &'i Index,
    known: Memory<Key, Arc<Passages>>,
}

impl<'i> Phrases<'i> {
    pub fn new(index: &'i Index) -> Self {
        Phrases { index, known: Memory::new(REMEMBERED) }
    }

    /// Returns the passages that hold a phrase in a field. `near` says that the same words will be asked
    /// for with so many others between: they are looked for at once.
    pub fn passages(&self, field: Field, way: &Way, near: Option<u32>) -> Result<Arc<Passages>> {
        let key = (field, way.slots.clone(), way.slop);
        if let Some(passages) = self.known.recall(&key) {
            return Ok(passages);
        }
        let (passages, others) = phrase::passages(self.index, field, way, near)?;
        if let Some(near) = near {
            self.keep((field, way.slots.clone(), near), others);
        }
        Ok(self.keep(key, passages))
    }

    fn keep(&self, key: Key, passages: Passages) -> Arc<Passages> {
        let passages = Arc::new(passages);
        // One that nothing holds takes room as well.
        self.known.keep(key, &passages, passages.numbers.len() + 1);
        passages
    }
}
