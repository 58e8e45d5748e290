//! A full-text *passage* search engine for corpora of policy papers.
//!
//! Rooms, lowest first; a room uses only rooms below it (kept by `tests/tidy.rs`):
//!
//! | room | what it is for |
//! |---|---|
//! | `bytes` | many bytes looked at together |
//! | [`paper`] | what a paper is: text, pages, sections, passages, byte spans, the way back to the source |
//! | [`extract`] | bytes to [`paper::RawPaper`], a reader per format, each with a version of its own |
//! | [`repair`] | the text a person would read, with a map from every byte of it back to the source |
//! | [`segment`] | a paper cut for search: section tree, sentences, passages |
//! | [`corpus`] | a folder of papers: discovery, bibliographic data; drives extract, repair, segment |
//! | [`analysis`] | text to terms: tokenise, fold, stem |
//! | `memory` | what was looked up once, for the next query that asks for it |
//! | [`query`] | what the user asked: parse, topics, expansion; knows no index |
//! | [`index`] | the index: build, artifact, open; the only room that names tantivy |
//! | [`search`] | ask, rank, collapse, highlight |
//! | [`eval`] | queries, judgements, runs, measures: arithmetic over ids, spans and scores |
//! | [`output`] | results to an `io::Write`: for people, JSON Lines, CSV, TREC, Markdown |

pub mod analysis;
mod bytes;
pub mod corpus;
pub mod eval;
pub mod extract;
pub mod index;
mod memory;
pub mod output;
pub mod paper;
pub mod query;
pub mod repair;
pub mod search;
pub mod segment;
