//! What a searcher remembers between queries: many are answered by one.
//!
//! It decides nothing: what is remembered is what would be found again.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHasher;

use super::error::Result;
use super::gathered::Room;
use super::group::{Evidence, Sought};
use super::phrases::Phrases;
use super::rank::Ranking;
use super::window::{Norms, Weighing};
use crate::index::{Bodies, Body, Index};
use crate::memory::Memory;
use crate::query::{Atom, Expansion, Field, Form};

/// What was found out before.
pub(super) struct Remembered<'i> {
    index: &'i Index,
    pub phrases: Phrases<'i>,
    /// The room for the passages of groups.
    pub room: Room,
    sought: Memory<u64, Arc<Known>>,
    ids: Memory<u32, Arc<str>>,
    bodies: Memory<u32, Arc<Words>>,
    norms: Mutex<Option<Arc<Norms<'i>>>>,
}

/// Room for things asked for: 16 MiB.
const SOUGHT: usize = 1 << 22;

/// Ids of passages that are remembered, at most.
const IDS: usize = 1 << 16;

/// Words of bodies that are remembered, at most: 16 MiB.
const WORDS: usize = 1 << 22;

/// The words of a passage's body.
pub(super) struct Words {
    words: Box<[u32]>,
    compounds: Box<[(u32, u32)]>,
}

impl Words {
    pub fn body(&self) -> Body<'_> {
        Body { words: &self.words, compounds: &self.compounds }
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

    /// Returns the id of a passage.
    pub fn id(&self, passage: u32) -> Result<String> {
        if let Some(id) = self.ids.recall(&passage) {
            return Ok((*id).to_owned());
        }
        let id = self.index.passage_id(passage)?;
        self.ids.keep(passage, &id.as_str().into(), 1);
        Ok(id)
    }

    /// Returns the words of a passage's body.
    pub fn words(&self, passage: u32) -> Result<Arc<Words>> {
        if let Some(words) = self.bodies.recall(&passage) {
            return Ok(words);
        }
        let mut bodies = Bodies::default();
        self.index.read_body(passage, &mut bodies)?;
        let body = bodies.get(0);
        let words = Arc::new(Words { words: body.words.into(), compounds: body.compounds.into() });
        self.bodies.keep(passage, &words, body.words.len() + 2 * body.compounds.len());
        Ok(words)
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
