//! A window of passages that are scored together: their counters stay in the nearest cache.

use std::sync::Arc;

use super::norms::{Norms, saturated};
use super::touched::Touched;
use crate::index::Index;

/// Passages of a window; a power of two, so that any number can be made a place.
pub(super) const WINDOW: usize = 2048;

/// Returns how many windows the passages of an index make.
pub(super) fn n_windows(index: &Index) -> usize {
    (index.n_passages() as usize).div_ceil(WINDOW)
}

/// The counters of a window.
pub(super) struct Window<'n> {
    norms: Arc<Norms<'n>>,
    pub base: u32,
    pub end: u32,
    /// Sums of the groups' parts.
    sums: Box<[f32; WINDOW]>,
    /// Bits of the groups that are held.
    held: Box<[u64; WINDOW]>,
    /// Weighted occurrences of the group at hand, where it is held.
    counts: Box<[f32; WINDOW]>,
    /// Weighted occurrences of a group that is added up before it is told where they are many; else 0.
    totals: Box<[f32; WINDOW]>,
    /// The places that any group has touched, unless so many are that going through all costs less.
    touched: Touched,
    is_dense: bool,
    /// Whether a place may still be among the best, while a group is only added to such.
    may_be_best: Box<[bool; WINDOW]>,
    /// The codes of the lengths, by number of the field; read when the first list asks for them.
    codes: Vec<Codes<'n>>,
    codes_are_read: Vec<bool>,
    grain: Grain,
}

/// What parts of scores are multiples of. Sums of so many grains are exact, whatever the order of the
/// parts: a passage has one score, however it was found.
#[derive(Clone, Copy)]
pub(super) struct Grain {
    /// Adding this and taking it away again rounds to grains.
    rounder: f32,
    pub size: f32,
}

impl Grain {
    /// Returns the grain of sums that are not larger than `most`.
    pub fn of(most: f32) -> Self {
        // Sums have 22 of the 24 bits of an [`f32`], so that the rounder keeps its exponent.
        let size = if most > 0.0 { (most.log2().ceil() - 22.0).exp2() } else { 0.0 };
        Grain { rounder: 1.5 * 8_388_608.0 * size, size }
    }

    #[inline]
    fn round(self, part: f32) -> f32 {
        (part + self.rounder) - self.rounder
    }
}

/// The codes of the lengths of a window's passages.
enum Codes<'n> {
    /// As they lie in the file.
    Lent(&'n [u8; WINDOW]),
    /// Of the last window, and where they can't be read: then lengths are 0, and the index tells.
    Own(Box<[u8; WINDOW]>),
}

impl<'n> Codes<'n> {
    fn of(codes: &'n [u8]) -> Self {
        if let Ok(codes) = codes.try_into() {
            return Codes::Lent(codes);
        }
        let mut own = Box::new([0; WINDOW]);
        own[..codes.len()].copy_from_slice(codes);
        Codes::Own(own)
    }

    #[inline]
    fn get(&self) -> &[u8; WINDOW] {
        match self {
            Codes::Lent(codes) => codes,
            Codes::Own(codes) => codes,
        }
    }
}

impl<'n> Window<'n> {
    pub fn new(norms: Arc<Norms<'n>>, grain: Grain) -> Self {
        Window {
            grain,
            base: 0,
            end: 0,
            sums: Box::new([0.0; WINDOW]),
            held: Box::new([0; WINDOW]),
            counts: Box::new([0.0; WINDOW]),
            totals: Box::new([0.0; WINDOW]),
            touched: Touched::new(),
            is_dense: false,
            may_be_best: Box::new([false; WINDOW]),
            codes: norms.fields.iter().map(|_| Codes::Own(Box::new([0; WINDOW]))).collect(),
            codes_are_read: vec![false; norms.fields.len()],
            norms,
        }
    }

    /// Returns the window for other sums, weighed by other norms of the same index.
    pub fn again(self, norms: Arc<Norms<'n>>, grain: Grain) -> Self {
        Window { norms, grain, ..self }
    }

