//! Names, brought to the form they are compared in.

use std::borrow::Borrow;

use crate::analysis::{Language, Stemmer};
use crate::query::words::words;

/// A word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query) struct NameWord {
    pub folded: String,
    /// The class of its inflections and spellings.
    pub class: String,
    pub capitals: bool,
}

/// Cuts names to words. Topics are compared by English inflection: a name in another language is
/// found as it is written.
pub(in crate::query) struct Names {
    stemmer: Stemmer,
}

impl Names {
    /// Names of more words nobody writes as one.
    pub const LONGEST_JOINED: usize = 3;

    pub fn new() -> Self {
        Names { stemmer: Stemmer::new(Language::English) }
    }

    /// Returns the words of a name, without a leading article.
    pub fn of(&self, name: &str) -> Vec<NameWord> {
        let mut words: Vec<NameWord> =
            words(name, 0).into_iter().map(|word| self.word(&word.text, word.capitals)).collect();
        if words.len() > 1 && words[0].folded == "the" {
            words.remove(0);
        }
        words
    }

    /// Returns a word as a part of a name.
    pub fn word(&self, text: &str, capitals: bool) -> NameWord {
        let folded = crate::analysis::fold(text);
        NameWord { class: self.stemmer.class(&folded), folded, capitals }
    }

    /// Returns what a name is filed under.
    pub(super) fn filed(&self, words: &[NameWord]) -> Vec<NameKey> {
        match words {
            [] => Vec::new(),
            [word] if word.capitals => vec![NameKey::of_acronym(word)],
            words => [NameKey::of_classes(words)]
                .into_iter()
                .chain(Names::join(words).map(|joined| self.joined(&joined)))
                .collect(),
        }
    }

    /// Returns words as one, where somebody may write them so: "cross border", "cross-border",
    /// "crossborder".
    pub fn join<W: Borrow<NameWord>>(words: &[W]) -> Option<String> {
        Self::joined_of(words.iter().map(Borrow::borrow))
    }

    /// Does the same for words that are told one after the other.
    pub fn joined_of<'w>(words: impl Iterator<Item = &'w NameWord> + Clone) -> Option<String> {
        let (n_words, n_bytes) = words.clone().fold((0, 0), |(n, bytes), word| (n + 1, bytes + word.folded.len()));
        let may = n_bytes >= SHORTEST_JOINED && n_words <= Self::LONGEST_JOINED;
        may.then(|| words.map(|word| word.folded.as_str()).collect())
    }

    /// Returns what joined words are filed under: only the last word may be inflected.
    pub(super) fn joined(&self, joined: &str) -> NameKey {
        NameKey(format!("~{}", self.stemmer.class(joined)))
    }
}

/// A name shorter than this, joined, could be another word: "US aid" is not "USAID".
const SHORTEST_JOINED: usize = 8;

/// Letters that stemming keeps of any word that is joined.
const KEPT: usize = 3;

/// What a name is filed under: `@` a key, `^` an acronym, `=` the classes of its words, `~` its
/// words joined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameKey(String);

impl NameKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what the names begin with that joined words beginning so are filed under: stemming
    /// changes their ends. `None` when it may be anything.
    pub fn start_of_joined(start: &str) -> Option<NameKey> {
        Some(NameKey(["~", start.get(..KEPT)?].concat()))
    }

    /// Returns what the names begin with that words joined in American spelling are filed under.
    pub fn start_of(joined: &str) -> Option<NameKey> {
        // Of a long word stemming keeps more.
        Some(NameKey(["~", joined.get(..KEPT.max(joined.len() / 3))?].concat()))
    }

    pub fn of_key(key: &str) -> NameKey {
        NameKey(format!("@{}", key.trim().to_lowercase()))
    }

    pub fn of_acronym(word: &NameWord) -> NameKey {
        NameKey(format!("^{}", word.folded))
    }

    pub fn of_classes<W: Borrow<NameWord>>(words: &[W]) -> NameKey {
        let mut key = String::with_capacity(words.iter().map(|word| 1 + word.borrow().class.len()).sum());
        key.push('=');
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                key.push(' ');
            }
            key.push_str(&word.borrow().class);
        }
        NameKey(key)
    }
}
