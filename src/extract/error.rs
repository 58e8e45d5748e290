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

impl Error {
    /// Returns what its owner can do so that the paper is read the next time.
    pub fn way_out(&self) -> Option<&'static str> {
        Some(match self {
            Error::Encrypted => "save a copy without a password",
            Error::NeedsOcr { .. } => "run ocrmypdf or the like over it",
            Error::Unsupported { what } if what.starts_with("an old Word") => "save it as .docx or PDF",
            Error::Unsupported { what } if what.starts_with("a picture") => "recognise its text, save that as PDF",
            Error::Unsupported { what }
                if what.ends_with("archive") || what.ends_with("xz file") || what.ends_with("bzip2 file") =>
            {
                "unpack it"
            }
            Error::Unsupported { .. } => "save it as PDF, .docx, HTML or text",
            Error::Damaged { .. } => "fetch it again, or open it and save it anew",
            Error::TooDeep { .. } | Error::Escapes | Error::Bomb { .. } => "unpack it, if it can be trusted",
            Error::TooLarge { .. } => "split it",
            Error::TimedOut { .. } | Error::Panicked { .. } => "save it anew, or as text",
            _ => return None,
        })
    }
}
