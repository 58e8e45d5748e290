//! An open index: what a search asks of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};
use tantivy::directory::OwnedBytes;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as EngineField, IndexRecordOption};
use tantivy::{InvertedIndexReader, Term};

use super::container::Container;
use super::engine::{self, FIELDS};
use super::error::{Error, Result};
use super::lexicon::{Lexicon, WordClass};
use super::manifest::Manifest;
use super::postings::{Blocks, Places};
use super::strings;
use super::table::Table;
use super::texts::Records;
use crate::analysis::Language;
use crate::paper::{StoredPaper, StoredPassage};
use crate::query::Field;

/// File extension of an index.
pub const EXTENSION: &str = "polisearch";

/// The index built from the papers in `seeds/`, which the program carries inside.
const BUILT_IN: &[u8] = include_bytes!("../../index/seeds.polisearch");

/// An index, open for reading. Nothing is ever written to it.
pub struct Index {
    container: Container,
    manifest: Manifest,
    inverted: [Arc<InvertedIndexReader>; 3],
    lengths: [FieldNormReader; 3],
    lexicon: Lexicon,
    compounds: Table,
    paper_ids: Table,
    papers: Records,
    passages: Records,
    topics: OwnedBytes,
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

    /// Opens the index inside the program.
    pub fn built_in() -> Result<Index> {
        let path = Path::new("the index inside this program");
        Index::from_container(Container::from_bytes(OwnedBytes::new(BUILT_IN), path)?)
    }

    /// Opens an index in memory; `name` stands for its path in messages.
    pub fn from_bytes(bytes: Vec<u8>, name: &Path) -> Result<Index> {
        Index::from_container(Container::from_bytes(OwnedBytes::new(bytes), name)?)
    }

