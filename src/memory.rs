//! A memory between queries: what was looked up once is at hand when the next one asks for it.
//!
//! It decides nothing: whoever asks gets the same from an empty memory, later.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// Values by key, shared between threads, up to a bound; what comes later is not kept.
#[derive(Debug)]
pub(crate) struct Memory<K, V> {
    known: RwLock<Known<K, V>>,
    room: usize,
}

#[derive(Debug)]
struct Known<K, V> {
    values: FxHashMap<K, V>,
    used: usize,
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// Returns an empty memory with room for so much.
    pub fn new(room: usize) -> Self {
        Memory { known: RwLock::new(Known { values: FxHashMap::default(), used: 0 }), room }
    }

    /// Returns what is kept under a key.
    pub fn recall<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.known.read().unwrap_or_else(PoisonError::into_inner).values.get(key).cloned()
    }

    /// Returns what is kept under several keys, in their order.
    pub fn recall_all(&self, keys: impl Iterator<Item = K>) -> Vec<Option<V>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        keys.map(|key| known.values.get(&key).cloned()).collect()
    }

    /// Keeps a value that takes so much room, if it is left.
    pub fn keep(&self, key: K, value: &V, size: usize) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.used + size <= self.room {
            known.used += size;
            known.values.insert(key, value.clone());
        }
    }

    /// Returns the value of a key, which is made when it is not kept.
    pub fn get(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        self.recall(&key).unwrap_or_else(|| {
            let value = make(&key);
            self.keep(key, &value, 1);
            value
        })
    }
}

/// The values kept last, newest first: what is asked for together often lies together.
#[derive(Debug)]
pub(crate) struct Last<K, V> {
    known: Mutex<Vec<(K, V)>>,
    most: usize,
}

impl<K: Eq, V: Clone> Last<K, V> {
    /// Returns an empty memory of so many values at most.
    pub fn new(most: usize) -> Self {
        Last { known: Mutex::default(), most }
    }

    /// Returns what is kept under a key.
    pub fn recall(&self, key: &K) -> Option<V> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    /// Keeps a value in place of the oldest.
    pub fn keep(&self, key: K, value: &V) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(0, (key, value.clone()));
        known.truncate(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let last = Last::new(2);
        (1..4).for_each(|key| last.keep(key, &(10 * key)));
        assert_eq!([1, 2, 3].map(|key| last.recall(&key)), [None, Some(20), Some(30)]);
    }

    #[test]
    fn what_is_known_is_not_made_again_and_there_is_a_bound() {
        let memory: Memory<String, usize> = Memory::new(3);
        assert_eq!(memory.get("a".to_owned(), String::len), 1);
        assert_eq!(memory.get("a".to_owned(), |_| 9), 1);
        memory.keep("large".to_owned(), &5, 3);
        assert_eq!(memory.recall("large"), None);
        memory.keep("small".to_owned(), &5, 2);
        assert_eq!(memory.recall("small"), Some(5));
        assert_eq!(memory.get("full".to_owned(), String::len), 4);
        assert_eq!(memory.recall("full"), None);
        assert_eq!(memory.recall_all(["small", "a", "b"].map(str::to_owned).into_iter()), [Some(5), Some(1), None]);
    }
}
