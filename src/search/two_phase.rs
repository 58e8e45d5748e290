//! Phrases that many passages hold, in two phases: passages are scored by the most that a phrase can stand in them,
//! which its rarest word bounds, and the phrase is looked for only in those that may be among the best.

use std::rc::Rc;

use super::cursor::Cursor;
use super::error::Result;
use super::lists::List;
use super::norms::{Norms, count_worth, saturated};
use super::window::{WINDOW, Window};

/// A group while some of its phrases are bounded.
pub(super) struct TwoPhase<'i> {
    phrases: Vec<Bounded<'i>>,
    /// Weighted occurrences of all else of the group, at the places of the window at hand ...
    sure: Box<[f32; WINDOW]>,
    /// ... and the most that the phrases may add.
    may: Box<[f32; WINDOW]>,
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

impl<'i> TwoPhase<'i> {
    /// Returns the group of some phrases; `None` when there are none.
    pub fn of(phrases: Vec<Bounded<'i>>) -> Option<Self> {
        let zeros = || Box::new([0.0; WINDOW]);
        let (places, worths) = (Vec::new(), Vec::new());
        let some = !phrases.is_empty();
        some.then(|| TwoPhase { phrases, sure: zeros(), may: zeros(), is_bound: false, places, worths })
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
    /// most that the group can add; `lists` is all else of the group. Returns the largest share.
    pub fn approximate(
        &mut self,
        window: &mut Window<'_>,
        share: Share,
        k1: f32,
        least: f32,
        lists: &mut [List],
    ) -> f32 {
        let TwoPhase { phrases, sure, may, is_bound, places, worths } = self;
        let (base, end) = (window.base, window.end);
        sure.fill(0.0);
        may.fill(0.0);
        for list in lists {
            let kind = (list.field, list.weight);
            list.read(base, end, &mut |passages, counts| window.weigh(kind, (passages, counts), sure));
        }
        for phrase in phrases {
            let kind = (phrase.field, phrase.weight);
            for list in &mut phrase.bounds {
                list.read(base, end, &mut |passages, counts| window.weigh(kind, (passages, counts), may));
            }
        }
        places.clear();
        worths.clear();
        let least = count_worth(least, k1).max(f32::MIN_POSITIVE);
        let mut most: f32 = 0.0;
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

    /// Puts the group's part itself in the place of its bound at some places of the window, ascending.
    pub fn prove(&mut self, window: &mut Window<'_>, share: Share, norms: &Norms<'_>, places: &[u16]) -> Result<()> {
        if !std::mem::take(&mut self.is_bound) {
            return Ok(());
        }
        let k1 = norms.by.k1;
        for &place in places {
            let at = usize::from(place);
            if self.may[at] > 0.0 && window.held()[at] & 1 << share.group != 0 {
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
        let passage = base + u32::from(place);
        let mut sum = self.sure[usize::from(place)];
        for phrase in &mut self.phrases {
            let found = phrase.cursor.matches_in(passage)?.len() as u32;
            if found > 0 && phrase.except.binary_search(&passage).is_err() {
                sum += norms.weighed(phrase.field, passage, found, phrase.weight);
            }
        }
        Ok(sum)
    }
}
