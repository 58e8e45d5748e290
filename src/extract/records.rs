//! JSON Lines collections: a record a line, read as a stream, with spans into the file.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use serde_json::value::RawValue;

use super::{Error, Format, Found, encoding, text};
use crate::paper::{Biblio, Person, RawPaper, SourceMap, Span};

/// Goes up when the text or data of some record change.
pub const VERSION: u32 = 1;

/// Names of the field that holds a record's text, the surest first (BEIR and most others; Anserini).
pub(super) const TEXT_FIELDS: &[&str] = &["text", "contents", "content", "body"];

/// A record is a paper, not a library: a longer line fails, and is skipped without being held.
pub(super) const MAX_RECORD: u64 = 64 << 20;

/// The records of a stream; a bad line is one failure, and the rest goes on.
pub struct Records<R> {
    reader: R,
    /// Bytes read before the next line.
    offset: usize,
    line: u64,
    /// Whether offsets into the stream are offsets into the file as it lies on disk.
    positions: Positions,
    failed: bool,
}

/// Whether bytes of a stream can be found again in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Positions {
    InFile,
    /// The stream was unpacked.
    Lost,
}

impl<R: BufRead> Records<R> {
    /// Returns the records of `reader`, which must stand at the beginning of the file.
    pub fn new(reader: R, positions: Positions) -> Self {
        Records { reader, offset: 0, line: 0, positions, failed: false }
    }

    /// Reads a line to its end; of one that is too long, only the length is kept.
    fn next_line(&mut self) -> std::io::Result<Option<Result<Vec<u8>, usize>>> {
        let mut line = Vec::new();
        let n = self.reader.by_ref().take(MAX_RECORD).read_until(b'\n', &mut line)?;
        if n == 0 {
            return Ok(None);
        }
        if (n as u64) < MAX_RECORD || line.ends_with(b"\n") {
            return Ok(Some(Ok(line)));
        }
        drop(line);
        Ok(Some(Err(n + self.reader.skip_until(b'\n')?)))
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        while !self.failed {
            let found =
                |line, id, paper| Some(Found { part: None, line: Some(line), id, format: Format::JsonLines, paper });
            self.line += 1;
            let start = self.offset;
            match self.next_line() {
                Ok(None) => return None,
                Ok(Some(Ok(line))) => {
                    self.offset += line.len();
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    let (id, paper) = match record(line, start, self.positions) {
                        Ok((id, paper)) => (id, Ok(paper)),
                        Err(reason) => (None, Err(Error::Record { line: self.line, reason })),
                    };
                    return found(self.line, id, paper);
                }
                Ok(Some(Err(len))) => {
                    self.offset += len;
                    return found(self.line, None, Err(Error::TooLarge { limit: MAX_RECORD }));
                }
                Err(error) => {
                    // The stream is broken: what follows can't be told from what should have.
                    self.failed = true;
                    return found(self.line, None, Err(super::packed::error_of(error)));
                }
            }
        }
        None
    }
}

/// Reads one record; its map leads to the file when `start` is an offset into it.
fn record(line: Vec<u8>, start: usize, positions: Positions) -> Result<(Option<String>, RawPaper), String> {
    let decoded = encoding::decode(line).map_err(|error| error.to_string())?;
    let json = decoded.text.trim();
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "it is not an object".to_owned(),
        _ => format!("it is not JSON from column {} on", error.column()),
    })?;
    let raw_text = TEXT_FIELDS.iter().find_map(|field| fields.get(*field));
    let raw_text = raw_text.ok_or_else(|| "it has no text".to_owned())?.get();
    // `raw_text` is a part of `decoded.text`: the difference of the two addresses is its offset.
    let at = raw_text.as_ptr() as usize - decoded.text.as_ptr() as usize;
    let (body, map) = unescape(raw_text, at).ok_or_else(|| "its text is not a string".to_owned())?;
    if body.trim().is_empty() {
        return Err("its text is empty".to_owned());
    }
    let map = map.through(&decoded.map).shifted(start);
    let id = ["id", "_id", "docid"].iter().find_map(|field| scalar(&fields, field));
    let paper = RawPaper {
        flow: text::flow(&body),
        pages: text::pages(&body),
        text: body,
        map: (positions == Positions::InFile).then_some(map),
        marks: Vec::new(),
        biblio: biblio(&fields),
        warnings: Vec::new(),
    };
    Ok((id, paper))
}

/// Returns what a JSON string says, and where in it each part stands; `at` is where the string's
/// opening quotation mark stands.
fn unescape(raw: &str, at: usize) -> Option<(String, SourceMap)> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let (mut text, mut map) = (String::with_capacity(inner.len()), SourceMap::default());
    let mut push = |piece: &str, from: usize, len: usize| {
        let start = text.len();
        text.push_str(piece);
        map.push(Span::new(start, text.len()), Span::new(at + 1 + from, at + 1 + from + len));
    };
    let mut from = 0;
    while from < inner.len() {
        let run = memchr::memchr(b'\\', &inner.as_bytes()[from..]).unwrap_or(inner.len() - from);
        push(&inner[from..from + run], from, run);
        from += run;
        if from == inner.len() {
            break;
        }
        if let Some(piece) = inner.as_bytes().get(from + 1).and_then(|&byte| simple_escape(byte)) {
            push(piece, from, 2);
            from += 2;
            continue;
        }
        let is_wide = |at: usize| inner.as_bytes().get(at..at + 2) == Some(b"\\u");
        // One escape, or the two halves of a surrogate pair; serde_json knows how to read either.
        let len = if is_wide(from) { 6 } else { 2 };
        let pair = is_wide(from) && is_wide(from + len);
        let read = |len: usize| -> Option<String> {
            serde_json::from_str(&format!("\"{}\"", inner.get(from..from + len)?)).ok()
        };
        let (piece, len) = match (read(len), pair) {
            (Some(piece), _) => (piece, len),
            (None, true) => match read(12) {
                Some(piece) => (piece, 12),
                None => ("\u{fffd}".to_owned(), len),
            },
            (None, false) => ("\u{fffd}".to_owned(), len),
        };
        push(&piece, from, len);
        from += len;
    }
    Some((text, map))
}

