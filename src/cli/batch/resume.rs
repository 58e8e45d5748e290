//! Going on where an interrupted batch has stopped: which rows its output answers, and how far it is whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use polisearch::eval::queries::Row;
use polisearch::output::Format;
use serde::Deserialize;

use super::answer::id_in;
use super::input::Rows;
use crate::cli::failure::Failure;

/// What an interrupted batch has left to do.
pub struct Left<'i> {
    /// How far its output is whole.
    pub n_bytes: u64,
    /// How many rows are answered in it.
    pub n_done: usize,
    pub rows: Rows<'i>,
}

/// Walks through the output and the rows together; of a file that is not there, all is left to do.
///
/// JSON Lines tell the end of each answer. In the other formats the last answer may be cut short, so it
/// is left to do again.
pub fn left<'i>(path: &Path, format: Format, rows: Rows<'i>) -> Result<Left<'i>, Failure> {
    if !matches!(format, Format::Json | Format::Csv | Format::Trec) {
        return Err(Failure::usage("--resume needs --format json, csv or trec"));
    }
    let walk = Walk { path, format, n_rows: 0, row: None, rows };
    match File::open(path) {
        Ok(file) if format == Format::Json => walk.over_json(BufReader::new(file)),
        Ok(file) if format == Format::Csv => walk.over_csv(BufReader::new(file)),
        Ok(file) => walk.over_trec(BufReader::new(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(walk.end(0)),
        Err(error) => Err(walk.failed(&error)),
    }
}

struct Walk<'i, 'p> {
    path: &'p Path,
    format: Format,
    /// Rows taken so far.
    n_rows: usize,
    /// The last of them, while its answer may be cut short.
    row: Option<Row>,
    rows: Rows<'i>,
}

impl<'i> Walk<'i, '_> {
    fn failed(&self, error: &io::Error) -> Failure {
        Failure::usage(format!("{}: {error}", self.path.display()))
    }

    /// Takes rows up to the next one with an id.
    fn take(&mut self, id: &str) -> Result<(), Failure> {
        for row in self.rows.by_ref() {
            self.n_rows += 1;
            if id_in(self.format, &row.id) == id {
                self.row = Some(row);
                return Ok(());
            }
        }
        let others = format!("{} answers other queries than these: no `{id}` where it is", self.path.display());
        Err(Failure::usage(others).hint("name the same queries, or another file"))
    }

    /// Leaves the rows not taken, and the last one unless it is known to be answered.
    fn end(self, n_bytes: u64) -> Left<'i> {
        match self.row {
            Some(row) => {
                Left { n_bytes, n_done: self.n_rows - 1, rows: Box::new(std::iter::once(row).chain(self.rows)) }
            }
            None => Left { n_bytes, n_done: self.n_rows, rows: self.rows },
        }
    }

    fn over_json(mut self, mut reader: impl BufRead) -> Result<Left<'i>, Failure> {
        #[derive(Deserialize)]
        struct End {
            query: String,
        }
        let (mut at, mut end) = (0, 0);
        let mut line = Vec::new();
        loop {
            line.clear();
            at += reader.read_until(b'\n', &mut line).map_err(|error| self.failed(&error))? as u64;
            if line.is_empty() {
                return Ok(self.end(end));
            }
            if line.starts_with(b"{\"type\":\"end\"")
                && line.ends_with(b"\n")
                && let Ok(answered) = serde_json::from_slice::<End>(&line)
            {
                self.take(&answered.query)?;
                self.row = None;
                end = at;
            }
        }
    }

    fn over_trec(mut self, mut reader: impl BufRead) -> Result<Left<'i>, Failure> {
        let (mut at, mut end) = (0, 0);
        let (mut line, mut last) = (Vec::new(), Vec::new());
        loop {
            line.clear();
            let n = reader.read_until(b'\n', &mut line).map_err(|error| self.failed(&error))? as u64;
            let id = line.split(|&byte| byte == b' ').next().unwrap_or_default();
            // A line without its end may be cut within the id: it is gone, and so is its query's answer.
            if n == 0 || !line.ends_with(b"\n") {
                return Ok(self.end(end));
            }
            if id != last {
                self.take(&String::from_utf8_lossy(id))?;
                end = at;
                last = id.to_vec();
            }
            at += n;
        }
    }

    fn over_csv(mut self, reader: impl BufRead) -> Result<Left<'i>, Failure> {
        let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
        let (mut end, mut last) = (0, None);
        let mut record = csv::StringRecord::new();
        while csv.read_record(&mut record).map_err(|error| self.failed(&error.into()))? {
            let whole = record.len() == csv.headers().map_or(0, csv::StringRecord::len);
            let id = record.get(0).map(str::to_owned);
            if !whole {
                break;
            }
            if id != last {
                self.take(id.as_deref().unwrap_or_default())?;
                end = record.position().map_or(end, csv::Position::byte);
                last = id;
            }
        }
        // The reader takes the second half of a CRLF for the beginning of the next record.
        let half = byte_at(self.path, end).map_err(|error| self.failed(&error))? == Some(b'\n');
        Ok(self.end(end + u64::from(half)))
    }
}

