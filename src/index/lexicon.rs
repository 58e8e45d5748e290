//! Which words of an index are inflections of one another, and how often they are met.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::container::{Container, Writer};
use super::dictionary::{Dictionary, Extents};
use super::engine::FIELDS;
use super::error::Result;
use super::postings::{Extent, Lists};
use super::table::{Table, TableWriter};
use super::unions::{self, Union, UnionWriter};
use super::varint::{put, take, take_bytes};
use crate::analysis::{Language, Stemmer, is_stop_word};
use crate::memory::Memory;

/// A class of words and the number of passages with at least one of them in the body (in any field
/// when none has).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordClass {
    pub n_passages: u32,
    pub words: Vec<String>,
    /// Lists of several of the words.
    pub(super) unions: Vec<Union>,
}

impl WordClass {
    /// Returns the class as bytes; its words are told from the stem, with which they mostly begin.
    fn pack(&self, stem: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, u64::from(self.n_passages));
        if self.n_passages >= unions::LONG {
            bytes.push(self.unions.len() as u8);
            self.unions.iter().for_each(|union| Union::put(&union.extent, &mut bytes));
        }
        for word in &self.words {
            let shared = word.bytes().zip(stem.bytes()).take_while(|(a, b)| a == b).count();
            let ending = &word.as_bytes()[shared..];
            put(&mut bytes, (ending.len() as u64) << 1 | u64::from(shared < stem.len()));
            if shared < stem.len() {
                put(&mut bytes, shared as u64);
            }
            bytes.extend(ending);
        }
        bytes
    }

    /// Reads what [`WordClass::pack`] wrote; `None` when that makes no sense.
    fn unpack(stem: &str, mut bytes: &[u8]) -> Option<Self> {
        let n_passages = u32::try_from(take(&mut bytes)?).ok()?;
        let mut extents = Vec::new();
        if n_passages >= unions::LONG {
            let (&n, rest) = bytes.split_first()?;
            bytes = rest;
            extents = (0..n).map(|_| Union::take(n_passages, &mut bytes)).collect::<Option<_>>()?;
        }
        let mut class = WordClass { n_passages, ..WordClass::default() };
        while !bytes.is_empty() {
            let tag = take(&mut bytes)?;
            let shared = if tag & 1 == 0 { stem.len() } else { usize::try_from(take(&mut bytes)?).ok()? };
            let mut word = stem.as_bytes().get(..shared)?.to_vec();
            word.extend(take_bytes(&mut bytes, tag >> 1)?);
            class.words.push(String::from_utf8(word).ok()?);
        }
        class.unions.extend(extents.into_iter().map(|extent| Union { words: class.words.clone(), extent }));
        Some(class)
    }

    /// Tells whether the dictionary says all of it: a word that is its own stem.
    fn is_plain(&self, stem: &str) -> bool {
        self.words.len() == 1 && self.words[0] == stem
    }
}

/// The word classes of an index.
pub(super) struct Lexicon {
    classes: Table,
    stemmers: Vec<Stemmer>,
    /// Classes by words that were asked for before.
    known: Memory<Box<str>, Arc<WordClass>>,
}

/// Words that are remembered, at most.
const REMEMBERED: usize = 1 << 16;

impl Lexicon {
    pub fn open(container: &Container, languages: &[Language]) -> Result<Self> {
        let stemmers = languages.iter().map(|&language| Stemmer::new(language)).collect();
        Ok(Lexicon { classes: Table::open(container, "classes")?, stemmers, known: Memory::new(REMEMBERED) })
    }

    /// Returns the words of the index that inflect the same word as `word`, in any of its languages.
    pub fn class(&self, word: &str, dictionary: &Dictionary) -> Result<Arc<WordClass>> {
        if let Some(class) = self.known.recall(word) {
            return Ok(class);
        }
        let class = Arc::new(self.look_up(word, dictionary)?);
        self.known.keep(word.into(), &class, 1);
        Ok(class)
    }

