//! What an index says about itself.

use serde::{Deserialize, Serialize};

use super::container::FORMAT_VERSION;

/// Facts about an index; none of them varies between two builds from the same papers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program and version that built it.
    pub tool: String,
    /// The engine and version that wrote its postings.
    pub engine: String,
    pub format: u32,
    /// What a record of a collection became: `passage` or `record`.
    pub unit: String,
    /// The version of how papers were read: repaired and cut into passages.
    pub reading: u32,
    /// The version of how words were told from each other.
    pub analysis: u32,
    pub n_papers: u32,
    pub n_passages: u32,
    /// Files that the papers were read from.
    pub n_sources: u32,
    /// Passages that repeat others, or are repeated.
    pub n_copies: u32,
    /// Words of all passages.
    pub n_words: u64,
    /// Words that inflect one word, counted once.
    pub n_word_classes: u32,
    /// Bytes of all passages' text.
    pub n_text_bytes: u64,
    /// Languages of the papers, most frequent first, with the number of papers.
    pub languages: Vec<(String, u32)>,
    /// First and last year of publication known.
    pub years: Option<(i32, i32)>,
    /// Topics with their aliases.
    pub n_topics: u32,
    /// Acronyms found in the papers.
    pub n_acronyms: u32,
    /// Papers that could not be read.
    pub failures: Vec<Failure>,
}

impl Manifest {
    /// Returns what this program writes as `tool`.
    pub fn tool_of_this_program() -> String {
        format!("polisearch {}", env!("CARGO_PKG_VERSION"))
    }

    pub(super) fn new() -> Self {
        Manifest {
            tool: Manifest::tool_of_this_program(),
            engine: tantivy::version_string().split(", store").next().unwrap_or_default().to_owned(),
            format: FORMAT_VERSION,
            analysis: crate::analysis::VERSION,
            ..Manifest::default()
        }
    }
}

/// A paper that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Failure {
    pub path: String,
    pub message: String,
}
