//! What fills the slots of something asked for, by rank: it is looked for so in the words of bodies.

use std::sync::OnceLock;

use super::error::Result;
use super::group::Sought;
use super::matcher::Matcher;
use super::phrase::{self, Occurrences};
use super::ways::{Slot, Way};
use crate::index::Index;

/// The ranks that fill the slots of all ways; equal slots are one.
#[derive(Debug)]
pub(super) struct Fillers {
    pub ways: Vec<OpenWay>,
    /// The term as typed, among the inflections of a one-word group.
    pub typed: Option<OpenWay>,
    pub n_slots: usize,
    /// Each with the number of its slot.
    pub ranks: Vec<(u32, u32)>,
}

/// A way, by the numbers of its slots.
#[derive(Debug)]
pub(super) struct OpenWay {
    slots: Vec<usize>,
    slop: u32,
}

impl OpenWay {
    /// Appends where the way stands in the passage that a matcher has read, in which its slots are numbered
    /// from `first` on.
    pub fn find(&self, matcher: &Matcher, first: usize, found: &mut Occurrences) {
        if let [slot] = self.slots[..] {
            matcher.positions(first + slot).iter().for_each(|&at| found.push((at, at)));
            return;
        }
        let positions = |slot: &usize| matcher.positions(first + slot);
        if self.slots.iter().all(|slot| !positions(slot).is_empty()) {
            let positions: Vec<&[u32]> = self.slots.iter().map(positions).collect();
            phrase::find(&positions, self.slop, found);
        }
    }

    /// Returns how often a way of one word stands in the passage that a matcher has read.
    pub fn count(&self, matcher: &Matcher, first: usize, found: &mut Occurrences) -> usize {
        if let [slot] = self.slots[..] {
            return matcher.positions(first + slot).len();
        }
        found.clear();
        self.find(matcher, first, found);
        found.len()
    }
}

/// Fillers, once they are looked up.
#[derive(Debug, Default)]
pub(super) struct Known(OnceLock<Fillers>);

impl Clone for Known {
    /// A copy may come to have other ways.
    fn clone(&self) -> Self {
        Known::default()
    }
}

impl Sought {
    /// Returns what fills the slots of its ways.
    pub fn fillers(&self, index: &Index) -> Result<&Fillers> {
        if let Some(fillers) = self.fillers.0.get() {
            return Ok(fillers);
        }
        let mut slots: Vec<&Slot> = Vec::new();
        let ways = self.ways.iter().map(|way| open(way, &mut slots)).collect();
        let typed = self.typed.as_ref().map(|way| open(way, &mut slots));
        let mut ranks = Vec::new();
        for (slot, number) in slots.iter().zip(0..) {
            for term in slot.iter() {
                ranks.extend(index.ranks(term)?.into_iter().flatten().map(|rank| (rank, number)));
            }
        }
        let n_slots = slots.len();
        Ok(self.fillers.0.get_or_init(|| Fillers { ways, typed, n_slots, ranks }))
    }
}

/// Numbers the slots of a way.
fn open<'w>(way: &'w Way, slots: &mut Vec<&'w Slot>) -> OpenWay {
    let mut number = |slot| {
        slots.iter().position(|&known| known == slot).unwrap_or_else(|| {
            slots.push(slot);
            slots.len() - 1
        })
    };
    OpenWay { slots: way.slots.iter().map(&mut number).collect(), slop: way.slop }
}