    /// Turns to the passages `base..end`, in which lists have about `n_entries`.
    pub fn begin(&mut self, base: u32, end: u32, n_entries: usize) {
        if self.is_dense || self.touched.are_lost() {
            *self.sums = [0.0; WINDOW];
            *self.held = [0; WINDOW];
        } else {
            for at in self.touched.places().iter().map(|&at| usize::from(at)) {
                (self.sums[at], self.held[at]) = (0.0, 0);
            }
        }
        self.touched.n = 0;
        self.is_dense = n_entries > WINDOW / 8;
        (self.base, self.end) = (base, end);
        self.codes_are_read.fill(false);
    }

    pub fn norms(&self) -> Arc<Norms<'n>> {
        Arc::clone(&self.norms)
    }

    pub fn sums(&self) -> &[f32; WINDOW] {
        &self.sums
    }

    pub fn held(&self) -> &[u64; WINDOW] {
        &self.held
    }

    /// Calls `found` with the groups of each passage that holds any.
    pub fn for_each_held(&self, mut found: impl FnMut(u64)) {
        if self.is_dense {
            self.held.iter().filter(|&&held| held != 0).for_each(|&held| found(held));
        } else {
            let held = self.touched.places().iter().map(|&at| self.held[usize::from(at)]);
            held.filter(|&held| held != 0).for_each(found);
        }
    }

    /// Puts the places of passages whose sums are not below `least`, in no order.
    #[inline(never)]
    pub fn places_of(&mut self, least: f32, places: &mut Vec<u16>) {
        places.clear();
        if !self.is_dense {
            for &at in self.touched.places() {
                if self.sums[usize::from(at)] >= least && self.held[usize::from(at)] != 0 {
                    places.push(at);
                }
            }
            return;
        }
        // Sums are looked at together: in most rows all are too small.
        const ROW: usize = 32;
        for (sums, first) in self.sums.as_chunks::<ROW>().0.iter().zip((0..).step_by(ROW)) {
            if !sums.iter().fold(false, |any, &sum| any | (sum >= least)) {
                continue;
            }
            for (at, _) in (first..).zip(sums).filter(|(_, sum)| **sum >= least) {
                if self.held[at % WINDOW] != 0 {
                    places.push(at as u16);
                }
            }
        }
    }

    fn read_codes(&mut self, field: usize) {
        if !std::mem::replace(&mut self.codes_are_read[field], true) {
            self.codes[field] = Codes::of(self.norms.fields[field].lengths.range(self.base..self.end));
        }
    }

    /// Adds a list's part of a group to passages of the window, with the counts in them, and returns the most
    /// that the group is then worth in one of them.
    pub fn add(&mut self, part: Part, passages: &[u32], counts: &[u32]) -> f32 {
        self.read_codes(part.field);
        match (part.order, part.list_weight == 1.0, self.is_dense) {
            (Order::Only, true, false) => self.add_first::<false, true>(part, passages, counts),
            (Order::Only, true, true) => self.add_first::<false, false>(part, passages, counts),
            (Order::First, true, false) => self.add_first::<true, true>(part, passages, counts),
            (Order::First, true, true) => self.add_first::<true, false>(part, passages, counts),
            _ => self.add_further(part, passages, counts),
        }
    }

    /// Adds the part of the first of a group's lists, which is most of it. `MORE` are to come, and places
    /// are noted that this one is first to `TOUCH`.
    fn add_first<const MORE: bool, const TOUCH: bool>(&mut self, part: Part, passages: &[u32], counts: &[u32]) -> f32 {
        let Window { norms, base, sums, held, counts: sums_of_group, touched, codes, grain, .. } = self;
        let (norm, codes, bit) = (&norms.fields[part.field], codes[part.field].get(), 1u64 << part.group);
        let (sums, held, mut touching) = (&mut **sums, &mut **held, touched.touching());
        let mut most: f32 = 0.0;
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, *base);
            if TOUCH {
                touching.add(at, held[at] == 0);
            }
            held[at] |= bit;
            let code = usize::from(codes[at]);
            if MORE {
                sums_of_group[at] = count as f32 * norm.by_length[code];
            }
            let worth = match norm.saturated.get((count as usize).wrapping_sub(1)) {
                Some(worth) => worth[code],
                None => saturated(count as f32 * norm.by_length[code], norm.k1),
            };
            most = if worth > most { worth } else { most };
            sums[at] += grain.round(part.weight * worth);
        }
        let n = touching.n;
        touched.n = n;
        most
    }

    /// Adds what a list changes where others of the group have been before.
    fn add_further(&mut self, part: Part, passages: &[u32], counts: &[u32]) -> f32 {
        let Window { norms, base, sums, held, counts: sums_of_group, touched, codes, grain, .. } = self;
        let (norm, codes, bit) = (&norms.fields[part.field], codes[part.field].get(), 1u64 << part.group);
        let (sums, held, mut touching) = (&mut **sums, &mut **held, touched.touching());
        let is_plain = part.list_weight == 1.0;
        let mut most: f32 = 0.0;
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, *base);
            let before = held[at];
            touching.add(at, before == 0);
            held[at] = before | bit;
            let code = usize::from(codes[at]);
            let new = count as f32 * part.list_weight * norm.by_length[code];
            // Few passages are in two lists of a group.
            if before & bit == 0 {
                sums_of_group[at] = new;
                let known = norm.saturated.get((count as usize).wrapping_sub(1)).filter(|_| is_plain);
                let worth = known.map_or_else(|| saturated(new, norm.k1), |worth| worth[code]);
                most = if worth > most { worth } else { most };
                sums[at] += grain.round(part.weight * worth);
            } else {
                let old = sums_of_group[at];
                let new = old + new;
                sums_of_group[at] = new;
                let worth = saturated(new, norm.k1);
                most = if worth > most { worth } else { most };
                sums[at] += grain.round(part.weight * worth) - grain.round(part.weight * saturated(old, norm.k1));
            }
        }
        let n = touching.n;
        touched.n = n;
        most
    }

    /// Turns to some places, which groups have touched: others may not be among the best.
    pub fn look_only_at(&mut self, places: &[u16]) {
        places.iter().for_each(|&at| self.may_be_best[usize::from(at) % WINDOW] = true);
    }

    /// Turns away from them.
    pub fn look_at_all(&mut self) {
        self.may_be_best.fill(false);
    }

    /// Adds a list's part of a group to the passages at the places that are turned to.
    pub fn add_there(&mut self, part: Part, passages: &[u32], counts: &[u32]) {
        self.read_codes(part.field);
        let Window { norms, base, sums, held, counts: sums_of_group, codes, grain, may_be_best, .. } = self;
        let (norm, codes, bit) = (&norms.fields[part.field], codes[part.field].get(), 1u64 << part.group);
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, *base);
            if !may_be_best[at] {
                continue;
            }
            let old = if held[at] & bit == 0 { 0.0 } else { sums_of_group[at] };
            let new = old + count as f32 * part.list_weight * norm.by_length[usize::from(codes[at])];
            (sums_of_group[at], held[at]) = (new, held[at] | bit);
            let worth = |count| grain.round(part.weight * saturated(count, norm.k1));
            sums[at] += worth(new) - worth(old);
        }
    }
}

