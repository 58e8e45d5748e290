//! An open index: what a search asks of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};
use tantivy::InvertedIndexReader;
use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as EngineField, IndexRecordOption};

use super::acronyms::KnownAcronyms;
use super::build::Source;
use super::columns::{Kinds, Lengths, PaperNumbers};
use super::container::{Container, Part, Trust};
use super::dictionary::Dictionary;
use super::engine::{self, FIELDS, LENGTHS};
use super::error::{Error, Result};
use super::find::find_in;
use super::forward::{Bodies, Classes, Forward, Sieve};
use super::lexicon::{Lexicon, WordClass};
use super::manifest::Manifest;
use super::names::Names;
use super::packed::Column;
use super::passages::Passages;
use super::postings::{self, Blocks, Places};
use super::table::Table;
use super::texts::Records;
use super::written::Texts;
use crate::analysis::Language;
use crate::paper::{Kind, StoredPaper, StoredPassage};
use crate::query::Field;

/// The index built from the papers in `seeds/`, which the program carries inside.
const BUILT_IN: &[u8] = include_bytes!("../../index/seeds.polisearch");

/// An index, open for reading. Nothing is ever written to it.
pub struct Index {
    container: Container,
    manifest: Manifest,
    inverted: [Arc<InvertedIndexReader>; 3],
    /// The bytes of all lists, by field.
    lists: [FileSlice; 3],
    dictionary: Dictionary,
    lengths: [Part; 3],
    lexicon: Lexicon,
    forward: Forward,
    compounds: Table,
    acronyms: KnownAcronyms,
    papers: Records,
    origins: Records,
    sources: Records,
    pub(super) passages: Passages,
    pub(super) texts: Option<Texts>,
    /// Ids of papers; what follows them in ids of passages.
    paper_names: Names,
    passage_names: Names,
    columns: Columns,
    topics: OwnedBytes,
}

/// What is known of each passage and paper by its number.
struct Columns {
    /// For each paper its first passage; then the number of all.
    first: Column,
    /// The papers in order of their ids.
    order: Column,
    rank: Column,
    kind: Part,
    /// Passages that repeat others, ascending, and the group of each.
    copies: Column,
    copied: Column,
}

/// Returns the engine's number of a field of [`FIELDS`].
pub(super) fn field(i: usize) -> EngineField {
    EngineField::from_field_id(i as u32)
}

fn number(field: Field) -> usize {
    FIELDS.iter().position(|&f| f == field).expect("all fields are listed")
}

impl Index {
    /// Opens the index at `path`: a file, or a folder that holds one.
    pub fn open(path: &Path) -> Result<Index> {
        let file = if path.is_dir() { find_in(path)? } else { path.to_owned() };
        Index::from_container(Container::open(&file)?)
    }

    /// Does something with the index; a panic becomes the error of a damaged file, for it is a file that
    /// makes the engine panic.
    pub fn guarded<T, E: From<Error>>(
        &self,
        action: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        guarded(&self.container, action)
    }

    /// Opens the index inside the program.
    pub fn built_in() -> Result<Index> {
        let path = Path::new("the index inside this program");
        Index::from_container(Container::from_bytes(OwnedBytes::new(BUILT_IN), path, Trust::Whole)?)
    }

    /// Opens an index in memory; `name` stands for its path in messages.
    pub fn from_bytes(bytes: Vec<u8>, name: &Path) -> Result<Index> {
        Index::from_container(Container::from_bytes(OwnedBytes::new(bytes), name, Trust::Nothing)?)
    }

    fn from_container(container: Container) -> Result<Index> {
        guarded(&container.clone(), || Index::from_sound(container))
    }

