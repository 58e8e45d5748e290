//! A paper as a person would read it, with the way back to what was printed.

use serde::{Deserialize, Serialize};

use super::{Biblio, SourceMap, Span};

/// What a block of a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// A heading on its own line or lines; level 1 is the highest.
    Heading(u8),
    /// A heading that opens its first paragraph ("Trade. Both sides ..."); the block is the heading
    /// with its stop, its paragraph follows behind a space.
    RunInHeading(u8),
    Paragraph,
    /// A bullet or numbered item; items of one list follow each other.
    ListItem,
    Caption,
    /// A sentence of the body set large; it repeats what the body says.
    PullQuote,
    /// Notes, bibliography entries.
    Reference,
    Table,
}

/// A paragraph, heading, caption, ...: spans of a paper's text, in order, not overlapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub span: Span,
    pub kind: BlockKind,
}

/// A page of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Where the page begins in the paper's text.
    pub start: usize,
    /// Counted from 1.
    pub physical: u32,
    /// The number printed on it, when seen or safely inferred.
    pub printed: Option<String>,
}

/// What kind of thing was taken out of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemovedKind {
    FootnoteMark,
    RunningHeader,
    PageNumber,
    Licence,
    /// A number or sign that belongs to no sentence.
    Stray,
}

/// Something taken out of the text; it stays known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Where it stood, as an offset into the paper's text.
    pub at: usize,
    /// Where it stands in the raw text.
    pub raw: Span,
    pub kind: RemovedKind,
    pub text: String,
}

/// A repaired paper. Spans are into `text`, unless they say otherwise.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The text a person would read: paragraphs are single lines, one line end between blocks (one
    /// space behind a run-in heading).
    pub text: String,
    /// Leads from `text` to the raw text.
    pub raw_map: SourceMap,
    /// Leads from `text` to bytes of the file; `None` as in [`RawPaper::map`](super::RawPaper::map).
    pub source_map: Option<SourceMap>,
    pub blocks: Vec<Block>,
    /// Page starts, in order; empty when nothing is known about pages.
    pub pages: Vec<Page>,
    pub removed: Vec<Removed>,
    pub biblio: Biblio,
    pub warnings: Vec<String>,
}

impl Paper {
    /// Returns the page that holds the byte at `offset`, when pages are known.
    pub fn page_at(&self, offset: usize) -> Option<&Page> {
        let after = self.pages.partition_point(|page| page.start <= offset);
        after.checked_sub(1).map(|i| &self.pages[i])
    }
}
