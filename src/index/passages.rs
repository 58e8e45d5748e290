//! Where passages stand, apart from their texts.
//!
//! Sections, pages and places are told for [`GROUP`] passages at once, each as what differs from the
//! passage before it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::container::{Container, Writer};
use super::error::Result;
use super::texts::{Packing, RecordWriter, Records};
use crate::memory::Last;
use crate::paper::{PageRef, Place, StoredPassage};

/// Passages whose standing is told together.
const GROUP: u32 = 64;
/// How standings are compressed: they are small, and wanted for each hit.
pub(super) const STANDINGS: Packing = Packing { block: 4 * 1024, level: 10, dictionary: true };

/// Where the passages of a group stand.
#[derive(Default, Serialize, Deserialize)]
struct Group {
    /// Paths of sections, each once.
    sections: Vec<Vec<String>>,
    pages: Vec<PageRef>,
    passages: Vec<Standing>,
}

/// Where a passage stands; sections and pages by their place in the group, pages from 1.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Standing {
    section: u32,
    page: u32,
    page_to: u32,
    turn: Option<u32>,
    place: Option<Step>,
}

/// A place, told from the one before it.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Step {
    /// From the end of the one before to the start.
    gap: i64,
    len: u64,
    lines: i64,
}

/// Writes passages in order.
pub(super) struct PassageWriter {
    standings: RecordWriter,
    group: Group,
    last: Place,
}

/// The place before a group's first.
const START: Place = Place { start: 0, end: 0, line: 0 };

impl PassageWriter {
    pub fn new(packing: Packing) -> Self {
        PassageWriter { standings: RecordWriter::new(packing), group: Group::default(), last: START }
    }

    pub fn add(&mut self, passage: &StoredPassage) {
        let mut page = |page: &Option<PageRef>| match page {
            Some(page) => place_of(&mut self.group.pages, page) + 1,
            None => 0,
        };
        let (page, page_to) = (page(&passage.page), page(&passage.page_to));
        let section = place_of(&mut self.group.sections, &passage.section);
        let place = passage.place.map(|place| {
            let last = std::mem::replace(&mut self.last, place);
            Step {
                gap: place.start as i64 - last.end as i64,
                len: (place.end - place.start) as u64,
                lines: place.line as i64 - last.line as i64,
            }
        });
        self.group.passages.push(Standing { section, page, page_to, turn: passage.turn, place });
        if self.group.passages.len() == GROUP as usize {
            self.close();
        }
    }

    fn close(&mut self) {
        self.standings.add(&std::mem::take(&mut self.group));
        self.last = START;
    }

    /// Writes the standings.
    pub fn finish(mut self, container: &mut Writer) -> Result<()> {
        if !self.group.passages.is_empty() {
            self.close();
        }
        self.standings.finish("passages", container)
    }
}

/// Returns the place of a thing among those seen, where it is put if it is new.
fn place_of<T: Clone + PartialEq>(seen: &mut Vec<T>, thing: &T) -> u32 {
    // The last ones are met again most often.
    let known = seen.iter().rposition(|known| known == thing);
    known.unwrap_or_else(|| {
        seen.push(thing.clone());
        seen.len() - 1
    }) as u32
}

/// The passages of a container.
pub(super) struct Passages {
    container: Container,
    standings: Records,
    last: Last<u32, Arc<Group>>,
}

/// Groups that are remembered.
const REMEMBERED: usize = 8;

impl Passages {
    pub fn open(container: &Container) -> Result<Self> {
        let standings = Records::open(container, "passages")?;
        Ok(Passages { container: container.clone(), standings, last: Last::new(REMEMBERED) })
    }

    /// Returns a passage without its id, its kind and its text.
    pub fn standing(&self, number: u32) -> Result<StoredPassage> {
        let group = self.group(number / GROUP)?;
        group.standing((number % GROUP) as usize).ok_or_else(|| self.container.damaged("part `passages`"))
    }

    fn group(&self, number: u32) -> Result<Arc<Group>> {
        if let Some(group) = self.last.recall(&number) {
            return Ok(group);
        }
        let group: Arc<Group> = Arc::new(self.standings.get(number)?);
        self.last.keep(number, &group);
        Ok(group)
    }
}

impl Group {
    fn standing(&self, i: usize) -> Option<StoredPassage> {
        let mut place = None;
        let mut last = START;
        for step in self.passages.get(..=i)?.iter().map(|standing| standing.place) {
            place = match step {
                Some(step) => {
                    let start = usize::try_from(i64::try_from(last.end).ok()?.checked_add(step.gap)?).ok()?;
                    let end = start.checked_add(usize::try_from(step.len).ok()?)?;
                    let line = usize::try_from(i64::try_from(last.line).ok()?.checked_add(step.lines)?).ok()?;
                    last = Place { start, end, line };
                    Some(last)
                }
                None => None,
            };
        }
        let Standing { section, page, page_to, turn, .. } = self.passages[i];
        let page_at = |page: u32| match page.checked_sub(1) {
            Some(page) => self.pages.get(page as usize).cloned().map(Some),
            None => Some(None),
        };
        let (page, page_to) = (page_at(page)?, page_at(page_to)?);
        let section = self.sections.get(section as usize)?.clone();
        Some(StoredPassage { section, page, page_to, turn, place, ..StoredPassage::default() })
    }
}
