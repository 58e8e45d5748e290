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

impl Default for Found {
    fn default() -> Self {
        Found::All(Arc::default())
    }
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

/// A phrase, looked for in a field.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// The passages that hold it.
    All(Arc<Passages>),
    /// About so many: it is looked for only where that matters.
    Common(u32),
}

/// Passages that are remembered, at most, over all phrases: 32 MiB.
const REMEMBERED: usize = 1 << 22;

/// What makes a phrase: field, terms, words that may stand between.
type Key = (Field, Vec<Slot>, u32);

/// Finds phrases, each once.
pub(super) struct Phrases<'i> {
    index: &'i Index,
    known: Memory<Key, Found>,
}

impl<'i> Phrases<'i> {
    pub fn new(index: &'i Index) -> Self {
        Phrases { index, known: Memory::new(REMEMBERED) }
    }

    /// Looks for a phrase in a field. `near` says that the same words will be asked for with so many others between:
    /// they are looked for at once.
    pub fn find(&self, field: Field, way: &Way, near: Option<u32>) -> Result<Found> {
        let key = (field, way.slots.clone(), way.slop);
        if let Some(found) = self.known.recall(&key) {
            return Ok(found);
        }
        let (found, others) = phrase::find_all(self.index, field, way, near)?;
        if let Some((near, others)) = near.zip(others) {
            self.keep((field, way.slots.clone(), near), others);
        }
        Ok(self.keep(key, found))
    }

    fn keep(&self, key: Key, found: Found) -> Found {
        // One that nothing holds takes room as well.
        let size = if let Found::All(passages) = &found { passages.numbers.len() } else { 0 };
        self.known.keep(key, &found, size + 1);
        found
    }
}
