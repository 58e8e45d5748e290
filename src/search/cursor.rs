//! Reading where ways stand in a field, in passages asked for in ascending order.

use std::ops::Range;

use super::error::Result;
use super::group::Group;
use super::matcher::Matcher;
use super::phrase::{Occurrences, find};
use super::ways::{Slot, Way};
use crate::index::{END, Index, Places, Sieve};
use crate::query::Field;

/// Reads where a way stands in a field.
pub(super) struct Cursor<'i> {
    index: &'i Index,
    way: OpenWay,
    /// Unless there are none, only passages matter that may hold one of these as well.
    beside: Vec<OpenWay>,
    /// Bodies are read word by word.
    body: Option<Body>,
    found: Occurrences,
}

impl<'i> Cursor<'i> {
    /// Opens a way in a field; `None` when one of its slots has no word there.
    pub fn open(index: &'i Index, field: Field, way: &Way) -> Result<Option<Self>> {
        Cursor::open_wide(index, field, way, Some(way.slop))
    }

    /// Opens a way to find it with up to so many words between its own.
    pub fn open_wide(index: &'i Index, field: Field, way: &Way, slop: Option<u32>) -> Result<Option<Self>> {
        let Some(open) = OpenWay::open(index, field, way, 0)? else { return Ok(None) };
        let mut body = None;
        if field == Field::Body {
            let seam = if slop == Some(0) { open.seam() } else { None };
            body = Some(Body::of(index, way.slots.iter(), seam)?);
        }
        Ok(Some(Cursor { index, way: open, beside: Vec::new(), body, found: Vec::new() }))
    }

    /// Opens a way in a field to find it only in passages that may hold one of some others; `None` when there are no
    /// such.
    pub fn open_beside<'w>(
        index: &'i Index,
        field: Field,
        way: &Way,
        others: impl Iterator<Item = &'w Way>,
    ) -> Result<Option<Self>> {
        let open = |other| OpenWay::open(index, field, other, 0).transpose();
        let beside = others.filter_map(open).collect::<Result<Vec<_>>>()?;
        let cursor = if beside.is_empty() { None } else { Cursor::open(index, field, way)? };
        Ok(cursor.map(|cursor| Cursor { beside, ..cursor }))
    }

    /// Returns where the way stands in a passage, ascending.
    pub fn matches_in(&mut self, passage: u32) -> Result<&[(u32, u32)]> {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        if self.way.may_stand_in(passage) {
            self.read(passage)?;
            self.find(self.way.slop, &mut found);
        }
        self.found = found;
        Ok(&self.found)
    }

    /// Reads where the slots stand in a passage that may hold all of them.
    fn read(&mut self, passage: u32) -> Result<()> {
        match &mut self.body {
            Some(body) => body.read(self.index, passage)?,
            None => self.way.read(passage),
        }
        Ok(())
    }

    /// Appends where the slots stand together in the passage read last.
    pub fn find(&self, slop: u32, found: &mut Occurrences) {
        self.way.find(self.body.as_ref(), slop, found);
    }

    /// Reads each passage that matters of a range and may hold all slots, ascending, and calls `found` with it.
    pub fn for_each_passage(&mut self, range: Range<u32>, mut found: impl FnMut(&Self, u32)) -> Result<()> {
        let mut passage = self.way.seek(range.start);
        while passage < range.end {
            if self.beside.is_empty() || self.beside.iter_mut().any(|other| other.may_stand_in(passage)) {
                self.read(passage)?;
                found(self, passage);
            }
            passage = self.way.seek(passage + 1);
        }
        Ok(())
    }

    /// Calls `found` with each passage that matters and in which the slots stand together, ascending.
    pub fn for_each_match(&mut self, slop: u32, mut found: impl FnMut(u32)) -> Result<()> {
        let mut places = Occurrences::new();
        self.for_each_passage(0..END, |cursor, passage| {
            places.clear();
            cursor.find(slop, &mut places);
            if !places.is_empty() {
                found(passage);
            }
        })
    }

    /// Returns the number of the slot with the fewest passages: where the way stands, one of its words does.
    pub fn leader(&self) -> usize {
        self.way.sought.first().copied().unwrap_or(0)
    }

    /// Returns the passages of that slot's words, some counted more than once.
    pub fn cost(&self) -> u64 {
        self.way.slots[self.leader()].cost
    }

    /// Returns how often the words of a one-word way stand in a passage.
    pub fn count_in(&mut self, passage: u32) -> u32 {
        let slot = &mut self.way.slots[0];
        if slot.seek(passage) != passage {
            return 0;
        }
        slot.lists.iter_mut().filter(|list| list.passage() == passage).map(Places::count).sum()
    }
}

