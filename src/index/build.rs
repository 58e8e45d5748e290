//! Building an index: passages in, one file out, the same bytes from the same papers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::acronyms;
use super::container::Writer;
use super::dictionary::{DictionaryWriter, Extents};
use super::engine::{Coder, EngineFiles, LENGTHS};
use super::error::{Error, Result};
use super::findings::{Definition, Findings};
use super::forward::Cut;
use super::inverted::{Inverted, invert};
use super::lexicon;
use super::lock::Lock;
use super::manifest::{Failure, Manifest};
use super::names;
use super::packed;
use super::passages::{PassageWriter, STANDINGS};
use super::postings::BODY;
use super::surfaces::Settled;
use super::texts::{Packing, RecordWriter};
use super::unions::UnionWriter;
use crate::analysis::Language;
use crate::analysis::acronyms::Acronyms;
use crate::analysis::similar::groups;
use crate::paper::{Kind, StoredPaper, StoredPassage};
use crate::query::Topics;

/// How papers' records are compressed.
pub(super) const RECORDS: Packing = Packing { block: 24 * 1024, level: 9, dictionary: false };
/// How texts are compressed, once their words are out: level 19 takes twice as long and saves a seven-hundredth of
/// an index.
pub(super) const TEXTS: Packing = Packing { block: 16 * 1024, level: 10, dictionary: true };

/// Takes papers, one after the other, and writes an index of them.
pub struct Builder {
    manifest: Manifest,
    /// Bytes that lists of passages may take while they are made.
    memory: Option<usize>,
    papers: RecordWriter,
    /// What the papers' own files say.
    origins: RecordWriter,
    passages: PassageWriter,
    sources: Vec<Source>,
    paper_ids: BTreeMap<String, (u32, PathBuf)>,
    languages: Vec<Language>,
    /// For each paper: its first passage; then the number of all.
    first_passages: Vec<u32>,
    /// For each passage: its paper, its kind.
    paper_of: Vec<u32>,
    kinds: Vec<u8>,
    passage_ids: Vec<String>,
    findings: Findings,
    topics: Topics<'static>,
    /// Papers that wait to be read, by those that are read together, and the bytes of the last of these.
    waiting: Vec<Vec<Whole>>,
    n_waiting: usize,
}

/// A paper with its passages.
type Whole = (StoredPaper, Vec<StoredPassage>);

/// Bytes of text whose words get numbers of their own: few enough to stay at hand while they are looked up.
const READ_TOGETHER: usize = 512 << 10;
/// So many times that is read on all threads before it is put together.
const READ_AT_ONCE: usize = 8;

impl Builder {
    /// Begins an index.
    pub fn new() -> Result<Self> {
        Ok(Builder {
            manifest: Manifest::new(),
            memory: None,
            papers: RecordWriter::new(RECORDS),
            origins: RecordWriter::new(RECORDS),
            passages: PassageWriter::new(STANDINGS),
            sources: Vec::new(),
            paper_ids: BTreeMap::new(),
            languages: Vec::new(),
            first_passages: vec![0],
            paper_of: Vec::new(),
            kinds: Vec::new(),
            passage_ids: Vec::new(),
            findings: Findings::default(),
            topics: Topics::default(),
            waiting: vec![Vec::new()],
            n_waiting: 0,
        })
    }

    /// Sets how many bytes of memory lists of passages may take while they are made: with less of it,
    /// fewer are made at once, which takes longer and gives the same index.
    pub fn set_memory(&mut self, n_bytes: usize) {
        self.memory = Some(n_bytes);
    }

    /// Adds a paper with its passages, in their order.
    pub fn add(&mut self, mut paper: StoredPaper, passages: Vec<StoredPassage>) -> Result<()> {
        let path = PathBuf::from(&paper.path);
        if let Some((_, first)) = self.paper_ids.get(&paper.id) {
            return Err(Error::SameId { id: paper.id, first: first.clone(), second: path });
        }
        self.paper_ids.insert(paper.id.clone(), (self.manifest.n_papers, path));
        paper.n_passages = passages.len() as u32;
        self.manifest.n_papers += 1;
        self.manifest.n_passages += paper.n_passages;
        if let Some(year) = paper.biblio.year {
            let (first, last) = self.manifest.years.unwrap_or((year, year));
            self.manifest.years = Some((first.min(year), last.max(year)));
        }
        self.n_waiting += passages.iter().map(|passage| passage.text.len()).sum::<usize>();
        self.waiting.last_mut().expect("there is always one").push((paper, passages));
        if self.n_waiting < READ_TOGETHER {
            return Ok(());
        }
        self.n_waiting = 0;
        if self.waiting.len() == READ_AT_ONCE {
            self.add_waiting();
        }
        self.waiting.push(Vec::new());
        Ok(())
    }

