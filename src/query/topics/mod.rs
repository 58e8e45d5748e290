//! Topics: named subjects with all their names, and the table that finds them by any of these.

mod file;
mod name;
mod skos;
mod table;

use std::borrow::{Borrow, Cow};

use serde::{Deserialize, Serialize};

use crate::analysis::american;
use name::NameKey;
pub(super) use name::{NameWord, Names};

/// A named subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// What is typed after `@`.
    pub key: String,
    pub label: String,
    /// Other names that are as good as the label.
    pub aliases: Vec<String>,
    /// Names of narrower or neighboring subjects: weaker evidence.
    pub related: Vec<String>,
    /// Look-alikes that are never meant.
    pub not: Vec<String>,
}

impl Topic {
    /// Returns the label, then the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.label).chain(&self.aliases).map(String::as_str)
    }
}

/// A collection of topics in a compact form that is looked up where it lies.
///
/// Opening it reads a header; a lookup is a binary search over the names, and only the topic found
/// is decoded.
///
/// ```
/// use polisearch::query::Topics;
/// let topics = Topics::from_toml("topics.toml", r#"
///     [topics.nato]
///     label = "North Atlantic Treaty Organization"
///     aliases = ["NATO", "Atlantic Alliance"]
/// "#)?;
/// let stored = topics.as_bytes().to_vec();
/// let topics = Topics::from_bytes(&stored)?;
/// for typed in ["NATO", "north atlantic treaty organisation", "Atlantic alliances", "@nato"] {
///     assert_eq!(topics.find(typed).map(|topic| topic.key).as_deref(), Some("nato"), "{typed}");
/// }
/// assert_eq!(topics.find("Atlantic"), None);
/// # Ok::<(), polisearch::query::TopicsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics<'b> {
    bytes: Cow<'b, [u8]>,
}

impl Default for Topics<'_> {
    fn default() -> Self {
        Topics::new(&[])
    }
}

impl<'b> Topics<'b> {
    /// Puts topics together; where two share a name, the first has it.
    pub fn new(topics: &[Topic]) -> Topics<'static> {
        Topics { bytes: Cow::Owned(table::write(topics)) }
    }

    /// Opens the compact form.
    pub fn from_bytes(bytes: &'b [u8]) -> Result<Topics<'b>, super::TopicsError> {
        table::check(bytes)?;
        Ok(Topics { bytes: Cow::Borrowed(bytes) })
    }

    /// Returns the compact form; the same topics give the same bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns how many topics there are.
    pub fn len(&self) -> usize {
        table::len(&self.bytes)
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns all topics in the order of their file.
    pub fn iter(&self) -> impl Iterator<Item = Topic> {
        (0..self.len()).map_while(|i| table::topic(&self.bytes, i))
    }

    /// Returns the topic with a key, in any case.
    pub fn get(&self, key: &str) -> Option<Topic> {
        self.at(self.number(key)?)
    }

    /// Returns the number of the topic with a key, in any case.
    pub(super) fn number(&self, key: &str) -> Option<usize> {
        table::find(&self.bytes, &NameKey::of_key(key))
    }

    /// Returns the topic with a number.
    pub(super) fn at(&self, number: usize) -> Option<Topic> {
        table::topic(&self.bytes, number)
    }

    /// Returns the topic with a name or, after `@`, a key. Case, accents, spelling, plurals and
    /// hyphens aside.
    pub fn find(&self, name: &str) -> Option<Topic> {
        if let Some(key) = name.trim().strip_prefix('@') {
            return self.get(key);
        }
        let names = Names::new();
        let words = names.of(name);
        let acronym = if let [word] = &*words { self.with_acronym(word) } else { None };
        let by_name = || self.with_name(&words);
        let number = acronym.or_else(by_name).or_else(|| self.with_joined_name(&names, &Names::join(&words)?));
        self.at(number?)
    }

    /// Returns the number of the topic with an acronym, in any case.
    pub(super) fn with_acronym(&self, word: &NameWord) -> Option<usize> {
        table::find(&self.bytes, &NameKey::of_acronym(word))
    }

    /// Returns the number of the topic with a name of these words, inflections aside.
    pub(super) fn with_name<W: Borrow<NameWord>>(&self, words: &[W]) -> Option<usize> {
        table::find(&self.bytes, &NameKey::of_classes(words))
    }

    /// Returns the number of the topic with a name whose words are these when [joined](Names::join).
    pub(super) fn with_joined_name(&self, names: &Names, joined: &str) -> Option<usize> {
        // To stem costs more than to look whether any name begins so.
        if self.may_be_joined(joined) { self.with_likely_name(names, joined) } else { None }
    }

    /// Does the same for words that [may be joined](Topics::may_be_joined).
    pub(super) fn with_likely_name(&self, names: &Names, joined: &str) -> Option<usize> {
        table::find(&self.bytes, &names.joined(joined))
    }

    /// Tells whether joined words may be a name: they are none when it denies it.
    pub(super) fn may_be_joined(&self, joined: &str) -> bool {
        let joined = american(joined);
        // Numbers are not stemmed; of other words stemming takes the end, and writes few letters anew.
        const ANEW: usize = 4;
        let is_stemmed = !joined.bytes().any(|byte| byte.is_ascii_digit());
        let fits = |name: &[u8]| {
            let letters = &name[1..];
            let n_alike = letters.iter().zip(joined.bytes()).take_while(|&(&a, b)| a == b).count();
            !is_stemmed || n_alike + ANEW >= letters.len()
        };
        NameKey::start_of(&joined).is_none_or(|start| table::any_with_prefix(&self.bytes, &start, fits))
    }

    /// Tells whether a name may begin with words that follow each other: none does when it denies it.
    pub(super) fn may_begin_with<W: Borrow<NameWord>>(&self, words: &[W]) -> bool {
        table::has_prefix(&self.bytes, &NameKey::of_classes(words))
    }

    /// Tells whether a name may begin, when it is joined, with a word: none does when it denies it.
    pub(super) fn may_join(&self, word: &NameWord) -> bool {
        // Both spellings of the word, since joined ones are filed in the American one.
        [&word.folded, &*american(&word.folded)]
            .into_iter()
            .any(|start| NameKey::start_of_joined(start).is_none_or(|start| table::has_prefix(&self.bytes, &start)))
    }

    /// Returns how many words the longest name has.
    pub(super) fn longest_name(&self) -> usize {
        table::longest_name(&self.bytes)
    }
}
