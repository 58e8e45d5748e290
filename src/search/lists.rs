//! The lists of passages in which a group is found, read a window at a time or looked up.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::cursor::{Cursor, GroupCursor};
use super::error::Result;
use super::gathered::Gathered;
use super::group::Group;
use super::look_alikes::{self, LookAlikes, When};
use super::norms::{Norms, count_worth, saturated};
use super::peaks::{Peaks, ROUNDING};
use super::phrases::{Found, Passages};
use super::rank::idf;
use super::remembered::Remembered;
use super::two_phase::{Bounded, Share, TwoPhase};
use super::window::{Order, Part, WINDOW, Window, n_windows};
use crate::index::{Blocks, Index, Peak};
use crate::query::Field;

/// A group while its lists are read.
pub(super) struct OpenGroup<'i> {
    lists: Vec<List>,
    /// Beside the lists: phrases that many passages hold.
    two_phase: Option<TwoPhase<'i>>,
    /// Those that are looked for late.
    look_alikes: Option<LookAlikes<'i>>,
    /// In the place of all lists.
    gathered: Option<Reading>,
    /// Rarity times the weight in the query.
    pub weight: f32,
    peaks: Peaks,
    /// Entries of all lists for a window, about.
    n_in_window: usize,
    /// Room for what is told once.
    worths: Vec<f32>,
}

/// What is gathered while it is read.
struct Reading {
    gathered: Arc<Gathered>,
    /// The run at hand, or the next one.
    run: usize,
}

/// A list of passages with counts.
#[derive(Clone)]
pub(super) struct List {
    entries: Entries,
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

impl<'i> OpenGroup<'i> {
    /// Opens the lists of a group; `when` tells when its look-alikes may be looked for.
    pub fn open(
        index: &'i Index,
        remembered: &Remembered<'_>,
        group: &Group,
        norms: &Norms<'_>,
        when: When,
    ) -> Result<Self> {
        let n_windows = n_windows(index);
        let weight = group.weight * idf(index.n_passages(), group.n_passages);
        if let Some(gathered) = group.gathering.known(norms) {
            return Ok(OpenGroup::of_gathered(gathered, weight, n_windows));
        }
        let gathers = !group.is_common && group.gathering.ask();
        // What is kept is as it is.
        let when = if gathers || group.not.is_empty() { When::Early } else { when };
        let (mut lists, mut beside) = (Vec::new(), Vec::new());
        let (mut common, mut common_again, mut late) = (Vec::new(), Vec::new(), Vec::new());
        let asked = |field: Field| group.field.is_none_or(|wanted| wanted == field);
        for (number, field) in norms.fields().filter(|&(_, field)| asked(field)) {
            let list = |entries, weight, except: &Rc<Vec<u32>>| {
                let mut list = List { entries, weight, field: number, except: Rc::clone(except), at: 0, next: 0 };
                list.look();
                list
            };
            let terms = |slot: &[String], weight, except: &Rc<Vec<u32>>| -> Result<Vec<List>> {
                let blocks = index.blocks_of_any(field, slot)?.into_iter();
                Ok(blocks.map(|blocks| list(Entries::Term(Box::new(blocks)), weight, except)).collect())
            };
            let except = Rc::new(look_alikes::passages(index, field, group, when)?);
            if !except.is_empty() {
                let mut others = Passages::default();
                let mut cursor = GroupCursor::open(index, field, group)?;
                for &passage in except.iter() {
                    others.add(passage, cursor.occurrences(passage)?.len() as u32);
                }
                beside.push(list(Entries::Counted(Arc::new(others)), 1.0, &Rc::default()));
            }
            late.push((number, field, Rc::clone(&except)));
            for (i, way) in group.ways.iter().enumerate() {
                let weight = way.weight;
                if let [slot] = &way.slots[..] {
                    lists.extend(terms(slot, weight, &except)?);
                    continue;
                }
                let known = group.phrases.iter().find(|phrase| phrase.field == field && phrase.way == i);
                let found = match known {
                    Some(phrase) => phrase.found.clone(),
                    None => remembered.phrases.find(field, way, None)?,
                };
                match found {
                    Found::All(passages) if passages.numbers().is_empty() => {}
                    Found::All(passages) => lists.push(list(Entries::Counted(passages), weight, &except)),
                    Found::Common(_) => {
                        let Some(cursor) = Cursor::open(index, field, way)? else { continue };
                        let bounds = terms(&way.slots[cursor.leader()], weight, &except)?;
                        let bounded = |cursor, bounds| Bounded {
                            cursor,
                            bounds,
                            weight,
                            field: number,
                            except: Rc::clone(&except),
                        };
                        if when == When::Late {
                            let again = Cursor::open(index, field, way)?;
                            common_again.extend(again.map(|cursor| bounded(cursor, Vec::new())));
                        }
                        common.push(bounded(cursor, bounds));
                    }
                }
            }
        }
        // The longest goes first.
        lists.sort_by_key(|list| std::cmp::Reverse(list.n_entries()));
        lists.extend(beside);
        let look_alikes = match when {
            When::Early => None,
            When::Late => LookAlikes::open(index, group, late, &lists, common_again)?,
        };
        let two_phase = TwoPhase::of(common);
        if gathers
            && two_phase.is_none()
            && let Some(gathered) = group.gathering.gather(&mut lists, index.n_passages(), norms, &remembered.room)
        {
            return Ok(OpenGroup::of_gathered(gathered, weight, n_windows));
        }
        let mut peaks = Peaks::new(n_windows, group.gathering.met(n_windows, norms, &remembered.room));
        let mut n_entries = 0;
        for list in lists.iter().chain(two_phase.iter().flat_map(TwoPhase::bounds)) {
            peaks.add(&list.entries, list.weight, list.field, norms);
            n_entries += list.n_entries();
        }
        let n_in_window = n_entries / n_windows.max(1);
        Ok(OpenGroup { lists, two_phase, look_alikes, gathered: None, weight, peaks, n_in_window, worths: Vec::new() })
    }

