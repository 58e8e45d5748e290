//! Runs: what a system returned for each query, best first.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;

use super::error::{Error, Problem};
use super::lines;

/// A document that a run returned, with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub document: String,
    /// Never NaN.
    pub score: f64,
}

/// What one system returned for a set of queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    pub name: String,
    /// Ranked documents by query. No document stands twice under one query.
    queries: BTreeMap<String, Vec<Scored>>,
}

impl Run {
    /// Reads a TREC run, `query Q0 document rank score tag`, and names it by the tag of its first
    /// line.
    ///
    /// As in trec_eval, the score makes the order and the rank column is not looked at.
    ///
    /// ```
    /// use polisearch::eval::Run;
    /// let run = Run::read(&b"q1 Q0 d1 1 0.5 mine\nq1 Q0 d2 2 0.9 mine\n"[..], "run.txt").unwrap();
    /// assert_eq!(run.name, "mine");
    /// assert_eq!(run.ranking("q1")[0].document, "d2");
    /// ```
    pub fn read(reader: impl BufRead, file: &str) -> Result<Run, Error> {
        let mut run = Run::default();
        let mut seen = HashSet::new();
        lines::for_each(reader, file, |line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let [query, _, document, _, score, tag] = columns[..] else {
                let wanted = "query Q0 document rank score tag";
                return Err(Problem::Columns { found: columns.len(), wanted });
            };
            let number: f64 = lines::value("score", score, "a number")?;
            if number.is_nan() {
                return Err(Problem::Value { column: "score", found: score.to_string(), wanted: "a number" });
            }
            if !seen.insert((query.to_string(), document.to_string())) {
                return Err(Problem::Duplicate { query: query.to_string(), document: document.to_string() });
            }
            if run.name.is_empty() {
                run.name = tag.to_string();
            }
            let scored = Scored { document: document.to_string(), score: number };
            run.queries.entry(query.to_string()).or_default().push(scored);
            Ok(())
        })?;
        run.sort();
        Ok(run)
    }

    /// Returns a run made of rankings that are in order already, with scores that say so.
    ///
    /// A document that stands twice under a query keeps its first place.
    pub fn from_rankings(name: &str, rankings: BTreeMap<String, Vec<String>>) -> Run {
        let rank = |documents: Vec<String>| {
            let mut seen = HashSet::new();
            let fresh = documents.into_iter().filter(|document| seen.insert(document.clone()));
            fresh.zip(1..).map(|(document, rank)| Scored { document, score: -f64::from(rank) }).collect()
        };
        let queries = rankings.into_iter().map(|(query, documents)| (query, rank(documents))).collect();
        Run { name: name.to_string(), queries }
    }

    /// Returns what the run holds for a query, best first; nothing for a query it does not hold.
    pub fn ranking(&self, query: &str) -> &[Scored] {
        self.queries.get(query).map_or(&[], Vec::as_slice)
    }

    /// Returns the queries that the run holds, in order of their ids.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.queries.keys().map(String::as_str)
    }

    /// Tells whether the run holds a query.
    pub fn holds(&self, query: &str) -> bool {
        self.queries.contains_key(query)
    }

    fn sort(&mut self) {
        for ranking in self.queries.values_mut() {
            ranking.sort_by(trec_order);
        }
    }
}

/// Orders by score, highest first, and then by document id, last first.
///
/// That is trec_eval's order, which also keeps scores as 32-bit floats: two that differ in the
/// eighth digit only are a tie there, so they are one here.
fn trec_order(a: &Scored, b: &Scored) -> Ordering {
    let by_score = (b.score as f32).partial_cmp(&(a.score as f32)).expect("a score is never NaN");
    by_score.then_with(|| b.document.cmp(&a.document))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_order(text: &str, expected: &[&str]) {
        let run = Run::read(text.as_bytes(), "run.txt").unwrap();
        let documents: Vec<&str> = run.ranking("q").iter().map(|scored| scored.document.as_str()).collect();
        assert_eq!(documents, expected);
    }

    fn check_error(text: &str, expected: &str) {
        let error = Run::read(text.as_bytes(), "run.txt").expect_err("this is no run");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn orders_by_score_and_then_by_id_backwards() {
        check_order("q Q0 a 1 1 t\nq Q0 c 2 2 t\nq Q0 b 3 1e0 t\n", &["c", "b", "a"]);
    }

    #[test]
    fn ties_scores_that_are_one_as_32_bit_floats() {
        check_order("q Q0 a 1 1.00000001 t\nq Q0 b 2 1 t\n", &["b", "a"]);
    }

    #[test]
    fn ties_zero_with_minus_zero() {
        check_order("q Q0 a 1 0 t\nq Q0 b 2 -0 t\n", &["b", "a"]);
    }

    #[test]
    fn says_which_line_is_wrong() {
        check_error("q Q0 d 1 2", "run.txt:1: 5 columns, where `query Q0 document rank score tag` has 6");
        check_error("q Q0 d 1 x t", "run.txt:1: score is `x`, not a number");
        check_error("q Q0 d 1 nan t", "run.txt:1: score is `nan`, not a number");
        let twice = "run.txt:2: document d stands twice under query q: keep one of the two lines";
        check_error("q Q0 d 1 2 t\nq Q0 d 2 1 t", twice);
    }

    #[test]
    fn keeps_the_first_place_of_a_document() {
        let documents = ["b", "a", "b"].map(String::from).to_vec();
        let run = Run::from_rankings("r", BTreeMap::from([("q".to_string(), documents)]));
        let scores: Vec<f64> = run.ranking("q").iter().map(|scored| scored.score).collect();
        assert_eq!(scores, [-1.0, -2.0]);
    }
}
