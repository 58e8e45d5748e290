//! Where the terms of an open index are found: lists, places, and the words of bodies in order.

use std::io;

use super::bodies::Bodies;
use super::columns::Lengths;
use super::engine::number;
use super::error::{Error, Result};
use super::open::Index;
use super::postings::{self, Blocks, Extent, Places};
use super::sieve::Sieve;
use super::unions;
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

    /// Returns the passages with any of several terms in a field, in one list or more: the counts of a passage that is
    /// in several add up.
    pub fn blocks_of_any(&self, field: Field, terms: &[String]) -> Result<Vec<Blocks>> {
        let mut all = Vec::new();
        self.for_each_list(field, terms, &mut |extent, is_union| {
            let lists = &self.lists;
            all.push(if is_union { lists.union_blocks(extent)? } else { lists.blocks(number(field), extent)? });
            Ok(())
        })?;
        Ok(all)
    }

    /// Returns the places of several terms in a field, in one list or more, each with the number of its passages.
    pub fn places_of_any(&self, field: Field, terms: &[String]) -> Result<Vec<(Places, u32)>> {
        let mut all = Vec::new();
        self.for_each_list(field, terms, &mut |extent, is_union| {
            let lists = &self.lists;
            let places = if is_union { lists.union_places(extent)? } else { lists.places(number(field), extent)? };
            all.push((places, extent.n_passages));
            Ok(())
        })?;
        Ok(all)
    }

    /// Calls `found` with where the lists of terms in a field are, and whether they are those of unions: as few as
    /// there are.
    fn for_each_list(
        &self,
        field: Field,
        terms: &[String],
        found: &mut dyn FnMut(&Extent, bool) -> io::Result<()>,
    ) -> Result<()> {
        /// Of a class with a union some word is in more passages, unless it has a great many.
        const MANY: u32 = unions::LONG / 16;
        let entries = terms.iter().map(|term| self.dictionary.find(term.as_bytes()));
        let entries: Vec<_> = entries.collect::<Result<_>>()?;
        let extents: Vec<_> =
            entries.iter().map(|entry| entry.as_ref().and_then(|entry| entry.extent(field))).collect();
        let mut is_told = vec![false; terms.len()];
        let broken = |error| self.container.broken(&error);
        for (i, extent) in extents.iter().enumerate() {
            let is_many = extent.is_some_and(|extent| extent.n_passages >= MANY);
            if terms.len() == 1 || field != Field::Body || !is_many || is_told[i] {
                continue;
            }
            for union in &self.class(&terms[i])?.unions {
                let place = |word| terms.iter().position(|term| term == word);
                let places: Option<Vec<usize>> = union.words.iter().map(place).collect();
                let Some(places) = places.filter(|places| places.iter().all(|&at| !is_told[at])) else { continue };
                places.into_iter().for_each(|at| is_told[at] = true);
                found(&union.extent, true).map_err(broken)?;
            }
        }
        let others = extents.into_iter().zip(is_told).filter(|(_, is_told)| !is_told);
        others.filter_map(|(extent, _)| extent).try_for_each(|extent| found(extent, false)).map_err(broken)
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
