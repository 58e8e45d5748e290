//! What was found out about the words of queries, kept for the next query that asks for them.
//!
//! Batches ask for the same words again and again. Nothing here decides anything: with an empty
//! memory every query is expanded alike.

use std::hash::Hash;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::{Expansion, Extent};
use crate::query::Form;
use crate::query::topics::NameWord;

/// Entries of each kind that are remembered, at most.
const REMEMBERED: usize = 1 << 15;

#[derive(Default)]
pub(super) struct Memory {
    pub words: Shelf<Typed, Arc<KnownWord>>,
    /// The number of the topic with a name that is these words joined.
    pub joined: Shelf<String, Option<usize>>,
    /// What the names of a topic add to a form.
    pub named: Shelf<(Form, usize), Arc<Added>>,
}

/// A word of a name as it was typed, and whether its case counts.
pub(super) type Typed = (String, bool);

/// A word of a query.
pub(super) struct KnownWord {
    pub name: NameWord,
    /// A topic's name of several words may begin with it.
    pub begins_topic: bool,
    /// The long form of an acronym may begin with it.
    pub begins_long_form: bool,
    /// The topic that it names by itself, as a whole query or as a part of one.
    topics: [OnceLock<Option<usize>>; 2],
    /// What is added to it where nothing has been yet.
    pub added: OnceLock<Vec<Expansion>>,
}

impl KnownWord {
    pub fn new(name: NameWord, begins_topic: bool, begins_long_form: bool) -> Self {
        KnownWord { name, begins_topic, begins_long_form, topics: Default::default(), added: OnceLock::new() }
    }

    pub fn topic(&self, extent: Extent) -> &OnceLock<Option<usize>> {
        &self.topics[usize::from(extent == Extent::Whole)]
    }
}

/// Further forms, and look-alikes.
pub(super) struct Added {
    pub expansions: Vec<Expansion>,
    pub not: Vec<Form>,
}

/// Values by key, shared between threads.
pub(super) struct Shelf<K, V>(RwLock<FxHashMap<K, V>>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Shelf(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Shelf<K, V> {
    /// Returns the value of a key, which is made when it is not here.
    pub fn get(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        if let Some(value) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return value.clone();
        }
        let value = make(&key);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.insert(key, value.clone());
        }
        value
    }
}
