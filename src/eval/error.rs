//! What can be wrong with judgements, runs and sheets, and in which line.

use std::io;

/// A file of judgements or results that cannot be used, and where it went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{file}: cannot be read after line {after}")]
    Read { file: String, after: usize, source: io::Error },

    #[error("{file}:{line}: {problem}")]
    Line { file: String, line: usize, problem: Problem },

    #[error("no measure is called `{name}`; there are {known}")]
    Measure { name: String, known: &'static str },
}

/// What is wrong with one line; each message says what would be right.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    #[error("{found} columns, where `{wanted}` has {}", .wanted.split_whitespace().count())]
    Columns { found: usize, wanted: &'static str },

    #[error("{column} is `{found}`, not {wanted}")]
    Value { column: &'static str, found: String, wanted: &'static str },

    #[error("document {document} stands twice under query {query}: keep one of the two lines")]
    Duplicate { query: String, document: String },

    #[error("the span ends at {end}, before its start at {start}")]
    Backwards { start: usize, end: usize },

    #[error("not UTF-8 from byte {at} of the line: convert the file to UTF-8")]
    NotUtf8 { at: usize },

    #[error("not an object of JSON Lines with the fields that are needed: {0}")]
    Json(String),

    #[error("no column called {0} in the header")]
    NoColumn(&'static str),

    #[error("not a row of CSV: {0}")]
    Csv(String),
}
