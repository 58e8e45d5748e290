//! What can go wrong with a search.

use thiserror::Error;

use crate::index;

/// A search that could not be done.
#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error("the query is empty")]
    EmptyQuery,
    /// The texts were left out when it was packed.
    #[error("the index holds no texts")]
    NoTexts,
    #[error("no passage `{id}`")]
    NoPassage { id: String },
}

pub(super) type Result<T> = std::result::Result<T, Error>;
