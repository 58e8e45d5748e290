//! What differs between two indexes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::Result;
use super::open::Index;
use crate::paper::StoredPaper;

/// What is to be done to one index to make it another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Papers that only the second has, by their paths.
    pub added: Vec<PaperName>,
    /// Papers that only the first has.
    pub removed: Vec<PaperName>,
    pub changed: Vec<Change>,
    pub settings: Vec<Setting>,
}

/// A paper, as a difference names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperName {
    pub id: String,
    pub path: String,
}

/// A paper that both have, and what of it differs: `content`, `bibliography`, `reader`, `id`, `passages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    #[serde(flatten)]
    pub paper: PaperName,
    pub what: Vec<&'static str>,
}

/// A setting that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    pub name: &'static str,
    pub from: String,
    pub to: String,
}

impl Difference {
    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Difference::default()
    }

    /// Compares two indexes, paper by paper.
    pub fn between(from: &Index, to: &Index) -> Result<Difference> {
        let mut olds = papers(from)?;
        let mut difference = Difference { settings: settings(from, to), ..Difference::default() };
        for (path, (number, paper)) in papers(to)? {
            match olds.remove(&path) {
                None => difference.added.push(name(&paper)),
                Some((old_number, old)) => {
                    let mut what = changes(&old, &paper);
                    if what.is_empty() && !same_passages(from, old_number, to, number)? {
                        what.push("passages");
                    }
                    if !what.is_empty() {
                        difference.changed.push(Change { paper: name(&paper), what });
                    }
                }
            }
        }
        difference.removed = olds.values().map(|(_, paper)| name(paper)).collect();
        Ok(difference)
    }
}

/// A paper's path, and which of the papers with that path it is: two folders may bear one name.
type Key = (String, u32);

fn papers(index: &Index) -> Result<BTreeMap<Key, (u32, StoredPaper)>> {
    let mut papers = BTreeMap::new();
    for number in 0..index.n_papers() {
        let paper = index.paper(number)?;
        let mut key = (paper.path.clone(), 0);
        while papers.contains_key(&key) {
            key.1 += 1;
        }
        papers.insert(key, (number, paper));
    }
    Ok(papers)
}

fn name(paper: &StoredPaper) -> PaperName {
    PaperName { id: paper.id.clone(), path: paper.path.clone() }
}

fn changes(old: &StoredPaper, new: &StoredPaper) -> Vec<&'static str> {
    let all = [
        ("content", old.fingerprint != new.fingerprint),
        ("id", old.id != new.id),
        ("bibliography", old.biblio != new.biblio),
        ("reader", old.reader != new.reader),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}

/// Tells whether a paper's passages have the same ids, which are made of their pages and texts.
fn same_passages(from: &Index, old: u32, to: &Index, new: u32) -> Result<bool> {
    let (olds, news) = (from.passages_of(old)?, to.passages_of(new)?);
    if olds.len() != news.len() {
        return Ok(false);
    }
    for (old, new) in olds.zip(news) {
        if from.passage_id(old)? != to.passage_id(new)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn settings(from: &Index, to: &Index) -> Vec<Setting> {
    let (old, new) = (from.manifest(), to.manifest());
    let texts = |index: &Index| if index.has_texts() { "kept" } else { "left out" }.to_owned();
    let topics = |index: &Index| {
        let hash = blake3::hash(index.topics_bytes()).to_hex();
        format!("{} ({})", index.manifest().n_topics, &hash[..8])
    };
    let all = [
        ("tool", old.tool.clone(), new.tool.clone()),
        ("engine", old.engine.clone(), new.engine.clone()),
        ("unit", old.unit.clone(), new.unit.clone()),
        ("reading", old.reading.to_string(), new.reading.to_string()),
        ("analysis", old.analysis.to_string(), new.analysis.to_string()),
        ("topics", topics(from), topics(to)),
        ("texts", texts(from), texts(to)),
    ];
    all.into_iter().filter(|(_, from, to)| from != to).map(|(name, from, to)| Setting { name, from, to }).collect()
}
