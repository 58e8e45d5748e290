//! From the bytes of a file to [`RawPaper`]s: a file per reader, each with a version of its own.
//!
//! [`read`] tells the format by content first and by name second, opens what is packed, and gives
//! the papers of the file one by one: one for a paper, many for a collection or a folder. What one
//! of them fails with is its own failure; the rest goes on. A reader changes nothing in the text it
//! finds: to join lines, to take headers out and to find paragraphs is for `repair`.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

pub mod docx;
mod draft;
mod encoding;
mod entity;
pub mod epub;
mod error;
mod format;
pub mod guard;
pub mod html;
pub mod markdown;
mod markup;
pub mod odt;
mod packed;
pub mod pdf;
mod records;
pub mod rtf;
pub mod text;
mod trec;
pub mod xml;

pub use error::Error;
use format::Content;
pub use format::Format;
use records::Positions;

use crate::paper::RawPaper;

/// Bounds of reading, and how to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The largest paper that is read, once unpacked. A collection may be larger: it is streamed.
    pub max_bytes: u64,
    /// How long a paper of little size may take; larger ones get a second more for each megabyte.
    pub seconds: u64,
    pub pdf_reader: PdfReader,
}

/// What reads PDF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PdfReader {
    #[default]
    BuiltIn,
    /// Poppler's program, which must be installed; it knows no headings, notes or running headers.
    Pdftotext,
}

impl Default for Options {
    fn default() -> Self {
        Options { max_bytes: 512 << 20, seconds: 8, pdf_reader: PdfReader::BuiltIn }
    }
}

/// A paper, or why there is none, and where in its file it stands.
#[derive(Debug)]
pub struct Found {
    /// Path inside the archive, when the file is one.
    pub part: Option<String>,
    /// Line of the collection that the record begins on, counted from 1.
    pub line: Option<u64>,
    /// The name the collection gives the record.
    pub id: Option<String>,
    pub format: Format,
    pub paper: Result<RawPaper, Error>,
}

/// The papers of one file, in order, read as they are asked for.
pub type Papers = Box<dyn Iterator<Item = Found> + Send>;

