//! Rows of a file of queries, one after the other, whatever is in them.
//!
//! A batch of thousands of queries must not end at the one that somebody pasted from a spreadsheet
//! in another encoding. So a row is either an id and a text, or an id and what is wrong with it,
//! and the next row comes in any case. Memory does not grow with the file.

mod source;
mod table;

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::path::Path;

use source::Lines;
use table::Header;

/// The longest row, in bytes; what is longer is passed over, never held.
pub const LONGEST_ROW: usize = 1 << 20;

/// How a file holds queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A query a line; its number is its id.
    Lines,
    /// `id<TAB>text`.
    Tsv,
    /// RFC 4180 under a header, with commas, semicolons or tabs. The text is in the column of that
    /// name, else in `text`, `query` or the only one there is; ids in `id`, else rows are counted.
    Csv { column: Option<String> },
    /// `{"id": .., "text": ..}` a line; BEIR's `_id` is an id as well, and the text may be in a field of
    /// another name.
    Json { field: Option<String> },
}

impl Form {
    /// Returns the form that a file's name promises; plain lines for a name that promises nothing.
    ///
    /// ```
    /// use polisearch::eval::queries::Form;
    /// assert_eq!(Form::of_path("names.tsv".as_ref()), Form::Tsv);
    /// assert_eq!(Form::of_path("names.txt".as_ref()), Form::Lines);
    /// ```
    pub fn of_path(path: &Path) -> Form {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "tsv" => Form::Tsv,
            "csv" => Form::Csv { column: None },
            "json" | "jsonl" | "ndjson" => Form::Json { field: None },
            _ => Form::Lines,
        }
    }
}

/// A row of a file of queries.
#[derive(Debug)]
pub struct Row {
    /// The line that the row begins in, counted from 1.
    pub line: usize,
    /// The row's own id; its number among the rows when it has none, or none that can be read.
    pub id: String,
    pub text: Result<String, RowError>,
}

/// Why a row holds no query.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    #[error("the row is empty")]
    Empty,
    #[error("not UTF-8 from byte {at} of the row: convert the file to UTF-8")]
    NotUtf8 { at: usize },
    #[error("longer than {LONGEST_ROW} bytes")]
    TooLong,
    #[error("no tab between the id and the text")]
    NoTab,
    #[error("{found} columns under a header of {wanted}")]
    Columns { found: usize, wanted: usize },
    #[error("a quotation mark is not closed, or something follows the closing one")]
    Quotes,
    #[error("not a JSON object with a `text`: {0}")]
    Json(String),
    #[error("no topic is called `{name}`")]
    NoTopic { name: String },
    #[error("the file cannot be read further")]
    Read(#[source] io::Error),
}

impl RowError {
    /// Returns a word for scripts, which stays when messages change.
    pub fn kind(&self) -> &'static str {
        match self {
            RowError::Empty => "empty",
            RowError::NotUtf8 { .. } => "encoding",
            RowError::TooLong => "too long",
            RowError::NoTab | RowError::Columns { .. } => "columns",
            RowError::Quotes => "quotes",
            RowError::Json(_) => "json",
            RowError::NoTopic { .. } => "topic",
            RowError::Read(_) => "io",
        }
    }
}

/// A header that says not where the queries are.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    #[error("no header: the file is empty")]
    Empty,
    #[error("the header cannot be read")]
    Row(#[from] RowError),
    #[error("no column is called `{wanted}`; the header has {}", .found.join(", "))]
    NoColumn { wanted: String, found: Vec<String> },
}

/// Returns the rows of a file of queries, each as it is read.
///
/// Only a header of CSV can be so wrong that there is nothing to run.
///
/// ```
/// use polisearch::eval::queries::{Form, rows};
/// let file = &b"q1\tdurand line\nno tab here\nq3\tAPTTA\n"[..];
/// let rows: Vec<_> = rows(file, Form::Tsv).unwrap().collect();
/// assert_eq!(rows[0].text.as_ref().unwrap(), "durand line");
/// assert_eq!(rows[1].text.as_ref().unwrap_err().to_string(), "no tab between the id and the text");
/// assert_eq!(rows[2].id, "q3");
/// ```
pub fn rows<R: BufRead>(reader: R, form: Form) -> Result<Rows<R>, HeaderError> {
    let mut lines = Lines::new(reader);
    let layout = match form {
        Form::Lines => Layout::Lines,
        Form::Tsv => Layout::Tsv,
        Form::Json { field } => Layout::Json(field.unwrap_or_else(|| "text".to_string())),
        Form::Csv { column } => Layout::Csv(Header::read(&mut lines, column)?),
    };
    Ok(Rows { lines, layout, n_rows: 0, ended: false })
}

