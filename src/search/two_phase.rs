//! Phrases that many passages hold, in two phases: passages are scored by the most that a phrase can stand in them,
//! which its rarest word bounds, and the phrase is looked for only in those that may be among the best.

use std::rc::Rc;

use super::cursor::Cursor;
use super::error::Result;
use super::list::List;
use super::norms::{Norms, count_worth, saturated};
use super::window::{WINDOW, Window, place};

/// Fewer entries in a window than so many are looked at one by one.
const FEW: usize = WINDOW / 8;

/// A group while some of its phrases are bounded.
pub(super) struct TwoPhase<'i> {
    phrases: Vec<Bounded<'i>>,
    /// Weighted occurrences of all else of the group, at the places of the window at hand ...
    sure: Box<[f32; WINDOW]>,
    /// ... and the most that the phrases may add.
    may: Box<[f32; WINDOW]>,
    /// The places where any of these are not nought, where they are few; otherwise all may be.
    touched: Option<Vec<u16>>,
    /// Whether the group's part in the window at hand is a bound.
    is_bound: bool,
    places: Vec<u16>,
    worths: Vec<f32>,
}

/// A phrase in a field, bounded by the lists of one of its slots.
pub(super) struct Bounded<'i> {
    pub cursor: Cursor<'i>,
    pub bounds: Vec<List>,
    pub weight: f32,
    /// The number of the field.
    pub field: usize,
    /// Passages whose count is told by another list, ascending.
    pub except: Rc<Vec<u32>>,
}

/// A group's number, and the most that it can add.
#[derive(Clone, Copy)]
pub(super) struct Share {
    pub group: usize,
    pub weight: f32,
}

impl Share {
    /// Tells whether the group may be held at a place.
    pub fn is_held(self, window: &Window<'_>, place: u16) -> bool {
        window.held()[usize::from(place)] & 1 << self.group != 0
    }
}

impl<'i> TwoPhase<'i> {
    /// Returns the group of some phrases; `None` when there are none.
    pub fn of(phrases: Vec<Bounded<'i>>) -> Option<Self> {
        let zeros = || Box::new([0.0; WINDOW]);
        let (places, worths) = (Vec::new(), Vec::new());
        let some = !phrases.is_empty();
        let touched = Some(Vec::new());
        some.then(|| TwoPhase { phrases, sure: zeros(), may: zeros(), touched, is_bound: false, places, worths })
    }

    /// Returns the lists that bound the phrases.
    pub fn bounds(&self) -> impl Iterator<Item = &List> {
        self.phrases.iter().flat_map(|phrase| &phrase.bounds)
    }

    /// Returns the places to which the bound was added.
    pub fn places(&self) -> &[u16] {
        &self.places
    }

    /// Adds a bound of the group's part to the places of a window where that is not below `least`, a share of the
    /// most that the group can add; `lists` is all else of the group, and there are about `n_entries`. Returns the
    /// largest share.
    pub fn approximate(
        &mut self,
        window: &mut Window<'_>,
        share: Share,
        k1: f32,
        least: f32,
        (lists, n_entries): (&mut [List], usize),
    ) -> f32 {
        self.forget();
        self.touched = (n_entries < FEW).then(|| self.touched.take().unwrap_or_default());
        let TwoPhase { phrases, sure, may, touched, is_bound, places, worths } = self;
        let (base, end) = (window.base, window.end);
        let mut weigh = |list: &mut List, weight: f32, sums: &mut [f32; WINDOW], others: &[f32; WINDOW]| {
            let kind = (list.field, weight);
            list.read(base, end, &mut |passages, counts| {
                if let Some(touched) = touched {
                    let places = passages.iter().map(|&passage| place(passage, base));
                    touched.extend(places.filter(|&at| sums[at] == 0.0 && others[at] == 0.0).map(|at| at as u16));
                }
                window.weigh(kind, (passages, counts), sums);
            });
        };
        lists.iter_mut().for_each(|list| weigh(list, list.weight, sure, may));
        for phrase in phrases {
            phrase.bounds.iter_mut().for_each(|list| weigh(list, phrase.weight, may, sure));
        }
        places.clear();
        worths.clear();
        let least = count_worth(least, k1).max(f32::MIN_POSITIVE);
        let mut most: f32 = 0.0;
        if let Some(touched) = touched {
            for &place in &*touched {
                let count = sure[usize::from(place)] + may[usize::from(place)];
                most = most.max(count);
                if count >= least {
                    places.push(place);
                    worths.push(saturated(count, k1));
                }
            }
            window.add_worths(share.group, share.weight, places, worths);
            *is_bound = true;
            return saturated(most, k1);
        }
        // Counts are looked at together.
        const LOOK: usize = 16;
        let together = sure.as_chunks::<LOOK>().0.iter().zip(may.as_chunks::<LOOK>().0);
        for ((sure, may), first) in together.zip((0..).step_by(LOOK)) {
            let mut fit = 0u16;
            let counts: [f32; LOOK] = std::array::from_fn(|i| sure[i] + may[i]);
            for (i, &count) in counts.iter().enumerate() {
                fit |= u16::from(count >= least) << i;
                most = if count > most { count } else { most };
            }
            while fit != 0 {
                let i = fit.trailing_zeros() as usize;
                places.push(first + i as u16);
                worths.push(saturated(counts[i], k1));
                fit &= fit - 1;
            }
        }
        window.add_worths(share.group, share.weight, places, worths);
        *is_bound = true;
        saturated(most, k1)
    }