    fn from_sound(container: Container) -> Result<Index> {
        let manifest: Manifest =
            serde_json::from_slice(&container.bytes("manifest")?).map_err(|_| container.damaged("part `manifest`"))?;
        let (segment, lists) = engine::open_parts(&container).map_err(|error| container.damaged(&error.to_string()))?;
        let inverted =
            [segment.inverted_index(field(0))?, segment.inverted_index(field(1))?, segment.inverted_index(field(2))?];
        if segment.max_doc() != manifest.n_passages {
            return Err(container.damaged("the counts of passages differ"));
        }
        let bytes = |name| {
            let part = container.part(name)?.clone();
            let whole = part.n_bytes() == manifest.n_passages as usize;
            if whole { Ok(part) } else { Err(container.damaged(&format!("part `{name}`"))) }
        };
        let column = |name, n: u32| Column::open(&container, name, n as usize);
        let columns = Columns {
            first: column("columns/first", manifest.n_papers.saturating_add(1))?,
            order: column("papers/order", manifest.n_papers)?,
            rank: column("columns/rank", manifest.n_passages)?,
            kind: bytes("columns/kind")?,
            copies: column("columns/copies", manifest.n_copies)?,
            copied: column("columns/copied", manifest.n_copies)?,
        };
        let [body, section, title] = LENGTHS;
        let languages: Vec<Language> = manifest.languages.iter().map(|(tag, _)| Language::from_tag(tag)).collect();
        Ok(Index {
            lexicon: Lexicon::open(&container, &languages)?,
            forward: Forward::open(&container, manifest.n_passages)?,
            compounds: Table::open(&container, "compounds")?,
            dictionary: Dictionary::open(&container)?,
            lengths: [bytes(body)?, bytes(section)?, bytes(title)?],
            acronyms: KnownAcronyms::open(&container)?,
            papers: Records::open(&container, "papers")?,
            origins: Records::open(&container, "papers/origins")?,
            sources: Records::open(&container, "sources")?,
            passages: Passages::open(&container)?,
            texts: Texts::open(&container)?,
            paper_names: Names::open(&container, "papers/names")?,
            passage_names: Names::open(&container, "passages/names")?,
            columns,
            topics: container.bytes("topics")?,
            container,
            manifest,
            inverted,
            lists,
        })
    }

    /// Returns what the index says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the bytes of the topics.
    pub(super) fn topics_bytes(&self) -> &[u8] {
        &self.topics
    }

    /// Returns a part, checked.
    pub(super) fn part(&self, name: &str) -> Result<OwnedBytes> {
        self.container.bytes(name)
    }

    pub(super) fn known_acronyms(&self) -> &KnownAcronyms {
        &self.acronyms
    }

    /// Returns the error of a file whose contents contradict themselves.
    pub(super) fn damaged(&self, what: &str) -> Error {
        self.container.damaged(what)
    }