/// Returns what a backslash before a byte says, unless that tells a character by its number.
fn simple_escape(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'n' => "\n",
        b't' => "\t",
        b'r' => "\r",
        b'"' => "\"",
        b'\\' => "\\",
        b'/' => "/",
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        _ => return None,
    })
}

/// A field that is a string or a number, as text.
fn scalar(fields: &BTreeMap<String, &RawValue>, name: &str) -> Option<String> {
    match serde_json::from_str(fields.get(name)?.get()).ok()? {
        serde_json::Value::String(text) if !text.trim().is_empty() => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads the fields that say something about the record as a publication.
fn biblio(fields: &BTreeMap<String, &RawValue>) -> Biblio {
    let named = |names: &[&str]| names.iter().find_map(|name| scalar(fields, name));
    let metadata: Option<BTreeMap<String, &RawValue>> =
        fields.get("metadata").and_then(|value| serde_json::from_str(value.get()).ok());
    let authors =
        ["authors", "author"].iter().find_map(|name| match serde_json::from_str(fields.get(*name)?.get()).ok()? {
            serde_json::Value::String(one) => Some(vec![one]),
            serde_json::Value::Array(many) => Some(many.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()),
            _ => None,
        });
    let (year, month, day) =
        named(&["date", "published", "year"]).map_or((None, None, None), |date| super::date(&date));
    let own = Biblio {
        title: named(&["title"]),
        authors: authors.unwrap_or_default().iter().map(|name| Person::parse(name)).collect(),
        year,
        month,
        day,
        publisher: named(&["publisher"]),
        doi: named(&["doi"]),
        url: named(&["url"]),
        language: named(&["language", "lang"]),
        ..Biblio::default()
    };
    match metadata {
        Some(inner) => own.or(&biblio(&inner)),
        None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Vec<Found> {
        Records::new(bytes, Positions::InFile).collect()
    }

    #[test]
    fn leads_from_each_word_back_to_the_file() {
        let bytes = "\u{feff}{\"_id\": 7, \"text\": \"a\\nb \\u00e9t\\u00e9 \\ud83d\\ude00 “c”\", \"title\": \"T\"}\n"
            .as_bytes();
        let [one] = &found(bytes)[..] else { panic!("one record") };
        let paper = one.paper.as_ref().expect("it is whole");
        assert_eq!((one.id.as_deref(), paper.text.as_str()), (Some("7"), "a\nb été 😀 “c”"));
        assert_eq!(paper.biblio.title.as_deref(), Some("T"));
        let map = paper.map.as_ref().expect("the file is not packed");
        for (word, raw) in [("été", "\\u00e9t\\u00e9"), ("😀", "\\ud83d\\ude00"), ("“c”", "“c”"), ("b", "b")]
        {
            let at = paper.text.find(word).expect("the word is there");
            let span = map.source_of(Span::new(at, at + word.len()));
            assert_eq!(&bytes[span.start..span.end], raw.as_bytes());
        }
    }

    #[test]
    fn escapes_say_what_they_say_in_json() {
        for inner in [r"\n", r"\t", r"\r", r#"\""#, r"\\", r"\/", r"\b", r"\f", r"\u0041", r"a\\n\n"] {
            let raw = format!("\"{inner}\"");
            let said: String = serde_json::from_str(&raw).expect("it is JSON");
            assert_eq!(unescape(&raw, 0).map(|(text, _)| text), Some(said), "{inner}");
        }
    }

    #[test]
    fn a_bad_line_is_one_failure() {
        let bytes = b"{\"id\":\"a\",\"text\":\"One.\"}\n\n{\"id\":\"b\",\n{\"id\":\"c\"}\n[1]\n{\"id\":\"d\",\"contents\":\"Two.\"}";
        let found = found(bytes);
        let told: Vec<String> = found
            .iter()
            .map(|one| match &one.paper {
                Ok(paper) => paper.text.clone(),
                Err(error) => error.to_string(),
            })
            .collect();
        assert_eq!(
            told,
            [
                "One.",
                "line 3 is no record: it is not JSON from column 10 on",
                "line 4 is no record: it has no text",
                "line 5 is no record: it is not an object",
                "Two.",
            ]
        );
        assert_eq!(found[4].line, Some(6));
    }

    #[test]
    fn reads_what_the_fields_say_about_the_paper() {
        let bytes =
            br#"{"id":"1","text":"T.","author":["Jane Roe"],"metadata":{"date":"2021-08-03","url":"https://x.org"}}"#;
        let paper = found(bytes).remove(0).paper.expect("it is whole");
        assert_eq!(paper.biblio.authors, [Person { family: "Roe".into(), given: "Jane".into() }]);
        assert_eq!((paper.biblio.year, paper.biblio.month, paper.biblio.day), (Some(2021), Some(8), Some(3)));
        assert_eq!(paper.biblio.url.as_deref(), Some("https://x.org"));
    }
}
