//! What the user asked: parsed, its topics and variants named, without knowing any index.

mod ast;

pub use ast::{Atom, Expansion, Field, Filter, Form, Node, Note, Query, Why};
