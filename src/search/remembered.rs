//! What a searcher remembers between queries: many are answered by one.
//!
//! It decides nothing: what is remembered is what would be found again.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHasher;

use super::error::Result;
use super::gathered::Room;
use super::group::{Evidence, Sought};
use super::norms::{Norms, Weighing};
use super::phrases::Phrases;
use super::rank::Ranking;
use super::window::{Grain, Window};
use crate::index::{Bodies, Body, Classes, Index};
use crate::memory::Memory;
use crate::query::{Atom, Expansion, Field, Form};

/// What was found out before.
pub(super) struct Remembered<'i> {
    index: &'i Index,
    pub phrases: Phrases<'i>,
    /// The room for the passages of groups.
    pub room: Room,
    sought: Memory<u64, Arc<Known>>,
    ids: Memory<u32, Ids>,
    bodies: Memory<u32, Words>,
    norms: Mutex<Option<Arc<Norms<'i>>>>,
    /// Those that no thread uses.
    windows: Mutex<Vec<Window<'i>>>,
}

/// Room for things asked for: 16 MiB.
const SOUGHT: usize = 1 << 22;

/// Ids of passages are remembered by so many side by side: they are read together.
const BESIDE: u32 = 64;

/// Such rows that are remembered, at most.
const IDS: usize = 1 << 11;

/// The ids of passages side by side: where each ends, in four bytes, then one behind the other.
#[derive(Clone)]
struct Ids(Arc<[u8]>);

impl Ids {
    fn of(text: &str, mut ends: Vec<u32>) -> Self {
        ends.resize(BESIDE as usize, ends.last().copied().unwrap_or(0));
        let ends: Vec<u8> = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        Ids([&ends, text.as_bytes()].concat().into())
    }

    fn get(&self, i: usize) -> Option<&str> {
        let (ends, text) = self.0.split_at_checked(4 * BESIDE as usize)?;
        let (ends, _) = ends.as_chunks();
        let end = |i: usize| Some(u32::from_le_bytes(*ends.get(i)?) as usize);
        let start = i.checked_sub(1).map_or(Some(0), end)?;
        std::str::from_utf8(text.get(start..end(i)?)?).ok()
    }
}

/// Words of bodies that are remembered, at most, with the classes of those that tell subjects: 24 MiB.
const WORDS: usize = 3 << 21;

/// The words of a passage's body, side by side: how many there are, and how many compounds; the word at each
/// position; the compounds; and the classes of words that tell the subject, in order, each as often as it is met.
#[derive(Clone)]
pub(super) struct Words(Arc<[u32]>);

impl Words {
    fn of(body: Body<'_>, subjects: Classes<'_>) -> Self {
        let compounds = body.compounds.iter().flat_map(|&(position, rank)| [position, rank]);
        let mut all = Vec::with_capacity(2 + 2 * (body.words.len() + body.compounds.len()));
        all.extend([body.words.len() as u32, body.compounds.len() as u32]);
        all.extend(body.words.iter().copied().chain(compounds));
        let start = all.len();
        all.extend(body.words.iter().filter_map(|&rank| subjects.of(rank)));
        all[start..].sort_unstable();
        Words(all.into())
    }

    /// Returns the rank of the word at each position.
    pub fn words(&self) -> &[u32] {
        &self.0[2..][..self.0[0] as usize]
    }

    /// Returns hyphenated words joined, each as the position where it begins and its rank.
    pub fn compounds(&self) -> &[[u32; 2]] {
        self.0[2 + self.0[0] as usize..][..2 * self.0[1] as usize].as_chunks().0
    }

    /// Returns the classes of words that tell the subject, ascending, each as often as it is met.
    pub fn subjects(&self) -> &[u32] {
        &self.0[2 + self.0[0] as usize + 2 * self.0[1] as usize..]
    }
}

/// What was asked for, and what that is in the index; `None` for nothing.
struct Known {
    asked: Asked,
    sought: Option<Arc<Sought>>,
}

/// What of an atom tells what is looked up.
#[derive(PartialEq)]
struct Asked {
    form: Form,
    field: Option<Field>,
    expansions: Vec<Expansion>,
    not: Vec<Form>,
    sense: Sense,
}

/// As evidence of what an atom is looked up; of a part of its name, which word.
pub(super) type Sense = (Evidence, usize);

