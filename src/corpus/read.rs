//! Reading papers: extract, repair, segment, many at a time and in order.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::find::Source;
use super::library::{Library, of_paper};
use crate::extract::{self, Format, Found};
use crate::paper::{Biblio, Origin, Outline, Paper, Passage, Place, RawPaper, StoredPaper, StoredPassage};
use crate::repair::repair;
use crate::segment::segment;

/// What a record of a collection becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Records are cut into passages, as papers are.
    #[default]
    Passage,
    /// A record is one passage.
    Record,
}

/// How papers are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub unit: Unit,
    pub extract: extract::Options,
}

/// What reading a source gives, one paper at a time.
#[derive(Debug)]
pub enum Item {
    Paper(Box<StoredPaper>, Vec<StoredPassage>),
    Failed {
        path: String,
        message: String,
    },
    /// A source has been read to its end; its size in bytes and BLAKE3.
    Done {
        path: String,
        n_bytes: u64,
        fingerprint: String,
    },
}

/// What is known from an earlier reading.
pub trait Known: Sync {
    /// Returns the numbers of the papers that a source with this content gave; `None` when it must be
    /// read (again).
    fn papers_of(&self, source: &Source, fingerprint: &str) -> Option<Range<u32>>;

    /// Returns such a paper, with its [`Origin`], and its passages.
    fn paper(&self, number: u32) -> Result<(StoredPaper, Vec<StoredPassage>), String>;
}

/// Tells whether a reader, as [`StoredPaper::reader`] names it, is one of this program.
pub fn is_current(reader: &str) -> bool {
    Format::ALL.iter().any(|&format| reader_of(format) == reader)
}

fn reader_of(format: Format) -> String {
    format!("{format} {}", format.version())
}

/// Nothing is known: all is read.
impl Known for () {
    fn papers_of(&self, _: &Source, _: &str) -> Option<Range<u32>> {
        None
    }

    fn paper(&self, _: u32) -> Result<(StoredPaper, Vec<StoredPassage>), String> {
        Err("nothing is known".to_owned())
    }
}

/// Bytes of files that are read as one piece of parallel work.
const BATCH_BYTES: u64 = 8 << 20;
/// Files that are read as one piece of parallel work.
const BATCH_FILES: usize = 64;
/// A file beyond this is taken for a collection and streamed.
const STREAMED: u64 = 16 << 20;
/// Records that are repaired as one piece of parallel work.
const BATCH_RECORDS: usize = 512;
/// Batches that may wait for the caller: they bound memory.
const WAITING: usize = 2;

/// Reads papers and hands them to `sink` in the order of `sources`, until it breaks. What is `known` of
/// a source that has not changed is taken over: only its id and bibliographic data are told anew.
pub fn read(
    sources: &[Source],
    library: &Library,
    options: &Options,
    known: &dyn Known,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) {
    let (sender, receiver): (SyncSender<Vec<Item>>, Receiver<Vec<Item>>) = sync_channel(WAITING);
    let reading = Reading { library, options, known };
    std::thread::scope(|scope| {
        scope.spawn(move || reading.produce(sources, &sender));
        let mut ids = Ids::default();
        'batches: for batch in receiver {
            for mut item in batch {
                if let Item::Paper(paper, passages) = &mut item {
                    ids.make_unique(paper, passages);
                }
                if sink(item).is_break() {
                    break 'batches;
                }
            }
        }
        // The receiver is gone: the other side stops at its next batch.
    });
}

/// How all sources are read.
#[derive(Clone, Copy)]
struct Reading<'a> {
    library: &'a Library,
    options: &'a Options,
    known: &'a dyn Known,
}

