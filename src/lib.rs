//! A full-text *passage* search engine for corpora of policy papers.
//!
//! Rooms, lowest first; a room uses only rooms below it (kept by `tests/tidy.rs`):
//!
//! | room | what it is for |
//! |---|---|
//! | [`paper`] | what a paper is: text, pages, sections, passages, byte spans, the way back to the source |
//! | [`extract`] | bytes to [`paper::RawPaper`], a reader per format, each with a version of its own |
//! | [`corpus`] | a folder or list of papers; what is known of them as publications |
//! | [`query`] | what the user asked: parse, topics, expansion; knows no index |
//! | [`output`] | results for people and programs: citations |

pub mod corpus;
pub mod extract;
pub mod output;
pub mod paper;
pub mod query;
