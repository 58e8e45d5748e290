//! What a paper is: identity, bibliographic data, text, pages, sections, passages, byte spans.
//!
//! A type carries each stage of reading, `RawPaper` → `Paper` → `Outline`, and a position is always
//! a byte [`Span`] into one text that never changes again. This room knows no other room.

mod biblio;
mod cover;
mod outline;
mod raw;
mod reference;
mod repaired;
mod source;
mod span;
mod stored;

pub use biblio::{Biblio, Person};
pub(crate) use cover::{is_date, is_role};
pub use outline::{Kind, Outline, Passage, Section};
pub use raw::{Feature, Flow, Mark, RawPage, RawPaper};
pub use reference::references;
pub use repaired::{Block, BlockKind, Page, Paper, Removed, RemovedKind};
pub use source::{SourceMap, SourceRun};
pub use span::Span;
pub use stored::{Origin, PageRef, Place, StoredPaper, StoredPassage};
