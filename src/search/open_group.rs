//! A group while its lists are read, a window at a time, or looked up.

use std::rc::Rc;
use std::sync::Arc;

use super::cursor::{Cursor, GroupCursor};
use super::error::Result;
use super::gathered::{Gathered, Reading};
use super::group::Group;
use super::list::{Entries, List};
use super::look_alikes::{self, LookAlikes, When};
use super::norms::{Norms, count_worth, saturated};
use super::peaks::Peaks;
use super::phrases::{Found, Passages};
use super::rank::idf;
use super::remembered::Remembered;
use super::two_phase::{Bounded, Share, TwoPhase};
use super::window::{Order, Part, WINDOW, Window, n_windows};
use crate::index::Index;
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

/// What is opened of a group, field by field.
#[derive(Default)]
struct Opened<'i> {
    lists: Vec<List>,
    /// Passages with look-alikes that are known, with what stands outside of these.
    beside: Vec<List>,
    /// Phrases that many passages hold; the same once more, for look-alikes that are looked for late.
    common: Vec<Bounded<'i>>,
    common_again: Vec<Bounded<'i>>,
    /// For each field the passages with look-alikes that are known, ascending.
    known: Vec<(usize, Field, Rc<Vec<u32>>)>,
}

impl<'i> Opened<'i> {
    /// Opens what a group has in a field, which has this number.
    fn add_field(
        &mut self,
        index: &'i Index,
        remembered: &Remembered<'_>,
        group: &Group,
        (number, field): (usize, Field),
        when: When,
    ) -> Result<()> {
        let except = Rc::new(look_alikes::passages(index, field, group, when)?);
        if !except.is_empty() {
            let mut others = Passages::default();
            let mut cursor = GroupCursor::open(index, field, group)?;
            for &passage in except.iter() {
                others.add(passage, cursor.occurrences(passage)?.len() as u32);
            }
            self.beside.push(List::new(Entries::Counted(Arc::new(others)), 1.0, number, Rc::default()));
        }
        let list = |entries, weight| List::new(entries, weight, number, Rc::clone(&except));
        let terms = |slot: &[String], weight| -> Result<Vec<List>> {
            let blocks = index.blocks_of_any(field, slot)?.into_iter();
            Ok(blocks.map(|blocks| list(Entries::Term(Box::new(blocks)), weight)).collect())
        };
        for (i, way) in group.ways.iter().enumerate() {
            let weight = way.weight;
            if let [slot] = &way.slots[..] {
                self.lists.extend(terms(slot, weight)?);
                continue;
            }
            let known = group.phrases.iter().find(|phrase| phrase.field == field && phrase.way == i);
            let found = match known {
                Some(phrase) => phrase.found.clone(),
                None => remembered.phrases.find(field, way, None)?,
            };
            match found {
                Found::All(passages) if passages.numbers().is_empty() => {}
                Found::All(passages) => self.lists.push(list(Entries::Counted(passages), weight)),
                Found::Common(_) => {
                    let Some(cursor) = Cursor::open(index, field, way)? else { continue };
                    let bounds = terms(&way.slots[cursor.leader()], weight)?;
                    let bounded =
                        |cursor, bounds| Bounded { cursor, bounds, weight, field: number, except: Rc::clone(&except) };
                    if when == When::Late {
                        let again = Cursor::open(index, field, way)?;
                        self.common_again.extend(again.map(|cursor| bounded(cursor, Vec::new())));
                    }
                    self.common.push(bounded(cursor, bounds));
                }
            }
        }
        self.known.push((number, field, except));
        Ok(())
    }
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
        let mut opened = Opened::default();
        for (number, field) in norms.fields().filter(|&(_, field)| group.field.is_none_or(|wanted| wanted == field)) {
            opened.add_field(index, remembered, group, (number, field), when)?;
        }
        let Opened { mut lists, beside, common, common_again, known } = opened;
        // The longest goes first.
        lists.sort_by_key(|list| std::cmp::Reverse(list.n_entries()));
        lists.extend(beside);
        let look_alikes = match when {
            When::Early => None,
            When::Late => LookAlikes::open(index, group, known, &lists, common_again)?,
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
            gathered: Some(Reading::new(gathered)),
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
        self.lists.iter().filter(|list| list.is_before(end)).count().max(1)
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
        self.lists.iter_mut().filter(move |list| list.is_before(end)).map(move |list| (part(list), list))
    }
}

/// Returns the only list that has anything before `end`, if there is only one.
fn alone(lists: &mut [List], end: u32) -> Option<&mut List> {
    let mut lists = lists.iter_mut().filter(|list| list.is_before(end));
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}