    fn of_gathered(gathered: Arc<Gathered>, weight: f32, n_windows: usize) -> Self {
        OpenGroup {
            lists: Vec::new(),
            two_phase: None,
            look_alikes: None,
            weight,
            peaks: Peaks::of_gathered(&gathered, n_windows),
            n_in_window: gathered.len() / n_windows.max(1),
            gathered: Some(Reading { gathered, run: 0 }),
            worths: Vec::new(),
        }
    }

    /// Returns the most that the group can add to a passage of a window; `None` when it is not there.
    pub fn most(&self, window: usize, k1: f32) -> Option<f32> {
        let is_empty = self.lists.is_empty() && self.two_phase.is_none() && self.gathered.is_none();
        let most = if is_empty { None } else { self.peaks.most(window, k1) };
        most.map(|most| self.weight.max(0.0) * (k1 + 1.0) * most)
    }

    /// Returns about how many entries the lists have for a window.
    pub fn n_in_window(&self) -> usize {
        self.n_in_window
    }

    /// Tells whether reading all that is there for a window costs little.
    pub fn is_cheap(&self) -> bool {
        self.gathered.is_some() && self.n_in_window <= WINDOW / 4
    }

    /// Returns the number of lists that have anything before `end`.
    pub fn n_lists(&self, end: u32) -> usize {
        self.lists.iter().filter(|list| list.next < end).count().max(1)
    }

    /// Tells whether what was added in a window may be a bound of the group's part.
    pub fn is_two_phase(&self) -> bool {
        self.two_phase.is_some() || self.look_alikes.is_some()
    }

