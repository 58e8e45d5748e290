//! Which format a file is in: by its bytes first, by its name second.

use std::fmt;

/// The formats that have a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Text,
    Pdf,
    Html,
    Docx,
    Odt,
    Epub,
    Rtf,
    Markdown,
    /// JATS and TEI.
    Xml,
    JsonLines,
    Trec,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 11] = [
        Format::Text,
        Format::Pdf,
        Format::Html,
        Format::Docx,
        Format::Odt,
        Format::Epub,
        Format::Rtf,
        Format::Markdown,
        Format::Xml,
        Format::JsonLines,
        Format::Trec,
    ];

    /// Returns the version of the format's reader, which goes up when the reader's text changes;
    /// papers read by another version are read again.
    pub fn version(self) -> u32 {
        match self {
            Format::Text => super::text::VERSION,
            Format::Pdf => super::pdf::VERSION,
            Format::Html => super::html::VERSION,
            Format::Docx => super::docx::VERSION,
            Format::Odt => super::odt::VERSION,
            Format::Epub => super::epub::VERSION,
            Format::Rtf => super::rtf::VERSION,
            Format::Markdown => super::markdown::VERSION,
            Format::Xml => super::xml::VERSION,
            Format::JsonLines => super::records::VERSION,
            Format::Trec => super::trec::VERSION,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Text => "text file",
            Format::Pdf => "PDF file",
            Format::Html => "web page",
            Format::Docx => "Word document",
            Format::Odt => "OpenDocument text",
            Format::Epub => "EPUB book",
            Format::Rtf => "RTF file",
            Format::Markdown => "Markdown file",
            Format::Xml => "JATS or TEI file",
            Format::JsonLines => "JSON Lines file",
            Format::Trec => "TREC file",
        })
    }
}

/// What the head of a file tells about the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Paper(Format),
    Gzip,
    Zstd,
    /// A Word or OpenDocument file, an EPUB, or a folder.
    Zip,
    Unsupported(&'static str),
}

/// How many bytes of a file [`detect`] wants to see.
pub(super) const HEAD: usize = 8 * 1024;

/// Files that begin like this have no reader; to say what they are is kinder than "binary".
const UNSUPPORTED: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xFF\xD8\xFF", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Word, Excel or PowerPoint file, or one with a password"),
    (b"%!PS", "a PostScript file"),
    (b"AT&TFORM", "a DjVu file"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xFD7zXZ\0", "an xz file"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// Tells what a file holds, from its first [`HEAD`] bytes and its name.
pub(super) fn detect(name: &str, head: &[u8]) -> Content {
    if head.starts_with(b"\x1F\x8B") {
        return Content::Gzip;
    }
    if head.starts_with(b"\x28\xB5\x2F\xFD") {
        return Content::Zstd;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Content::Zip;
    }
    if memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        return Content::Paper(Format::Pdf);
    }
    if let Some((_, what)) = UNSUPPORTED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Content::Unsupported(what);
    }
    detect_text(name, head)
}

fn detect_text(name: &str, head: &[u8]) -> Content {
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let extension = name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase());
    match extension.as_str() {
        _ if head.starts_with("<DOC>") && head.contains("<DOCNO>") => Content::Paper(Format::Trec),
        _ if head.starts_with("{\\rtf") => Content::Paper(Format::Rtf),
        _ if is_html(head) => Content::Paper(Format::Html),
        "jsonl" | "ndjson" => Content::Paper(Format::JsonLines),
        _ if begins_with_record(head) => Content::Paper(Format::JsonLines),
        "html" | "htm" | "xhtml" if head.starts_with('<') => Content::Paper(Format::Html),
        _ if is_scholarly(head) => Content::Paper(Format::Xml),
        "xml" | "svg" | "rss" | "atom" if head.starts_with('<') => {
            Content::Unsupported("XML that is neither JATS nor TEI")
        }
        "md" | "markdown" | "mdown" | "qmd" | "rmd" => Content::Paper(Format::Markdown),
        "json" | "geojson" | "ipynb" => Content::Unsupported("JSON that is not one record a line"),
        _ => Content::Paper(Format::Text),
    }
}

/// Tells JATS and TEI by their root elements.
fn is_scholarly(head: &str) -> bool {
    head.starts_with('<')
        && ["<article ", "<article>", "<TEI ", "<TEI>", "<TEI.2", "<tei:TEI", "<teiCorpus"]
            .iter()
            .any(|root| head.contains(root))
}

/// Tells a page that says it is one, behind comments and an XML declaration.
fn is_html(head: &str) -> bool {
    let mut rest = head;
    while rest.starts_with("<?") || rest.starts_with("<!--") {
        let Some((_, after)) = rest.split_once('>') else { return false };
        rest = after.trim_start();
    }
    let begin = rest.get(..14).unwrap_or(rest).to_ascii_lowercase();
    begin.starts_with("<!doctype html") || begin.starts_with("<html") || begin.starts_with("<head>")
}

/// Tells whether the first line is an object with a text in it, or begins one too long to see whole.
fn begins_with_record(head: &str) -> bool {
    let line = head.lines().next().unwrap_or_default();
    line.starts_with('{')
        && match serde_json::from_str::<serde_json::Map<_, _>>(line) {
            Ok(fields) => super::records::TEXT_FIELDS.iter().any(|field| fields.contains_key(*field)),
            Err(error) => {
                error.is_eof() && line.len() == head.len() && line.starts_with("{\"") && line.len() > HEAD / 2
            }
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, head: &[u8], expected: Content) {
        assert_eq!(detect(name, head), expected, "{name}");
    }

    #[test]
    fn goes_by_content_before_name() {
        check("a.txt", b"\x1F\x8B\x08\0", Content::Gzip);
        check("a.pdf", b"The border regime", Content::Paper(Format::Text));
        check("a.txt", b"{\"id\": \"1\", \"contents\": \"Trade.\"}\n{", Content::Paper(Format::JsonLines));
        check("a.txt", b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC", Content::Paper(Format::Html));
        check("a.doc", b"\n%PDF-1.7\n", Content::Paper(Format::Pdf));
        check("a", b"<DOC>\n<DOCNO> FR94-1 </DOCNO>", Content::Paper(Format::Trec));
        check("a.png", b"\x89PNG\r\n\x1a\n", Content::Unsupported("a picture (PNG)"));
    }

    #[test]
    fn knows_text_that_only_looks_like_json() {
        check("a.txt", b"{see note 1} The border", Content::Paper(Format::Text));
        check("a.json", b"[{\"id\": 1}]", Content::Unsupported("JSON that is not one record a line"));
    }
}
