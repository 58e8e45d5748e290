//! The ways in which something asked for is found: the terms and phrases that a form stands for in an index.

use super::error::Result;
use crate::analysis::{self, TermKind};
use crate::index::Index;
use crate::query::{Atom, Form};

/// Most words that one prefix or misspelled word stands for.
const MOST_WORDS: usize = 256;

/// Terms any of which may stand at one place of a phrase.
pub(super) type Slot = Vec<String>;

/// One way in which a group is found: a word (one slot) or a phrase.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    pub slots: Vec<Slot>,
    /// Words that may stand between, in any order when not 0.
    pub slop: u32,
    pub weight: f32,
}

/// Looks forms up in an index.
#[derive(Clone, Copy)]
pub(super) struct Finder<'i> {
    pub index: &'i Index,
}

impl Finder<'_> {
    /// Looks up a form.
    pub fn form(&self, form: &Form, weight: f32) -> Result<Vec<Way>> {
        let one =
            |slot: Slot| if slot.is_empty() { Vec::new() } else { vec![Way { slots: vec![slot], slop: 0, weight }] };
        Ok(match form {
            Form::Exact(word) => self.phrase(std::slice::from_ref(word), 0, true, weight)?,
            Form::Word(word) => self.phrase(std::slice::from_ref(word), 0, false, weight)?,
            Form::Phrase { words, slop, exact } => self.phrase(words, *slop, *exact, weight)?,
            // Its names are among the expansions.
            Form::Topic(_) => Vec::new(),
            Form::Prefix(prefix) => {
                let words = self.index.words_with_prefix(&analysis::fold(prefix), MOST_WORDS)?;
                one(words.into_iter().map(|(word, _)| word).collect())
            }
            Form::Fuzzy { word, edits } => {
                let words = self.index.similar_words(&analysis::fold(word), *edits, MOST_WORDS)?;
                one(words.into_iter().map(|(word, _)| word).collect())
            }
        })
    }

    /// Looks up words in a row, or near each other with a slop; a word in any inflection unless `exact`.
    pub fn phrase(&self, words: &[String], slop: u32, exact: bool, weight: f32) -> Result<Vec<Way>> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut compound = None;
        let mut failure = None;
        for word in words {
            analysis::terms(word, &mut |term| match term.kind {
                TermKind::Compound => compound = Some(term.text.to_owned()),
                // The capitals' own term stands at the word's place; it is asked for when exact.
                TermKind::Acronym if exact && word.bytes().all(|byte| !byte.is_ascii_lowercase()) => {
                    slots.pop();
                    slots.push(vec![term.text.to_owned()]);
                }
                TermKind::Acronym => {}
                TermKind::Word if exact => slots.push(vec![term.text.to_owned()]),
                TermKind::Word => match self.index.class(term.text) {
                    Ok(class) if class.words.is_empty() => slots.push(vec![term.text.to_owned()]),
                    Ok(class) => slots.push(class.words.clone()),
                    Err(error) => failure = Some(error),
                },
            });
        }
        if let Some(error) = failure {
            return Err(error.into());
        }
        let mut ways = Vec::new();
        // One word written with hyphens is also found where papers join it.
        if let (Some(joined), [_], false) = (compound, words, exact) {
            let class = self.index.class(&joined)?;
            if !class.words.is_empty() {
                ways.push(Way { slots: vec![class.words.clone()], slop: 0, weight });
            }
        }
        if !slots.is_empty() {
            ways.push(Way { slots, slop, weight });
        }
        Ok(ways)
    }

    /// Returns what was typed, exactly: a word among its inflections, a name among other names.
    pub fn typed(&self, atom: &Atom) -> Result<Option<Way>> {
        Ok(match &atom.form {
            Form::Word(word) => self.phrase(std::slice::from_ref(word), 0, true, 1.0)?.pop(),
            Form::Phrase { words, slop: 0, exact: false } if !atom.expansions.is_empty() => {
                self.phrase(words, 0, false, 1.0)?.pop()
            }
            Form::Exact(_) if !atom.expansions.is_empty() => self.form(&atom.form, 1.0)?.pop(),
            _ => None,
        })
    }
}

/// Joins the ways that are single words of one weight, and drops what is found anyway.
pub(super) fn tidy(ways: Vec<Way>) -> Vec<Way> {
    let mut tidied: Vec<Way> = Vec::new();
    for way in ways {
        let one_word = |other: &&mut Way| other.slots.len() == 1 && way.slots.len() == 1 && other.weight == way.weight;
        match tidied.iter_mut().find(one_word) {
            Some(other) => {
                other.slots[0].extend(way.slots.into_iter().flatten());
                other.slots[0].sort_unstable();
                other.slots[0].dedup();
            }
            None => tidied.push(way),
        }
    }
    // Where "FATA" is looked for, "former FATA" would only be counted twice.
    let found_by = |shorter: &Way, longer: &Way| {
        shorter.slop == 0
            && shorter.weight >= longer.weight
            && longer.slots.windows(shorter.slots.len()).any(|run| {
                run.iter().zip(&shorter.slots).all(|(slot, wider)| slot.iter().all(|term| wider.contains(term)))
            })
    };
    let mut kept: Vec<Way> = Vec::new();
    for (i, way) in tidied.iter().enumerate() {
        let redundant = tidied
            .iter()
            .enumerate()
            .any(|(j, other)| i != j && found_by(other, way) && (j < i || !found_by(way, other)));
        if !redundant {
            kept.push(way.clone());
        }
    }
    kept
}

/// Returns the words that a name of several is known by.
pub(super) fn words_of_name(form: &Form) -> Vec<String> {
    let Form::Phrase { words, slop: 0, exact: false } = form else { return Vec::new() };
    words.iter().filter(|word| !analysis::is_stop_word(&analysis::fold(word))).cloned().collect()
}
