//! Where the comparison keeps its files.

use std::path::{Path, PathBuf};

use crate::corpus::Base;

/// The folder of the comparison.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

/// Files of one size.
pub struct Sized {
    /// Whole documents, JSON Lines.
    pub documents: PathBuf,
    /// The passages of these documents, JSON Lines, alone in a folder.
    pub passages: PathBuf,
    /// How many there are.
    pub facts: PathBuf,
    /// What polisearch makes of a document: passages, or one.
    pub unit: &'static str,
}

impl Folder {
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn base(&self) -> Base {
        Base {
            documents: self.file("documents.jsonl"),
            index: self.file("documents.polisearch"),
            passages: self.file("passages.jsonl"),
        }
    }

    pub fn size(&self, size: usize) -> Sized {
        Sized {
            documents: self.file(&format!("documents-{size}.jsonl")),
            passages: self.file(&format!("passages-{size}")).join("passages.jsonl"),
            facts: self.file(&format!("facts-{size}.json")),
            unit: "passage",
        }
    }

    /// Queries by class.
    pub fn queries(&self) -> PathBuf {
        self.file("queries.tsv")
    }

    /// Queries of a batch.
    pub fn batch(&self) -> PathBuf {
        self.file("batch.tsv")
    }

    /// Figures of earlier runs.
    pub fn figures(&self) -> PathBuf {
        self.file("figures.jsonl")
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}
