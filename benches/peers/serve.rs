//! polisearch and bare tantivy, as programs that answer rounds of queries from an open index.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use polisearch::index::Index;
use polisearch::query::{self, ExpandOptions, Thesaurus};
use polisearch::search::{Detail, Options, PerPaper, Ranking, Searcher};

use crate::bare::Bare;
use crate::measures::OPEN;

/// Openings that make up a round.
const N_OPENINGS: u32 = 20;

/// Queries by class, each with its id and text.
type Classes = HashMap<String, Vec<(String, String)>>;

/// Answers rounds with all that a search does by default, or (`plain`) with what was typed alone.
pub fn polisearch(index: &Path, queries: &Path, plain: bool) -> Result<(), String> {
    let opened = Index::open(index).map_err(|error| error.to_string())?;
    let thesaurus = |options: ExpandOptions| {
        let topics = opened.topics().map_err(|error| error.to_string())?;
        Ok::<_, String>(Thesaurus::new(topics, &opened, &opened, options))
    };
    let asker = Asker {
        thesaurus: thesaurus(if plain { ExpandOptions::none() } else { ExpandOptions::default() })?,
        of_topics: thesaurus(ExpandOptions::default())?,
        ranking: if plain {
            Ranking { proximity: 0.0, as_typed: 0.0, feedback: 0.0, ..Ranking::default() }
        } else {
            Ranking::default()
        },
        per_paper: if plain { PerPaper::Any } else { PerPaper::InTurns },
    };
    let open = || Index::open(index).map(|index| u64::from(index.n_passages())).map_err(|error| error.to_string());
    // A searcher remembers what it was asked: a round must not be answered by the one before.
    serve(queries, open, || {
        let searcher = Searcher::new(&opened);
        let asker = &asker;
        move |class: &str, id: &str, text: &str| asker.search(&searcher, class, id, text)
    })
}

/// Answers rounds with tantivy's own queries.
pub fn tantivy(index: &Path, queries: &Path) -> Result<(), String> {
    let bare = Bare::open(index)?;
    let bare = &bare;
    serve(queries, || Bare::open(index).map(|_| 1), || move |class: &str, _: &str, text: &str| bare.search(class, text))
}

struct Asker<'i> {
    thesaurus: Thesaurus<'i>,
    /// A topic is nothing without its names.
    of_topics: Thesaurus<'i>,
    ranking: Ranking,
    /// The peers take no turns between papers.
    per_paper: PerPaper,
}

impl Asker<'_> {
    fn search(&self, searcher: &Searcher<'_>, class: &str, id: &str, text: &str) -> Result<u64, String> {
        let typed = match class {
            "phrase" => format!("\"{text}\""),
            "prefix" => format!("{text}*"),
            "topic" => format!("@{id}"),
            _ => text.to_owned(),
        };
        let thesaurus = if class == "topic" { &self.of_topics } else { &self.thesaurus };
        let query = thesaurus.expand(query::parse(&typed));
        let options = Options {
            all: class == "all",
            fold: false,
            detail: Detail::Id,
            count: false,
            per_paper: self.per_paper,
            ranking: self.ranking,
            ..Options::default()
        };
        let results = searcher.search(&query, &options).map_err(|error| error.to_string())?;
        Ok(results.hits.len() as u64)
    }
}

/// Reads the name of a class a line, runs its queries once, and tells how long that took.
///
/// The opening of the index is a class as well.
fn serve<S: Fn(&str, &str, &str) -> Result<u64, String>>(
    queries: &Path,
    open: impl Fn() -> Result<u64, String>,
    begin: impl Fn() -> S,
) -> Result<(), String> {
    let classes = read(queries)?;
    for class in std::io::stdin().lock().lines().map_while(Result::ok) {
        if class == OPEN {
            let start = Instant::now();
            for _ in 0..N_OPENINGS {
                open()?;
            }
            println!("{class}\t{}\t{N_OPENINGS}\t{N_OPENINGS}", start.elapsed().as_nanos());
            continue;
        }
        let queries = classes.get(&class).map_or(&[][..], Vec::as_slice);
        let search = begin();
        let start = Instant::now();
        let mut n_hits = 0;
        for (id, text) in queries {
            n_hits += search(&class, id, text)?;
        }
        println!("{class}\t{}\t{}\t{n_hits}", start.elapsed().as_nanos(), queries.len());
    }
    Ok(())
}

fn read(queries: &Path) -> Result<Classes, String> {
    let text = std::fs::read_to_string(queries).map_err(|error| format!("{}: {error}", queries.display()))?;
    let mut classes = Classes::new();
    for line in text.lines() {
        if let [class, id, text] = line.split('\t').collect::<Vec<_>>()[..] {
            classes.entry(class.to_owned()).or_default().push((id.to_owned(), text.to_owned()));
        }
    }
    Ok(classes)
}
