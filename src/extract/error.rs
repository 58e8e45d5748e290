//! Why a file, or a paper inside one, could not be read.

/// What went wrong. The caller knows the file and says its name; these say the rest.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("can't be read")]
    Io(#[from] std::io::Error),
    #[error("is empty")]
    Empty,
    #[error("is a binary file, not text")]
    Binary,
    /// A format that is known by its looks, and has no reader.
    #[error("is {what}, which has no reader")]
    Unsupported { what: &'static str },
    #[error("is larger than {limit} once unpacked")]
    TooLarge { limit: u64 },
    /// An archive that unpacks to far more than text ever does.
    #[error("unpacks to more than {ratio} times its size")]
    Bomb { ratio: u64 },
    #[error("lies more than {limit} archives deep")]
    TooDeep { limit: usize },
    /// An archive entry whose path leads out of the archive.
    #[error("has a path that leaves its archive")]
    Escapes,
    #[error("is a damaged {format}: {reason}")]
    Damaged { format: super::Format, reason: String },
    #[error("needs a password")]
    Encrypted,
    /// Pictures of pages only.
    #[error("has no text layer on any of its {n_pages} pages, needs OCR")]
    NeedsOcr { n_pages: usize },
    /// A line of a collection that is no record.
    #[error("line {line} is no record: {reason}")]
    Record { line: u64, reason: String },
    #[error("took longer than {seconds} s to read")]
    TimedOut { seconds: u64 },
    #[error("made the {format} reader panic")]
    Panicked { format: super::Format },
    #[error("the program {program} could not be run")]
    Program { program: &'static str, source: std::io::Error },
    #[error("the program {program} failed: {reason}")]
    ProgramFailed { program: &'static str, reason: String },
}
