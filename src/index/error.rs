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
    #[error("{}: {} is building here{}", path.display(), who(*holder), how_long(*seconds))]
    Locked { path: PathBuf, holder: Option<u32>, seconds: Option<u64> },
    #[error("two papers have the id `{id}`: {} and {}", first.display(), second.display())]
    SameId { id: String, first: PathBuf, second: PathBuf },
    #[error("the papers' words fill more than 4 GiB, more than one index holds")]
    TooLarge,
    #[error("no papers could be read")]
    NoPapers,
    #[error("the search engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
}

fn who(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another process".to_owned(), |holder| format!("process {holder}"))
}

fn how_long(seconds: Option<u64>) -> String {
    match seconds {
        None => String::new(),
        Some(seconds @ ..120) => format!(" since {seconds} s"),
        Some(seconds @ ..7200) => format!(" since {} min", seconds / 60),
        Some(seconds) => format!(" since {} h", seconds / 3600),
    }
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
