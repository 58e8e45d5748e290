//! A full-text *passage* search engine for corpora of policy papers.
//!
//! Rooms, lowest first; a room uses only rooms below it (kept by `tests/tidy.rs`):
//!
//! | room | what it is for |
//! |---|---|
//! | [`paper`] | what a paper is: text, pages, sections, passages, byte spans, the way back to the source |
//! | [`analysis`] | what a corpus says about its own words: copies, acronyms |
//! | [`segment`] | a paper cut for search: section tree, sentences, passages |
//! | [`query`] | what the user asked: parse, topics, expansion; knows no index |

pub mod analysis;
pub mod paper;
pub mod query;
pub mod segment;
