//! What can go wrong with a corpus as a whole.

use std::path::PathBuf;

use thiserror::Error;

/// A corpus that can't be read at all; a single bad paper is no such error.
#[derive(Debug, Error)]
pub enum Error {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: no papers here", path.display())]
    Empty { path: PathBuf },
}
