//! Hits as `search` and `batch` write them in JSON Lines.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Deserialize;

use super::error::{Error, Problem};
use super::lines;
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
        let passages = |asked: &Asked| asked.hits.iter().map(|hit| hit.passage.clone()).collect();
        Run::from_rankings(name, self.queries.iter().map(|(query, asked)| (query.clone(), passages(asked))).collect())
    }
}

/// Ids alone: hits without place and text.
impl From<&Run> for Hits {
    fn from(run: &Run) -> Hits {
        let hit = |passage: &str| Hit { passage: passage.to_string(), has_all: true, place: None, text: String::new() };
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
    #[serde(default, rename = "match")]
    matched: Option<String>,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    text: String,
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
        Ok(Hit { passage: raw.passage, has_all, place, text: raw.text })
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