impl<'i> Remembered<'i> {
    pub fn new(index: &'i Index) -> Self {
        Remembered {
            index,
            phrases: Phrases::new(index),
            room: Room::default(),
            sought: Memory::new(SOUGHT),
            ids: Memory::new(IDS),
            bodies: Memory::new(WORDS),
            norms: Mutex::default(),
            windows: Mutex::default(),
        }
    }

    /// Returns what occurrences count.
    pub fn norms(&self, ranking: &Ranking) -> Arc<Norms<'i>> {
        let mut known = self.norms.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some(norms) if norms.by == Weighing::of(ranking) => Arc::clone(norms),
            _ => Arc::clone(known.insert(Arc::new(Norms::of(self.index, ranking)))),
        }
    }

    /// Returns a window of passages that nobody uses.
    pub fn window(&self, norms: &Arc<Norms<'i>>, grain: Grain) -> Window<'i> {
        let free = self.windows.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let norms = Arc::clone(norms);
        match free {
            Some(window) => window.again(norms, grain),
            None => Window::new(norms, grain),
        }
    }

    /// Takes a window back.
    pub fn take_back(&self, window: Window<'i>) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).push(window);
    }

    /// Returns the ids of passages.
    pub fn ids(&self, passages: impl Iterator<Item = u32> + Clone) -> Result<Vec<String>> {
        let known = self.ids.recall_all(passages.clone().map(|passage| passage / BESIDE));
        let id = |(known, passage): (Option<Ids>, u32)| {
            let ids = known.map_or_else(|| self.ids_beside(passage), Ok)?;
            match ids.get((passage % BESIDE) as usize) {
                Some(id) => Ok(id.to_owned()),
                None => Ok(self.index.passage_id(passage)?),
            }
        };
        known.into_iter().zip(passages).map(id).collect()
    }

    fn ids_beside(&self, passage: u32) -> Result<Ids> {
        let row = passage / BESIDE;
        if let Some(ids) = self.ids.recall(&row) {
            return Ok(ids);
        }
        let (mut text, mut ends) = (String::new(), Vec::new());
        let passages = row * BESIDE..self.index.n_passages().min((row + 1) * BESIDE);
        self.index.append_passage_ids(passages, &mut text, |end| ends.push(end as u32))?;
        let ids = Ids::of(&text, ends);
        self.ids.keep(row, &ids, 1);
        Ok(ids)
    }

    /// Returns the words of passages' bodies.
    pub fn words(&self, passages: impl Iterator<Item = u32> + Clone, subjects: Classes<'_>) -> Result<Vec<Words>> {
        let known = self.bodies.recall_all(passages.clone());
        let mut bodies = Bodies::default();
        let mut read = |passage| {
            bodies.clear();
            self.index.read_body(passage, &mut bodies)?;
            let words = Words::of(bodies.get(0), subjects);
            self.bodies.keep(passage, &words, words.0.len());
            Ok(words)
        };
        known.into_iter().zip(passages).map(|(known, passage)| known.map_or_else(|| read(passage), Ok)).collect()
    }

    /// Returns what an atom is in a sense, which is looked up when nobody has asked before.
    pub fn sought(
        &self,
        atom: &Atom,
        sense: Sense,
        look_up: impl FnOnce() -> Result<Option<Arc<Sought>>>,
    ) -> Result<Option<Arc<Sought>>> {
        let hash = hash(atom, sense);
        let known = self.sought.recall(&hash);
        if let Some(known) = known.filter(|known| known.asked.is(atom, sense)) {
            return Ok(known.sought.clone());
        }
        let sought = look_up()?;
        let (expansions, not) = (atom.expansions.clone(), atom.not.clone());
        let asked = Asked { form: atom.form.clone(), field: atom.field, expansions, not, sense };
        let size = sought.as_ref().map_or(1, |sought| sought.size());
        self.sought.keep(hash, &Arc::new(Known { asked, sought: sought.clone() }), size);
        Ok(sought)
    }
}

impl Asked {
    fn is(&self, atom: &Atom, sense: Sense) -> bool {
        self.sense == sense
            && self.field == atom.field
            && self.form == atom.form
            && self.expansions == atom.expansions
            && self.not == atom.not
    }
}

fn hash(atom: &Atom, (evidence, word): Sense) -> u64 {
    let mut hasher = FxHasher::default();
    (evidence as usize, word).hash(&mut hasher);
    atom.field.hash(&mut hasher);
    atom.form.hash(&mut hasher);
    atom.expansions.iter().for_each(|expansion| expansion.form.hash(&mut hasher));
    atom.not.hash(&mut hasher);
    hasher.finish()
}
