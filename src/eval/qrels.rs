//! Judgements by document: which documents answer which query, and how well.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use super::error::{Error, Problem};
use super::hits::Hit;
use super::lines;

/// The judged documents of one query with their grades: 1 and more is relevant, 0 is not, and less
/// than 0 is kept out of the judged ones, as trec_eval does.
pub type Grades = BTreeMap<String, i64>;

/// Judgements of documents, by query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Qrels {
    pub queries: BTreeMap<String, Grades>,
}

impl Qrels {
    /// Reads TREC qrels, `query 0 document grade`, or BEIR's, `query<TAB>document<TAB>grade` under
    /// a header.
    ///
    /// ```
    /// use polisearch::eval::Qrels;
    /// let trec = Qrels::read(&b"q1 0 d7 2\n"[..], "qrels.txt").unwrap();
    /// let beir = Qrels::read(&b"query-id\tcorpus-id\tscore\nq1\td7\t2\n"[..], "test.tsv").unwrap();
    /// assert_eq!(trec, beir);
    /// assert_eq!(trec.queries["q1"]["d7"], 2);
    /// ```
    pub fn read(reader: impl BufRead, file: &str) -> Result<Qrels, Error> {
        let mut qrels = Qrels::default();
        let mut first = true;
        lines::for_each(reader, file, |line| {
            let header = std::mem::take(&mut first) && line.starts_with("query-id\t");
            if header { Ok(()) } else { qrels.read_line(line) }
        })?;
        Ok(qrels)
    }

    fn read_line(&mut self, line: &str) -> Result<(), Problem> {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (query, document, grade) = match columns[..] {
            [query, _, document, grade] | [query, document, grade] => (query, document, grade),
            _ => return Err(Problem::Columns { found: columns.len(), wanted: "query 0 document grade" }),
        };
        let grade = lines::value("grade", grade, "a whole number")?;
        let grades = self.queries.entry(query.to_string()).or_default();
        if grades.insert(document.to_string(), grade).is_some() {
            return Err(Problem::Duplicate { query: query.to_string(), document: document.to_string() });
        }
        Ok(())
    }

    /// Tells whether a hit was judged for a query, by its passage id.
    pub fn judges(&self, query: &str, hit: &Hit) -> bool {
        self.queries.get(query).is_some_and(|grades| grades.contains_key(&hit.passage))
    }

    /// Writes TREC qrels, ordered by query and document.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (query, grades) in &self.queries {
            for (document, grade) in grades {
                writeln!(out, "{query} 0 {document} {grade}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_error(text: &[u8], expected: &str) {
        let error = Qrels::read(text, "qrels.txt").expect_err("this is no qrels file");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn takes_windows_line_ends_blank_lines_and_a_byte_order_mark() {
        let qrels = Qrels::read("\u{feff}q1\t0\td1\t1\r\n\r\nq1 0 d2 -1".as_bytes(), "qrels.txt").unwrap();
        let mut written = Vec::new();
        qrels.write(&mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "q1 0 d1 1\nq1 0 d2 -1\n");
    }

    #[test]
    fn says_which_line_is_wrong_and_what_would_be_right() {
        check_error(b"q1 0 d1 1\nq1 0\n", "qrels.txt:2: 2 columns, where `query 0 document grade` has 4");
        check_error(b"\nq1 0 d1 high\n", "qrels.txt:2: grade is `high`, not a whole number");
        check_error(
            b"q1 0 d1 1\nq1 0 d1 2\n",
            "qrels.txt:2: document d1 stands twice under query q1: keep one of the two lines",
        );
        check_error(b"q1 0 \xff 1", "qrels.txt:1: not UTF-8 from byte 5 of the line: convert the file to UTF-8");
    }
}
