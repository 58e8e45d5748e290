//! What kind of judgements or results a file holds, told by its first line.

use std::io::{BufRead, Read};

use super::error::Error;
use super::hits::Hits;
use super::qrels::Qrels;
use super::run::Run;
use super::spans::{self, Judgement};

/// Judgements of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgements {
    Documents(Qrels),
    Spans(Vec<Judgement>),
}

impl Judgements {
    /// Reads TREC or BEIR qrels, or judged spans: rows of five columns or more between tabs.
    ///
    /// ```
    /// use polisearch::eval::Judgements;
    /// let read = |file: &'static str| Judgements::read(file.as_bytes(), "judged").unwrap();
    /// assert!(matches!(read("q1 0 d7 2\n"), Judgements::Documents(_)));
    /// assert!(matches!(read("q1\ta.txt\t5\t9\t2\tits words\n"), Judgements::Spans(_)));
    /// ```
    pub fn read(reader: impl BufRead, file: &str) -> Result<Judgements, Error> {
        let (first, reader) = first_line(reader, file)?;
        if first.iter().filter(|&&byte| byte == b'\t').count() >= 4 {
            spans::read_judgements(reader, file).map(Judgements::Spans)
        } else {
            Qrels::read(reader, file).map(Judgements::Documents)
        }
    }
}

/// Results of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Answers {
    Run(Run),
    Hits(Hits),
}

impl Answers {
    /// Reads a TREC run, or hits in JSON Lines.
    pub fn read(reader: impl BufRead, file: &str) -> Result<Answers, Error> {
        let (first, reader) = first_line(reader, file)?;
        if first.trim_ascii_start().starts_with(b"{") {
            Hits::read(reader, file).map(Answers::Hits)
        } else {
            Run::read(reader, file).map(Answers::Run)
        }
    }
}

/// Returns the first line of a file, and the file with that line still in it.
fn first_line<R: BufRead>(mut reader: R, file: &str) -> Result<(Vec<u8>, impl BufRead + use<R>), Error> {
    let mut first = Vec::new();
    let outcome = reader.read_until(b'\n', &mut first);
    outcome.map_err(|source| Error::Read { file: file.to_string(), after: 0, source })?;
    let again = std::io::Cursor::new(first.clone());
    Ok((first, again.chain(reader)))
}
