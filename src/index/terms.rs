//! Where the terms of an open index are found: lists, places, and the words of bodies in order.

use super::bodies::Bodies;
use super::columns::Lengths;
use super::engine::number;
use super::error::{Error, Result};
use super::open::Index;
use super::postings::{self, Blocks, Places};
use super::sieve::Sieve;
use crate::query::Field;

impl Index {
    /// Returns the number of words of a field in all passages.
    pub fn n_words(&self, field: Field) -> u64 {
        self.lists.n_words(number(field))
    }

    /// Returns the mean length of a field in words.
    pub fn mean_length(&self, field: Field) -> f32 {
        let n = self.n_words(field);
        (n as f32 / self.n_passages().max(1) as f32).max(1.0)
    }

    /// Returns what an occurrence counts in a field by the weights that tell a [`Peak`](super::Peak) from the
    /// rest of its block, by the code of the passage's length.
    pub fn peak_weights(&self, field: Field) -> [f32; 256] {
        postings::peak_weights(self.n_words(field) as f32 / self.n_passages() as f32)
    }

    /// Returns how a field's lengths are told: a byte for each passage, a length for each byte.
    pub fn lengths(&self, field: Field) -> Lengths<'_> {
        Lengths::of(&self.lengths[number(field)])
    }

    /// Returns the number of passages with a term in a field.
    pub fn frequency(&self, field: Field, term: &str) -> Result<u32> {
        let entry = self.dictionary.find(term.as_bytes())?;
        Ok(entry.and_then(|entry| entry.extent(field).map(|extent| extent.n_passages)).unwrap_or(0))
    }

    /// Returns the passages with a term in a field.
    pub fn blocks(&self, field: Field, term: &str) -> Result<Option<Blocks>> {
        let entry = self.dictionary.find(term.as_bytes())?;
        let Some(extent) = entry.as_ref().and_then(|entry| entry.extent(field)) else { return Ok(None) };
        self.lists.blocks(number(field), extent).map(Some).map_err(|error| self.container.broken(&error))
    }

    /// Returns the places of a term in a field.
    pub fn places(&self, field: Field, term: &str) -> Result<Option<Places>> {
        let entry = self.dictionary.find(term.as_bytes())?;
        let Some(extent) = entry.as_ref().and_then(|entry| entry.extent(field)) else { return Ok(None) };
        self.lists.places(number(field), extent).map(Some).map_err(|error| self.container.broken(&error))
    }

    /// Reads the words of a passage's body, and puts them behind those read before.
    pub fn read_body(&self, passage: u32, bodies: &mut Bodies) -> Result<()> {
        self.forward.read(passage, bodies)
    }

    /// Returns a sieve that keeps words of these ranks, and some others. With a `seam` it may keep nothing of
    /// passages in which no word of the first kind stands before one of the second.
    pub fn sieve(&self, ranks: impl Iterator<Item = u32>, seam: Option<[&[u32]; 2]>) -> Result<Sieve> {
        self.forward.sieve(ranks, seam)
    }

    /// Calls `found` with the position and rank of the words of a passage's body that a sieve keeps.
    pub fn sift(&self, passage: u32, sieve: &Sieve, found: impl FnMut(u32, u32)) -> Result<()> {
        self.forward.sift(passage, sieve, found)
    }

    /// Returns the ranks under which [`Index::read_body`] tells a term: its own, and that of its capitals.
    pub fn ranks(&self, term: &str) -> Result<[Option<u32>; 2]> {
        let rank = |term: &str| Ok::<_, Error>(self.dictionary.find(term.as_bytes())?.and_then(|entry| entry.rank));
        let has_capitals = term.bytes().any(|byte| byte.is_ascii_lowercase());
        let capitals = if has_capitals { rank(&term.to_ascii_uppercase())? } else { None };
        Ok([rank(term)?, capitals])
    }
}