/// Reads the papers of a file.
///
/// An error means that nothing of the file can be read; what goes wrong with one of several papers
/// is told in its place.
pub fn read(path: &Path, options: &Options) -> Result<Papers, Error> {
    let file = File::open(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let len = file.metadata()?.len();
    open(&name, Box::new(BufReader::with_capacity(64 * 1024, file)), len, options)
}

/// Reads the papers of a file that is in memory; `name` helps where content leaves a doubt.
pub fn read_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> Result<Papers, Error> {
    open_bytes(name, bytes, options, 0)
}

fn open_bytes(name: &str, bytes: Vec<u8>, options: &Options, depth: usize) -> Result<Papers, Error> {
    let len = bytes.len() as u64;
    open_at(name, Box::new(Cursor::new(bytes)), len, options, depth)
}

fn open(name: &str, source: Box<dyn packed::ReadSeek>, len: u64, options: &Options) -> Result<Papers, Error> {
    open_at(name, source, len, options, 0)
}

/// Opens a file that lies `depth` archives deep.
fn open_at(
    name: &str,
    mut source: Box<dyn packed::ReadSeek>,
    len: u64,
    options: &Options,
    depth: usize,
) -> Result<Papers, Error> {
    let head = head(&mut source)?;
    if head.is_empty() {
        return Err(Error::Empty);
    }
    source.rewind()?;
    match format::detect(name, &head) {
        Content::Zip => packed::open_zip(source, options, depth),
        content => open_stream(name, content, Box::new(BufReader::new(source)), len, Positions::InFile, options, depth),
    }
}

/// Opens what can be read from front to back.
fn open_stream(
    name: &str,
    content: Content,
    stream: Box<dyn BufRead + Send>,
    len: u64,
    positions: Positions,
    options: &Options,
    depth: usize,
) -> Result<Papers, Error> {
    match content {
        Content::Unsupported(what) => Err(Error::Unsupported { what }),
        Content::Gzip | Content::Zstd if depth >= packed::MAX_DEPTH => Err(Error::TooDeep { limit: packed::MAX_DEPTH }),
        Content::Gzip | Content::Zstd => {
            let inner_name = name.rsplit_once('.').map_or(name, |(inner, _)| inner);
            let mut inner = packed::unpack(content, stream, len)?;
            let head = head(&mut inner)?;
            if head.is_empty() {
                return Err(Error::Empty);
            }
            let content = format::detect(inner_name, &head);
            let whole: Box<dyn BufRead + Send> = Box::new(Cursor::new(head).chain(inner));
            open_stream(inner_name, content, whole, len, Positions::Lost, options, depth + 1)
        }
        Content::Zip => {
            let bytes = packed::read_all(stream, options.max_bytes)?;
            packed::open_zip(Box::new(Cursor::new(bytes)), options, depth)
        }
        Content::Paper(Format::JsonLines) => Ok(Box::new(records::Records::new(stream, positions))),
        Content::Paper(Format::Trec) => Ok(Box::new(trec::Documents::new(stream, positions))),
        Content::Paper(format) => {
            let bytes = packed::read_all(stream, options.max_bytes)?;
            let paper = read_whole(format, bytes, options).map(|mut paper| {
                if positions == Positions::Lost {
                    paper.map = None;
                }
                paper
            });
            Ok(one(format, paper))
        }
    }
}

/// Reads the first bytes of a stream.
fn head(stream: &mut impl Read) -> Result<Vec<u8>, Error> {
    packed::read_all(stream.take(format::HEAD as u64), format::HEAD as u64)
}

/// The papers of a file that is one paper.
fn one(format: Format, paper: Result<RawPaper, Error>) -> Papers {
    Box::new(std::iter::once(Found { part: None, line: None, id: None, format, paper }))
}

/// Reads a file that is one paper.
fn read_whole(format: Format, bytes: Vec<u8>, options: &Options) -> Result<RawPaper, Error> {
    let seconds = options.seconds + (bytes.len() as u64 >> 20);
    let options = options.clone();
    guard::run(format, seconds, move |cancelled| match format {
        Format::Text => text::read(bytes),
        Format::Pdf => match options.pdf_reader {
            PdfReader::BuiltIn => pdf::read(bytes, cancelled),
            PdfReader::Pdftotext => pdf::external::read(bytes, options.max_bytes, cancelled),
        },
        Format::Html => html::read(bytes),
        Format::Docx => docx::read(bytes, &options),
        Format::Odt => odt::read(bytes, &options),
        Format::Epub => epub::read(bytes, &options),
        Format::Rtf => rtf::read(&bytes),
        Format::Markdown => markdown::read(bytes),
        Format::Xml => xml::read(bytes),
        Format::JsonLines | Format::Trec => unreachable!("collections are streamed"),
    })
}

/// Reads year, month and day from the usual ways to write a date; what is not there stays unknown.
///
/// `2021-08-03` ⇒ 2021, 8, 3; `2021/8` ⇒ 2021, 8; `D:20210803120000Z` (PDF) ⇒ 2021, 8, 3;
/// `August 3, 2021` ⇒ 2021.
pub fn date(text: &str) -> (Option<i32>, Option<u8>, Option<u8>) {
    let text = text.trim().trim_start_matches("D:");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u8>().ok());
    let in_range = |value: Option<u8>, last: u8| value.filter(|value| (1..=last).contains(value));
    let parts: Vec<&str> = text.split(['-', '/', 'T', ' ']).collect();
    let (year, month, day) = if digits >= 6 {
        (text.get(..4), number(4, 6), number(6, 8))
    } else if digits == 4 {
        (Some(parts[0]), parts.get(1).and_then(|p| p.parse().ok()), parts.get(2).and_then(|p| p.parse().ok()))
    } else {
        let year = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 4);
        (year, None, None)
    };
    let year = year.and_then(|year| year.parse().ok()).filter(|year| (1000..=2999).contains(year));
    let month = in_range(month, 12).filter(|_| year.is_some());
    (year, month, in_range(day, 31).filter(|_| month.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_as_they_are_written() {
        let check = |text, expected| assert_eq!(date(text), expected, "{text}");
        check("2021-08-03", (Some(2021), Some(8), Some(3)));
        check("2021-08-03T10:00:00Z", (Some(2021), Some(8), Some(3)));
        check("2021/8", (Some(2021), Some(8), None));
        check("D:20210803120000+05'00'", (Some(2021), Some(8), Some(3)));
        check("1994", (Some(1994), None, None));
        check("August 3, 1994", (Some(1994), None, None));
        check("n.d.", (None, None, None));
        check("2021-13-40", (Some(2021), None, None));
    }

    #[test]
    fn an_unreadable_file_is_an_error_of_its_own() {
        let error = read(Path::new("no/such/file.txt"), &Options::default()).err().expect("there is no such file");
        assert!(matches!(error, Error::Io(_)));
    }
}
