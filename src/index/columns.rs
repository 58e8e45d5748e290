//! What is known of passages by their numbers, as a search reads it.

use std::cell::Cell;
use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;

use super::container::Part;
use super::open::Index;

/// The number of the paper that holds each passage.
pub struct PaperNumbers<'i> {
    index: &'i Index,
    /// The paper asked for last, and its passages: the next is mostly the same one.
    last: Cell<(u32, u32, u32)>,
}

impl<'i> PaperNumbers<'i> {
    pub(super) fn of(index: &'i Index) -> Self {
        PaperNumbers { index, last: Cell::default() }
    }

    /// Returns the number of the paper that holds a passage; 0 when that can't be read, which
    /// [`Index::sound`] tells.
    pub fn get(&self, passage: u32) -> u32 {
        let (paper, start, end) = self.last.get();
        if (start..end).contains(&passage) {
            return paper;
        }
        let Ok(paper) = self.index.paper_of(passage) else { return 0 };
        if let Ok(passages) = self.index.passages_of(paper) {
            self.last.set((paper, passages.start, passages.end));
        }
        paper
    }
}

/// The kinds of all passages, each as the number of a [`Kind`](crate::paper::Kind).
pub struct Kinds<'i>(Bytes<'i>);

impl<'i> Kinds<'i> {
    pub(super) fn of(part: &'i Part) -> Self {
        Kinds(Bytes(part))
    }

    /// Returns the kind of a passage; 0 when it can't be read, which [`Index::sound`] tells.
    pub fn get(&self, passage: u32) -> u8 {
        self.0.0.byte_or_broken(passage as usize)
    }

    /// Returns the kinds of passages side by side; none when they can't be read.
    pub fn range(&self, passages: Range<u32>) -> &[u8] {
        self.0.range(passages)
    }
}

/// A byte for each passage.
struct Bytes<'i>(&'i Part);

impl<'i> Bytes<'i> {
    fn range(&self, passages: Range<u32>) -> &'i [u8] {
        self.0.slice(passages.start as usize..passages.end as usize).unwrap_or_default()
    }
}

/// The lengths of a field, coarsely told: exact up to 40 words, then in growing steps.
pub struct Lengths<'i>(Bytes<'i>);

impl<'i> Lengths<'i> {
    pub(super) fn of(part: &'i Part) -> Self {
        Lengths(Bytes(part))
    }

    /// Returns the code of a passage's length; 0 when it can't be read, which [`Index::sound`] tells.
    #[inline]
    pub fn code(&self, passage: u32) -> u8 {
        self.0.0.byte_or_broken(passage as usize)
    }

    /// Returns the codes of passages side by side; none when they can't be read.
    pub fn range(&self, passages: Range<u32>) -> &'i [u8] {
        self.0.range(passages)
    }

    /// Returns the length in words that a code stands for.
    pub fn words(code: u8) -> u32 {
        FieldNormReader::id_to_fieldnorm(code)
    }
}
