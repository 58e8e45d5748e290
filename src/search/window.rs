//! A window of passages that are scored together: their counters stay in the nearest cache.

use super::rank::{FIELDS, Ranking, weights_by_length};
use crate::index::{Index, Lengths};
use crate::query::Field;

/// Passages of a window; a power of two, so that any number can be made a place.
pub(super) const WINDOW: usize = 2048;

/// What occurrences count, by field.
pub(super) struct Norms<'i>(Vec<Norm<'i>>);

/// What occurrences count in a field.
struct Norm<'i> {
    field: Field,
    /// One occurrence, by the code of the field's length.
    by_length: [f32; 256],
    /// What one, two, ... occurrences are worth, by the code as well.
    saturated: Box<[[f32; 256]; FEW]>,
    lengths: Lengths<'i>,
    k1: f32,
}

/// Most words occur not more often in a passage.
const FEW: usize = 4;

impl<'i> Norms<'i> {
    pub fn of(index: &'i Index, ranking: &Ranking) -> Self {
        let used = FIELDS.into_iter().filter(|&field| index.n_words(field) > 0);
        let norm = |field| {
            let by_length = weights_by_length(ranking, field, index.mean_length(field));
            let worth = |count: usize| by_length.map(|weight| saturated((count + 1) as f32 * weight, ranking.k1));
            let saturated = Box::new(std::array::from_fn(worth));
            Norm { field, by_length, saturated, lengths: index.lengths(field), k1: ranking.k1 }
        };
        Norms(used.map(norm).collect())
    }

    /// Returns the fields that have words, each with its number here.
    pub fn fields(&self) -> impl Iterator<Item = (usize, Field)> {
        self.0.iter().map(|norm| norm.field).enumerate()
    }
}

/// Returns what weighted occurrences are worth beside the most that any number can be.
#[inline]
fn saturated(count: f32, k1: f32) -> f32 {
    count / (k1 + count)
}

/// The counters of a window.
pub(super) struct Window<'n> {
    norms: &'n Norms<'n>,
    pub base: u32,
    pub end: u32,
    /// Sums of the groups' parts.
    sums: Box<[f32; WINDOW]>,
    /// Bits of the groups that are held.
    held: Box<[u64; WINDOW]>,
    /// Weighted occurrences of the group at hand.
    counts: Box<[f32; WINDOW]>,
    /// The places that it has touched, and those that any group has; the first so many.
    counted: Touched,
    touched: Touched,
    /// The codes of the lengths, by number of the field; read when the first list asks for them.
    codes: Vec<[u8; WINDOW]>,
    codes_are_read: Vec<bool>,
}

/// Places, each once.
struct Touched {
    places: Box<[u16; WINDOW]>,
    n: usize,
}

impl Touched {
    fn new() -> Self {
        Touched { places: Box::new([0; WINDOW]), n: 0 }
    }

    fn touching(&mut self) -> Touching<'_> {
        Touching { places: &mut self.places, n: self.n }
    }

    fn places(&self) -> &[u16] {
        &self.places[..self.n.min(WINDOW)]
    }
}

/// Adds to places touched.
struct Touching<'t> {
    places: &'t mut [u16; WINDOW],
    n: usize,
}

impl Touching<'_> {
    /// Adds a place if it is new.
    #[inline]
    fn add(&mut self, at: usize, is_new: bool) {
        // Without a branch: a place that is not new is overwritten by the next.
        self.places[self.n % WINDOW] = at as u16;
        self.n += usize::from(is_new);
    }
}

impl<'n> Window<'n> {
    pub fn new(norms: &'n Norms<'n>) -> Self {
        Window {
            norms,
            base: 0,
            end: 0,
            sums: Box::new([0.0; WINDOW]),
            held: Box::new([0; WINDOW]),
            counts: Box::new([0.0; WINDOW]),
            counted: Touched::new(),
            touched: Touched::new(),
            codes: vec![[0; WINDOW]; norms.0.len()],
            codes_are_read: vec![false; norms.0.len()],
        }
    }

    /// Turns to the passages `base..end`.
    pub fn begin(&mut self, base: u32, end: u32) {
        if self.is_full() {
            self.sums.fill(0.0);
            self.held.fill(0);
        } else {
            for at in self.touched.places().iter().map(|&at| usize::from(at)) {
                (self.sums[at], self.held[at]) = (0.0, 0);
            }
        }
        self.touched.n = 0;
        (self.base, self.end) = (base, end);
        self.codes_are_read.fill(false);
    }

