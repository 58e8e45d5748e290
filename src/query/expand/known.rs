//! What was found out about the words of queries, kept for the next query that asks for them.
//!
//! Batches ask for the same words again and again.

use std::sync::{Arc, OnceLock};

use super::capitals::Case;
use super::{Expansion, Extent};
use crate::memory::Memory;
use crate::query::Form;
use crate::query::topics::NameWord;

/// Entries of each kind that are remembered, at most.
const REMEMBERED: usize = 1 << 15;

pub(super) struct Known {
    /// Words as they were typed, by whether their case counts.
    pub words: [Memory<String, Arc<KnownWord>>; 2],
    /// The number of the topic with a name that is these words joined.
    pub joined: Memory<String, Option<usize>>,
    /// What the names of a topic add to a form.
    pub named: Memory<(Form, usize), Arc<Added>>,
    /// What is added to a form that is no word.
    pub added: Memory<Form, Arc<Vec<Expansion>>>,
}

impl Default for Known {
    fn default() -> Self {
        Known {
            words: [Memory::new(REMEMBERED), Memory::new(REMEMBERED)],
            joined: Memory::new(REMEMBERED),
            named: Memory::new(REMEMBERED),
            added: Memory::new(REMEMBERED),
        }
    }
}

/// A word of a query.
pub(super) struct KnownWord {
    pub name: NameWord,
    /// How the corpus writes it.
    pub case: OnceLock<Case>,
    /// A topic's name of several words may begin with it.
    pub begins_topic: bool,
    /// A topic's name may begin with it when its words are joined.
    pub joins: bool,
    /// The long form of an acronym may begin with it.
    pub begins_long_form: bool,
    /// The topic that it names by itself, as a whole query or as a part of one.
    pub topics: [OnceLock<Option<usize>>; 2],
    /// What is added to it where nothing has been yet.
    pub added: OnceLock<Vec<Expansion>>,
}

impl KnownWord {
    pub fn topic(&self, extent: Extent) -> &OnceLock<Option<usize>> {
        &self.topics[usize::from(extent == Extent::Whole)]
    }
}

/// Further forms, and look-alikes.
pub(super) struct Added {
    pub expansions: Vec<Expansion>,
    pub not: Vec<Form>,
}
