//! Tables of queries: CSV that goes on after every slip.

use std::io::BufRead;

use super::source::{Line, Lines};
use super::{HeaderError, LONGEST_ROW, Parsed, RowError, named};

/// The columns that are taken for the id and the text of a query when nobody names them.
const ID_COLUMNS: [&str; 4] = ["id", "_id", "query_id", "qid"];
const TEXT_COLUMNS: [&str; 2] = ["text", "query"];

/// Where the columns of a CSV file are.
#[derive(Debug)]
pub(super) struct Header {
    delimiter: char,
    n_columns: usize,
    id: Option<usize>,
    text: usize,
}

impl Header {
    pub(super) fn read(lines: &mut Lines<impl BufRead>, column: Option<String>) -> Result<Header, HeaderError> {
        let line = lines.next().ok_or(HeaderError::Empty)?.text?;
        // Spreadsheets write semicolons where the comma is the decimal mark. The last of equals wins.
        let delimiter = ['\t', ';', ','].into_iter().max_by_key(|&mark| line.matches(mark).count());
        let delimiter = delimiter.expect("one of three is the greatest");
        let names = record(lines, &line, delimiter)?;
        let names: Vec<String> = names.into_iter().map(|name| name.trim().to_string()).collect();
        let find = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let text = match &column {
            Some(wanted) => find(wanted),
            None => TEXT_COLUMNS.into_iter().find_map(find).or((names.len() == 1).then_some(0)),
        };
        let id = ID_COLUMNS.into_iter().find_map(find).filter(|&id| Some(id) != text);
        match text {
            Some(text) => Ok(Header { delimiter, n_columns: names.len(), id, text }),
            None => {
                let wanted = column.unwrap_or_else(|| TEXT_COLUMNS.join("` or `"));
                Err(HeaderError::NoColumn { wanted, found: names })
            }
        }
    }

    pub(super) fn pick(&self, lines: &mut Lines<impl BufRead>, row: &str) -> Parsed {
        if row.trim().is_empty() {
            return (None, Err(RowError::Empty));
        }
        let mut fields = match record(lines, row, self.delimiter) {
            Ok(fields) => fields,
            Err(error) => return (None, Err(error)),
        };
        let id = self.id.and_then(|id| named(fields.get(id)?));
        // A comma too many means that the text was cut: better told than searched.
        if fields.len() != self.n_columns {
            return (id, Err(RowError::Columns { found: fields.len(), wanted: self.n_columns }));
        }
        (id, Ok(fields.swap_remove(self.text)))
    }
}

/// Returns the fields of the record that begins with `first`, taking further lines while a quoted
/// field is open.
///
/// When no line closes it properly, the quotation mark was a slip: `first` alone is refused, and
/// the lines that were taken are rows again.
fn record(lines: &mut Lines<impl BufRead>, first: &str, delimiter: char) -> Result<Vec<String>, RowError> {
    let mut record = Record::default();
    let mut n_bytes = first.len();
    let mut taken = Vec::new();
    let mut outcome = record.take(first, delimiter);
    while outcome.is_ok() && record.open.is_some() {
        match lines.next() {
            Some(Line { number, text: Ok(text) }) if n_bytes + text.len() < LONGEST_ROW => {
                n_bytes += text.len();
                outcome = record.take(&text, delimiter);
                taken.push(Line { number, text: Ok(text) });
            }
            other => {
                taken.extend(other);
                outcome = Err(RowError::Quotes);
            }
        }
    }
    if outcome.is_err() {
        lines.put_back(taken);
    }
    outcome.map(|()| record.fields)
}

/// A record of CSV as it grows line by line.
#[derive(Default)]
struct Record {
    fields: Vec<String>,
    /// The quoted field that goes on behind the line's end, as far as it was read.
    open: Option<String>,
}

impl Record {
    /// Adds the fields of a line; a quotation mark inside an unquoted field is what it is, as in
    /// `5" gun`.
    fn take(&mut self, line: &str, delimiter: char) -> Result<(), RowError> {
        let mut rest = line;
        if let Some(field) = &mut self.open {
            field.push('\n');
        }
        loop {
            if self.open.is_none() && !rest.starts_with('"') {
                let (field, after) =
                    rest.split_once(delimiter).map_or((rest, None), |(field, rest)| (field, Some(rest)));
                self.fields.push(field.to_string());
                match after {
                    Some(after) => rest = after,
                    None => return Ok(()),
                }
                continue;
            }
            let field = self.open.get_or_insert_with(|| {
                rest = &rest[1..];
                String::new()
            });
            let Some(after) = take_quoted(field, rest) else { return Ok(()) };
            self.fields.extend(self.open.take());
            match after.strip_prefix(delimiter) {
                Some(after) => rest = after,
                None if after.is_empty() => return Ok(()),
                None => return Err(RowError::Quotes),
            }
        }
    }
}

/// Adds the inside of a quoted field to `field`, where `""` is one mark, and returns what follows
/// the closing mark, if the line holds it.
fn take_quoted<'a>(field: &mut String, line: &'a str) -> Option<&'a str> {
    let mut rest = line;
    loop {
        let Some((part, after)) = rest.split_once('"') else {
            field.push_str(rest);
            return None;
        };
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => rest = after,
            None => return Some(after),
        }
        field.push('"');
    }
}
