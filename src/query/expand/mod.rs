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
mod known;
mod named;
mod numbers;
mod source;
mod synonyms;
mod transliteration;
mod typos;
mod variants;

pub use source::{AcronymSource, Vocabulary};

use std::sync::{Arc, OnceLock};

use known::{Known, KnownWord};

use super::topics::Names;
use super::{Atom, Expansion, Form, Node, Note, Query, Topics, Why};
use crate::analysis::fold;
use crate::paper::Span;

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

/// What stands for what in a corpus: topics, acronyms, and the words of its vocabulary.
///
/// Adds to the atoms of queries what stands for them; what it finds out about a word it remembers.
pub struct Thesaurus<'a> {
    topics: Topics<'a>,
    acronyms: &'a (dyn AcronymSource + Sync),
    vocabulary: &'a (dyn Vocabulary + Sync),
    options: ExpandOptions,
    names: Names,
    known: Known,
}

impl<'a> Thesaurus<'a> {
    /// Returns a thesaurus that adds what the options want.
    pub fn new(
        topics: Topics<'a>,
        acronyms: &'a (dyn AcronymSource + Sync),
        vocabulary: &'a (dyn Vocabulary + Sync),
        options: ExpandOptions,
    ) -> Self {
        Thesaurus { topics, acronyms, vocabulary, options, names: Names::new(), known: Known::default() }
    }

    /// Adds to a query's atoms what stands for them.
    pub fn expand(&self, mut query: Query) -> Query {
        let mut expander = Expander {
            topics: &self.topics,
            acronyms: self.acronyms,
            vocabulary: self.vocabulary,
            options: self.options,
            names: &self.names,
            known: &self.known,
            remembers: true,
            notes: Vec::new(),
        };
        let root = std::mem::replace(&mut query.root, Node::Some(Vec::new()));
        query.root = expander.node(root, Extent::Whole);
        query.notes.append(&mut expander.notes);
        query
    }
}

/// How much of the query a row of nodes is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
}

/// Expands one query.
struct Expander<'t> {
    topics: &'t Topics<'t>,
    acronyms: &'t dyn AcronymSource,
    vocabulary: &'t dyn Vocabulary,
    options: ExpandOptions,
    names: &'t Names,
    known: &'t Known,
    /// Whether the options are those of what is known to be added.
    remembers: bool,
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
        let (options, remembers) = (self.options, self.remembers);
        self.options =
            ExpandOptions { related: false, kin: false, demonyms: false, synonyms: false, typos: false, ..options };
        self.remembers = false;
        let node = self.node(node, Extent::Part);
        (self.options, self.remembers) = (options, remembers);
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
        let (mut nodes, mut words) = self.named(nodes, extent);
        if self.options.acronyms {
            (nodes, words) = self.with_short_forms(nodes, words, extent);
        }
        if self.options.variants {
            self.add_joined_neighbors(&mut nodes);
        }
        let mut nodes: Vec<Node> = nodes
            .into_iter()
            .enumerate()
            .map(|(at, node)| match node {
                Node::Atom(mut atom) => {
                    self.atom(&mut atom, words.as_ref().and_then(|words| words.word(at)));
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

    /// Adds to an atom what is not a topic's name; if it is a word, that may be known already.
    fn atom(&self, atom: &mut Atom, known: Option<&KnownWord>) {
        if atom.as_written || atom.weight == 0.0 {
            return;
        }
        let bare = atom.expansions.is_empty() && atom.not.is_empty() && self.remembers;
        match &atom.form {
            Form::Word(word) if bare => {
                let added = |known: &KnownWord| known.added.get_or_init(|| self.added_to(&atom.form)).clone();
                atom.expansions = known.map_or_else(|| added(&self.word(word, false)), added);
            }
            Form::Exact(_) | Form::Phrase { .. } if bare => {
                let added = self.known.added.get(atom.form.clone(), |form| Arc::new(self.added_to(form)));
                atom.expansions.clone_from(&added);
            }
            _ => self.add_all(atom),
        }
    }

    fn added_to(&self, form: &Form) -> Vec<Expansion> {
        let mut alone = Atom::new(form.clone(), Span::default());
        self.add_all(&mut alone);
        alone.expansions
    }

    /// Returns what is known of a word as it was typed.
    fn word(&self, text: &str, capitals: bool) -> Arc<KnownWord> {
        let words = &self.known.words[usize::from(capitals)];
        words.recall(text).unwrap_or_else(|| {
            let name = self.names.word(text, capitals);
            let word = Arc::new(KnownWord {
                begins_topic: self.topics.may_begin_with(&[&name]),
                joins: self.topics.may_join(&name),
                begins_long_form: self.acronyms.may_begin_with(&name.folded),
                case: OnceLock::new(),
                topics: Default::default(),
                added: OnceLock::new(),
                name,
            });
            words.keep(text.to_owned(), &word, 1);
            word
        })
    }

    fn add_all(&self, atom: &mut Atom) {
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
