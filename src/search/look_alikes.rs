//! Look-alikes of a group, looked for late: the group is scored as if there were none, which is the most that it can
//! add, and they are looked for only in passages that may be among the best.

use std::rc::Rc;

use super::cursor::{Cursor, GroupCursor};
use super::error::Result;
use super::group::Group;
use super::list::List;
use super::norms::{Norms, saturated};
use super::two_phase::{Bounded, Share};
use super::ways::Way;
use super::window::Window;
use crate::index::Index;
use crate::query::Field;

/// When look-alikes are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Everywhere, before anything is scored.
    Early,
    /// Where it matters.
    Late,
}

/// Returns the passages of a field that hold a look-alike of a group, ascending, where that must be known before
/// anything is scored.
pub(super) fn passages(index: &Index, field: Field, group: &Group, when: When) -> Result<Vec<u32>> {
    // A look-alike takes occurrences away, but those that are left count as full ones: where some count less, a group
    // may come to more than without it.
    let may_count_more = |way: &&Way| when == When::Early || way.weight < 1.0;
    let mut passages = Vec::new();
    for not in &group.not {
        let cursor = Cursor::open_beside(index, field, not, group.ways.iter().filter(may_count_more))?;
        if let Some(mut cursor) = cursor {
            cursor.for_each_match(not.slop, |passage| passages.push(passage))?;
        }
    }
    passages.sort_unstable();
    passages.dedup();
    Ok(passages)
}

/// The look-alikes of a group while its lists are read.
pub(super) struct LookAlikes<'i> {
    fields: Vec<InField<'i>>,
    /// The group's lists and the phrases beside them, looked up where there is a look-alike.
    lists: Vec<List>,
    phrases: Vec<Bounded<'i>>,
    /// Whether the group's part in the window at hand is as if there were none.
    is_bound: bool,
}

/// The look-alikes in a field.
struct InField<'i> {
    /// The number of the field.
    number: usize,
    cursor: GroupCursor<'i>,
    /// Passages whose look-alikes are known, ascending.
    known: Rc<Vec<u32>>,
}

impl<'i> LookAlikes<'i> {
    /// Opens the look-alikes of a group in some fields, each with its number and the passages that are known to hold
    /// any; `lists` and `phrases` are those of the group, as nobody has read them.
    pub fn open(
        index: &'i Index,
        group: &Group,
        fields: Vec<(usize, Field, Rc<Vec<u32>>)>,
        lists: &[List],
        phrases: Vec<Bounded<'i>>,
    ) -> Result<Option<Self>> {
        let mut open = Vec::new();
        for (number, field, known) in fields {
            let cursor = GroupCursor::open(index, field, group)?;
            if cursor.has_look_alikes() {
                open.push(InField { number, cursor, known });
            }
        }
        let some = !open.is_empty();
        Ok(some.then(|| LookAlikes { fields: open, lists: lists.to_vec(), phrases, is_bound: false }))
    }

    /// Takes note that the group was added to the window at hand.
    pub fn pass_over(&mut self) {
        self.is_bound = true;
    }

    /// Takes away what stands inside look-alikes at some places of the window, ascending.
    pub fn prove(&mut self, window: &mut Window<'_>, share: Share, norms: &Norms<'_>, places: &[u16]) -> Result<()> {
        if !std::mem::take(&mut self.is_bound) {
            return Ok(());
        }
        let k1 = norms.by.k1;
        for &place in places {
            if !share.is_held(window, place) {
                continue;
            }
            let passage = window.base + u32::from(place);
            let beside = self.beside(passage)?;
            if beside.is_empty() {
                continue;
            }
            let (mut before, mut after) = (0.0, 0.0);
            let is_beside = |field: usize| beside.iter().any(|&(other, _)| other == field);
            let mut add = |field: usize, count: f32| {
                before += count;
                after += if is_beside(field) { 0.0 } else { count };
            };
            for list in &mut self.lists {
                let (field, weight) = (list.field, list.weight);
                list.look_up(window.base, &[place], &mut |_, counts| {
                    counts.iter().for_each(|&count| add(field, norms.weighed(field, passage, count, weight)));
                });
            }
            // In the order in which they are added when they are looked for early.
            beside.iter().for_each(|&(field, count)| after += norms.count(field, passage, count));
            for phrase in &mut self.phrases {
                let count = phrase.count(norms, passage)?;
                before += count;
                after += if is_beside(phrase.field) { 0.0 } else { count };
            }
            window.replace(share.group, share.weight, place, saturated(before, k1), saturated(after, k1));
        }
        Ok(())
    }

    /// Returns for each field in which a passage has a look-alike that was not known how often the group stands outside
    /// of it.
    fn beside(&mut self, passage: u32) -> Result<Vec<(usize, u32)>> {
        let mut beside = Vec::new();
        for InField { number, cursor, known } in &mut self.fields {
            if known.binary_search(&passage).is_err() && !cursor.look_alikes(passage)?.is_empty() {
                beside.push((*number, cursor.occurrences(passage)?.len() as u32));
            }
        }
        Ok(beside)
    }
}
