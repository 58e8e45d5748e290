//! TREC collections: `<DOC>` after `<DOC>` of tagged text, read as a stream.

use std::io::{BufRead, Read};

use super::records::{MAX_RECORD, Positions};
use super::{Error, Format, Found, encoding, entity, text};
use crate::paper::{Biblio, RawPaper, SourceMap, Span};

/// Goes up when the text or data of some document change.
pub const VERSION: u32 = 1;

/// Elements that say something about a document and are no part of its text.
const HEADER: &[&str] =
    &["docno", "docid", "dochdr", "docoldno", "date", "date1", "pub", "parent", "fileid", "first", "second", "profile"];
const TITLE: &[&str] = &["title", "headline", "hl", "head", "ti", "h3"];

/// The documents of a stream; a bad one is one failure, and the rest goes on.
pub struct Documents<R> {
    reader: R,
    offset: usize,
    line: u64,
    positions: Positions,
    failed: bool,
}

impl<R: BufRead> Documents<R> {
    /// Returns the documents of `reader`, which must stand at the beginning of the file.
    pub fn new(reader: R, positions: Positions) -> Self {
        Documents { reader, offset: 0, line: 0, positions, failed: false }
    }

    /// Gathers the bytes from one `<DOC>` to its end, with the offset and line it starts at.
    fn next_document(&mut self) -> std::io::Result<Option<(Vec<u8>, usize, u64)>> {
        let (mut document, mut start) = (Vec::new(), None);
        loop {
            let mut line = Vec::new();
            let n = self.reader.by_ref().take(MAX_RECORD).read_until(b'\n', &mut line)?;
            if n == 0 {
                return Ok(start.map(|(offset, line)| (document, offset, line)));
            }
            self.line += 1;
            let tag = line.trim_ascii();
            if start.is_none() && tag.starts_with(b"<DOC>") {
                start = Some((self.offset, self.line));
            }
            self.offset += n;
            if let Some((offset, number)) = start {
                // One that is too long is read to its end, and what it holds beyond the bound let go.
                if (document.len() as u64) <= MAX_RECORD {
                    document.extend_from_slice(&line);
                }
                if tag.ends_with(b"</DOC>") {
                    return Ok(Some((document, offset, number)));
                }
            }
        }
    }
}

impl<R: BufRead> Iterator for Documents<R> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.failed {
            return None;
        }
        let found = |line, id, paper| Some(Found { part: None, line: Some(line), id, format: Format::Trec, paper });
        match self.next_document() {
            Ok(None) => None,
            Ok(Some((document, ..))) if document.len() as u64 > MAX_RECORD => {
                found(self.line, None, Err(Error::TooLarge { limit: MAX_RECORD }))
            }
            Ok(Some((document, start, line))) => match read(document, start, self.positions) {
                Ok((id, paper)) => found(line, id, Ok(paper)),
                Err(reason) => found(line, None, Err(Error::Record { line, reason })),
            },
            Err(error) => {
                self.failed = true;
                found(self.line, None, Err(super::packed::error_of(error)))
            }
        }
    }
}

/// Reads one document. Its text is what its `TEXT` elements hold, or, without any, all that stands
/// outside of the header's elements.
fn read(document: Vec<u8>, start: usize, positions: Positions) -> Result<(Option<String>, RawPaper), String> {
    let decoded = encoding::decode(document).map_err(|error| error.to_string())?;
    let source = &decoded.text;
    let has_text = source.contains("<TEXT>");
    let (mut body, mut map) = (String::new(), SourceMap::default());
    let (mut id, mut title, mut date) = (String::new(), String::new(), String::new());
    let (mut inside, mut in_text) = (None::<String>, false);
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        if let Some((name, closes, len)) = tag(rest) {
            match name.as_str() {
                "text" => in_text = !closes,
                _ if !closes && (HEADER.contains(&name.as_str()) || TITLE.contains(&name.as_str())) => {
                    inside = Some(name)
                }
                _ if closes && inside.as_ref() == Some(&name) => inside = None,
                _ => {}
            }
            at += len;
            continue;
        }
        let (piece, len) = text_piece(rest);
        match inside.as_deref() {
            Some("docno") => id.push_str(&piece),
            Some("date" | "date1") => date.push_str(&piece),
            Some(name) if TITLE.contains(&name) => title.push_str(&piece),
            Some(_) => {}
            None if in_text || !has_text => {
                let from = body.len();
                body.push_str(&piece);
                map.push(Span::new(from, body.len()), Span::new(at, at + len));
            }
            None => {}
        }
        at += len;
    }
    if body.trim().is_empty() {
        return Err("it has no text".to_owned());
    }
    let known =
        |text: &str| Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty());
    let (year, month, day) = super::date(date.trim());
    let paper = RawPaper {
        flow: text::flow(&body),
        pages: text::pages(&body),
        map: (positions == Positions::InFile).then(|| map.through(&decoded.map).shifted(start)),
        text: body,
        marks: Vec::new(),
        biblio: Biblio { title: known(&title), year, month, day, ..Biblio::default() },
        warnings: Vec::new(),
    };
    Ok((known(&id), paper))
}

/// Reads the piece of text at the start of `rest`, which is no tag: up to a reference or `<`.
fn text_piece(rest: &str) -> (String, usize) {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let end = rest[first..].find('<').map_or(rest.len(), |at| first + at);
    let (piece, len) = entity::next_piece(&rest[..end]);
    (piece.into_owned(), len)
}

/// Reads a tag at the start of `rest`: its name in small letters, whether it closes, its length.
fn tag(rest: &str) -> Option<(String, bool, usize)> {
    let inner = &rest.strip_prefix('<')?;
    let len = inner.bytes().take(200).position(|b| b == b'>')?;
    let inner = &inner[..len];
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let name: String = name.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) || inner.starts_with('!');
    is_tag.then(|| (name.to_ascii_lowercase(), inner.starts_with('/'), len + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_documents_one_by_one() {
        let bytes = b"<DOC>\n<DOCNO> LA-1 </DOCNO>\n<HEADLINE>Border\ntalks</HEADLINE>\n<TEXT>\n<P>Trade &amp; transit.</P>\n</TEXT>\n</DOC>\n\
            <DOC>\n<DOCNO>LA-2</DOCNO>\n</DOC>\n<DOC>\n<DOCNO>LA-3</DOCNO>\n3 < 4, so it went.\n</DOC>\n";
        let found: Vec<Found> = Documents::new(&bytes[..], Positions::InFile).collect();
        assert_eq!(found.len(), 3);
        let paper = found[0].paper.as_ref().expect("it is whole");
        assert_eq!((found[0].id.as_deref(), paper.text.trim()), (Some("LA-1"), "Trade & transit."));
        assert_eq!(paper.biblio.title.as_deref(), Some("Border talks"));
        let at = paper.text.find("& transit").expect("the words are there");
        let span = paper.map.as_ref().expect("the file is not packed").source_of(Span::new(at, at + 9));
        assert_eq!(&bytes[span.start..span.end], b"&amp; transit");
        assert_eq!(found[1].paper.as_ref().expect_err("no text").to_string(), "line 9 is no record: it has no text");
        assert_eq!(found[2].paper.as_ref().expect("it is whole").text.trim(), "3 < 4, so it went.");
    }
}