/// Reads where a group stands in a field, its look-alikes aside.
pub(super) struct GroupCursor<'i> {
    index: &'i Index,
    ways: Vec<OpenWay>,
    not: Vec<OpenWay>,
    /// Bodies are read once for all ways.
    body: Option<Body>,
}

impl<'i> GroupCursor<'i> {
    pub fn open(index: &'i Index, field: Field, group: &Group) -> Result<Self> {
        let mut n_slots = 0;
        let mut open = |ways: &[Way]| -> Result<Vec<OpenWay>> {
            let mut all = Vec::new();
            for way in ways {
                all.extend(OpenWay::open(index, field, way, n_slots)?);
                n_slots += way.slots.len();
            }
            Ok(all)
        };
        let (ways, not) = (open(&group.ways)?, open(&group.not)?);
        let slots = group.ways.iter().chain(&group.not).flat_map(|way| &way.slots);
        let body = if field == Field::Body { Some(Body::of(index, slots, None)?) } else { None };
        Ok(GroupCursor { index, ways, not, body })
    }

    /// Returns the places of the group in a passage that are not inside a look-alike.
    pub fn occurrences(&mut self, passage: u32) -> Result<Occurrences> {
        let not = self.look_alikes(passage)?;
        let mut found = find_ways(self.index, &mut self.ways, &mut self.body, passage)?;
        found.retain(|&(start, end)| !not.iter().any(|&(from, to)| from <= start && end <= to));
        Ok(found)
    }

    /// Returns the places of its look-alikes.
    pub fn look_alikes(&mut self, passage: u32) -> Result<Occurrences> {
        find_ways(self.index, &mut self.not, &mut self.body, passage)
    }

    /// Tells whether a look-alike may stand in any passage.
    pub fn has_look_alikes(&self) -> bool {
        !self.not.is_empty()
    }
}

/// Returns where ways stand in a passage.
fn find_ways(index: &Index, ways: &mut [OpenWay], body: &mut Option<Body>, passage: u32) -> Result<Occurrences> {
    let mut found = Occurrences::new();
    for way in ways {
        if !way.may_stand_in(passage) {
            continue;
        }
        match body {
            Some(body) => body.read(index, passage)?,
            None => way.read(passage),
        }
        way.find(body.as_ref(), way.slop, &mut found);
    }
    Ok(found)
}

/// A way while its passages are read.
struct OpenWay {
    slots: Vec<OpenSlot>,
    slop: u32,
    /// Numbers of the slots that are sought, the one with the fewest passages first.
    sought: Vec<usize>,
    /// The number of the first slot in bodies.
    first: usize,
    positions: Vec<Vec<u32>>,
    /// Before this passage, those ahead share the heading whose positions were read last.
    end: u32,
}

impl OpenWay {
    /// Opens a way in a field, whose slots have numbers from `first` on in bodies; `None` when one has no word.
    fn open(index: &Index, field: Field, way: &Way, first: usize) -> Result<Option<Self>> {
        let mut slots = Vec::new();
        for terms in &way.slots {
            let (lists, n_passages): (Vec<Places>, Vec<u32>) = index.places_of_any(field, terms)?.into_iter().unzip();
            if lists.is_empty() {
                return Ok(None);
            }
            let heads = lists.iter().map(Places::passage).collect();
            slots.push(OpenSlot { lists, heads, cost: n_passages.into_iter().map(u64::from).sum() });
        }
        let mut sought: Vec<usize> = (0..slots.len()).collect();
        sought.sort_by_key(|&i| slots[i].cost);
        if field == Field::Body {
            // What most passages hold is seen when their words are read.
            let most = u64::from(index.n_passages() / 2);
            let n = sought.partition_point(|&i| slots[i].cost <= most);
            sought.truncate(n.max(1));
        }
        let positions = vec![Vec::new(); slots.len()];
        Ok(Some(OpenWay { slots, slop: way.slop, sought, first, positions, end: 0 }))
    }

