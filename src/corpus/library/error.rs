//! Why a list of bibliographic data could not be read.

/// Why a list of bibliographic data could not be read. The caller knows the file and says its name.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("can't be read")]
    Io(#[from] std::io::Error),
    #[error("is no CSL-JSON, BibTeX or RIS")]
    UnknownLibrary,
    #[error("line {line} is no {format}: {reason}")]
    Library { format: &'static str, line: usize, reason: String },
}
