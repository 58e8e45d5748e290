//! Where phrases were found, kept for the next query that asks for them.

use std::sync::Arc;

use super::error::Result;
use super::phrase;
use super::plan::{Slot, Way};
use crate::index::Index;
use crate::memory::Memory;
use crate::query::Field;

/// The passages that hold a phrase in a field, ascending, with how often.
pub(super) type Passages = Arc<Vec<(u32, u32)>>;

/// Passages that are remembered, at most, over all phrases: some megabytes.
const REMEMBERED: usize = 1 << 20;

/// What makes a phrase: field, terms, words that may stand between.
type Key = (Field, Vec<Slot>, u32);

/// Finds phrases, each once.
pub(super) struct Phrases<'i> {
    index: &'i Index,
    known: Memory<Key, Passages>,
}

impl<'i> Phrases<'i> {
    pub fn new(index: &'i Index) -> Self {
        Phrases { index, known: Memory::new(REMEMBERED) }
    }

    /// Returns the passages that hold a phrase in a field.
    pub fn passages(&self, field: Field, way: &Way) -> Result<Passages> {
        let key = (field, way.slots.clone(), way.slop);
        if let Some(passages) = self.known.recall(&key) {
            return Ok(passages);
        }
        let passages = Arc::new(phrase::passages(self.index, field, way)?);
        // One that nothing holds takes room as well.
        self.known.keep(key, &passages, passages.len() + 1);
        Ok(passages)
    }
}
