//! Results to an `io::Write`: for people, JSON Lines, CSV, TREC, Markdown, vimgrep, plain lines.
//!
//! The shapes of the JSON objects are what scripts rely on: fields are added and never renamed.

pub mod cite;
mod human;
mod json;
mod lines;
pub mod memo;
mod origins;

use std::io::{self, Write};

pub use human::{Colors, Style, passage as write_passage};
pub use json::{IndexInfo, passage as passage_object};
pub use origins::{Checked, Verdict, check_object, origin_object, write_check, write_origin};

use crate::search::Results;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Human,
    Plain,
    Json,
    Csv,
    Trec,
    Markdown,
    Vimgrep,
}

impl Format {
    /// Tells whether it says how many passages answer, and what else was searched for.
    pub fn tells_summary(self) -> bool {
        matches!(self, Format::Human | Format::Json)
    }
}

/// A query as results name it.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub id: &'a str,
    pub text: &'a str,
    /// What else was searched for: from, to, why.
    pub expanded: &'a [Expanded],
}

/// A form that was searched for although nobody typed it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Expanded {
    pub from: String,
    pub to: String,
    pub why: String,
}

/// Writes what begins a stream of a format: the header row of CSV.
pub fn begin(out: &mut impl Write, format: Format) -> io::Result<()> {
    if format == Format::Csv { lines::csv_header(out) } else { Ok(()) }
}

/// Writes results, query after query.
pub struct Writer<W: Write> {
    out: W,
    format: Format,
    style: Style,
    index: IndexInfo,
    tag: String,
}

impl<W: Write> Writer<W> {
    /// Returns a writer and begins its stream; `tag` names the run in TREC output.
    pub fn new(mut out: W, format: Format, style: Style, index: IndexInfo, tag: String) -> io::Result<Self> {
        begin(&mut out, format)?;
        Ok(Writer::going_on(out, format, style, index, tag))
    }

    /// Returns a writer that goes on with a stream.
    pub fn going_on(out: W, format: Format, style: Style, index: IndexInfo, tag: String) -> Self {
        Writer { out, format, style, index, tag }
    }

    /// Returns what is written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// Writes the answer to a query.
    pub fn results(&mut self, asked: &Asked<'_>, results: &Results) -> io::Result<()> {
        let out = &mut self.out;
        match self.format {
            Format::Human => human::results(out, &self.style, asked, results),
            Format::Json => json::results(out, asked, results, &self.index),
            Format::Csv => lines::csv(out, asked, results),
            Format::Trec => lines::trec(out, asked, results, &self.tag),
            Format::Plain => lines::plain(out, results),
            Format::Markdown => lines::markdown(out, asked, results),
            Format::Vimgrep => lines::vimgrep(out, results),
        }
    }

    /// Writes that a query failed; formats without a place for it leave it to the caller.
    pub fn failure(&mut self, id: &str, kind: &str, message: &str) -> io::Result<()> {
        match self.format {
            Format::Json => json::failure(&mut self.out, id, kind, message),
            _ => Ok(()),
        }
    }

    /// Hands over what is buffered.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