    /// Takes away what was counted in the window before.
    fn forget(&mut self) {
        match &mut self.touched {
            Some(touched) => {
                touched.drain(..).map(usize::from).for_each(|at| (self.sure[at], self.may[at]) = (0.0, 0.0));
            }
            None => {
                self.sure.fill(0.0);
                self.may.fill(0.0);
            }
        }
    }

    /// Puts the group's part itself in the place of its bound at some places of the window, ascending.
    pub fn prove(&mut self, window: &mut Window<'_>, share: Share, norms: &Norms<'_>, places: &[u16]) -> Result<()> {
        if !std::mem::take(&mut self.is_bound) {
            return Ok(());
        }
        let k1 = norms.by.k1;
        for &place in places {
            let at = usize::from(place);
            if self.may[at] > 0.0 && share.is_held(window, place) {
                let bound = self.sure[at] + self.may[at];
                let count = self.count(norms, window.base, place)?;
                window.replace(share.group, share.weight, place, saturated(bound, k1), saturated(count, k1));
            }
        }
        Ok(())
    }

    /// Adds the group's part at some places of a window, ascending.
    pub fn look_up(
        &mut self,
        window: &mut Window<'_>,
        share: Share,
        norms: &Norms<'_>,
        lists: &mut [List],
        places: &[u16],
    ) -> Result<()> {
        places.iter().for_each(|&place| self.sure[usize::from(place)] = 0.0);
        if let Some(touched) = &mut self.touched {
            touched.extend_from_slice(places);
        }
        let sure = &mut self.sure;
        for list in lists {
            let kind = (list.field, list.weight);
            list.look_up(window.base, places, &mut |passages, counts| window.weigh(kind, (passages, counts), sure));
        }
        for &place in places {
            let count = self.count(norms, window.base, place)?;
            if count > 0.0 {
                window.add_worths(share.group, share.weight, &[place], &[saturated(count, norms.by.k1)]);
            }
        }
        self.is_bound = false;
        Ok(())
    }

    /// Returns the weighted occurrences at a place, where those of all else are told.
    fn count(&mut self, norms: &Norms<'_>, base: u32, place: u16) -> Result<f32> {
        let mut sum = self.sure[usize::from(place)];
        for phrase in &mut self.phrases {
            sum += phrase.count(norms, base + u32::from(place))?;
        }
        Ok(sum)
    }
}

impl Bounded<'_> {
    /// Returns the weighted occurrences in a passage.
    pub fn count(&mut self, norms: &Norms<'_>, passage: u32) -> Result<f32> {
        let found = self.cursor.matches_in(passage)?.len() as u32;
        let counts = found > 0 && self.except.binary_search(&passage).is_err();
        Ok(if counts { norms.weighed(self.field, passage, found, self.weight) } else { 0.0 })
    }
}
