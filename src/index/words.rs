//! What an open index knows of words: its vocabulary, their classes, acronyms and topics.

use std::sync::Arc;

use super::bodies::Classes;
use super::engine::number;
use super::error::Result;
use super::lexicon::WordClass;
use super::open::Index;
use super::vocabulary;
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

    /// Returns the inflections of a folded word that the index holds.
    pub fn class(&self, word: &str) -> Result<Arc<WordClass>> {
        self.lexicon.class(word, &self.dictionary)
    }

    /// Returns the classes of words by which passages tell their subject: one look-up for each query.
    pub fn subjects(&self) -> Classes<'_> {
        self.forward.classes()
    }

    /// Returns the words of classes that [`Index::subjects`] names, in small letters. Reads all words.
    pub fn words_of_subjects(&self, classes: &[u32]) -> Result<Vec<Vec<String>>> {
        let mut words = vec![Vec::new(); classes.len()];
        let subjects = self.subjects();
        let mut walk = self.dictionary.walk_from(b"")?;
        while walk.advance()? {
            let class = walk.rank().and_then(|rank| subjects.of(rank));
            let Some(at) = class.and_then(|class| classes.iter().position(|&wanted| wanted == class)) else { continue };
            // A word that is only met in capitals has a rank as such.
            let word = String::from_utf8_lossy(walk.word()).to_ascii_lowercase();
            if !words[at].contains(&word) {
                words[at].push(word);
            }
        }
        words.iter_mut().for_each(|words| words.sort_unstable());
        Ok(words)
    }

    /// Returns the number of passages with a word of a class that [`Index::subjects`] names.
    pub fn subject_frequency(&self, class: u32) -> Result<u32> {
        self.forward.frequency(class)
    }

    /// Returns the parts of a joined word that the papers write with hyphens.
    pub fn compound_parts(&self, joined: &str) -> Result<Option<Vec<String>>> {
        let entry = self.dictionary.find(joined.as_bytes())?;
        let Some(entry) = entry.filter(|entry| !entry.parts.is_empty()) else { return Ok(None) };
        let mut rest = joined;
        let mut parts = Vec::new();
        for &n in &entry.parts {
            let (part, behind) = rest.split_at_checked(n as usize).ok_or_else(|| self.damaged("part `words`"))?;
            parts.push(part.to_owned());
            rest = behind;
        }
        parts.push(rest.to_owned());
        Ok(Some(parts))
    }

    /// Returns words of the bodies that begin with `prefix`, most frequent first, at most `most`.
    pub fn words_with_prefix(&self, prefix: &str, most: usize) -> Result<Vec<(String, u32)>> {
        let mut words = Vec::new();
        let mut walk = self.dictionary.walk_from(prefix.as_bytes())?;
        while walk.advance()? && walk.word().starts_with(prefix.as_bytes()) {
            let n_passages = walk.n_passages(number(Field::Body));
            let word = std::str::from_utf8(walk.word()).ok().filter(|_| n_passages > 0);
            let word = word.filter(|word| !word.bytes().any(|byte| byte.is_ascii_uppercase()));
            words.extend(word.map(|word| (word.to_owned(), n_passages)));
        }
        Ok(most_frequent(words, most))
    }

    /// Returns words of the bodies within `edits`, two at most, of a word: the most frequent first.
    pub fn similar_words(&self, word: &str, edits: u8, most_words: usize) -> Result<Vec<(String, u32)>> {
        let known = match self.vocabulary.get() {
            Some(known) => known,
            None => {
                let read = vocabulary::Vocabulary::read(self.dictionary.walk_from(b"")?)?;
                self.vocabulary.get_or_init(|| read)
            }
        };
        Ok(most_frequent(known.similar(word, edits), most_words))
    }
}

fn most_frequent(mut words: Vec<(String, u32)>, most: usize) -> Vec<(String, u32)> {
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(most);
    words
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