impl Reading<'_> {
    /// Sends batch after batch, until all is read or nobody listens.
    fn produce(&self, sources: &[Source], out: &SyncSender<Vec<Item>>) {
        let mut rest = sources;
        while let Some(first) = rest.first() {
            if first.n_bytes > STREAMED {
                rest = &rest[1..];
                if self.stream(first, out).is_break() {
                    return;
                }
                continue;
            }
            let mut n_bytes = 0;
            let n = rest
                .iter()
                .take(BATCH_FILES)
                .take_while(|source| {
                    n_bytes += source.n_bytes;
                    source.n_bytes <= STREAMED && n_bytes <= BATCH_BYTES + first.n_bytes
                })
                .count()
                .max(1);
            let (batch, others) = rest.split_at(n);
            rest = others;
            let items: Vec<Item> = batch.par_iter().flat_map_iter(|source| self.whole(source)).collect();
            if out.send(items).is_err() {
                return;
            }
        }
    }

    /// Reads all papers of a file.
    fn whole(&self, source: &Source) -> Vec<Item> {
        let fingerprint = fingerprint(source);
        let mut items = Vec::new();
        if let Some(papers) = self.known.papers_of(source, &fingerprint) {
            items.extend(papers.map(|number| self.take_over(source, number)));
        } else {
            match extract::read(&source.file, &self.options.extract) {
                Err(error) => items.push(failed(&source.path, &error)),
                Ok(papers) => {
                    let context = Context::new(source, self, &fingerprint);
                    items.extend(papers.map(|found| context.item(found)));
                }
            }
        }
        items.push(done(source, fingerprint));
        items
    }

    /// Reads a large file's papers in batches.
    fn stream(&self, source: &Source, out: &SyncSender<Vec<Item>>) -> ControlFlow<()> {
        let send = |items| if out.send(items).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let fingerprint = fingerprint(source);
        if let Some(papers) = self.known.papers_of(source, &fingerprint) {
            let numbers: Vec<u32> = papers.collect();
            for batch in numbers.chunks(BATCH_RECORDS) {
                send(batch.par_iter().map(|&number| self.take_over(source, number)).collect())?;
            }
            return send(vec![done(source, fingerprint)]);
        }
        let mut papers = match extract::read(&source.file, &self.options.extract) {
            Ok(papers) => papers,
            Err(error) => return send(vec![failed(&source.path, &error), done(source, fingerprint)]),
        };
        let context = Context::new(source, self, &fingerprint);
        loop {
            let batch: Vec<Found> = papers.by_ref().take(BATCH_RECORDS).collect();
            if batch.is_empty() {
                break;
            }
            send(batch.into_par_iter().map(|found| context.item(found)).collect())?;
        }
        send(vec![done(source, fingerprint)])
    }

    /// Returns a known paper with its id and bibliographic data as they are now.
    fn take_over(&self, source: &Source, number: u32) -> Item {
        let (mut paper, mut passages) = match self.known.paper(number) {
            Ok(known) => known,
            Err(message) => return Item::Failed { path: source.path.clone(), message },
        };
        let old = paper.id.clone();
        if paper.origin.is_record {
            paper.id = paper.origin.id.take().unwrap_or(paper.id);
        } else {
            // The library of a source that is kept is not at hand.
            if source.kept.is_none() {
                paper.biblio = self.biblio(&paper.origin, &paper.path);
            }
            paper.id = paper.biblio.id.clone().unwrap_or_else(|| slug(&paper.path));
            paper.language = language(&paper.biblio);
        }
        rename(&mut passages, &old, &paper.id);
        Item::Paper(Box::new(paper), passages)
    }

    /// Returns what is known about a paper: the library first, then the document itself.
    fn biblio(&self, origin: &Origin, path: &str) -> Biblio {
        let name = path.rsplit('/').next().unwrap_or(path);
        let document = &origin.document;
        let found = self.library.find(name, document.doi.as_deref(), document.title.as_deref());
        found.cloned().unwrap_or_default().or(document)
    }
}

fn done(source: &Source, fingerprint: String) -> Item {
    Item::Done { path: source.path.clone(), n_bytes: source.n_bytes, fingerprint }
}

/// Returns the BLAKE3 of a source. One that vanished between two looks has failed already, or will.
fn fingerprint(source: &Source) -> String {
    if let Some(kept) = &source.kept {
        return kept.clone();
    }
    let mut hasher = blake3::Hasher::new();
    let _ = std::fs::File::open(&source.file).and_then(|file| hasher.update_reader(file).map(|_| ()));
    hasher.finalize().to_hex().to_string()
}

fn failed(path: &str, error: &extract::Error) -> Item {
    let mut message = message(error);
    if let Some(way_out) = error.way_out() {
        message = format!("{message} ({way_out})");
    }
    Item::Failed { path: path.to_owned(), message }
}

/// Returns an error with what caused it.
fn message(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    message
}

/// What all papers of one file share.
struct Context<'a> {
    source: &'a Source,
    reading: &'a Reading<'a>,
    fingerprint: &'a str,
    lines: Lines,
}

impl<'a> Context<'a> {
    fn new(source: &'a Source, reading: &'a Reading<'a>, fingerprint: &'a str) -> Self {
        let lines = if source.n_bytes <= STREAMED { Lines::of(&source.file) } else { Lines::default() };
        Context { source, reading, fingerprint, lines }
    }

    fn item(&self, found: Found) -> Item {
        let path = match &found.part {
            Some(part) => format!("{}/{part}", self.source.path),
            None => self.source.path.clone(),
        };
        let raw = match found.paper {
            Ok(raw) => raw,
            Err(error) => return failed(&path, &error),
        };
        let is_record = found.id.is_some();
        let origin = if is_record {
            Origin { is_record, ..Origin::default() }
        } else {
            Origin { document: of_paper(&raw, found.format), ..Origin::default() }
        };
        let biblio = if is_record { raw.biblio.clone() } else { self.reading.biblio(&origin, &path) };
        let id = match found.id {
            Some(id) => id.split_whitespace().collect::<Vec<_>>().join("_"),
            None => biblio.id.clone().unwrap_or_else(|| slug(&path)),
        };
        let mut stored = StoredPaper {
            id,
            path,
            fingerprint: if is_record {
                blake3::hash(raw.text.as_bytes()).to_hex().to_string()
            } else {
                self.fingerprint.to_owned()
            },
            reader: reader_of(found.format),
            language: language(&biblio),
            warnings: raw.warnings.clone(),
            biblio,
            origin,
            ..StoredPaper::default()
        };
        let passages = if is_record && self.reading.options.unit == Unit::Record {
            vec![record_passage(&stored.id, &raw, found.line)]
        } else {
            let paper = repair(&raw);
            let outline = segment(&paper);
            stored.n_pages = paper.pages.last().map(|page| page.physical);
            passages(&stored.id, &paper, &outline, |at| match found.line {
                Some(line) if found.format != Format::Text => line as usize,
                _ => self.lines.number(at),
            })
        };
        Item::Paper(Box::new(stored), passages)
    }
}

