//! Going on where an interrupted batch has stopped: what of its output is whole.

use std::io::{BufRead, BufReader};
use std::path::Path;

use polisearch::eval::queries::Row;
use polisearch::output::Format;

use super::failure::Failure;

/// The whole part of an interrupted output.
pub struct Whole {
    /// Where it ends.
    pub n_bytes: u64,
    answered: Answered,
}

enum Answered {
    /// So many rows, each with its end told.
    Rows(usize),
    /// All rows before the one with this id, whose answer may be cut short.
    Before(Option<String>),
}

impl Whole {
    /// Returns how many rows of the queries are answered.
    pub fn n_rows(&self, mut rows: impl Iterator<Item = Row>) -> usize {
        match &self.answered {
            Answered::Rows(n) => *n,
            Answered::Before(None) => 0,
            Answered::Before(Some(id)) => rows.position(|row| row.id == *id).unwrap_or(0),
        }
    }
}

/// Finds the whole part of what an interrupted batch has written; of a file that is not there, nothing.
pub fn whole_part(path: &Path, format: Format) -> Result<Whole, Failure> {
    if !matches!(format, Format::Json | Format::Csv | Format::Trec) {
        return Err(Failure::usage("--resume needs --format json, csv or trec"));
    }
    let Ok(file) = std::fs::File::open(path) else {
        return Ok(Whole { n_bytes: 0, answered: Answered::Rows(0) });
    };
    let failed = |error: std::io::Error| Failure::usage(format!("{}: {error}", path.display()));
    if format == Format::Csv {
        return csv_part(path, file);
    }
    let mut reader = BufReader::new(file);
    let (mut at, mut end, mut n_rows) = (0, 0, 0);
    let mut last: Option<String> = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        let n = reader.read_until(b'\n', &mut line).map_err(failed)?;
        if n == 0 {
            break;
        }
        if format == Format::Json {
            at += n as u64;
            if line.starts_with(b"{\"type\":\"end\"") && line.ends_with(b"}\n") {
                (end, n_rows) = (at, n_rows + 1);
            }
        } else {
            let id = String::from_utf8_lossy(line.split(|&byte| byte == b' ').next().unwrap_or_default()).into_owned();
            if last.as_ref() != Some(&id) {
                end = at;
                last = Some(id);
            }
            at += n as u64;
        }
    }
    let answered = if format == Format::Json { Answered::Rows(n_rows) } else { Answered::Before(last) };
    Ok(Whole { n_bytes: end, answered })
}

fn csv_part(path: &Path, file: std::fs::File) -> Result<Whole, Failure> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(file));
    let (mut end, mut last) = (0, None);
    let headers = reader.headers().map(|headers| headers.len()).unwrap_or(0);
    for record in reader.records() {
        let record = record.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        let id = record.get(0).map(str::to_owned);
        if id != last && headers > 0 {
            end = record.position().map_or(end, csv::Position::byte);
            last = id;
        }
    }
    Ok(Whole { n_bytes: end, answered: Answered::Before(last) })
}