    pub fn sums(&self) -> &[f32; WINDOW] {
        &self.sums
    }

    pub fn held(&self) -> &[u64; WINDOW] {
        &self.held
    }

    /// Returns the places of passages that hold any group, in no order.
    pub fn touched(&self) -> &[u16] {
        self.touched.places()
    }

    /// Tells whether so much is touched that going through all costs less.
    pub fn is_full(&self) -> bool {
        self.touched.n > WINDOW / 8
    }

    fn read_codes(&mut self, field: usize) {
        if !std::mem::replace(&mut self.codes_are_read[field], true) {
            let codes = self.norms.0[field].lengths.range(self.base..self.end);
            // What can't be read has a length of 0, and the index tells.
            self.codes[field].fill(0);
            self.codes[field][..codes.len()].copy_from_slice(codes);
        }
    }

    /// Adds the part of group `number` that has one list, to passages of the window with their counts.
    pub fn add(&mut self, number: usize, weight: f32, field: usize, passages: &[u32], counts: &[u32]) {
        self.read_codes(field);
        let Window { norms, base, sums, held, touched, codes, .. } = self;
        let (norm, codes, bit) = (&norms.0[field], &codes[field], 1u64 << number);
        let (sums, held, mut touching) = (&mut **sums, &mut **held, touched.touching());
        for (&passage, &count) in passages.iter().zip(counts) {
            let at = place(passage, *base);
            touching.add(at, held[at] == 0);
            held[at] |= bit;
            let code = usize::from(codes[at]);
            let worth = match norm.saturated.get((count as usize).wrapping_sub(1)) {
                Some(worth) => worth[code],
                None => saturated(count as f32 * norm.by_length[code], norm.k1),
            };
            sums[at] += weight * worth;
        }
        let n = touching.n;
        touched.n = n;
    }

    /// Adds to the occurrences of group `number`, which has several lists; `first` when those before had
    /// none in this window.
    pub fn count(&mut self, number: usize, weight: f32, field: usize, first: bool, passages: &[u32], counts: &[u32]) {
        self.read_codes(field);
        let Window { norms, base, counts: sums, held, counted, touched, codes, .. } = self;
        let (by_length, codes, bit) = (&norms.0[field].by_length, &codes[field], 1u64 << number);
        let (sums, held) = (&mut **sums, &mut **held);
        let mut touching = touched.touching();
        let both = passages.iter().zip(counts);
        if first {
            // Whatever comes is new.
            let room = counted.places.get_mut(counted.n..).unwrap_or_default();
            for ((&passage, &count), place_of) in both.zip(room) {
                let at = place(passage, *base);
                *place_of = at as u16;
                touching.add(at, held[at] == 0);
                held[at] |= bit;
                sums[at] = count as f32 * weight * by_length[usize::from(codes[at])];
            }
            touched.n = touching.n;
            counted.n = WINDOW.min(counted.n + passages.len());
            return;
        }
        let mut counting = counted.touching();
        for (&passage, &count) in both {
            let at = place(passage, *base);
            let before = held[at];
            let is_new = before & bit == 0;
            touching.add(at, before == 0);
            counting.add(at, is_new);
            held[at] = before | bit;
            let count = count as f32 * weight * by_length[usize::from(codes[at])];
            sums[at] = count + if is_new { 0.0 } else { sums[at] };
        }
        let (n_touched, n_counted) = (touching.n, counting.n);
        (touched.n, counted.n) = (n_touched, n_counted);
    }

    /// Tells whether the group at hand has been counted nowhere yet.
    pub fn is_uncounted(&self) -> bool {
        self.counted.n == 0
    }

    /// Adds the part of the group whose occurrences have been counted.
    pub fn add_counted(&mut self, weight: f32) {
        let k1 = self.norms.0.first().map_or(0.0, |norm| norm.k1);
        for at in self.counted.places().iter().map(|&at| usize::from(at)) {
            self.sums[at] += weight * saturated(self.counts[at], k1);
        }
        self.counted.n = 0;
    }
}

/// Returns the place of a passage in a window. Lists from strangers may name any passage.
#[inline]
fn place(passage: u32, base: u32) -> usize {
    passage.wrapping_sub(base) as usize % WINDOW
}
