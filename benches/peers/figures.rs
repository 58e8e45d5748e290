//! What was measured, kept from run to run, so that a part can be measured again alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::peer::Peer;

/// What a number is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    section: String,
    size: usize,
    peer: String,
    what: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    key: Key,
    value: f64,
}

/// All numbers, by section, size, peer and what they count.
#[derive(Default)]
pub struct Figures(BTreeMap<Key, f64>);

fn key(section: &str, size: usize, peer: &str, what: &str) -> Key {
    Key { section: section.to_owned(), size, peer: peer.to_owned(), what: what.to_owned() }
}

impl Figures {
    /// Reads what earlier runs have measured; nothing when there was none.
    pub fn read(path: &Path) -> Figures {
        let text = fs::read_to_string(path).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Figures(lines.map(|line| (line.key, line.value)).collect())
    }

    pub fn write(&self, path: &Path) -> Result<(), String> {
        let line = |(key, &value): (&Key, &f64)| serde_json::to_string(&Line { key: key.clone(), value });
        let lines: Result<Vec<String>, _> = self.0.iter().map(line).collect();
        let text = lines.map_err(|error| error.to_string())?.join("\n") + "\n";
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub fn set(&mut self, section: &str, size: usize, peer: Peer, what: &str, value: f64) {
        self.set_of(section, size, peer.name(), what, value);
    }

    pub fn set_of(&mut self, section: &str, size: usize, who: &str, what: &str, value: f64) {
        self.0.insert(key(section, size, who, what), value);
    }

    pub fn get(&self, section: &str, size: usize, peer: Peer, what: &str) -> Option<f64> {
        self.get_of(section, size, peer.name(), what)
    }

    pub fn get_of(&self, section: &str, size: usize, who: &str, what: &str) -> Option<f64> {
        self.0.get(&key(section, size, who, what)).copied()
    }

    /// Returns the sizes that a section has, smallest first.
    pub fn sizes(&self, section: &str) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.0.keys().filter(|key| key.section == section).map(|key| key.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// Returns who has a number in a section at a size, in the order of `order`.
    pub fn who<'a>(&self, section: &str, size: usize, order: &[&'a str]) -> Vec<&'a str> {
        let has =
            |name: &&&str| self.0.keys().any(|key| key.section == section && key.size == size && key.peer == **name);
        order.iter().filter(has).copied().collect()
    }
}
