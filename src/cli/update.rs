//! What an update keeps of the index that is there.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use polisearch::corpus::{self, Known, Source};
use polisearch::index::{self, Failure as Unread, Index};
use polisearch::paper::{StoredPaper, StoredPassage};
use polisearch::query::Topics;

use super::args;
use super::failure::Failure;

/// The index that is there.
pub struct Old {
    index: Index,
    sources: Vec<index::Source>,
    /// Sources by path, each with its fingerprint and the numbers of its papers.
    papers: HashMap<String, Vec<(String, Range<u32>)>>,
    /// Whether papers were read as this program would.
    same_reading: bool,
}

impl Old {
    /// Opens and checks the index that is to be updated; `unit` is what records are to become, if that is
    /// not for the index to say.
    pub fn open(path: &Path, unit: Option<args::Unit>) -> Result<Old, Failure> {
        let index = Index::open(path)?;
        index.verify()?;
        if !index.has_texts() {
            let message = format!("{}: it holds no texts, and so can't be updated", path.display());
            return Err(Failure::usage(message).hint("update the index that it was packed from"));
        }
        let manifest = index.manifest();
        let same_reading = unit.is_none_or(|unit| manifest.unit == unit.name())
            && manifest.reading == corpus::VERSION
            && manifest.tool == index::Manifest::tool_of_this_program();
        let sources = index.sources()?;
        let mut papers: HashMap<String, Vec<(String, Range<u32>)>> = HashMap::new();
        let mut first = 0;
        for source in &sources {
            let numbers = first..first + source.n_papers;
            first = numbers.end;
            papers.entry(source.path.clone()).or_default().push((source.fingerprint.clone(), numbers));
        }
        Ok(Old { index, sources, papers, same_reading })
    }

    /// Returns what a record became.
    pub fn unit(&self) -> args::Unit {
        if self.index.manifest().unit == args::Unit::Record.name() { args::Unit::Record } else { args::Unit::Passage }
    }

    /// Returns the version of the reading of what is kept; 0, which none has, when it is another one than
    /// this program's, so that a later update reads all anew.
    pub fn reading(&self) -> u32 {
        if self.same_reading { corpus::VERSION } else { 0 }
    }

    /// Returns the sources that remain when those at `paths` come in, whose places they take.
    pub fn with(&self, new: Vec<Source>) -> Vec<Source> {
        let replaced = |path: &str| new.iter().any(|source| source.path == path);
        let mut all: Vec<Source> = self.sources.iter().filter(|source| !replaced(&source.path)).map(kept).collect();
        all.extend(new);
        all.sort();
        all
    }

    /// Returns the sources that remain when those named go: by path, by folder, by a paper's id.
    pub fn without(&self, names: &[PathBuf]) -> Result<Vec<Source>, Failure> {
        let mut gone = Vec::new();
        for name in names {
            let name = name.to_string_lossy();
            let before = gone.len();
            let below = format!("{}/", name.trim_end_matches('/'));
            gone.extend(self.sources.iter().filter(|source| source.path == name || source.path.starts_with(&below)));
            if gone.len() == before
                && let Some(number) = self.index.find_paper(&name)?
            {
                gone.push(self.source_of(number, &name)?);
            }
            if gone.len() == before {
                let message = format!("the index has no paper `{name}`");
                return Err(Failure::usage(message).hint("`papers` lists ids and paths"));
            }
        }
        Ok(self.sources.iter().filter(|source| !gone.contains(source)).map(kept).collect())
    }

    /// Returns the source that holds one paper and no other.
    fn source_of(&self, number: u32, name: &str) -> Result<&index::Source, Failure> {
        let mut end = 0;
        let source = self.sources.iter().find(|source| {
            end += source.n_papers;
            number < end
        });
        match source {
            Some(source) if source.n_papers == 1 => Ok(source),
            Some(source) => {
                Err(Failure::usage(format!("`{name}` is one of {} records of {}", source.n_papers, source.path))
                    .hint("change that file, then: polisearch index --update"))
            }
            None => Err(Failure::usage(format!("`{name}` has no source"))),
        }
    }

    /// Returns what could not be read of the sources that are kept.
    pub fn failures_of<'a>(&'a self, sources: &'a [Source]) -> impl Iterator<Item = Unread> + 'a {
        let kept = |path: &str| sources.iter().any(|source| source.kept.is_some() && is_of(path, &source.path));
        self.index.manifest().failures.iter().filter(move |failure| kept(&failure.path)).cloned()
    }

    /// Returns the topics that the index carries.
    pub fn topics(&self) -> Result<Topics<'static>, Failure> {
        Ok(Topics::new(&self.index.topics()?.iter().collect::<Vec<_>>()))
    }
}

/// Returns a source that stays as it is known.
fn kept(source: &index::Source) -> Source {
    Source {
        path: source.path.clone(),
        file: PathBuf::new(),
        n_bytes: source.n_bytes,
        kept: Some(source.fingerprint.clone()),
    }
}

/// Tells whether a path is a source's, or that of a paper in it.
fn is_of(path: &str, source: &str) -> bool {
    path.strip_prefix(source).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What an update takes over.
pub struct Kept<'o>(pub &'o Old);

impl Known for Kept<'_> {
    fn papers_of(&self, source: &Source, fingerprint: &str) -> Option<Range<u32>> {
        let known = self.0.papers.get(&source.path)?;
        let (_, papers) = known.iter().find(|(known, _)| known == fingerprint)?;
        if source.kept.is_some() {
            return Some(papers.clone());
        }
        // What could not be read may be readable by now.
        let failed = self.0.index.manifest().failures.iter().any(|failure| is_of(&failure.path, &source.path));
        let current = |number| self.0.index.paper(number).is_ok_and(|paper| corpus::is_current(&paper.reader));
        (self.0.same_reading && !failed && papers.clone().all(current)).then(|| papers.clone())
    }

    fn paper(&self, number: u32) -> Result<(StoredPaper, Vec<StoredPassage>), String> {
        let index = &self.0.index;
        let read = || {
            let passages = index.passages(&index.passages_of(number)?.collect::<Vec<_>>())?;
            Ok((index.paper_with_origin(number)?, passages))
        };
        read().map_err(|error: index::Error| error.to_string())
    }
}