    /// Puts the group's part itself in the place of its bound at some places of a window, ascending.
    pub fn prove(&mut self, window: &mut Window<'_>, number: usize, norms: &Norms<'_>, places: &[u16]) -> Result<()> {
        let share = self.share(number, norms.by.k1);
        let OpenGroup { two_phase, look_alikes, .. } = self;
        if let Some(two_phase) = two_phase {
            two_phase.prove(window, share, norms, places)?;
        }
        look_alikes.as_mut().map_or(Ok(()), |look_alikes| look_alikes.prove(window, share, norms, places))
    }

    fn pass_over_look_alikes(&mut self) {
        if let Some(look_alikes) = &mut self.look_alikes {
            look_alikes.pass_over();
        }
    }

    fn share(&self, group: usize, k1: f32) -> Share {
        Share { group, weight: self.weight * (k1 + 1.0) }
    }

    /// Adds the part of the group, which has this number, to the scores of a window; where it is in two phases, a
    /// bound of it.
    pub fn score(&mut self, window: &mut Window<'_>, number: usize, k1: f32) {
        self.pass_over_look_alikes();
        let (base, end) = (window.base, window.end);
        if let Some(reading) = &mut self.gathered {
            let (places, worths) = reading.turn_to(base);
            return window.add_worths(number, self.weight * (k1 + 1.0), places, worths);
        }
        let share = self.share(number, k1);
        let most = match &mut self.two_phase {
            Some(two_phase) => two_phase.approximate(window, share, k1, 0.0, (&mut self.lists, self.n_in_window)),
            None => self.add(window, number, k1, |list, found| list.read(base, end, found)),
        };
        self.peaks.meet(base as usize / WINDOW, most);
    }

    /// Adds the part of the group to the scores at some places of a window, by going through all that is there.
    pub fn score_there(&mut self, window: &mut Window<'_>, number: usize, k1: f32, places: &[u16]) {
        if self.gathered.is_some() || self.two_phase.is_some() {
            return self.score(window, number, k1);
        }
        self.pass_over_look_alikes();
        let (base, end) = (window.base, window.end);
        window.look_only_at(places);
        for (part, list) in self.parts(number, k1, end) {
            list.read(base, end, &mut |passages, counts| window.add_there(part, passages, counts));
        }
        window.look_at_all();
    }

    /// Puts the places of a window where the part of the group is not below `least`, which is more than
    /// nothing, and adds it to their scores; of others, some as well.
    pub fn lead(&mut self, window: &mut Window<'_>, number: usize, k1: f32, least: f32, places: &mut Vec<u16>) {
        self.pass_over_look_alikes();
        places.clear();
        let mut worths = std::mem::take(&mut self.worths);
        worths.clear();
        let (base, end, weight) = (window.base, window.end, self.weight * (k1 + 1.0));
        let least = least / weight;
        let share = self.share(number, k1);
        if let Some(two_phase) = &mut self.two_phase {
            let most = two_phase.approximate(window, share, k1, least, (&mut self.lists, self.n_in_window));
            self.peaks.meet(base as usize / WINDOW, most);
            places.extend_from_slice(two_phase.places());
            return;
        }
        if let Some(reading) = &mut self.gathered {
            let (all, worths_of_all) = reading.turn_to(base);
            for (&place, &worth) in all.iter().zip(worths_of_all) {
                if worth >= least {
                    places.push(place);
                    worths.push(worth);
                }
            }
        } else {
            let least = count_worth(least, k1);
            let most = match alone(&mut self.lists, end) {
                Some(list) => list.lead(window, least, places, &mut worths),
                None => self.lead_together(window, least, places, &mut worths),
            };
            self.peaks.meet(base as usize / WINDOW, saturated(most, k1));
        }
        window.add_worths(number, weight, places, &worths);
        self.worths = worths;
    }

