//! The lists of passages in which a group is found, read a window at a time.

use std::rc::Rc;
use std::sync::Arc;

use super::error::Result;
use super::phrase::{self, GroupCursor};
use super::phrases::{Passages, Phrases};
use super::plan::Group;
use super::rank::idf;
use super::window::{Norms, Window};
use crate::index::{Blocks, Index};
use crate::query::Field;

/// A group while its lists are read.
pub(super) struct OpenGroup {
    lists: Vec<List>,
    /// Rarity times the weight in the query.
    pub weight: f32,
}

/// A list of passages with counts.
struct List {
    entries: Entries,
    weight: f32,
    /// The number of the field.
    field: usize,
    /// Passages whose count is told by another list, ascending.
    except: Rc<Vec<u32>>,
    /// Where reading goes on: in the block at hand, or among all.
    at: usize,
    /// The passage there.
    next: u32,
}

enum Entries {
    Term(Box<Blocks>),
    Counted(Arc<Passages>),
}

impl OpenGroup {
    pub fn open(index: &Index, phrases: &Phrases<'_>, group: &Group, norms: &Norms<'_>) -> Result<OpenGroup> {
        let mut lists = Vec::new();
        let asked = |field: Field| group.field.is_none_or(|wanted| wanted == field);
        for (number, field) in norms.fields().filter(|&(_, field)| asked(field)) {
            let mut add = |entries, weight, except: &Rc<Vec<u32>>| {
                let mut list = List { entries, weight, field: number, except: Rc::clone(except), at: 0, next: 0 };
                list.look();
                lists.push(list);
            };
            let except = Rc::new(look_alikes(index, field, group)?);
            if !except.is_empty() {
                let mut others = Passages::default();
                let mut cursor = GroupCursor::open(index, field, group)?;
                for &passage in except.iter() {
                    others.add(passage, cursor.occurrences(passage)?.len() as u32);
                }
                add(Entries::Counted(Arc::new(others)), 1.0, &Rc::default());
            }
            for (i, way) in group.ways.iter().enumerate() {
                if let [slot] = &way.slots[..] {
                    for term in slot {
                        if let Some(blocks) = index.blocks(field, term)? {
                            add(Entries::Term(Box::new(blocks)), way.weight, &except);
                        }
                    }
                    continue;
                }
                let known = group.phrases.iter().find(|phrase| phrase.field == field && phrase.way == i);
                let passages = match known {
                    Some(phrase) => Arc::clone(&phrase.passages),
                    None => phrases.passages(field, way)?,
                };
                if !passages.numbers().is_empty() {
                    add(Entries::Counted(passages), way.weight, &except);
                }
            }
        }
        Ok(OpenGroup { lists, weight: group.weight * idf(index.n_passages(), group.n_passages) })
    }

    /// Adds the part of the group, which has this number, to the scores of a window.
    pub fn score(&mut self, window: &mut Window<'_>, number: usize, k1: f32) {
        let weight = self.weight * (k1 + 1.0);
        if let [list] = &mut self.lists[..]
            && list.weight == 1.0
        {
            let field = list.field;
            list.read(window.base, window.end, &mut |passages, counts| {
                window.add(number, weight, field, passages, counts);
            });
            return;
        }
        for list in &mut self.lists {
            let (field, weight, first) = (list.field, list.weight, window.is_uncounted());
            list.read(window.base, window.end, &mut |passages, counts| {
                window.count(number, weight, field, first, passages, counts);
            });
        }
        window.add_counted(weight);
    }

    /// Returns the first passage that is still to be read.
    pub fn next(&self) -> u32 {
        self.lists.iter().map(|list| list.next).min().unwrap_or(u32::MAX)
    }
}

impl List {
    /// Looks where the list stands.
    fn look(&mut self) {
        let passages = match &self.entries {
            Entries::Term(blocks) => blocks.passages(),
            Entries::Counted(passages) => passages.numbers(),
        };
        self.next = passages.get(self.at).copied().unwrap_or(u32::MAX);
    }

    /// Calls `found` with the passages from `base` on and before `end`, and their counts.
    #[inline]
    fn read(&mut self, base: u32, end: u32, found: &mut impl FnMut(&[u32], &[u32])) {
        if self.next < end {
            self.read_on(base, end, found);
            self.look();
        }
    }

    fn read_on(&mut self, base: u32, end: u32, found: &mut impl FnMut(&[u32], &[u32])) {
        let List { entries, except, at, next, .. } = self;
        let mut tell = |passages: &[u32], counts: &[u32]| {
            if except.is_empty() {
                return found(passages, counts);
            }
            let both = passages.iter().zip(counts).filter(|(passage, _)| except.binary_search(passage).is_err());
            let (passages, counts): (Vec<u32>, Vec<u32>) = both.unzip();
            found(&passages, &counts);
        };
        match entries {
            Entries::Counted(list) => {
                let passages = &list.numbers()[*at..];
                let from = *at + if *next < base { passages.partition_point(|&passage| passage < base) } else { 0 };
                let to = *at + passages.partition_point(|&passage| passage < end);
                if from < to {
                    tell(&list.numbers()[from..to], &list.counts()[from..to]);
                }
                *at = to;
            }
            Entries::Term(blocks) => loop {
                if blocks.passages().last().is_some_and(|&last| last < base) {
                    *at = blocks.seek(base);
                }
                let passages = blocks.passages().get(*at..).unwrap_or_default();
                if passages.is_empty() {
                    return;
                }
                let to = match passages.last() {
                    Some(&last) if last < end => passages.len(),
                    _ => passages.partition_point(|&passage| passage < end),
                };
                let from = if passages[0] < base { passages.partition_point(|&passage| passage < base) } else { 0 };
                if from < to {
                    tell(&passages[from..to], &blocks.counts()[*at + from..*at + to]);
                }
                if to < passages.len() {
                    *at += to;
                    return;
                }
                *at = 0;
                blocks.advance();
            },
        }
    }
}

/// Returns the passages of a field that hold a look-alike of a group, ascending.
fn look_alikes(index: &Index, field: Field, group: &Group) -> Result<Vec<u32>> {
    let mut passages = Vec::new();
    for way in &group.not {
        phrase::for_each_passage(index, field, way, &mut |passage| passages.push(passage))?;
    }
    passages.sort_unstable();
    passages.dedup();
    Ok(passages)
}
