//! Words in a row: where the slots of a phrase stand together.

use super::error::Result;
use super::plan::Way;
use crate::index::{END, Index, Places};
use crate::query::Field;

/// Positions `first..=last` of matches in one passage.
pub(super) type Occurrences = Vec<(u32, u32)>;

/// Calls `found` with each passage that holds `way` in a field, ascending; a passage of a single
/// word may be told more than once.
pub(super) fn for_each_passage(index: &Index, field: Field, way: &Way, found: &mut dyn FnMut(u32)) -> Result<()> {
    if let [slot] = &way.slots[..] {
        for term in slot {
            let Some(mut blocks) = index.blocks(field, term)? else { continue };
            while !blocks.passages().is_empty() {
                blocks.passages().iter().for_each(|&passage| found(passage));
                blocks.advance();
            }
        }
        return Ok(());
    }
    for_each_match(index, field, way, &mut |passage, _| found(passage))
}

/// Calls `found` with each passage that holds a phrase in a field and how often, ascending.
pub(super) fn for_each_match(
    index: &Index,
    field: Field,
    way: &Way,
    found: &mut dyn FnMut(u32, &Occurrences),
) -> Result<()> {
    let Some(mut cursor) = Cursor::open(index, field, way)? else { return Ok(()) };
    // The slot with the fewest words leads; the others only follow.
    let leader = (0..cursor.slots.len()).min_by_key(|&i| cursor.slots[i].cost).unwrap_or(0);
    let mut passage = cursor.slots[leader].passage();
    while passage != END {
        if !cursor.matches_in(passage).is_empty() {
            found(passage, &cursor.found);
        }
        passage = cursor.slots[leader].seek(passage + 1);
    }
    Ok(())
}

/// Reads where a way stands, in passages asked for in ascending order.
pub(super) struct Cursor {
    slots: Vec<OpenSlot>,
    slop: u32,
    positions: Vec<Vec<u32>>,
    found: Occurrences,
}

impl Cursor {
    /// Opens a way in a field; `None` when one of its slots has no word there.
    pub fn open(index: &Index, field: Field, way: &Way) -> Result<Option<Cursor>> {
        let mut slots = Vec::new();
        for terms in &way.slots {
            let mut slot = OpenSlot { lists: Vec::new(), cost: 0 };
            for term in terms {
                slot.cost += u64::from(index.frequency(field, term)?);
                slot.lists.extend(index.places(field, term)?);
            }
            if slot.lists.is_empty() {
                return Ok(None);
            }
            slots.push(slot);
        }
        Ok(Some(Cursor { positions: vec![Vec::new(); slots.len()], slots, slop: way.slop, found: Vec::new() }))
    }

    /// Returns where the way stands in a passage, ascending.
    pub fn matches_in(&mut self, passage: u32) -> &[(u32, u32)] {
        self.found.clear();
        if self.slots.iter_mut().all(|slot| slot.seek(passage) == passage) {
            for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
                slot.positions(passage, positions);
            }
            match (&self.positions[..], self.slop) {
                ([positions], _) => self.found.extend(positions.iter().map(|&at| (at, at))),
                (_, 0) => self.in_a_row(),
                (_, slop) => self.near(slop),
            }
        }
        &self.found
    }

    /// Returns how often the words of a one-word way stand in a passage.
    pub fn count_in(&mut self, passage: u32) -> u32 {
        let slot = &mut self.slots[0];
        if slot.seek(passage) != passage {
            return 0;
        }
        slot.lists.iter().filter(|list| list.passage() == passage).map(Places::count).sum()
    }

    fn in_a_row(&mut self) {
        let last = self.positions.len() as u32 - 1;
        for &first in &self.positions[0] {
            let follows = |(i, positions): (usize, &Vec<u32>)| positions.binary_search(&(first + i as u32)).is_ok();
            if self.positions.iter().enumerate().skip(1).all(follows) {
                self.found.push((first, first + last));
            }
        }
    }

    /// Finds the smallest stretches that hold a word of every slot with at most `slop` others.
    fn near(&mut self, slop: u32) {
        let n = self.positions.len();
        let widest = n as u32 + slop;
        let mut next = vec![0; n];
        loop {
            let Some(heads) = (0..n).map(|i| self.positions[i].get(next[i]).copied()).collect::<Option<Vec<u32>>>()
            else {
                return;
            };
            let mut sorted = heads.clone();
            sorted.sort_unstable();
            let (low, high) = (sorted[0], sorted[n - 1]);
            let distinct = sorted.windows(2).all(|pair| pair[0] < pair[1]);
            if distinct && high - low < widest && self.found.last().is_none_or(|&(_, end)| end < low) {
                self.found.push((low, high));
            }
            let lowest = heads.iter().position(|&at| at == low).unwrap_or(0);
            next[lowest] += 1;
        }
    }
}

/// Returns where a way stands in one passage.
pub(super) fn occurrences(index: &Index, field: Field, way: &Way, passage: u32) -> Result<Occurrences> {
    Ok(Cursor::open(index, field, way)?.map(|mut cursor| cursor.matches_in(passage).to_vec()).unwrap_or_default())
}

/// The places of the terms that may fill one slot.
struct OpenSlot {
    lists: Vec<Places>,
    cost: u64,
}

impl OpenSlot {
    fn passage(&self) -> u32 {
        self.lists.iter().map(Places::passage).min().unwrap_or(END)
    }

    fn seek(&mut self, target: u32) -> u32 {
        self.lists.iter_mut().map(|list| list.seek(target)).min().unwrap_or(END)
    }

    fn positions(&mut self, passage: u32, positions: &mut Vec<u32>) {
        positions.clear();
        for list in self.lists.iter_mut().filter(|list| list.passage() == passage) {
            list.append_positions(positions);
        }
        if self.lists.len() > 1 {
            positions.sort_unstable();
            positions.dedup();
        }
    }
}