    fn look_up(&self, word: &str, dictionary: &Dictionary) -> Result<WordClass> {
        let mut all = WordClass::default();
        for (i, stemmer) in self.stemmers.iter().enumerate() {
            let stem = stemmer.class(word);
            let class = match self.classes.get(&key(stemmer.language(), &stem))? {
                Some(value) => WordClass::unpack(&stem, value).ok_or_else(|| self.classes.damaged())?,
                None if i == MAIN => match dictionary.find(stem.as_bytes())? {
                    Some(entry) => {
                        let n_passages = entry.extents.iter().flatten().next().map_or(0, |extent| extent.n_passages);
                        WordClass { n_passages, words: vec![stem], unions: Vec::new() }
                    }
                    None => continue,
                },
                None => continue,
            };
            // Over several languages the union is at least the largest: near enough for a weight.
            all.n_passages = all.n_passages.max(class.n_passages);
            all.words.extend(class.words);
            all.unions.extend(class.unions);
        }
        all.words.sort_unstable();
        all.words.dedup();
        Ok(all)
    }
}

/// Where the language of most papers stands among all. The dictionary tells its words of a class by themselves.
const MAIN: usize = 0;

fn key(language: Language, class: &str) -> Vec<u8> {
    let mut key = vec![language as u8];
    key.extend(class.as_bytes());
    key
}

/// The classes of the words that may say what a text is about, numbered in order.
#[derive(Default)]
pub(super) struct Subjects {
    by_word: HashMap<String, u32>,
    frequencies: Vec<u32>,
}

impl Subjects {
    fn add(&mut self, class: &WordClass) {
        let said = class.words.iter().filter(|word| says(word));
        let number = self.frequencies.len() as u32;
        let n_before = self.by_word.len();
        self.by_word.extend(said.map(|word| (word.clone(), number)));
        if self.by_word.len() > n_before {
            self.frequencies.push(class.n_passages);
        }
    }

    /// Returns the number of a term's class; capitals are of the class of their word.
    pub fn of(&self, term: &str) -> Option<u32> {
        self.by_word.get(&term.to_ascii_lowercase()).copied()
    }

    /// Returns for each class the number of passages that hold one of its words.
    pub fn frequencies(&self) -> &[u32] {
        &self.frequencies
    }
}

/// Tells whether a word may say what a text is about.
fn says(word: &str) -> bool {
    word.len() >= 2 && !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !is_stop_word(word)
}

/// Writes the word classes of finished lists and returns those that tell subjects, in the main
/// language, and the number of all. `words` are in order; `language_of` tells the language of a passage.
pub(super) fn write(
    lists: &Lists,
    words: &[(&str, Extents)],
    languages: &[Language],
    language_of: &dyn Fn(u32) -> Language,
    mut unions: UnionWriter<'_>,
    container: &mut Writer,
) -> Result<(Subjects, u32)> {
    let mut counter = Counter { lists, met: vec![0; lists.n_passages() as usize], round: 0 };
    let mut table = TableWriter::default();
    let mut subjects = Subjects::default();
    let mut n_classes = 0;
    for (language, words) in words_by_language(lists, words, languages, language_of)? {
        let stemmer = Stemmer::new(language);
        let is_main = languages.get(MAIN) == Some(&language);
        let mut classes: Vec<(String, &(&str, Extents))> =
            words.into_iter().map(|word| (stemmer.class(word.0), word)).collect();
        // Words of a class stay in order.
        classes.sort_by(|a, b| a.0.cmp(&b.0));
        for class in classes.chunk_by(|a, b| a.0 == b.0) {
            let stem = &class[0].0;
            let words = class.iter().map(|(_, (word, _))| (*word).to_owned()).collect();
            let extents = class.iter().map(|(_, (_, extents))| extents);
            let mut found = WordClass { words, ..WordClass::default() };
            if let Some(entries) = unions::join(lists, extents.clone())? {
                found.n_passages = entries.len() as u32;
                let extent = unions.add(&found.words, &entries);
                found.unions.push(Union { words: found.words.clone(), extent });
            } else {
                found.n_passages = counter.count(extents)?;
            }
            n_classes += 1;
            // A word of one passage is shared by none.
            if is_main && found.n_passages >= 2 {
                subjects.add(&found);
            }
            if !(is_main && found.is_plain(stem)) {
                table.add(&key(language, stem), &found.pack(stem));
            }
        }
    }
    table.finish("classes", container)?;
    unions.finish(container)?;
    Ok((subjects, n_classes))
}

