//! An open index: what a search asks of it.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

use tantivy::directory::OwnedBytes;

use super::acronyms::KnownAcronyms;
use super::bodies::{Bodies, Body, Forward};
use super::build::Source;
use super::columns::{Kinds, PaperNumbers};
use super::container::{Container, Part, Trust};
use super::dictionary::Dictionary;
use super::engine::{self, LENGTHS};
use super::error::{Error, Result};
use super::find::find_in;

use super::lexicon::Lexicon;
use super::manifest::Manifest;
use super::names::Names;
use super::packed::{Column, partition_point};
use super::passages::Passages;
use super::postings::Lists;
use super::texts::Records;
use super::vocabulary::Vocabulary;
use super::written::Texts;
use crate::analysis::Language;
use crate::paper::{Kind, StoredPaper, StoredPassage};

/// The index built from the papers in `seeds/`, which the program carries inside.
const BUILT_IN: &[u8] = include_bytes!("../../index/seeds.polisearch");

/// An index, open for reading. Nothing is ever written to it.
pub struct Index {
    pub(super) container: Container,
    manifest: Manifest,
    pub(super) lists: Lists,
    pub(super) dictionary: Dictionary,
    /// Its words, once somebody compares one with all.
    pub(super) vocabulary: OnceLock<Vocabulary>,
    pub(super) lengths: [Part; 3],
    pub(super) lexicon: Lexicon,
    pub(super) forward: Forward,
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
        let lists = engine::open_parts(&container).map_err(|error| container.damaged(&error.to_string()))?;
        if lists.n_passages() != manifest.n_passages {
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
        let forward = Forward::open(&container, manifest.n_passages)?;
        Ok(Index {
            lexicon: Lexicon::open(&container, &languages)?,
            dictionary: Dictionary::open(&container, forward.tiers())?,
            vocabulary: OnceLock::new(),
            forward,
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
        let mut passages = self.passages(&[number])?;
        passages.pop().ok_or_else(|| self.damaged("part `passages`"))
    }

    /// Returns passages by their numbers, sooner than one by one.
    pub fn passages(&self, numbers: &[u32]) -> Result<Vec<StoredPassage>> {
        let passage = |(&number, text): (&u32, String)| {
            let kind = self.columns.kind.slice(number as usize..number as usize + 1);
            let kind = kind.map_err(|error| self.container.broken(&error))?[0];
            Ok(StoredPassage {
                id: self.passage_id(number)?,
                kind: Kind::ALL.get(kind as usize).copied().ok_or_else(|| self.damaged("part `columns/kind`"))?,
                text,
                ..self.passages.standing(number)?
            })
        };
        numbers.iter().zip(self.texts(numbers)?).map(passage).collect()
    }

    /// Returns the texts of passages; they are empty when the index keeps none.
    pub fn texts(&self, numbers: &[u32]) -> Result<Vec<String>> {
        let Some(texts) = &self.texts else { return Ok(vec![String::new(); numbers.len()]) };
        let mut bodies = Bodies::default();
        numbers.iter().try_for_each(|&number| self.forward.read(number, &mut bodies))?;
        let words = self.dictionary.written(bodies.all_words())?;
        let mut rest = words.as_slice();
        let text = |(&number, body): (&u32, Body<'_>)| {
            let (words, behind) = rest.split_at(body.words.len());
            rest = behind;
            texts.text(number, words)
        };
        numbers.iter().zip(bodies.iter()).map(text).collect()
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

    /// Appends the ids of passages side by side to `ids`, and calls `ends` with where each ends.
    pub fn append_passage_ids(
        &self,
        passages: Range<u32>,
        ids: &mut String,
        mut ends: impl FnMut(usize),
    ) -> Result<()> {
        let (mut papers, mut names) = (self.paper_names.reading(), self.passage_names.reading());
        let (mut in_paper, mut paper_id) = (0..0, String::new());
        for passage in passages {
            if !in_paper.contains(&passage) {
                let paper = self.paper_of(passage)?;
                in_paper = self.passages_of(paper)?;
                paper_id.clear();
                papers.append(paper, &mut paper_id)?;
            }
            ids.push_str(&paper_id);
            names.append(passage, ids)?;
            ends(ids.len());
        }
        Ok(())
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
        let (first, end) = self.columns.first.pair(guess)?;
        if first <= passage && passage < end {
            return Ok(guess);
        }
        Ok(self.columns.first.partition_point(|first| first <= passage)?.saturating_sub(1))
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
        let copies = &self.columns.copies;
        let at = copies.partition_point(|copy| copy < passage)?;
        let found = at < copies.len() && copies.get(at)? == passage;
        if found { self.columns.copied.get(at).map(Some) } else { Ok(None) }
    }

    /// Returns the kinds of all passages, each as the number of a [`Kind`].
    pub fn kinds(&self) -> Result<Kinds<'_>> {
        Ok(Kinds::of(&self.columns.kind))
    }

    /// Returns the numbers of a paper's passages.
    pub fn passages_of(&self, paper: u32) -> Result<Range<u32>> {
        let (first, end) = self.columns.first.pair(paper)?;
        if end > self.n_passages() { Err(self.damaged("part `columns/first`")) } else { Ok(first..end) }
    }

    /// Returns the number of the paper with an id.
    pub fn find_paper(&self, id: &str) -> Result<Option<u32>> {
        let (n, order) = (self.n_papers(), &self.columns.order);
        let at = partition_point(0..n, |i| Ok(*self.paper_id(order.get(i)?)? < *id))?;
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
        if self.lists.are_damaged() { Err(self.damaged("part `blocks`")) } else { self.container.sound() }
    }
}

fn guarded<T, E: From<Error>>(
    container: &Container,
    action: impl FnOnce() -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let done = catch_unwind(AssertUnwindSafe(action));
    done.unwrap_or_else(|_| Err(container.damaged("it makes the search engine fail").into()))
}
