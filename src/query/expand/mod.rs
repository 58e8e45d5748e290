//! Expansion: what else stands for what was asked.
//!
//! Names come first: a query, or a part of one, that is a name of a topic becomes one atom with all
//! its names. What is left is looked up among the acronyms of the corpus, then varied in spelling.
//! Nothing found by one step is looked up in the next: a wrong equation in one paper stays where it
//! is. What was asked for as written stays as it is.

mod acronyms;
mod capitals;
mod demonyms;
mod kin;
mod named;
mod numbers;
mod source;
mod synonyms;
mod transliteration;
mod typos;
mod variants;

pub use source::{AcronymSource, Vocabulary};

use super::topics::Names;
use super::{Atom, Expansion, Form, Node, Note, Query, Topics, Why};
use crate::analysis::fold;

/// Which kinds of expansion are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpandOptions {
    pub topics: bool,
    pub related: bool,
    pub acronyms: bool,
    pub variants: bool,
    pub kin: bool,
    pub demonyms: bool,
    pub synonyms: bool,
    pub typos: bool,
}

impl Default for ExpandOptions {
    fn default() -> Self {
        ExpandOptions {
            topics: true,
            related: true,
            acronyms: true,
            variants: true,
            kin: true,
            demonyms: true,
            synonyms: true,
            typos: true,
        }
    }
}

impl ExpandOptions {
    /// Returns the options of `--no-expand`: only `@topics` are read, since they were asked for.
    pub fn none() -> Self {
        ExpandOptions {
            topics: false,
            related: false,
            acronyms: false,
            variants: false,
            kin: false,
            demonyms: false,
            synonyms: false,
            typos: false,
        }
    }
}

/// Adds to a query's atoms what stands for them in this corpus.
pub fn expand(
    mut query: Query,
    topics: &Topics<'_>,
    acronyms: &dyn AcronymSource,
    vocabulary: &dyn Vocabulary,
    options: &ExpandOptions,
) -> Query {
    let mut expander =
        Expander { topics, acronyms, vocabulary, options: *options, names: Names::new(), notes: Vec::new() };
    let root = std::mem::replace(&mut query.root, Node::Some(Vec::new()));
    query.root = expander.node(root, Extent::Whole);
    query.notes.append(&mut expander.notes);
    query
}

/// How much of the query a row of nodes is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
}

struct Expander<'a> {
    topics: &'a Topics<'a>,
    acronyms: &'a dyn AcronymSource,
    vocabulary: &'a dyn Vocabulary,
    options: ExpandOptions,
    names: Names,
    notes: Vec<Note>,
}

impl Expander<'_> {
    fn node(&mut self, node: Node, extent: Extent) -> Node {
        match node {
            Node::Atom(_) => Node::some(self.row(vec![node], extent)),
            Node::Some(nodes) => Node::some(self.row(nodes, extent)),
            Node::All(nodes) => Node::all(self.parts(nodes)),
            Node::Any(nodes) => Node::any(self.parts(nodes)),
            Node::Must(node) => Node::must(self.node(*node, extent)),
            Node::Not(node) => Node::not(self.equivalents(*node)),
            Node::Filter(_) => node,
        }
    }

    fn parts(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        nodes.into_iter().map(|node| self.node(node, Extent::Part)).collect()
    }

    /// Expands what is not wanted: only its true equivalents are unwanted too.
    fn equivalents(&mut self, node: Node) -> Node {
        let options = self.options;
        self.options =
            ExpandOptions { related: false, kin: false, demonyms: false, synonyms: false, typos: false, ..options };
        let node = self.node(node, Extent::Part);
        self.options = options;
        node
    }

    /// Expands nodes side by side.
    fn row(&mut self, mut nodes: Vec<Node>, extent: Extent) -> Vec<Node> {
        for node in &mut nodes {
            if let Node::Atom(atom) = node {
                self.read_topic_key(atom);
                self.read_capitals(atom);
            }
        }
        let mut nodes = self.named(nodes, extent);
        if self.options.acronyms {
            nodes = self.with_short_forms(nodes, extent);
        }
        if self.options.variants {
            self.add_joined_neighbors(&mut nodes);
        }
        let mut nodes: Vec<Node> = nodes
            .into_iter()
            .map(|node| match node {
                Node::Atom(mut atom) => {
                    self.atom(&mut atom);
                    Node::Atom(atom)
                }
                node => self.node(node, Extent::Part),
            })
            .collect();
        if self.options.synonyms {
            self.add_synonyms(&mut nodes);
        }
        nodes
    }

    /// Adds a form, unless the atom has it already: an inflection or another case of a form that is
    /// matched in all its inflections is the same.
    fn add(&self, atom: &mut Atom, expansion: Expansion) {
        if atom.forms().all(|form| !self.is_same(form, &expansion.form)) {
            atom.expansions.push(expansion);
        }
    }

    fn is_same(&self, a: &Form, b: &Form) -> bool {
        let class = |word: &String| self.names.word(word, false).class;
        match (a, b) {
            (Form::Word(a), Form::Word(b)) => class(a) == class(b),
            (Form::Phrase { words: a, exact: false, .. }, Form::Phrase { words: b, exact: false, .. }) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| class(a) == class(b))
            }
            (a, b) => a == b,
        }
    }

    fn atom(&self, atom: &mut Atom) {
        if atom.as_written || atom.weight == 0.0 {
            return;
        }
        let named = atom.expansions.iter().any(|expansion| expansion.why == Why::Topic);
        if self.options.acronyms {
            self.add_long_forms(atom);
        }
        if self.options.variants {
            self.add_variants(atom);
        }
        if let Form::Word(word) = &atom.form {
            let word = fold(word);
            if self.options.kin && !named {
                self.add_kin(atom, &word);
            }
            if self.options.demonyms && !named {
                self.add_demonyms(atom, &word);
            }
            if self.options.typos && atom.expansions.is_empty() {
                self.add_corrections(atom, &word);
            }
        }
    }
}

#[cfg(test)]
mod tests;