fn language(biblio: &Biblio) -> String {
    biblio.language.clone().unwrap_or_else(|| "en".to_owned())
}

/// Where the lines of a file begin.
#[derive(Default)]
struct Lines(Vec<usize>);

impl Lines {
    fn of(file: &std::path::Path) -> Self {
        let bytes = std::fs::read(file).unwrap_or_default();
        Lines(memchr::memchr_iter(b'\n', &bytes).map(|at| at + 1).collect())
    }

    /// Returns the line, counted from 1, of a byte.
    fn number(&self, at: usize) -> usize {
        self.0.partition_point(|&start| start <= at) + 1
    }
}

/// Returns an identifier made from a file's name.
fn slug(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem.is_empty() { name } else { stem };
    let mut slug = String::new();
    for c in stem.chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Returns a record as the one passage that it is, named by its id.
fn record_passage(id: &str, raw: &RawPaper, line: Option<u64>) -> StoredPassage {
    let place = raw.map.as_ref().map(|map| {
        let source = map.source_of(crate::paper::Span::new(0, raw.text.len()));
        Place { start: source.start, end: source.end, line: line.unwrap_or(1) as usize }
    });
    StoredPassage { id: id.to_owned(), text: raw.text.trim().to_owned(), place, ..StoredPassage::default() }
}

/// Returns a paper's passages with ids of paper, page and a hash of what the passage says.
fn passages(id: &str, paper: &Paper, outline: &Outline, line_of: impl Fn(usize) -> usize) -> Vec<StoredPassage> {
    let mut seen: HashMap<String, u32, FxBuildHasher> = HashMap::default();
    let stored = |passage: &Passage| {
        let hash = blake3::hash(passage.span.of(&paper.text).as_bytes()).to_hex();
        let page = paper.page_at(passage.span.start);
        let page =
            page.map_or_else(String::new, |page| page.printed.clone().unwrap_or_else(|| page.physical.to_string()));
        let mut passage_id = format!("{id}/p{page}/{}", &hash[..6]);
        // The same words twice on a page: the later ones are counted.
        let n = seen.entry(passage_id.clone()).or_default();
        *n += 1;
        if *n > 1 {
            passage_id = format!("{passage_id}-{n}");
        }
        StoredPassage::new(passage_id, paper, outline, passage, &line_of)
    };
    outline.passages.iter().map(stored).collect()
}

/// Identifiers given so far.
#[derive(Default)]
struct Ids(HashMap<String, ()>);

impl Ids {
    /// Gives a paper whose id is taken another one, made from its content.
    fn make_unique(&mut self, paper: &mut StoredPaper, passages: &mut [StoredPassage]) {
        if self.0.insert(paper.id.clone(), ()).is_none() {
            return;
        }
        let old = paper.id.clone();
        let mut n = 8;
        while self.0.contains_key(&paper.id) && n <= paper.fingerprint.len() {
            paper.id = format!("{old}-{}", &paper.fingerprint[..n]);
            n += 8;
        }
        let mut copy = 2;
        while self.0.contains_key(&paper.id) {
            paper.id = format!("{old}-{}-{copy}", &paper.fingerprint[..8]);
            copy += 1;
        }
        self.0.insert(paper.id.clone(), ());
        rename(passages, &old, &paper.id);
        if paper.origin.is_record {
            paper.origin.id = Some(old);
        }
    }
}

/// Names passages by their paper's new id.
fn rename(passages: &mut [StoredPassage], old: &str, id: &str) {
    for passage in passages.iter_mut().filter(|_| old != id) {
        if let Some(rest) = passage.id.strip_prefix(old) {
            passage.id = format!("{id}{rest}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        for (path, id) in [
            ("seeds/004_705628c28ea5a76e.txt", "004_705628c28ea5a76e"),
            ("a/Trade & Transit (2010).pdf", "Trade-Transit-2010"),
            ("x/.txt", ".txt"),
        ] {
            assert_eq!(slug(path), id);
        }
    }

    #[test]
    fn lines_are_counted_from_one() {
        let lines = Lines(vec![3, 5]);
        assert_eq!([0, 2, 3, 5, 9].map(|at| lines.number(at)), [1, 1, 2, 3, 3]);
    }
}
