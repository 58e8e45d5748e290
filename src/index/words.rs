//! What an index knows of words, for expansion: its vocabulary, acronyms and topics.

use super::error::Result;
use super::open::Index;
use crate::analysis::acronyms::Sense;
use crate::query::{AcronymSource, Field, Topics, Vocabulary};

/// Misspelled words are compared with so many of the most frequent similar ones.
const MOST_SIMILAR: usize = 16;

impl Index {
    /// Returns the topics that the index carries.
    pub fn topics(&self) -> Result<Topics<'_>> {
        Topics::from_bytes(self.topics_bytes()).map_err(|_| self.damaged("part `topics`"))
    }

    /// Returns what the acronyms that its papers explain stand for, in order of the short forms.
    pub fn acronyms(&self) -> Result<Vec<Sense>> {
        self.known_acronyms().all()
    }
}

/// The words of an index; what can't be read counts as unknown, and the search itself tells why.
impl Vocabulary for Index {
    fn count(&self, word: &str) -> u32 {
        self.frequency(Field::Body, word).unwrap_or(0)
    }

    fn knows(&self, word: &str) -> bool {
        self.class(word).is_ok_and(|class| !class.words.is_empty())
    }

    fn similar(&self, word: &str, edits: u8) -> Vec<(String, u32)> {
        self.similar_words(word, edits, MOST_SIMILAR).unwrap_or_default()
    }

    fn compound_parts(&self, joined: &str) -> Option<Vec<String>> {
        self.compound_parts(joined).ok().flatten()
    }
}

/// The acronyms that the papers of an index explain.
impl AcronymSource for Index {
    fn long_forms(&self, short: &str) -> Vec<(String, u32)> {
        let senses = self.known_acronyms().senses_of(short).unwrap_or_default();
        senses.into_iter().map(|sense| (sense.long, sense.count)).collect()
    }

    fn short_forms(&self, long: &str) -> Vec<(String, u32)> {
        self.known_acronyms().shorts_of(long).unwrap_or_default()
    }

    fn may_begin_with(&self, words: &str) -> bool {
        self.known_acronyms().long_form_may_begin_with(words).unwrap_or(true)
    }
}
