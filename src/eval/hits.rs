//! Hits as `search` and `batch` write them in JSON Lines.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Deserialize;

use super::error::{Error, Problem};
use super::lines;
use super::qrels::Qrels;
use super::run::Run;
use crate::paper::Span;

/// Where a passage stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub path: String,
    pub span: Span,
}

/// A ranked passage.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub passage: String,
    /// Empty when the lines did not say.
    pub paper: String,
    /// Tells whether the passage was said to hold every word of the query.
    pub has_all: bool,
    /// `None` for formats whose bytes mean nothing to a person: such a hit covers no span.
    pub place: Option<Place>,
    pub text: String,
}

/// A query that was asked, and its hits, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Empty when the lines did not say.
    pub text: String,
    pub hits: Vec<Hit>,
}

/// What one system answered, by query; a query without a hit is there when the lines name it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    pub queries: BTreeMap<String, Asked>,
}

impl Hits {
    /// Reads JSON Lines of `search` and `batch`; objects of unknown types are passed over.
    ///
    /// ```
    /// use polisearch::eval::Hits;
    /// let line = concat!(
    ///     r#"{"type":"hit","query":"q1","rank":1,"match":"all","passage":"p/1","#,
    ///     r#""source":{"path":"seeds/a.txt","start":5,"end":9}}"#
    /// );
    /// let hits = Hits::read(line.as_bytes(), "hits.jsonl").unwrap();
    /// assert_eq!(hits.queries["q1"].hits[0].place.as_ref().unwrap().span.len(), 4);
    /// ```
    pub fn read(reader: impl BufRead, file: &str) -> Result<Hits, Error> {
        let mut ranked: BTreeMap<String, Vec<(u64, Hit)>> = BTreeMap::new();
        let mut texts = BTreeMap::new();
        lines::for_each(reader, file, |line| {
            match serde_json::from_str(line).map_err(|error| Problem::Json(error.to_string()))? {
                Line::Begin { query } => {
                    ranked.entry(query.id.clone()).or_default();
                    texts.insert(query.id, query.text);
                }
                Line::Hit { query, rank, hit } => ranked.entry(query).or_default().push((rank, hit.try_into()?)),
                Line::End { query } => drop(ranked.entry(query).or_default()),
                Line::Other => (),
            }
            Ok(())
        })?;
        let queries = ranked.into_iter().map(|(query, mut hits)| {
            hits.sort_by_key(|&(rank, _)| rank);
            let text = texts.remove(&query).unwrap_or_default();
            (query, Asked { text, hits: hits.into_iter().map(|(_, hit)| hit).collect() })
        });
        Ok(Hits { queries: queries.collect() })
    }

    /// Returns the hits as a run of passage ids, for judgements by document and for pools.
    pub fn to_run(&self, name: &str) -> Run {
        self.to_run_of(name, |hit| &hit.passage)
    }

    /// Returns the hits as a run of papers, each in the place of its best passage.
    pub fn to_run_of_papers(&self, name: &str) -> Run {
        self.to_run_of(name, |hit| &hit.paper)
    }

    fn to_run_of(&self, name: &str, id: fn(&Hit) -> &String) -> Run {
        let ids = |asked: &Asked| asked.hits.iter().map(|hit| id(hit).clone()).collect();
        Run::from_rankings(name, self.queries.iter().map(|(query, asked)| (query.clone(), ids(asked))).collect())
    }

    /// Tells what the documents of judgements are: papers, when hits name some of these and no passage is
    /// one of them, as in a collection whose records were cut into passages.
    pub fn unit_of(&self, qrels: &Qrels) -> Unit {
        let judges = |id: fn(&Hit) -> &String| {
            self.queries.iter().any(|(query, asked)| {
                let grades = qrels.queries.get(query);
                grades.is_some_and(|grades| asked.hits.iter().any(|hit| grades.contains_key(id(hit))))
            })
        };
        if !judges(|hit| &hit.passage) && judges(|hit| &hit.paper) { Unit::Paper } else { Unit::Passage }
    }
}

/// What was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Passage,
    Paper,
}

