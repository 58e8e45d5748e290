//! What can be wrong with a topics file or a thesaurus.

use thiserror::Error;

/// Why topics could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TopicsError {
    /// The file is no TOML, or holds other keys than topics do.
    #[error("{file}:{line}: {}{message}", in_topic(.topic))]
    Syntax { file: String, line: usize, topic: Option<String>, message: String },
    /// A key that can't be typed after `@`.
    #[error("{file}:{line}: topic `{key}`: a key has letters, digits, `-` and `_` only")]
    Key { file: String, line: usize, key: String },
    /// A name without a letter or digit.
    #[error("{file}:{line}: topic `{topic}`: name `{name}` holds no word")]
    EmptyName { file: String, line: usize, topic: String, name: String },
    /// A name that two topics claim: a query for it could mean either.
    #[error("{file}:{line}: topic `{topic}`: name `{name}` belongs to topic `{other}`")]
    SharedName { file: String, line: usize, topic: String, name: String, other: String },
    /// The compact form is cut short or of another format version.
    #[error("topics are damaged or of another format version")]
    Damaged,
    /// The thesaurus is no Turtle or RDF/XML.
    #[error("{file}:{}{message}", .line.map_or(" ".to_owned(), |line| format!("{line}: ")))]
    Thesaurus { file: String, line: Option<u64>, message: String },
    /// The thesaurus holds no concept with a label in the language asked for.
    #[error("{file}: no concept has a label in language `{language}`")]
    NoConcept { file: String, language: String },
}

fn in_topic(topic: &Option<String>) -> String {
    topic.as_ref().map_or(String::new(), |topic| format!("topic `{topic}`: "))
}