fn byte_at(path: &Path, at: u64) -> io::Result<Option<u8>> {
    let mut file = File::open(path)?;
    file.seek(io::SeekFrom::Start(at))?;
    let mut byte = [0];
    Ok((file.read(&mut byte)? == 1).then_some(byte[0]))
}

/// Returns how many bytes the first lines of a file have.
pub fn n_bytes_of_lines(path: &Path, n_lines: usize) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut n_bytes = 0;
    let mut line = Vec::new();
    for _ in 0..n_lines {
        line.clear();
        n_bytes += reader.read_until(b'\n', &mut line)? as u64;
    }
    Ok(n_bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const IDS: [&str; 5] = ["a", "b", "a", "c d", "e"];

    /// Says what is left to do after `written`: the whole part, and the rows.
    fn check(format: Format, written: &str, whole: &str, expected: &[&str]) {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(written.as_bytes()).expect("writable");
        let row = |id: &str| Row { line: 1, id: id.to_owned(), text: Ok("x".to_owned()) };
        let rows: Rows = Box::new(IDS.into_iter().map(row));
        let left = left(file.path(), format, rows).unwrap_or_else(|_| panic!("{written:?} is an output"));
        assert_eq!(&written[..left.n_bytes as usize], whole);
        let ids: Vec<String> = left.rows.map(|row| row.id).collect();
        assert_eq!(ids, expected);
        assert_eq!(left.n_done + ids.len(), IDS.len());
    }

    #[test]
    fn json_goes_on_behind_the_last_end() {
        let end = |id: &str| format!("{{\"type\":\"end\",\"query\":\"{id}\",\"status\":\"ok\"}}\n");
        let whole = format!("{{\"type\":\"begin\"}}\n{}{}{}", end("a"), end("b"), end("a"));
        check(Format::Json, &format!("{whole}{{\"type\":\"begin\"}}\n{{\"ty"), &whole, &["c d", "e"]);
        check(Format::Json, &whole, &whole, &["c d", "e"]);
        check(Format::Json, end("a").trim_end(), "", &IDS);
        check(Format::Json, "", "", &IDS);
    }

    #[test]
    fn trec_does_the_last_answer_again() {
        let whole = "b Q0 p 1 2 t\na Q0 p 1 2 t\na Q0 q 2 1 t\n";
        check(Format::Trec, &format!("{whole}c_d Q0 p 1 2 t\nc_d Q0 q"), whole, &["c d", "e"]);
        check(Format::Trec, &format!("{whole}c_"), "b Q0 p 1 2 t\n", &["a", "c d", "e"]);
    }

    #[test]
    fn csv_does_the_last_answer_again() {
        let whole = "id,text\r\nb,\"x\r\ny\"\r\n";
        check(Format::Csv, &format!("{whole}c d,x\r\nc d,\"x\r"), whole, &["c d", "e"]);
        check(Format::Csv, "id,te", "", &IDS);
    }

    #[test]
    fn other_queries_are_told() {
        let rows: Rows = Box::new(std::iter::empty());
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(b"b Q0 p 1 2 t\n").expect("writable");
        assert!(left(file.path(), Format::Trec, rows).is_err());
    }
}
