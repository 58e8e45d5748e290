//! The types of a query, from what was typed to what is looked for.

use serde::{Deserialize, Serialize};

use crate::paper::Span;

/// One way to say something, as words a passage may hold. Words are as written; analysis comes later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// A word, matched in all its inflections.
    Word(String),
    /// Words in a row with at most `slop` others between them. `exact` keeps them as written
    /// (case and accents aside); otherwise each is matched in all its inflections.
    Phrase { words: Vec<String>, slop: u32, exact: bool },
    /// A word as written, case and accents aside ("=it"); an acronym in capitals with its case.
    Exact(String),
    /// All words that begin so.
    Prefix(String),
    /// All words within so many edits.
    Fuzzy { word: String, edits: u8 },
    /// A key of the topics file ("@ttp"), until a [thesaurus](super::Thesaurus) puts the topic's names in
    /// its place; by itself it matches nothing.
    Topic(String),
}

/// Why a form that nobody typed is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// An alias in the topics file.
    Topic,
    /// A related name in the topics file: weaker evidence.
    Related,
    /// Long form or acronym, mined from the corpus.
    Acronym,
    /// Spelling, transliteration, hyphen or joined.
    Variant,
    /// The corpus does not know the word, but one like it.
    Typo,
    /// Inflection or derivation beyond what stemming brings together.
    Stem,
    /// A word of like meaning: weaker evidence.
    Synonym,
}

/// A further form for an atom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expansion {
    pub form: Form,
    /// As people write it: hyphens and all.
    pub text: String,
    pub why: Why,
    /// 1 for a true equivalent, less for weaker evidence.
    pub weight: f32,
}

impl Expansion {
    /// Returns a further form that is written as it is.
    pub fn new(form: Form, why: Why, weight: f32) -> Self {
        let text = match &form {
            Form::Word(word) | Form::Exact(word) => word.clone(),
            Form::Phrase { words, .. } => words.join(" "),
            Form::Prefix(_) | Form::Fuzzy { .. } | Form::Topic(_) => form.to_string(),
        };
        Expansion { form, text, why, weight }
    }
}

/// One thing asked for: what was typed and all that stands for it, scored as one term.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    pub form: Form,
    /// Where it stands in the query as typed.
    pub span: Span,
    /// Asked for as it is written (`=word`, `"a b"`): nothing is added to it.
    pub as_written: bool,
    pub expansions: Vec<Expansion>,
    /// Look-alikes: a passage where only these match does not count.
    pub not: Vec<Form>,
    /// The field asked for (`title:`, `section:`), or everywhere.
    pub field: Option<Field>,
    /// Its part in the score: 1, less for words that carry little ("live", "happen" in a
    /// question), 0 for those that carry nothing ("the"): these neither score nor are missed.
    pub weight: f32,
}

impl Atom {
    /// Returns an atom with nothing but its form and its place.
    pub fn new(form: Form, span: Span) -> Self {
        Atom { form, span, as_written: false, expansions: Vec::new(), not: Vec::new(), field: None, weight: 1.0 }
    }

    /// Returns all forms that stand for the atom: its own, then its expansions.
    pub fn forms(&self) -> impl Iterator<Item = &Form> {
        std::iter::once(&self.form).chain(self.expansions.iter().map(|expansion| &expansion.form))
    }
}

/// A field of a passage that words can be asked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    Body,
    Section,
    Title,
}

/// A condition on the paper of a passage; it does not score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `paper:` an identifier, its beginning, or a word of it.
    Paper(String),
    /// `author:` a name or part of one, folded.
    Author(String),
    /// `year:2015..2021`, either end open.
    Year { from: Option<i32>, to: Option<i32> },
}

/// The query's structure.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Atom(Atom),
    Filter(Filter),
    /// Words side by side: any may match, more is better.
    Some(Vec<Node>),
    /// `AND`: all must match.
    All(Vec<Node>),
    /// `OR`: one must match; they count as one thing.
    Any(Vec<Node>),
    /// `+word`.
    Must(Box<Node>),
    /// `-word`, `NOT word`.
    Not(Box<Node>),
}

/// Something the user should know about how the query was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Where in the query as typed.
    pub span: Span,
    pub message: String,
}

/// A query, parsed and expanded.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// As typed.
    pub text: String,
    /// A number is asked for ("how many").
    pub wants_number: bool,
    pub root: Node,
    /// What was not understood and is searched literally; `--strict` makes them errors.
    pub notes: Vec<Note>,
}

impl Query {
    /// Calls `visit` with every atom that is not under a `Not`, in the order typed.
    pub fn for_each_atom<'q>(&'q self, visit: &mut dyn FnMut(&'q Atom)) {
        fn walk<'q>(node: &'q Node, visit: &mut dyn FnMut(&'q Atom)) {
            match node {
                Node::Atom(atom) => visit(atom),
                Node::Some(nodes) | Node::All(nodes) | Node::Any(nodes) => {
                    nodes.iter().for_each(|node| walk(node, visit));
                }
                Node::Must(node) => walk(node, visit),
                Node::Filter(_) | Node::Not(_) => {}
            }
        }
        walk(&self.root, visit);
    }
}

/// Nodes are put together here and nowhere else, so that one meaning has one tree: no group of one,
/// no group in a group of its kind, no double negation.
impl Node {
    /// Puts nodes side by side.
    pub(super) fn some(nodes: Vec<Node>) -> Node {
        Self::group(nodes, Node::Some, |node| match node {
            Node::Some(nodes) => Ok(nodes),
            other => Err(other),
        })
    }

    /// Joins nodes with `AND`.
    pub(super) fn all(nodes: Vec<Node>) -> Node {
        Self::group(nodes, Node::All, |node| match node {
            Node::All(nodes) => Ok(nodes),
            other => Err(other),
        })
    }

    /// Joins nodes with `OR`.
    pub(super) fn any(nodes: Vec<Node>) -> Node {
        Self::group(nodes, Node::Any, |node| match node {
            Node::Any(nodes) => Ok(nodes),
            other => Err(other),
        })
    }

    fn group(nodes: Vec<Node>, join: fn(Vec<Node>) -> Node, open: fn(Node) -> Result<Vec<Node>, Node>) -> Node {
        let n_nodes = nodes.len();
        let mut flat = Vec::with_capacity(if n_nodes == 1 { 0 } else { n_nodes });
        for node in nodes {
            match open(node) {
                Ok(inner) => flat.extend(inner),
                Err(node) if n_nodes == 1 => return node,
                Err(node) => flat.push(node),
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => join(flat),
        }
    }

    /// Demands a node; what is demanded or denied already, and a filter, stays as it is.
    pub(super) fn must(node: Node) -> Node {
        match node {
            Node::Must(_) | Node::Not(_) | Node::Filter(_) => node,
            node => Node::Must(Box::new(node)),
        }
    }

    /// Denies a node; denied twice, it is asked for.
    pub(super) fn not(node: Node) -> Node {
        match node {
            Node::Not(node) => *node,
            Node::Must(node) => Node::Not(node),
            node => Node::Not(Box::new(node)),
        }
    }

    /// Calls `visit` with every atom, in the order typed.
    pub(super) fn for_each_atom_mut(&mut self, visit: &mut dyn FnMut(&mut Atom)) {
        match self {
            Node::Atom(atom) => visit(atom),
            Node::Some(nodes) | Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter_mut().for_each(|node| node.for_each_atom_mut(visit));
            }
            Node::Must(node) | Node::Not(node) => node.for_each_atom_mut(visit),
            Node::Filter(_) => {}
        }
    }
}
