//! A list of the passages that hold something, with counts, read a window at a time or looked up.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::peaks::ROUNDING;
use super::phrases::Passages;
use super::window::Window;
use crate::index::{Blocks, Peak};

/// A list of passages with counts.
#[derive(Clone)]
pub(super) struct List {
    pub entries: Entries,
    pub weight: f32,
    /// The number of the field.
    pub field: usize,
    /// Passages whose count is told by another list, ascending.
    except: Rc<Vec<u32>>,
    /// Where reading goes on: in the block at hand, or among all.
    at: usize,
    /// The passage there.
    next: u32,
}

/// Where a list's passages are told.
#[derive(Clone)]
pub(super) enum Entries {
    Term(Box<Blocks>),
    Counted(Arc<Passages>),
}

impl List {
    /// Begins a list of the field of this number.
    pub fn new(entries: Entries, weight: f32, field: usize, except: Rc<Vec<u32>>) -> Self {
        let mut list = List { entries, weight, field, except, at: 0, next: 0 };
        list.look();
        list
    }

    /// Looks where the list stands.
    fn look(&mut self) {
        let passages = match &self.entries {
            Entries::Term(blocks) => blocks.passages(),
            Entries::Counted(passages) => passages.numbers(),
        };
        self.next = passages.get(self.at).copied().unwrap_or(u32::MAX);
    }

    /// Tells whether the list may have anything before `end` that was not read.
    #[inline]
    pub fn is_before(&self, end: u32) -> bool {
        self.next < end
    }

    /// Returns the number of its passages.
    pub fn n_entries(&self) -> usize {
        match &self.entries {
            Entries::Term(blocks) => blocks.n_passages() as usize,
            Entries::Counted(passages) => passages.numbers().len(),
        }
    }

    /// Calls `found` with those of the passages at some places of the window from `base` on that are here.
    pub fn look_up(&mut self, base: u32, places: &[u16], found: &mut dyn FnMut(&[u32], &[u32])) {
        for passage in places.iter().map(|&at| base + u32::from(at)) {
            if passage < self.next {
                continue;
            }
            let count = match &mut self.entries {
                Entries::Counted(list) => {
                    self.at += list.numbers()[self.at..].partition_point(|&other| other < passage);
                    list.counts().get(self.at).copied()
                }
                Entries::Term(blocks) => {
                    match blocks.passages().last() {
                        Some(&last) if last >= passage => {
                            self.at += blocks
                                .passages()
                                .get(self.at..)
                                .unwrap_or_default()
                                .partition_point(|&other| other < passage);
                        }
                        _ => self.at = blocks.seek(passage),
                    }
                    let is_there = blocks.passages().get(self.at) == Some(&passage);
                    is_there.then(|| blocks.entries().1.get(self.at).copied()).flatten()
                }
            };
            self.look();
            let Some(count) = count.filter(|_| self.next == passage) else { continue };
            if self.except.binary_search(&passage).is_err() {
                found(&[passage], &[count]);
            }
        }
    }

    /// Puts the places of a window where the list counts at least `least`, and what it is worth there; returns the
    /// most that it may count.
    pub fn lead(&mut self, window: &mut Window<'_>, least: f32, places: &mut Vec<u16>, worths: &mut Vec<f32>) -> f32 {
        let (base, end, norms) = (window.base, window.end, window.norms());
        let kind = (self.field, self.weight);
        let (mut most, most_passed): (f32, Cell<f32>) = (0.0, Cell::new(0.0));
        let is_low = |peak: &Peak| {
            let most_here = kind.1 * norms.most(kind.0, peak) * ROUNDING;
            let is_low = most_here < least;
            most_passed.set(most_passed.get().max(if is_low { most_here } else { 0.0 }));
            is_low
        };
        let mut weigh = |passages: &[u32], counts: &[u32]| {
            most = most.max(window.weigh_alone(kind, (passages, counts), least, places, worths));
        };
        self.read_but(base, end, is_low, &mut weigh);
        most.max(most_passed.get())
    }

    /// Calls `found` with the passages from `base` on and before `end`, and their counts.
    #[inline]
    pub fn read(&mut self, base: u32, end: u32, found: &mut dyn FnMut(&[u32], &[u32])) {
        self.read_but(base, end, |_| false, found);
    }

    /// The same, but for some blocks of which all passages lie there: those whose peaks are `low`.
    #[inline]
    fn read_but(&mut self, base: u32, end: u32, low: impl Fn(&Peak) -> bool, found: &mut dyn FnMut(&[u32], &[u32])) {
        if self.next < end {
            self.read_on(base, end, low, found);
            self.look();
        }
    }

    fn read_on(&mut self, base: u32, end: u32, low: impl Fn(&Peak) -> bool, found: &mut dyn FnMut(&[u32], &[u32])) {
        let List { entries, except, at, next, .. } = self;
        let mut tell = |passages: &[u32], counts: &[u32]| {
            let from = except.partition_point(|&other| Some(&other) < passages.first());
            if except.get(from) > passages.last() || from == except.len() {
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
                let is_more = to < passages.len();
                if from < to {
                    let (passages, counts) = blocks.entries();
                    let range = *at + from..*at + to;
                    tell(passages.get(range.clone()).unwrap_or_default(), counts.get(range).unwrap_or_default());
                }
                if is_more {
                    *at += to;
                    return;
                }
                *at = 0;
                blocks.advance_over(end, &low);
            },
        }
    }
}
