//! The words of bodies in memory, for those who compare one with all: the dictionary is walked through once.

use std::sync::OnceLock;

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};

use super::engine::number;
use super::error::Result;
use super::walk::Walk;
use crate::query::Field;

/// The words of bodies that are not in capitals, in order.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// One behind the other.
    text: String,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    /// Where it ends in the text.
    end: usize,
    n_passages: u32,
    letters: Letters,
}

/// Which letters a word has; none is told of a word beyond ASCII.
#[derive(Clone, Copy, Debug)]
struct Letters(Option<u32>);

impl Letters {
    fn of(word: &str) -> Self {
        Letters(word.is_ascii().then(|| word.bytes().fold(0, |letters, byte| letters | 1 << (byte % 32))))
    }

    /// Tells whether words with such letters may be within so many edits: each takes a letter away, brings one
    /// in, or both.
    fn may_be_near(self, other: Letters, edits: u32) -> bool {
        let (Some(a), Some(b)) = (self.0, other.0) else { return true };
        (a ^ b).count_ones() <= 2 * edits
    }
}

impl Vocabulary {
    /// Reads what is left of a walk.
    pub fn read(mut walk: Walk<'_>) -> Result<Self> {
        let mut vocabulary = Vocabulary { text: String::new(), words: Vec::new() };
        while walk.advance()? {
            let n_passages = walk.n_passages(number(Field::Body));
            let Ok(word) = std::str::from_utf8(walk.word()) else { continue };
            if n_passages > 0 && !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                vocabulary.text.push_str(word);
                let (end, letters) = (vocabulary.text.len(), Letters::of(word));
                vocabulary.words.push(Word { end, n_passages, letters });
            }
        }
        Ok(vocabulary)
    }

    /// Returns words within `edits`, two at most, of a word, with the passages that hold them, in order.
    pub fn similar(&self, word: &str, edits: u8) -> Vec<(String, u32)> {
        // What holds for all words is made once.
        static BUILDERS: [OnceLock<LevenshteinAutomatonBuilder>; 3] = [const { OnceLock::new() }; 3];
        let edits = edits.min(2);
        let builder = BUILDERS[usize::from(edits)].get_or_init(|| LevenshteinAutomatonBuilder::new(edits, true));
        let dfa = builder.build_dfa(word);
        let (n_letters, letters, most) = (word.chars().count(), Letters::of(word), usize::from(edits));
        // A letter takes four bytes at most.
        let may_be = word.len().saturating_sub(4 * most)..=word.len() + 4 * most;
        let mut found = Vec::new();
        let mut start = 0;
        for Word { end, n_passages, letters: others } in &self.words {
            let range = std::mem::replace(&mut start, *end)..*end;
            let fits = range.len().abs_diff(n_letters) <= most || others.0.is_none() && may_be.contains(&range.len());
            if fits && letters.may_be_near(*others, u32::from(edits)) {
                let other = &self.text[range];
                if matches!(dfa.eval(other), Distance::Exact(_)) {
                    found.push((other.to_owned(), *n_passages));
                }
            }
        }
        found
    }
}
