//! What a search returns.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Highlight, Part};
use crate::paper::{StoredPaper, StoredPassage};

/// How much of the query a passage holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    All,
    Some,
}

/// A passage that answers.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Counted from 1.
    pub rank: usize,
    pub score: f32,
    pub matched: Match,
    /// Parts of the query that the passage lacks, as typed.
    pub missing: Vec<String>,
    pub highlights: Vec<Highlight>,
    /// The passage's number in its index.
    pub number: u32,
    pub passage: StoredPassage,
    pub paper: Arc<StoredPaper>,
    /// Ids of passages that repeat this one, best first.
    pub folded: Vec<String>,
    /// How the score came about, where that was asked for.
    pub explanation: Option<Part>,
}

/// How many passages answer a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_matches: u64,
    /// Of these, passages with everything asked for.
    pub n_all: u64,
}

/// The answer to a query.
#[derive(Clone, Debug, Default)]
pub struct Results {
    pub hits: Vec<Hit>,
    /// All that answer, shown or not; `None` where [`Options::count`](super::Options::count) is not set.
    pub counts: Option<Counts>,
    /// Hits folded into others that they repeat.
    pub n_folded: usize,
    /// Better passages that are not shown, so that other papers are.
    pub n_held_back: usize,
    /// Words of a very long query that were not looked up.
    pub left_out: usize,
}
