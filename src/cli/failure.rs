//! Failures as a user meets them: what is wrong, a hint, an exit code.

use std::io;
use std::process::ExitCode;

use polisearch::query::TopicsError;
use polisearch::{corpus, eval, index, search};

use super::args::When;
use super::terminal;

/// How the program ends when nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Found = 0,
    NothingFound = 1,
    /// Some rows of a batch failed, and that was not to be passed over.
    SomeFailed = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not be done.
#[derive(Debug)]
pub enum Failure {
    Usage {
        message: String,
        hint: Option<String>,
    },
    Index(index::Error),
    Search(search::Error),
    Corpus(corpus::Error),
    Topics(TopicsError),
    Eval(eval::Error),
    Output(io::Error),
    /// A fault of this program.
    Panicked(String),
}

impl Failure {
    /// Returns the failure of a command that was asked for in a wrong way.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), hint: None }
    }

    /// Adds the way out.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Failure::Usage { message, .. } => Failure::Usage { message, hint: Some(hint.into()) },
            other => other,
        }
    }

    /// Tells the user and returns the exit code.
    pub fn report(self, color: When) -> ExitCode {
        if let Failure::Output(error) = &self
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            return ExitCode::SUCCESS;
        }
        let (message, hint) = self.message();
        terminal::complain(color, &message, hint.as_deref());
        ExitCode::from(if self.is_about_the_index() { 3 } else { 2 })
    }

    fn index_error(&self) -> Option<&index::Error> {
        match self {
            Failure::Index(error) | Failure::Search(search::Error::Index(error)) => Some(error),
            _ => None,
        }
    }

    fn is_about_the_index(&self) -> bool {
        self.index_error().is_some_and(|error| error.is_about_the_file() || is_missing(error))
    }

    fn message(&self) -> (String, Option<String>) {
        match self {
            Failure::Index(error) => (error.to_string(), index_hint(error)),
            Failure::Usage { message, hint } => (message.clone(), hint.clone()),
            Failure::Search(error) => {
                let hint = match error {
                    search::Error::EmptyQuery => Some("say what to search for: polisearch search \"Durand Line\""),
                    search::Error::NoTexts => Some("use the index that it was packed from"),
                    search::Error::NoPassage { .. } => Some("ids are told by search --json and export"),
                    search::Error::Index(error) => return (error.to_string(), index_hint(error)),
                };
                (error.to_string(), hint.map(str::to_owned))
            }
            Failure::Corpus(error) => (error.to_string(), Some("give folders or files that hold papers".to_owned())),
            Failure::Topics(error) => (error.to_string(), None),
            Failure::Eval(error) => (error.to_string(), None),
            Failure::Output(error) => (format!("can't write: {error}"), None),
            Failure::Panicked(message) => {
                (format!("a fault of this program: {message}"), Some("please report it with the command".to_owned()))
            }
        }
    }
}

fn is_missing(error: &index::Error) -> bool {
    matches!(error, index::Error::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

fn index_hint(error: &index::Error) -> Option<String> {
    Some(match error {
        index::Error::NotAnIndex { .. } => "build one: polisearch index PAPERS".to_owned(),
        index::Error::Version { found, wanted, .. } if found > wanted => "a newer polisearch reads it".to_owned(),
        index::Error::Version { .. } => "build it again: polisearch index PAPERS".to_owned(),
        index::Error::Damaged { .. } => "copy it again, or build it again: polisearch index PAPERS".to_owned(),
        index::Error::Ambiguous { .. } => "name one: --index FILE".to_owned(),
        index::Error::Locked { .. } => "wait until it is done".to_owned(),
        index::Error::NoPapers => "the notes above tell why; the old index, if any, is as it was".to_owned(),
        error if is_missing(error) => "build one: polisearch index PAPERS".to_owned(),
        _ => return None,
    })
}

impl From<index::Error> for Failure {
    fn from(error: index::Error) -> Self {
        Failure::Index(error)
    }
}

impl From<search::Error> for Failure {
    fn from(error: search::Error) -> Self {
        Failure::Search(error)
    }
}

impl From<corpus::Error> for Failure {
    fn from(error: corpus::Error) -> Self {
        Failure::Corpus(error)
    }
}

impl From<TopicsError> for Failure {
    fn from(error: TopicsError) -> Self {
        Failure::Topics(error)
    }
}

impl From<eval::Error> for Failure {
    fn from(error: eval::Error) -> Self {
        Failure::Eval(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}
