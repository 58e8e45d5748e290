//! Groups: things asked for, each with all the ways to find it.

use std::ops::Deref;
use std::sync::Arc;

use super::fillers;
use super::gathered::Gathering;
use super::phrases::Found;
use super::ways::Way;
use crate::query::Field;

/// Something asked for, scored as one term.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub sought: Arc<Sought>,
    /// Its part in the score; 0 for what is only required or excluded.
    pub weight: f32,
    pub evidence: Evidence,
}

/// All the ways to find something: what many queries may share.
#[derive(Clone, Debug, Default)]
pub(super) struct Sought {
    /// As typed.
    pub label: String,
    pub ways: Vec<Way>,
    /// Look-alikes: what stands inside one of them is not counted.
    pub not: Vec<Way>,
    pub field: Option<Field>,
    /// Passages that hold it.
    pub n_passages: u32,
    /// Whether that is only about their number.
    pub is_common: bool,
    /// Only words like the one typed are there: they are shown, but the word itself is missing.
    pub guessed: bool,
    /// What was typed itself, when more than that is looked up: it counts more.
    pub typed: Option<Way>,
    /// Where its phrases were found when it was counted.
    pub phrases: Vec<Phrase>,
    /// Its passages, for those who ask again.
    pub gathering: Gathering,
    /// What fills the slots of its ways.
    pub fillers: fillers::Known,
}

/// A phrase of a group, looked for in a field.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    pub field: Field,
    /// Its place among the ways.
    pub way: usize,
    pub found: Found,
}

/// What a group is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Itself.
    Full,
    /// The words of the names of a topic, near each other. This and the following are weaker evidence
    /// for another group: they score, and what holds only these still lacks that group.
    Near,
    /// A word of the name that was typed.
    Part,
    /// Words of like meaning.
    Synonym,
}

impl Sought {
    /// Returns how many numbers take as much room, about.
    pub fn size(&self) -> usize {
        const TERM: usize = 16;
        let terms = self.ways.iter().chain(&self.not).chain(&self.typed).flat_map(|way| &way.slots).map(Vec::len);
        let passages = self.phrases.iter().map(|phrase| match &phrase.found {
            Found::All(passages) => passages.numbers().len(),
            Found::Common(_) => 0,
        });
        TERM * (1 + terms.sum::<usize>()) + passages.sum::<usize>()
    }
}

impl Deref for Group {
    type Target = Sought;

    fn deref(&self) -> &Sought {
        &self.sought
    }
}