    fn from_container(container: Container) -> Result<Index> {
        let manifest: Manifest =
            serde_json::from_slice(&container.bytes("manifest")?).map_err(|_| container.damaged("part `manifest`"))?;
        let segment = engine::open_parts(&container).map_err(|error| container.damaged(&error.to_string()))?;
        let inverted =
            [segment.inverted_index(field(0))?, segment.inverted_index(field(1))?, segment.inverted_index(field(2))?];
        let lengths = [
            segment.get_fieldnorms_reader(field(0))?,
            segment.get_fieldnorms_reader(field(1))?,
            segment.get_fieldnorms_reader(field(2))?,
        ];
        if segment.max_doc() != manifest.n_passages {
            return Err(container.damaged("the counts of passages differ"));
        }
        let languages: Vec<Language> = manifest.languages.iter().map(|(tag, _)| Language::from_tag(tag)).collect();
        Ok(Index {
            lexicon: Lexicon::open(&container, &languages)?,
            compounds: Table::open(&container, "compounds")?,
            paper_ids: Table::open(&container, "papers/ids")?,
            papers: Records::open(&container, "papers")?,
            passages: Records::open(&container, "passages")?,
            topics: container.bytes("topics")?,
            container,
            manifest,
            inverted,
            lengths,
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

    /// Returns the number of word classes.
    pub fn n_word_classes(&self) -> usize {
        self.lexicon.len()
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
        self.passages.get(number)
    }

    /// Returns a paper by its number.
    pub fn paper(&self, number: u32) -> Result<StoredPaper> {
        self.papers.get(number)
    }

    /// Returns the id of a passage, without unpacking its text.
    pub fn passage_id(&self, passage: u32) -> Result<String> {
        let paper = strings::get(&self.container, "papers/names", self.paper_of(passage)?)?;
        Ok(paper + &strings::get(&self.container, "passages/names", passage)?)
    }

    /// Returns the number of the paper that holds a passage.
    pub fn paper_of(&self, passage: u32) -> Result<u32> {
        self.column("columns/paper", passage)
    }

    /// Returns the place of a passage's id among all in order.
    pub fn rank_of_id(&self, passage: u32) -> Result<u32> {
        self.column("columns/rank", passage)
    }

    /// Returns the papers of all passages.
    pub fn paper_numbers(&self) -> Result<PaperNumbers> {
        self.container.bytes("columns/paper").map(PaperNumbers)
    }

    /// Returns the group of passages that repeat each other which a passage is in.
    pub fn copies_group(&self, passage: u32) -> Result<Option<u32>> {
        let group = self.column("columns/copies", passage)?;
        Ok((group != u32::MAX).then_some(group))
    }

    /// Returns the kinds of all passages, each as the number of a [`Kind`](crate::paper::Kind).
    pub fn kinds(&self) -> Result<OwnedBytes> {
        self.container.bytes("columns/kind")
    }

    /// Returns the numbers of a paper's passages.
    pub fn passages_of(&self, paper: u32) -> Result<std::ops::Range<u32>> {
        Ok(self.column("columns/first", paper)?..self.column("columns/first", paper + 1)?)
    }

    fn column(&self, name: &str, i: u32) -> Result<u32> {
        self.container.part(name)?.u32_at(i as usize).map_err(|error| self.container.broken(&error))
    }

    /// Returns the number of the paper with an id.
    pub fn find_paper(&self, id: &str) -> Result<Option<u32>> {
        let value = self.paper_ids.get(id.as_bytes())?;
        Ok(value.and_then(|bytes| bytes[..].try_into().ok()).map(u32::from_le_bytes))
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

    /// Returns the mean length of a field in words.
    pub fn mean_length(&self, field: Field) -> f32 {
        let n = self.inverted[number(field)].total_num_tokens();
        (n as f32 / self.n_passages().max(1) as f32).max(1.0)
    }

    /// Returns how a field's lengths are told: a byte for each passage, a length for each byte.
    pub fn lengths(&self, field: Field) -> Lengths<'_> {
        Lengths(&self.lengths[number(field)])
    }

    /// Returns the inflections of a folded word that the index holds.
    pub fn class(&self, word: &str) -> Result<WordClass> {
        self.lexicon.class(word)
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
        Ok(Some(Blocks(blocks)))
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
        let number = number(field);
        self.inverted[number]
            .get_term_info(&Term::from_field_text(self::field(number), term))
            .map_err(|error| self.container.broken(&error))
    }

    /// Returns the parts of a joined word that the papers write with hyphens.
    pub fn compound_parts(&self, joined: &str) -> Result<Option<Vec<String>>> {
        let value = self.compounds.get(joined.as_bytes())?;
        Ok(value.map(|parts| String::from_utf8_lossy(&parts).split(' ').map(str::to_owned).collect()))
    }

    /// Returns words of the bodies that begin with `prefix`, most frequent first, at most `most`.
    pub fn words_with_prefix(&self, prefix: &str, most: usize) -> Result<Vec<(String, u32)>> {
        let stream = self.inverted[0].terms().range().ge(prefix).into_stream()?;
        self.words(stream, most, |word| word.starts_with(prefix), |word| !word.starts_with(prefix))
    }

    /// Returns words of the bodies within `edits` of a word, most frequent first, at most `most`.
    pub fn similar_words(&self, word: &str, edits: u8, most: usize) -> Result<Vec<(String, u32)>> {
        let dfa = LevenshteinAutomatonBuilder::new(edits, true).build_dfa(word);
        let stream = self.inverted[0].terms().stream()?;
        self.words(stream, most, |word| matches!(dfa.eval(word), Distance::Exact(_)), |_| false)
    }

    fn words(
        &self,
        mut stream: tantivy::termdict::TermStreamer<'_>,
        most: usize,
        wanted: impl Fn(&str) -> bool,
        stop: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, u32)>> {
        let mut words = Vec::new();
        while stream.advance() {
            let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
            if stop(word) {
                break;
            }
            if wanted(word) && !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                words.push((word.to_owned(), stream.value().doc_freq));
            }
        }
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(most);
        Ok(words)
    }
}

/// The number of the paper that holds each passage.
pub struct PaperNumbers(OwnedBytes);

impl PaperNumbers {
    /// Returns the number of the paper that holds a passage.
    pub fn get(&self, passage: u32) -> u32 {
        let at = passage as usize * 4;
        self.0.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
    }
}

/// The lengths of a field, coarsely told: exact up to 40 words, then in growing steps.
pub struct Lengths<'i>(&'i FieldNormReader);

impl Lengths<'_> {
    /// Returns the code of a passage's length.
    #[inline]
    pub fn code(&self, passage: u32) -> u8 {
        self.0.fieldnorm_id(passage)
    }

    /// Returns the length in words that a code stands for.
    pub fn words(code: u8) -> u32 {
        FieldNormReader::id_to_fieldnorm(code)
    }
}

/// Returns the one index in a folder.
fn find_in(folder: &Path) -> Result<PathBuf> {
    let failed = |source| Error::Io { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|extension| extension == EXTENSION) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    match files.len() {
        1 => Ok(files.swap_remove(0)),
        0 => Err(Error::NotAnIndex { path: folder.to_owned() }),
        _ => Err(Error::Ambiguous {
            path: folder.to_owned(),
            names: files.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy().into()).collect(),
        }),
    }
}

/// Returns the index that stands in `index/` of a folder or of one above it.
pub fn find_near(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(|folder| find_in(&folder.join("index")).ok())
}