    /// Reads the papers that wait, on all threads, and adds them in their order.
    fn add_waiting(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        let read = |papers: &mut Vec<Whole>| {
            papers.iter_mut().for_each(|(paper, passages)| tell_language(paper, passages));
            Findings::of(papers.iter().map(|(paper, passages)| (paper, &passages[..])))
        };
        let findings: Vec<Findings> = waiting.par_iter_mut().map(read).collect();
        findings.into_iter().for_each(|found| self.findings.append(found));
        waiting.into_iter().flatten().for_each(|(paper, passages)| self.add_read(&paper, passages));
    }

    fn add_read(&mut self, paper: &StoredPaper, passages: Vec<StoredPassage>) {
        let number = self.languages.len() as u32;
        self.languages.push(Language::from_tag(&paper.language));
        for passage in passages {
            self.manifest.n_text_bytes += passage.text.len() as u64;
            self.passages.add(&passage);
            self.paper_of.push(number);
            self.kinds.push(passage.kind as u8);
            self.passage_ids.push(passage.id);
        }
        self.papers.add(paper);
        self.origins.add(&paper.origin);
        self.first_passages.push(self.paper_of.len() as u32);
    }

    /// Tells how papers were read: what a record became, and by which version of the reading.
    pub fn set_reading(&mut self, unit: &str, version: u32) {
        unit.clone_into(&mut self.manifest.unit);
        self.manifest.reading = version;
    }

    /// Notes a paper that could not be read.
    pub fn add_failure(&mut self, failure: Failure) {
        self.manifest.failures.push(failure);
    }

    /// Ends a source, whose papers are those added since the one before it.
    pub fn end_source(&mut self, path: String, n_bytes: u64, fingerprint: String) {
        let before: u32 = self.sources.iter().map(|source| source.n_papers).sum();
        let n_papers = self.manifest.n_papers - before;
        self.sources.push(Source { path, n_bytes, fingerprint, n_papers });
    }

    /// Sets the topics that the index carries.
    pub fn set_topics(&mut self, topics: Topics<'static>) {
        self.topics = topics;
    }

    /// Returns the number of papers and passages added.
    pub fn counts(&self) -> (u32, u32) {
        (self.manifest.n_papers, self.manifest.n_passages)
    }

    /// Writes the index.
    pub fn write(mut self, lock: &Lock) -> Result<Manifest> {
        self.add_waiting();
        if self.paper_of.is_empty() {
            return Err(Error::NoPapers);
        }
        let signatures = std::mem::take(&mut self.findings.signatures);
        let surfaces = std::mem::take(&mut self.findings.surfaces);
        let Findings { forward, sections, titles, .. } = &mut self.findings;
        let lengths = forward.take_lengths();
        let order = forward.words.in_order();
        let tell_copies = move || groups(&signatures.iter().collect::<Vec<_>>());
        let (copied, cut) = rayon::join(tell_copies, || forward.cut());
        let invert_all = || -> Result<[Inverted; 3]> {
            Ok([
                invert(forward, Vec::new(), lengths, &order, self.memory)?,
                invert(sections, sections.firsts(), sections.lengths(), &order, self.memory)?,
                invert(titles, titles.firsts(), titles.lengths(), &order, self.memory)?,
            ])
        };
        let settle = || surfaces.settle(forward, TEXTS);
        let (inverted, texts) = rayon::join(invert_all, settle);
        let inverted = inverted?;
        let made = Made { copied, cut, order, inverted, texts };
        lock.write(|container| self.write_parts(made, container))
    }

