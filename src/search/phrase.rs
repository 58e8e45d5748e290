//! Words in a row: where the slots of a phrase stand together.

use super::error::Result;
use super::matcher::Matcher;
use super::phrases::Passages;
use super::plan::{Group, Way};
use crate::index::{END, Index, Places, Sieve};
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
fn for_each_match(index: &Index, field: Field, way: &Way, found: &mut dyn FnMut(u32, &Occurrences)) -> Result<()> {
    let Some(mut cursor) = Cursor::open(index, field, way)? else { return Ok(()) };
    // The slot with the fewest words leads; the others only follow.
    let leader = (0..cursor.slots.len()).min_by_key(|&i| cursor.slots[i].cost).unwrap_or(0);
    let mut passage = cursor.slots[leader].passage();
    while passage != END {
        if !cursor.matches_in(passage)?.is_empty() {
            found(passage, &cursor.found);
        }
        passage = cursor.slots[leader].seek(passage + 1);
    }
    Ok(())
}

/// Returns the passages that hold a phrase in a field.
pub(super) fn passages(index: &Index, field: Field, way: &Way) -> Result<Passages> {
    let mut passages = Passages::default();
    for_each_match(index, field, way, &mut |passage, found| passages.add(passage, found.len() as u32))?;
    Ok(passages)
}

/// Reads where a way stands in a field, in passages asked for in ascending order.
pub(super) struct Cursor<'i> {
    index: &'i Index,
    slots: Vec<OpenSlot>,
    slop: u32,
    /// Bodies are read word by word; the slots' numbers in it are theirs here.
    body: Option<(Matcher, Sieve)>,
    positions: Vec<Vec<u32>>,
    found: Occurrences,
}

impl<'i> Cursor<'i> {
    /// Opens a way in a field; `None` when one of its slots has no word there.
    pub fn open(index: &'i Index, field: Field, way: &Way) -> Result<Option<Self>> {
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
        let mut body = None;
        if field == Field::Body {
            let matcher = Matcher::of_slots(index, &way.slots)?;
            let sieve = Sieve::of(matcher.ranks());
            body = Some((matcher, sieve));
        }
        let positions = vec![Vec::new(); slots.len()];
        Ok(Some(Cursor { index, slots, slop: way.slop, body, positions, found: Vec::new() }))
    }

    /// Returns where the way stands in a passage, ascending.
    pub fn matches_in(&mut self, passage: u32) -> Result<&[(u32, u32)]> {
        self.found.clear();
        if !self.slots.iter_mut().all(|slot| slot.seek(passage) == passage) {
            return Ok(&self.found);
        }
        if let Some((matcher, sieve)) = &mut self.body {
            matcher.sift(self.index, passage, sieve)?;
            let positions: Vec<&[u32]> = (0..self.slots.len()).map(|slot| matcher.positions(slot)).collect();
            find(&positions, self.slop, &mut self.found);
        } else {
            for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
                slot.positions(passage, positions);
            }
            let positions: Vec<&[u32]> = self.positions.iter().map(Vec::as_slice).collect();
            find(&positions, self.slop, &mut self.found);
        }
        Ok(&self.found)
    }
}

impl Cursor<'_> {
    /// Returns how often the words of a one-word way stand in a passage.
    pub fn count_in(&mut self, passage: u32) -> u32 {
        let slot = &mut self.slots[0];
        if slot.seek(passage) != passage {
            return 0;
        }
        slot.lists.iter().filter(|list| list.passage() == passage).map(Places::count).sum()
    }
}

/// Appends where slots that stand at `positions` match: in a row, or near each other with a slop.
pub(super) fn find(positions: &[&[u32]], slop: u32, found: &mut Occurrences) {
    match (positions, slop) {
        ([positions], _) => found.extend(positions.iter().map(|&at| (at, at))),
        (_, 0) => in_a_row(positions, found),
        (_, slop) => near(positions, slop, found),
    }
}

fn in_a_row(positions: &[&[u32]], found: &mut Occurrences) {
    let Some((first, others)) = positions.split_first() else { return };
    for &start in *first {
        let follows = |(i, positions): (usize, &&[u32])| positions.binary_search(&(start + 1 + i as u32)).is_ok();
        if others.iter().enumerate().all(follows) {
            found.push((start, start + others.len() as u32));
        }
    }
}

/// Finds the smallest stretches that hold a word of every slot with at most `slop` others.
fn near(positions: &[&[u32]], slop: u32, found: &mut Occurrences) {
    let n = positions.len();
    let n_before = found.len();
    let widest = n as u32 + slop;
    let mut next = vec![0; n];
    loop {
        let Some(heads) = (0..n).map(|i| positions[i].get(next[i]).copied()).collect::<Option<Vec<u32>>>() else {
            return;
        };
        let mut sorted = heads.clone();
        sorted.sort_unstable();
        let (low, high) = (sorted[0], sorted[n - 1]);
        let distinct = sorted.windows(2).all(|pair| pair[0] < pair[1]);
        if distinct && high - low < widest && found[n_before..].last().is_none_or(|&(_, end)| end < low) {
            found.push((low, high));
        }
        let lowest = heads.iter().position(|&at| at == low).unwrap_or(0);
        next[lowest] += 1;
    }
}

/// Reads where a group stands in a field, its look-alikes aside, in passages in ascending order.
pub(super) struct GroupCursor<'i> {
    ways: Vec<Cursor<'i>>,
    not: Vec<Cursor<'i>>,
}

impl<'i> GroupCursor<'i> {
    pub fn open(index: &'i Index, field: Field, group: &Group) -> Result<Self> {
        let open = |ways: &[Way]| -> Result<Vec<Cursor<'i>>> {
            ways.iter().filter_map(|way| Cursor::open(index, field, way).transpose()).collect()
        };
        Ok(GroupCursor { ways: open(&group.ways)?, not: open(&group.not)? })
    }

    /// Returns the places of the group in a passage that are not inside a look-alike.
    pub fn occurrences(&mut self, passage: u32) -> Result<Occurrences> {
        let (mut found, mut not) = (Occurrences::new(), Occurrences::new());
        for way in &mut self.ways {
            found.extend_from_slice(way.matches_in(passage)?);
        }
        for way in &mut self.not {
            not.extend_from_slice(way.matches_in(passage)?);
        }
        found.retain(|&(start, end)| !not.iter().any(|&(from, to)| from <= start && end <= to));
        Ok(found)
    }
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