/// The rows of a file of queries; made by [`rows`].
#[derive(Debug)]
pub struct Rows<R> {
    lines: Lines<R>,
    layout: Layout,
    n_rows: usize,
    ended: bool,
}

#[derive(Debug)]
enum Layout {
    Lines,
    Tsv,
    /// With the name of the text's field.
    Json(String),
    Csv(Header),
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.ended {
            return None;
        }
        let line = self.lines.next()?;
        self.n_rows += 1;
        self.ended = matches!(line.text, Err(RowError::Read(_)));
        let number = line.number;
        let (id, text) = match (&self.layout, line.text) {
            (_, Err(error)) => (None, Err(error)),
            (Layout::Lines, Ok(text)) => (None, Ok(text)),
            (Layout::Tsv, Ok(text)) => tsv(&text),
            (Layout::Json(field), Ok(text)) => json(&text, field),
            (Layout::Csv(header), Ok(text)) => header.pick(&mut self.lines, &text),
        };
        let text = text.and_then(|text| if text.trim().is_empty() { Err(RowError::Empty) } else { Ok(text) });
        Some(Row { line: number, id: id.unwrap_or_else(|| self.n_rows.to_string()), text })
    }
}

/// The id of a row, when it has one, and its text.
type Parsed = (Option<String>, Result<String, RowError>);

fn tsv(row: &str) -> Parsed {
    match row.split_once('\t') {
        Some((id, text)) => (named(id), Ok(text.to_string())),
        None if row.trim().is_empty() => (None, Err(RowError::Empty)),
        None => (None, Err(RowError::NoTab)),
    }
}