/// Collects the words of each language, in order. Capitals are no words: an acronym does not inflect.
fn words_by_language<'w>(
    lists: &Lists,
    words: &'w [(&'w str, Extents)],
    languages: &[Language],
    language_of: &dyn Fn(u32) -> Language,
) -> Result<BTreeMap<Language, Vec<&'w (&'w str, Extents)>>> {
    let mut by_language: BTreeMap<Language, Vec<_>> = BTreeMap::new();
    let is_word = |(word, _): &&(&str, Extents)| !word.bytes().any(|byte| byte.is_ascii_uppercase());
    for word in words.iter().filter(is_word) {
        if let [language] = languages {
            by_language.entry(*language).or_default().push(word);
            continue;
        }
        let mut seen = Vec::new();
        for (field, extent) in word.1.iter().enumerate() {
            let Some(extent) = extent else { continue };
            let mut block = lists.blocks(field, extent)?;
            while !block.passages().is_empty() && seen.len() < languages.len() {
                for language in block.passages().iter().map(|&passage| language_of(passage)) {
                    if !seen.contains(&language) {
                        seen.push(language);
                    }
                }
                block.advance();
            }
        }
        for language in seen {
            by_language.entry(language).or_default().push(word);
        }
    }
    Ok(by_language)
}

/// Counts passages that hold any of several words.
struct Counter<'l> {
    lists: &'l Lists,
    /// The last count in which a passage was met.
    met: Vec<u32>,
    round: u32,
}

impl Counter<'_> {
    fn count<'i>(&mut self, words: impl Iterator<Item = &'i Extents> + Clone) -> Result<u32> {
        for field in 0..FIELDS.len() {
            let n = self.count_in(field, words.clone().filter_map(|extents| extents[field].as_ref()))?;
            if n > 0 {
                return Ok(n);
            }
        }
        Ok(0)
    }

    fn count_in<'i>(&mut self, field: usize, mut extents: impl Iterator<Item = &'i Extent>) -> Result<u32> {
        let Some(first) = extents.next() else { return Ok(0) };
        let Some(second) = extents.next() else { return Ok(first.n_passages) };
        self.round += 1;
        let mut n = 0;
        for extent in [first, second].into_iter().chain(extents) {
            let mut block = self.lists.blocks(field, extent)?;
            while !block.passages().is_empty() {
                for &passage in block.passages() {
                    let met = &mut self.met[passage as usize];
                    n += u32::from(*met != self.round);
                    *met = self.round;
                }
                block.advance();
            }
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_come_back() {
        let table: [(&str, &[&str]); 4] = [
            ("trade", &["trade", "traded", "trader"]),
            ("buy", &["bought", "buy"]),
            ("", &["a", ""]),
            ("é", &["è", "éé"]),
        ];
        for (stem, words) in table {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            for n_passages in [300, 1 << 20] {
                let extent = Extent { n_passages, postings: 7..300, beside: 20..21, ..Extent::default() };
                let union = Union { words: words.clone(), extent };
                let unions = if n_passages < unions::LONG { vec![] } else { vec![union] };
                let class = WordClass { n_passages, words: words.clone(), unions };
                assert_eq!(WordClass::unpack(stem, &class.pack(stem)), Some(class), "{stem}");
            }
        }
        assert_eq!(WordClass::unpack("trade", &[1, 3, 9, b'x']), None, "no stem is so long");
        assert_eq!(WordClass::unpack("trade", &[1, 8, b'x']), None, "cut short");
    }
}
