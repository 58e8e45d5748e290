//! Text to terms: tokenise, fold, stem; the same code for papers and for queries.
//!
//! Terms are kept *as written* (folded: case, accents, ligatures, quotes and possessives aside).
//! Inflections are brought together by [`Stemmer::class`]: words of one class are one term when a
//! query asks for any of them. A word in capitals is kept in capitals as well, so that `IT` need
//! not be `it`.

pub mod acronyms;
mod fold;
mod language;
pub mod similar;
mod spelling;
mod stem;
mod stop_words;
mod terms;
mod tokenize;

pub use fold::fold;
pub use language::Language;
pub use spelling::american;
pub use stem::Stemmer;
pub use stop_words::is_stop_word;
pub use terms::Terms;
pub use tokenize::{Case, Term, TermKind, terms};

/// Raised when the same text gives other terms: words of an older index would be looked up in vain.
pub const VERSION: u32 = 1;