/// Ids alone: hits without place and text.
impl From<&Run> for Hits {
    fn from(run: &Run) -> Hits {
        let hit = |passage: &str| Hit {
            passage: passage.to_string(),
            paper: String::new(),
            has_all: true,
            place: None,
            text: String::new(),
        };
        let asked = |query: &str| {
            let hits = run.ranking(query).iter().map(|scored| hit(&scored.document)).collect();
            (query.to_string(), Asked { text: String::new(), hits })
        };
        Hits { queries: run.queries().map(asked).collect() }
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Begin {
        query: Query,
    },
    Hit {
        query: String,
        rank: u64,
        #[serde(flatten)]
        hit: RawHit,
    },
    End {
        query: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Query {
    id: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct RawHit {
    passage: String,
    #[serde(default)]
    paper: Option<RawPaper>,
    #[serde(default, rename = "match")]
    matched: Option<String>,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct RawPaper {
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
struct Source {
    path: String,
    #[serde(default)]
    start: Option<usize>,
    #[serde(default)]
    end: Option<usize>,
}

impl TryFrom<RawHit> for Hit {
    type Error = Problem;

    fn try_from(raw: RawHit) -> Result<Hit, Problem> {
        let place = match raw.source {
            Some(Source { start: Some(start), end: Some(end), .. }) if end < start => {
                return Err(Problem::Backwards { start, end });
            }
            Some(Source { path, start: Some(start), end: Some(end) }) => {
                Some(Place { path, span: Span::new(start, end) })
            }
            _ => None,
        };
        let has_all = raw.matched.as_deref() != Some("some");
        let paper = raw.paper.map_or_else(String::new, |paper| paper.id);
        Ok(Hit { passage: raw.passage, paper, has_all, place, text: raw.text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = r#"{"type":"begin","schema":1,"query":{"id":"q1","text":"durand line"}}
{"type":"hit","query":"q1","rank":2,"match":"some","passage":"p/2","source":{"path":"a.pdf","start":null},"text":"b"}
{"type":"hit","query":"q1","rank":1,"score":3.5,"match":"all","passage":"p/1","source":{"path":"a.txt","start":1,"end":4}}
{"type":"weather","query":{}}
{"type":"end","query":"q2","status":"ok","hits":0}
"#;

    #[test]
    fn orders_by_rank_and_keeps_queries_without_a_hit() {
        let hits = Hits::read(STREAM.as_bytes(), "hits.jsonl").unwrap();
        let asked = &hits.queries["q1"];
        assert_eq!(asked.text, "durand line");
        assert_eq!(asked.hits.iter().map(|hit| hit.passage.as_str()).collect::<Vec<_>>(), ["p/1", "p/2"]);
        assert_eq!(asked.hits.iter().map(|hit| hit.has_all).collect::<Vec<_>>(), [true, false]);
        assert_eq!(asked.hits[1].place, None);
        assert!(hits.queries["q2"].hits.is_empty());
        assert_eq!(hits.to_run("mine").ranking("q1")[0].document, "p/1");
    }

    #[test]
    fn papers_are_judged_where_records_were_cut() {
        let lines = r#"{"type":"hit","query":"q1","rank":1,"passage":"d1/p/1","paper":{"id":"d1","title":null}}
{"type":"hit","query":"q1","rank":2,"passage":"d2/p/1","paper":{"id":"d2"}}
{"type":"hit","query":"q1","rank":3,"passage":"d1/p/2","paper":{"id":"d1"}}
"#;
        let hits = Hits::read(lines.as_bytes(), "hits.jsonl").unwrap();
        let qrels = |text: &'static str| Qrels::read(text.as_bytes(), "qrels.txt").unwrap();
        assert_eq!(hits.unit_of(&qrels("q1 0 d2 1")), Unit::Paper);
        assert_eq!(hits.unit_of(&qrels("q1 0 d1/p/2 1")), Unit::Passage);
        assert_eq!(hits.unit_of(&qrels("q1 0 d9 1")), Unit::Passage);
        let run = hits.to_run_of_papers("mine");
        assert_eq!(run.ranking("q1").iter().map(|scored| scored.document.as_str()).collect::<Vec<_>>(), ["d1", "d2"]);
    }

    #[test]
    fn says_which_line_is_wrong() {
        let check = |line: &str, expected: &str| {
            let error = Hits::read(line.as_bytes(), "hits.jsonl").expect_err("no hits").to_string();
            assert!(error.starts_with("hits.jsonl:1: ") && error.contains(expected), "{error}");
        };
        check(r#"{"type":"hit","query":"q1","rank":1}"#, "missing field `passage`");
        check("{", "EOF");
        check(
            r#"{"type":"hit","query":"q","rank":1,"passage":"p","source":{"path":"a","start":4,"end":1}}"#,
            "the span ends at 1, before its start at 4",
        );
    }
}
