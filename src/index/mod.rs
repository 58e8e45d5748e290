//! The index: built, written as one file, opened in place. The only room that names tantivy.
//!
//! Passages are found under their words as written; inflections are brought together when a query
//! asks ([`Index::class`]), so that each word stands once in the index, and exact search costs
//! nothing extra.

mod build;
mod container;
mod engine;
mod error;
mod lexicon;
mod manifest;
mod open;
mod postings;
mod strings;
mod table;
mod texts;
mod words;

pub use build::Builder;
pub use container::FORMAT_VERSION;
pub use error::Error;
pub use lexicon::WordClass;
pub use manifest::{Failure, Manifest};
pub use open::{EXTENSION, Index, Lengths, PaperNumbers, find_near};
pub use postings::{Blocks, END, Places};
pub use words::MinedAcronyms;
