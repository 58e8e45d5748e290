//! A full-text *passage* search engine for corpora of policy papers.
//!
//! Rooms, lowest first; a room uses only rooms below it (kept by `tests/tidy.rs`):
//!
//! | room | what it is for |
//! |---|---|
//! | [`paper`] | what a paper is: text, pages, sections, passages, byte spans, the way back to the source |
//! | [`query`] | what the user asked: parse, topics, expansion; knows no index |
//! | [`eval`] | queries, judgements, runs, measures: arithmetic over ids, spans and scores |

pub mod eval;
pub mod paper;
pub mod query;
