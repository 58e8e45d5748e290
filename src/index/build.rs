//! Building an index: passages in, one file out, the same bytes from the same papers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::container::Writer;
use super::engine::EngineWriter;
use super::error::{Error, Result};
use super::lexicon;
use super::manifest::{Failure, Manifest};
use super::strings;
use super::table::TableWriter;
use super::texts::RecordWriter;
use crate::analysis::acronyms::{Acronyms, mine};
use crate::analysis::similar::{Signature, groups, signature};
use crate::analysis::{Language, TermKind, fold, terms};
use crate::paper::{StoredPaper, StoredPassage};
use crate::query::Topics;

/// Takes papers, one after the other, and writes an index of them.
pub struct Builder {
    manifest: Manifest,
    engine: EngineWriter,
    papers: RecordWriter,
    passages: RecordWriter,
    paper_ids: BTreeMap<String, (u32, PathBuf)>,
    languages: Vec<Language>,
    /// For each paper: its first passage; then the number of all.
    first_passages: Vec<u32>,
    /// For each passage: its paper, its kind.
    paper_of: Vec<u32>,
    kinds: Vec<u8>,
    passage_ids: Vec<String>,
    signatures: Vec<Signature>,
    acronyms: Acronyms,
    topics: Topics<'static>,
    compounds: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Builder {
    /// Begins an index.
    pub fn new() -> Result<Self> {
        let compounds = Arc::new(Mutex::new(BTreeMap::new()));
        let seen = Arc::clone(&compounds);
        let engine = EngineWriter::new(Arc::new(move |joined, written| {
            let mut seen = seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if !seen.contains_key(joined) {
                let parts: Vec<String> = written.split(['-', '\u{2010}', '\u{2011}']).map(fold).collect();
                seen.insert(joined.to_owned(), parts.join(" "));
            }
        }))?;
        Ok(Builder {
            manifest: Manifest::new(),
            engine,
            papers: RecordWriter::new(),
            passages: RecordWriter::new(),
            paper_ids: BTreeMap::new(),
            languages: Vec::new(),
            first_passages: vec![0],
            paper_of: Vec::new(),
            kinds: Vec::new(),
            passage_ids: Vec::new(),
            signatures: Vec::new(),
            acronyms: Acronyms::default(),
            topics: Topics::default(),
            compounds,
        })
    }

    /// Adds a paper with its passages, in their order.
    pub fn add(&mut self, mut paper: StoredPaper, passages: &[StoredPassage]) -> Result<()> {
        let number = self.manifest.n_papers;
        let path = PathBuf::from(&paper.path);
        if let Some((_, first)) = self.paper_ids.get(&paper.id) {
            return Err(Error::SameId { id: paper.id, first: first.clone(), second: path });
        }
        self.paper_ids.insert(paper.id.clone(), (number, path));
        paper.n_passages = passages.len() as u32;
        let language = Language::from_tag(&paper.language);
        self.languages.push(language);
        self.manifest.n_papers += 1;
        if let Some(year) = paper.biblio.year {
            let (first, last) = self.manifest.years.unwrap_or((year, year));
            self.manifest.years = Some((first.min(year), last.max(year)));
        }
        for passage in passages {
            self.manifest.n_text_bytes += passage.text.len() as u64;
            self.engine.add(
                &passage.text,
                &passage.section.join(" . "),
                paper.biblio.title.as_deref().unwrap_or(""),
            )?;
            self.passages.add(passage);
            self.paper_of.push(number);
            self.kinds.push(passage.kind as u8);
            self.passage_ids.push(passage.id.clone());
            // A record of a collection is one thing with a name of its own, like another one or not.
            let is_record = passage.id == paper.id;
            self.signatures.push(if is_record { Signature::default() } else { signature_of(&passage.text) });
            mine(&passage.text, &mut |pair| {
                self.acronyms.add(number, &passage.text[pair.short], &passage.text[pair.long]);
            });
        }
        self.papers.add(&paper);
        self.first_passages.push(self.paper_of.len() as u32);
        Ok(())
    }

    /// Notes a paper that could not be read.
    pub fn add_failure(&mut self, failure: Failure) {
        self.manifest.failures.push(failure);
    }

    /// Sets the topics that the index carries.
    pub fn set_topics(&mut self, topics: Topics<'static>) {
        self.topics = topics;
    }

    /// Returns the number of papers and passages added.
    pub fn counts(&self) -> (u32, u32) {
        (self.manifest.n_papers, self.paper_of.len() as u32)
    }

    /// Writes the index to `path`: under a temporary name beside it, synced, then renamed.
    pub fn write(mut self, path: &Path) -> Result<Manifest> {
        if self.paper_of.is_empty() {
            return Err(Error::NoPapers);
        }
        let failed = |source| Error::Io { path: path.to_owned(), source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let temporary =
            tempfile::Builder::new().prefix(".building-").suffix(".polisearch").tempfile_in(folder).map_err(failed)?;
        let files = self.engine.finish()?;
        let reader = files.open()?;
        let mut container = Writer::new(temporary.reopen().map_err(failed)?, path)?;
        self.manifest.n_passages = files.n_passages;
        self.manifest.n_words = reader.inverted_index(super::open::field(0))?.total_num_tokens();
        let languages = count(&self.languages);
        self.manifest.languages = languages.iter().map(|&(language, n)| (name(language), n)).collect();
        self.manifest.failures.sort();
        self.manifest.n_topics = self.topics.len() as u32;
        self.manifest.n_acronyms = self.acronyms.iter().count() as u32;
        let manifest = serde_json::to_vec_pretty(&self.manifest).expect("plain data");
        container.part("manifest", &manifest)?;
        files.write(&mut container)?;
        let language_of = |passage: u32| self.languages[self.paper_of[passage as usize] as usize];
        let languages: Vec<Language> = languages.into_iter().map(|(language, _)| language).collect();
        lexicon::write(&reader, &languages, &language_of, &mut container)?;
        let compounds = self.compounds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        container.part("topics", self.topics.as_bytes())?;
        container.part("acronyms", &postcard::to_stdvec(&self.acronyms).expect("plain data"))?;
        let mut table = TableWriter::default();
        compounds.iter().for_each(|(joined, parts)| table.add(joined.as_bytes(), parts.as_bytes()));
        table.finish("compounds", &mut container)?;
        let mut table = TableWriter::default();
        self.paper_ids.iter().for_each(|(id, (number, _))| table.add(id.as_bytes(), &number.to_le_bytes()));
        table.finish("papers/ids", &mut container)?;
        self.papers.finish("papers", &mut container)?;
        self.passages.finish("passages", &mut container)?;
        let copies: Vec<u32> = groups(&self.signatures).into_iter().map(|group| group.unwrap_or(u32::MAX)).collect();
        container.part("columns/first", &numbers(&self.first_passages))?;
        container.part("columns/paper", &numbers(&self.paper_of))?;
        // An id repeats its paper's: only what follows is kept.
        let paper_ids: Vec<&str> = by_number(&self.paper_ids);
        strings::write("papers/names", paper_ids.iter().copied(), &mut container)?;
        let endings = self.passage_ids.iter().zip(&self.paper_of).map(|(id, &paper)| {
            id.strip_prefix(paper_ids[paper as usize]).expect("a passage's id begins with its paper's")
        });
        strings::write("passages/names", endings, &mut container)?;
        container.part("columns/rank", &numbers(&ranks(&self.passage_ids)))?;
        container.part("columns/kind", &self.kinds)?;
        container.part("columns/copies", &numbers(&copies))?;
        container.finish()?;
        readable_by_all(temporary.as_file()).map_err(failed)?;
        temporary.persist(path).map_err(|error| failed(error.error))?;
        sync(folder).map_err(failed)?;
        Ok(self.manifest)
    }
}

/// Gives a temporary file, which is its owner's alone, the rights of an ordinary one.
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// Syncs a folder, so that a rename in it survives a crash.
fn sync(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Returns what tells copies of a text.
fn signature_of(text: &str) -> Signature {
    let mut words = Vec::new();
    terms(text, &mut |term| {
        if term.kind == TermKind::Word {
            words.push(term.text.to_owned());
        }
    });
    signature(words.iter().map(String::as_str))
}

/// Returns the papers' ids in the order of their numbers.
fn by_number(ids: &BTreeMap<String, (u32, PathBuf)>) -> Vec<&str> {
    let mut names = vec![""; ids.len()];
    ids.iter().for_each(|(id, (number, _))| names[*number as usize] = id);
    names
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Returns for each identifier its place among all in order: how ties are broken.
fn ranks(ids: &[String]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_by_key(|&i| &ids[i as usize]);
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
