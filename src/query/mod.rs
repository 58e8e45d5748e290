//! What the user asked: parsed, its topics and variants named, without knowing any index.

mod ast;
mod describe;
mod display;
mod error;
mod expand;
mod lex;
mod parse;
mod question;
mod topics;
mod words;

pub use ast::{Atom, Expansion, Field, Filter, Form, Node, Note, Query, Why};
pub use describe::{Expanded, describe};
pub use error::TopicsError;
pub use expand::{AcronymSource, ExpandOptions, Thesaurus, Vocabulary};
pub use parse::parse;
pub use topics::{Topic, Topics};
