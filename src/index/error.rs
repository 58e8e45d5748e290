//! What can go wrong with an index.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// An index that can't be built, written, opened or read.
#[derive(Debug, Error)]
pub enum Error {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: no polisearch index", path.display())]
    NotAnIndex { path: PathBuf },
    #[error("{}: index format {found}, this program reads {wanted}", path.display())]
    Version { path: PathBuf, found: u32, wanted: u32 },
    #[error("{}: damaged: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{}: several indexes here: {}", path.display(), names.join(", "))]
    Ambiguous { path: PathBuf, names: Vec<String> },
    #[error("{}: process {holder} is building here", path.display())]
    Locked { path: PathBuf, holder: String },
    #[error("two papers have the id `{id}`: {} and {}", first.display(), second.display())]
    SameId { id: String, first: PathBuf, second: PathBuf },
    #[error("no papers could be read")]
    NoPapers,
    #[error("the search engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
}

/// An error of reading through the engine, which hides the container's own.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Engine(error.into())
    }
}

impl Error {
    /// Tells whether an index is missing, damaged or of another format, so that building it anew helps.
    pub fn is_about_the_file(&self) -> bool {
        matches!(self, Error::NotAnIndex { .. } | Error::Version { .. } | Error::Damaged { .. } | Error::Engine(_))
    }
}

pub(super) type Result<T> = std::result::Result<T, Error>;