    /// Returns the first passage at or behind `target` that may hold all slots, or [`END`].
    fn seek(&mut self, mut target: u32) -> u32 {
        let Some((&leader, others)) = self.sought.split_first() else { return END };
        loop {
            let passage = self.slots[leader].seek(target);
            let ahead = others.iter().map(|&i| self.slots[i].seek(passage)).find(|&ahead| ahead > passage);
            match ahead {
                Some(ahead) => target = ahead,
                None => return passage,
            }
        }
    }

    /// Tells whether a passage may hold all slots.
    fn may_stand_in(&mut self, passage: u32) -> bool {
        self.sought.iter().all(|&i| self.slots[i].seek(passage) == passage)
    }

    /// Reads where the slots stand in a passage that may hold all of them, where positions are told.
    fn read(&mut self, passage: u32) {
        if passage < self.end {
            return;
        }
        let lists = self.slots.iter().flat_map(|slot| slot.lists.iter().zip(&slot.heads));
        let ends = lists.filter(|(_, head)| **head == passage).map(|(list, _)| list.end());
        self.end = ends.min().unwrap_or(0);
        for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
            slot.positions(passage, positions);
        }
    }

    /// Appends where the slots stand together in the passage read last.
    fn find(&self, body: Option<&Body>, slop: u32, found: &mut Occurrences) {
        let positions = match body {
            Some(body) => &body.matcher.all_positions()[self.first..][..self.slots.len()],
            None => &self.positions,
        };
        find(positions, slop, found);
    }

    /// Returns the number of the slot that stands before the rarest place between two, if there is one.
    fn seam(&self) -> Option<usize> {
        let cost = |&i: &usize| self.slots[i].cost + self.slots[i + 1].cost;
        (0..self.slots.len().saturating_sub(1)).min_by_key(cost)
    }
}

/// The places of slots in the body read last.
struct Body {
    matcher: Matcher,
    sieve: Sieve,
    passage: Option<u32>,
}

impl Body {
    /// Prepares to read slots, numbered in their order. With a `seam`, the number of the first of two that must
    /// stand side by side, only bodies are read in which they may.
    fn of<'s>(index: &Index, slots: impl Iterator<Item = &'s Slot>, seam: Option<usize>) -> Result<Self> {
        let mut ranks: Vec<Vec<u32>> = Vec::new();
        for slot in slots {
            let mut all = Vec::new();
            for term in slot {
                all.extend(index.ranks(term)?.into_iter().flatten());
            }
            ranks.push(all);
        }
        let seam = seam.and_then(|i| Some([&ranks.get(i)?[..], &ranks.get(i + 1)?[..]]));
        let sieve = index.sieve(ranks.iter().flatten().copied(), seam)?;
        let fillers = ranks.iter().zip(0..).flat_map(|(all, slot)| all.iter().map(move |&rank| (rank, slot)));
        Ok(Body { matcher: Matcher::new(fillers.collect(), ranks.len()), sieve, passage: None })
    }

    fn read(&mut self, index: &Index, passage: u32) -> Result<()> {
        if self.passage.replace(passage) == Some(passage) {
            return Ok(());
        }
        self.matcher.sift(index, passage, &self.sieve)
    }
}

/// The places of the terms that may fill one slot.
struct OpenSlot {
    lists: Vec<Places>,
    /// The passage at hand of each.
    heads: Vec<u32>,
    cost: u64,
}

impl OpenSlot {
    fn seek(&mut self, target: u32) -> u32 {
        let mut first = END;
        for (head, list) in self.heads.iter_mut().zip(&mut self.lists) {
            if *head < target {
                *head = list.seek(target);
            }
            first = first.min(*head);
        }
        first
    }

    fn positions(&mut self, passage: u32, positions: &mut Vec<u32>) {
        positions.clear();
        for (list, _) in self.lists.iter_mut().zip(&self.heads).filter(|(_, head)| **head == passage) {
            list.append_positions(positions);
        }
        if self.lists.len() > 1 {
            positions.sort_unstable();
            positions.dedup();
        }
    }
}
