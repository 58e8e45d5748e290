//! A paper and its passages as an index keeps them: all that a result needs, without the source.

use serde::{Deserialize, Serialize};

use super::{Biblio, Kind, Outline, Page, Paper, Passage};

/// A paper as an index keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredPaper {
    /// Unique in its index: the library's key, else made from the file's name.
    pub id: String,
    /// Where it was read, from the folder that was indexed downwards, with `/` between parts.
    pub path: String,
    pub biblio: Biblio,
    /// BLAKE3 of the file's bytes, as hexadecimal digits.
    pub fingerprint: String,
    /// The reader and its version ("text 1"): an update reads again what another one has read.
    pub reader: String,
    /// What the stemmer takes its words for ("english").
    pub language: String,
    /// Physical pages, when known.
    pub n_pages: Option<u32>,
    pub n_passages: u32,
    /// What its reader wants a user to know.
    pub warnings: Vec<String>,
    /// Kept apart from the rest: no result needs it.
    #[serde(skip)]
    pub origin: Origin,
}

/// What a paper's file says of the paper: with a library's entry it gives the id and the bibliographic
/// data, so that these can be told anew without reading the file again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Whether the paper is a record of a collection, which no library describes.
    pub is_record: bool,
    /// The record's own id, when another paper has it.
    pub id: Option<String>,
    /// What the document says about itself, and prints.
    pub document: Biblio,
}

impl StoredPaper {
    /// Returns the title, or what stands for one.
    pub fn title(&self) -> &str {
        self.biblio.title.as_deref().unwrap_or(&self.id)
    }
}

/// A page as a result tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    pub physical: u32,
    pub printed: Option<String>,
}

impl From<&Page> for PageRef {
    fn from(page: &Page) -> Self {
        PageRef { physical: page.physical, printed: page.printed.clone() }
    }
}

/// Bytes of the file a passage came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    /// Counted from 1.
    pub line: usize,
}

/// A passage as an index keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredPassage {
    /// Paper, page and a hash of the text: it survives a rebuild.
    pub id: String,
    /// Titles that lead to its section, outermost first.
    pub section: Vec<String>,
    pub kind: Kind,
    pub page: Option<PageRef>,
    /// The page it ends on, when that is another one.
    pub page_to: Option<PageRef>,
    /// Where in its text that page begins.
    pub turn: Option<u32>,
    pub text: String,
    /// `None` where bytes of the file mean nothing to a person.
    pub place: Option<Place>,
}

impl StoredPassage {
    /// Returns a passage of a paper as it is stored; `line_of` tells the line of a byte of the file.
    pub fn new(
        id: String,
        paper: &Paper,
        outline: &Outline,
        passage: &Passage,
        line_of: impl Fn(usize) -> usize,
    ) -> Self {
        let place = paper.source_map.as_ref().map(|map| {
            let source = map.source_of(passage.span);
            Place { start: source.start, end: source.end, line: line_of(source.start) }
        });
        let page = paper.page_at(passage.span.start);
        let last = paper.page_at(passage.span.end.saturating_sub(1));
        let page_to = last.filter(|&last| page.is_some_and(|page| page != last));
        StoredPassage {
            id,
            section: outline.path(passage.section).into_iter().map(str::to_owned).collect(),
            kind: passage.kind,
            page: page.map(PageRef::from),
            page_to: page_to.map(PageRef::from),
            turn: page_to.and_then(|last| u32::try_from(last.start - passage.span.start).ok()),
            text: passage.span.of(&paper.text).to_owned(),
            place,
        }
    }

    /// Returns the page that a byte of the text stands on. Of three pages or more only the first and
    /// the last are known apart.
    pub fn page_at(&self, at: usize) -> Option<&PageRef> {
        let turned = self.turn.is_some_and(|turn| at >= turn as usize);
        if turned { self.page_to.as_ref() } else { self.page.as_ref() }
    }
}