fn json(row: &str, field: &str) -> Parsed {
    if row.trim().is_empty() {
        return (None, Err(RowError::Empty));
    }
    let fields: BTreeMap<String, serde_json::Value> = match serde_json::from_str(row) {
        Err(error) => return (None, Err(RowError::Json(error.to_string()))),
        Ok(fields) => fields,
    };
    let id = match fields.get("id").or_else(|| fields.get("_id")) {
        Some(serde_json::Value::String(id)) => named(id),
        Some(serde_json::Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let missing = || RowError::Json(format!("missing field `{field}`"));
    (id, fields.get(field).and_then(|text| text.as_str()).map(str::to_string).ok_or_else(missing))
}

fn named(id: &str) -> Option<String> {
    let id = id.trim();
    (!id.is_empty()).then(|| id.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows as `line id text`, or `line id ! what is wrong`.
    fn read(file: &[u8], form: Form) -> Vec<String> {
        let show = |row: Row| match row.text {
            Ok(text) => format!("{} {} {text}", row.line, row.id),
            Err(error) => format!("{} {} ! {error}", row.line, row.id),
        };
        rows(file, form).expect("the header is right").map(show).collect()
    }

    fn check(file: &str, form: Form, expected: &[&str]) {
        assert_eq!(read(file.as_bytes(), form), expected);
    }

    const CSV: Form = Form::Csv { column: None };
    const JSON: Form = Form::Json { field: None };

    #[test]
    fn every_line_is_a_row() {
        check("\u{feff}a\r\n\nb\0\u{7}", Form::Lines, &["1 1 a", "2 2 ! the row is empty", "3 3 b\0\u{7}"]);
    }

    #[test]
    fn a_row_in_another_encoding_stops_nothing() {
        let expected = ["1 1 ! not UTF-8 from byte 3 of the row: convert the file to UTF-8", "2 2 b"];
        assert_eq!(read(b"Z\xc3\xbc\xfcrich\nb", Form::Lines), expected);
    }

    #[test]
    fn a_row_too_long_is_passed_over() {
        let longest = "x".repeat(LONGEST_ROW);
        let file = format!("{longest}\n{longest}x\nb\n{longest}x");
        let rows: Vec<Row> = rows(file.as_bytes(), Form::Lines).unwrap().collect();
        let shown = rows.iter().map(|row| row.text.as_ref().map_err(|error| matches!(error, RowError::TooLong)));
        let b = "b".to_string();
        assert_eq!(shown.collect::<Vec<_>>(), [Ok(&longest), Err(true), Ok(&b), Err(true)]);
    }

    #[test]
    fn tsv_keeps_tabs_of_the_text() {
        check(
            "q1\ta\tb\n\tc\nq3\t \nd",
            Form::Tsv,
            &["1 q1 a\tb", "2 2 c", "3 q3 ! the row is empty", "4 4 ! no tab between the id and the text"],
        );
    }

    #[test]
    fn json_takes_ids_of_both_spellings() {
        let file = r#"{"id":"q1","text":"a"}
{"_id":7,"text":"b","metadata":{}}
{"text":"c"}
{"id":"q4"}
["#;
        check(
            file,
            JSON,
            &[
                "1 q1 a",
                "2 7 b",
                "3 3 c",
                "4 q4 ! not a JSON object with a `text`: missing field `text`",
                "5 5 ! not a JSON object with a `text`: invalid type: sequence, expected a map at line 1 column 0",
            ],
        );
    }

    #[test]
    fn json_takes_the_field_that_is_named() {
        let field = Some("question".to_string());
        check(r#"{"id":"q1","question":"a","text":"b"}"#, Form::Json { field }, &["1 q1 a"]);
    }

    #[test]
    fn csv_takes_quoted_fields_over_line_ends() {
        check("id,text\nq1,\"a, \"\"b\"\"\nc\"\nq2,d\n", CSV, &["2 q1 a, \"b\"\nc", "4 q2 d"]);
    }

    #[test]
    fn csv_takes_the_delimiter_of_its_header() {
        check("id;text\nq1;a, b\n", CSV, &["2 q1 a, b"]);
        check("text\na\n", CSV, &["2 1 a"]);
    }

    #[test]
    fn csv_takes_the_column_that_is_named() {
        let column = Some("Name".to_string());
        check("id,name,text\n1,a,b\n", Form::Csv { column }, &["2 1 a"]);
    }

    #[test]
    fn a_quotation_mark_never_closed_costs_one_row() {
        let slip = "! a quotation mark is not closed, or something follows the closing one";
        check("id,text\nq1,\"a\nq2,b\nq3,c\n", CSV, &[&format!("2 1 {slip}"), "3 q2 b", "4 q3 c"]);
        check("id,text\nq1,\"a\nq2,\"b\"\n", CSV, &[&format!("2 1 {slip}"), "3 q2 b"]);
        check("id,text\nq1,5\" gun\n", CSV, &["2 q1 5\" gun"]);
    }

    #[test]
    fn a_comma_too_many_is_told() {
        check("id,text\nq1,a, b\n", CSV, &["2 q1 ! 3 columns under a header of 2"]);
    }

    #[test]
    fn a_header_must_name_the_column() {
        let check = |file: &str, expected: &str| {
            let error = rows(file.as_bytes(), CSV).expect_err("no header");
            assert_eq!(error.to_string(), expected);
        };
        check("", "no header: the file is empty");
        check("a,b\n1,2\n", "no column is called `text` or `query`; the header has a, b");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn whatever_a_line_holds_it_is_one_row(bytes in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b','), Just(b'\t'), Just(b'\n'), Just(b'\r'), Just(b'{'), any::<u8>()
        ], 0..200)) {
            let n_lines = bytes.split_inclusive(|&byte| byte == b'\n').count();
            for form in [Form::Lines, Form::Tsv, JSON] {
                prop_assert_eq!(rows(&bytes[..], form).unwrap().count(), n_lines);
            }
            let csv = [b"id,text\n", &bytes[..]].concat();
            prop_assert!(rows(&csv[..], CSV).unwrap().count() <= n_lines);
        }

        #[test]
        fn csv_comes_back_as_written(texts in prop::collection::vec("[a-z\",;\n]{0,9}x", 0..9)) {
            let mut csv = "id,text\n".to_string();
            for (i, text) in texts.iter().enumerate() {
                csv += &format!("q{i},\"{}\"\n", text.replace('"', "\"\""));
            }
            let read: Vec<String> = rows(csv.as_bytes(), CSV).unwrap().map(|row| row.text.unwrap()).collect();
            prop_assert_eq!(read, texts);
        }
    }
}