    fn write_parts(mut self, made: Made, container: &mut Writer) -> Result<Manifest> {
        let Made { copied, cut, order, inverted, texts } = made;
        self.manifest.n_passages = self.paper_of.len() as u32;
        self.manifest.n_words = inverted[0].lengths.n_words;
        let languages = count(&self.languages);
        self.manifest.languages = languages.iter().map(|&(language, n)| (name(language), n)).collect();
        let languages: Vec<Language> = languages.into_iter().map(|(language, _)| language).collect();
        self.manifest.failures.sort();
        self.manifest.n_sources = self.sources.len() as u32;
        let (copies, copied): (Vec<u32>, Vec<u32>) =
            (0..).zip(copied).filter_map(|(passage, original)| Some((passage, original?))).unzip();
        self.manifest.n_copies = copies.len() as u32;
        self.manifest.n_topics = self.topics.len() as u32;
        let mut acronyms = Acronyms::default();
        for Definition { paper, short, long } in &self.findings.acronyms {
            acronyms.add(*paper, short, long);
        }
        self.manifest.n_acronyms = acronyms.iter().count() as u32;
        let files = EngineFiles::of(&inverted)?;
        files.write(&inverted, container)?;
        let language_of = |passage: u32| self.languages[self.paper_of[passage as usize] as usize];
        let usual = texts.write(container)?;
        let ranks = std::mem::take(&mut self.findings.forward).finish(cut, &order, container)?;
        let mut words: Vec<(&str, Extents)> = Vec::with_capacity(order.len());
        let mut dictionary = DictionaryWriter::new(ranks.tiers);
        for (i, &id) in order.iter().enumerate() {
            let extents = [0, 1, 2].map(|field| inverted[field].coded.extents[i].clone());
            let word = ranks.words.get(id);
            let ranked = ranks.of(id).map(|rank| (rank, usual.of(id)));
            dictionary.add(word.as_bytes(), &extents, ranked, self.findings.parts(id));
            words.push((word, extents));
        }
        dictionary.finish(container)?;
        for (name, lists) in LENGTHS.into_iter().zip(&inverted) {
            container.part(name, &lists.lengths.codes)?;
        }
        let unions = UnionWriter::new(Coder::new(&inverted[BODY], false)?);
        let (subjects, n_classes) =
            lexicon::write(&files.open(&inverted)?, &words, &languages, &language_of, unions, container)?;
        self.manifest.n_word_classes = n_classes;
        let manifest = serde_json::to_vec_pretty(&self.manifest).expect("plain data");
        container.part("manifest", &manifest)?;
        ranks.write_subjects(&subjects, container)?;
        container.part("topics", self.topics.as_bytes())?;
        acronyms::write(&acronyms, container)?;
        self.papers.finish("papers", container)?;
        self.origins.finish("papers/origins", container)?;
        let mut sources = RecordWriter::new(RECORDS);
        self.sources.iter().for_each(|source| sources.add(source));
        sources.finish("sources", container)?;
        self.passages.finish(container)?;
        packed::write("columns/first", &self.first_passages, container)?;
        let in_order: Vec<u32> = self.paper_ids.values().map(|(number, _)| *number).collect();
        packed::write("papers/order", &in_order, container)?;
        // An id repeats its paper's: only what follows is kept.
        let paper_ids: Vec<&str> = by_number(&self.paper_ids);
        names::write("papers/names", paper_ids.iter().copied(), container)?;
        let endings = self.passage_ids.iter().zip(&self.paper_of).map(|(id, &paper)| {
            id.strip_prefix(paper_ids[paper as usize]).expect("a passage's id begins with its paper's")
        });
        names::write("passages/names", endings, container)?;
        packed::write("columns/rank", &ranks_of(&self.passage_ids), container)?;
        container.part("columns/kind", &self.kinds)?;
        packed::write("columns/copies", &copies, container)?;
        packed::write("columns/copied", &copied, container)?;
        Ok(self.manifest)
    }
}

/// Tells a paper's language by its text, unless it is known; notes and tables speak others.
fn tell_language(paper: &mut StoredPaper, passages: &[StoredPassage]) {
    if paper.biblio.language.is_none() {
        let body = passages.iter().filter(|passage| passage.kind == Kind::Body);
        let language = Language::of_passages(&body.map(|passage| passage.text.as_str()).collect::<Vec<_>>());
        paper.language = language.tag().to_owned();
    }
}

/// What is made of the findings of all papers.
struct Made {
    /// For each passage which one it is a copy of.
    copied: Vec<Option<u32>>,
    cut: Cut,
    /// The numbers of words, in the order of these.
    order: Vec<u32>,
    inverted: [Inverted; 3],
    texts: Settled,
}

/// A file that papers were read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As in [`StoredPaper::path`].
    pub path: String,
    pub n_bytes: u64,
    /// BLAKE3 of its bytes, as hexadecimal digits.
    pub fingerprint: String,
    pub n_papers: u32,
}

/// Returns the papers' ids in the order of their numbers.
fn by_number(ids: &BTreeMap<String, (u32, PathBuf)>) -> Vec<&str> {
    let mut names = vec![""; ids.len()];
    ids.iter().for_each(|(id, (number, _))| names[*number as usize] = id);
    names
}

/// Returns for each identifier its place among all in order: how ties are broken.
fn ranks_of(ids: &[String]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.par_sort_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
    let mut ranks = vec![0; ids.len()];
    for (rank, i) in order.into_iter().enumerate() {
        ranks[i as usize] = rank as u32;
    }
    ranks
}

/// Returns the languages with their counts, most frequent first.
fn count(languages: &[Language]) -> Vec<(Language, u32)> {
    let mut counts: BTreeMap<Language, u32> = BTreeMap::new();
    languages.iter().for_each(|&language| *counts.entry(language).or_default() += 1);
    let mut counts: Vec<(Language, u32)> = counts.into_iter().collect();
    counts.sort_by_key(|&(language, n)| (std::cmp::Reverse(n), language));
    counts
}

fn name(language: Language) -> String {
    format!("{language:?}").to_lowercase()
}