    /// Returns the parts of the file with their sizes in bytes.
    pub fn parts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.container.parts()
    }

    /// Returns the size of the file in bytes.
    pub fn n_bytes(&self) -> usize {
        self.container.len()
    }

    /// Checks every byte.
    pub fn verify(&self) -> Result<()> {
        self.container.verify()
    }

    /// Returns the number of passages; they are numbered from 0.
    pub fn n_passages(&self) -> u32 {
        self.manifest.n_passages
    }

    /// Returns the number of papers; they are numbered from 0.
    pub fn n_papers(&self) -> u32 {
        self.manifest.n_papers
    }

    /// Returns a passage by its number.
    pub fn passage(&self, number: u32) -> Result<StoredPassage> {
        let kind = self.columns.kind.slice(number as usize..number as usize + 1);
        let kind = kind.map_err(|error| self.container.broken(&error))?[0];
        Ok(StoredPassage {
            id: self.passage_id(number)?,
            kind: Kind::ALL.get(kind as usize).copied().ok_or_else(|| self.damaged("part `columns/kind`"))?,
            text: self.text(number)?,
            ..self.passages.standing(number)?
        })
    }

    /// Returns the text of a passage; empty when the index keeps none.
    pub fn text(&self, number: u32) -> Result<String> {
        let Some(texts) = &self.texts else { return Ok(String::new()) };
        let mut bodies = Bodies::default();
        self.forward.read(number, &mut bodies)?;
        texts.text(number, bodies.get(0).words, &self.dictionary)
    }

    /// Tells whether the index keeps the passages' texts, and not only where they stand.
    pub fn has_texts(&self) -> bool {
        self.texts.is_some()
    }

    /// Returns a paper by its number, without its origin.
    pub fn paper(&self, number: u32) -> Result<StoredPaper> {
        self.papers.get(number)
    }

    /// Returns a paper by its number with its origin: all that it takes to index it again.
    pub fn paper_with_origin(&self, number: u32) -> Result<StoredPaper> {
        Ok(StoredPaper { origin: self.origins.get(number)?, ..self.papers.get(number)? })
    }

    /// Returns the files that the papers were read from, in the order of the papers.
    pub fn sources(&self) -> Result<Vec<Source>> {
        (0..self.manifest.n_sources).map(|number| self.sources.get(number)).collect()
    }

    /// Returns the id of a passage, without unpacking its text.
    pub fn passage_id(&self, passage: u32) -> Result<String> {
        let mut id = self.paper_id(self.paper_of(passage)?)?;
        self.passage_names.append(passage, &mut id)?;
        Ok(id)
    }

    fn paper_id(&self, paper: u32) -> Result<String> {
        const USUAL: usize = 64;
        let mut id = String::with_capacity(USUAL);
        self.paper_names.append(paper, &mut id)?;
        Ok(id)
    }

    /// Returns the number of the paper that holds a passage.
    pub fn paper_of(&self, passage: u32) -> Result<u32> {
        // Of records, each is a paper with one passage.
        let guess = passage.min(self.n_papers().saturating_sub(1));
        if self.columns.first.get(guess)? <= passage && passage < self.columns.first.get(guess + 1)? {
            return Ok(guess);
        }
        let after = partition_point(self.n_papers() + 1, |paper| Ok(self.columns.first.get(paper)? <= passage))?;
        Ok(after.saturating_sub(1))
    }

    /// Returns the place of a passage's id among all in order.
    pub fn rank_of_id(&self, passage: u32) -> Result<u32> {
        self.columns.rank.get(passage)
    }

    /// Returns the papers of all passages.
    pub fn paper_numbers(&self) -> Result<PaperNumbers<'_>> {
        Ok(PaperNumbers::of(self))
    }

    /// Returns the group of passages that repeat each other which a passage is in.
    pub fn copies_group(&self, passage: u32) -> Result<Option<u32>> {
        let (n, copies) = (self.manifest.n_copies, &self.columns.copies);
        let at = partition_point(n, |i| Ok(copies.get(i)? < passage))?;
        let found = at < n && copies.get(at)? == passage;
        if found { self.columns.copied.get(at).map(Some) } else { Ok(None) }
    }

    /// Returns the kinds of all passages, each as the number of a [`Kind`].
    pub fn kinds(&self) -> Result<Kinds<'_>> {
        Ok(Kinds::of(&self.columns.kind))
    }

    /// Returns the numbers of a paper's passages.
    pub fn passages_of(&self, paper: u32) -> Result<std::ops::Range<u32>> {
        let range = self.columns.first.get(paper)?..self.columns.first.get(paper + 1)?;
        if range.end > self.n_passages() { Err(self.damaged("part `columns/first`")) } else { Ok(range) }
    }

    /// Returns the number of the paper with an id.
    pub fn find_paper(&self, id: &str) -> Result<Option<u32>> {
        let (n, order) = (self.n_papers(), &self.columns.order);
        let at = partition_point(n, |i| Ok(*self.paper_id(order.get(i)?)? < *id))?;
        let Some(paper) = (at < n).then(|| order.get(at)).transpose()? else { return Ok(None) };
        Ok((self.paper_id(paper)? == id).then_some(paper))
    }

    /// Returns the number of the passage with an id.
    pub fn find_passage(&self, id: &str) -> Result<Option<u32>> {
        let of_paper = id.rmatch_indices('/').nth(1).map_or("", |(at, _)| &id[..at]);
        for paper in [id, of_paper] {
            let Some(paper) = self.find_paper(paper)? else { continue };
            for number in self.passages_of(paper)? {
                if self.passage_id(number)? == id {
                    return Ok(Some(number));
                }
            }
        }
        Ok(None)
    }

    /// Fails when damage has been met anywhere since the index was opened, even where it was passed over.
    pub fn sound(&self) -> Result<()> {
        self.container.sound()
    }

    /// Returns the number of words of a field in all passages.
    pub fn n_words(&self, field: Field) -> u64 {
        self.inverted[number(field)].total_num_tokens()
    }

    /// Returns the mean length of a field in words.
    pub fn mean_length(&self, field: Field) -> f32 {
        let n = self.n_words(field);
        (n as f32 / self.n_passages().max(1) as f32).max(1.0)
    }

    /// Returns what an occurrence counts in a field by the weights that tell a [`Peak`](super::Peak) from the
    /// rest of its block, by the code of the passage's length.
    pub fn peak_weights(&self, field: Field) -> [f32; 256] {
        postings::peak_weights(self.n_words(field) as f32 / self.n_passages() as f32)
    }

    /// Returns how a field's lengths are told: a byte for each passage, a length for each byte.
    pub fn lengths(&self, field: Field) -> Lengths<'_> {
        Lengths::of(&self.lengths[number(field)])
    }

    /// Returns the inflections of a folded word that the index holds.
    pub fn class(&self, word: &str) -> Result<Arc<WordClass>> {
        self.lexicon.class(word, &self.dictionary)
    }

    /// Reads the words of a passage's body, and puts them behind those read before.
    pub fn read_body(&self, passage: u32, bodies: &mut Bodies) -> Result<()> {
        self.forward.read(passage, bodies)
    }

    /// Calls `found` with the position and rank of the words of a passage's body that a sieve keeps.
    pub fn sift(&self, passage: u32, sieve: &Sieve, found: impl FnMut(u32, u32)) -> Result<()> {
        self.forward.sift(passage, sieve, found)
    }

    /// Returns the ranks under which [`Index::read_body`] tells a term: its own, and that of its capitals.
    pub fn ranks(&self, term: &str) -> Result<[Option<u32>; 2]> {
        let rank = |term: &str| Ok::<_, Error>(self.dictionary.find(term.as_bytes())?.and_then(|entry| entry.rank));
        let has_capitals = term.bytes().any(|byte| byte.is_ascii_lowercase());
        let capitals = if has_capitals { rank(&term.to_ascii_uppercase())? } else { None };
        Ok([rank(term)?, capitals])
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

    /// Returns the number of passages with a term in a field.
    pub fn frequency(&self, field: Field, term: &str) -> Result<u32> {
        Ok(self.info(field, term)?.map_or(0, |info| info.doc_freq))
    }

    /// Returns the passages with a term in a field.
    pub fn blocks(&self, field: Field, term: &str) -> Result<Option<Blocks>> {
        let Some(info) = self.info(field, term)? else { return Ok(None) };
        let blocks = self.inverted[number(field)]
            .read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)
            .map_err(|error| self.container.broken(&error))?;
        let list = self.lists[number(field)].slice(info.postings_range.clone()).read_bytes();
        let list = list.map_err(|error| self.container.broken(&error))?;
        Ok(Some(Blocks::new(blocks, list, field != Field::Body)))
    }

    /// Returns the places of a term in a field.
    pub fn places(&self, field: Field, term: &str) -> Result<Option<Places>> {
        let Some(info) = self.info(field, term)? else { return Ok(None) };
        let postings = self.inverted[number(field)]
            .read_postings_from_terminfo(&info, IndexRecordOption::WithFreqsAndPositions)
            .map_err(|error| self.container.broken(&error))?;
        Ok(Some(Places(postings)))
    }

    fn info(&self, field: Field, term: &str) -> Result<Option<TermInfo>> {
        let entry = self.dictionary.find(term.as_bytes())?;
        Ok(entry.and_then(|entry| entry.infos[number(field)].clone()))
    }

    /// Returns the parts of a joined word that the papers write with hyphens.
    pub fn compound_parts(&self, joined: &str) -> Result<Option<Vec<String>>> {
        let Some(lengths) = self.compounds.get(joined.as_bytes())? else { return Ok(None) };
        let mut rest = joined;
        let mut parts = Vec::new();
        for &n in lengths {
            let (part, behind) = rest.split_at_checked(n as usize).ok_or_else(|| self.compounds.damaged())?;
            parts.push(part.to_owned());
            rest = behind;
        }
        parts.push(rest.to_owned());
        Ok(Some(parts))
    }

    /// Returns words of the bodies that begin with `prefix`, most frequent first, at most `most`.
    pub fn words_with_prefix(&self, prefix: &str, most: usize) -> Result<Vec<(String, u32)>> {
        self.words(prefix, most, |word| word.starts_with(prefix), |word| !word.starts_with(prefix))
    }

    /// Returns words of the bodies within `edits` of a word, most frequent first, at most `most`.
    pub fn similar_words(&self, word: &str, edits: u8, most: usize) -> Result<Vec<(String, u32)>> {
        let dfa = LevenshteinAutomatonBuilder::new(edits, true).build_dfa(word);
        self.words("", most, |word| matches!(dfa.eval(word), Distance::Exact(_)), |_| false)
    }

    fn words(
        &self,
        from: &str,
        most: usize,
        wanted: impl Fn(&str) -> bool,
        stop: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, u32)>> {
        let mut words = Vec::new();
        let mut walk = self.dictionary.walk_from(from.as_bytes())?;
        while walk.advance()? {
            let Ok(word) = std::str::from_utf8(walk.word()) else { continue };
            if stop(word) {
                break;
            }
            let n_passages = walk.n_passages(number(Field::Body));
            if n_passages > 0 && wanted(word) && !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                words.push((word.to_owned(), n_passages));
            }
        }
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(most);
        Ok(words)
    }
}

fn guarded<T, E: From<Error>>(
    container: &Container,
    action: impl FnOnce() -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let done = catch_unwind(AssertUnwindSafe(action));
    done.unwrap_or_else(|_| Err(container.damaged("it makes the search engine fail").into()))
}

/// Returns how many of the numbers below `n` come before the first for which `before` is false.
fn partition_point(n: u32, before: impl Fn(u32) -> Result<bool>) -> Result<u32> {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle)? { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