impl Window<'_> {
    /// Adds a list of a field to the totals of a group, and puts the places where these come to `least`; returns
    /// the largest.
    pub fn add_up(
        &mut self,
        (field, list_weight): (usize, f32),
        (passages, counts): (&[u32], &[u32]),
        least: f32,
        places: &mut Vec<u16>,
    ) -> f32 {
        self.read_codes(field);
        let Window { norms, base, totals, codes, .. } = self;
        let (by_length, codes, totals) = (&norms.fields[field].by_length, codes[field].get(), &mut **totals);
        let mut most: f32 = 0.0;
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, *base);
            let old = totals[at];
            let new = old + count as f32 * list_weight * by_length[usize::from(codes[at])];
            totals[at] = new;
            most = if new > most { new } else { most };
            if new >= least && old < least {
                places.push(at as u16);
            }
        }
        most
    }

    /// Puts the places where a list of a field by itself counts at least `least`, and what it is worth there; returns
    /// the most that it counts.
    pub fn weigh_alone(
        &mut self,
        (field, list_weight): (usize, f32),
        (passages, counts): (&[u32], &[u32]),
        least: f32,
        places: &mut Vec<u16>,
        worths: &mut Vec<f32>,
    ) -> f32 {
        self.read_codes(field);
        let (norm, codes) = (&self.norms.fields[field], self.codes[field].get());
        let mut most: f32 = 0.0;
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, self.base);
            let count = count as f32 * list_weight * norm.by_length[usize::from(codes[at])];
            most = if count > most { count } else { most };
            if count >= least {
                places.push(at as u16);
                worths.push(saturated(count, norm.k1));
            }
        }
        most
    }

    /// Adds what the occurrences of a list of a field count to `sums`.
    pub fn weigh(
        &mut self,
        (field, list_weight): (usize, f32),
        (passages, counts): (&[u32], &[u32]),
        sums: &mut [f32; WINDOW],
    ) {
        self.read_codes(field);
        let (by_length, codes) = (&self.norms.fields[field].by_length, self.codes[field].get());
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, self.base);
            sums[at] += count as f32 * list_weight * by_length[usize::from(codes[at])];
        }
    }

    /// Puts what a group is worth at a place for what was added there before; a group worth nothing is not held.
    pub fn replace(&mut self, group: usize, weight: f32, place: u16, before: f32, worth: f32) {
        let at = usize::from(place) % WINDOW;
        self.sums[at] += self.grain.round(weight * worth) - self.grain.round(weight * before);
        if worth == 0.0 {
            self.held[at] &= !(1 << group);
        }
    }

    /// Takes the totals away, and puts what those are worth that come to `least`, with their places. `places` are
    /// those of all totals, or else, where most are not told, of all that come to it.
    pub fn take_totals(&mut self, least: f32, are_all: bool, places: &mut Vec<u16>, worths: &mut Vec<f32>) {
        let k1 = self.norms.by.k1;
        places.retain(|&at| {
            let total = std::mem::take(&mut self.totals[usize::from(at)]);
            if total >= least {
                worths.push(saturated(total, k1));
            }
            total >= least
        });
        if !are_all {
            self.totals.fill(0.0);
        }
    }

    /// Adds the whole of a group to passages at some places, with what it is worth there.
    pub fn add_worths(&mut self, group: usize, weight: f32, places: &[u16], worths: &[f32]) {
        let Window { sums, held, touched, grain, is_dense, .. } = self;
        let (sums, held, grain, bit) = (&mut **sums, &mut **held, *grain, 1u64 << group);
        let found = places.iter().map(|&at| usize::from(at) % WINDOW).zip(worths);
        if *is_dense {
            for (at, worth) in found {
                held[at] |= bit;
                sums[at] += grain.round(weight * worth);
            }
            return;
        }
        let mut touching = touched.touching();
        for (at, worth) in found {
            touching.add(at, held[at] == 0);
            held[at] |= bit;
            sums[at] += grain.round(weight * worth);
        }
        let n = touching.n;
        touched.n = n;
    }
}

/// A list's part of a group.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// The number of the group.
    pub group: usize,
    /// The most that the group can add.
    pub weight: f32,
    /// The number of the field.
    pub field: usize,
    /// What an occurrence in the list counts.
    pub list_weight: f32,
    pub order: Order,
}

/// Whether other lists of the group add to the same passages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Only,
    First,
    Further,
}

/// Returns the place of a passage in the window from `base` on. Lists from strangers may name any passage.
#[inline]
pub(super) fn place(passage: u32, base: u32) -> usize {
    passage.wrapping_sub(base) as usize % WINDOW
}