    /// Puts the places of a window where the lists together count at least `least`, and what they are worth there;
    /// returns the most that they count.
    fn lead_together(
        &mut self,
        window: &mut Window<'_>,
        least: f32,
        places: &mut Vec<u16>,
        worths: &mut Vec<f32>,
    ) -> f32 {
        let (base, end) = (window.base, window.end);
        // Where there are few, all are noted: taking them away again then costs little.
        let are_few = self.n_in_window < WINDOW / 8;
        let noted = if are_few { f32::MIN_POSITIVE } else { least };
        let mut most: f32 = 0.0;
        for list in &mut self.lists {
            let kind = (list.field, list.weight);
            list.read(base, end, &mut |passages, counts| {
                most = most.max(window.add_up(kind, (passages, counts), noted, places));
            });
        }
        window.take_totals(least, are_few, places, worths);
        most
    }

    /// Adds the part of the group to the scores of the passages at some places of a window, ascending.
    pub fn look_up(&mut self, window: &mut Window<'_>, number: usize, norms: &Norms<'_>, places: &[u16]) -> Result<()> {
        self.pass_over_look_alikes();
        let (base, k1) = (window.base, norms.by.k1);
        let share = self.share(number, k1);
        if let Some(two_phase) = &mut self.two_phase {
            return two_phase.look_up(window, share, norms, &mut self.lists, places);
        }
        if let Some(reading) = &mut self.gathered {
            let (mut rest, mut worths) = reading.turn_to(base);
            for place in places {
                let before = rest.partition_point(|other| other < place);
                (rest, worths) = (&rest[before..], &worths[before..]);
                if rest.first() == Some(place) {
                    window.add_worths(number, self.weight * (k1 + 1.0), &rest[..1], &worths[..1]);
                }
            }
            return Ok(());
        }
        self.add(window, number, k1, |list, found| list.look_up(base, places, found));
        Ok(())
    }

    /// Adds what is read of each list, and returns the most that the group is then worth.
    #[inline]
    fn add(
        &mut self,
        window: &mut Window<'_>,
        number: usize,
        k1: f32,
        mut read: impl FnMut(&mut List, &mut dyn FnMut(&[u32], &[u32])),
    ) -> f32 {
        let mut most: f32 = 0.0;
        let mut is_first = true;
        let n_lists = self.lists.len();
        for (mut part, list) in self.parts(number, k1, window.end) {
            part.order = match is_first {
                true if n_lists == 1 => Order::Only,
                true => Order::First,
                false => Order::Further,
            };
            read(list, &mut |passages, counts| {
                most = most.max(window.add(part, passages, counts));
                is_first = false;
            });
        }
        most
    }

    /// Returns the lists that have anything before `end`, each with what it is part of.
    fn parts(&mut self, number: usize, k1: f32, end: u32) -> impl Iterator<Item = (Part, &mut List)> {
        let weight = self.weight * (k1 + 1.0);
        let part = move |list: &List| {
            let (field, list_weight) = (list.field, list.weight);
            Part { group: number, weight, field, list_weight, order: Order::Further }
        };
        self.lists.iter_mut().filter(move |list| list.next < end).map(move |list| (part(list), list))
    }
}

impl Reading {
    /// Returns the places and worths in the window from `base` on; windows are turned to in order.
    fn turn_to(&mut self, base: u32) -> (&[u16], &[f32]) {
        let (runs, window) = (&self.gathered.runs, base as usize / WINDOW);
        while runs.get(self.run).is_some_and(|run| run.window < window) {
            self.run += 1;
        }
        match runs.get(self.run) {
            Some(run) if run.window == window => self.gathered.of_run(self.run),
            _ => (&[], &[]),
        }
    }
}

/// Returns the only list that has anything before `end`, if there is only one.
fn alone(lists: &mut [List], end: u32) -> Option<&mut List> {
    let mut lists = lists.iter_mut().filter(|list| list.next < end);
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
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
    fn lead(&mut self, window: &mut Window<'_>, least: f32, places: &mut Vec<u16>, worths: &mut Vec<f32>) -> f32 {
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
