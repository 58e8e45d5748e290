//! What the user asked: parsed, its topics and variants named, without knowing any index.

mod ast;
mod display;
mod lex;
mod parse;
mod question;
mod words;

pub use ast::{Atom, Expansion, Field, Filter, Form, Node, Note, Query, Why};
pub use parse::parse;
