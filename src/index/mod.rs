//! The index: built, written as one file, opened in place. The only room that names tantivy.
//!
//! Passages are found under their words as written; inflections are brought together when a query
//! asks ([`Index::class`]), so that each word stands once in the index, and exact search costs
//! nothing extra. Where words stand in a body is told by passage, not by word (the forward index): a
//! search looks closely at few passages, and at all their words.

mod acronyms;
mod blocks;
mod bodies;
mod build;
mod codes;
mod collocations;
mod columns;
mod container;
mod dictionary;
mod diff;
mod engine;
mod error;
mod find;
mod findings;
mod forms;
mod forward;
mod headings;
mod interned;
mod interpolative;
mod inverted;
mod lexicon;
mod lock;
mod manifest;
mod names;
mod open;
mod pack;
mod packed;
mod passages;
mod postings;
mod sieve;
mod sorted;
mod surfaces;
mod symbols;
mod table;
mod terms;
mod texts;
mod unions;
mod varint;
mod vocabulary;
mod walk;
mod words;
mod written;

pub use bodies::{Bodies, Body, Classes};
pub use build::{Builder, Source};
pub use columns::{Kinds, Lengths, PaperNumbers};
pub use container::FORMAT_VERSION;
pub use diff::{Change, Difference, PaperName, Setting};
pub use error::Error;
pub use find::{EXTENSION, find_near};
pub use lexicon::WordClass;
pub use lock::Lock;
pub use manifest::{Failure, Manifest};
pub use open::Index;
pub use pack::Texts;
pub use postings::{Blocks, END, Peak, Places};
pub use sieve::Sieve;
