//! A paper as its reader leaves it: decoded, in reading order, and not repaired.

use super::{Biblio, SourceMap, Span};

/// How lines of a raw text relate to paragraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Lines as they were set on a page: words break at their ends, paragraphs must be found.
    Lines,
    /// Each line is a whole paragraph, as in HTML, Word or Markdown once read.
    Paragraphs,
}

/// What a format itself says about a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// A heading; level 1 is the highest.
    Heading(u8),
    Caption,
    /// A footnote or endnote: its text, not its mark.
    Footnote,
    /// The number or sign in the running text that points to a note.
    FootnoteMark,
    /// A running header or footer, a page number, navigation.
    Furniture,
    Table,
}

/// A stretch of a raw text with what its format says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub span: Span,
    pub feature: Feature,
}

/// Where a page begins, for formats that know (form feeds, PDF).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPage {
    /// Byte offset into the raw text.
    pub start: usize,
    /// The label the format gives the page ("iv", "12"), when it gives one.
    pub label: Option<String>,
}

/// A paper as a reader leaves it. Spans are into `text`.
#[derive(Clone, Debug)]
pub struct RawPaper {
    /// The decoded text, in reading order, with the line ends of the source.
    pub text: String,
    /// Leads from `text` to bytes of the file; `None` where bytes of the file mean nothing to a
    /// person (PDF, Word), so that a place is told by page alone.
    pub map: Option<SourceMap>,
    pub flow: Flow,
    /// Page starts in order; empty when the format does not know, so that they must be inferred.
    pub pages: Vec<RawPage>,
    /// What the format says, ordered by start; empty for plain text.
    pub marks: Vec<Mark>,
    /// What the document says about itself.
    pub biblio: Biblio,
    /// Things a user should know ("3 pages have no text layer"), without the file's name.
    pub warnings: Vec<String>,
}
