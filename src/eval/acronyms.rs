//! Scoring of acronyms mined from texts against those that people marked.

use std::collections::BTreeSet;
use std::io::BufRead;

use serde::Deserialize;

use super::error::{Error, Problem};
use super::lines;

/// A short form with its long form, in one document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub document: String,
    pub short: String,
    pub long: String,
}

impl Pair {
    /// Returns a pair with the white space of both forms as single spaces: where a line ended is
    /// nobody's finding.
    pub fn new(document: &str, short: &str, long: &str) -> Pair {
        let flat = |form: &str| form.split_whitespace().collect::<Vec<_>>().join(" ");
        Pair { document: document.to_string(), short: flat(short), long: flat(long) }
    }
}

/// A document with the pairs that people marked in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub id: String,
    pub text: String,
    pub pairs: Vec<Pair>,
}

/// Reads marked documents, `{"id", "text", "pairs": [[short, long], ..]}` a line.
pub fn read_marked(reader: impl BufRead, file: &str) -> Result<Vec<Marked>, Error> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
        text: String,
        pairs: Vec<(String, String)>,
    }
    let mut documents = Vec::new();
    lines::for_each(reader, file, |line| {
        let Line { id, text, pairs } = serde_json::from_str(line).map_err(|error| Problem::Json(error.to_string()))?;
        let pairs = pairs.iter().map(|(short, long)| Pair::new(&id, short, long)).collect();
        documents.push(Marked { id, text, pairs });
        Ok(())
    })?;
    Ok(documents)
}

/// What was found, set against what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub n_found: usize,
    pub n_gold: usize,
    pub n_right: usize,
    /// Pairs that were found and are not there, in order.
    pub wrong: Vec<Pair>,
    /// Pairs that are there and were not found, in order.
    pub missed: Vec<Pair>,
}

impl Agreement {
    /// Compares two sets of pairs; a pair that stands twice in a document counts once.
    ///
    /// ```
    /// use polisearch::eval::{Agreement, Pair};
    /// let found = [Pair::new("d", "TTP", "Tehrik-i-Taliban\nPakistan"), Pair::new("d", "US", "us")];
    /// let agreement = Agreement::new(found, [Pair::new("d", "TTP", "Tehrik-i-Taliban Pakistan")]);
    /// assert_eq!((agreement.precision(), agreement.recall()), (0.5, 1.0));
    /// ```
    pub fn new(found: impl IntoIterator<Item = Pair>, gold: impl IntoIterator<Item = Pair>) -> Agreement {
        let found: BTreeSet<Pair> = found.into_iter().collect();
        let gold: BTreeSet<Pair> = gold.into_iter().collect();
        Agreement {
            n_found: found.len(),
            n_gold: gold.len(),
            n_right: found.intersection(&gold).count(),
            wrong: found.difference(&gold).cloned().collect(),
            missed: gold.difference(&found).cloned().collect(),
        }
    }

    /// Returns the share of what was found that is right; 1 when nothing was found.
    pub fn precision(&self) -> f64 {
        share(self.n_right, self.n_found)
    }

    /// Returns the share of what there is that was found; 1 when there is nothing.
    pub fn recall(&self) -> f64 {
        share(self.n_right, self.n_gold)
    }

    /// Returns the harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        share(2 * self.n_right, self.n_found + self.n_gold)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole > 0 { part as f64 / whole as f64 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: &[&str], gold: &[&str], precision: f64, recall: f64, f1: f64) {
        let pairs = |shorts: &[&str]| shorts.iter().map(|short| Pair::new("d", short, "long")).collect::<Vec<_>>();
        let agreement = Agreement::new(pairs(found), pairs(gold));
        assert_eq!((agreement.precision(), agreement.recall(), agreement.f1()), (precision, recall, f1));
    }

    #[test]
    fn counts_each_pair_once() {
        check(&["A", "A", "B"], &["A", "C", "D", "D"], 0.5, 1.0 / 3.0, 0.4);
    }

    #[test]
    fn nothing_sought_and_nothing_found_is_right() {
        check(&[], &[], 1.0, 1.0, 1.0);
        check(&[], &["A"], 1.0, 0.0, 0.0);
    }

    #[test]
    fn a_pair_belongs_to_its_document() {
        let agreement = Agreement::new([Pair::new("d1", "A", "a")], [Pair::new("d2", "A", "a")]);
        assert_eq!(agreement.wrong[0].document, "d1");
        assert_eq!(agreement.missed[0].document, "d2");
    }

    #[test]
    fn reads_marked_documents() {
        let line = r#"{"id":"7","text":"heavy metal (HM)","pairs":[["HM","heavy  metal"]]}"#;
        let documents = read_marked(line.as_bytes(), "gold.jsonl").unwrap();
        assert_eq!(documents[0].pairs, [Pair::new("7", "HM", "heavy metal")]);
        let error = read_marked(&b"{}"[..], "gold.jsonl").expect_err("no id").to_string();
        assert!(error.starts_with("gold.jsonl:1: ") && error.contains("missing field `id`"), "{error}");
    }
}
