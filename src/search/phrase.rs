//! Words in a row: where the slots of a phrase stand together.

use std::cmp::Ordering;

use super::error::Result;
use super::group::Group;
use super::matcher::Matcher;
use super::phrases::Passages;
use super::ways::Way;
use crate::index::{END, Index, Places, Sieve};
use crate::query::Field;

/// Positions `first..=last` of matches in one passage.
pub(super) type Occurrences = Vec<(u32, u32)>;

/// Calls `found` with the passages that hold `way` in a field, ascending; those of a single word term by term.
pub(super) fn for_each_passage(index: &Index, field: Field, way: &Way, found: &mut dyn FnMut(&[u32])) -> Result<()> {
    if let [slot] = &way.slots[..] {
        for term in slot {
            let Some(mut blocks) = index.blocks(field, term)? else { continue };
            while !blocks.passages().is_empty() {
                found(blocks.passages());
                blocks.advance();
            }
        }
        return Ok(());
    }
    let Some(mut cursor) = Cursor::open(index, field, way)? else { return Ok(()) };
    let mut places = Occurrences::new();
    cursor.for_each_passage(|cursor, passage| {
        places.clear();
        cursor.find(cursor.slop, &mut places);
        if !places.is_empty() {
            found(&[passage]);
        }
    })
}

/// Returns the passages that hold a phrase in a field, and with `near` those that hold its words with so
/// many others between: the words are read once.
pub(super) fn passages(index: &Index, field: Field, way: &Way, near: Option<u32>) -> Result<(Passages, Passages)> {
    let (mut passages, mut others) = (Passages::default(), Passages::default());
    let Some(mut cursor) = Cursor::open(index, field, way)? else { return Ok((passages, others)) };
    let mut found = Occurrences::new();
    cursor.for_each_passage(|cursor, passage| {
        let mut count = |slop, passages: &mut Passages| {
            found.clear();
            cursor.find(slop, &mut found);
            passages.add(passage, found.len() as u32);
        };
        count(cursor.slop, &mut passages);
        if let Some(near) = near {
            count(near, &mut others);
        }
    })?;
    Ok((passages, others))
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
            let sieve = index.sieve(matcher.ranks());
            body = Some((matcher, sieve));
        }
        let positions = vec![Vec::new(); slots.len()];
        Ok(Some(Cursor { index, slots, slop: way.slop, body, positions, found: Vec::new() }))
    }

    /// Returns where the way stands in a passage, ascending.
    pub fn matches_in(&mut self, passage: u32) -> Result<&[(u32, u32)]> {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        if self.read(passage)? {
            self.find(self.slop, &mut found);
        }
        self.found = found;
        Ok(&self.found)
    }

    /// Reads where the slots stand in a passage; tells whether it holds all of them.
    fn read(&mut self, passage: u32) -> Result<bool> {
        if !self.slots.iter_mut().all(|slot| slot.seek(passage) == passage) {
            return Ok(false);
        }
        if let Some((matcher, sieve)) = &mut self.body {
            matcher.sift(self.index, passage, sieve)?;
        } else {
            for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
                slot.positions(passage, positions);
            }
        }
        Ok(true)
    }

    /// Appends where the slots stand together in the passage read last.
    fn find(&self, slop: u32, found: &mut Occurrences) {
        let positions = self.body.as_ref().map_or(&self.positions[..], |(matcher, _)| matcher.all_positions());
        find(positions, slop, found);
    }

    /// Reads each passage that holds all slots, ascending, and calls `found` with it.
    fn for_each_passage(&mut self, mut found: impl FnMut(&Self, u32)) -> Result<()> {
        // The slot with the fewest words leads; the others only follow.
        let leader = (0..self.slots.len()).min_by_key(|&i| self.slots[i].cost).unwrap_or(0);
        let mut passage = self.slots[leader].passage();
        while passage != END {
            if self.read(passage)? {
                found(self, passage);
            }
            passage = self.slots[leader].seek(passage + 1);
        }
        Ok(())
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
pub(super) fn find<P: AsRef<[u32]>>(positions: &[P], slop: u32, found: &mut Occurrences) {
    match (positions, slop) {
        ([positions], _) => found.extend(positions.as_ref().iter().map(|&at| (at, at))),
        (_, 0) => in_a_row(positions, found),
        (_, slop) => near(positions, slop, found),
    }
}

fn in_a_row<P: AsRef<[u32]>>(positions: &[P], found: &mut Occurrences) {
    let Some((first, others)) = positions.split_first() else { return };
    for &start in first.as_ref() {
        let follows = |(i, positions): (usize, &P)| positions.as_ref().binary_search(&(start + 1 + i as u32)).is_ok();
        if others.iter().enumerate().all(follows) {
            found.push((start, start + others.len() as u32));
        }
    }
}

/// Finds the smallest stretches that hold a word of every slot with at most `slop` others.
fn near<P: AsRef<[u32]>>(positions: &[P], slop: u32, found: &mut Occurrences) {
    let n = positions.len();
    let n_before = found.len();
    let widest = n as u32 + slop;
    let mut take = |low: u32, high: u32| {
        if high - low < widest && found[n_before..].last().is_none_or(|&(_, end)| end < low) {
            found.push((low, high));
        }
    };
    // Most names have two words.
    if let [a, b] = positions {
        let (a, b) = (a.as_ref(), b.as_ref());
        let (mut i, mut j) = (0, 0);
        while let (Some(&first), Some(&second)) = (a.get(i), b.get(j)) {
            match first.cmp(&second) {
                Ordering::Less => take(first, second),
                Ordering::Greater => take(second, first),
                Ordering::Equal => {}
            }
            // Where both slots hold one word, the first goes on.
            if first <= second { i += 1 } else { j += 1 }
        }
        return;
    }
    let mut next = vec![0; n];
    let (mut heads, mut sorted) = (vec![0; n], vec![0; n]);
    loop {
        for ((head, positions), &next) in heads.iter_mut().zip(positions).zip(&next) {
            let Some(&at) = positions.as_ref().get(next) else { return };
            *head = at;
        }
        sorted.copy_from_slice(&heads);
        sorted.sort_unstable();
        let (low, high) = (sorted[0], sorted[n - 1]);
        if sorted.windows(2).all(|pair| pair[0] < pair[1]) {
            take(low, high);
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
