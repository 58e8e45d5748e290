//! The acronyms of an index: found by short and by long form where they lie.

use serde::{Deserialize, Serialize};

use super::container::{Container, Writer};
use super::error::Result;
use super::table::{Table, TableWriter};
use crate::analysis::acronyms::{Acronyms, Sense, long_key, short_keys};

/// A short form of a long one, and how often papers explain it.
#[derive(Serialize, Deserialize)]
struct Short {
    short: String,
    count: u32,
}

/// Writes the acronyms that papers explain.
pub(super) fn write(acronyms: &Acronyms, container: &mut Writer) -> Result<()> {
    let mut table = TableWriter::default();
    for (key, senses) in acronyms.by_short() {
        table.add(key.as_bytes(), &postcard::to_stdvec(&senses).expect("plain data"));
    }
    table.finish("acronyms", container)?;
    let mut table = TableWriter::default();
    for (key, senses) in acronyms.by_long() {
        let shorts: Vec<Short> =
            senses.into_iter().map(|sense| Short { short: sense.short.clone(), count: sense.count }).collect();
        table.add(key.as_bytes(), &postcard::to_stdvec(&shorts).expect("plain data"));
    }
    table.finish("acronyms/long", container)
}

/// The acronyms of a container.
#[derive(Debug)]
pub(super) struct KnownAcronyms {
    by_short: Table,
    by_long: Table,
}

impl KnownAcronyms {
    pub fn open(container: &Container) -> Result<Self> {
        Ok(KnownAcronyms {
            by_short: Table::open(container, "acronyms")?,
            by_long: Table::open(container, "acronyms/long")?,
        })
    }

    /// Returns what a short form stands for, the sense of most papers first.
    pub fn senses_of(&self, short: &str) -> Result<Vec<Sense>> {
        for key in short_keys(short) {
            if let Some(senses) = self.by_short.get(key.as_bytes())? {
                return postcard::from_bytes(senses).map_err(|_| self.by_short.damaged());
            }
        }
        Ok(Vec::new())
    }

    /// Returns the short forms of a long one with how often papers say so, that of most papers first.
    pub fn shorts_of(&self, long: &str) -> Result<Vec<(String, u32)>> {
        let Some(shorts) = self.by_long.get(long_key(long).as_bytes())? else { return Ok(Vec::new()) };
        let shorts: Vec<Short> = postcard::from_bytes(shorts).map_err(|_| self.by_long.damaged())?;
        Ok(shorts.into_iter().map(|short| (short.short, short.count)).collect())
    }

    /// Tells whether a long form may begin with words.
    pub fn long_form_may_begin_with(&self, words: &str) -> Result<bool> {
        let start = long_key(words);
        Ok(start.is_empty() || self.by_long.has_prefix(start.as_bytes())?)
    }

    /// Returns all senses, in order of their short forms.
    pub fn all(&self) -> Result<Vec<Sense>> {
        let mut all = Vec::new();
        self.by_short.for_each(&mut |senses| {
            let senses: Vec<Sense> = postcard::from_bytes(senses).map_err(|_| self.by_short.damaged())?;
            all.extend(senses);
            Ok(())
        })?;
        Ok(all)
    }
}
